"""Approved bills are scheduled, released by another person as one file, settled, returned or void: each once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.vocabulary import FindingStatus, InvoiceStatus, PaymentMethod, PaymentStatus
from app.domain.workflow import IllegalTransition
from app.models.findings import DisputeItem, Finding
from app.models.inventory import CarrierBankAccount
from app.models.invoices import Invoice
from app.models.payments import Payment, PaymentBatch
from app.models.workspace import WorkspaceInfo
from app.payments import nacha, pain001
from app.services import approvals, bank_accounts, disputes, payment_files, payments
from app.services.bank_accounts import AlreadyVerified, WrongCurrency
from app.services.changes import Changes
from app.services.duties import SamePerson
from app.services.payment_files import BatchNotReproducible, FileChanged, NoVerifiedAccount, PayerIncomplete
from app.services.payments import SeveralFiles
from app.services.reconciliation import reconcile_account
from app.services.scheduling import ApprovalStale, NotApproved, NothingToPay
from app.services.workspace import Workspace
from tests.services.money_books import APPROVER, CLERK, MANAGER, TODAY, Books


@pytest.fixture
def books(workspace: Workspace) -> Books:
    return Books(workspace).open()


@pytest.fixture
def approved(books: Books) -> Callable[..., int]:
    """Makes a bill and has it approved."""

    def make(account: int, number: str, amounts: list[str], **more: object) -> int:
        bill = books.bill(account, number, amounts, **more)  # type: ignore[arg-type]
        approve(books, bill)
        return bill

    return make


def approve(books: Books, bill: int) -> None:
    approvals.submit(books.workspace, bill, MANAGER)
    approvals.approve(books.workspace, bill, APPROVER)


def status(books: Books, bill: int) -> InvoiceStatus:
    with books.workspace.database.reading() as session:
        return session.get_one(Invoice, bill).status


def all_payments(books: Books) -> list[Payment]:
    with books.workspace.database.reading() as session:
        found = list(session.scalars(select(Payment).order_by(Payment.id)))
        session.expunge_all()
        return found


def test_a_bill_is_scheduled_so_that_the_money_is_there_in_time(books: Books, approved: Callable[..., int]) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"], due=date(2026, 10, 12))
    assert payments.schedule(books.workspace, [bill], CLERK, TODAY) == Changes.INVOICES | Changes.PAYMENTS
    (payment,) = all_payments(books)
    assert (payment.amount, payment.method) == (Decimal("600.00"), PaymentMethod.ACH_CCD)
    assert (payment.send_on, payment.pay_on) == (date(2026, 10, 7), date(2026, 10, 9))
    assert status(books, bill) is InvoiceStatus.SCHEDULED
    assert payments.schedule(books.workspace, [bill], CLERK, TODAY) is Changes.NONE
    assert len(all_payments(books)) == 1


def test_without_a_due_date_the_contract_says_when(books: Books, approved: Callable[..., int]) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    bill = approved(account, "INV-1", ["600.00"], due=None, bill_date=date(2026, 9, 23))
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    assert all_payments(books)[0].pay_on == date(2026, 10, 23)


def test_what_is_not_approved_is_not_scheduled_and_nothing_else_with_it(
    books: Books, approved: Callable[..., int]
) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    good, bad = approved(account, "INV-1", ["600.00"]), books.bill(account, "INV-2", ["10.00"])
    with pytest.raises(NotApproved, match="bill INV-2 of Calder Fiber is audited and nobody has approved"):
        payments.schedule(books.workspace, [good, bad], CLERK, TODAY)
    assert all_payments(books) == []


def test_a_dispute_after_the_approval_voids_it(books: Books, approved: Callable[..., int]) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    books.finding(bill, "100.00")
    disputes.open_disputes(books.workspace, MANAGER)
    with pytest.raises(ApprovalStale, match=r"approved 600.00 USD: now 500.00 USD is payable and 100.00 USD withheld"):
        payments.schedule(books.workspace, [bill], CLERK, TODAY)
    approvals.send_back(books.workspace, bill, CLERK, "disputed since")
    approve(books, bill)
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    assert all_payments(books)[0].amount == Decimal("500.00")


def test_a_draft_not_filed_in_time_no_longer_withholds(books: Books) -> None:
    bill = books.bill(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    books.finding(bill, "100.00", withhold_by=date(2026, 10, 8))
    disputes.open_disputes(books.workspace, MANAGER)
    approve(books, bill)
    with pytest.raises(ApprovalStale, match=r"now 600.00 USD is payable and 0.00 USD withheld"):
        payments.schedule(books.workspace, [bill], CLERK, date(2026, 10, 9))
    disputes.file_dispute(books.workspace, 1, MANAGER, TODAY)
    payments.schedule(books.workspace, [bill], CLERK, date(2026, 10, 9))


def test_credits_of_the_account_are_set_off_and_never_paid(books: Books, approved: Callable[..., int]) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    credit = approved(account, "CN-1", ["-50.00"], bill_date=date(2026, 9, 1))
    small = approved(account, "INV-1", ["30.00"], bill_date=date(2026, 9, 2))
    with pytest.raises(NothingToPay, match="bill CN-1 of Calder Fiber has nothing to pay now: it is a credit"):
        payments.schedule(books.workspace, [credit], CLERK, TODAY)
    with pytest.raises(NothingToPay, match=r"credits of 50.00 USD on the account cover it"):
        payments.schedule(books.workspace, [small], CLERK, TODAY)
    large = approved(account, "INV-2", ["100.00"], bill_date=date(2026, 9, 3))
    payments.schedule(books.workspace, [credit, large], CLERK, TODAY)
    (payment,) = all_payments(books)
    assert (payment.invoice_id, payment.amount, payment.credit) == (large, Decimal("80.00"), Decimal("20.00"))
    with pytest.raises(NothingToPay, match=r"credits of 30.00 USD on the account cover it"):
        payments.schedule(books.workspace, [small], CLERK, TODAY)


def test_only_the_first_bill_of_an_account_pays_its_opening_balance(books: Books, approved: Callable[..., int]) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    first = approved(account, "INV-1", ["100.00"], bill_date=date(2026, 8, 15), previous="80.00", payments="-60.00")
    second = approved(account, "INV-2", ["100.00"], previous="120.00", payments="0")
    payments.schedule(books.workspace, [second, first], CLERK, TODAY)
    assert {payment.invoice_id: payment.amount for payment in all_payments(books)} == {
        first: Decimal("120.00"),
        second: Decimal("100.00"),
    }


def test_a_release_writes_one_file_that_says_what_the_store_says(books: Books, approved: Callable[..., int]) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    bills = [approved(account, f"INV-{n}", [f"{n}00.50"]) for n in (1, 2)]
    payments.schedule(books.workspace, bills, CLERK, TODAY)
    batch_id, path = payments.release(books.workspace, [1, 2], MANAGER, TODAY)
    content = path.read_bytes()
    with books.workspace.database.reading() as session:
        batch = session.get_one(PaymentBatch, batch_id)
        session.expunge_all()
    assert batch.file_sha256 == hashlib.sha256(content).hexdigest()
    assert (batch.number, batch.total, batch.payment_count) == ("ACH-20261006-1", Decimal("301.00"), 2)
    entries = [entry for made in nacha.parse(content).batches for entry in made.entries]
    assert [(entry.identification, entry.cents, entry.account) for entry in entries] == [
        ("TB-1", 10050, "744-5678-99"),
        ("TB-2", 20050, "744-5678-99"),
    ]
    assert entries[0].remittance == "RMR*IV*INV-1**100.50\\REF*12*CF-1\\"
    assert path.parent == books.workspace.exports / "payments"
    assert [payment.status for payment in all_payments(books)] == [PaymentStatus.RELEASED] * 2
    if os.name == "posix":
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [file.name for file in path.parent.iterdir()] == ["ACH-20261006-1.ach"]


def test_an_account_in_euro_is_paid_by_sepa(books: Books, approved: Callable[..., int]) -> None:
    account = books.account(books.carrier("Stratum Colocation", "EUR"), "ST-1", "EUR")
    bill = approved(account, "ST-7", ["99.95"])
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    _, path = payments.release(books.workspace, [1], MANAGER, TODAY)
    facts, count, total = pain001.parse(path.read_bytes())
    assert (count, total, path.suffix) == (1, Decimal("99.95"), ".xml")
    assert facts[0][:3] == ("TB-1", "Stratum Colocation", "FR1420041010050500013M02606")


def test_the_scheduler_cannot_release_nor_who_entered_the_bank_account(
    books: Books, approved: Callable[..., int]
) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    with pytest.raises(SamePerson, match="Omar Reyes scheduled bill INV-1 of Calder Fiber and cannot release it"):
        payments.release(books.workspace, [1], CLERK, TODAY)
    with books.workspace.database.writing() as session:
        session.scalars(select(CarrierBankAccount)).one().created_by = MANAGER
    with pytest.raises(SamePerson, match="Dana Whitfield entered the bank account of Calder Fiber and cannot release"):
        payments.release(books.workspace, [1], MANAGER, TODAY)
    assert all_payments(books)[0].status is PaymentStatus.SCHEDULED
    assert not (books.workspace.exports / "payments").exists()
    payments.release(books.workspace, [1], APPROVER, TODAY)


def test_only_a_verified_bank_account_is_paid(books: Books, approved: Callable[..., int]) -> None:
    carrier = books.carrier("Calder Fiber", bank=None)
    bill = approved(books.account(carrier, "CF-1"), "INV-1", ["600.00"])
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    with pytest.raises(NoVerifiedAccount, match="Calder Fiber has no verified bank account for ACH CCD in USD"):
        payments.release(books.workspace, [1], MANAGER, TODAY)
    added, _ = bank_accounts.add_bank_account(
        books.workspace, carrier, "USD", CLERK, routing="231380104", account="99-1"
    )
    with pytest.raises(NoVerifiedAccount, match="Omar Reyes has entered one, and Dana Whitfield or Priya Nair can"):
        payments.release(books.workspace, [1], MANAGER, TODAY)
    with pytest.raises(SamePerson, match="Omar Reyes entered bank account …99-1 of Calder Fiber and cannot verify it"):
        bank_accounts.verify_bank_account(books.workspace, added, CLERK)
    bank_accounts.verify_bank_account(books.workspace, added, APPROVER)
    with pytest.raises(AlreadyVerified, match="Priya Nair"):
        bank_accounts.verify_bank_account(books.workspace, added, MANAGER)
    payments.release(books.workspace, [1], MANAGER, TODAY)
    assert all_payments(books)[0].bank_account_id == added


def test_bank_details_are_checked_when_they_are_entered(books: Books) -> None:
    carrier = books.carrier("Calder Fiber", bank=None)
    with pytest.raises(WrongCurrency, match="SEPA CREDIT is in EUR, not in USD"):
        bank_accounts.add_bank_account(books.workspace, carrier, "USD", CLERK, iban="DE89370400440532013000")
    with pytest.raises(Exception, match="'231380105' is not an ABA routing number"):
        bank_accounts.add_bank_account(books.workspace, carrier, "USD", CLERK, routing="231380105", account="1")
    with pytest.raises(Exception, match="not an IBAN"):
        bank_accounts.set_payer(books.workspace, CLERK, name="Meridian Foods", iban="DE00")
    assert (
        bank_accounts.set_payer(books.workspace, CLERK, name="Meridian Foods", routing="031300012", company_id="1")
        == Changes.SETTINGS | Changes.PAYMENTS
    )


def test_without_our_own_details_nothing_is_released(books: Books, approved: Callable[..., int]) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    with books.workspace.database.writing() as session:
        session.get_one(WorkspaceInfo, 1).payer_company_id = ""
    with pytest.raises(PayerIncomplete, match="lack the company id for ACH"):
        payments.release(books.workspace, [1], MANAGER, TODAY)
    assert all_payments(books)[0].status is PaymentStatus.SCHEDULED


def test_methods_and_currencies_leave_in_files_of_their_own(books: Books, approved: Callable[..., int]) -> None:
    dollars = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    euros = approved(books.account(books.carrier("Stratum Colocation", "EUR"), "ST-1", "EUR"), "ST-7", ["99.95"])
    payments.schedule(books.workspace, [dollars, euros], CLERK, TODAY)
    with pytest.raises(SeveralFiles, match="ACH CCD in USD and SEPA CREDIT in EUR"):
        payments.release(books.workspace, [1, 2], MANAGER, TODAY)
    written = payments.release_each(books.workspace, [1, 2], MANAGER, TODAY)
    assert [path.name for _, path in written] == ["ACH-20261006-1.ach", "SEPA-20261006-1.xml"]


def test_a_payment_whose_day_has_passed_moves_to_the_next_one(books: Books, approved: Callable[..., int]) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"], due=date(2026, 10, 9))
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    _, path = payments.release(books.workspace, [1], MANAGER, date(2026, 10, 9))
    assert nacha.parse(path.read_bytes()).batches[0].effective == date(2026, 10, 14)
    assert (all_payments(books)[0].send_on, all_payments(books)[0].pay_on) == (date(2026, 10, 9), date(2026, 10, 14))


def test_a_lost_file_is_written_again_and_a_changed_one_is_seen(books: Books, approved: Callable[..., int]) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    batch_id, path = payments.release(books.workspace, [1], MANAGER, TODAY)
    original = path.read_bytes()
    path.unlink()
    assert payment_files.export_file(books.workspace, batch_id).read_bytes() == original
    path.write_bytes(original.replace(b"744-5678-99", b"744-5678-98"))
    with pytest.raises(FileChanged, match="Do not send it"):
        payment_files.export_file(books.workspace, batch_id)
    path.unlink()
    with books.workspace.database.writing() as session:
        session.get_one(WorkspaceInfo, 1).payer_name = "Another Company"
    with pytest.raises(BatchNotReproducible, match="ACH-20261006-1"):
        payment_files.export_file(books.workspace, batch_id)


def test_a_settled_batch_pays_its_bills(books: Books, approved: Callable[..., int]) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    batch_id, _ = payments.release(books.workspace, [1], MANAGER, TODAY)
    payments.settle(books.workspace, batch_id, CLERK)
    assert status(books, bill) is InvoiceStatus.PAID
    assert all_payments(books)[0].status is PaymentStatus.SETTLED
    with pytest.raises(payments.BatchNotReleased, match="ACH-20261006-1"):
        payments.settle(books.workspace, batch_id, CLERK)


@pytest.mark.parametrize("settled_before", [False, True])
def test_a_returned_payment_opens_its_bill_again(
    books: Books, approved: Callable[..., int], settled_before: bool
) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    batch_id, _ = payments.release(books.workspace, [1], MANAGER, TODAY)
    if settled_before:
        payments.settle(books.workspace, batch_id, CLERK)
    payments.mark_returned(books.workspace, 1, CLERK, "R03 no account")
    assert status(books, bill) is InvoiceStatus.APPROVED
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    assert [(payment.status, payment.amount) for payment in all_payments(books)] == [
        (PaymentStatus.RETURNED, Decimal("600.00")),
        (PaymentStatus.SCHEDULED, Decimal("600.00")),
    ]


def test_a_scheduled_payment_can_be_taken_back_and_a_released_one_not(
    books: Books, approved: Callable[..., int]
) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    payments.void(books.workspace, 1, CLERK, "wrong day")
    assert status(books, bill) is InvoiceStatus.APPROVED
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    payments.release(books.workspace, [2], MANAGER, TODAY)
    with pytest.raises(IllegalTransition, match=r"payment 2 of 600.00 USD is released and cannot become void"):
        payments.void(books.workspace, 2, CLERK, "too late")
    with pytest.raises(IllegalTransition, match=r"payment 2 of 600.00 USD is released and cannot become released"):
        payments.release(books.workspace, [2], MANAGER, TODAY)


def test_a_denied_dispute_leaves_a_rest_that_is_approved_and_paid(books: Books) -> None:
    bill = books.bill(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00", "400.00"])
    books.finding(bill, "100.00")
    (dispute,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.file_dispute(books.workspace, dispute, MANAGER, TODAY)
    approve(books, bill)
    with books.workspace.database.reading() as session:
        assert session.scalars(select(DisputeItem.withheld)).one() == Decimal("100.00")
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    batch_id, _ = payments.release(books.workspace, [1], MANAGER, TODAY)
    payments.settle(books.workspace, batch_id, CLERK)
    with pytest.raises(approvals.NothingLeftToPay, match="bill INV-1 of Calder Fiber is paid"):
        approvals.submit(books.workspace, bill, MANAGER)
    disputes.record_answer(books.workspace, dispute, Decimal(0), "no", MANAGER)
    approve(books, bill)
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    assert [payment.amount for payment in all_payments(books)] == [Decimal("900.00"), Decimal("100.00")]
    batch_id, _ = payments.release(books.workspace, [2], MANAGER, TODAY)
    payments.settle(books.workspace, batch_id, CLERK)
    assert status(books, bill) is InvoiceStatus.PAID


def test_a_credit_for_what_was_withheld_is_not_taken_twice(books: Books) -> None:
    """100 of 1,000 withheld, granted, and credited on the next bill of 1,000: both bills cost 1,900, not 1,800."""
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    first = books.bill(account, "INV-1", ["1000.00"])
    books.finding(first, "100.00")
    (dispute,), _ = disputes.open_disputes(books.workspace, MANAGER)
    disputes.file_dispute(books.workspace, dispute, MANAGER, TODAY)
    approve(books, first)
    disputes.record_answer(books.workspace, dispute, Decimal("100.00"), "CLM-1", MANAGER)
    payments.schedule(books.workspace, [first], CLERK, TODAY)  # granted, and still not paid: the credit is to come
    second = books.bill(account, "INV-2", ["1000.00", "-100.00"], bill_date=date(2026, 10, 15), due=date(2026, 11, 14))
    assert Changes.DISPUTES in reconcile_account(books.workspace, account)
    approve(books, second)
    payments.schedule(books.workspace, [second], CLERK, TODAY)
    assert [payment.amount for payment in all_payments(books)] == [Decimal("900.00"), Decimal("1000.00")]
    with books.workspace.database.reading() as session:
        assert session.scalars(select(Finding.status)).one() is FindingStatus.CREDITED


def test_a_file_that_cannot_be_built_leaves_everything_as_it_was(
    books: Books, approved: Callable[..., int], tmp_path: Path
) -> None:
    bill = approved(books.account(books.carrier("Calder Fiber"), "B" * 60), "INV-1", ["600.00"])
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    with pytest.raises(nacha.RemittanceTooLong, match="pay this bill by another method"):
        payments.release(books.workspace, [1], MANAGER, TODAY)
    with books.workspace.database.reading() as session:
        assert session.scalars(select(PaymentBatch)).all() == []
    assert all_payments(books)[0].status is PaymentStatus.SCHEDULED


def test_a_wrong_balance_forward_is_disputed_but_not_taken_off_what_is_paid(
    books: Books, approved: Callable[..., int]
) -> None:
    """The balance is no part of the payment; its credit on a later bill must not lower that one's payment either."""
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    approved(account, "INV-0", ["10.00"], bill_date=date(2026, 8, 15))
    bill = books.bill(account, "INV-1", ["600.00"], previous="250.00")
    books.finding(bill, "250.00", seq=None, rule="A05", name="balance_forward_wrong")
    (dispute,), _ = disputes.open_disputes(books.workspace, MANAGER)
    approve(books, bill)
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    assert all_payments(books)[0].amount == Decimal("600.00")
    disputes.file_dispute(books.workspace, dispute, MANAGER, TODAY)
    disputes.record_answer(books.workspace, dispute, Decimal("250.00"), "CLM-1", MANAGER)
    later = books.bill(account, "INV-2", ["600.00", "-250.00"], bill_date=date(2026, 10, 15))
    reconcile_account(books.workspace, account)
    assert approvals.review(books.workspace, later).payable.amount == Decimal("600.00")


def test_a_total_beyond_its_charges_is_withheld_where_it_is_in_the_charges_total(books: Books) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    bill = books.bill(account, "INV-1", ["600.00"])
    with books.workspace.database.writing() as session:
        found = session.get_one(Invoice, bill)
        found.current_charges, found.total_due = Decimal("620.00"), Decimal("650.00")
    books.finding(bill, "50.00", seq=None, rule="A01", name="does_not_foot")
    disputes.open_disputes(books.workspace, MANAGER)
    assert approvals.review(books.workspace, bill).payable.amount == Decimal("600.00")


def test_a_credit_in_one_currency_is_not_set_off_in_another(books: Books, approved: Callable[..., int]) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    credit = approved(account, "CN-1", ["-50.00"], bill_date=date(2026, 9, 1))
    bill = approved(account, "INV-1", ["100.00"], bill_date=date(2026, 9, 2))
    with books.workspace.database.writing() as session:
        session.get_one(Invoice, credit).currency = "EUR"
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    (payment,) = all_payments(books)
    assert (payment.amount, payment.credit) == (Decimal("100.00"), Decimal("0.00"))


def test_a_bill_that_comes_after_its_balance_was_paid_is_not_paid_again(
    books: Books, approved: Callable[..., int]
) -> None:
    """The first bill known carries 500.00 of the one before, which is paid with it and arrives later."""
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    second = approved(account, "INV-2", ["600.00"], bill_date=date(2026, 9, 15), previous="500.00")
    payments.schedule(books.workspace, [second], CLERK, TODAY)
    (payment,) = all_payments(books)
    assert payment.amount == Decimal("1100.00")
    batch, _ = payments.release(books.workspace, [payment.id], MANAGER, TODAY)
    payments.settle(books.workspace, batch, CLERK)
    first = approved(account, "INV-1", ["500.00"], bill_date=date(2026, 8, 15))
    with pytest.raises(NothingToPay, match=r"credits of 500.00 USD on the account cover it"):
        payments.schedule(books.workspace, [first], CLERK, TODAY)


def test_a_credit_note_before_it_does_not_take_the_opening_balance_of_the_first_bill(
    books: Books, approved: Callable[..., int]
) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    books.bill(account, "CN-1", ["-50.00"], bill_date=date(2026, 9, 1))
    bill = approved(account, "INV-1", ["100.00"], bill_date=date(2026, 9, 15), previous="30.00")
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    assert [payment.amount for payment in all_payments(books)] == [Decimal("130.00")]
