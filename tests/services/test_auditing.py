"""Findings are kept by fingerprint: found again they are one, dismissed they stay so, gone they are cleared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select, update

from app.domain.money import D
from app.domain.stored import proof_from_text
from app.domain.vocabulary import FindingStatus, InvoiceStatus, RatingOutcome
from app.domain.workflow import IllegalTransition
from app.models.contracts import RateElement
from app.models.findings import Finding
from app.models.inventory import BillingAccount
from app.models.invoices import ChargeRating, Invoice
from app.services.auditing import audit_accounts, audit_invoice
from app.services.findings import FindingNotDismissed, FindingNotOpen, ReasonMissing, dismiss, reopen
from app.services.matching import match_invoice
from app.services.rerating import rate_invoice
from app.services.workspace import Workspace
from tests.services.office import MAY, Office, bill, charge

TODAY = date(2026, 4, 10)


def _overcharged(office: Office) -> tuple[int, int]:
    """A circuit billed at 575.00 with a contract price of 500.00; the bill's and the price's ids."""
    carrier = office.carrier()
    office.service(carrier, circuit="C1", account_id=office.account(carrier))
    price = office.price(office.contract(carrier), "500.00")
    return office.post(bill(charge("575.00", circuit="C1"))), price


def _run(workspace: Workspace, invoice_id: int) -> None:
    match_invoice(workspace, invoice_id, "Dana")
    rate_invoice(workspace, invoice_id)
    audit_invoice(workspace, invoice_id, TODAY)


def _findings(workspace: Workspace) -> list[tuple[str, str, FindingStatus]]:
    with workspace.database.reading() as session:
        rows = session.execute(select(Finding.rule, Finding.claim, Finding.status).order_by(Finding.id))
        return [(row.rule, f"{row.claim:.2f}", row.status) for row in rows]


def _set_price(workspace: Workspace, price_id: int, price: str) -> None:
    with workspace.database.writing() as session:
        session.execute(update(RateElement).where(RateElement.id == price_id).values(price=D(price)))


def _only_id(workspace: Workspace) -> int:
    with workspace.database.reading() as session:
        return session.scalars(select(Finding.id)).one()


def test_a_rate_above_contract_is_found_with_its_proof_and_deadlines(workspace: Workspace) -> None:
    office = Office(workspace)
    invoice_id, _ = _overcharged(office)
    _run(workspace, invoice_id)
    with workspace.database.reading() as session:
        finding = session.scalars(select(Finding)).one()
        rating = session.scalars(select(ChargeRating)).one()
        assert (finding.rule, finding.rule_name, finding.claim) == ("A30", "rate_above_contract", D("75.00"))
        assert (finding.file_by, finding.withhold_by) == (date(2026, 6, 4), date(2026, 5, 5))
        assert finding.status is FindingStatus.OPEN
        assert (rating.outcome, rating.expected, rating.variance) == (RatingOutcome.RATED, D("500.00"), D("75.00"))
        proof = proof_from_text(rating.proof)
        assert proof is not None
        assert proof.holds()
        assert proof.clause == "Schedule A"
        assert session.get_one(Invoice, invoice_id).status is InvoiceStatus.AUDITED


def test_a_second_audit_adds_nothing(workspace: Workspace) -> None:
    invoice_id, _ = _overcharged(Office(workspace))
    _run(workspace, invoice_id)
    _run(workspace, invoice_id)
    assert _findings(workspace) == [("A30", "75.00", FindingStatus.OPEN)]


def test_a_finding_that_is_gone_is_cleared_and_comes_back_with_new_figures(workspace: Workspace) -> None:
    invoice_id, price = _overcharged(Office(workspace))
    _run(workspace, invoice_id)
    _set_price(workspace, price, "575.00")
    _run(workspace, invoice_id)
    assert _findings(workspace) == [("A30", "75.00", FindingStatus.CLEARED)]
    _set_price(workspace, price, "550.00")
    _run(workspace, invoice_id)
    assert _findings(workspace) == [("A30", "25.00", FindingStatus.OPEN)]


def test_a_dismissal_sticks_until_it_is_taken_back(workspace: Workspace) -> None:
    invoice_id, price = _overcharged(Office(workspace))
    _run(workspace, invoice_id)
    finding = _only_id(workspace)
    with pytest.raises(ReasonMissing):
        dismiss(workspace, finding, "Dana", "  ")
    dismiss(workspace, finding, "Dana", "agreed by mail")
    with pytest.raises(FindingNotOpen, match="is dismissed and cannot be dismissed"):
        dismiss(workspace, finding, "Dana", "again")
    _set_price(workspace, price, "400.00")
    _run(workspace, invoice_id)
    assert _findings(workspace) == [("A30", "175.00", FindingStatus.DISMISSED)]
    reopen(workspace, finding, "Dana")
    with pytest.raises(FindingNotDismissed):
        reopen(workspace, finding, "Dana")
    assert _findings(workspace) == [("A30", "175.00", FindingStatus.OPEN)]


@pytest.mark.parametrize("status", [FindingStatus.DISPUTED, FindingStatus.CREDITED])
def test_what_the_carrier_was_told_is_not_rewritten(sqlite_workspace: Workspace, status: FindingStatus) -> None:
    invoice_id, price = _overcharged(Office(sqlite_workspace))
    _run(sqlite_workspace, invoice_id)
    with sqlite_workspace.database.writing() as session:
        session.execute(update(Finding).values(status=status))
    for changed in ("400.00", "575.00"):
        _set_price(sqlite_workspace, price, changed)
        _run(sqlite_workspace, invoice_id)
    assert _findings(sqlite_workspace) == [("A30", "75.00", status)]


def test_the_shortest_window_of_several_contracts_is_the_deadline(workspace: Workspace) -> None:
    """An unknown service has no price of its own: whichever contract it falls under, this date is safe."""
    office = Office(workspace)
    carrier = office.carrier()
    office.account(carrier)
    office.contract(carrier, "MSA-1", dispute_days=90, withhold_days=20)
    office.contract(carrier, "MSA-2", dispute_days=45, withhold_days=30)
    invoice_id = office.post(bill(charge("10.00", circuit="NOBODY-KNOWS")))
    _run(workspace, invoice_id)
    with workspace.database.reading() as session:
        finding = session.scalars(select(Finding).where(Finding.rule == "A20")).one()
        assert (finding.file_by, finding.withhold_by) == (date(2026, 5, 20), date(2026, 4, 25))


def test_the_accounts_own_contract_goes_before_one_for_all(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    own = office.contract(carrier, "OWN", dispute_days=90)
    office.contract(carrier, "ALL", dispute_days=10)
    office.account(carrier, contract_id=own)
    _run(workspace, office.post(bill(charge("10.00", circuit="NOBODY-KNOWS"))))
    with workspace.database.reading() as session:
        assert session.scalars(select(Finding.file_by)).one() == date(2026, 7, 4)


def test_without_a_contract_the_right_to_withhold_ends_with_the_due_date(workspace: Workspace) -> None:
    office = Office(workspace)
    _run(workspace, office.post(bill(charge("10.00", circuit="NOBODY-KNOWS"))))
    with workspace.database.reading() as session:
        finding = session.scalars(select(Finding).where(Finding.rule == "A20")).one()
        assert (finding.file_by, finding.withhold_by) == (None, date(2026, 5, 5))


def test_a_missing_bill_is_found_once_and_cleared_when_it_comes(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    account = office.account(carrier)
    with workspace.database.writing() as session:
        session.get_one(BillingAccount, account).bill_day = 5
    office.post(bill(charge("1.00")))
    audit_accounts(workspace, date(2026, 5, 5))
    assert _findings(workspace) == []
    audit_accounts(workspace, date(2026, 5, 8))
    audit_accounts(workspace, date(2026, 5, 9))
    assert _findings(workspace) == [("A04", "0.00", FindingStatus.OPEN)]
    office.post(bill(charge("1.00", period=MAY), number="INV-2", bill_date=date(2026, 5, 5), period=MAY))
    audit_accounts(workspace, date(2026, 5, 10), account_ids=[account])
    assert _findings(workspace) == [("A04", "0.00", FindingStatus.CLEARED)]


def test_a_submitted_bill_is_neither_rated_nor_audited(workspace: Workspace) -> None:
    invoice_id, _ = _overcharged(Office(workspace))
    _run(workspace, invoice_id)
    with workspace.database.writing() as session:
        session.get_one(Invoice, invoice_id).status = InvoiceStatus.IN_APPROVAL
    with pytest.raises(IllegalTransition, match="bill INV-1 of Calder Fiber"):
        rate_invoice(workspace, invoice_id)
    with pytest.raises(IllegalTransition):
        audit_invoice(workspace, invoice_id, TODAY)


def _rules(workspace: Workspace) -> Sequence[str]:
    return [rule for rule, _, status in _findings(workspace) if status is FindingStatus.OPEN]


def test_a_charge_billed_on_two_accounts_is_found_on_the_later_bill(workspace: Workspace) -> None:
    office = Office(workspace)
    invoice_id, _ = _overcharged(office)
    _run(workspace, invoice_id)
    second = office.post(
        bill(charge("500.00", circuit="C1"), number="INV-9", ban="CF-2002", bill_date=date(2026, 4, 6))
    )
    _run(workspace, second)
    with workspace.database.reading() as session:
        finding = session.scalars(select(Finding).where(Finding.rule == "A03")).one()
        assert (finding.invoice_id, finding.claim) == (second, D("500.00"))


def test_a_balance_forward_is_compared_with_the_bill_before(workspace: Workspace) -> None:
    office = Office(workspace)
    invoice_id, _ = _overcharged(office)
    _run(workspace, invoice_id)
    second = office.post(
        bill(
            charge("500.00", circuit="C1", period=MAY),
            number="INV-2",
            bill_date=date(2026, 5, 5),
            period=MAY,
            previous="600.00",
        )
    )
    _run(workspace, second)
    with workspace.database.reading() as session:
        finding = session.scalars(select(Finding).where(Finding.rule == "A05")).one()
        assert (finding.invoice_id, finding.claim) == (second, D("25.00"))


def test_a_disputed_claim_leaves_no_more_than_the_charge_to_others(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    office.price(office.contract(carrier), "500.00")
    office.service(carrier, circuit="C9")
    invoice_id = office.post(bill(charge("575.00", circuit="C1")))
    _run(workspace, invoice_id)
    assert _findings(workspace) == [("A20", "575.00", FindingStatus.OPEN)]
    with workspace.database.writing() as session:
        session.execute(update(Finding).values(status=FindingStatus.DISPUTED))
    office.service(carrier, circuit="C1")
    _run(workspace, invoice_id)
    assert _findings(workspace) == [("A20", "575.00", FindingStatus.DISPUTED)]


def test_a_dismissed_finding_takes_nothing_from_another(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    office.service(carrier, circuit="C1", disconnected=date(2026, 3, 1))
    first = office.post(bill(charge("500.00", circuit="C1"), ban="CF-1000"))
    second = office.post(bill(charge("500.00", circuit="C1"), number="INV-2", bill_date=date(2026, 4, 6)))
    _run(workspace, second)
    assert _findings(workspace)[0][:2] == ("A03", "500.00")
    assert "A21" not in [rule for rule, _, _ in _findings(workspace)]
    dismiss(workspace, _only_id_of(workspace, "A03"), "Dana", f"bill {first} is for the other end")
    _run(workspace, second)
    assert ("A21", "500.00", FindingStatus.OPEN) in _findings(workspace)


def _only_id_of(workspace: Workspace, rule: str) -> int:
    with workspace.database.reading() as session:
        return session.scalars(select(Finding.id).where(Finding.rule == rule)).one()
