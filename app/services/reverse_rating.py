"""Why a stored bill differs from its contracts: the settings that give the carrier's amounts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.rating.reverse import find_causes
from app.services.evidence import load_evidence
from app.services.rerating import compute

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.evidence import Evidence
    from app.domain.history import ChargeFacts
    from app.rating.ratebook import RateBook
    from app.rating.reverse import Cause
    from app.services.workspace import Workspace


def explain_invoice(session: Session, workspace: Workspace, invoice_id: int) -> tuple[Cause, ...]:
    """The causes of what an invoice bills beyond tolerance, as `find_causes` says; nothing is stored.

    The invoice is rated by what the store says now. Changes of increments, time zones and the like count the recorded
    calls and samples anew, a charge at a time.
    """
    result = compute(session, workspace, invoice_id)

    def recount(charge: ChargeFacts, book: RateBook) -> Evidence | None:
        alone = replace(result.invoice, charges=(charge,))
        return load_evidence(session, workspace, alone, result.services, book).get(charge.id)

    return find_causes(result.invoice, result.services, result.book, result.evidence, result.rated, recount=recount)
