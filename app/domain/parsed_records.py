"""What importers of our own master data return: inventory, contracts, prices, orders, budgets, work and outages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.money import RoundingMode
from app.domain.source import Source
from app.domain.vocabulary import (
    ChargeType,
    ExchangeDay,
    OrderAction,
    PriceChange,
    PriceModel,
    ProrationMethod,
    RoundingScope,
    ServiceKind,
    ServiceStatus,
)

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


@dataclass(frozen=True, slots=True)
class ParsedOrder:
    """A service order: what was asked of the carrier and when it was done. `foc` is the firm order commitment."""

    carrier: str
    number: str
    action: OrderAction
    ordered: date
    source: Source
    ban: str = ""
    circuit_id: str = ""
    tn: str = ""
    code: str = ""
    description: str = ""
    location: str = ""
    contract: str = ""
    foc: date | None = None
    completed: date | None = None
    cancelled: date | None = None
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedBudget:
    """What a cost centre may spend in a month; carrier and kind of service narrow it where they are filled."""

    cost_centre: str
    month: date  # its first day
    amount: Decimal
    currency: str
    source: Source
    carrier: str = ""
    service_kind: ServiceKind | None = None
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedSurchargeFactor:
    """A published percentage that carriers may charge from a day on, such as a universal service fund's factor."""

    name: str
    effective_from: date
    percent: Decimal
    source: Source
    region: str = ""  # a country or state code; "" for all
    base: str = ""  # what it is taken of, in words of charge types: "MRC, USAGE"
    said_by: str = ""
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedWork:
    """A job of remote hands as its ticket says; `started` and `ended` are UTC seconds."""

    carrier: str
    reference: str
    started: int
    minutes: int
    source: Source
    ban: str = ""
    circuit_id: str = ""
    location: str = ""
    after_hours: bool = False
    expedited: bool = False
    description: str = ""
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedOutage:
    """An outage of a service as its ticket says, from `started` to `ended` (UTC seconds; None: not yet over).

    `excluded` says why the contract does not count it (maintenance, our own doing); "" if it counts.
    """

    carrier: str
    reference: str
    started: int
    source: Source
    ended: int | None = None
    ban: str = ""
    circuit_id: str = ""
    tn: str = ""
    excluded: str = ""
    description: str = ""
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
    | ParsedOrder
    | ParsedBudget
    | ParsedSurchargeFactor
    | ParsedWork
    | ParsedOutage
)
