"""What became of the files that were dropped: taken or refused, what they brought, what is wrong where, the remedy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.services.receipts import Outcome, Receipt
from app.ui.context import Link, Ui
from app.ui.pages.base import Page
from app.ui.readers import is_pointable, is_scan
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tokens import SPACE_S, Tone
from app.ui.widgets.basic import label
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.issue_list import FileIssue, IssueList
from app.ui.wording import count

MAPPABLE = {
    ".csv",
    ".tsv",
    ".txt",
    ".tab",
    ".psv",
    ".dat",
    ".prn",
    ".fix",
    ".asc",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".ods",
    ".gz",
}
_TONES = {
    Outcome.TAKEN: Tone.SUCCESS,
    Outcome.ALREADY_HERE: Tone.NEUTRAL,
    Outcome.HELD: Tone.ACCENT,
    Outcome.REFUSED: Tone.DANGER,
    Outcome.CANCELLED: Tone.WARNING,
}


def _told(row: Receipt) -> str | None:
    """Of a file that was taken in, the list says already what it brought."""
    return None if row.outcome is Outcome.TAKEN else row.message


# what somebody has to look at comes first
ORDER = (Outcome.REFUSED, Outcome.HELD, Outcome.CANCELLED, Outcome.TAKEN, Outcome.ALREADY_HERE)

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
    place = "imports"

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.note.show()
        self.more = self.verb("import_more", "Import more…", "import", ui.pick_files, tip="Choose more files")
        self.point = self.verb(
            "import_point",
            "Read it by pointing…",
            "layout",
            self._point,
            tip="Show the chosen bill and say what stands where: it is a kind that nobody can read yet",
        )
        self.map = self.verb(
            "import_map",
            "Map its columns…",
            "table",
            self._map,
            tip="Show the chosen table and say what its columns hold: it is a kind of file that nobody can read yet",
        )
        self.type_in = self.verb(
            "import_type", "Type it in…", "write", lambda: ui.go(Link("typed_bill")), tip="It is only a picture"
        )
        self._held: int | None = None
        self.review = self.verb(
            "import_to_review",
            "Look at what waits",
            "review",
            lambda: ui.go(Link("review", key=self._held)),
            tip="Answer what is asked, correct what was misread, post it",
        )
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
                View("held", "Waiting", lambda row: row.outcome is Outcome.HELD),
                View("refused", "Refused", lambda row: row.outcome is Outcome.REFUSED),
                View("noted", "With notes", lambda row: bool(row.issues)),
            ),
        )
        self.files.selected.connect(self._choose)
        self._choose(None)
        self.review.setVisible(False)
        self.bills.setEnabled(False)
        self.note.setText("Nothing was imported since the start.")
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
        held = [receipt.held_id for receipt in receipts if receipt.held_id is not None]
        if held:
            told.append(f"{len(held)} waiting for review")
        told.append(f"{refused} refused, kept in quarantine" if refused else "none refused")
        self.review.setVisible(bool(held))
        self._held = held[0] if held else None
        self.note.setText("  ·  ".join(told))
        self.bills.setEnabled(bills > 0)
        ranked = sorted(receipts, key=lambda receipt: ORDER.index(receipt.outcome))
        self.files.load(ranked)
        pointable = next((receipt.path for receipt in ranked if can_point(receipt) or can_map(receipt)), None)
        if pointable is not None:
            self.files.select_key(pointable)
        self._choose(self.files.current())
        self.issues.show_issues([FileIssue(receipt.path.name, issue) for receipt in ranked for issue in receipt.issues])

    def _choose(self, receipt: Receipt | None) -> None:
        self.point.setEnabled(receipt is not None and can_point(receipt))
        self.map.setEnabled(receipt is not None and can_map(receipt))
        self.type_in.setVisible(receipt is not None and can_type(receipt))

    def _map(self) -> None:
        receipt = self.files.current()
        if receipt is not None and can_map(receipt):
            self.ui.go(Link("mapping_editor", text=str(receipt.path)))

    def _point(self) -> None:
        receipt = self.files.current()
        if receipt is not None and can_point(receipt):
            self.ui.go(Link("layout_editor", text=str(receipt.path)))


def can_map(receipt: Receipt) -> bool:
    """Whether it is a table that no mapping reads, or one whose encoding a person has to choose."""
    return (
        receipt.outcome is Outcome.REFUSED
        and receipt.path.suffix.lower() in MAPPABLE
        and any(issue.code in {"no-importer", "bad-encoding"} for issue in receipt.issues)
    )


def can_point(receipt: Receipt) -> bool:
    """Whether it is a PDF or a picture that no layout reads, and that a person could therefore point at."""
    codes = [issue.code for issue in receipt.issues]
    return receipt.outcome is Outcome.REFUSED and is_pointable(receipt.path.name, codes)


def can_type(receipt: Receipt) -> bool:
    """Whether it is a picture of a bill that nobody can read: a person has to."""
    codes = [issue.code for issue in receipt.issues]
    return receipt.outcome is Outcome.REFUSED and is_scan(receipt.path.name, codes, receipt.message)
