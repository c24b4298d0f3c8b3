"""Where a field of the bill stands: in a column, beside a label, or always the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from app.importers.tabular.fixed_borders import TOTALS
from app.ui.tokens import SPACE_S, Tone
from app.ui.widgets.basic import label, set_tone

TITLE_WIDTH = 132
NOWHERE, COLUMN, LABEL, CONSTANT, OTHER = "nowhere", "column", "label", "constant", "other"


def shrinking(combo: QComboBox) -> QComboBox:
    """A combo that does not claim the width of its longest entry."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(6)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo


class FieldPicker(QWidget):
    """`changed` carries where the field stands now: a column's name, a table of the mapping, or None."""

    changed = Signal(str, object)

    def __init__(self, where: str, title: str) -> None:
        super().__init__()
        self.where = where
        name = where.replace(".", "_")
        self.title: QLabel = label(title, "body")
        self.title.setFixedWidth(TITLE_WIDTH)
        self.place = shrinking(QComboBox())
        self.place.setObjectName(f"mapping_{name}")
        self.place.setAccessibleName(f"Where {title.lower()} stands")
        self.title.setBuddy(self.place)
        self.word = QLineEdit()
        self.word.setObjectName(f"mapping_{name}_word")
        self.word.setAccessibleName(f"{title}, always the same")
        self.word.setPlaceholderText("always the same")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.title)
        layout.addWidget(self.place, 1)
        layout.addWidget(self.word, 2)  # names and accounts are longer than “Always…”
        self.word.hide()
        self.place.activated.connect(lambda _index: self._chosen())
        self.word.editingFinished.connect(self._typed)

    def offer(
        self, columns: Sequence[str], labels: Sequence[tuple[str, str, str]], none: str = "Not on the bill"
    ) -> None:
        """Offer these columns and labelled cells (label, sheet, what stands beside it), and `none` of them."""
        with QSignalBlocker(self.place):
            self.place.clear()
            self.place.addItem(none, (NOWHERE, None))
            self.place.addItem("Always…", (CONSTANT, None))
            if labels:
                self.place.insertSeparator(self.place.count())
            for printed, sheet, shown in labels:
                spec = {"label": printed} | ({"sheet": sheet} if sheet else {})
                self.place.addItem(f"Beside “{printed}”: {shown}"[:70], (LABEL, spec))
            self.place.insertSeparator(self.place.count())
            for column in columns:
                self.place.addItem(f"Column {column}", (COLUMN, column))

    def show_spec(self, spec: Any, *, needed: bool, asked: bool) -> None:
        """Show where the field stands; one that is `needed` and stands nowhere is marked."""
        constant = isinstance(spec, dict) and "value" in spec
        with QSignalBlocker(self.place), QSignalBlocker(self.word):
            self.place.setCurrentIndex(self._find(spec))
            self.word.setVisible(constant)
            if constant:
                if self.word.text() != str(spec["value"]):
                    self.word.setText(str(spec["value"]))
                if not self.word.hasFocus():
                    self.word.setCursorPosition(0)
                self.word.setToolTip(str(spec["value"]))
        set_tone(self.title, Tone.DANGER if (needed and spec is None) or asked else None)
        self.title.setAccessibleDescription("still to be chosen" if needed and spec is None else "")

    def _find(self, spec: Any) -> int:
        if spec is None:
            return 0
        if isinstance(spec, dict) and "value" in spec:
            return 1
        for at in range(self.place.count()):
            data = self.place.itemData(at)
            if data and data[1] == spec:
                return at
        told = " + ".join(spec) if isinstance(spec, list) else _describe(spec)
        self.place.addItem(told, (OTHER, spec))
        return self.place.count() - 1

    def _chosen(self) -> None:
        kind, spec = self.place.currentData()
        if kind == CONSTANT:
            self.word.show()
            self.word.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.word.text().strip():
                self._typed()
            return
        self.word.setVisible(False)
        self.changed.emit(self.where, spec)

    def _typed(self) -> None:
        if self.word.isVisible() or self.word.text():
            text = self.word.text().strip()
            self.word.setCursorPosition(0)  # of a long name the beginning is in sight, not the end
            self.changed.emit(self.where, {"value": text} if text else None)


def _describe(spec: Any) -> str:
    """A place in words that is not offered otherwise."""
    if isinstance(spec, dict) and spec.get("sheet") and spec.get("column"):
        where = "the line of the sum" if spec["sheet"] == TOTALS else str(spec["sheet"])
        return f"{spec['column']} in {where}"
    if isinstance(spec, dict) and spec.get("cell"):
        return f"Cell {spec['cell']}"
    return str(spec.get("column", spec)) if isinstance(spec, dict) else str(spec)
