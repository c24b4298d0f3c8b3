"""What is marked in a document: the place of each charge, and how loudly."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.source import Source
from app.ui.tokens import Tone


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a charge. `tone` is NEUTRAL where nothing is wrong with it."""

    key: int
    source: Source
    tone: Tone = Tone.NEUTRAL
    tip: str = ""
