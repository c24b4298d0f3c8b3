"""How far a long command has come, told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO


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


@contextmanager
def show_progress(stream: TextIO, *, quiet: bool = False) -> Iterator[Reporter]:
    """A reporter that writes one line over and over on a terminal, and nothing where `stream` is none."""
    if quiet or not stream.isatty():
        yield unheard
        return

    def show(progress: Progress) -> None:
        stream.write(f"\r\033[K{str(progress)[:78]}")
        stream.flush()

    try:
        yield show
    finally:
        stream.write("\r\033[K")
        stream.flush()
