"""Rate decks: which versions there are, and which of each is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.vocabulary import DeckKind
from app.models.contracts import RateDeck
from app.models.documents import SourceDocument
from app.models.inventory import Carrier

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Row:
    """A version of a rate deck; of those of one carrier, kind and name the one loaded last is in force."""

    id: int
    carrier: str
    name: str
    kind: DeckKind
    rows: int
    loaded_at: datetime
    in_force: bool
    document: str
    sha256: str


def fetch(session: Session, carrier_id: int | None = None) -> list[Row]:
    """The decks by carrier, name and kind, each with its latest version first."""
    selected = (
        select(RateDeck, Carrier.name, SourceDocument.name)
        .join(Carrier, Carrier.id == RateDeck.carrier_id)
        .outerjoin(SourceDocument, SourceDocument.id == RateDeck.document_id)
        .order_by(Carrier.name, RateDeck.name, RateDeck.kind, RateDeck.loaded_at.desc(), RateDeck.id.desc())
    )
    if carrier_id is not None:
        selected = selected.where(RateDeck.carrier_id == carrier_id)
    rows: list[Row] = []
    seen: set[tuple[int, str, DeckKind]] = set()
    for deck, carrier, document in session.execute(selected):
        known_by = (deck.carrier_id, deck.name, deck.kind)
        rows.append(
            Row(
                id=deck.id,
                carrier=carrier,
                name=deck.name,
                kind=deck.kind,
                rows=deck.rows,
                loaded_at=deck.loaded_at,
                in_force=known_by not in seen,
                document=document or "",
                sha256=deck.sha256,
            )
        )
        seen.add(known_by)
    return rows
