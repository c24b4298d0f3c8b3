"""Rating a stored invoice: its charges beside what the contracts say, with the proofs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from app.domain.stored import proof_to_text
from app.domain.vocabulary import InvoiceStatus, RatingOutcome
from app.models.invoices import Charge, ChargeRating
from app.rating.currency import RateTable
from app.rating.engine import rate_invoice as rate
from app.rating.ratebook import RateBook
from app.services.bills import lock_bills, move_bill
from app.services.changes import Changes
from app.services.evidence import load_evidence
from app.services.exchange_rates import load_rates
from app.services.facts import load_contracts, load_invoices, load_services
from app.services.log import record
from app.services.matching import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.domain.evidence import Evidence
    from app.domain.history import InvoiceFacts, ServiceFacts
    from app.domain.rated import RatedCharge
    from app.domain.terms import ContractTerms
    from app.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RatedInvoice:
    """An invoice with its charges rated, and what they were rated by."""

    invoice: InvoiceFacts
    rated: Mapping[int, RatedCharge]
    services: Mapping[int, ServiceFacts]
    contracts: tuple[ContractTerms, ...]
    evidence: Mapping[int, Evidence]
    book: RateBook


def rate_invoice(workspace: Workspace, invoice_id: int, *, actor: str = AUTOMATIC) -> Changes:
    """Rate all charges of a matched invoice anew; the earlier ratings are replaced."""
    with workspace.database.writing() as session:
        (invoice,) = lock_bills(session, [invoice_id])
        move_bill(session, invoice, InvoiceStatus.RATED)
        result = compute(session, workspace, invoice_id)
        _save(session, invoice_id, result.rated)
        rated = sum(charge.outcome is RatingOutcome.RATED for charge in result.rated.values())
        record(session, actor, "rated", f"bill {invoice.number}", invoice=invoice_id, rated=rated)
    return Changes.INVOICES | Changes.CHARGES


def compute(session: Session, workspace: Workspace, invoice_id: int) -> RatedInvoice:
    """Rate an invoice by what the store says now, and store nothing."""
    invoice = load_invoices(session, [invoice_id])[invoice_id]
    services = load_services(session, invoice.carrier_id)
    contracts = load_contracts(session, invoice.carrier_id)
    book = RateBook(contracts, RateTable(load_rates(session)))
    notes: dict[int, str] = {}
    evidence = load_evidence(session, workspace, invoice, services, book, notes)
    rated = rate(invoice, services, book, evidence)
    for charge_id, note in notes.items():
        rated[charge_id] = replace(rated[charge_id], note=f"{rated[charge_id].note} {note}".strip())
    return RatedInvoice(invoice, rated, services, contracts, evidence, book)


def _save(session: Session, invoice_id: int, rated: Mapping[int, RatedCharge]) -> None:
    of_invoice = select(Charge.id).where(Charge.invoice_id == invoice_id)
    session.execute(
        delete(ChargeRating).where(ChargeRating.charge_id.in_(of_invoice)).execution_options(synchronize_session=False)
    )
    now = datetime.now(UTC)
    rows = [
        {
            "charge_id": charge.charge_id,
            "outcome": charge.outcome,
            "expected": charge.expected,
            "amended": charge.amended,
            "variance": charge.variance,
            "rate_element_id": charge.rate_element_id,
            "proof": proof_to_text(charge.proof),
            "note": charge.note,
            "rated_at": now,
        }
        for charge in rated.values()
    ]
    if rows:
        session.execute(insert(ChargeRating), rows)
