"""The layout editor's services on one open workspace, in one value for the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import UserError
from app.importers.ocr.kinds import is_picture
from app.services import layout_acceptance, layout_drift, layouts
from app.services.layout_acceptance import Trial
from app.services.layout_draft import Draft
from app.services.layout_drift import Moved
from app.services.layout_scans import Scan, recognise
from app.services.layout_words import PageWords, propose_claims
from app.services.layouts import Bill
from app.services.parsing import NotAnswered

if TYPE_CHECKING:
    from app.domain.source import ParseIssue
    from app.services.changes import Changes
    from app.services.workspace import Workspace

MOST_BYTES = 64 << 20
Cancelled = Callable[[], bool]
Progress = Callable[[int, int], None]


class NotToPoint(UserError):
    """{name} cannot be shown to point at ({why}): choose a PDF or a picture of a bill, of at most 64 MB."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A bill that is ready to be pointed at, and the PDF that shows it; `draft` is None where no first guess could be
    made, `note` says why. The content of a scan is its words, and what is shown are its pages as they were read."""

    content: Bill
    pages: tuple[PageWords, ...]
    draft: Draft | None
    note: str = ""

    @property
    def shown(self) -> bytes:
        """The PDF that shows it, on which the words' boxes fit."""
        return self.content.shown if isinstance(self.content, Scan) else self.content

    @property
    def scanned(self) -> bool:
        """Whether its words were recognised in pictures."""
        return isinstance(self.content, Scan)


@dataclass(frozen=True, slots=True)
class LayoutDesk:
    """Each method is one service call; `accept` alone changes something and returns Changes."""

    workspace: Workspace

    def open(
        self,
        path: Path,
        name: str,
        importer: str = "",
        cancelled: Cancelled = lambda: False,
        progress: Progress = lambda _done, _total: None,
    ) -> Opened:
        """Read a bill's words and make a first guess, or take the layout of `importer` to be mended. Where its pages
        are pictures, the words are recognised, and `progress` hears of each page.

        Raises NotToPoint or NotAnswered.
        """
        content, pages = _read_words(path, name, cancelled, progress)
        if importer:
            return self.mend(Opened(content, pages, None), name, importer)
        try:
            draft = layouts.guess(name, content, cancelled=cancelled)
        except NotAnswered as fault:
            return Opened(content, pages, None, fault.message)
        if not draft.texts("claims"):
            draft = draft.with_value("claims", propose_claims(pages))
        return Opened(content, pages, draft)

    def mend(self, opened: Opened, name: str, importer: str) -> Opened:
        """A bill whose words are read already, with the layout of `importer` to be mended. Raises NotAnswered."""
        draft = layout_drift.open_draft(self.workspace, importer, name, opened.content)
        return Opened(opened.content, opened.pages, draft)

    def open_drifted(
        self,
        path: Path,
        name: str,
        issues: Sequence[ParseIssue],
        importer: str = "",
        cancelled: Cancelled = lambda: False,
        progress: Progress = lambda _done, _total: None,
    ) -> tuple[Opened, str, list[Moved]]:
        """A bill whose layout has drifted, the layout that says so, and what moved. Raises as `open` does."""
        content, pages = _read_words(path, name, cancelled, progress)
        known = importer or layout_drift.find_layout(self.workspace, issues)
        told = layout_drift.tell_again(self.workspace, known, name, content, issues)
        return Opened(content, pages, None), known, layout_drift.find_moved(self.workspace, known, pages, told)

    def try_layout(
        self,
        name: str,
        content: Bill,
        draft: Draft,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Trial:
        return layout_acceptance.try_layout(
            self.workspace, name, content, draft, progress=progress, cancelled=cancelled
        )

    def accept(self, trial: Trial, actor: str, reason: str = "") -> Changes:
        return layout_acceptance.accept(self.workspace, trial, actor, reason)


def _read_words(path: Path, name: str, cancelled: Cancelled, progress: Progress) -> tuple[Bill, tuple[PageWords, ...]]:
    """The words of a PDF with text; of any other bill those that are recognised in its pictures."""
    content = _read(path, name)
    pages: tuple[PageWords, ...] = ()
    if not is_picture(content):
        pages = layouts.read_words(name, content, cancelled=cancelled)
    if any(page.words for page in pages) and not any(page.picture for page in pages):
        return content, pages
    scan = recognise(name, content, cancelled=cancelled, progress=progress)
    return scan, scan.pages


def _read(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise NotToPoint(name=name, why=fault.strerror) from fault
    if len(content) > MOST_BYTES:
        raise NotToPoint(name=name, why="it is larger than that")
    if b"%PDF-" not in content[:1024] and not is_picture(content):
        raise NotToPoint(name=name, why="it is neither")
    return content
