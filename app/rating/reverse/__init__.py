"""Reverse rating: from a carrier's amounts to the settings that give them, and so to the cause of a difference."""

from __future__ import annotations

from app.rating.reverse.cause import Cause
from app.rating.reverse.search import find_causes
from app.rating.reverse.trial import Recount

__all__ = ["Cause", "Recount", "find_causes"]
