"""What the pages for disputes, approvals and payments, the Today page and the reports read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.vocabulary import DisputeStatus, FindingStatus, InvoiceStatus, Ledger, PaymentMethod, PaymentStatus
from app.models.inventory import CarrierBankAccount
from app.models.invoices import Invoice
from app.queries import approvals as approvals_query
from app.queries import disputes as disputes_query
from app.queries import payment_run, summary, today
from app.queries import payments as payments_query
from app.queries.today import Kind
from app.services import approvals, disputes, payments
from app.services.reconciliation import reconcile_account
from app.services.workspace import Workspace
from tests.services.money_books import APPROVER, CLERK, MANAGER, TODAY, Books

D = Decimal


@pytest.fixture
def books(workspace: Workspace) -> Books:
    return Books(workspace).open()


def approve(books: Books, *bills: int) -> None:
    for bill in bills:
        approvals.submit(books.workspace, bill, MANAGER)
        approvals.approve(books.workspace, bill, APPROVER)


def test_disputes_tell_claim_answer_and_the_next_day(books: Books) -> None:
    calder = books.carrier("Calder Fiber")
    account = books.account(calder, "CF-1")
    bill = books.bill(account, "INV-1", ["600.00", "400.00"])
    books.finding(bill, "10.00")
    other = books.bill(books.account(calder, "CF-2"), "INV-2", ["50.00"])
    books.finding(other, "5.00")
    (first,), _ = disputes.open_disputes(books.workspace, MANAGER)
    with books.workspace.database.reading() as session:
        (row,) = disputes_query.fetch(session)
    assert (row.number, row.carrier, row.accounts, row.items) == ("D-2026-0001", "Calder Fiber", "CF-1, CF-2", 2)
    assert (row.claim, row.granted, row.next_day) == (D("15.00"), D(0), date(2026, 10, 15))
    disputes.file_dispute(books.workspace, first, MANAGER, TODAY)
    with books.workspace.database.reading() as session:
        (row,) = disputes_query.fetch(session, disputes_query.Filter(statuses=(DisputeStatus.FILED,)))
        assert disputes_query.fetch(session, disputes_query.Filter(text="nobody")) == []
    assert row.next_day == TODAY + timedelta(days=30)
    disputes.record_answer(books.workspace, first, D("12.00"), "CLM-9", MANAGER)
    books.bill(account, "INV-3", ["600.00", "-12.00"], bill_date=date(2026, 10, 15))
    reconcile_account(books.workspace, account)
    with books.workspace.database.reading() as session:
        detail = disputes_query.fetch_one(session, first)
        assert disputes_query.fetch_one(session, 99) is None
    assert detail is not None
    assert (detail.row.granted, detail.row.credited, detail.row.reference) == (D("12.00"), D("12.00"), "CLM-9")
    assert [(item.number, item.charge, item.claim, item.granted) for item in detail.items] == [
        ("INV-1", "Circuit INV-1/1", D("10.00"), D("8.00")),
        ("INV-2", "Circuit INV-2/1", D("5.00"), D("4.00")),
    ]
    assert [(credit.amount, credit.number) for credit in detail.credits] == [(D("12.00"), "INV-3")]


def test_approvals_wait_with_their_variance(books: Books) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    books.bill(account, "INV-0", ["900.00"], bill_date=date(2026, 8, 15), status=InvoiceStatus.PAID)
    bill = books.bill(account, "INV-1", ["600.00", "400.00"])
    books.finding(bill, "30.00")
    books.finding(bill, "20.00", seq=2)
    disputes.open_disputes(books.workspace, MANAGER, finding_ids=[1])
    approvals.submit(books.workspace, bill, MANAGER)
    with books.workspace.database.reading() as session:
        (row,) = approvals_query.fetch(session, approvals_query.Filter(TODAY))
        assert approvals_query.fetch(session, approvals_query.Filter(TODAY, not_by=MANAGER)) == []
        assert len(approvals_query.fetch(session, approvals_query.Filter(TODAY, not_by=APPROVER))) == 1
    assert (row.billed, row.overcharged, row.open_claims) == (D("1000.00"), D("50.00"), D("20.00"))
    assert (row.change, row.withheld, row.payable) == (D("100.00"), D("30.00"), D("970.00"))
    assert (row.due, row.days_left, row.submitted_by, row.approved_by) == (date(2026, 10, 15), 9, MANAGER, "")
    approvals.approve(books.workspace, bill, APPROVER)
    with books.workspace.database.reading() as session:
        (row,) = approvals_query.fetch(session, approvals_query.Filter(TODAY, (InvoiceStatus.APPROVED,)))
    assert row.approved_by == APPROVER


def test_a_payment_run_is_proposed_per_carrier_and_held_bills_are_left_out(books: Books) -> None:
    calder, stratum = books.carrier("Calder Fiber"), books.carrier("Stratum Colocation", "EUR", bank="entered")
    account = books.account(calder, "CF-1")
    credit = books.bill(account, "CN-1", ["-70.00"], bill_date=date(2026, 9, 1))
    first = books.bill(account, "INV-1", ["600.00"], due=date(2026, 10, 1))
    second = books.bill(account, "INV-2", ["50.00"], bill_date=date(2026, 9, 2), due=date(2026, 11, 30))
    euros = books.bill(books.account(stratum, "ST-1", "EUR"), "ST-7", ["99.95"])
    held = books.bill(account, "INV-3", ["1.00"])
    books.finding(first, "100.00")
    disputes.open_disputes(books.workspace, MANAGER)
    approve(books, credit, first, second, euros)
    approvals.hold(books.workspace, held, CLERK, "later")
    with books.workspace.database.reading() as session:
        rows = payment_run.fetch(session, payment_run.Filter(TODAY))
        soon = payment_run.fetch(session, payment_run.Filter(TODAY, due_until=date(2026, 10, 31)))
    assert {row.number: (row.gross, row.withheld, row.credit, row.net, row.carried) for row in rows} == {
        "CN-1": (D("-70.00"), 0, 0, 0, True),
        "INV-1": (D("600.00"), D("100.00"), D("20.00"), D("480.00"), False),
        "INV-2": (D("50.00"), 0, D("50.00"), 0, True),
        "ST-7": (D("99.95"), 0, 0, D("99.95"), False),
    }
    by_number = {row.number: row for row in rows}
    assert by_number["INV-1"].disputes == "D-2026-0001"
    assert by_number["INV-1"].notes == ("arrives after the due date", "first payment to this bank account")
    assert by_number["INV-1"].late
    assert (by_number["ST-7"].method, by_number["ST-7"].notes) == (
        PaymentMethod.SEPA_CREDIT,
        ("bank account is not verified",),
    )
    assert {row.number for row in soon} == {"CN-1", "INV-1", "ST-7"}
    totals = payment_run.total_by_carrier(rows)
    assert [(each.carrier, each.currency, each.bills, each.net, each.credit, each.carried) for each in totals] == [
        ("Calder Fiber", "USD", 1, D("480.00"), D("70.00"), D("0.00")),
        ("Stratum Colocation", "EUR", 1, D("99.95"), 0, 0),
    ]


def test_what_is_proposed_is_what_is_scheduled(books: Books) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    bills = [
        books.bill(account, "CN-1", ["-70.00"], bill_date=date(2026, 9, 1)),
        books.bill(account, "INV-1", ["50.00"], bill_date=date(2026, 9, 2)),
        books.bill(account, "INV-2", ["600.00"]),
    ]
    approve(books, *bills)
    with books.workspace.database.reading() as session:
        rows = [row for row in payment_run.fetch(session, payment_run.Filter(TODAY)) if not row.carried]
    payments.schedule(books.workspace, [row.invoice_id for row in rows], CLERK, TODAY)
    with books.workspace.database.reading() as session:
        scheduled = payments_query.fetch(session)
    proposed = [(row.invoice_id, row.net, row.send_on, row.pay_on) for row in rows]
    assert [(row.invoice_id, row.amount, row.send_on, row.pay_on) for row in scheduled] == proposed


def test_a_newer_bank_account_is_noted(books: Books) -> None:
    carrier = books.carrier("Calder Fiber")
    bill = books.bill(books.account(carrier, "CF-1"), "INV-1", ["600.00"])
    approve(books, bill)
    with books.workspace.database.writing() as session:
        session.add(
            CarrierBankAccount(
                carrier_id=carrier,
                currency="USD",
                method=PaymentMethod.ACH_CCD,
                routing="091000019",
                account="9",
                created_by=CLERK,
                created_at=datetime(2026, 10, 5, tzinfo=UTC),
            )
        )
    with books.workspace.database.reading() as session:
        (row,) = payment_run.fetch(session, payment_run.Filter(TODAY))
    assert row.notes == ("a newer bank account waits to be verified", "first payment to this bank account")


def test_payments_and_their_files_are_listed(books: Books) -> None:
    bill = books.bill(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    approve(books, bill)
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    with books.workspace.database.reading() as session:
        row = payments_query.fetch_one(session, 1)
        assert payments_query.fetch_one(session, 2) is None
        assert payments_query.fetch(session, payments_query.Filter(send_until=TODAY)) == []
    assert row is not None
    assert (row.status, row.send_on, row.late, row.paid_to, row.batch) == (
        PaymentStatus.SCHEDULED,
        date(2026, 10, 13),
        False,
        "",
        "",
    )
    batch_id, path = payments.release(books.workspace, [1], MANAGER, TODAY)
    with books.workspace.database.reading() as session:
        (row,) = payments_query.fetch(session, payments_query.Filter(batch_id=batch_id))
        (batch,) = payments_query.fetch_batches(session)
    assert (row.paid_to, row.batch, row.released_by) == ("…8-99", "ACH-20261006-1", MANAGER)
    assert (batch.file_name, batch.payments, batch.total, batch.waiting) == (path.name, 1, D("600.00"), 1)


def test_today_has_a_section_for_each_thing_to_do(books: Books) -> None:
    calder = books.carrier("Calder Fiber")
    account = books.account(calder, "CF-1")
    old = books.bill(account, "INV-0", ["10.00"], bill_date=date(2026, 7, 1), status=InvoiceStatus.PAID)
    with books.workspace.database.writing() as session:
        session.get_one(Invoice, old).posted_at = datetime(2026, 7, 2, tzinfo=UTC)
    overcharged = books.bill(account, "INV-1", ["600.00", "400.00"])
    books.finding(overcharged, "25.00", withhold_by=date(2026, 10, 8))
    books.finding(overcharged, "5.00", seq=2, withhold_by=date(2026, 10, 9))
    disputed = books.bill(account, "INV-2", ["300.00"], bill_date=date(2026, 9, 16))
    books.finding(disputed, "7.00", withhold_by=date(2026, 9, 30))
    disputes.open_disputes(books.workspace, MANAGER, finding_ids=[3])
    waiting = books.bill(account, "INV-3", ["50.00"], bill_date=date(2026, 9, 17), due=date(2026, 12, 24))
    approvals.submit(books.workspace, waiting, MANAGER)
    books.finding(overcharged, "0", seq=None, rule="A04", ledger=Ledger.CHECK, message="No bill since 15 August.")
    with books.workspace.database.reading() as session:
        rows = today.fetch(session, today.Filter(TODAY))
        further = today.fetch(session, today.Filter(TODAY, ahead_days=60))
    found = [(row.kind, row.subject, row.amount, row.days_left) for row in rows]
    assert found == [
        (Kind.ARRIVED, "INV-1", D("1000.00"), -5),
        (Kind.ARRIVED, "INV-2", D("300.00"), -5),
        (Kind.ARRIVED, "INV-3", D("50.00"), -5),
        (Kind.OVERCHARGED, "INV-1", D("30.00"), 2),
        (Kind.WAITING, "INV-3", D("50.00"), 79),
        (Kind.DUE, "INV-1", D("1000.00"), 9),
        (Kind.DUE, "INV-2", D("300.00"), 9),
        (Kind.MISSING, "CF-1", None, None),
    ]
    (dispute,) = [row for row in further if row.kind is Kind.DISPUTE]
    assert (dispute.subject, dispute.amount, dispute.days_left) == ("D-2026-0001", D("7.00"), 39)
    assert dispute.detail == "file by then"
    assert today.total(rows, Kind.DUE) == {"USD": D("1300.00")}
    assert next(row for row in rows if row.kind is Kind.OVERCHARGED).detail == "file by then to withhold"
    assert next(row for row in rows if row.kind is Kind.MISSING).detail == "No bill since 15 August."


def test_the_summary_keeps_currencies_apart_and_adds_up(books: Books) -> None:
    calder, stratum = books.carrier("Calder Fiber"), books.carrier("Stratum Colocation", "EUR")
    dollars = books.account(calder, "CF-1")
    first = books.bill(dollars, "INV-1", ["600.00", "400.00"], bill_date=date(2026, 8, 15))
    second = books.bill(dollars, "INV-2", ["200.00"], due=date(2026, 10, 20))
    euros = books.bill(books.account(stratum, "ST-1", "EUR"), "ST-7", ["99.95"])
    superseded = books.bill(dollars, "INV-9", ["5000.00"], status=InvoiceStatus.SUPERSEDED)
    books.finding(first, "25.00")
    books.finding(first, "5.00", seq=2, rule="A36", name="one_time_charge_repeated")
    books.finding(second, "3.00", status=FindingStatus.DISMISSED)
    books.finding(superseded, "500.00")
    books.finding(euros, "9.95")
    books.finding(euros, "7.00", rule="A05", name="balance_forward_wrong")  # a claim, but not on what is billed
    disputes.open_disputes(books.workspace, MANAGER, finding_ids=[1])
    approve(books, second)
    payments.schedule(books.workspace, [second], CLERK, TODAY)
    with books.workspace.database.reading() as session:
        rows = summary.fetch(session, summary.Filter(TODAY))
        report = summary.build_report(session, TODAY)
    assert [(row.currency, row.bills, row.billed, row.expected, row.overcharged, row.disputed) for row in rows] == [
        ("USD", 2, D("1200.00"), D("1170.00"), D("30.00"), D("25.00")),
        ("EUR", 1, D("99.95"), D("90.00"), D("16.95"), 0),
    ]
    usd = rows[0]
    assert [(part.name, part.count, part.amount) for part in usd.by_rule] == [
        ("A30 Rate above contract", 1, D("25.00")),
        ("A36 One time charge repeated", 1, D("5.00")),
    ]
    assert sum((part.amount for part in usd.by_carrier), D(0)) == usd.overcharged
    assert [(due.due, due.bills, due.amount) for due in usd.due] == [
        (date(2026, 10, 15), 1, D("975.00")),
        (date(2026, 10, 20), 1, D("200.00")),
    ]
    assert report.currencies == tuple(rows)
    assert [(cell.currency, cell.month.month, cell.amount) for cell in report.spend] == [
        ("EUR", 9, D("99.95")),
        ("USD", 8, D("1000.00")),
        ("USD", 9, D("200.00")),
    ]
    assert [(line.number, line.status, line.net) for line in report.payments] == [("INV-2", "Scheduled", D("200.00"))]
    (line,) = [line for line in report.overcharges if line.rule == "A30" and line.currency == "USD"]
    assert line.proof == (
        "Price in force on 2026-08-15: 575.00 × 1 = 575.00\nMSA-1, Schedule B, 2.1, page 14, DIA-100M from 2025-01-01"
    )
    assert {line.number: line.payable for line in report.bills} == {
        "INV-1": D("975.00"),
        "INV-2": D("200.00"),
        "ST-7": D("99.95"),
    }


def test_bills_dated_after_the_asked_day_are_not_in_the_report(books: Books) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    books.bill(account, "INV-1", ["600.00"], bill_date=date(2026, 10, 20))
    with books.workspace.database.reading() as session:
        assert summary.fetch(session, summary.Filter(TODAY)) == []
        assert summary.build_report(session, TODAY).bills == ()


def test_a_workspace_without_bills_has_an_empty_report(books: Books) -> None:
    with books.workspace.database.reading() as session:
        report = summary.build_report(session, TODAY)
        assert today.fetch(session, today.Filter(TODAY)) == []
    assert (report.company, report.currencies, report.payments) == ("Meridian Foods", (), ())
