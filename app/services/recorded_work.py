"""Our own tickets of remote hands as facts: the jobs of a period that a charge bills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.domain.evidence import Work, WorkFacts
from app.domain.vocabulary import PriceModel
from app.models.operations import WorkTicket
from app.services.metered_charges import priced_by
from app.services.record_tickets import moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.domain.history import InvoiceFacts, ServiceFacts
    from app.rating.ratebook import Price


def load_work(
    session: Session,
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    prices: Mapping[int, Price],
    notes: dict[int, str],
) -> dict[int, WorkFacts]:
    """The jobs that began in the period of each charge priced as remote hands, by charge id, in their order.

    Tickets of the charge's accounts count, and those that name none; where the charge is for a service, those of its
    circuit or its site, or of neither. A period without a ticket has no records: its bill is not judged by them.
    Where several charges of a bill are priced so, it cannot be told which jobs are whose: `notes` says so.
    """
    charges = list(priced_by({PriceModel.REMOTE_HANDS}, invoice, services, prices))
    found: dict[int, WorkFacts] = {}
    jobs_of: dict[int, set[int]] = {}
    for charge in charges:
        statement = select(WorkTicket).where(
            WorkTicket.carrier_id == invoice.carrier_id,
            or_(WorkTicket.account_id.is_(None), WorkTicket.account_id.in_(charge.accounts)),
            WorkTicket.started >= moment_of(charge.start),
            WorkTicket.started < moment_of(charge.end),
        )
        if charge.service is not None:
            circuit, site = charge.service.circuit_id, charge.service.location_id
            statement = statement.where(
                WorkTicket.circuit_key.in_({"", circuit}),
                or_(WorkTicket.location_id.is_(None), WorkTicket.location_id == site),
            )
        tickets = session.scalars(statement.order_by(WorkTicket.started, WorkTicket.reference)).all()
        if tickets:
            jobs = tuple(Work(one.reference, one.minutes, one.after_hours, one.expedited) for one in tickets)
            found[charge.charge_id] = WorkFacts(charge.service_id, charge.period, jobs, ("tickets of remote hands",))
            jobs_of[charge.charge_id] = {one.id for one in tickets}
    for each in list(found):
        if any(jobs_of[each] & jobs for other, jobs in jobs_of.items() if other != each):
            notes[each] = "Several charges may be for the same tickets of remote hands: they are not compared."
            del found[each]
    return found
