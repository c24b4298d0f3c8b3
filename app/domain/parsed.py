"""What importers return: values with the place they were read from. Plain values, nothing of them is stored as is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO, RoundingMode
from app.domain.period import Period
from app.domain.vocabulary import (
    ChargeType,
    DocumentKind,
    ExchangeDay,
    PriceChange,
    PriceModel,
    ProrationMethod,
    RoundingScope,
    ServiceKind,
    ServiceStatus,
    Severity,
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in hundredths of a point, from the top left corner."""

    x0: int
    top: int
    x1: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where in its document a value stands. Pages, sheets' rows and lines count from 1."""

    page: int | None = None
    box: Box | None = None
    sheet: str = ""
    row: int | None = None
    path: str = ""

    def describe(self) -> str:
        """The place in words: "page 2", "sheet Charges, row 14", "/Invoice/InvoiceLine[3]"."""
        parts = []
        if self.page is not None:
            parts.append(f"page {self.page}")
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.path:
            parts.append(self.path)
        return ", ".join(parts) or "the document as a whole"


@dataclass(frozen=True, slots=True)
class ParseIssue:
    """A fault in a document, told so that the user can mend it: what, where, and the remedy."""

    severity: Severity
    code: str
    message: str
    remedy: str
    source: Source = Source()


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
    carrier prints as rounding, or the explained difference between its printed lines and its printed net.
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
    sources: Mapping[str, Source] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedUsage:
    """A batch of call records in columns of equal length; a file yields many. Numbers are digits in E.164 order.

    `started` holds UTC seconds since 1970, `seconds` answered duration in whole seconds, `billed` the carrier's charge
    in millionths of the currency unit (None where the file states none), `rows` the source rows.
    """

    carrier: str
    ban: str
    currency: str
    tn: tuple[str, ...]
    other_party: tuple[str, ...]
    started: tuple[int, ...]
    seconds: tuple[int, ...]
    billed: tuple[int | None, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedSamples:
    """Traffic samples of one circuit's port in columns: UTC seconds of the bin's end and octets in and out."""

    carrier: str
    ban: str
    circuit_id: tuple[str, ...]
    ended: tuple[int, ...]
    octets_in: tuple[int, ...]
    octets_out: tuple[int, ...]
    rows: tuple[int, ...]


# Records of our own master data. `given` names the fields that the file states: only they change what is stored of a
# record that is known already. () means all of them.


@dataclass(frozen=True, slots=True)
class ParsedCarrier:
    name: str
    source: Source
    currency: str = ""
    dispute_email: str = ""
    address: str = ""
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedAccount:
    carrier: str
    ban: str
    source: Source
    currency: str = ""
    billing_mode: str = "postpaid"
    bill_day: int | None = None
    contract: str = ""
    description: str = ""
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedLocation:
    code: str
    name: str
    source: Source
    address: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    closed: date | None = None
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedService:
    carrier: str
    kind: ServiceKind
    source: Source
    ban: str = ""
    circuit_id: str = ""
    tn: str = ""
    code: str = ""
    description: str = ""
    location_a: str = ""
    location_z: str = ""
    status: ServiceStatus = ServiceStatus.ACTIVE
    quantity: Decimal = Decimal(1)
    bandwidth_kbps: int | None = None
    ordered: date | None = None
    installed: date | None = None
    disconnect_requested: date | None = None
    disconnected: date | None = None
    cost_centre: str = ""
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedContract:
    carrier: str
    number: str
    start: date
    end: date | None
    currency: str
    source: Source
    title: str = ""
    proration: ProrationMethod = ProrationMethod.ACTUAL
    disconnect_day_billed: bool = False
    rounding: RoundingMode = RoundingMode.HALF_UP
    rounding_places: int = 2
    rounding_scope: RoundingScope = RoundingScope.CHARGE
    price_change: PriceChange = PriceChange.SPLIT
    time_zone: str = "UTC"
    exchange: ExchangeDay = ExchangeDay.NONE
    offer: bool = False
    payment_days: int = 30
    dispute_days: int = 60
    withhold_days: int = 30
    notice_days: int = 60
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedRateElement:
    """One price of a contract. Its scope is the narrowest filled in: circuit_id or tn, else location, else all."""

    contract: str
    code: str
    charge_type: ChargeType
    model: PriceModel
    price: Decimal
    effective_from: date
    source: Source
    effective_to: date | None = None  # first day on which it no longer holds
    description: str = ""
    circuit_id: str = ""
    tn: str = ""
    location: str = ""
    service_kind: ServiceKind | None = None
    zone: str = ""
    waived: bool = False
    parameters: str = ""
    clause: str = ""
    page: int | None = None
    amendment: str = ""
    agreed: date | None = None
    reason: str = ""
    carrier: str = ""  # where two carriers number their contracts alike
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedBankAccount:
    """Where a carrier is paid, as our own master data says it. Never read from a bill (law 11)."""

    carrier: str
    currency: str
    source: Source
    holder: str = ""
    routing: str = ""
    account: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class ParsedExchangeRate:
    """How many units of `quote` one unit of `base` was worth on a day, and who says so."""

    base: str
    quote: str
    day: date
    rate: Decimal
    source: Source
    said_by: str = ""
    given: tuple[str, ...] = ()


ParsedRecord = (
    ParsedCarrier
    | ParsedAccount
    | ParsedLocation
    | ParsedService
    | ParsedContract
    | ParsedRateElement
    | ParsedBankAccount
    | ParsedExchangeRate
)


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """All that one file holds. Whoever reads it posts all of it or nothing; with an ERROR issue nothing is posted."""

    importer: str
    invoices: tuple[ParsedInvoice, ...] = ()
    records: tuple[ParsedRecord, ...] = ()
    usage: tuple[ParsedUsage, ...] = ()
    samples: tuple[ParsedSamples, ...] = ()
    issues: tuple[ParseIssue, ...] = ()

    @property
    def refused(self) -> bool:
        return any(issue.severity is Severity.ERROR for issue in self.issues)
