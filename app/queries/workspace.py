"""Whose workspace this is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.models.workspace import WorkspaceInfo

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Facts:
    """The company, its currency, and the day on which a demo workspace stands still."""

    company: str
    currency: str
    fixed_day: date | None


def fetch(session: Session) -> Facts:
    """The facts of the open workspace."""
    info = session.get_one(WorkspaceInfo, 1)
    return Facts(info.company, info.currency, info.fixed_day)
