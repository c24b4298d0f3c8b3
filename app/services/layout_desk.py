"""The layout editor's services on one open workspace, in one value for the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import UserError
from app.services import layout_acceptance, layout_drift, layouts
from app.services.layout_acceptance import Trial
from app.services.layout_draft import Draft
from app.services.layout_drift import Moved
from app.services.layouts import PageWords
from app.services.parsing import NotAnswered

if TYPE_CHECKING:
    from app.domain.source import ParseIssue
    from app.services.changes import Changes
    from app.services.workspace import Workspace

MOST_BYTES = 64 << 20


class NotToPoint(UserError):
    """{name} cannot be shown to point at ({why}): choose a PDF of at most 64 MB whose text can be read."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A PDF that is ready to be pointed at; `draft` is None where no first guess could be made, `note` says why."""

    content: bytes
    pages: tuple[PageWords, ...]
    draft: Draft | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LayoutDesk:
    """Each method is one service call; `accept` alone changes something and returns Changes."""

    workspace: Workspace

    def open(self, path: Path, name: str, importer: str = "", cancelled: Callable[[], bool] = lambda: False) -> Opened:
        """Read a PDF's words and make a first guess, or take the layout of `importer` to be mended.

        Raises NotToPoint or NotAnswered.
        """
        content = _read(path, name)
        pages = layouts.read_words(name, content, cancelled=cancelled)
        if importer:
            return Opened(content, pages, layout_drift.open_draft(self.workspace, importer))
        try:
            draft = layouts.guess(name, content, cancelled=cancelled)
        except NotAnswered as fault:
            return Opened(content, pages, None, fault.message)
        if not draft.texts("claims"):
            draft = draft.with_value("claims", layouts.propose_claims(pages))
        return Opened(content, pages, draft)

    def open_drifted(
        self, path: Path, name: str, issues: Sequence[ParseIssue], importer: str = ""
    ) -> tuple[Opened, str, list[Moved]]:
        """A PDF whose layout has drifted, the layout that says so, and what moved. Raises NotToPoint or NotAnswered."""
        content = _read(path, name)
        pages = layouts.read_words(name, content)
        known = importer or layout_drift.find_layout(self.workspace, issues)
        return Opened(content, pages, None), known, layout_drift.find_moved(self.workspace, known, pages, issues)

    def try_layout(
        self,
        name: str,
        content: bytes,
        draft: Draft,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Trial:
        return layout_acceptance.try_layout(
            self.workspace, name, content, draft, progress=progress, cancelled=cancelled
        )

    def accept(self, trial: Trial, actor: str, reason: str = "") -> Changes:
        return layout_acceptance.accept(self.workspace, trial, actor, reason)


def _read(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise NotToPoint(name=name, why=fault.strerror) from fault
    if len(content) > MOST_BYTES:
        raise NotToPoint(name=name, why="it is larger than that")
    if b"%PDF-" not in content[:1024]:
        raise NotToPoint(name=name, why="it is no PDF")
    return content
