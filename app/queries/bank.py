"""What banks have told: statements, their movements with what each is, and answers to our payment files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.money import ZERO
from app.domain.stored import source_from_text
from app.domain.vocabulary import AnswerKind, PaymentStatus, StatementKind
from app.models.bank import BankLine, BankStatement, PaymentAnswer
from app.models.documents import SourceDocument
from app.models.inventory import Carrier
from app.models.invoices import Invoice
from app.models.payments import Payment, PaymentBatch
from app.payments.identifiers import masked

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_BATCH = "batch "
_SET_ASIDE, _TAKEN_BACK = "set aside", "taken back"


class LineState(StrEnum):
    """What a movement is to us."""

    UNEXPLAINED = "unexplained"  # money left that no payment of ours explains
    MATCHED = "matched"
    RETURNED = "returned"
    SET_ASIDE = "set aside"
    CREDIT = "money in"
    ANNOUNCED = "announced"  # not booked yet


@dataclass(frozen=True, slots=True)
class Row:
    """One movement. The bill is that of its payment; of a whole file, `bills` says how many."""

    id: int
    statement_id: int
    booked: date | None
    valued: date | None
    amount: Decimal
    currency: str
    account: str
    party: str
    reference: str
    bank_reference: str
    text: str
    code: str
    returned: str
    state: LineState
    how: str
    matched_by: str
    payment_id: int | None
    invoice_id: int | None
    carrier: str
    bills: str
    document: str
    place: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement. `difference` is closing − opening − Σ movements, None where a balance is missing or movements of
    it were told by another file."""

    id: int
    kind: StatementKind
    account: str
    bank: str
    currency: str
    number: str
    day: date | None
    opening: Decimal | None
    closing: Decimal | None
    lines: int
    moved: Decimal
    unexplained: int
    document: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What the bank said of a payment, or of a whole file where `payment_id` is None."""

    id: int
    kind: AnswerKind
    day: date | None
    reference: str
    file_reference: str
    amount: Decimal | None
    currency: str
    code: str
    reason: str
    party: str
    change: str
    payment_id: int | None
    invoice_id: int | None
    carrier: str
    number: str
    batch: str
    document: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A payment that a person may say a movement is."""

    payment_id: int
    carrier: str
    number: str
    amount: Decimal
    currency: str
    pay_on: date
    batch: str


@dataclass(frozen=True, slots=True)
class _Paid:
    """A payment's bill."""

    invoice_id: int
    carrier: str
    number: str


def fetch(session: Session) -> list[Row]:
    """All movements, the latest first."""
    rows = session.execute(
        select(BankLine, BankStatement.account, SourceDocument.name)
        .join(BankStatement, BankStatement.id == BankLine.statement_id)
        .join(SourceDocument, SourceDocument.id == BankStatement.document_id)
        .order_by(func.coalesce(BankLine.booked, BankLine.valued).desc(), BankLine.id.desc())
    ).all()
    paid = _load_paid(session)
    files = _count_files(session)
    return [_row(row.BankLine, row.account, row.name, paid, files) for row in rows]


def fetch_statements(session: Session) -> list[StatementRow]:
    """All statements, the latest first."""
    moved: dict[int, Decimal] = defaultdict(lambda: ZERO)
    counts: dict[int, int] = defaultdict(int)
    unexplained: dict[int, int] = defaultdict(int)
    for line in session.scalars(select(BankLine)):
        counts[line.statement_id] += 1
        if line.booked is not None:
            moved[line.statement_id] += line.amount
        unexplained[line.statement_id] += _state(line) is LineState.UNEXPLAINED
    rows = session.execute(
        select(BankStatement, SourceDocument.name)
        .join(SourceDocument, SourceDocument.id == BankStatement.document_id)
        .order_by(BankStatement.day.desc(), BankStatement.id.desc())
    ).all()
    return [
        StatementRow(
            id=one.id,
            kind=one.kind,
            account=masked(one.account),
            bank=one.bank,
            currency=one.currency,
            number=one.number,
            day=one.day or one.closing_day,
            opening=one.opening,
            closing=one.closing,
            lines=counts[one.id],
            moved=moved[one.id],
            unexplained=unexplained[one.id],
            document=name,
        )
        for one, name in rows
    ]


def fetch_answers(session: Session) -> list[AnswerRow]:
    """All answers, the latest first."""
    paid = _load_paid(session)
    rows = session.execute(
        select(PaymentAnswer, SourceDocument.name, PaymentBatch.number)
        .join(SourceDocument, SourceDocument.id == PaymentAnswer.document_id)
        .outerjoin(PaymentBatch, PaymentBatch.id == PaymentAnswer.batch_id)
        .order_by(PaymentAnswer.id.desc())
    ).all()
    found = []
    for one, document, batch in rows:
        bill = paid.get(one.payment_id or 0)
        found.append(
            AnswerRow(
                id=one.id,
                kind=one.kind,
                day=one.day or one.told_at.date(),
                reference=one.reference,
                file_reference=one.file_reference,
                amount=one.amount,
                currency=one.currency,
                code=one.code,
                reason=one.reason,
                party=one.party,
                change=one.change,
                payment_id=one.payment_id,
                invoice_id=bill.invoice_id if bill else None,
                carrier=bill.carrier if bill else "",
                number=bill.number if bill else "",
                batch=batch or "",
                document=document,
            )
        )
    return found


def fetch_candidates(session: Session, line_id: int) -> list[Candidate]:
    """The payments of the movement's amount and currency that it can be, those of the nearest day first."""
    line = session.get(BankLine, line_id)
    if line is None:
        return []
    wanted = [PaymentStatus.RELEASED, PaymentStatus.SETTLED, PaymentStatus.RETURNED]
    rows = session.execute(
        select(Payment, PaymentBatch.number.label("batch"), Invoice.number, Carrier.name)
        .join(PaymentBatch, PaymentBatch.id == Payment.batch_id)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .where(Payment.amount == abs(line.amount), Payment.currency == line.currency, Payment.status.in_(wanted))
    ).all()
    way = BankLine.amount < ZERO if line.amount < ZERO else BankLine.amount > ZERO
    taken = set(session.scalars(select(BankLine.payment_id).where(way, BankLine.payment_id.is_not(None))))
    day = line.booked or line.valued or date.max
    found = [
        Candidate(
            row.Payment.id,
            row.name,
            row.number,
            row.Payment.amount,
            row.Payment.currency,
            row.Payment.pay_on,
            row.batch,
        )
        for row in rows
        if row.Payment.id not in taken
    ]
    return sorted(found, key=lambda one: (abs((one.pay_on - day).days), one.payment_id))


def count_unexplained(session: Session) -> int:
    """How many movements took money away that no payment of ours explains."""
    wanted = select(func.count()).select_from(BankLine)
    found = session.scalar(
        wanted.where(
            BankLine.amount < ZERO,
            BankLine.booked.is_not(None),
            BankLine.payment_id.is_(None),
            BankLine.matched_how.in_(("", _TAKEN_BACK)),
        )
    )
    return found or 0


def _state(line: BankLine) -> LineState:
    if line.booked is None:
        return LineState.ANNOUNCED
    if line.matched_how == _SET_ASIDE:
        return LineState.SET_ASIDE
    if line.payment_id is not None or line.matched_how.startswith(_BATCH):
        return LineState.MATCHED if line.amount < ZERO else LineState.RETURNED
    return LineState.UNEXPLAINED if line.amount < ZERO else LineState.CREDIT


def _row(line: BankLine, account: str, document: str, paid: dict[int, _Paid], files: dict[str, int]) -> Row:
    bill = paid.get(line.payment_id or 0)
    number = line.matched_how.removeprefix(_BATCH)
    whole = line.matched_how.startswith(_BATCH)
    several = f"{files[number]} bills of {number}" if files.get(number) else f"the bills of {number}"
    return Row(
        id=line.id,
        statement_id=line.statement_id,
        booked=line.booked,
        valued=line.valued,
        amount=line.amount,
        currency=line.currency,
        account=masked(account),
        party=line.party,
        reference=line.reference,
        bank_reference=line.bank_reference,
        text=line.text,
        code=line.code,
        returned=line.returned,
        state=_state(line),
        how=line.matched_how,
        matched_by=line.matched_by,
        payment_id=line.payment_id,
        invoice_id=bill.invoice_id if bill else None,
        carrier=bill.carrier if bill else "",
        bills=bill.number if bill else several if whole else "",
        document=document,
        place=source_from_text(line.source).describe(),
    )


def _load_paid(session: Session) -> dict[int, _Paid]:
    """The bill of each payment for which the bank has told anything."""
    told = select(BankLine.payment_id).where(BankLine.payment_id.is_not(None))
    answered = select(PaymentAnswer.payment_id).where(PaymentAnswer.payment_id.is_not(None))
    rows = session.execute(
        select(Payment.id, Invoice.id.label("bill"), Invoice.number, Carrier.name)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .where(Payment.id.in_(told.union(answered)))
    ).all()
    return {row.id: _Paid(row.bill, row.name, row.number) for row in rows}


def _count_files(session: Session) -> dict[str, int]:
    return {
        row.number: row.payment_count
        for row in session.execute(select(PaymentBatch.number, PaymentBatch.payment_count))
    }
