"""The carriers, to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.identifiers import name_key
from app.models.inventory import Carrier

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def list_carriers(session: Session) -> dict[str, int]:
    """Their names, in order, each with its id."""
    return {row.name: row.id for row in session.execute(select(Carrier.name, Carrier.id).order_by(Carrier.name))}


def find_carrier(session: Session, name: str) -> int | None:
    """The id of the carrier of that name, whatever its case and punctuation."""
    return session.scalar(select(Carrier.id).where(Carrier.name_key == name_key(name)))
