"""Facts that rating and audit judge by: values copied out of the store, so that both stay pure.

Services build them; nothing here reads a clock: `as_of` says which day it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.period import Period
from app.domain.rated import RatedCharge
from app.domain.terms import ContractTerms
from app.domain.vocabulary import ChargeType, ServiceKind, ServiceStatus


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service of the inventory. `installed` is the day from which it may be billed; `disconnected` the first day
    on which it may not."""

    id: int
    carrier_id: int
    account_id: int | None
    kind: ServiceKind
    status: ServiceStatus
    label: str
    circuit_id: str = ""  # normalised
    tn: str = ""  # normalised
    code: str = ""
    location_id: int | None = None
    quantity: Decimal = Decimal(1)
    installed: date | None = None
    disconnected: date | None = None


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """A posted charge. `service_key` is the identifier the carrier printed, normalised; "" where it printed none."""

    id: int
    invoice_id: int
    account_id: int
    seq: int
    charge_type: ChargeType
    code: str
    description: str
    amount: Decimal
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    period: Period | None = None
    service_id: int | None = None
    service_key: str = ""
    printed_service: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """A posted invoice with its charges, in the words of ParsedInvoice."""

    id: int
    carrier_id: int
    account_id: int
    number: str
    number_key: str
    bill_date: date
    currency: str
    previous_balance: Decimal
    payments_applied: Decimal
    current_charges: Decimal
    rounding: Decimal
    total_due: Decimal
    charges: tuple[ChargeFacts, ...]
    period: Period | None = None
    due_date: date | None = None
    net_total: Decimal | None = None

    def period_of(self, charge: ChargeFacts) -> Period | None:
        """The days that a charge is for: its own period; else, unless it is one-time, the invoice's."""
        if charge.period is not None or charge.charge_type is ChargeType.NRC:
            return charge.period
        return self.period


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """Money that we paid on an account: `paid_on` is the day it left."""

    id: int
    account_id: int
    invoice_id: int
    amount: Decimal
    paid_on: date


@dataclass(frozen=True, slots=True)
class WithheldFacts:
    """What we short-paid on an invoice under an open dispute, and the credits the carrier has granted on it."""

    invoice_id: int
    withheld: Decimal
    credited: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """A finding of the invoice that an earlier audit made and a person has decided on: disputed or credited, when its
    claim stands, or dismissed, when it claims nothing."""

    fingerprint: str
    rule: str
    charge_id: int | None
    claim: Decimal


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far billed may lie from expected before it is a finding: the larger of both."""

    recurring: Decimal = Decimal("0.01")
    usage: Decimal = Decimal("5.00")
    usage_percent: Decimal = Decimal("1")


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """A billing account. `bill_day` is the day of the month on which its bills are dated, where it is known."""

    id: int
    carrier_id: int
    carrier: str
    ban: str
    currency: str
    bill_day: int | None = None
    grace_days: int = 1


@dataclass(frozen=True, slots=True)
class AuditContext:
    """All that the rules may know of one invoice and its account.

    `earlier` are the account's invoices before this one, oldest first; `peers` the carrier's other charges (any
    account, this invoice's own not among them) on bills before this one by (bill_date, id), whose periods may overlap;
    a peer that prints no period carries that of `InvoiceFacts.period_of` its bill.
    """

    account: AccountFacts
    invoice: InvoiceFacts
    rated: Mapping[int, RatedCharge]
    services: Mapping[int, ServiceFacts]
    contracts: tuple[ContractTerms, ...]
    as_of: date
    earlier: tuple[InvoiceFacts, ...] = ()
    peers: tuple[ChargeFacts, ...] = ()
    invoice_numbers: Mapping[int, str] = field(default_factory=dict)  # of peers' invoices
    payments: tuple[PaymentFacts, ...] = ()
    withheld: tuple[WithheldFacts, ...] = ()
    standing: tuple[StandingFacts, ...] = ()
    tolerances: Tolerances = Tolerances()


@dataclass(frozen=True, slots=True)
class AccountContext:
    """All that the rules of an account as a whole may know: its invoices, oldest first."""

    account: AccountFacts
    invoices: tuple[InvoiceFacts, ...]
    as_of: date
