"""Which payments of ours a movement or an answer can be: what fits, and nothing that is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.identifiers import circuit_key, name_key
from app.domain.money import ZERO
from app.domain.vocabulary import PaymentMethod, PaymentStatus
from app.models.bank import BankLine, PaymentAnswer
from app.models.inventory import Carrier, CarrierBankAccount
from app.models.invoices import Invoice
from app.models.payments import Payment, PaymentBatch
from app.models.workspace import WorkspaceInfo

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_OURS = re.compile(r"(?<![A-Z0-9])TB-?([0-9]{1,12})(?![0-9])", re.IGNORECASE)
_TRACE = re.compile(r"[0-9]{15}")
_FILES = re.compile(r"(?<![A-Z0-9])((?:ACH|SEPA)-[0-9]{8}-[0-9]{1,4})(-[0-9]{1,4})?(?![0-9-])")
BATCH = "batch "
_EARLIER, _LATER = timedelta(days=1), timedelta(days=7)  # a bank books a file a day before, or a week after its day
_BACK = timedelta(days=90)  # what comes back may take long
_SHORTEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Known:
    """A released payment, with all by which a bank may name it. `place` is its entry's number in its batch's file,
    `block` the number of the part of the file in which it stands."""

    id: int
    amount: Decimal
    currency: str
    status: PaymentStatus
    send_on: date
    pay_on: date
    batch: str
    batch_id: int
    method: PaymentMethod
    names: tuple[str, ...]
    accounts: frozenset[str]
    place: int = 0
    block: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """The payments that a movement may be, and how that was found."""

    payments: tuple[int, ...]
    how: str


@dataclass(slots=True)
class PaymentBook:
    """All released payments, and those of them for which a movement was found already."""

    by_id: dict[int, Known] = field(default_factory=dict)
    batches: dict[str, list[Known]] = field(default_factory=dict)
    found: set[int] = field(default_factory=set)
    bank: str = ""  # the first eight digits of our bank's routing number, with which our trace numbers begin

    def named(self, *texts: str) -> list[Known]:
        """The payments whose own reference (TB-7) stands in the first of the texts that names any of them."""
        for text in texts:
            ids = dict.fromkeys(int(number) for number in _OURS.findall(text))
            if known := [self.by_id[one] for one in ids if one in self.by_id]:
                return known
        return []

    def blocks(self) -> Iterable[tuple[str, list[Known]]]:
        """Each batch, and each of its blocks where it has several: what a bank may book as one movement."""
        for number, payments in self.batches.items():
            yield f"{BATCH}{number}", payments
            parts = sorted({one.block for one in payments})
            for part in parts if len(parts) > 1 else ():
                yield f"{BATCH}{number}-{part}", [one for one in payments if one.block == part]

    def block_named(self, text: str) -> tuple[str, list[Known]] | None:
        """The batch or block whose number stands in a text; None where none or several do."""
        blocks = dict(self.blocks())
        named: dict[str, list[Known]] = {}
        for number, block in _FILES.findall(text.upper()):
            for how in (f"{BATCH}{number}{block}", f"{BATCH}{number}"):  # a file of one block has no numbers for them
                if how in blocks:
                    named[how] = blocks[how]
                    break
        return next(iter(named.items())) if len(named) == 1 else None

    def traced(self, trace: str, amount: Decimal | None) -> Known | None:
        """The payment of a NACHA trace number; None where entries of several files have it, or none."""
        if not _TRACE.fullmatch(trace) or trace[:8] != self.bank:
            return None
        fits = [
            one
            for one in self.by_id.values()
            if one.method is PaymentMethod.ACH_CCD
            and one.place == int(trace[8:])
            and (not amount or one.amount == amount)
        ]
        return fits[0] if len(fits) == 1 else None


def load_book(session: Session) -> PaymentBook:
    """All payments that have left in a file."""
    rows = session.execute(
        select(Payment, PaymentBatch.number, Carrier.name, CarrierBankAccount)
        .join(PaymentBatch, PaymentBatch.id == Payment.batch_id)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .outerjoin(CarrierBankAccount, CarrierBankAccount.id == Payment.bank_account_id)
        .order_by(PaymentBatch.id, Payment.id)
    ).all()
    book = PaymentBook(bank=session.get_one(WorkspaceInfo, 1).payer_routing[:8])
    files: dict[str, list[Known]] = {}
    for row in rows:
        files.setdefault(row.number, []).append(_known(row.Payment, row.number, row.name, row[3]))
    for number, payments in files.items():
        book.batches[number] = list(_placed(payments))
        book.by_id.update({one.id: one for one in book.batches[number]})
    booked = select(BankLine.payment_id, BankLine.matched_how).where(BankLine.amount < ZERO, BankLine.matched_how != "")
    ways = set()
    for payment_id, how in session.execute(booked):
        ways.add(how)
        if payment_id is not None:
            book.found.add(payment_id)
    for how, payments in book.blocks():
        if how in ways:
            book.found.update(one.id for one in payments)
    return book


def _known(payment: Payment, number: str, carrier: str, account: CarrierBankAccount | None) -> Known:
    names = {name_key(carrier), name_key(account.holder) if account else ""}
    accounts = {circuit_key(account.iban), circuit_key(account.account)} if account else set()
    return Known(
        id=payment.id,
        amount=payment.amount,
        currency=payment.currency,
        status=payment.status,
        send_on=payment.send_on,
        pay_on=payment.pay_on,
        batch=number,
        batch_id=payment.batch_id or 0,
        method=payment.method,
        names=tuple(sorted(name for name in names if len(name) >= _SHORTEST_NAME)),
        accounts=frozenset(accounts - {""}),
    )


def _placed(payments: Sequence[Known]) -> Iterable[Known]:
    """The payments of one file in the order in which it was written, with their places and blocks."""
    ach = payments[0].method is PaymentMethod.ACH_CCD
    days = sorted({one.pay_on if ach else one.send_on for one in payments})
    ordered = sorted(payments, key=lambda one: (one.pay_on if ach else one.send_on, f"TB-{one.id}"))
    for place, one in enumerate(ordered, start=1):
        yield replace(one, place=place, block=days.index(one.pay_on if ach else one.send_on) + 1)


def targets_of(line: BankLine, book: PaymentBook) -> tuple[list[Target], str]:
    """What a debit can be: one target where something names it, else all that fit by amount, days and payee; and what
    is wrong where something names a payment and the amount is another one."""
    amount = -line.amount
    named = [one for one in book.named(line.reference, line.text) if one.currency == line.currency]
    if named:
        if sum((one.amount for one in named), ZERO) == amount:
            return [Target(tuple(one.id for one in named), "reference")] if len(named) == 1 else [], ""
        said = " and ".join(f"TB-{one.id}" for one in named)
        paid = sum((one.amount for one in named), ZERO)
        return [], f"{said} of {paid:,.2f} {line.currency} is named by a movement of {amount:,.2f}"
    batch = book.block_named(f"{line.reference} {line.text}")
    if batch is not None:
        return _batch_targets(batch, amount, line, book)
    return [*_by_payee(line, amount, book), *_by_sum(line, amount, book)], ""


def _batch_targets(
    batch: tuple[str, list[Known]], amount: Decimal, line: BankLine, book: PaymentBook
) -> tuple[list[Target], str]:
    how, payments = batch
    inside = [(name, parts) for name, parts in book.blocks() if name == how or name.startswith(f"{how}-")]
    fits = [(name, parts) for name, parts in inside if _free_sum(parts, book, line.currency) == amount]
    if fits:
        return [Target(tuple(one.id for one in parts), name) for name, parts in fits], ""
    paid = sum((one.amount for one in payments), ZERO)
    return [], f"{how} of {paid:,.2f} {payments[0].currency} is named by a movement of {amount:,.2f}"


def _free_sum(payments: Sequence[Known], book: PaymentBook, currency: str) -> Decimal | None:
    """What the payments come to; None where one of them is found already or in another currency."""
    if any(one.id in book.found or one.currency != currency for one in payments):
        return None
    return sum((one.amount for one in payments), ZERO)


def _by_payee(line: BankLine, amount: Decimal, book: PaymentBook) -> list[Target]:
    return [
        Target((one.id,), "amount, day and payee")
        for one in book.by_id.values()
        if one.id not in book.found
        and one.status in (PaymentStatus.RELEASED, PaymentStatus.SETTLED)
        and (one.amount, one.currency) == (amount, line.currency)
        and is_near(line, one)
        and is_paid_to(line, one)
    ]


def _by_sum(line: BankLine, amount: Decimal, book: PaymentBook) -> list[Target]:
    """Files of several payments whose sum it is: such a sum is hardly met by chance."""
    return [
        Target(tuple(one.id for one in payments), how)
        for how, payments in book.blocks()
        if len(payments) > 1
        and _free_sum(payments, book, line.currency) == amount
        and any(is_near(line, one) for one in payments)
    ]


def returned_target(line: BankLine, book: PaymentBook) -> tuple[Known | None, str]:
    """The payment that a credit gives back: by its reference, else (of one that says it is a return) by amount and
    payee where only one fits."""
    named = [one for one in book.named(line.reference, line.text) if one.currency == line.currency]
    if len(named) == 1:
        if named[0].amount == line.amount:
            return named[0], ""
        return None, f"TB-{named[0].id} of {named[0].amount:,.2f} is named by a return of {line.amount:,.2f}"
    if named or not line.returned:
        return None, ""
    day = line.booked or line.valued
    fits = [
        one
        for one in book.by_id.values()
        if (one.amount, one.currency) == (line.amount, line.currency)
        and one.status in (PaymentStatus.RELEASED, PaymentStatus.SETTLED)
        and day is not None
        and one.send_on <= day <= one.pay_on + _BACK
        and is_paid_to(line, one)
    ]
    return (fits[0], "") if len(fits) == 1 else (None, "")


def is_near(line: BankLine, payment: Known) -> bool:
    """Whether a movement is booked when the payment can have been."""
    day = line.booked or line.valued
    return day is not None and payment.send_on - _EARLIER <= day <= payment.pay_on + _LATER


def is_paid_to(line: BankLine, payment: Known) -> bool:
    """Whether a movement names the payee, or the account that was paid."""
    if line.party_account and circuit_key(line.party_account) in payment.accounts:
        return True
    said = name_key(f"{line.party} {line.text}")
    return any(name in said for name in payment.names)


def answered(answer: PaymentAnswer, book: PaymentBook) -> tuple[list[Known], bool]:
    """The payments that an answer is of, and whether it is of a whole file or block; none where that is not sure."""
    if answer.reference or _TRACE.fullmatch(answer.file_reference):
        named = book.named(answer.reference)
        if len(named) == 1:
            return (named if _is_of_file(named[0], answer.file_reference, book) else []), False
        traced = book.traced(answer.file_reference, answer.amount)
        return ([traced] if traced else []), False
    batch = book.block_named(answer.file_reference) if answer.file_reference else None
    return ([], True) if batch is None else (batch[1], True)


def _is_of_file(payment: Known, file: str, book: PaymentBook) -> bool:
    """Whether the file that an answer names can be that of the payment: other programs count TB-1, TB-2 as well."""
    if not file:
        return True
    if _TRACE.fullmatch(file):
        return payment.method is PaymentMethod.ACH_CCD and file[:8] == book.bank
    batch = book.block_named(file)
    return batch is not None and any(one.id == payment.id for one in batch[1])
