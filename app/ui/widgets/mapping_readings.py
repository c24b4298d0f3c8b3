"""How the encodings read the lines on which they differ, side by side: a person chooses the one that is right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.services.table_mappings import Reading
from app.ui.tokens import SPACE_L, SPACE_M
from app.ui.widgets.basic import Card, button, clear, label

_CARD_WIDTH = 340
_PARTS = re.compile(r"([;,|\t])(?=\S)|(\S{30})(?=\S)")


def _breakable(text: str) -> str:
    """`text` with unseen places at which a line may end: a row of a table has hardly a blank."""
    return _PARTS.sub(lambda found: f"{found[0]}\u200b", text)


class ReadingChoice(QWidget):
    """`chosen` carries an encoding."""

    chosen = Signal(str)

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self._words = words
        self.readings: tuple[Reading, ...] = ()
        self._shown: list[Card] = []
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
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        self._shown = []
        for reading in self.readings:
            encoding = reading.encodings[0]
            card = Card(self._words.get(encoding, encoding))
            card.setAccessibleName(f"Read as {self._words.get(encoding, encoding)}")
            others = ", ".join(self._words.get(one, one) for one in reading.encodings[1:])
            card.body.addWidget(label(f"the same in {others}" if others else " ", "small", wrap=True))
            for number, text in reading.lines[:8]:
                shown = _breakable(text[:200])
                card.body.addWidget(label(f"{number}:  {shown}" if number else shown, "strong", wrap=True))
            card.body.addStretch(1)
            card.body.addWidget(button("This is right", f"reading_{encoding}", partial(self._choose, encoding)))
            self._shown.append(card)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """As many cards in a row as there is room for."""
        across = max(1, min(3, self.width() // _CARD_WIDTH))
        for row in range(self._cards.rowCount()):
            self._cards.setRowStretch(row, 0)
        for place, card in enumerate(self._shown):
            self._cards.addWidget(card, place // across, place % across)
        self._cards.setRowStretch(len(self._shown) // across + 1, 1)

    def _choose(self, encoding: str) -> None:
        self.chosen.emit(encoding)
