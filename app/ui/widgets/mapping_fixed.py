"""The borders of a text of fixed width, and of the column under the mark its name and how its digits are meant."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from app.importers.tabular.fixed_borders import borders_of, columns_of, move_borders, name_columns
from app.services.table_mappings import Preview
from app.ui.theme import Theme
from app.ui.tokens import SPACE_M, SPACE_S
from app.ui.widgets.basic import label, row
from app.ui.widgets.mapping_fields import shrinking
from app.ui.widgets.mapping_ruler import FixedRuler, column_at

_DECIMALS = (
    ("as printed", None),
    ("whole: 1234 is 1234", 0),
    ("1 implied: 1234 is 123.4", 1),
    ("2 implied: 1234 is 12.34", 2),
    ("3 implied: 1234 is 1.234", 3),
    ("4 implied: 1234 is 0.1234", 4),
)
_SIGNS = (("sign before", "leading"), ("sign behind", "trailing"), ("sign in the last digit", "overpunch"))


class FixedEditor(QFrame):
    """`changed` carries the table `fixed` of the mapping as it is wanted, `header_wanted` the number of a line."""

    changed = Signal(dict)
    header_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("Columns of fixed width")
        self._fixed: Mapping[str, Any] = {}
        self._preview: Preview | None = None
        self.ruler = FixedRuler(theme)
        self.ruler.changed.connect(self._moved)
        self.ruler.picked.connect(lambda _at: self._show_column())
        self.ruler.header_wanted.connect(self.header_wanted)
        self.which = label("", "muted")
        self.name = QLineEdit()
        self.name.setObjectName("mapping_fixed_name")
        self.name.setAccessibleName("Name of the column")
        self.name.setMaximumWidth(theme.scaled(200))
        self.name.editingFinished.connect(self._named)
        self.decimals = shrinking(QComboBox())
        self.decimals.setObjectName("mapping_fixed_decimals")
        self.decimals.setAccessibleName("Decimals of the column")
        for title, value in _DECIMALS:
            self.decimals.addItem(title, value)
        self.decimals.activated.connect(lambda _at: self._set("decimals", self.decimals.currentData()))
        self.sign = shrinking(QComboBox())
        self.sign.setObjectName("mapping_fixed_sign")
        self.sign.setAccessibleName("Where the sign of the column stands")
        for title, key in _SIGNS:
            self.sign.addItem(title, key)
        self.sign.activated.connect(lambda _at: self._set("sign", self.sign.currentData()))
        bar = QWidget()
        bar.setLayout(
            row(self.which, self.name, SPACE_M, label("Digits", "muted"), self.decimals, self.sign, spacing=SPACE_S)
        )
        bar.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.ruler, 1)
        layout.addWidget(bar)

    def show_fixed(self, preview: Preview, fixed: Mapping[str, Any]) -> None:
        """Show the lines of a preview with the borders of the draft."""
        same = self._preview is preview
        self._preview, self._fixed = preview, fixed
        if not same or self.ruler.borders != borders_of(fixed):
            self.ruler.show_lines(preview.lines, preview.header_line, borders_of(fixed))
        self._show_column()

    def _place(self) -> int:
        return column_at(self.ruler.borders, self.ruler.mark)

    def _show_column(self) -> None:
        """What is said of the column under the mark."""
        columns = columns_of(self._fixed)
        place = self._place()
        if place >= len(columns):
            return
        column = columns[place]
        with QSignalBlocker(self.name):
            self.name.setText(str(column.get("name", "")))
        self.which.setText(f"Column {place + 1} of {len(columns)}")
        self.decimals.setCurrentIndex(max(0, self.decimals.findData(column.get("decimals"))))
        self.sign.setCurrentIndex(max(0, self.sign.findData(column.get("sign", "leading"))))
        self.sign.setEnabled(column.get("decimals") is not None)

    def _moved(self, borders: list[int]) -> None:
        preview = self._preview
        if preview is None:
            return
        header = next((text for number, text in preview.lines if number == preview.header_line), "")
        rows = [text for number, text in preview.lines if number in preview.numbers]
        self.changed.emit(move_borders(self._fixed, header, borders, rows))

    def _named(self) -> None:
        name = " ".join(self.name.text().split())
        taken = {one.casefold() for at, one in enumerate(name_columns(self._fixed)) if at != self._place()}
        if name and name.casefold() not in taken:
            self._set("name", name)
        else:
            self._show_column()

    def _set(self, key: str, value: Any) -> None:
        """Say something of the column under the mark, in all records that have it."""
        fixed = deepcopy(dict(self._fixed))
        place = self._place()
        for record in fixed.get("records", []):
            if place < len(record.get("columns", [])):
                column = dict(record["columns"][place])
                column.pop(key, None)
                record["columns"] = [*record["columns"][:place], column, *record["columns"][place + 1 :]]
                if value is not None and (key, value) != ("sign", "leading"):
                    column[key] = value
                if column.get("decimals") is None:
                    column.pop("sign", None)
        if fixed != self._fixed:
            self.changed.emit(fixed)
