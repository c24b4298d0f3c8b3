"""What became of the files that were dropped: taken or refused, what they brought, what is wrong where, the remedy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.services.receipts import Outcome, Receipt
from app.ui.context import Link, Ui
from app.ui.pages.base import Page
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tokens import SPACE_S, Tone
from app.ui.widgets.basic import label
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.issue_list import FileIssue, IssueList
from app.ui.wording import count

_TONES = {
    Outcome.TAKEN: Tone.SUCCESS,
    Outcome.ALREADY_HERE: Tone.NEUTRAL,
    Outcome.REFUSED: Tone.DANGER,
    Outcome.CANCELLED: Tone.WARNING,
}


def _told(row: Receipt) -> str | None:
    """Of a file that was taken in, the list says already what it brought."""
    return None if row.outcome is Outcome.TAKEN else row.message


# what somebody has to look at comes first
ORDER = (Outcome.REFUSED, Outcome.CANCELLED, Outcome.TAKEN, Outcome.ALREADY_HERE)

FILES: tuple[Column[Receipt], ...] = (
    Column("outcome", "Result", lambda row: row.outcome, Kind.CHIP, 120, tone=lambda row: _TONES[row.outcome]),
    Column("file", "File", lambda row: row.path.name, width=280, strong=True, tooltip=lambda row: str(row.path)),
    Column("counts", "Brought", lambda row: row.counts or None, width=180),
    Column("message", "What happened", _told, stretch=True),
    Column("importer", "Read by", lambda row: row.importer or None, width=150, hidden=True),
    Column("issues", "Notes", lambda row: len(row.issues) or None, Kind.NUMBER, 70),
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
        self.issues = IssueList(ui.theme, "Every file was read without a note.")
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
        splitter.setSizes([330, 270])
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
        ranked = sorted(receipts, key=lambda receipt: ORDER.index(receipt.outcome))
        self.files.load(ranked)
        self.issues.show_issues([FileIssue(receipt.path.name, issue) for receipt in ranked for issue in receipt.issues])
