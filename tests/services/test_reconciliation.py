"""The next bill shows whether what we paid was booked, and brings the credits that were granted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain.vocabulary import (
    ChargeType,
    DisputeStatus,
    FindingStatus,
    InvoiceStatus,
    PaymentMethod,
    PaymentStatus,
)
from app.models.findings import CreditMemo, Dispute, Finding
from app.models.invoices import Invoice
from app.models.payments import Payment, Reconciliation
from app.services import approvals, disputes, reconciliation
from app.services.changes import Changes
from app.services.reconciliation import reconcile_account
from app.services.workspace import Workspace
from tests.services.money_books import APPROVER, MANAGER, TODAY, Books

AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 15), date(2026, 9, 15), date(2026, 10, 15)


@pytest.fixture
def books(workspace: Workspace) -> Books:
    return Books(workspace).open()


@pytest.fixture
def account(books: Books) -> int:
    return books.account(books.carrier("Calder Fiber"), "CF-1")


def pay(books: Books, bill: int, amount: str, day: date) -> None:
    with books.workspace.database.writing() as session:
        session.add(
            Payment(
                invoice_id=bill,
                account_id=session.get_one(Invoice, bill).account_id,
                amount=Decimal(amount),
                currency="USD",
                method=PaymentMethod.ACH_CCD,
                status=PaymentStatus.SETTLED,
                send_on=day,
                pay_on=day,
                idempotency_key=f"test:{bill}:{day}",
                scheduled_by=MANAGER,
                scheduled_at=datetime(2026, 9, 1, tzinfo=UTC),
            )
        )


def compared(books: Books) -> list[tuple[Decimal, str]]:
    with books.workspace.database.reading() as session:
        rows = session.scalars(select(Reconciliation).order_by(Reconciliation.invoice_id))
        return [(row.difference, row.cause) for row in rows]


def test_a_paid_bill_that_the_next_one_shows_as_paid_is_reconciled(books: Books, account: int) -> None:
    first = books.bill(account, "INV-1", ["600.00"], bill_date=AUGUST, status=InvoiceStatus.PAID)
    books.bill(account, "INV-2", ["700.00"], bill_date=SEPTEMBER, previous="600.00", payments="-600.00")
    pay(books, first, "600.00", date(2026, 9, 10))
    changes = reconcile_account(books.workspace, account)
    assert changes == Changes.PAYMENTS | Changes.INVOICES
    assert compared(books) == [(Decimal("0.00"), "fits")]
    with books.workspace.database.reading() as session:
        assert session.get_one(Invoice, first).status is InvoiceStatus.RECONCILED
    assert reconcile_account(books.workspace, account) is Changes.NONE


@pytest.mark.parametrize(
    ("paid", "previous", "payments", "difference", "cause"),
    [
        ([], "600.00", "0", "0.00", reconciliation.NO_PAYMENT_KNOWN),
        ([], "650.00", "0", "50.00", reconciliation.ADJUSTED),
        (["600.00"], "600.00", "0", "600.00", reconciliation.NOT_POSTED),
        (["350.00", "250.00"], "600.00", "-350.00", "250.00", reconciliation.NOT_POSTED),
        (["600.00"], "600.00", "-580.00", "20.00", reconciliation.MISAPPLIED),
        (["600.00"], "640.00", "-600.00", "40.00", reconciliation.ADJUSTED),
        (["600.00"], "560.00", "-600.00", "-40.00", reconciliation.ADJUSTED),
        (["600.00"], "600.00", "-600.01", "-0.01", reconciliation.ADJUSTED),
    ],
)
def test_a_difference_is_classed(
    books: Books, account: int, paid: list[str], previous: str, payments: str, difference: str, cause: str
) -> None:
    first = books.bill(account, "INV-1", ["600.00"], bill_date=AUGUST, status=InvoiceStatus.PAID)
    books.bill(account, "INV-2", ["700.00"], bill_date=SEPTEMBER, previous=previous, payments=payments)
    for place, amount in enumerate(paid):
        pay(books, first, amount, date(2026, 9, 1 + place))
    reconcile_account(books.workspace, account)
    assert compared(books) == [(Decimal(difference), cause)]
    with books.workspace.database.reading() as session:
        wanted = InvoiceStatus.RECONCILED if Decimal(difference) == 0 else InvoiceStatus.PAID
        assert session.get_one(Invoice, first).status is wanted


def test_a_withheld_amount_that_vanishes_from_the_balance_is_told_apart(books: Books, account: int) -> None:
    first = books.bill(account, "INV-1", ["600.00"], bill_date=AUGUST)
    books.finding(first, "40.00")
    (dispute,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.file_dispute(books.workspace, dispute, MANAGER, TODAY)
    approvals.submit(books.workspace, first, MANAGER)
    approvals.approve(books.workspace, first, APPROVER)
    books.bill(account, "INV-2", ["700.00"], bill_date=SEPTEMBER, previous="640.00", payments="-560.00")
    pay(books, first, "560.00", date(2026, 9, 1))
    reconcile_account(books.workspace, account)
    assert compared(books) == [(Decimal("40.00"), reconciliation.DISPUTED_CARRIED)]


def test_a_second_look_at_a_mended_bill_replaces_the_first(books: Books, account: int) -> None:
    first = books.bill(account, "INV-1", ["600.00"], bill_date=AUGUST, status=InvoiceStatus.PAID)
    wrong = books.bill(account, "INV-2", ["700.00"], bill_date=SEPTEMBER, previous="600.00")
    pay(books, first, "600.00", date(2026, 9, 1))
    reconcile_account(books.workspace, account)
    with books.workspace.database.writing() as session:
        session.get_one(Invoice, wrong).status = InvoiceStatus.SUPERSEDED
    books.bill(account, "INV-2B", ["700.00"], bill_date=SEPTEMBER, previous="600.00", payments="-600.00")
    reconcile_account(books.workspace, account)
    assert compared(books) == [(Decimal("0.00"), "fits")]


@pytest.mark.parametrize(
    ("texts", "amounts", "found"),
    [
        (["Port", "Credit per CLM-778"], ["100.00", "-40.00"], True),
        (["Port", "Courtesy credit"], ["100.00", "-40.00"], True),
        (["Port", "CLM-778 part 1", "CLM-778 part 2"], ["100.00", "-15.00", "-25.00"], True),
        (["Port", "Courtesy credit"], ["100.00", "-39.99"], False),
        (["Port", "CLM-778 part 1", "another credit"], ["100.00", "-15.00", "-25.00"], False),
    ],
)
def test_a_granted_credit_is_found_on_a_later_bill(
    books: Books, account: int, texts: list[str], amounts: list[str], found: bool
) -> None:
    first = books.bill(account, "INV-1", ["600.00"], bill_date=SEPTEMBER)
    finding = books.finding(first, "40.00")
    (dispute,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.file_dispute(books.workspace, dispute, MANAGER, TODAY)
    disputes.record_answer(books.workspace, dispute, Decimal("40.00"), "CLM-778", MANAGER)
    later = books.bill(account, "INV-2", amounts, bill_date=OCTOBER, texts=texts, kind=ChargeType.MRC)
    reconcile_account(books.workspace, account)
    with books.workspace.database.reading() as session:
        assert session.scalars(select(CreditMemo.invoice_id)).one() == (later if found else None)
        assert session.get_one(Dispute, dispute).status is (DisputeStatus.CREDITED if found else DisputeStatus.APPROVED)
        wanted = FindingStatus.CREDITED if found else FindingStatus.DISPUTED
        assert session.get_one(Finding, finding).status is wanted


def test_a_bill_that_carries_no_balance_says_nothing_of_the_one_before(books: Books, account: int) -> None:
    first = books.bill(account, "INV-1", ["600.00"], bill_date=AUGUST, status=InvoiceStatus.PAID)
    books.bill(account, "INV-2", ["700.00"], bill_date=SEPTEMBER)
    pay(books, first, "600.00", date(2026, 9, 1))
    reconcile_account(books.workspace, account)
    assert compared(books) == []
    with books.workspace.database.reading() as session:
        assert session.get_one(Invoice, first).status is InvoiceStatus.PAID


def test_a_credit_note_between_two_bills_does_not_part_them(books: Books, account: int) -> None:
    first = books.bill(account, "INV-1", ["600.00"], bill_date=AUGUST, status=InvoiceStatus.PAID)
    books.bill(account, "CN-1", ["-25.00"], bill_date=date(2026, 9, 1))
    books.bill(account, "INV-2", ["700.00"], bill_date=SEPTEMBER, previous="600.00", payments="-600.00")
    pay(books, first, "600.00", date(2026, 9, 10))
    reconcile_account(books.workspace, account)
    assert compared(books) == [(Decimal("0.00"), "fits")]


def test_a_bill_after_a_gap_says_nothing_until_the_one_between_has_come(books: Books, account: int) -> None:
    first = books.bill(account, "INV-1", ["600.00"], bill_date=AUGUST, status=InvoiceStatus.PAID)
    books.bill(account, "INV-3", ["700.00"], bill_date=OCTOBER, previous="650.00")
    pay(books, first, "600.00", date(2026, 9, 10))
    reconcile_account(books.workspace, account)
    assert compared(books) == []
    books.bill(account, "INV-2", ["650.00"], bill_date=SEPTEMBER, previous="600.00", payments="-600.00")
    reconcile_account(books.workspace, account)
    assert [cause for _, cause in compared(books)] == [reconciliation.FITS, reconciliation.NO_PAYMENT_KNOWN]


def test_a_comparison_with_a_superseded_bill_is_taken_back(books: Books, account: int) -> None:
    books.bill(account, "INV-1", ["600.00"], bill_date=AUGUST)
    wrong = books.bill(account, "INV-2", ["700.00"], bill_date=SEPTEMBER, previous="650.00")
    reconcile_account(books.workspace, account)
    assert compared(books) == [(Decimal("50.00"), reconciliation.ADJUSTED)]
    with books.workspace.database.writing() as session:
        session.get_one(Invoice, wrong).status = InvoiceStatus.SUPERSEDED
    assert reconcile_account(books.workspace, account) == Changes.PAYMENTS
    assert compared(books) == []


def test_a_credit_for_each_finding_is_the_granted_credit(books: Books, account: int) -> None:
    first = books.bill(account, "INV-1", ["600.00", "500.00"], bill_date=SEPTEMBER)
    books.finding(first, "40.00")
    books.finding(first, "75.00", seq=2)
    (dispute,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.file_dispute(books.workspace, dispute, MANAGER, TODAY)
    disputes.record_answer(books.workspace, dispute, Decimal("115.00"), "", MANAGER)
    books.bill(account, "INV-2", ["600.00", "-75.00"], bill_date=OCTOBER)
    reconcile_account(books.workspace, account)
    with books.workspace.database.reading() as session:
        assert session.scalars(select(CreditMemo.invoice_id)).one() is None  # one of both is not the credit
    last = books.bill(account, "INV-3", ["600.00", "-75.00", "-40.00"], bill_date=date(2026, 11, 15))
    reconcile_account(books.workspace, account)
    with books.workspace.database.reading() as session:
        assert session.scalars(select(CreditMemo.invoice_id)).one() == last
        assert session.get_one(Dispute, dispute).status is DisputeStatus.CREDITED


def test_each_account_of_a_dispute_brings_its_own_part_of_the_credit(books: Books) -> None:
    carrier = books.carrier("Calder Fiber")
    one, two = books.account(carrier, "CF-1"), books.account(carrier, "CF-2")
    for account, number in ((one, "INV-1"), (two, "INV-2")):
        books.finding(books.bill(account, number, ["600.00"], bill_date=SEPTEMBER), "40.00")
    (dispute,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.file_dispute(books.workspace, dispute, MANAGER, TODAY)
    disputes.record_answer(books.workspace, dispute, Decimal("80.00"), "", MANAGER)
    first = books.bill(one, "INV-3", ["600.00", "-40.00"], bill_date=OCTOBER)
    books.bill(one, "INV-4", ["600.00", "-40.00"], bill_date=date(2026, 11, 15))  # not the other account's part
    reconcile_account(books.workspace, one)
    reconcile_account(books.workspace, one)
    with books.workspace.database.reading() as session:
        memos = session.execute(select(CreditMemo.amount, CreditMemo.invoice_id).order_by(CreditMemo.id)).all()
        assert {(memo.amount, memo.invoice_id) for memo in memos} == {(Decimal(40), None), (Decimal(40), first)}
        assert session.get_one(Dispute, dispute).status is DisputeStatus.APPROVED
    books.bill(two, "INV-5", ["600.00", "-40.00"], bill_date=OCTOBER)
    reconcile_account(books.workspace, two)
    with books.workspace.database.reading() as session:
        assert session.get_one(Dispute, dispute).status is DisputeStatus.CREDITED
