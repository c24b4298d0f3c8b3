"""The evidence: a document in the form in which it came, with the places of its charges."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from app.importers.json.strict import is_json
from app.importers.ocr.kinds import is_picture
from app.importers.ocr.pictures import as_pdf
from app.importers.tabular.grid import read_grid
from app.importers.tabular.sheets import Grid, GridFault
from app.ui.icons import Icons
from app.ui.ops import Fault, Ops
from app.ui.theme import Theme
from app.ui.widgets.basic import label
from app.ui.widgets.empty import Emptiness, EmptyState
from app.ui.widgets.marks import Mark
from app.ui.widgets.pdf_pages import PdfPages
from app.ui.widgets.pdf_view import PdfView
from app.ui.widgets.source_table import SourceTable
from app.ui.widgets.source_text import SourceText


@dataclass(frozen=True)
class Opened:
    """A document that is ready to be shown: one of the three."""

    pages: PdfPages | None = None
    grid: Grid | None = None
    text: str = ""
    lines: dict[int, tuple[int, int]] | None = None


class DocumentView(QFrame):
    """`picked` carries the key of the charge whose place was clicked."""

    picked = Signal(int)

    def __init__(self, ops: Ops, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("Source document")
        self._ops = ops
        self._chosen: int | None = None
        self.pdf = PdfView(ops, theme, icons)
        self.sheet = SourceTable(theme)
        self.text = SourceText(theme)
        self._nothing = EmptyState(icons, "document", Emptiness("Choose a bill to see its document.", icon="file"))
        self._stack = QStackedWidget()
        for part in (self._nothing, self.pdf, self.sheet, self.text):
            self._stack.addWidget(part)
        self.pdf.picked.connect(self.picked)
        self.sheet.picked.connect(self.picked)
        self.name = label("", "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self._stack)

    def load(self, content: Callable[[], bytes], marks: Sequence[Mark]) -> None:
        """Fetch a document in the background and show it with its marks."""
        self._say("Opening the document…", "file")
        kept = list(marks)
        self._ops.query(
            self,
            "document",
            lambda: open_document(content(), kept),
            lambda opened: self._show(opened, kept),
            self._failed,
        )

    def choose(self, key: int | None) -> None:
        """Light the place of that charge."""
        self._chosen = key
        for part in (self.pdf, self.sheet, self.text):
            if part is self._stack.currentWidget():
                part.choose(key)

    def release(self) -> None:
        """Close what is open."""
        self.pdf.release()

    def _show(self, opened: Opened, marks: list[Mark]) -> None:
        if opened.pages is not None:
            self._stack.setCurrentWidget(self.pdf)
            self.pdf.show_document(opened.pages, marks)
        elif opened.grid is not None:
            self._stack.setCurrentWidget(self.sheet)
            self.sheet.show_document(opened.grid, marks)
        else:
            self._stack.setCurrentWidget(self.text)
            self.text.show_document(opened.text, opened.lines or {}, marks)
        self.choose(self._chosen)

    def _failed(self, fault: Fault) -> None:
        self._say(fault.message, "warning")

    def _say(self, sentence: str, icon: str) -> None:
        self._nothing.show_as(Emptiness(sentence, icon=icon))
        self._stack.setCurrentWidget(self._nothing)


def open_document(content: bytes, marks: Sequence[Mark]) -> Opened:
    """Make a document ready to be shown. Called on a worker; raises UserError where it cannot be."""
    if content.startswith((b"PK", _OLE2)):
        return Opened(grid=read_grid(content, "xls" if content.startswith(_OLE2) else "xlsx"))
    if b"%PDF-" in content[:1024]:
        return Opened(pages=PdfPages(content))
    if is_picture(content):
        return Opened(pages=PdfPages(as_pdf("picture", content)))
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        text = content.decode("utf-8-sig", errors="replace")
        return Opened(text=text, lines=element_lines(text, marks))
    if is_json(content) or start.startswith((b"ISA", b"UNA", b"UNB")):
        return Opened(text=content.decode("utf-8-sig", errors="replace"))
    try:
        return Opened(grid=read_grid(content, "csv"))
    except GridFault as fault:
        if fault.code != "bad-encoding":
            raise
        # the mapping named the encoding; for showing, one in which every byte is a character will do
        return Opened(grid=read_grid(content, "csv", encoding="latin-1"))


_OLE2 = b"\xd0\xcf\x11\xe0"
_STEP = re.compile(r"(?:[\w-]+:)?([\w-]+)(?:\[(\d+)\])?$")
_TAG = re.compile(r"<(/?)(?:[\w-]+:)?([\w-]+)[^<>]*?(/?)>")


def element_lines(text: str, marks: Sequence[Mark]) -> dict[int, tuple[int, int]]:
    """First and last line (from 0) of each mark's element: the n-th of its path's last name, by its tags."""
    wanted: dict[str, dict[int, list[int]]] = {}
    for mark in marks:
        step = _STEP.search(mark.source.path)
        if step:
            wanted.setdefault(step.group(1), {}).setdefault(int(step.group(2) or 1), []).append(mark.key)
    found: dict[int, tuple[int, int]] = {}
    line, last, counts = 0, 0, dict.fromkeys(wanted, 0)
    opened: dict[str, int] = {}
    for tag in _TAG.finditer(text):
        name = tag.group(2)
        if name not in wanted:
            continue
        line += text.count("\n", last, tag.start())
        last = tag.start()
        if not tag.group(1):
            counts[name] += 1
            opened[name] = line
        if tag.group(1) or tag.group(3):
            for key in wanted[name].get(counts[name], ()):
                found[key] = (opened.get(name, line), line)
    return found
