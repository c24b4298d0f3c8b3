"""The demo company's world as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)
RECURRING, ONCE, USAGE = "MRC", "NRC", "USAGE"
CREDIT, TAX, SURCHARGE, FEE = "CREDIT", "TAX", "SURCHARGE", "FEE"


@dataclass(frozen=True)
class Site:
    """One of the company's sites."""

    code: str
    name: str
    street: str
    city: str
    region: str
    postcode: str
    country: str
    cost_centre: str
    state_tax: str = "0"  # percent that carriers add for this site, as text


@dataclass(frozen=True)
class Service:
    """Something that a carrier provides. `installed` is its first billable day, `disconnected` the first after that
    (or the last, where the contract bills the day of the disconnect)."""

    carrier: str
    account: str
    kind: str  # internet, wan, voice, colocation
    code: str
    site: str
    circuit: str = ""
    tn: str = ""
    description: str = ""
    far_site: str = ""
    quantity: int = 1
    bandwidth_mbps: int = 0
    ordered: date | None = None
    installed: date = date(2024, 7, 1)
    disconnect_requested: date | None = None
    disconnected: date | None = None
    extras: tuple[str, ...] = ()  # further codes that recur on the same service
    install_code: str = ""  # the one-time charge of its first bill
    usage_code: str = ""

    @property
    def key(self) -> str:
        """What a bill prints of it; for services without identifier, the site and code."""
        return self.circuit or self.tn or f"{self.site}/{self.code}"


@dataclass(frozen=True)
class Price:
    """One price of a contract's schedule. `key` scopes it to a service, `site` to a site."""

    contract: str
    code: str
    kind: str
    amount: Decimal
    start: date
    end: date | None = None
    key: str = ""
    site: str = ""
    waived: bool = False
    model: str = "flat"
    parameters: str = ""
    steps: tuple[int, int] = (60, 60)  # first and further seconds of a minutes' price
    clause: str = ""
    page: int = 1
    description: str = ""


@dataclass(frozen=True)
class Contract:
    """What was agreed with a carrier; `end` is the first day after the term."""

    number: str
    carrier: str
    title: str
    start: date
    end: date
    currency: str
    proration: str
    time_zone: str = "UTC"
    disconnect_day_billed: bool = False
    payment_days: int = 25
    dispute_days: int = 180
    withhold_days: int = 45
    notice_days: int = 60


@dataclass(frozen=True)
class Account:
    """A billing account. `span` says which days a bill's recurring charges are for: "cycle" (from the bill's date for
    a month), "calendar" (the month of the bill's date) or "next" (the month after it). `open_item` bills carry no
    balance."""

    key: str
    carrier: str
    ban: str
    contract: str
    currency: str
    bill_day: int
    due_days: int
    span: str
    description: str
    open_item: bool = False
    first_balance: Decimal = ZERO
    first_payment: Decimal = ZERO


@dataclass(frozen=True)
class Carrier:
    """Who bills, and where the company pays."""

    name: str
    currency: str
    dispute_email: str
    address: str
    routing: str = ""
    bank_account: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True)
class Charge:
    """One charge as printed; periods are half-open here and printed as the carrier prints them."""

    kind: str
    code: str
    description: str
    amount: Decimal
    quantity: Decimal | None = None
    unit: str = ""
    rate: Decimal | None = None
    start: date | None = None
    end: date | None = None
    circuit: str = ""
    tn: str = ""
    site: str = ""

    @property
    def key(self) -> str:
        """How the truth file names it: what identifies the service, the code, the days."""
        days = f" {self.start}..{self.end}" if self.start and self.end else ""
        return f"{self.circuit or self.tn or self.site} {self.code}{days}"


@dataclass
class Bill:
    """A bill on its way to paper."""

    account: Account
    month: date  # the first of the month of its date
    number: str
    bill_date: date
    due: date
    start: date
    end: date
    charges: list[Charge]
    previous: Decimal = ZERO
    payments: Decimal = ZERO  # negative, as printed
    paid_on: date | None = None  # when the carrier booked the payments that it shows
    misfooting: Decimal = ZERO  # what the printed total of current charges is above the sum
    copy_of: str = ""

    @property
    def current(self) -> Decimal:
        """The printed total of current charges."""
        return sum((charge.amount for charge in self.charges), ZERO) + self.misfooting

    @property
    def total(self) -> Decimal:
        """The printed total due."""
        return self.previous + self.payments + self.current

    def sum_of(self, *kinds: str) -> Decimal:
        """Σ of the charges of some kinds."""
        return sum((charge.amount for charge in self.charges if charge.kind in kinds), ZERO)


@dataclass(frozen=True)
class Truth:
    """A seeded error as an audit has to find it."""

    rule: str
    carrier: str
    ban: str
    invoice: str
    charge: str
    amount: Decimal
    note: str


@dataclass
class Company:
    """All papers of the half-year."""

    bills: list[Bill] = field(default_factory=list)
    truths: list[Truth] = field(default_factory=list)
