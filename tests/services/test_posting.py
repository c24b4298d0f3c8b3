"""A parsed bill becomes an immutable invoice; what is not known is added and said."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from app.domain.money import D
from app.domain.parsed import ParsedCharge
from app.domain.stored import source_from_text
from app.domain.vocabulary import ChargeType, DocumentKind, FindingStatus, InvoiceStatus
from app.domain.workflow import IllegalTransition
from app.models.documents import DocumentIssue
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Charge, Invoice
from app.services.auditing import audit_invoice
from app.services.charge_types import guess_charge_type
from app.services.matching import match_invoice
from app.services.posting import DuplicateBill, TooManyPlaces
from app.services.rerating import rate_invoice
from app.services.superseding import NoReason, StillDisputed, supersede
from app.services.workspace import Workspace
from tests.services.office import Office, bill, charge


def test_every_figure_and_place_of_a_bill_is_kept(workspace: Workspace) -> None:
    office = Office(workspace)
    parsed = bill(
        charge("575.00", circuit="80/KXGS/000123//NB", tn="(312) 555-0142"), previous="20.10", payments="-20.10"
    )
    invoice_id = office.post(parsed)
    with workspace.database.reading() as session:
        invoice = session.get_one(Invoice, invoice_id)
        (line,) = session.scalars(select(Charge))
        assert (invoice.status, invoice.number_key, invoice.total_due) == (InvoiceStatus.POSTED, "INV1", D("575.00"))
        assert (invoice.previous_balance, invoice.payments_applied) == (D("20.10"), D("-20.10"))
        assert (line.circuit_key, line.tn_key, line.amount) == ("80KXGS000123NB", "13125550142", D("575.00"))
        assert source_from_text(line.source) == parsed.charges[0].source


def test_an_unknown_carrier_and_account_are_added_with_warnings(workspace: Workspace) -> None:
    office = Office(workspace)
    office.post(bill(charge("1.00")))
    with workspace.database.reading() as session:
        codes = list(session.scalars(select(DocumentIssue.code).order_by(DocumentIssue.id)))
        names = list(session.execute(select(Carrier.name, BillingAccount.ban).join(BillingAccount)))
    assert codes == ["carrier-added", "account-added"]
    assert names == [("Calder Fiber", "CF-1001")]


def test_two_spellings_are_one_carrier_and_one_account(workspace: Workspace) -> None:
    office = Office(workspace)
    first = office.post(bill(charge("1.00"), carrier="Calder Fiber", ban="CF 1001"))
    second = office.post(bill(charge("1.00"), carrier="CALDER-FIBER", ban="cf-1001", number="INV-2"))
    with workspace.database.reading() as session:
        accounts = {session.get_one(Invoice, one).account_id for one in (first, second)}
    assert len(accounts) == 1


def test_a_bill_without_account_number_belongs_to_the_only_account(workspace: Workspace) -> None:
    office = Office(workspace)
    account_id = office.account(office.carrier())
    invoice_id = office.post(bill(charge("1.00"), ban=""))
    with workspace.database.reading() as session:
        assert session.get_one(Invoice, invoice_id).account_id == account_id


def test_a_number_is_posted_once_whatever_its_zeros(workspace: Workspace) -> None:
    office = Office(workspace)
    office.post(bill(charge("1.00"), number="0042-A"), "april.pdf")
    with pytest.raises(
        DuplicateBill, match=r"Bill 42A of Calder Fiber, account CF-1001, is already here, from april.pdf"
    ):
        office.post(bill(charge("1.00"), number="42A"))
    with workspace.database.reading() as session:
        assert len(session.scalars(select(Invoice.id)).all()) == 1


def test_the_same_number_on_another_account_is_another_bill(workspace: Workspace) -> None:
    office = Office(workspace)
    office.post(bill(charge("1.00")))
    office.post(bill(charge("1.00"), ban="CF-1002"))
    with workspace.database.reading() as session:
        assert len(session.scalars(select(Invoice.id)).all()) == 2


def test_a_credit_note_is_posted_as_one(workspace: Workspace) -> None:
    office = Office(workspace)
    invoice_id = office.post(bill(charge("-5.00", ChargeType.CREDIT), kind=DocumentKind.CREDIT_NOTE))
    with workspace.database.reading() as session:
        assert session.get_one(Invoice, invoice_id).kind is DocumentKind.CREDIT_NOTE


@pytest.mark.parametrize(
    ("parsed", "message"),
    [
        (charge("0.1234567"), r"the amount of 'Internet access' \(page 1\), 0.1234567, has more than 6 decimal places"),
        (charge("1.00", quantity="0.12345678901"), "the quantity of .* has more than 10 decimal places"),
        (charge("99999999999999.00"), "is too large to be kept exactly"),
    ],
)
def test_a_figure_that_cannot_be_kept_exactly_is_refused(
    workspace: Workspace, parsed: ParsedCharge, message: str
) -> None:
    office = Office(workspace)
    with pytest.raises(TooManyPlaces, match=message):
        office.post(bill(parsed))
    with workspace.database.reading() as session:
        assert session.scalars(select(Invoice)).all() == []


def test_a_corrected_bill_points_at_the_one_it_supersedes(workspace: Workspace) -> None:
    office = Office(workspace)
    first = office.post(bill(charge("1.00")))
    supersede(workspace, first, "Dana", "wrong tax")
    second = office.post(bill(charge("2.00")))
    with workspace.database.reading() as session:
        assert session.get_one(Invoice, second).supersedes_id == first
        assert session.get_one(Invoice, first).status is InvoiceStatus.SUPERSEDED


def test_a_bill_is_not_superseded_without_reason_under_dispute_or_once_submitted(workspace: Workspace) -> None:
    office = Office(workspace)
    invoice_id = office.post(bill(charge("10.00", circuit="NOBODY-KNOWS")))
    match_invoice(workspace, invoice_id, "Dana")
    rate_invoice(workspace, invoice_id)
    audit_invoice(workspace, invoice_id, date(2026, 4, 10))
    with pytest.raises(NoReason):
        supersede(workspace, invoice_id, "Dana", " ")
    with workspace.database.writing() as session:
        session.execute(update(Finding).values(status=FindingStatus.DISPUTED))
    with pytest.raises(StillDisputed, match=r"bill INV-1 of Calder Fiber cannot be .* while 1 of its findings"):
        supersede(workspace, invoice_id, "Dana", "sent again")
    with workspace.database.writing() as session:
        session.execute(update(Finding).values(status=FindingStatus.OPEN))
        session.get_one(Invoice, invoice_id).status = InvoiceStatus.APPROVED
    with pytest.raises(IllegalTransition):
        supersede(workspace, invoice_id, "Dana", "sent again")


@pytest.mark.parametrize(
    ("code", "description", "expected"),
    [
        ("", "Late payment charge", ChargeType.LPC),
        ("", "Federal Universal Service Fund", ChargeType.SURCHARGE),
        ("VAT", "20 %", ChargeType.TAX),
        ("", "Installation of circuit", ChargeType.NRC),
        ("", "Outbound calls, 1,204 minutes", ChargeType.USAGE),
        ("", "Monthly port", ChargeType.MRC),
        ("", "Credit for outage, tax included", ChargeType.CREDIT),
        ("", "Taxonomy consulting", None),
    ],
)
def test_words_tell_a_charge_type(code: str, description: str, expected: ChargeType | None) -> None:
    assert guess_charge_type(code, description) is expected


def test_a_charge_nobody_can_name_is_kept_as_occ_with_a_warning(workspace: Workspace) -> None:
    office = Office(workspace)
    office.post(bill(charge("1.00", None, code="X9", description="Zephyr option")))
    with workspace.database.reading() as session:
        (line,) = session.scalars(select(Charge))
        issue = session.scalars(select(DocumentIssue).where(DocumentIssue.code == "charge-type-unknown")).one()
        assert line.charge_type is ChargeType.OCC
        assert (issue.place, "Zephyr option" in issue.message) == ("page 1", True)


def test_a_bill_in_another_currency_than_its_account_is_pointed_out(workspace: Workspace) -> None:
    office = Office(workspace)
    office.account(office.carrier())
    office.post(bill(charge("1.00"), currency="EUR", bill_date=date(2026, 4, 1)))
    with workspace.database.reading() as session:
        assert session.scalars(select(DocumentIssue.code)).all() == ["other-currency"]
