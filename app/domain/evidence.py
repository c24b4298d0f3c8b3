"""What our own records say of a charge: calls, traffic, meter readings, work, outages, spend and balances.

Services load them from the store; rating prices them. All values are exact; moments are UTC seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.period import Period


@dataclass(frozen=True, slots=True)
class UsageFacts:
    """Recorded calls of one number in one billing period: how many calls lasted how many answered seconds."""

    service_id: int
    period: Period
    durations: tuple[tuple[int, int], ...]  # (answered seconds, calls), ascending
    batches: tuple[str, ...] = ()  # file names, for the proof


@dataclass(frozen=True, slots=True)
class CallLine:
    """Rated calls that share a zone, a time band, a jurisdiction and a price.

    `price` is for a minute; `seconds` are billable; `amount` is what these calls cost together, after the rounding of
    each call where the contract rounds calls, else exact and given in `exact`: a numerator over the denominator of
    its CallTotals, which is 60 × 10^10 times a power of 10.
    """

    zone: str
    band: str
    jurisdiction: str
    price: Decimal
    calls: int
    seconds: int
    exact: int
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class CallTotals:
    """Recorded calls of a service in a period, rated call by call under the contract's deck and added up.

    `denominator` is that of each line's `exact`: finer than 60 × 10^10 where per cents of prices are taken.
    """

    service_id: int
    period: Period
    lines: tuple[CallLine, ...]
    unpriced_calls: int = 0
    batches: tuple[str, ...] = ()
    denominator: int = 600_000_000_000


@dataclass(frozen=True, slots=True)
class PortBins:
    """Traffic of one port: (end of the bin, octets in, octets out), ascending by end, each end once."""

    circuit_id: str
    bins: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class TrafficFacts:
    """Traffic of one or several ports in one billing period [start, end) in UTC seconds, in bins of equal length."""

    service_id: int
    period: Period
    start: int
    end: int
    bin_seconds: int
    ports: tuple[PortBins, ...]
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeterFacts:
    """A power meter: readings (moment, value) for energy and demand measurements (moment, kW), both ascending."""

    service_id: int
    period: Period
    readings: tuple[tuple[int, Decimal], ...] = ()
    demand: tuple[tuple[int, Decimal], ...] = ()
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """One job of remote hands."""

    reference: str
    minutes: int
    after_hours: bool = False
    expedited: bool = False


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """The jobs of a service in a period, in the order in which they use included hours up."""

    service_id: int
    period: Period
    jobs: tuple[Work, ...]
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage; `excluded` says why the contract does not count it (maintenance and the like), "" if it does."""

    reference: str
    started: int
    seconds: int
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class OutageFacts:
    """The outages of a service in a period, and the monthly charge that credits are taken of."""

    service_id: int
    period: Period
    outages: tuple[Outage, ...]
    monthly: Decimal
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpendLine:
    """An amount that counts towards a commitment or is the base of a percentage, and what it is."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class SpendFacts:
    """Charges that a percentage, a minimum or a commitment is taken of; `fees` are earlier surcharges of the bill on
    which later ones may be taken."""

    period: Period
    lines: tuple[SpendLine, ...]
    fees: tuple[SpendLine, ...] = ()


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """Money of an earlier bill that was overdue and not disputed.

    `since` is the day up to which an earlier bill has charged for it; None: none has. `whole` is all of that bill that
    was overdue, where `amount` is a part of it that was paid by itself; None: `amount` is all.
    """

    invoice: str
    amount: Decimal
    due: date
    paid: date  # or the day up to which it is charged
    since: date | None = None
    whole: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BalanceFacts:
    """What a late charge may be taken of."""

    lines: tuple[BalanceLine, ...]


@dataclass(frozen=True, slots=True)
class LeavingFacts:
    """A service that is left before its term ends: its monthly price, the months used and the term in months.

    The term ends with the contract; `served_months` are those since the service's own start, where its term is its own
    (None: the same as those used).
    """

    monthly: Decimal
    used_months: int
    term_months: int
    waived_once: Decimal = Decimal(0)  # one-time charges that were waived at the start
    discounts: Decimal = Decimal(0)  # discounts received
    third_party: Decimal = Decimal(0)  # what others charge the carrier for cancelling
    replaced_by: Decimal | None = None  # the monthly price of an order that replaces it, with its term below
    replaced_months: int = 0
    replaced_days: int = 0  # days between leaving and that order
    served_months: int | None = None


Evidence = (
    UsageFacts
    | CallTotals
    | TrafficFacts
    | MeterFacts
    | WorkFacts
    | OutageFacts
    | SpendFacts
    | BalanceFacts
    | LeavingFacts
)
