"""Two windows pay the same bill at the same moment: it is paid once."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text

from app.domain.vocabulary import PaymentStatus
from app.models.payments import Payment, PaymentBatch
from app.payments import nacha
from app.services import approvals
from app.services.workspace import Workspace
from tests.services.money_books import APPROVER, CLERK, MANAGER, Books
from tests.services.racers import race

BILLS = 8


@pytest.mark.timeout(240)
def test_a_bill_raced_by_two_processes_is_paid_once(workspace: Workspace) -> None:
    books = Books(workspace).open()
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    bills = [books.bill(account, f"INV-{place}", [f"{place}.25"]) for place in range(1, BILLS + 1)]
    for bill in bills:
        approvals.submit(workspace, bill, MANAGER)
        approvals.approve(workspace, bill, APPROVER)
    workspace.close()  # each process opens it for itself
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(2), context.Queue()
    processes = [
        context.Process(target=race, args=(workspace.folder, barrier, bills, CLERK, MANAGER, results)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    seen = Counter(results.get(timeout=100)) + Counter(results.get(timeout=100))
    for process in processes:
        process.join(30)
    assert seen == {
        "scheduled": BILLS,
        "was scheduled": BILLS,
        "released": BILLS,
        "release refused: IllegalTransition": BILLS,
    }
    with workspace.database.reading() as session:
        paid = dict(
            session.execute(select(Payment.invoice_id, func.count(Payment.id)).group_by(Payment.invoice_id)).all()
        )
        assert paid == dict.fromkeys(bills, 1)
        assert set(session.scalars(select(Payment.status))) == {PaymentStatus.RELEASED}
        assert session.scalar(select(func.sum(Payment.amount))) == sum(Decimal(f"{n}.25") for n in range(1, BILLS + 1))
        numbers = sorted(session.scalars(select(PaymentBatch.number)))
    assert len(numbers) == len(set(numbers)) == BILLS
    files = list((workspace.exports / "payments").glob("*.ach"))
    entries = [
        entry.identification
        for file in files
        for batch in nacha.parse(file.read_bytes()).batches
        for entry in batch.entries
    ]
    assert sorted(entries) == sorted(f"TB-{place}" for place in range(1, BILLS + 1))


def test_reading_before_the_transaction_begins_would_pay_twice(sqlite_workspace: Workspace) -> None:
    """The negative control: what the driver does when left alone. Both read first, and begin only when they write."""
    books = Books(sqlite_workspace).open()
    bill = books.bill(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    windows = [sqlite_workspace.database.engine.raw_connection() for _ in range(2)]
    unpaid = "SELECT count(*) FROM payments WHERE invoice_id = ?"
    insert = (
        "INSERT INTO payments (invoice_id, account_id, amount, credit, currency, method, status, send_on, pay_on,"
        " idempotency_key, scheduled_by, scheduled_at, version)"
        " SELECT id, account_id, current_charges, 0, currency, 'ach_ccd', 'scheduled', '2026-10-07', '2026-10-09',"
        " ?, 'Omar Reyes', '2026-10-06 00:00:00', 1 FROM invoices WHERE id = ?"
    )
    answers = [window.cursor().execute(unpaid, (bill,)).fetchone()[0] for window in windows]
    for place, window in enumerate(windows):
        if answers[place] == 0:
            window.cursor().execute(insert, (f"window {place}", bill))
    for window in windows:
        window.close()
    with sqlite_workspace.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM payments")) == 2
