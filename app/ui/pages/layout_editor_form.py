"""What the bill says: who sends it and how it is recognised, each header field with its value, and how values read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.importers.ocr.told import SURE
from app.services.layout_draft import Draft, name_of
from app.ui.icons import Icons
from app.ui.pages.layout_editor_rows import PENDING, ClaimsEdit, FieldRow
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Tone
from app.ui.widgets.basic import label, set_tone
from app.ui.widgets.pointing_combo import CalmCombo
from app.ui.widgets.pointing_fields import FIELDS
from app.ui.wording import CURRENCIES

# how numbers are written: decimal sign, mark between thousands
NUMBERS = (
    ("1,234.56", ".", ","),
    ("1.234,56", ",", "."),
    ("1 234,56", ",", " "),
    ("1 234.56", ".", " "),
    ("1'234.56", ".", "'"),
    ("1'234,56", ",", "'"),
    ("1234.56", ".", ""),
    ("1234,56", ",", ""),
)
LANGUAGES = (
    ("en", "English"),
    ("de", "German"),
    ("fr", "French"),
    ("es", "Spanish"),
    ("it", "Italian"),
    ("nl", "Dutch"),
    ("sv", "Swedish"),
)
_KEPT_LINES = 3


class LayoutForm(QScrollArea):
    """`edited` carries a key of the layout's top level and its value, `pointing` the field that is pointed at next
    ("" none), `forgotten` a field whose rule is taken away, `shown` a field whose box is wanted."""

    edited = Signal(str, object)
    pointing = Signal(str)
    forgotten = Signal(str)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("layout_form")
        self.setAccessibleName("What this bill says")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.carrier = QLineEdit()
        self.claims = ClaimsEdit()
        self.name = QLineEdit()
        self.told = label("", "small", wrap=True)
        self.problems = label("", "body", Tone.DANGER, wrap=True)
        self.problems.setObjectName("layout_problems")
        self.currency = CalmCombo()
        self.numbers = CalmCombo()
        self.language = CalmCombo()
        self.dates = QLineEdit()
        self.rows = {field.key: FieldRow(field, icons) for field in FIELDS}
        self._make_parts()
        inner = QWidget()
        inner.setObjectName("scrolled")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.problems)
        layout.addLayout(self._head())
        group = ""
        grid: QGridLayout | None = None
        for row in self.rows.values():
            if grid is None or row.field.group != group:
                if row.field.key == "currency":
                    continue
                group = row.field.group
                layout.addSpacing(SPACE_XS)
                layout.addWidget(label(group, "caption"))
                grid = QGridLayout()
                grid.setHorizontalSpacing(SPACE_S)
                grid.setVerticalSpacing(0)
                grid.setColumnMinimumWidth(1, 126)
                grid.setColumnStretch(2, 1)
                layout.addLayout(grid)
            at = grid.rowCount()
            for place, part in enumerate(row.parts()):
                grid.addWidget(part, at, place)
        layout.addSpacing(SPACE_XS)
        layout.addWidget(label("How it is written", "caption"))
        layout.addLayout(self._writing())
        layout.addStretch(1)
        self.setWidget(inner)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)

    def show_carriers(self, names: Sequence[str]) -> None:
        """The carriers that are known, to be completed from."""
        completer = QCompleter(list(names), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.carrier.setCompleter(completer)

    def show_draft(
        self,
        draft: Draft,
        values: Mapping[str, str],
        claims: Mapping[str, bool],
        confidences: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Show the draft; `values` are the header fields as they were read, `claims` whether each text was found,
        `confidences` how surely the fields of a scan were recognised, per cent."""
        self.name.setPlaceholderText(name_of(draft.text("carrier")) or "after the carrier")
        with QSignalBlocker(self.carrier), QSignalBlocker(self.claims), QSignalBlocker(self.dates):
            _set(self.carrier, draft.text("carrier"))
            _set(self.name, draft.text("name"))
            _set(self.dates, "; ".join(draft.texts("dates")))
            typing = self.claims.hasFocus() and self.claims.document().isModified()
            if self.claims.lines() != draft.texts("claims") and not typing:
                self.claims.setPlainText("\n".join(draft.texts("claims")))
        with QSignalBlocker(self.currency), QSignalBlocker(self.numbers), QSignalBlocker(self.language):
            self.currency.setCurrentText(draft.text("currency"))
            pair = (draft.layout.get("decimal", "."), draft.layout.get("group", ","))
            self.numbers.setCurrentIndex(next((at for at, one in enumerate(NUMBERS) if one[1:] == pair), 0))
            self.language.setCurrentIndex(max(self.language.findData(draft.text("language") or "en"), 0))
        self._tell_claims(claims)
        wrong = {key: place.problem for key, place in draft.places.items() if place.problem and key in self.rows}
        self.problems.setText("\n".join(f"{self.rows[key].field.title}: {why}" for key, why in wrong.items()))
        self.problems.setVisible(bool(wrong))
        for key, row in self.rows.items():
            known, place = key in draft.fields, draft.places.get(key)
            if key in values and key in draft.unsure:
                row.show(f"{values[key]}  ·  a guess, please look", Tone.WARNING, values[key], known)
            elif key in values and key in confidences:
                sure = confidences[key]
                doubt = "" if sure >= SURE else ", please compare"
                tone = None if sure >= SURE else Tone.WARNING
                row.show(f"{values[key]}  ·  {sure} % sure{doubt}", tone, values[key], known)
            elif key in values:
                row.show(values[key], None, values[key], known)
            elif place is not None and place.problem:
                row.show(place.problem, Tone.DANGER, place.problem, known)
            elif known:
                row.show(place.value or place.text if place is not None else PENDING, None, "", known)
            else:
                row.show("–", None, "", known)

    def arm(self, key: str) -> None:
        """Show for which field the next box is meant."""
        for name, row in self.rows.items():
            row.point.setChecked(name == key)

    # how it is made

    def _make_parts(self) -> None:
        for part, name, title in (
            (self.carrier, "layout_carrier", "Carrier"),
            (self.name, "layout_name", "Name of the layout"),
            (self.claims, "layout_claims", "Recognised by these words of the first page, one text a line"),
            (self.currency, "layout_currency", "Currency"),
            (self.numbers, "layout_numbers", "Numbers"),
            (self.language, "layout_language", "Language of month names"),
            (self.dates, "layout_dates", "Date formats, separated by semicolons"),
        ):
            part.setObjectName(name)
            part.setAccessibleName(title)
        self.carrier.setPlaceholderText("Who sends this bill")
        self.claims.setTabChangesFocus(True)
        height = self.claims.fontMetrics().lineSpacing() * _KEPT_LINES + 18
        self.claims.setFixedHeight(height)
        self.claims.setPlaceholderText("Texts that stand on each first page of this carrier, and on no other’s")
        self.currency.setEditable(True)
        written = self.currency.lineEdit()
        if written is not None:
            written.setObjectName("layout_currency_text")
            written.setAccessibleName("Currency")
        self.currency.addItems(["", *CURRENCIES])
        for shown, _decimal, _group in NUMBERS:
            self.numbers.addItem(shown)
        for key, name in LANGUAGES:
            self.language.addItem(name, key)
        self.dates.setPlaceholderText("MM/DD/YYYY; MMM D, YYYY")
        self.carrier.editingFinished.connect(lambda: self.edited.emit("carrier", self.carrier.text().strip()))
        self.name.editingFinished.connect(lambda: self.edited.emit("name", name_of(self.name.text())))
        self.claims.edited.connect(lambda: self.edited.emit("claims", self.claims.lines()))
        self.dates.editingFinished.connect(self._dates_edited)
        self.currency.textActivated.connect(self._currency_edited)
        line = self.currency.lineEdit()
        if line is not None:
            line.editingFinished.connect(lambda: self._currency_edited(self.currency.currentText()))
        self.numbers.activated.connect(self._numbers_edited)
        self.language.activated.connect(lambda _at: self.edited.emit("language", self.language.currentData()))
        for key, row in self.rows.items():
            row.point.clicked.connect(partial(self._point, key))
            row.forget.clicked.connect(partial(self._forget, key))

    def _head(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnMinimumWidth(0, 96)
        grid.setColumnStretch(1, 1)
        grid.addWidget(_caption("Carrier", self.carrier), 0, 0)
        grid.addWidget(self.carrier, 0, 1)
        words = QVBoxLayout()
        words.addWidget(_caption("Recognised by", self.claims))
        words.addStretch(1)
        grid.addLayout(words, 1, 0)
        grid.addWidget(self.claims, 1, 1)
        grid.addWidget(self.told, 2, 1)
        grid.addWidget(_caption("Layout name", self.name), 3, 0)
        grid.addWidget(self.name, 3, 1)
        return grid

    def _writing(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnMinimumWidth(0, 96)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        grid.addWidget(_caption("Currency", self.currency), 0, 0)
        grid.addWidget(self.currency, 0, 1)
        grid.addWidget(_caption("Numbers", self.numbers), 0, 2)
        grid.addWidget(self.numbers, 0, 3)
        grid.addWidget(_caption("Dates", self.dates), 1, 0)
        grid.addWidget(self.dates, 1, 1)
        grid.addWidget(_caption("Months", self.language), 1, 2)
        grid.addWidget(self.language, 1, 3)
        return grid

    # what the person does

    def _point(self, key: str) -> None:
        checked = self.rows[key].point.isChecked()
        self.arm(key if checked else "")
        self.pointing.emit(key if checked else "")

    def _forget(self, key: str) -> None:
        self.forgotten.emit(key)

    def _dates_edited(self) -> None:
        self.edited.emit("dates", tuple(text.strip() for text in self.dates.text().split(";") if text.strip()))

    def _currency_edited(self, text: str) -> None:
        self.edited.emit("currency", text.strip().upper())

    def _numbers_edited(self, place: int) -> None:
        self.edited.emit("numbers", NUMBERS[place][1:])

    def _tell_claims(self, claims: Mapping[str, bool]) -> None:
        missing = [text for text, found in claims.items() if not found]
        if not claims:
            self.told.setText("Name a text that stands on every bill of this carrier and on no other’s.")
        elif missing:
            self.told.setText(f"Not on the first page: {', '.join(missing)}")
        else:
            self.told.setText("Found on the first page." if len(claims) == 1 else "All found on the first page.")
        set_tone(self.told, Tone.DANGER if missing else Tone.SUCCESS if claims else Tone.WARNING)


def _caption(text: str, buddy: QWidget) -> QLabel:
    made = label(text, "muted")
    made.setBuddy(buddy)
    return made


def _set(line: QLineEdit, text: str) -> None:
    """Show another text, unless somebody is just typing there."""
    if line.text() != text and not (line.hasFocus() and line.isModified()):
        line.setText(text)
