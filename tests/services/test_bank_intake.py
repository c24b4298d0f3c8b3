"""Files of a bank on their way through the import: read in the child, stored, matched; payment files are refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.vocabulary import InvoiceStatus, PaymentStatus
from app.models.bank import BankLine
from app.models.payments import Payment
from app.services import approvals, payments, pipeline
from app.services.changes import Changes
from app.services.receipts import Outcome, Receipt
from app.services.workspace import Workspace
from tests.importers.bank_files import MT940, camt, part
from tests.services.bank_books import Bank, told
from tests.services.money_books import APPROVER, CLERK, MANAGER, TODAY, Books


@pytest.fixture
def bank(sqlite_workspace: Workspace) -> Bank:
    """A SEPA payment of 600 euro that has left in a file."""
    books = Books(sqlite_workspace).open()
    bill = books.bill(
        books.account(books.carrier("Calder Fiber", "EUR"), "C-1", "EUR"), "INV-1", ["600.00"], due=date(2026, 10, 12)
    )
    approvals.submit(sqlite_workspace, bill, MANAGER)
    approvals.approve(sqlite_workspace, bill, APPROVER)
    payments.schedule(sqlite_workspace, [bill], CLERK, TODAY)
    payments.release(sqlite_workspace, [1], APPROVER, TODAY)
    return Bank(books)


def take(bank: Bank, folder: Path, **files: bytes) -> tuple[dict[str, Receipt], Changes]:
    """Import files one after the other, as if dropped on the window."""
    found: dict[str, Receipt] = {}
    changes = Changes.NONE
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content)
        receipts, changed = pipeline.take_in(bank.books.workspace, [path], CLERK, TODAY)
        changes |= changed
        found[name] = receipts[0]
    return found, changes


def test_a_statement_that_is_imported_settles_the_payment_once(bank: Bank, tmp_path: Path) -> None:
    first = camt(part("TB-1", "600.00")).replace(b"2026-03-02", b"2026-10-09")
    second = MT940.replace("2603020302", "2610091009").replace("260302", "261009").encode()
    receipts, changes = take(bank, tmp_path, a_xml=first, b_sta=second)
    assert [one.outcome for one in receipts.values()] == [Outcome.TAKEN, Outcome.TAKEN]
    assert [told(list(one.issues)) for one in receipts.values()] == [["payments-matched"], ["statement-known"]]
    assert bank.state(1) == (PaymentStatus.SETTLED, InvoiceStatus.PAID)
    assert changes & (Changes.BANK | Changes.PAYMENTS | Changes.INVOICES)
    with bank.books.workspace.database.reading() as session:
        assert session.scalars(select(BankLine.payment_id)).all() == [1]


def test_our_own_payment_file_is_no_answer(bank: Bank, tmp_path: Path) -> None:
    (written,) = (bank.books.workspace.exports / "payments").iterdir()
    receipts, _changes = take(bank, tmp_path, own_xml=written.read_bytes())
    assert receipts["own_xml"].outcome is Outcome.REFUSED
    assert "is a payment file, not a bank's answer" in receipts["own_xml"].message
    with bank.books.workspace.database.reading() as session:
        assert session.scalars(select(Payment.status)).all() == [PaymentStatus.RELEASED]
