"""Our own tickets of outages as facts: how long a service was out in a period, and what it costs a month."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.domain.evidence import Outage, OutageFacts
from app.domain.money import ZERO
from app.domain.vocabulary import ChargeType, PriceModel
from app.models.operations import OutageTicket
from app.services.metered_charges import PricedCharge, priced_by
from app.services.record_tickets import moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from app.domain.history import InvoiceFacts, ServiceFacts
    from app.rating.ratebook import Price

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def load_outages(
    session: Session,
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    prices: Mapping[int, Price],
    notes: dict[int, str],
) -> dict[int, OutageFacts]:
    """The outages in the period of each credit that is priced by them, by charge id.

    An outage counts with the part of it that lies in the period, under a ticket of the service's circuit or number;
    one that is not over yet does not count, and `notes` says so. The monthly charge is what the same bill charges for
    the service each month: without it there are no facts.
    """
    found: dict[int, OutageFacts] = {}
    for charge in priced_by({PriceModel.SLA_CREDIT}, invoice, services, prices):
        if charge.service is None or not (charge.service.circuit_id or charge.service.tn):
            continue
        tickets = _tickets(session, invoice, charge)
        if not tickets:
            continue
        monthly = _monthly(invoice, charge)
        if monthly <= ZERO:
            notes[charge.charge_id] = "The bill has no monthly charge for the service, so its outages are not priced."
            continue
        if any(one.ended is None for one in tickets):
            notes[charge.charge_id] = "An outage of the service is not over yet; it is left out."
        outages = [_within(one, charge) for one in tickets if one.ended is not None]
        kept = tuple(outage for outage in outages if outage.seconds > 0)
        names = ("tickets of outages",)
        found[charge.charge_id] = OutageFacts(charge.service.id, charge.period, kept, monthly, names)
    return found


def _tickets(session: Session, invoice: InvoiceFacts, charge: PricedCharge) -> list[OutageTicket]:
    service = charge.service
    if service is None:
        return []
    same = [OutageTicket.circuit_key == service.circuit_id] if service.circuit_id else []
    same += [OutageTicket.tn_key == service.tn] if service.tn else []
    statement = select(OutageTicket).where(
        OutageTicket.carrier_id == invoice.carrier_id,
        or_(OutageTicket.account_id.is_(None), OutageTicket.account_id.in_(charge.accounts)),
        or_(*same),
        OutageTicket.started < moment_of(charge.end),
        or_(OutageTicket.ended.is_(None), OutageTicket.ended > moment_of(charge.start)),
    )
    return list(session.scalars(statement.order_by(OutageTicket.started, OutageTicket.reference)))


def _within(ticket: OutageTicket, charge: PricedCharge) -> Outage:
    """The part of an outage that lies in the charge's period."""
    started = max(_seconds(ticket.started), charge.start)
    ended = min(_seconds(ticket.ended), charge.end) if ticket.ended is not None else started
    return Outage(ticket.reference, started, max(0, ended - started), ticket.excluded)


def _monthly(invoice: InvoiceFacts, charge: PricedCharge) -> Decimal:
    """What the bill charges for the service each month, in the credit's own days."""
    amounts = [
        each.amount
        for each in invoice.charges
        if each.service_id == charge.service_id
        and each.id != charge.charge_id
        and each.charge_type is ChargeType.MRC
        and (period := invoice.period_of(each)) is not None
        and period == charge.period
    ]
    return sum(amounts, ZERO)


def _seconds(moment: datetime) -> int:
    elapsed = moment - _EPOCH
    return elapsed.days * 86_400 + elapsed.seconds
