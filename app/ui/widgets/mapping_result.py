"""What the draft of a mapping reads: the bills with their footing, and what is wrong where."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QFrame, QHBoxLayout, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from app.domain.money import ZERO
from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.services.mapping_trial import Trial, sum_up, tell_rejected
from app.ui.theme import Theme
from app.ui.tokens import SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import clear, label
from app.ui.widgets.chip import Chip
from app.ui.widgets.issue_list import FileIssue, IssueList
from app.ui.wording import count, day, money

_MOST_BILLS = 5
_TOTALS = frozenset({"current_charges", "total_due"})


def difference(bill: ParsedInvoice) -> Decimal:
    """By how much the bill's charges, with its rounding, miss what it states as its current charges."""
    return sum((charge.amount for charge in bill.charges), ZERO) + bill.rounding - bill.current_charges


class MappingResult(QFrame):
    """Bills above, issues below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("mapping_result")
        self.setAccessibleName("What is read")
        self._theme = theme
        self.bills = QWidget()
        self._lines = QVBoxLayout(self.bills)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(SPACE_S)
        self.told: list[str] = []
        self.first = QTableWidget()
        self.first.setObjectName("mapping_first_rows")
        self.first.setAccessibleName("The first rows as they are read")
        self.first.setProperty("sheet", "true")
        self.first.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.first.verticalHeader().hide()
        self.first.verticalHeader().setDefaultSectionSize(theme.scaled(26))
        self.first.horizontalHeader().setStretchLastSection(True)
        self.first.setTabKeyNavigation(False)
        self.first.hide()
        self.issues = IssueList(theme, "Nothing is wrong with what is read.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.bills)
        layout.addWidget(self.first, 2)
        layout.addWidget(self.issues, 1)
        layout.addStretch(0)

    def say(self, text: str, tone: Tone = Tone.NEUTRAL, chip: str = "") -> None:
        """One sentence in the place of the bills."""
        self._clear()
        self._line(chip, tone, text)
        self.issues.hide()
        self.first.hide()

    def show_document(self, name: str, document: ParsedDocument, *, partly: bool) -> None:
        """The bills and issues of a trial; `partly` says that only the beginning of the file was read."""
        self._clear()
        for bill in document.invoices[:_MOST_BILLS]:
            self._show_bill(bill)
        self._show_rows(sum_up(document), len(document.rejected))
        if len(document.invoices) > _MOST_BILLS:
            self._line("", Tone.NEUTRAL, f"and {len(document.invoices) - _MOST_BILLS:,} more bills")
        if document.refused:
            self._line("Not readable yet", Tone.DANGER, count(len(document.issues), "fault"))
        if partly:
            self._line("Beginning only", Tone.WARNING, "The file is large: its first rows were read for this trial.")
        self.issues.show()
        told = [*document.issues, *tell_rejected(document)]
        self.issues.show_issues([FileIssue(name, issue) for issue in told])

    def _show_rows(self, trial: Trial, left_out: int) -> None:
        """The sums of usage, tickets or movements, and the first of them."""
        for one in trial.lines:
            tone = Tone.NEUTRAL if one.proved is None else Tone.SUCCESS if one.proved else Tone.DANGER
            self._line(one.label, tone, one.text)
        if left_out:
            self._line("Left out", Tone.WARNING, count(left_out, "row"))
        self.first.setVisible(bool(trial.rows))
        self.first.setColumnCount(len(trial.headings))
        self.first.setRowCount(len(trial.rows))
        self.first.setHorizontalHeaderLabels(list(trial.headings))
        for at, cells in enumerate(trial.rows):
            for place, text in enumerate(cells):
                self.first.setItem(at, place, QTableWidgetItem(text))
        self.first.resizeColumnsToContents()

    def _show_bill(self, bill: ParsedInvoice) -> None:
        miss = difference(bill)
        checked = bool(_TOTALS & bill.sources.keys())
        foots = not miss and bill.total_due == bill.current_charges + bill.previous_balance + bill.payments_applied
        parts = [
            f"Bill {bill.number}",
            day(bill.bill_date),
            count(len(bill.charges), "charge"),
            f"charges {money(bill.current_charges, bill.currency)}",
            f"due {money(bill.total_due, bill.currency)}",
        ]
        if bill.ban:
            parts.insert(1, f"account {bill.ban}")
        told = "Foots" if foots else f"Differs by {money(miss, bill.currency)}" if miss else "Total differs"
        if foots and not checked:  # without a total of its own the sum of the charges is compared with itself
            told = "No total stated: not checked"
        tone = Tone.DANGER if not foots else Tone.SUCCESS if checked else Tone.NEUTRAL
        self._line(told, tone, "  ·  ".join(parts))

    def _line(self, chip: str, tone: Tone, text: str) -> None:
        self.told.append(f"{chip}: {text}" if chip else text)
        holder = QWidget()
        inner = QHBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(SPACE_S)
        if chip:
            inner.addWidget(Chip(self._theme, chip, tone))
        inner.addWidget(label(text, "body", wrap=True), 1)
        self._lines.addWidget(holder)

    def _clear(self) -> None:
        self.told = []
        clear(self._lines)


def faulty_rows(document: ParsedDocument) -> dict[int, str]:
    """The rows with a fault, and what it is."""
    found: dict[int, str] = {}
    for issue in (*document.issues, *tell_rejected(document)):
        if issue.source.row:
            found.setdefault(issue.source.row, issue.message)
    return found
