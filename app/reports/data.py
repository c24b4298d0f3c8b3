"""What a report is written from: plain values, filled in by `queries.summary.build_report`. Nothing here is added up
over two currencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NamedAmount:
    """A part of a total under its name: a rule or a carrier, with how many findings make it up."""

    name: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DueAmount:
    """What is to be paid by a day, over how many bills."""

    due: date
    bills: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CurrencySummary:
    """The figures of one currency.

    `billed` are current charges of live bills; `expected` what the contracts say of them: billed less what is
    overcharged in them. Balances that were carried forward wrongly are claims too, but not part of what is billed.
    `overcharged` is the sum of claims of live findings, `disputed` the part that is in disputes, `credited` what
    carriers granted.
    """

    currency: str
    bills: int
    billed: Decimal
    expected: Decimal
    overcharged: Decimal
    disputed: Decimal
    credited: Decimal
    by_rule: tuple[NamedAmount, ...]
    by_carrier: tuple[NamedAmount, ...]
    due: tuple[DueAmount, ...]


@dataclass(frozen=True, slots=True)
class BillLine:
    """One bill."""

    carrier: str
    ban: str
    number: str
    bill_date: date
    due_date: date | None
    currency: str
    current_charges: Decimal
    total_due: Decimal
    overcharged: Decimal
    withheld: Decimal
    payable: Decimal
    status: str


@dataclass(frozen=True, slots=True)
class OverchargeLine:
    """One finding that claims money back, with its proof in words."""

    rule: str
    name: str
    carrier: str
    ban: str
    number: str
    bill_date: date | None
    service: str
    description: str
    currency: str
    billed: Decimal | None
    expected: Decimal | None
    claim: Decimal
    status: str
    file_by: date | None
    message: str
    proof: str


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """One dispute."""

    number: str
    carrier: str
    status: str
    currency: str
    claim: Decimal
    granted: Decimal
    file_by: date | None
    withhold_by: date | None
    filed_on: date | None
    items: int


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One bill in the payment run: proposed, scheduled or released. `late`: the money arrives after the due date."""

    carrier: str
    ban: str
    number: str
    due_date: date | None
    currency: str
    gross: Decimal
    withheld: Decimal
    credit: Decimal
    net: Decimal
    send_on: date | None
    pay_on: date | None
    late: bool
    status: str


@dataclass(frozen=True, slots=True)
class SpendCell:
    """Current charges of one carrier in the month of its bills."""

    currency: str
    month: date
    carrier: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything that the workbook and the page show, as of one day."""

    company: str
    as_of: date
    currencies: tuple[CurrencySummary, ...]
    bills: tuple[BillLine, ...] = ()
    overcharges: tuple[OverchargeLine, ...] = ()
    disputes: tuple[DisputeLine, ...] = ()
    payments: tuple[PaymentLine, ...] = ()
    spend: tuple[SpendCell, ...] = ()
