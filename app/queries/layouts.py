"""The PDF layouts that were saved in the workspace, and the carriers that a new one can be for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.importers.tabular.definition import open_toml
from app.models.inventory import Carrier
from app.models.workspace import SavedMapping

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_KIND = "pdf-layout"


@dataclass(frozen=True, slots=True)
class Row:
    """A saved layout; `importer` is what reads by it."""

    name: str
    carrier: str
    importer: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What the layout editor offers: saved layouts and the names of the carriers."""

    layouts: tuple[Row, ...]
    carriers: tuple[str, ...]


def fetch(session: Session) -> Known:
    """Saved layouts by name, and all carriers."""
    rows = []
    for saved in session.scalars(select(SavedMapping).order_by(SavedMapping.name)):
        values = open_toml(saved.toml)
        if values.get("kind") == _KIND:
            rows.append(Row(saved.name, str(values.get("carrier", "")), f"pdf:{saved.name}", saved.saved_at))
    carriers = session.scalars(select(Carrier.name).order_by(Carrier.name)).all()
    return Known(tuple(rows), tuple(carriers))
