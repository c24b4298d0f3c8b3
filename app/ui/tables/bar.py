"""The bar above a table: its views as pills, the filter, the choice of columns, the export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QMenu, QPushButton, QWidget

from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.widgets.basic import row, tool

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class View(Generic[Row]):
    """A named filter, shown as a pill above the table."""

    key: str
    title: str
    passes: Callable[[Row], bool]


class TableBar(QWidget):
    """`viewed` carries the key of the pill that was pressed, `exported` "xlsx" or "csv"."""

    viewed = Signal(str)
    filtered = Signal(str)
    columns_wanted = Signal(object)  # an empty menu to be filled
    exported = Signal(str)
    everything = Signal()  # the few rows that were asked for are no longer enough

    def __init__(self, name: str, plural: str, views: Sequence[View[Any]], theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setObjectName(f"{name}_filter")
        self.search.setAccessibleName(f"Filter {plural}")
        self.search.setPlaceholderText("Filter")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(80)
        self.search.setMaximumWidth(theme.scaled(220))
        find = QAction(self.search)
        icons.bind(find, "search", "faint")
        self.search.addAction(find, QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self.filtered)
        self._group = QButtonGroup(self)
        self.pills: dict[str, QPushButton] = {}
        self._titles = {view.key: view.title for view in views}
        for view in views:
            self.pills[view.key] = self._pill(name, view)
        self.only = QPushButton()
        self.only.setObjectName(f"{name}_only")
        self.only.setAccessibleName("Show all")
        self.only.setProperty("pill", "true")
        self.only.setCheckable(True)
        self.only.hide()
        self.only.clicked.connect(lambda _checked=False: self.everything.emit())
        self.columns_button = tool("Choose columns", f"{name}_columns", icons, "columns", self._columns)
        self.export_button = tool("Export what is shown", f"{name}_export", icons, "export", self._export)
        self.setLayout(row(*self.pills.values(), self.only, None, self.search, self.columns_button, self.export_button))

    def mark(self, key: str) -> None:
        """Show which view is on."""
        if key in self.pills:
            self.pills[key].setChecked(True)

    def show_only(self, told: str) -> None:
        """Show that just a few rows are shown, and which; "" where that is over."""
        self.only.setVisible(bool(told))
        self.only.setText(f"{told}  ✕")
        self.only.setAccessibleName(f"Show all, not only {told}")
        self.only.setChecked(bool(told))

    def count(self, key: str, number: int) -> None:
        """Show how many rows a view has."""
        self.pills[key].setText(f"{self._titles[key]}  {number:,}")

    def _pill(self, name: str, view: View[Any]) -> QPushButton:
        pill = QPushButton(view.title)
        pill.setObjectName(f"{name}_view_{view.key}")
        pill.setAccessibleName(view.title)
        pill.setProperty("pill", "true")
        pill.setCheckable(True)
        pill.setChecked(not self.pills)
        pill.clicked.connect(lambda _checked=False, key=view.key: self.viewed.emit(key))
        self._group.addButton(pill)
        return pill

    def _columns(self) -> None:
        menu = QMenu(self)
        self.columns_wanted.emit(menu)
        menu.popup(self.columns_button.mapToGlobal(QPoint(0, self.columns_button.height())))

    def _export(self) -> None:
        menu = QMenu(self)
        menu.addAction("As a workbook (XLSX)…").triggered.connect(lambda _checked=False: self.exported.emit("xlsx"))
        menu.addAction("As CSV…").triggered.connect(lambda _checked=False: self.exported.emit("csv"))
        menu.popup(self.export_button.mapToGlobal(QPoint(0, self.export_button.height())))
