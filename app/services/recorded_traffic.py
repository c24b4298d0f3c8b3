"""Our own traffic samples as facts: what went through the circuits whose traffic a bill charges."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.evidence import PortBins, TrafficFacts
from app.domain.identifiers import circuit_key
from app.domain.moments import utc_bounds
from app.domain.parameters import Settings, read_settings
from app.domain.period import Period
from app.domain.vocabulary import PRICED_TYPES, PriceModel
from app.models.documents import SourceDocument, UsageBatch
from app.rating.charge_models import CHARGE_MODELS
from app.rating.percentile import MissingBins, PercentilePolicy, expected_bins, position_of, read_policy
from app.rating.ratebook import Price
from app.usage.samples import BIN_SECONDS, PortTraffic, months_of_bins, read_ports
from app.usage.store import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.domain.history import InvoiceFacts, ServiceFacts
    from app.usage.store import UsageStore

TRAFFIC_MODELS = frozenset({PriceModel.PERCENTILE, PriceModel.DATA_CAP})  # what is priced by traffic
# bins of a thousand that need a sample; below it the bill's own figure is taken. What is missing makes a sum too low,
# while a percentile does not change as long as what is missing could not have lifted its position
LEAST_COVER = {PriceModel.PERCENTILE: 950, PriceModel.DATA_CAP: 995}
MOST_CROWDED = 5  # per cent of them that may have samples of several moments; above it the poller is quicker than bins
Group = tuple[tuple[int, ...], Period, str]  # accounts, days and the time zone in which the days are


@dataclass(frozen=True, slots=True)
class _Priced:
    """A charge priced by traffic, its service (0: none), its circuits, and how their traffic is priced."""

    charge_id: int
    service_id: int
    circuits: tuple[str, ...]
    model: PriceModel
    policy: PercentilePolicy | None  # of a percentile


def load_traffic(
    session: Session,
    store: UsageStore,
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    prices: Mapping[int, Price],
    notes: dict[int, str] | None = None,
) -> dict[int, TrafficFacts]:
    """The recorded traffic of the charges that `prices` (charge → its price) prices by traffic, by charge id.

    The period's days are those of the time zone of the contract that prices the charge. Samples are taken from the
    files of the invoice's account and of the service's own. A commitment that circuits share has the traffic of them
    all. Left out are charges one of whose circuits has samples in fewer bins than LEAST_COVER, percentiles that the
    missing bins could lift, and charges whose samples come quicker than bins of five minutes. `notes`, where given, is
    filled with what a reader should know, by charge id: why records were left out, and conflicts.
    """
    told = {} if notes is None else notes
    traffic: dict[int, TrafficFacts] = {}
    for (accounts, period, zone), charges in _group(invoice, services, prices).items():
        bounds = utc_bounds(period, zone)
        files = _files(session, accounts, bounds)
        ports = read_ports(store.files(files), {circuit for each in charges for circuit in each.circuits}, bounds)
        names = tuple(dict.fromkeys(files.values()))
        for each in charges:
            found = [ports.get(circuit) or PortTraffic(PortBins(circuit, ())) for circuit in each.circuits]
            if not any(one.port.bins for one in found):
                continue
            expected = expected_bins(*bounds, BIN_SECONDS)
            judged = [_judge(one, expected, LEAST_COVER[each.model]) for one in found]
            if all(usable for usable, _ in judged) and each.policy and (reason := _doubt(found, expected, each.policy)):
                judged = [(False, reason)]
            if note := " ".join(note for _, note in judged if note):
                told[each.charge_id] = note
            if all(usable for usable, _ in judged):
                traffic[each.charge_id] = TrafficFacts(
                    each.service_id, period, *bounds, BIN_SECONDS, tuple(one.port for one in found), names
                )
    return traffic


def _group(
    invoice: InvoiceFacts, services: Mapping[int, ServiceFacts], prices: Mapping[int, Price]
) -> dict[Group, list[_Priced]]:
    """The charges priced by traffic and their circuits, by where and when their samples are to be found."""
    groups: dict[Group, list[_Priced]] = defaultdict(list)
    for charge in invoice.charges:
        service = None if charge.service_id is None else services.get(charge.service_id)
        period = invoice.period_of(charge)
        if period is None or charge.charge_type not in PRICED_TYPES:
            continue
        price = prices.get(charge.id)
        if price is not None and price.element.model in TRAFFIC_MODELS and (of := _circuits(service, price)):
            accounts = tuple(sorted({invoice.account_id, service.account_id or 0 if service else 0} - {0}))
            priced = _Priced(charge.id, service.id if service else 0, of, price.element.model, _policy(price))
            groups[accounts, period, price.contract.time_zone].append(priced)
    return groups


def _circuits(service: ServiceFacts | None, price: Price) -> tuple[str, ...]:
    """The normalised ids of the circuits whose traffic the price is for: the service's own, and those that share it."""
    named: tuple[str, ...] = ()
    if price.element.model is PriceModel.PERCENTILE:
        named = tuple(circuit_key(name) for name in _settings(price).texts("circuits"))
    own = (service.circuit_id,) if service is not None and service.circuit_id else ()
    return tuple(dict.fromkeys((*own, *named)))


def _policy(price: Price) -> PercentilePolicy | None:
    return read_policy(_settings(price)) if price.element.model is PriceModel.PERCENTILE else None


def _settings(price: Price) -> Settings:
    return read_settings(price.element.parameters, CHARGE_MODELS[price.element.model].PARAMETERS)


def _judge(found: PortTraffic, expected: int, least: int) -> tuple[bool, str]:
    """Whether a circuit's samples can stand beside the charge, and what is to be said of them."""
    seen = len(found.port.bins)
    if seen * 1000 < least * expected:
        return False, (
            f"Our traffic samples of {found.port.circuit_id} cover {seen:,} of {expected:,} bins, fewer than "
            f"{Decimal(least) / 10:f} per cent: they are not compared."
        )
    if found.crowded * 100 > MOST_CROWDED * seen:
        return False, (
            f"Our traffic samples of {found.port.circuit_id} come more often than every {BIN_SECONDS} s: "
            "they are not compared."
        )
    if found.conflicts:
        return True, f"In {found.conflicts:,} bins our traffic samples differ from each other; the larger ones count."
    return True, ""


def _doubt(found: list[PortTraffic], expected: int, policy: PercentilePolicy) -> str:
    """Why the percentile may be higher than our samples say: more bins are missing than lie above it; "" if not."""
    seen = len(set.intersection(*({ended for ended, _, _ in one.port.bins} for one in found)))
    missing, counted = expected - seen, seen if policy.missing is MissingBins.DROP else expected
    above = counted - position_of(counted, policy.percent)
    if missing <= above:
        return ""
    return (
        f"Our traffic samples lack {missing:,} of {expected:,} bins, more than the {above:,} above percentile "
        f"{policy.percent}: those missing could lift it, so they are not compared."
    )


def _files(session: Session, accounts: tuple[int, ...], bounds: tuple[int, int]) -> dict[str, str]:
    """Paths in the store of the accounts' samples, each with the name of the file it came in."""
    rows = session.execute(
        select(UsageBatch.path, SourceDocument.name)
        .join(SourceDocument, SourceDocument.id == UsageBatch.document_id)
        .where(
            UsageBatch.kind == SAMPLES,
            UsageBatch.account_id.in_(accounts),
            UsageBatch.month.in_(months_of_bins(bounds)),
        )
        .order_by(UsageBatch.month, UsageBatch.path)
    )
    return {row.path: row.name for row in rows}
