"""What stands above a scan that is pointed at: that its words were recognised, and how many of them are in doubt."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.importers.ocr.told import SURE
from app.services.layout_desk import Opened
from app.ui.theme import Theme
from app.ui.tokens import SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import button, elided
from app.ui.widgets.chip import Chip
from app.ui.wording import count


class ScanStrip(QFrame):
    """`wanted` asks for the next word in doubt. Hidden where the bill has text."""

    wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("scan_strip")
        self.setAccessibleName("How this scan was recognised")
        self.told = elided("", "body")
        self.told.setObjectName("scan_told")
        self.next = button("Next in doubt", "scan_next_doubt", self.wanted.emit, quiet=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Chip(theme, "Scan", Tone.WARNING))
        layout.addWidget(self.told, 1)
        layout.addWidget(self.next)
        self.hide()

    def show_scan(self, opened: Opened) -> None:
        """Tell of this bill how surely its words were recognised."""
        self.setVisible(opened.scanned)
        words = sum(len(page.words) for page in opened.pages)
        doubtful = sum(len(page.doubtful) for page in opened.pages)
        self.next.setVisible(doubtful > 0)
        told = f"Recognised from a picture: compare each value. {count(words, 'word')}, all sure."
        if doubtful:
            told = f"Recognised from a picture: {doubtful} of {count(words, 'word')} tinted as doubtful."
        self.told.setText(told)
        self.told.setToolTip(f"Compare each value with the picture. Tinted: recognised with less than {SURE} %.")
