"""Our own traffic samples as facts: what went through the circuits whose traffic a bill charges."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.evidence import TrafficFacts
from app.domain.moments import utc_bounds
from app.domain.period import Period
from app.domain.vocabulary import PRICED_TYPES, PriceModel
from app.models.documents import SourceDocument, UsageBatch
from app.rating.percentile import expected_bins
from app.rating.ratebook import Price, PriceQuestion, RateBook
from app.usage.samples import BIN_SECONDS, PortTraffic, months_of_bins, read_ports
from app.usage.store import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
    from app.domain.terms import ContractTerms
    from app.usage.store import UsageStore

TRAFFIC_MODELS = frozenset({PriceModel.PERCENTILE, PriceModel.DATA_CAP})  # what is priced by traffic
LEAST_COVER = 50  # per cent of the bins that need a sample; below it the bill's own figure is taken
MOST_CROWDED = 5  # per cent of them that may have samples of several moments; above it the poller is quicker than bins
Group = tuple[tuple[int, ...], Period, str]  # accounts, days and the time zone in which the days are


def load_traffic(
    session: Session,
    store: UsageStore,
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    contracts: Iterable[ContractTerms],
    notes: dict[int, str] | None = None,
) -> dict[int, TrafficFacts]:
    """The recorded traffic of the charges that a contract prices by traffic, by charge id.

    The period's days are those of the time zone of the contract that prices the charge. Samples are taken from the
    files of the invoice's account and of the service's own. Left out are charges whose circuit has samples in fewer
    than LEAST_COVER per cent of the bins, and those whose samples come quicker than bins of five minutes. `notes`,
    where given, is filled with what a reader should know, by charge id: why records were left out, and conflicts.
    """
    told = {} if notes is None else notes
    traffic: dict[int, TrafficFacts] = {}
    for (accounts, period, zone), charges in _group(invoice, services, contracts).items():
        bounds = utc_bounds(period, zone)
        files = _files(session, accounts, bounds)
        circuits = {services[service_id].circuit_id for service_id in charges.values()}
        ports = read_ports(store.files(files), circuits, bounds)
        names = tuple(dict.fromkeys(files.values()))
        for charge_id, service_id in charges.items():
            found = ports.get(services[service_id].circuit_id)
            if found is None:
                continue
            usable, note = _judge(found, expected_bins(*bounds, BIN_SECONDS))
            if note:
                told[charge_id] = note
            if usable:
                traffic[charge_id] = TrafficFacts(service_id, period, *bounds, BIN_SECONDS, (found.port,), names)
    return traffic


def _group(
    invoice: InvoiceFacts, services: Mapping[int, ServiceFacts], contracts: Iterable[ContractTerms]
) -> dict[Group, dict[int, int]]:
    """The charges priced by traffic and their services, by where and when their samples are to be found."""
    book = RateBook(contracts)
    groups: dict[Group, dict[int, int]] = defaultdict(dict)
    for charge in invoice.charges:
        service = None if charge.service_id is None else services.get(charge.service_id)
        period = invoice.period_of(charge)
        if service is None or not service.circuit_id or period is None or charge.charge_type not in PRICED_TYPES:
            continue
        price = book.find(_ask(charge, invoice, service, period))
        if isinstance(price, Price) and price.element.model in TRAFFIC_MODELS:
            accounts = tuple(sorted({invoice.account_id, service.account_id or invoice.account_id}))
            groups[accounts, period, price.contract.time_zone][charge.id] = service.id
    return groups


def _ask(charge: ChargeFacts, invoice: InvoiceFacts, service: ServiceFacts, period: Period) -> PriceQuestion:
    return PriceQuestion(
        carrier_id=invoice.carrier_id,
        account_id=charge.account_id,
        code=charge.code or service.code,
        charge_type=charge.charge_type,
        day=period.start,
        currency=invoice.currency,
        service=service,
    )


def _judge(found: PortTraffic, expected: int) -> tuple[bool, str]:
    """Whether a circuit's samples can stand beside the charge, and what is to be said of them."""
    seen = len(found.port.bins)
    if seen * 100 < LEAST_COVER * expected:
        return False, (
            f"Our traffic samples of {found.port.circuit_id} cover {seen:,} of {expected:,} bins, fewer than "
            f"{LEAST_COVER} per cent: they are not compared."
        )
    if found.crowded * 100 > MOST_CROWDED * seen:
        return False, (
            f"Our traffic samples of {found.port.circuit_id} come more often than every {BIN_SECONDS} s: "
            "they are not compared."
        )
    if found.conflicts:
        return True, f"In {found.conflicts:,} bins our traffic samples differ from each other; the larger ones count."
    return True, ""


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
