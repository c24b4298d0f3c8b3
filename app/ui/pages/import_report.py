"""What became of the files that were dropped: taken or refused, what they brought, what is wrong where, the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.domain.parsed import ParseIssue
from app.services.intake import Outcome, Receipt
from app.ui.context import Link, Ui
from app.ui.pages.base import Page
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tokens import SPACE_S, Tone
from app.ui.widgets.basic import label
from app.ui.widgets.empty import Emptiness
from app.ui.wording import count, tone


@dataclass(frozen=True, slots=True)
class Fault:
    """One issue of one file."""

    file: str
    issue: ParseIssue


_TONES = {
    Outcome.TAKEN: Tone.SUCCESS,
    Outcome.ALREADY_HERE: Tone.NEUTRAL,
    Outcome.REFUSED: Tone.DANGER,
    Outcome.CANCELLED: Tone.WARNING,
}

FILES: tuple[Column[Receipt], ...] = (
    Column("outcome", "Result", lambda row: row.outcome, Kind.CHIP, 120, tone=lambda row: _TONES[row.outcome]),
    Column("file", "File", lambda row: row.path.name, width=280, strong=True, tooltip=lambda row: str(row.path)),
    Column("counts", "Brought", lambda row: row.counts or None, width=180),
    Column("message", "What happened", lambda row: row.message, stretch=True),
    Column("importer", "Read by", lambda row: row.importer or None, width=150, hidden=True),
    Column("issues", "Notes", lambda row: len(row.issues) or None, Kind.NUMBER, 70),
)

ISSUES: tuple[Column[Fault], ...] = (
    Column("severity", "", lambda row: row.issue.severity, Kind.CHIP, 90, tone=lambda row: tone(row.issue.severity)),
    Column("file", "File", lambda row: row.file, width=220),
    Column("place", "Where", lambda row: row.issue.source.describe(), width=190),
    Column("message", "What", lambda row: row.issue.message, stretch=True),
    Column("remedy", "Remedy", lambda row: row.issue.remedy, width=340),
)


class ImportReportPage(Page):
    """Shown when an import ends."""

    key = "import_report"
    title = "Import report"
    place = "bills"

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.note.show()
        self.more = self.verb("import_more", "Import more…", "import", ui.pick_files, tip="Choose more files")
        self.bills = self.verb(
            "import_to_bills", "Review the bills", "bills", lambda: ui.go(Link("bills", view="review")), primary=True
        )
        self.files: DataTable[Receipt] = DataTable(
            ui,
            "import_files",
            FILES,
            key=lambda row: row.path,
            noun="file",
            empty=Emptiness("Nothing has been imported yet.", "Import files…", ui.pick_files, "import"),
            views=(
                View("all", "All", lambda _row: True),
                View("taken", "Taken", lambda row: row.outcome is Outcome.TAKEN),
                View("refused", "Refused", lambda row: row.outcome is Outcome.REFUSED),
                View("noted", "With notes", lambda row: bool(row.issues)),
            ),
        )
        self.issues: DataTable[Fault] = DataTable(
            ui,
            "import_issues",
            ISSUES,
            key=lambda row: (row.file, row.issue),
            noun="note",
            empty=Emptiness("Every file was read without a note.", icon="check"),
        )
        below = QWidget()
        layout = QVBoxLayout(below)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(label("What to look at", "heading"))
        layout.addWidget(self.issues, 1)
        self.body.addWidget(self.files.bar)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.files)
        splitter.addWidget(below)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        self.body.addWidget(splitter, 1)

    def show_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Report on these files."""
        self.stale = False
        taken = sum(1 for receipt in receipts if receipt.outcome is Outcome.TAKEN)
        refused = sum(1 for receipt in receipts if receipt.outcome is Outcome.REFUSED)
        bills = sum(len(receipt.invoice_ids) for receipt in receipts)
        told = [f"{taken} of {count(len(receipts), 'file')} taken in"]
        if bills:
            told.append(count(bills, "bill"))
        told.append(f"{refused} refused: nothing of them was kept" if refused else "none refused")
        self.note.setText("  ·  ".join(told))
        self.bills.setEnabled(bills > 0)
        self.files.load(receipts)
        self.issues.load([Fault(receipt.path.name, issue) for receipt in receipts for issue in receipt.issues])
