"""What is said once of a file that is being mapped: units, formats, the time zone; each a choice or a word."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.importers.tabular.table_kind import Setting
from app.services.mapping_rows import counts, read_setting, show_setting, write_setting
from app.ui.tokens import SPACE_S, Tone
from app.ui.widgets.basic import clear, label, row, set_tone
from app.ui.widgets.mapping_fields import TITLE_WIDTH, shrinking
from app.ui.widgets.mapping_words import DATE_FORMATS, MOMENT_FORMATS, NUMBERS, ZONES

_OFFERED = {"format.date": DATE_FORMATS, "time.format": MOMENT_FORMATS}
_NAMES = {"format.date": "dates", "format.decimal": "numbers"}
_LISTS = frozenset({"format.date", "time.format"})  # several formats can be named, with "or" between them


class SettingsPart(QWidget):
    """`changed` carries the values by their dotted keys, and the open question that they answer."""

    changed = Signal(dict, str)

    def __init__(self) -> None:
        super().__init__()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(SPACE_S)
        self._settings: tuple[Setting, ...] = ()
        self._fields: dict[str, QComboBox | QLineEdit] = {}
        self._titles: dict[str, QLabel] = {}
        self._holders: dict[str, QWidget] = {}

    def offer(self, settings: tuple[Setting, ...]) -> None:
        """Offer these settings."""
        if settings == self._settings:
            return
        clear(self._lines)
        self._settings, self._fields, self._titles, self._holders = settings, {}, {}, {}
        for setting in settings:
            field = self._make(setting)
            field.setObjectName(f"mapping_{_NAMES.get(setting.key, setting.key.rpartition('.')[2])}")
            field.setAccessibleName(setting.title)
            field.setToolTip(setting.hint)
            title = label(setting.title, "body", wrap=True)
            title.setFixedWidth(TITLE_WIDTH)
            title.setBuddy(field)
            holder = QWidget()
            holder.setLayout(row(title, field, spacing=SPACE_S))
            self._lines.addWidget(holder)
            self._fields[setting.key], self._titles[setting.key], self._holders[setting.key] = field, title, holder

    def show_draft(self, mapping: Mapping[str, Any], missing: Collection[str], unsure: Collection[str]) -> None:
        """Show what the draft says; what is still open is empty and marked."""
        for setting in self._settings:
            key, field = setting.key, self._fields[setting.key]
            applies = counts(setting, mapping)
            self._holders[key].setVisible(applies)
            value = read_setting(mapping, key)
            with QSignalBlocker(field):
                if key in unsure:
                    self._empty(field)
                elif key == "format.decimal":
                    self._show_numbers(mapping)
                else:
                    self._show(setting, field, value)
            set_tone(self._titles[key], Tone.DANGER if key in missing and applies else None)

    def _show(self, setting: Setting, field: QComboBox | QLineEdit, value: Any) -> None:
        said = " or ".join(value) if isinstance(value, list) and setting.key in _LISTS else show_setting(value)
        said = said or setting.default or ("YYYY-MM-DD" if setting.key == "format.date" else "")
        if isinstance(field, QLineEdit):
            field.setText(said)
            return
        place = field.findData(said)
        if setting.free and place < 0:
            field.setCurrentIndex(-1)
            field.setEditText(said)
        else:
            field.setCurrentIndex(max(0, place))

    def _show_numbers(self, mapping: Mapping[str, Any]) -> None:
        form, field = mapping.get("format", {}), self._fields["format.decimal"]
        pair = (form.get("decimal", "."), form.get("group", "," if form.get("decimal", ".") == "." else "."))
        if isinstance(field, QComboBox):
            field.setCurrentIndex(next((at for at, one in enumerate(NUMBERS) if one[1:] == pair), -1))

    @staticmethod
    def _empty(field: QComboBox | QLineEdit) -> None:
        if isinstance(field, QLineEdit):
            field.clear()
        else:
            field.setCurrentIndex(-1)
            if field.isEditable():
                field.setEditText("")

    # how it is made

    def _make(self, setting: Setting) -> QComboBox | QLineEdit:
        if setting.key == "format.decimal":
            numbers = shrinking(QComboBox())
            for shown, decimal, group in NUMBERS:
                numbers.addItem(shown, (decimal, group))
            numbers.activated.connect(lambda _at: self._numbers_chosen(numbers))
            return numbers
        if not setting.choices and not setting.free:
            line = QLineEdit()
            line.setPlaceholderText(setting.hint)
            line.editingFinished.connect(lambda: self._said(setting, line.text().strip()))
            return line
        combo = shrinking(QComboBox())
        if setting.free:
            self._make_free(setting, combo)
        for title, value in setting.choices:
            combo.addItem(title, value)
        combo.activated.connect(lambda _at: self._said(setting, str(combo.currentData() or "")))
        return combo

    def _make_free(self, setting: Setting, combo: QComboBox) -> None:
        """One in which something else can be typed, too."""
        combo.setEditable(True)
        combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        offered = ZONES + _other_zones() if setting.key == "time.zone" else _OFFERED.get(setting.key, ())
        for one in offered:
            combo.addItem(one, one)
        line = combo.lineEdit()
        if line is not None:
            line.setObjectName(f"mapping_{_NAMES.get(setting.key, setting.key.rpartition('.')[2])}_line")
            line.setAccessibleName(setting.title)
            line.editingFinished.connect(self._typed(setting, combo))

    def _typed(self, setting: Setting, combo: QComboBox) -> Callable[[], None]:
        def typed() -> None:
            text = combo.currentText().strip()
            place = combo.findText(text)
            said = str(combo.itemData(place) or "") if place >= 0 else text
            if text:
                self._said(setting, said)

        return typed

    # what is said

    def _said(self, setting: Setting, said: str) -> None:
        value: Any = write_setting(setting, said)
        if setting.key in _LISTS and " or " in said:
            value = [one.strip() for one in said.split(" or ")]
        self.changed.emit({setting.key: value}, setting.key)

    def _numbers_chosen(self, field: QComboBox) -> None:
        decimal, group = field.currentData()
        self.changed.emit({"format.decimal": decimal, "format.group": group}, "format.decimal")


def _other_zones() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and zone not in ZONES))
