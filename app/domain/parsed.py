"""What importers return: values with the place they were read from. Plain values, nothing of them is stored as is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.parsed_bank import ParsedPaymentAnswer, ParsedStatement
from app.domain.parsed_records import ParsedRecord
from app.domain.parsed_usage import ParsedReadings, ParsedSamples, ParsedUsage
from app.domain.period import Period
from app.domain.source import ParseIssue, Rejection, Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity


@dataclass(frozen=True, slots=True)
class ParsedCharge:
    """One charge as printed. `charge_type` is None where only the charge-code map can tell."""

    description: str
    amount: Decimal
    source: Source
    charge_type: ChargeType | None = None
    code: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    period: Period | None = None
    circuit_id: str = ""
    tn: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class ParsedInvoice:
    """One carrier document as read.

    Footing: Σ charges (taxes are charges of type TAX) + rounding = current_charges, and current_charges +
    previous_balance + payments_applied = total_due. Payments and credits are negative. `rounding` is what the
    carrier prints as rounding, or the explained difference between its printed lines and its printed net. `pay_to` are
    the bank accounts that the document names: compared with ours, never taken over.
    """

    carrier: str
    number: str
    bill_date: date
    currency: str
    current_charges: Decimal
    total_due: Decimal
    charges: tuple[ParsedCharge, ...]
    kind: DocumentKind = DocumentKind.INVOICE
    ban: str = ""
    billing_period: Period | None = None
    due_date: date | None = None
    previous_balance: Decimal = ZERO
    payments_applied: Decimal = ZERO
    net_total: Decimal | None = None
    tax_total: Decimal | None = None
    rounding: Decimal = ZERO
    corrects: str = ""
    pay_to: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedPart:
    """A file beside the answer, in which the reader has put what is too large for it.

    `kind` says what: "calls", "samples" or "readings" normalised for the store of usage, or "member", a file out of a
    container, which then has its own `name`. `file` is a plain name in the reader's folder.
    """

    kind: str
    file: str
    name: str = ""
    carrier: str = ""
    ban: str = ""
    currency: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """All that one file holds. Whoever reads it posts all of it or nothing; with an ERROR issue nothing is posted.

    `rejected` are rows of usage that were left out. A REVIEW issue holds it back until a person has looked.
    """

    importer: str
    invoices: tuple[ParsedInvoice, ...] = ()
    records: tuple[ParsedRecord, ...] = ()
    usage: tuple[ParsedUsage, ...] = ()
    samples: tuple[ParsedSamples, ...] = ()
    readings: tuple[ParsedReadings, ...] = ()
    statements: tuple[ParsedStatement, ...] = ()
    answers: tuple[ParsedPaymentAnswer, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    parts: tuple[ParsedPart, ...] = ()
    issues: tuple[ParseIssue, ...] = ()

    @property
    def refused(self) -> bool:
        return any(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def needs_eyes(self) -> bool:
        return any(issue.severity is Severity.REVIEW for issue in self.issues)
