"""The workspace in figures, per currency, and everything that the reports show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.db.payables import BALANCE_RULE, load_due_dates, load_payables
from app.domain.money import ZERO
from app.domain.period import month_start
from app.domain.proof import Proof
from app.domain.stored import proof_from_text
from app.domain.vocabulary import FindingStatus, InvoiceStatus, Ledger, PaymentStatus
from app.models.findings import Finding
from app.models.payments import Payment
from app.models.workspace import WorkspaceInfo
from app.payments.payable import Payable
from app.queries import bills, disputes, findings, payment_run, payments
from app.reports.data import (
    BillLine,
    CurrencySummary,
    DisputeLine,
    DueAmount,
    NamedAmount,
    OverchargeLine,
    PaymentLine,
    ReportData,
    SpendCell,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Row = CurrencySummary
_DISPUTED = (FindingStatus.DISPUTED, FindingStatus.CREDITED)
_SETTLED = (InvoiceStatus.PAID, InvoiceStatus.RECONCILED)


@dataclass(frozen=True, slots=True)
class Filter:
    """As of which day."""

    as_of: date


def fetch(session: Session, wanted: Filter) -> list[Row]:
    """The figures of each currency in which there are bills, the workspace's own first."""
    return list(_Figures(session, wanted.as_of).summaries())


def build_report(session: Session, as_of: date) -> ReportData:
    """Everything that the workbook and the page show."""
    figures = _Figures(session, as_of)
    return ReportData(
        company=session.get_one(WorkspaceInfo, 1).company,
        as_of=as_of,
        currencies=tuple(figures.summaries()),
        bills=tuple(figures.bill_lines()),
        overcharges=tuple(figures.overcharge_lines(session)),
        disputes=tuple(_dispute_lines(session)),
        payments=tuple(_payment_lines(session, as_of)),
        spend=tuple(figures.spend()),
    )


class _Figures:
    """The bills and claims of a workspace, read once."""

    def __init__(self, session: Session, as_of: date) -> None:
        self.bills = [bill for bill in bills.fetch(session, bills.Filter()) if bill.bill_date <= as_of]
        ids = [bill.id for bill in self.bills]
        known = set(ids)
        self.claims = [
            finding
            for finding in findings.fetch(session, findings.Filter(statuses=bills.LIVE, ledgers=(Ledger.ERROR,)))
            if finding.claim > 0 and finding.invoice_id in known
        ]
        self.payables: dict[int, Payable] = load_payables(session, ids, as_of)
        self.due = load_due_dates(session, ids)
        self.sending: dict[int, Decimal] = {
            row.invoice_id: row.amount
            for row in session.execute(
                select(Payment.invoice_id, func.sum(Payment.amount).label("amount"))
                .where(Payment.status.in_((PaymentStatus.SCHEDULED, PaymentStatus.RELEASED)))
                .group_by(Payment.invoice_id)
            )
        }
        self.disputes = disputes.fetch(session)
        self.own_currency = session.get_one(WorkspaceInfo, 1).currency

    def summaries(self) -> Iterable[CurrencySummary]:
        currencies = {bill.currency for bill in self.bills}
        for currency in sorted(currencies, key=lambda code: (code != self.own_currency, code)):
            owned = [bill for bill in self.bills if bill.currency == currency]
            claims = [claim for claim in self.claims if claim.currency == currency]
            billed = sum((bill.billed for bill in owned), ZERO)
            overcharged = sum((claim.claim for claim in claims), ZERO)
            carried = sum((claim.claim for claim in claims if claim.rule == BALANCE_RULE), ZERO)
            yield CurrencySummary(
                currency=currency,
                bills=len(owned),
                billed=billed,
                expected=billed - (overcharged - carried),
                overcharged=overcharged,
                disputed=sum((claim.claim for claim in claims if claim.status in _DISPUTED), ZERO),
                credited=sum((each.granted for each in self.disputes if each.currency == currency), ZERO),
                by_rule=_grouped((f"{claim.rule} {_in_words(claim.rule_name)}", claim.claim) for claim in claims),
                by_carrier=_grouped((claim.carrier, claim.claim) for claim in claims),
                due=tuple(self._due(owned)),
            )

    def _due(self, owned: list[bills.Row]) -> Iterable[DueAmount]:
        """What is not paid yet, by due date: bills whose money has not left, held ones included."""
        days: dict[date, list[Decimal]] = defaultdict(list)
        for bill in owned:
            amount = self._unsettled(bill)
            if amount > 0:
                days[self.due[bill.id]].append(amount)
        for day in sorted(days):
            yield DueAmount(day, len(days[day]), sum(days[day], ZERO))

    def _unsettled(self, bill: bills.Row) -> Decimal:
        payable = self.payables[bill.id]
        if bill.status is InvoiceStatus.SCHEDULED:
            return self.sending.get(bill.id, ZERO)
        return ZERO if bill.status in _SETTLED else payable.open

    def bill_lines(self) -> Iterable[BillLine]:
        for bill in self.bills:
            payable = self.payables[bill.id]
            yield BillLine(
                carrier=bill.carrier,
                ban=bill.ban,
                number=bill.number,
                bill_date=bill.bill_date,
                due_date=self.due[bill.id],
                currency=bill.currency,
                current_charges=bill.billed,
                total_due=bill.total_due,
                overcharged=bill.overcharged,
                withheld=payable.withheld,
                payable=payable.amount,
                status=_in_words(bill.status),
            )

    def overcharge_lines(self, session: Session) -> Iterable[OverchargeLine]:
        proofs = {row.id: row.proof for row in session.execute(select(Finding.id, Finding.proof))}
        for claim in self.claims:
            yield OverchargeLine(
                rule=claim.rule,
                name=_in_words(claim.rule_name),
                carrier=claim.carrier,
                ban=claim.ban,
                number=claim.number,
                bill_date=claim.bill_date,
                service=claim.service,
                description=claim.charge,
                currency=claim.currency,
                billed=claim.billed,
                expected=claim.expected,
                claim=claim.claim,
                status=_in_words(claim.status),
                file_by=claim.file_by,
                message=claim.message,
                proof=_proof_text(proof_from_text(proofs[claim.id])),
            )

    def spend(self) -> Iterable[SpendCell]:
        cells: dict[tuple[str, date, str], Decimal] = defaultdict(lambda: ZERO)
        for bill in self.bills:
            cells[bill.currency, month_start(bill.bill_date), bill.carrier] += bill.billed
        for currency, month, carrier in sorted(cells):
            yield SpendCell(currency, month, carrier, cells[currency, month, carrier])


def _grouped(parts: Iterable[tuple[str, Decimal]]) -> tuple[NamedAmount, ...]:
    """Amounts under their names, the largest first."""
    groups: dict[str, list[Decimal]] = defaultdict(list)
    for name, amount in parts:
        groups[name].append(amount)
    named = [NamedAmount(name, len(amounts), sum(amounts, ZERO)) for name, amounts in groups.items()]
    return tuple(sorted(named, key=lambda each: (-each.amount, each.name)))


def _dispute_lines(session: Session) -> Iterable[DisputeLine]:
    for row in disputes.fetch(session):
        yield DisputeLine(
            number=row.number,
            carrier=row.carrier,
            status=_in_words(row.status),
            currency=row.currency,
            claim=row.claim,
            granted=row.granted,
            file_by=row.file_by,
            withhold_by=row.withhold_by,
            filed_on=row.filed_on,
            items=row.items,
        )


def _payment_lines(session: Session, as_of: date) -> Iterable[PaymentLine]:
    """The proposed run, then what is scheduled, then what has left."""
    for row in payment_run.fetch(session, payment_run.Filter(as_of)):
        yield PaymentLine(
            carrier=row.carrier,
            ban=row.ban,
            number=row.number,
            due_date=row.due,
            currency=row.currency,
            gross=row.gross,
            withheld=row.withheld,
            credit=row.credit,
            net=row.net,
            send_on=row.send_on,
            pay_on=row.pay_on,
            late=row.late,
            status="Carried" if row.carried else "Proposed",
        )
    live = (PaymentStatus.SCHEDULED, PaymentStatus.RELEASED, PaymentStatus.SETTLED)
    rows = payments.fetch(session, payments.Filter(statuses=live))
    payables = load_payables(session, [row.invoice_id for row in rows], as_of)
    for payment in sorted(rows, key=lambda row: (live.index(row.status), row.send_on, row.id)):
        payable = payables[payment.invoice_id]
        yield PaymentLine(
            carrier=payment.carrier,
            ban=payment.ban,
            number=payment.number,
            due_date=payment.due,
            currency=payment.currency,
            gross=payable.gross,
            withheld=payable.withheld,
            credit=payment.credit,
            net=payment.amount,
            send_on=payment.send_on,
            pay_on=payment.pay_on,
            late=payment.late,
            status=_in_words(payment.status),
        )


def _proof_text(proof: Proof | None) -> str:
    """The steps of a proof, a line each, and the clause they rest on."""
    if proof is None:
        return ""
    lines = [f"{step.basis}: {step.formula} = {step.result:,f}" for step in proof.steps]
    page = f"page {proof.page}" if proof.page is not None else ""
    source = ", ".join(part for part in (proof.contract, proof.clause, page, proof.price_version) if part)
    return "\n".join([*lines, source] if source else lines)


def _in_words(name: str) -> str:
    words = str(name).replace("_", " ")
    return words[:1].upper() + words[1:]
