"""Imports: every file that was taken in and what it brought, every file that was not and why, and the way back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QInputDialog,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.queries import review as query
from app.queries.review import ImportRow, QuarantineRow, RejectedDetail
from app.services.changes import Changes
from app.services.progress import Progress
from app.services.receipts import Outcome, Receipt
from app.ui.context import Link, Ui
from app.ui.dialogs.questions import ask_reason
from app.ui.ops import Handle
from app.ui.pages.base import Page
from app.ui.pages.import_report import MAPPABLE
from app.ui.pages.layout_editor import find_editor
from app.ui.readers import is_pointable, is_scan, list_readers
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tokens import SPACE_S, Tone
from app.ui.widgets.basic import Card, label
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.tabs import tab_bar
from app.ui.wording import count

TAKEN: tuple[Column[ImportRow], ...] = (
    Column("name", "File", lambda row: row.name, width=260, strong=True),
    Column("within", "Came in", lambda row: row.within or None, width=150, hidden=True),
    Column("importer", "Read by", lambda row: row.importer or None, width=150),
    Column("received", "Received", lambda row: row.received_at.date(), Kind.DATE, 104),
    Column("by", "By", lambda row: row.received_by, width=120),
    Column("bills", "Bills", lambda row: row.bills or None, Kind.NUMBER, 70),
    Column("changes", "Records", lambda row: row.changes or None, Kind.NUMBER, 80),
    Column(
        "left_out",
        "Rows left out",
        lambda row: row.left_out or None,
        Kind.NUMBER,
        104,
        tone=lambda row: Tone.WARNING if row.left_out else Tone.NEUTRAL,
    ),
    Column("size", "Size", lambda row: row.size, Kind.NUMBER, 96, hidden=True),
)
KEPT_OUT: tuple[Column[QuarantineRow], ...] = (
    Column("name", "File", lambda row: row.name, width=220, strong=True),
    Column("code", "Reason", lambda row: row.code.replace("-", " "), width=130),
    Column("message", "What is wrong", lambda row: row.message, stretch=True, tooltip=lambda row: row.message),
    Column("remedy", "What to do", lambda row: row.remedy or None, width=300, hidden=True),
    Column("tries", "Tries", lambda row: row.tries, Kind.NUMBER, 64, hidden=True),
    Column("received", "Received", lambda row: row.received_at.date(), Kind.DATE, 104),
    Column("within", "Came in", lambda row: row.within or None, width=140, hidden=True),
)
REJECTED: tuple[Column[RejectedDetail], ...] = (
    Column("row", "Row", lambda row: row.row, Kind.NUMBER, 70),
    Column("code", "Reason", lambda row: row.code.replace("-", " "), width=140),
    Column("message", "What is wrong", lambda row: row.message, width=360),
    Column("text", "The row", lambda row: row.text, stretch=True, tooltip=lambda row: row.text),
)
_TABS = ("Taken in", "Quarantine")


class ImportsPage(Page):
    """Take an import back, try a file again, see the rows that were left out."""

    key = "imports"
    title = "Imports"
    subtitle = "Every file that came: what it brought, or why it was kept out."
    place = "imports"
    watches = Changes.INTAKE | Changes.INVOICES | Changes.INVENTORY | Changes.USAGE | Changes.BANK

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.verb("imports_review", "Review…", "review", lambda: ui.go(Link("review")), tip="What waits for a person")
        self.save = self.verb("quarantine_save", "Save a copy…", "export", self._save, tip="Copy the files out")
        self.discard = self.verb("quarantine_discard", "Throw away…", "dismiss", self._discard, tip="For good")
        self.choose = self.verb(
            "quarantine_choose", "Choose the reader…", "import", self._choose, tip="Have it read by one that you name"
        )
        self.point = self.verb(
            "quarantine_point", "Read it by pointing…", "layout", self._point, tip="Say on the page what stands where"
        )
        self.map = self.verb(
            "quarantine_map", "Map its columns…", "table", self._map, tip="Say what the columns of a table hold"
        )
        self.type_in = self.verb(
            "quarantine_type", "Type it in…", "write", lambda: ui.go(Link("typed_bill")), tip="It is only a picture"
        )
        self.again = self.verb(
            "quarantine_again", "Try again", "import", lambda: self._try(""), primary=True, tip="Take them in once more"
        )
        self.rows_again = self.verb(
            "imports_rows_again", "Read the rows again", "reload", self._rows_again, tip="After its mapping was mended"
        )
        self.undo = self.verb(
            "imports_undo", "Take back…", "back", self._undo, tip="Undo this import with all that it brought"
        )
        self.tabs = tab_bar("imports_tabs", "Lists of imports", _TABS)
        self.tabs.currentChanged.connect(lambda _index: self._turn())
        self.taken: DataTable[ImportRow] = DataTable(
            ui,
            "imports",
            TAKEN,
            key=lambda row: row.id,
            noun="file",
            empty=Emptiness("Nothing has been imported yet.", "Import files…", ui.pick_files, "import"),
            views=(
                View("all", "All", lambda _row: True),
                View("bills", "Bills", lambda row: row.bills > 0),
                View("left_out", "With rows left out", lambda row: row.left_out > 0),
            ),
        )
        self.rejected: DataTable[RejectedDetail] = DataTable(
            ui,
            "rejected",
            REJECTED,
            key=lambda row: row.row,
            noun="row",
            empty=Emptiness("No row of this file was left out.", icon="approve"),
        )
        self.kept: DataTable[QuarantineRow] = DataTable(
            ui,
            "quarantine",
            KEPT_OUT,
            key=lambda row: row.id,
            noun="file",
            empty=Emptiness("No file is in quarantine.", icon="approve"),
            several=True,
        )
        self.taken.selected.connect(self._selected)
        self.kept.selected.connect(self._tell_why)
        self._stack = QStackedWidget()
        self._stack.addWidget(_below(self.taken, self.rejected))
        self.why = label("", "body", wrap=True)
        self.why.setObjectName("quarantine_why")
        self.why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._stack.addWidget(_plain(self.kept, self.why))
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._stack, 1)
        self._turn()

    def reload(self) -> None:
        self.fetch("imports", query.fetch_imports, then=self._show_taken)
        self.fetch("quarantine", query.fetch_quarantine, then=self._show_kept)

    def open(self, link: Link) -> None:
        if link.view == "quarantine":
            self.tabs.setCurrentIndex(1)
        elif link.view:
            self.tabs.setCurrentIndex(0)
            self.taken.show_view(link.view)

    def _show_taken(self, rows: list[ImportRow]) -> None:
        self.taken.load(rows)
        self.taken.take_first()
        self._selected(self.taken.current())

    def _show_kept(self, rows: list[QuarantineRow]) -> None:
        self.kept.load(rows)
        self.kept.take_first()
        self._tell_why(self.kept.current())
        self.tabs.setTabText(1, f"{_TABS[1]} ({len(rows):,})" if rows else _TABS[1])
        self._enable()

    def _selected(self, chosen: ImportRow | None) -> None:
        self._enable()
        if chosen is None or not chosen.left_out:
            self.rejected.load(())
        else:
            self.fetch("rejected", query.fetch_rejected, chosen.id, then=self.rejected.load)

    def _tell_why(self, row: QuarantineRow | None) -> None:
        self._enable()
        parts = [row.message, f"→ {row.remedy}" if row.remedy else ""] if row is not None else []
        self.why.setText("\n".join(part for part in parts if part) or "Choose a file.")

    def _turn(self) -> None:
        self._stack.setCurrentIndex(self.tabs.currentIndex())
        quarantine = self.tabs.currentIndex() == 1
        self.undo.setVisible(not quarantine)
        self.rows_again.setVisible(not quarantine)
        for verb in (self.save, self.discard, self.choose, self.again):
            verb.setVisible(quarantine)
        self._enable()

    def _enable(self) -> None:
        imported = self.taken.current()
        self.undo.setEnabled(imported is not None)
        self.rows_again.setEnabled(imported is not None and imported.left_out > 0)
        chosen = self.kept.current()
        for verb in (self.save, self.discard, self.choose, self.again):
            verb.setEnabled(chosen is not None)
        quarantine = self.tabs.currentIndex() == 1
        suffix = Path(chosen.name).suffix.lower() if chosen is not None else ""
        scan = chosen is not None and is_scan(chosen.name, [chosen.code], chosen.message)
        self.point.setVisible(quarantine and chosen is not None and is_pointable(chosen.name, [chosen.code]))
        self.type_in.setVisible(quarantine and scan)
        self.map.setVisible(quarantine and suffix in MAPPABLE)

    # what can be done

    def _undo(self) -> None:
        chosen = self.taken.current()
        if chosen is None:
            return
        explanation = "All that it brought goes, as long as nothing depends on it. The file is kept in quarantine."
        reason = ask_reason(self, f"Take the import of {chosen.name} back?", explanation, "Take back")
        if reason:
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command("Taking back", lambda: do.undo_import(chosen.id, actor, reason), "Taken back.")

    def _rows_again(self) -> None:
        chosen = self.taken.current()
        if chosen is not None:
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command(
                "Reading again", lambda: do.read_rows_again(chosen.id, actor), done=lambda result: self._tell(result[0])
            )

    def _ids(self) -> list[int]:
        return [row.id for row in self.kept.selection()]

    def _try(self, importer: str) -> None:
        ids, actor, do = self._ids(), self.ui.acting.name, self.ui.backend.do
        if not ids:
            return

        def work(handle: Handle) -> tuple[list[Receipt], Changes]:
            def tell(progress: Progress) -> None:
                handle.report(progress.done, progress.total, f"{progress.stage} {progress.subject}".capitalize())

            return do.try_again(ids, actor, importer, tell, handle.cancelled)

        self.ui.ops.command("Trying again", work, lambda result: self._tell(result[0]), shown=True)

    def _tell(self, receipts: list[Receipt]) -> None:
        refused = [receipt for receipt in receipts if receipt.outcome is Outcome.REFUSED]
        held = [receipt for receipt in receipts if receipt.outcome is Outcome.HELD]
        taken = len(receipts) - len(refused) - len(held)
        if taken or held:
            self.ui.toast(f"{count(taken, 'file')} taken in, {len(held)} waiting for review.")
        if held:
            self.ui.go(Link("review", key=held[0].held_id))
        if refused:  # after the change of page, which takes an older message away
            self.ui.say(refused[0].message, Tone.WARNING)

    def _point(self) -> None:
        path = self._copy_out()
        if path is not None:
            find_editor(self.ui).open_pdf(path, path.name)

    def _map(self) -> None:
        path = self._copy_out()
        if path is not None:
            self.ui.go(Link("mapping_editor", text=str(path)))

    def _copy_out(self) -> Path | None:
        """The chosen file under its own name, where an editor can open it and import it again."""
        chosen = self.kept.current()
        if chosen is None:
            return None
        folder = Path(tempfile.mkdtemp(prefix="tollbook-quarantine-"))
        return self.ui.backend.do.save_files([chosen.id], folder)[0]

    def _choose(self) -> None:
        file = self.kept.current()
        if file is None:
            return
        readers = list_readers(self.ui.backend.do.importers(), file.name)
        chosen, ok = QInputDialog.getItem(self, "Choose the reader", f"Read {file.name} by", list(readers), 0, False)
        if ok:
            self._try(readers[chosen])

    def _save(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Copy the files into a folder", str(Path.home()))
        if folder:
            ids, do = self._ids(), self.ui.backend.do
            self.ui.command("Copying", lambda: do.save_files(ids, Path(folder)), "Copied.")

    def _discard(self) -> None:
        ids = self._ids()
        explanation = "Their bytes are removed for good; the log keeps their names and the reason."
        if ids and ask_reason(self, f"Throw {count(len(ids), 'file')} away?", explanation, "Throw away"):
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command("Throwing away", lambda: do.discard_files(ids, actor), "Thrown away.")


def _plain(table: DataTable[QuarantineRow], why: QLabel) -> QWidget:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE_S)
    layout.addWidget(table.bar)
    layout.addWidget(table, 1)
    told = Card("Why it was kept out")
    told.body.addWidget(why)
    layout.addWidget(told)
    return holder


def _below(taken: DataTable[ImportRow], rejected: DataTable[RejectedDetail]) -> QWidget:
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE_S)
    layout.addWidget(taken.bar)
    splitter = QSplitter(Qt.Orientation.Vertical)
    lower = QWidget()
    held = QVBoxLayout(lower)
    held.setContentsMargins(0, 0, 0, 0)
    held.setSpacing(SPACE_S)
    held.addWidget(label("Rows left out of the chosen file", "heading"))
    held.addWidget(rejected, 1)
    splitter.addWidget(taken)
    splitter.addWidget(lower)
    splitter.setSizes([380, 220])
    splitter.setChildrenCollapsible(False)
    layout.addWidget(splitter, 1)
    return holder
