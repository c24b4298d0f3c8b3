"""In which ways a table that is being mapped could be opened otherwise: header, sheet, delimiter, encoding."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget

from app.importers.tabular.kinds import BILL, KINDS
from app.importers.tabular.table_kind import TableKind
from app.services.table_mappings import Preview
from app.ui.tokens import SPACE_M, SPACE_S
from app.ui.widgets.basic import label, row
from app.ui.widgets.mapping_fields import shrinking
from app.ui.widgets.mapping_words import DELIMITERS, ENCODING_WORDS

_FIXED, _NONE = "fixed", -1


class MappingBar(QWidget):
    """`wanted` carries the options with which the file is to be opened anew."""

    wanted = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self._preview: Preview | None = None
        self.header_row = _number("mapping_header_row", "Row with the names of the columns")
        self.header_row.editingFinished.connect(self._header_typed)
        self.length = _number("mapping_record_length", "Characters of each record, 0 where each is a line")
        self.length.editingFinished.connect(self._length_typed)
        self.kind = _combo("mapping_kind", "What this file is")
        for kind in KINDS:
            self.kind.addItem(kind.title, kind.key)
        self.kind.activated.connect(lambda _at: self.wanted.emit({"kind": self.kind.currentData()}))
        self.sheet = _combo("mapping_sheet", "Sheet")
        self.sheet.activated.connect(lambda _at: self.wanted.emit({"sheet": self.sheet.currentData(), "header_row": 0}))
        self.delimiter = _combo("mapping_delimiter", "Columns are parted by")
        for mark, title in DELIMITERS:
            self.delimiter.addItem(title, mark)
        self.delimiter.activated.connect(lambda _at: self._delimiter_chosen())
        self.encoding = _combo("mapping_encoding", "Encoding")
        self.encoding.activated.connect(lambda _at: self.wanted.emit({"encoding": self.encoding.currentData()}))
        self._labels: dict[QWidget, QLabel] = {
            part: label(title, "muted")
            for part, title in (
                (self.kind, "What is this file?"),
                (self.header_row, "Header in row"),
                (self.length, "Record length"),
                (self.sheet, "Sheet"),
                (self.delimiter, "Parted by"),
                (self.encoding, "Encoding"),
            )
        }
        parts: list[QWidget | int | None] = []
        for part, shown in self._labels.items():
            shown.setBuddy(part)
            parts += [shown, part, SPACE_M]
        self.setLayout(row(*parts[:-1], None, spacing=SPACE_S))

    def show_ways(self, preview: Preview) -> None:
        """Show how the file is opened now, and offer what else there is."""
        self._preview = preview
        fixed = preview.media == _FIXED
        with QSignalBlocker(self.header_row), QSignalBlocker(self.length):
            self.header_row.setText(str(preview.header_line if fixed else preview.header_row))
            self.length.setText(str((preview.fixed or {}).get("record_length", 0)))
        self.sheet.clear()
        for name, hidden in preview.sheets:
            self.sheet.addItem(f"{name} (hidden)" if hidden else name, name)
        self.sheet.setCurrentIndex(max(0, self.sheet.findData(preview.sheet)))
        self.delimiter.setCurrentIndex(self.delimiter.findData(preview.delimiter))
        self.encoding.clear()
        for reading in preview.readings:
            for name in reading.encodings:
                self.encoding.addItem(ENCODING_WORDS.get(name, name), name)
        self.encoding.setCurrentIndex(self.encoding.findData(preview.encoding))
        self._show(self.sheet, len(preview.sheets) > 1)
        self._show(self.delimiter, preview.media in ("csv", _FIXED))
        self._show(self.encoding, bool(preview.readings))
        self._show(self.length, fixed)

    def show_kind(self, kind: TableKind) -> None:
        """Show what kind of table it is taken for; a text of fixed width is read as a bill only, and of a workbook with
        anything else the first visible sheet alone."""
        self.kind.setCurrentIndex(self.kind.findData(kind.key))
        fixed = self._preview is not None and self._preview.media == _FIXED
        self.kind.setEnabled(not fixed)
        first = next((name for name, hidden in self._preview.sheets if not hidden), "") if self._preview else ""
        self.sheet.setEnabled(kind is BILL)
        if kind is not BILL and self._preview is not None and first != self._preview.sheet:
            self.wanted.emit({"sheet": first, "header_row": 0})
        self.kind.setToolTip(
            "Only bills are read of texts of fixed width" if fixed else "What the rows of the file are"
        )

    def _show(self, part: QWidget, on: bool) -> None:
        part.setVisible(on)
        self._labels[part].setVisible(on)

    def want_header(self, number: int) -> None:
        """Ask for another row with the names; 0 for none, where that can be."""
        preview = self._preview
        if preview is None:
            return
        fixed = preview.media == _FIXED
        if number != (preview.header_line if fixed else preview.header_row):
            self.wanted.emit({"header_row": number or _NONE} | ({"fixed": None} if fixed else {}))

    def _header_typed(self) -> None:
        if self.header_row.text():
            self.want_header(int(self.header_row.text()))

    def _length_typed(self) -> None:
        shown = (self._preview.fixed or {}).get("record_length", 0) if self._preview is not None else 0
        if self.length.text() and int(self.length.text()) != shown:
            self.wanted.emit({"record_length": int(self.length.text()), "fixed": None, "delimiter": _FIXED})

    def _delimiter_chosen(self) -> None:
        self.wanted.emit({"delimiter": self.delimiter.currentData(), "fixed": None, "header_row": 0})


def _number(name: str, told: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setAccessibleName(told)
    made.setToolTip(told)
    made.setValidator(QIntValidator(0, 1_048_576, made))
    made.setFixedWidth(64)
    return made


def _combo(name: str, told: str) -> QComboBox:
    made = shrinking(QComboBox())
    made.setObjectName(name)
    made.setAccessibleName(told)
    made.setMinimumContentsLength(12)
    return made
