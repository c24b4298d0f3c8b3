"""The table of charges: its rows as they are read, above each column what it is, and how its rows are taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLineEdit,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.vocabulary import ChargeType
from app.services.layout_draft import Draft
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Tone
from app.ui.widgets.basic import label, row, set_tone, tool
from app.ui.widgets.empty import Emptiness, EmptyState
from app.ui.widgets.pointing_combo import CalmCombo
from app.ui.widgets.pointing_fields import COLUMNS

WRAPS = (("above", "continues the row above"), ("below", "belongs to the row below"), ("none", "is left out"))
PERIODS = (("printed", "as each row prints it"), ("billing", "the billing period"))
HEADS = (("", "nothing"), ("location", "a location"), ("circuit_id", "a circuit"), ("tn", "a telephone number"))
# columns are narrow: the style sheet's room around things would cut their names off
_NARROW = "QComboBox { padding: 4px 0 4px 5px; } QComboBox::drop-down { width: 15px; }"
_CLOSE = "QTableView::item { padding: 0 3px; }"
_RIGHT = frozenset({"quantity", "unit_price", "amount", "tax_percent"})


class TablePane(QWidget):
    """`edited` carries a table, a key and its value; `named` a table, a column and its field; `nudged`, `split` and
    `joined` a table and a column (and by how many points); `dropped` a table that is taken away."""

    edited = Signal(int, str, object)
    named = Signal(int, int, str)
    nudged = Signal(int, int, float)
    split = Signal(int, int)
    joined = Signal(int, int)
    dropped = Signal(int)
    turned = Signal(int)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.number = 0
        self._theme = theme
        self.which = CalmCombo()
        self.which.setObjectName("table_which")
        self.which.setAccessibleName("Which table")
        self.which.activated.connect(self.turned)
        self.rows = QTableWidget()
        self.rows.setObjectName("table_rows")
        self.rows.setAccessibleName("Rows of the table as they are read")
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.rows.setTabKeyNavigation(False)
        self.rows.setShowGrid(False)
        self.rows.setWordWrap(False)
        self.rows.setStyleSheet(_CLOSE)
        self.rows.verticalHeader().hide()
        self.rows.horizontalHeader().hide()
        self.rows.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.combos: list[QComboBox] = []
        self._widths: list[int] = []
        self.told = label("", "small", wrap=True)
        self.told.setObjectName("table_told")
        self.kind, self.period, self.wrap, self.heads = CalmCombo(), CalmCombo(), CalmCombo(), CalmCombo()
        self.ends, self.subtotals = QLineEdit(), QLineEdit()
        self._tools = [
            tool("Border to the left", "border_left", icons, "previous", lambda: self._nudge(-2), 16),
            tool("Border to the right", "border_right", icons, "next", lambda: self._nudge(2), 16),
            tool("Split this column", "column_split", icons, "split", lambda: self._columns(self.split), 16),
            tool("Join with the next column", "column_join", icons, "join", lambda: self._columns(self.joined), 16),
            tool("Take this table away", "table_drop", icons, "take_away", lambda: self.dropped.emit(self.number), 16),
        ]
        nothing = Emptiness("No table yet: drag a box over the rows of charges, headings included.", icon="table")
        self.nothing = EmptyState(icons, "layout_table", nothing)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(self._build())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def show_table(self, draft: Draft, number: int, rows: Sequence[Sequence[str]], problem: str) -> None:
        """Show a table of the draft, and its rows as the child reads them."""
        tables = draft.layout.get("tables", [])
        self.stack.setCurrentIndex(1 if tables else 0)
        if not tables:
            return
        self.number = min(number, len(tables) - 1)
        with QSignalBlocker(self.which):
            self.which.clear()
            self.which.addItems([str(table.get("name", f"Table {at + 1}")) for at, table in enumerate(tables)])
            self.which.setCurrentIndex(self.number)
        self.which.setVisible(len(tables) > 1)
        table = draft.table(self.number)
        self._show_rows(table.get("columns", []), rows)
        self.told.setText(problem)
        self.told.setVisible(bool(problem))
        set_tone(self.told, Tone.DANGER)
        self._show_options(table)

    # how it is made

    def _build(self) -> QWidget:
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, SPACE_S, 0, 0)
        layout.setSpacing(SPACE_S)
        bar = row(self.which, label("Say above each column what it is.", "small"), None, *self._tools, spacing=2)
        bar.setContentsMargins(SPACE_L, 0, SPACE_M, 0)
        layout.addLayout(bar)
        layout.addWidget(self.rows, 1)
        below = QVBoxLayout()
        below.setContentsMargins(SPACE_L, 0, SPACE_L, SPACE_M)
        below.addWidget(self.told)
        below.addLayout(self._options())
        layout.addLayout(below)
        return inner

    def _options(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_XS)
        for place in range(3):
            grid.setColumnStretch(place, 1)
        for part, name, title, key in (
            (self.kind, "table_kind", "Charges are", "charge_type"),
            (self.period, "table_period", "Their period is", "period"),
            (self.wrap, "table_wrap", "A row without amount", "wrap"),
            (self.heads, "table_heads", "A lone first cell names", "heads"),
        ):
            part.setObjectName(name)
            part.setAccessibleName(title)
            part.setMinimumWidth(90)
            part.activated.connect(partial(self._chosen, part, key))
        self.kind.addItem("told by code or text", "")
        for kind in ChargeType:
            self.kind.addItem(kind.value, kind.value)
        for combo, options in ((self.period, PERIODS), (self.wrap, WRAPS), (self.heads, HEADS)):
            for key, shown in options:
                combo.addItem(shown, key)
        for line, name, title, key in (
            (self.ends, "table_ends", "Ends before the line", "end"),
            (self.subtotals, "table_subtotals", "Sums begin with", "subtotals"),
        ):
            line.setObjectName(name)
            line.setAccessibleName(f"{title}, several separated by semicolons")
            line.editingFinished.connect(partial(self._typed, line, key))
        pairs: tuple[tuple[str, QWidget], ...] = (
            ("Charges are", self.kind), ("Their period is", self.period), ("A row without amount", self.wrap),
            ("A lone first cell names", self.heads), ("Ends before the line", self.ends),
            ("Sums begin with", self.subtotals),
        )  # fmt: skip
        for at, (title, field) in enumerate(pairs):
            above = label(title, "small")
            above.setBuddy(field)
            grid.addWidget(above, at // 3 * 2, at % 3)
            grid.addWidget(field, at // 3 * 2 + 1, at % 3)
        return grid

    def _show_rows(self, columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[str]]) -> None:
        table = self.rows
        table.clear()
        self.combos = []
        table.setColumnCount(len(columns))
        table.setRowCount(len(rows) + 1)
        table.setRowHeight(0, self._theme.scaled(38))
        for place, column in enumerate(columns):
            combo = CalmCombo()
            combo.setFont(self._theme.font("small"))
            combo.setStyleSheet(_NARROW)
            combo.setObjectName(f"column_{place}")
            combo.setAccessibleName(f"What column {place + 1} is")
            for key, title in COLUMNS:
                combo.addItem(title, key)
            combo.setCurrentIndex(max(combo.findData(column.get("field", "")), 0))
            combo.activated.connect(partial(self._named, place, combo))
            self.combos.append(combo)
            table.setCellWidget(0, place, combo)
        for at, cells in enumerate(rows, start=1):
            table.setRowHeight(at, self._theme.scaled(25))
            for place, text in enumerate(cells[: len(columns)]):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if columns[place].get("field") in _RIGHT:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(at, place, item)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        metrics = table.fontMetrics()
        widths = []
        for place in range(len(columns)):
            texts = [cells[place] for cells in rows if place < len(cells)]
            wide = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 22
            least = metrics.horizontalAdvance(self.combos[place].currentText()) + 30
            widths.append(max(least, min(wide, self._theme.scaled(190))))
        self._widths = widths
        self._fit()
        header.setStretchLastSection(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        room = self.rows.viewport().width() - 2
        for place, width in enumerate(fit_widths(self._widths, room, self._theme.scaled(76))):
            self.rows.setColumnWidth(place, width)

    def _show_options(self, table: Mapping[str, Any]) -> None:
        for combo, key, usual in (
            (self.kind, "charge_type", ""),
            (self.period, "period", "printed"),
            (self.wrap, "wrap", "above"),
            (self.heads, "heads", ""),
        ):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(max(combo.findData(table.get(key, usual)), 0))
        for line, key in ((self.ends, "end"), (self.subtotals, "subtotals")):
            with QSignalBlocker(line):
                shown = "; ".join(_texts(table.get(key)))
                if line.text() != shown:
                    line.setText(shown)

    # what the person does

    def _named(self, place: int, combo: QComboBox, _at: int = 0) -> None:
        self.named.emit(self.number, place, str(combo.currentData()))

    def _chosen(self, combo: QComboBox, key: str, _at: int = 0) -> None:
        self.edited.emit(self.number, key, str(combo.currentData()))

    def _typed(self, line: QLineEdit, key: str) -> None:
        self.edited.emit(self.number, key, [text.strip() for text in line.text().split(";") if text.strip()])

    def _place(self) -> int:
        focused = next((at for at, combo in enumerate(self.combos) if combo.hasFocus()), -1)
        return focused if focused >= 0 else max(self.rows.currentColumn(), 0)

    def _nudge(self, points: float) -> None:
        self.nudged.emit(self.number, self._place() + 1, points)

    def _columns(self, signal: Any) -> None:
        signal.emit(self.number, self._place())


def fit_widths(widths: Sequence[int], room: int, least: int) -> list[int]:
    """The widths, the widest made narrower until all fit into the room, but none below `least`."""
    fitted = list(widths)
    while sum(fitted) > room and max(fitted, default=0) > least:
        widest = fitted.index(max(fitted))
        fitted[widest] = max(fitted[widest] - max(sum(fitted) - room, 1) // 2 - 1, least)
    return fitted


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value] if isinstance(value, list) else []
