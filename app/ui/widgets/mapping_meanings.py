"""What the words of a column mean: of which type a charge is, or whether a row counts at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from app.ui.tokens import SPACE_S, Tone
from app.ui.widgets.basic import clear, label, row, set_tone
from app.ui.widgets.mapping_fields import TITLE_WIDTH, shrinking
from app.ui.widgets.mapping_words import EMPTY

Meanings = Sequence[tuple[str, str]]  # the key and its title


class MeaningsPart(QWidget):
    """`changed` carries a word and what it means."""

    changed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.note = label("", "muted", wrap=True)
        holder = QWidget()
        self._words = QVBoxLayout(holder)
        self._words.setContentsMargins(0, 0, 0, 0)
        self._words.setSpacing(SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.note)
        layout.addWidget(holder)
        self._combos: dict[str, QComboBox] = {}
        self._titles: dict[str, QLabel] = {}
        self._meanings: Meanings = ()

    def show_words(self, said: Mapping[str, str], meanings: Meanings, *, asked: bool, empty: str) -> None:
        """Show words with what they mean. Where each has to have a meaning it is `asked`; `empty` is what it means that
        a word has none."""
        words = [*(word for word in said if word), *([""] if "" in said or asked else [])]
        if words != list(self._combos) or meanings is not self._meanings:
            clear(self._words)
            self._combos, self._titles, self._meanings = {}, {}, meanings
            for place, word in enumerate(words):
                self._words.addWidget(self._make(place, word, "Choose…" if asked and word else empty))
        for word, combo in self._combos.items():
            combo.setCurrentIndex(max(0, combo.findData(said.get(word, ""))))
            set_tone(self._titles[word], Tone.DANGER if asked and word and not said.get(word) else None)

    def _make(self, place: int, word: str, none: str) -> QWidget:
        combo = shrinking(QComboBox())
        combo.setObjectName(f"mapping_meaning_{place}")
        combo.setAccessibleName(f"What {word or EMPTY} means")
        combo.addItem(none, "")
        for key, title in self._meanings:
            combo.addItem(title, str(key))
        combo.activated.connect(partial(self._chosen, word))
        shown = label(word or EMPTY, "body", wrap=True)
        shown.setFixedWidth(TITLE_WIDTH)
        shown.setBuddy(combo)
        self._combos[word], self._titles[word] = combo, shown
        holder = QWidget()
        holder.setLayout(row(shown, combo, spacing=SPACE_S))
        return holder

    def _chosen(self, word: str, _index: int) -> None:
        self.changed.emit(word, str(self._combos[word].currentData() or ""))
