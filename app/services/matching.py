"""Matching: which service a charge is for, kept beside the charge. What a person has decided stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.domain.identifiers import name_key
from app.domain.matching import Candidate, Printed, ServiceIndex, find_match
from app.domain.vocabulary import InvoiceStatus, MatchMethod
from app.domain.workflow import INVOICE_FLOW
from app.errors import UserError
from app.models.inventory import BillingAccount, Carrier, Location, Service
from app.models.invoices import Charge, ChargeMatch, Invoice
from app.services.bills import lock_bills, move_bill
from app.services.changes import Changes
from app.services.log import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

AUTOMATIC = "matching"


class ChargeMissing(UserError):
    """There is no charge number {charge_id} in this workspace: open its bill again."""


class ServiceOfAnotherCarrier(UserError):
    """Service {service} is not one of {carrier}: a charge can only be for a service of the carrier that bills it."""


class MatchTooLate(UserError):
    """Bill {number} is {status}: its charges can be matched until it is submitted. Have it sent back first."""


def load_index(session: Session, carrier_id: int) -> ServiceIndex:
    """All services of a carrier, whatever their account: services move between accounts, never between carriers."""
    places = {
        row.id: frozenset(key for key in (name_key(row.code), name_key(row.name)) if key)
        for row in session.execute(select(Location.id, Location.code, Location.name))
    }
    rows = session.execute(
        select(
            Service.id,
            Service.account_id,
            Service.circuit_key,
            Service.tn_key,
            Service.code,
            Service.location_a_id,
            Service.location_z_id,
        )
        .where(Service.carrier_id == carrier_id)
        .order_by(Service.id)
    )
    nowhere: frozenset[str] = frozenset()
    return ServiceIndex.build(
        Candidate(
            row.id,
            row.account_id,
            row.circuit_key,
            row.tn_key,
            row.code,
            places.get(row.location_a_id, nowhere) | places.get(row.location_z_id, nowhere),
        )
        for row in rows
    )


def match_invoice(workspace: Workspace, invoice_id: int, actor: str) -> Changes:
    """Match all charges of an invoice anew; what a person has matched stays as it is."""
    with workspace.database.writing() as session:
        (invoice,) = lock_bills(session, [invoice_id])
        move_bill(session, invoice, InvoiceStatus.MATCHED)
        match_charges(session, invoice)
        record(session, actor, "matched", f"bill {invoice.number}", invoice=invoice.id)
    return Changes.INVOICES | Changes.CHARGES


def match_charges(session: Session, invoice: Invoice) -> None:
    """Match inside the caller's transaction."""
    index = load_index(session, invoice.carrier_id)
    charges = session.execute(
        select(Charge.id, Charge.charge_type, Charge.circuit_key, Charge.tn_key, Charge.location, Charge.code).where(
            Charge.invoice_id == invoice.id
        )
    ).all()
    of_invoice = select(Charge.id).where(Charge.invoice_id == invoice.id)
    by_hand = set(
        session.scalars(
            select(ChargeMatch.charge_id).where(
                ChargeMatch.charge_id.in_(of_invoice), ChargeMatch.method == MatchMethod.BY_HAND
            )
        )
    )
    session.execute(
        delete(ChargeMatch)
        .where(ChargeMatch.charge_id.in_(of_invoice), ChargeMatch.method != MatchMethod.BY_HAND)
        .execution_options(synchronize_session=False)
    )
    for charge in charges:
        if charge.id in by_hand:
            continue
        printed = Printed(
            charge.charge_type, invoice.account_id, charge.circuit_key, charge.tn_key, charge.location, charge.code
        )
        match = find_match(printed, index)
        if match is not None:
            session.add(ChargeMatch(charge_id=charge.id, service_id=match[0], method=match[1], matched_by=AUTOMATIC))
    session.flush()


def match_charge(workspace: Workspace, charge_id: int, service_id: int | None, actor: str) -> Changes:
    """Say by hand which service a charge is for; None: it is for the account as a whole.

    Raises MatchTooLate once the bill is submitted. The bill is rated and audited again by `pipeline.reprocess`.
    """
    with workspace.database.writing() as session:
        charge = session.get(Charge, charge_id)
        if charge is None:
            raise ChargeMissing(charge_id=charge_id)
        (invoice,) = lock_bills(session, [charge.invoice_id])
        if InvoiceStatus.MATCHED not in INVOICE_FLOW[invoice.status]:
            raise MatchTooLate(number=invoice.number, status=invoice.status)
        label = "the account as a whole"
        if service_id is not None:
            label = _check_service(session, service_id, invoice.carrier_id)
        match = session.get(ChargeMatch, charge_id)
        if match is None:
            match = ChargeMatch(charge_id=charge_id)
            session.add(match)
        match.service_id = service_id
        match.method = MatchMethod.BY_HAND
        match.matched_by = actor
        if invoice.status is not InvoiceStatus.POSTED:  # its other charges have not been looked at yet
            invoice.status = InvoiceStatus.MATCHED
        session.flush()
        record(
            session,
            actor,
            "matched",
            f"charge {charge.seq} of bill {invoice.number}",
            charge=charge_id,
            service=service_id,
            to=label,
        )
    return Changes.INVOICES | Changes.CHARGES


def _check_service(session: Session, service_id: int, carrier_id: int) -> str:
    service = session.get(Service, service_id)
    carrier = session.get_one(Carrier, carrier_id)
    if service is None or service.carrier_id != carrier_id:
        label = f"number {service_id}" if service is None else service_label(service)
        raise ServiceOfAnotherCarrier(service=label, carrier=carrier.name)
    return service_label(service)


def service_label(service: Service) -> str:
    """What a person calls a service: its circuit id or number, else what it is."""
    return service.circuit_id or service.tn or service.description or f"service {service.id}"


def accounts_of(session: Session, invoice_ids: Sequence[int]) -> list[int]:
    """The accounts that the invoices belong to."""
    return list(
        session.scalars(
            select(BillingAccount.id)
            .join(Invoice, Invoice.account_id == BillingAccount.id)
            .where(Invoice.id.in_(invoice_ids))
            .distinct()
            .order_by(BillingAccount.id)
        )
    )
