"""How the encodings read the lines on which they differ, side by side: a person chooses the one that is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.services.table_mappings import Reading
from app.ui.tokens import SPACE_L, SPACE_M
from app.ui.widgets.basic import Card, button, clear, label


class ReadingChoice(QWidget):
    """`chosen` carries an encoding."""

    chosen = Signal(str)

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self._words = words
        self.readings: tuple[Reading, ...] = ()
        self.sentence = label(
            "The file does not say how its letters are meant: it has no byte order mark and is not UTF-8. "
            "Choose the reading that is right. The mapping keeps the choice.",
            "body",
            wrap=True,
        )
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._cards = QGridLayout(inner)
        self._cards.setSpacing(SPACE_M)
        self._cards.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_L)
        layout.addWidget(self.sentence)
        layout.addWidget(area, 1)

    def show_readings(self, readings: Sequence[Reading]) -> None:
        """Offer these readings."""
        self.readings = tuple(readings)
        clear(self._cards)
        for place, reading in enumerate(self.readings):
            encoding = reading.encodings[0]
            card = Card(self._words.get(encoding, encoding))
            card.setAccessibleName(f"Read as {self._words.get(encoding, encoding)}")
            others = ", ".join(self._words.get(one, one) for one in reading.encodings[1:])
            card.body.addWidget(label(f"the same in {others}" if others else " ", "small", wrap=True))
            for number, text in reading.lines[:8]:
                shown = label(f"{number}:  {text[:200]}" if number else text[:200], "strong", wrap=True)
                card.body.addWidget(shown)
            card.body.addStretch(1)
            card.body.addWidget(button("This is right", f"reading_{encoding}", partial(self._choose, encoding)))
            self._cards.addWidget(card, place // 3, place % 3)
        self._cards.setRowStretch(len(self.readings) // 3 + 1, 1)

    def _choose(self, encoding: str) -> None:
        self.chosen.emit(encoding)
