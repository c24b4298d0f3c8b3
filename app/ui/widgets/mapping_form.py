"""What a mapping says beside its columns: whose bills they are, where the bill's own fields stand, how values are
written, what the types of charges mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from app.services.table_mappings import Guess, Preview
from app.ui.tokens import SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import clear, label, row, set_tone
from app.ui.widgets.mapping_draft import DraftBook
from app.ui.widgets.mapping_fields import FieldPicker, shrinking
from app.ui.widgets.mapping_words import DATE_FORMATS, EMPTY, INVOICE_FIELDS, MEANINGS, NUMBERS

_REQUIRED = {"invoice.number", "invoice.bill_date"}
_WIDTH = 132


class MappingForm(QScrollArea):
    """Each signal is one change that a person wants."""

    word_changed = Signal(str, str)
    field_changed = Signal(str, object)
    format_changed = Signal(dict, str)  # the values, and the open question that they answer
    meaning_changed = Signal(str, str)
    default_changed = Signal(str)
    account_changed = Signal(bool)  # whether only this account is meant

    def __init__(self) -> None:
        super().__init__()
        self._words: dict[str, str] = {}  # as they are shown
        self.setObjectName("mapping_form")
        self.setAccessibleName("What the bill says and how it is written")
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
        self._make_whose()
        self._make_fields()
        self._make_formats()
        self._make_types()
        self._body.addStretch(1)

    def offer(self, preview: Preview, guess: Guess, carriers: Sequence[str]) -> None:
        """Offer the columns and labelled cells of a file."""
        columns = [name for name in preview.header if name]
        for picker in self.fields.values():
            picker.offer(columns, guess.labels)
        with QSignalBlocker(self.carrier):
            self.carrier.clear()
            self.carrier.addItems(["", *carriers])

    def show_draft(self, book: DraftBook, account: str) -> None:
        """Show what the draft says; `account` is the one on this bill, "" where none is read."""
        mapping, form = book.mapping, book.mapping["format"]
        self._words = {"carrier": mapping.get("carrier", "")}
        with QSignalBlocker(self.carrier), QSignalBlocker(self.only):
            self.carrier.setEditText(self._words["carrier"])
            self.only.setChecked(bool(mapping["claims"].get("text")))
        self.only.setText(f"Only for account {account}" if account else "Only for the account on this bill")
        self.only.setEnabled(bool(account) or self.only.isChecked())
        missing = book.missing()
        self._mark("carrier", "carrier" in missing)
        for where, picker in self.fields.items():
            asked = where in missing or where.removeprefix("invoice.") in missing
            picker.show_spec(book.spec(where), needed=where in _REQUIRED, asked=asked)
        self._show_formats(form, missing, book.unsure)
        self._show_types(book, missing)

    # how it is made

    def _heading(self, text: str) -> None:
        if self._body.count():
            self._body.addSpacing(SPACE_M)
        self._body.addWidget(label(text, "heading"))

    def _line(self, key: str, title: str, field: QWidget) -> QWidget:
        """A field behind its name."""
        shown = label(title, "body", wrap=True)
        shown.setFixedWidth(_WIDTH)
        shown.setBuddy(field)
        field.setAccessibleName(title)
        holder = QWidget()
        holder.setLayout(row(shown, field, spacing=SPACE_S))
        self._body.addWidget(holder)
        self._titles[key] = shown
        return holder

    def _make_whose(self) -> None:
        self._titles: dict[str, Any] = {}
        self._heading("Whose bills")
        self.carrier = shrinking(QComboBox())
        self.carrier.setObjectName("mapping_carrier")
        self.carrier.setEditable(True)
        self.carrier.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._line("carrier", "Carrier", self.carrier)
        self.only = QCheckBox("Only for the account on this bill")
        self.only.setObjectName("mapping_only_account")
        self.only.setToolTip("Else the mapping reads such files of all accounts of the carrier")
        self._body.addWidget(self.only)
        line = self.carrier.lineEdit()
        if line is not None:
            line.setObjectName("mapping_carrier_line")
            line.setAccessibleName("Carrier")
            line.editingFinished.connect(lambda: self._word("carrier", self.carrier.currentText()))
        self.carrier.activated.connect(lambda _index: self._word("carrier", self.carrier.currentText()))
        self.only.toggled.connect(self.account_changed)

    def _make_fields(self) -> None:
        self._heading("The bill as a whole")
        self.fields: dict[str, FieldPicker] = {}
        for where, title in INVOICE_FIELDS:
            picker = FieldPicker(where, title)
            picker.changed.connect(self.field_changed)
            self.fields[where] = picker
            self._body.addWidget(picker)

    def _make_formats(self) -> None:
        self._heading("How values are written")
        self.dates = shrinking(QComboBox())
        self.dates.setEditable(True)
        self.dates.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.dates.setObjectName("mapping_dates")
        self._line("format.date", "Dates", self.dates)
        line = self.dates.lineEdit()
        if line is not None:
            line.setObjectName("mapping_dates_line")
            line.setAccessibleName("Dates")
            line.editingFinished.connect(self._date_chosen)
        self.dates.activated.connect(lambda _index: self._date_chosen())
        self.numbers = self._choice("numbers", "format.decimal", "Amounts", self._number_chosen)
        for shown, decimal, group in NUMBERS:
            self.numbers.addItem(shown, (decimal, group))
        self.sign = self._choice("sign", "format.sign", "Charges are", lambda: self._format("sign", self.sign))
        for title, key in (("positive, credits negative", ""), ("negative, credits positive", "reversed")):
            self.sign.addItem(title, key)
        self.ends = self._choice("ends", "format.period_end", "Last day", lambda: self._format("period_end", self.ends))
        for title, key in (("is billed still", ""), ("is the day after", "exclusive")):
            self.ends.addItem(title, key)
        self.round = QCheckBox("Round amounts of more than 6 decimals")
        self.round.setObjectName("mapping_round")
        self.round.setToolTip(
            "Each is rounded half to even, their exact sum once; the difference is the bill’s rounding"
        )
        self.round.toggled.connect(lambda on: self.format_changed.emit({"round": on}, ""))
        self._body.addWidget(self.round)

    def _choice(self, name: str, key: str, title: str, chosen: Callable[[], None]) -> QComboBox:
        combo = shrinking(QComboBox())
        combo.setObjectName(f"mapping_{name}")
        combo.activated.connect(lambda _index: chosen())
        self._line(key, title, combo)
        return combo

    def _make_types(self) -> None:
        self._heading("What kinds of charges they are")
        self._types_note = label("", "muted", wrap=True)
        self._body.addWidget(self._types_note)
        holder = QWidget()
        self._types = QVBoxLayout(holder)
        self._types.setContentsMargins(0, 0, 0, 0)
        self._types.setSpacing(SPACE_S)
        self._body.addWidget(holder)
        self.meanings: dict[str, QComboBox] = {}
        self.default = self._choice("default", "charges.default", "All others", self._default_chosen)
        self.default.addItem("by their words, when posted", "")
        for key, title in MEANINGS[:10]:
            self.default.addItem(title, key)

    # what it shows

    def _mark(self, key: str, missing: bool) -> None:
        set_tone(self._titles[key], Tone.DANGER if missing else None)

    def _show_formats(self, form: Mapping[str, Any], missing: Sequence[str], unsure: set[str]) -> None:
        written = form.get("date", "YYYY-MM-DD")
        shown = written if isinstance(written, str) else " or ".join(written)
        with QSignalBlocker(self.dates), QSignalBlocker(self.round):
            self.dates.clear()
            self.dates.addItems(list(dict.fromkeys([shown, *DATE_FORMATS])))
            self.dates.setEditText("" if "format.date" in unsure else shown)
            self.round.setChecked(bool(form.get("round")))
        pair = (form.get("decimal", "."), form.get("group", "," if form.get("decimal", ".") == "." else "."))
        place = next((at for at, one in enumerate(NUMBERS) if one[1:] == pair), -1)
        self.numbers.setCurrentIndex(-1 if "format.decimal" in unsure else place)
        self.sign.setCurrentIndex(1 if form.get("sign") == "reversed" else 0)
        self.ends.setCurrentIndex(1 if form.get("period_end") == "exclusive" else 0)
        self._mark("format.date", "format.date" in missing)
        self._mark("format.decimal", "format.decimal" in missing)

    def _show_types(self, book: DraftBook, missing: Sequence[str]) -> None:
        types = book.mapping["charges"].get("types", {})
        values: Mapping[str, str] = types.get("values", {}) if types.get("column") else {}
        column = types.get("column", "")
        words = [*(value for value in values if value), ""] if column else []  # "" for the cells that are empty
        if words != list(self.meanings):
            clear(self._types)
            self.meanings = {}
            for place, value in enumerate(words):
                self._types.addWidget(self._meaning_row(place, value))
        for value, combo in self.meanings.items():
            combo.setCurrentIndex(max(0, combo.findData(values.get(value, ""))))
            set_tone(self._titles[f"meaning {value}"], None if values.get(value) or not value else Tone.DANGER)
        self._types_note.setText(
            f"What the words in column “{column}” mean:" if column else "No column says it. Choose one above the rows."
        )
        set_tone(self._types_note, Tone.DANGER if "charges.types" in missing else None)
        self.default.setCurrentIndex(max(0, self.default.findData(types.get("default", ""))))
        self._titles["charges.default"].setText("All others" if column else "All charges")

    def _meaning_row(self, place: int, value: str) -> QWidget:
        combo = shrinking(QComboBox())
        combo.setObjectName(f"mapping_meaning_{place}")
        combo.setAccessibleName(f"What {value or EMPTY} means")
        combo.addItem("Choose…" if value else "as all others", "")
        for key, title in MEANINGS:
            combo.addItem(title, str(key))
        combo.activated.connect(partial(self._meaning_chosen, value))
        shown = label(value or EMPTY, "body", wrap=True)
        shown.setFixedWidth(_WIDTH)
        shown.setBuddy(combo)
        self._titles[f"meaning {value}"] = shown
        self.meanings[value] = combo
        holder = QWidget()
        holder.setLayout(row(shown, combo, spacing=SPACE_S))
        return holder

    # what is chosen

    def _word(self, key: str, text: str) -> None:
        """A line that is left as it was changes nothing: a new trial would take the save verb away under the mouse."""
        if text.strip() != self._words.get(key, ""):
            self.word_changed.emit(key, text.strip())

    def _date_chosen(self) -> None:
        written = self.dates.currentText().strip()
        if written:
            formats: Any = [one.strip() for one in written.split(" or ")]
            self.format_changed.emit({"date": formats if len(formats) > 1 else formats[0]}, "format.date")

    def _number_chosen(self) -> None:
        decimal, group = self.numbers.currentData()
        self.format_changed.emit({"decimal": decimal, "group": group}, "format.decimal")

    def _format(self, key: str, combo: QComboBox) -> None:
        self.format_changed.emit({key: combo.currentData()}, "")

    def _meaning_chosen(self, value: str, _index: int) -> None:
        self.meaning_changed.emit(value, str(self.meanings[value].currentData() or ""))

    def _default_chosen(self) -> None:
        self.default_changed.emit(str(self.default.currentData() or ""))
