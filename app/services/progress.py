"""How far a long command has come, told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` steps of a stage ("reading", "posting", "rating") are finished; `subject` is at hand."""

    stage: str
    subject: str
    done: int
    total: int

    def __str__(self) -> str:
        return f"{self.stage} {self.subject} ({self.done} of {self.total})"


Reporter = Callable[[Progress], None]
Cancelled = Callable[[], bool]


def unheard(_progress: Progress) -> None:
    """Where nobody listens."""


def never() -> bool:
    """Where nobody can cancel."""
    return False
