"""Findings become disputes, the carrier answers, and a credit arrives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain.vocabulary import DisputeStatus, FindingStatus, InvoiceStatus, Ledger
from app.domain.workflow import IllegalTransition
from app.models.findings import CreditMemo, Dispute, DisputeItem, Finding
from app.models.invoices import Invoice
from app.services import disputes, findings
from app.services.changes import Changes
from app.services.disputes import FiledTooEarly, GrantedTooMuch, NotClaimable, NothingToDispute, share_out
from app.services.duties import RoleMayNot
from app.services.workspace import Workspace
from tests.services.money_books import AUDITOR, MANAGER, TODAY, Books


@pytest.fixture
def books(workspace: Workspace) -> Books:
    return Books(workspace).open()


@pytest.fixture
def bill(books: Books) -> int:
    return books.bill(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00", "400.00"])


def statuses(books: Books) -> dict[int, FindingStatus]:
    with books.workspace.database.reading() as session:
        return {row.id: row.status for row in session.execute(select(Finding.id, Finding.status).order_by(Finding.id))}


def dispute_of(books: Books, dispute_id: int) -> Dispute:
    with books.workspace.database.reading() as session:
        found = session.get_one(Dispute, dispute_id)
        _ = found.items
        session.expunge_all()
        return found


def test_there_is_one_dispute_per_carrier_and_currency(books: Books) -> None:
    calder, stratum = books.carrier("Calder Fiber"), books.carrier("Stratum Colocation", "EUR")
    first = books.bill(books.account(calder, "CF-1"), "INV-1", ["600.00", "400.00"])
    second = books.bill(books.account(calder, "CF-2"), "INV-2", ["50.00"])
    third = books.bill(books.account(stratum, "ST-1", "EUR"), "INV-3", ["900.00"])
    for invoice, claim in ((first, "10.00"), (second, "5.00"), (third, "7.50")):
        books.finding(invoice, claim, file_by=date(2026, 11, 14 + invoice))
    books.finding(first, "0", seq=2, ledger=Ledger.CHECK)
    opened, changes = disputes.open_disputes(books.workspace, MANAGER)
    assert changes == Changes.DISPUTES | Changes.FINDINGS
    found = [dispute_of(books, dispute_id) for dispute_id in opened]
    assert [(each.number, each.currency, each.claim, len(each.items)) for each in found] == [
        ("D-2026-0001", "USD", Decimal("15.00"), 2),
        ("D-2026-0002", "EUR", Decimal("7.50"), 1),
    ]
    assert found[0].file_by == date(2026, 11, 15)
    assert list(statuses(books).values()) == [FindingStatus.DISPUTED] * 3 + [FindingStatus.OPEN]


def test_the_deadline_of_a_dispute_is_the_next_one_ahead(books: Books, bill: int) -> None:
    books.finding(bill, "10.00", file_by=date(2026, 10, 5), withhold_by=date(2026, 9, 5))
    books.finding(bill, "5.00", seq=2, file_by=date(2026, 12, 5), withhold_by=date(2026, 10, 6))
    books.finding(bill, "5.00", seq=None, file_by=date(2026, 11, 5), withhold_by=None)
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER)
    found = dispute_of(books, opened)
    assert (found.file_by, found.withhold_by) == (date(2026, 11, 5), date(2026, 10, 6))


def test_a_finding_is_claimed_once(books: Books, bill: int) -> None:
    finding = books.finding(bill, "10.00")
    disputes.open_disputes(books.workspace, MANAGER)
    assert disputes.open_disputes(books.workspace, MANAGER) == ([], Changes.NONE)
    with pytest.raises(NotClaimable, match=r"Finding 1 .A30. cannot be disputed: it is disputed"):
        disputes.open_disputes(books.workspace, MANAGER, finding_ids=[finding])


def test_chosen_findings_only(books: Books, bill: int) -> None:
    first, second = books.finding(bill, "10.00"), books.finding(bill, "20.00", seq=2)
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER, finding_ids=[second])
    assert dispute_of(books, opened).claim == Decimal("20.00")
    assert statuses(books) == {first: FindingStatus.OPEN, second: FindingStatus.DISPUTED}
    with pytest.raises(NotClaimable, match="there is no such finding"):
        disputes.open_disputes(books.workspace, MANAGER, finding_ids=[99])
    with pytest.raises(NothingToDispute, match="among those chosen"):
        disputes.open_disputes(books.workspace, MANAGER, finding_ids=[])


def test_a_superseded_bill_is_not_disputed(books: Books, bill: int) -> None:
    books.finding(bill, "10.00")
    with books.workspace.database.writing() as session:
        session.get_one(Invoice, bill).status = InvoiceStatus.SUPERSEDED
    assert disputes.open_disputes(books.workspace, MANAGER) == ([], Changes.NONE)


def test_an_auditor_disputes_nothing(books: Books, bill: int) -> None:
    books.finding(bill, "10.00")
    with pytest.raises(RoleMayNot, match="may not dispute charges"):
        disputes.open_disputes(books.workspace, AUDITOR)


def test_a_dispute_is_filed_acknowledged_and_granted_in_part(books: Books, bill: int) -> None:
    books.finding(bill, "10.00")
    books.finding(bill, "20.01", seq=2)
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER)
    with pytest.raises(FiledTooEarly, match="2026-10-07"):
        disputes.file_dispute(books.workspace, opened, MANAGER, date(2026, 10, 7))
    disputes.file_dispute(books.workspace, opened, MANAGER, TODAY)
    disputes.acknowledge(books.workspace, opened, MANAGER, " CLM-778 ")
    with pytest.raises(GrantedTooMuch, match=r"30\.02 is more than the 30\.01"):
        disputes.record_answer(books.workspace, opened, Decimal("30.02"), "", MANAGER)
    disputes.record_answer(books.workspace, opened, Decimal("20.00"), "", MANAGER)
    found = dispute_of(books, opened)
    assert (found.status, found.carrier_reference, found.filed_on) == (DisputeStatus.APPROVED, "CLM-778", TODAY)
    assert sorted((item.claim, item.granted) for item in found.items) == [
        (Decimal("10.00"), Decimal("6.66")),
        (Decimal("20.01"), Decimal("13.34")),
    ]
    with books.workspace.database.reading() as session:
        assert session.scalars(select(CreditMemo.amount)).all() == [Decimal("20.00")]


def test_the_carrier_may_say_what_it_grants_on_each_finding(books: Books, bill: int) -> None:
    first, second = books.finding(bill, "10.00"), books.finding(bill, "20.00", seq=2)
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.file_dispute(books.workspace, opened, MANAGER, TODAY)
    with pytest.raises(GrantedTooMuch):
        disputes.record_answer(books.workspace, opened, Decimal(20), "", MANAGER, shares={second: Decimal(19)})
    disputes.record_answer(books.workspace, opened, Decimal(20), "", MANAGER, shares={second: Decimal(20)})
    granted = {item.finding_id: item.granted for item in dispute_of(books, opened).items}
    assert granted == {first: Decimal(0), second: Decimal(20)}


def test_a_denied_dispute_is_appealed_or_closed(books: Books, bill: int) -> None:
    finding = books.finding(bill, "10.00")
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.file_dispute(books.workspace, opened, MANAGER, date(2026, 10, 2))
    disputes.record_answer(books.workspace, opened, Decimal(0), "CLM-1", MANAGER)
    assert dispute_of(books, opened).status is DisputeStatus.DENIED
    disputes.file_dispute(books.workspace, opened, MANAGER, TODAY)
    appealed = dispute_of(books, opened)
    assert (appealed.status, appealed.filed_on, appealed.items[0].granted) == (
        DisputeStatus.FILED,
        date(2026, 10, 2),
        None,
    )
    disputes.record_answer(books.workspace, opened, Decimal(0), "", MANAGER)
    disputes.close(books.workspace, opened, MANAGER)
    with books.workspace.database.reading() as session:
        closed = session.get_one(Finding, finding)
        assert (closed.status, closed.dismissed_by) == (FindingStatus.DISMISSED, MANAGER)
        assert closed.dismissed_reason == "The carrier denied dispute D-2026-0001."


def test_a_finding_that_a_carrier_has_denied_is_not_claimed_again(books: Books, bill: int) -> None:
    finding = books.finding(bill, "10.00")
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.file_dispute(books.workspace, opened, MANAGER, TODAY)
    disputes.record_answer(books.workspace, opened, Decimal(0), "CLM-1", MANAGER)
    disputes.close(books.workspace, opened, MANAGER)
    findings.reopen(books.workspace, finding, MANAGER)
    assert disputes.open_disputes(books.workspace, MANAGER) == ([], Changes.NONE)
    with pytest.raises(NotClaimable, match="answered it in dispute D-2026-0001"):
        disputes.open_disputes(books.workspace, MANAGER, finding_ids=[finding])


def test_a_withdrawn_dispute_gives_its_findings_back(books: Books, bill: int) -> None:
    finding = books.finding(bill, "10.00")
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.withdraw(books.workspace, opened, MANAGER)
    assert statuses(books) == {finding: FindingStatus.OPEN}
    with books.workspace.database.reading() as session:
        assert session.scalars(select(DisputeItem)).all() == []
    with pytest.raises(IllegalTransition, match="dispute D-2026-0001 is withdrawn and cannot become filed"):
        disputes.file_dispute(books.workspace, opened, MANAGER, TODAY)
    (again,), _ = disputes.open_disputes(books.workspace, MANAGER)
    assert dispute_of(books, again).number == "D-2026-0002"


@pytest.mark.parametrize(
    ("amount", "claims", "parts"),
    [
        ("10.00", ["1.00", "1.00", "1.00"], ["3.34", "3.33", "3.33"]),
        ("0.01", ["5.00", "5.00"], ["0.01", "0.00"]),
        ("7.00", ["3.00", "4.00"], ["3.00", "4.00"]),
        ("0.05", ["0.01", "0.99"], ["0.00", "0.05"]),
    ],
)
def test_a_grant_is_shared_out_to_the_cent(amount: str, claims: list[str], parts: list[str]) -> None:
    shared = share_out(Decimal(amount), [(place, Decimal(claim)) for place, claim in enumerate(claims)])
    assert [shared[place] for place in range(len(claims))] == [Decimal(part) for part in parts]
    assert sum(shared.values()) == Decimal(amount)
