"""What a mapping says beside its columns: whose the file is, where what is said once of it stands, how values are
written, what the words of a column mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.importers.tabular.kinds import BILL
from app.importers.tabular.table_kind import TableKind
from app.services.table_mappings import Guess, Preview
from app.ui.tokens import SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import clear, label, row, set_tone
from app.ui.widgets.mapping_draft import DraftBook
from app.ui.widgets.mapping_fields import TITLE_WIDTH, FieldPicker, shrinking
from app.ui.widgets.mapping_meanings import MeaningsPart
from app.ui.widgets.mapping_settings import SettingsPart
from app.ui.widgets.mapping_words import COUNTED, INVOICE_FIELDS, MEANINGS

_REQUIRED = {"invoice.number", "invoice.bill_date"}


class MappingForm(QScrollArea):
    """Each signal is one change that a person wants."""

    word_changed = Signal(str, str)
    field_changed = Signal(str, object)
    setting_changed = Signal(dict, str)  # the values by dotted key, and the open question that they answer
    meaning_changed = Signal(str, str)
    default_changed = Signal(str)
    account_changed = Signal(bool)  # whether only this account is meant

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mapping_form")
        self.setAccessibleName("What is said once of the file and how it is written")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumWidth(330)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._body = QVBoxLayout(inner)
        self._body.setContentsMargins(0, 0, SPACE_M, 0)
        self._body.setSpacing(SPACE_S)
        self.setWidget(inner)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        self._kind: TableKind | None = None
        self.fields: dict[str, FieldPicker] = {}
        self._make_whose()
        self._heading_of_fields = self._heading("")
        holder = QWidget()
        self._pickers = QVBoxLayout(holder)
        self._pickers.setContentsMargins(0, 0, 0, 0)
        self._pickers.setSpacing(SPACE_S)
        self._body.addWidget(holder)
        self._heading("How values are written")
        self.settings = SettingsPart()
        self.settings.changed.connect(self.setting_changed)
        self._body.addWidget(self.settings)
        self._heading_of_words = self._heading("")
        self.meanings = MeaningsPart()
        self.meanings.changed.connect(self.meaning_changed)
        self._body.addWidget(self.meanings)
        self._make_default()
        self._body.addStretch(1)

    def offer(self, kind: TableKind, preview: Preview, guess: Guess, carriers: Sequence[str]) -> None:
        """Offer the fields of a kind with the columns and labelled cells of a file."""
        if kind is not self._kind:
            self._show_kind(kind)
        columns = [name for name in preview.header if name]
        for picker in self.fields.values():
            picker.offer(
                columns, guess.labels if kind is BILL else (), none="Not on the bill" if kind is BILL else "Not said"
            )
            if picker.where == "columns.carrier":
                picker.word.setCompleter(QCompleter(list(carriers), picker.word))
        with QSignalBlocker(self.carrier):
            self.carrier.clear()
            self.carrier.addItems(["", *carriers])

    def show_draft(self, book: DraftBook, account: str) -> None:
        """Show what the draft says; `account` is the one on this bill, "" where none is read."""
        mapping, kind = book.mapping, book.kind
        missing = book.missing()
        if kind is BILL:
            with QSignalBlocker(self.carrier), QSignalBlocker(self.only):
                self.carrier.setEditText(mapping.get("carrier", ""))
                self.only.setChecked(bool(book.account))
            self.show_account(account)
            set_tone(self._carrier_title, Tone.DANGER if "carrier" in missing else None)
        for where, picker in self.fields.items():
            asked = where in missing or where.removeprefix("invoice.") in missing
            picker.show_spec(book.spec(where), needed=where in _REQUIRED, asked=asked)
        self.settings.show_draft(mapping, missing, book.unsure)
        if kind is BILL:
            self._show_types(mapping["charges"].get("types", {}), missing)
        elif kind.counts_rows:
            self._show_counted(mapping.get("counted", {}))

    def show_account(self, account: str) -> None:
        """Offer to mean this account alone, "" where none is read."""
        self.only.setText(f"Only for account {account}" if account else "Only for the account on this bill")
        self.only.setEnabled(bool(account) or self.only.isChecked())

    # how it is made

    def _heading(self, text: str) -> QLabel:
        if self._body.count():
            self._body.addSpacing(SPACE_M)
        made = label(text, "heading")
        self._body.addWidget(made)
        return made

    def _show_kind(self, kind: TableKind) -> None:
        """The parts that a kind has, and its fields."""
        self._kind = kind
        is_bill = kind is BILL
        for part in (self._whose_heading, self._carrier_line, self.only, self._default_line):
            part.setVisible(is_bill)
        for part in (self._heading_of_words, self.meanings):
            part.setVisible(is_bill or kind.counts_rows)
        self._heading_of_fields.setText("The bill as a whole" if is_bill else "Said once of the file")
        self._heading_of_words.setText("What kinds of charges they are" if is_bill else "Which rows count")
        clear(self._pickers)
        self.fields = {}
        fields = (
            INVOICE_FIELDS
            if is_bill
            else [(f"columns.{field.key}", field.title) for field in kind.fields if field.whole or field.constant]
        )
        for where, title in fields:
            picker = FieldPicker(where, title)
            picker.changed.connect(self.field_changed)
            self.fields[where] = picker
            self._pickers.addWidget(picker)
        self.settings.offer(kind.settings)

    def _make_whose(self) -> None:
        self._whose_heading = self._heading("Whose bills")
        self.carrier = shrinking(QComboBox())
        self.carrier.setObjectName("mapping_carrier")
        self.carrier.setAccessibleName("Carrier")
        self.carrier.setEditable(True)
        self.carrier.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._carrier_title = label("Carrier", "body")
        self._carrier_title.setFixedWidth(TITLE_WIDTH)
        self._carrier_title.setBuddy(self.carrier)
        self._carrier_line = QWidget()
        self._carrier_line.setLayout(row(self._carrier_title, self.carrier, spacing=SPACE_S))
        self._body.addWidget(self._carrier_line)
        self.only = QCheckBox("Only for the account on this bill")
        self.only.setObjectName("mapping_only_account")
        self.only.setToolTip("Else the mapping reads such files of all accounts of the carrier")
        self._body.addWidget(self.only)
        line = self.carrier.lineEdit()
        if line is not None:
            line.setObjectName("mapping_carrier_line")
            line.setAccessibleName("Carrier")
            line.editingFinished.connect(self._carrier_said)
        self.carrier.activated.connect(lambda _index: self._carrier_said())
        self.only.toggled.connect(self.account_changed)

    def _make_default(self) -> None:
        self.default = shrinking(QComboBox())
        self.default.setObjectName("mapping_default")
        self.default.addItem("by their words, when posted", "")
        for key, title in MEANINGS[:10]:
            self.default.addItem(title, str(key))
        self.default.activated.connect(lambda _at: self.default_changed.emit(str(self.default.currentData() or "")))
        self._default_title = label("All others", "body", wrap=True)
        self._default_title.setFixedWidth(TITLE_WIDTH)
        self._default_title.setBuddy(self.default)
        self.default.setAccessibleName("All others")
        self._default_line = QWidget()
        self._default_line.setLayout(row(self._default_title, self.default, spacing=SPACE_S))
        self._body.addWidget(self._default_line)

    # what it shows

    def _show_types(self, types: Mapping[str, Any], missing: Sequence[str]) -> None:
        column = types.get("column", "")
        values = types.get("values", {}) if column else {}
        self.meanings.show_words(values, MEANINGS, asked=bool(column), empty="as all others")
        self.meanings.note.setText(
            f"What the words in column “{column}” mean:" if column else "No column says it. Choose one above the rows."
        )
        set_tone(self.meanings.note, Tone.DANGER if "charges.types" in missing else None)
        self.default.setCurrentIndex(max(0, self.default.findData(types.get("default", ""))))
        self._default_title.setText("All others" if column else "All charges")

    def _show_counted(self, counted: Mapping[str, Any]) -> None:
        column = counted.get("column", "")
        self.meanings.show_words(counted.get("values", {}), COUNTED, asked=False, empty="is taken in")
        self.meanings.note.setText(
            f"What becomes of the rows by their words in column “{column}”:"
            if column
            else "All of them. Choose “Kind of row” above a column whose words tell rows that do not count."
        )

    def _carrier_said(self) -> None:
        self.word_changed.emit("carrier", self.carrier.currentText().strip())
