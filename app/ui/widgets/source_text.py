"""An XML document as text, the chosen charge's element lit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QFontDatabase, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from app.ui.theme import Theme
from app.ui.tokens import Tone
from app.ui.widgets.marks import Mark

MOST_CHARACTERS = 2_000_000


class SourceText(QPlainTextEdit):
    """Read only. Lines of charges with a finding have their tone's ground."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("document_text")
        self.setAccessibleName("Text of the document")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._theme = theme
        self._lines: dict[int, tuple[int, int]] = {}
        self._marks: list[Mark] = []
        self._chosen: int | None = None
        theme.changed.connect(self._light)

    def show_document(self, text: str, lines: dict[int, tuple[int, int]], marks: Sequence[Mark]) -> None:
        """Show `text`; `lines` are first and last line (from 0) of each mark's key."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(self._theme.size("small"))
        self.setFont(font)
        self._lines, self._marks, self._chosen = lines, list(marks), None
        self.setPlainText(text[:MOST_CHARACTERS])
        self._light()

    def choose(self, key: int | None) -> None:
        """Light the element of that charge and scroll to it."""
        self._chosen = key
        self._light()
        if key in self._lines:
            block = self.document().findBlockByNumber(self._lines[key][0])
            cursor = QTextCursor(block)
            self.setTextCursor(cursor)
            self.centerCursor()

    def _light(self) -> None:
        lit = []
        for mark in self._marks:
            chosen = mark.key == self._chosen
            if mark.key not in self._lines or (mark.tone is Tone.NEUTRAL and not chosen):
                continue
            ground = self._theme.tokens.selection if chosen else self._theme.tokens.soft(mark.tone)
            first, last = self._lines[mark.key]
            for number in range(first, last + 1):
                lit.append(self._line(number, QColor(ground)))
        self.setExtraSelections(lit)

    def _line(self, number: int, ground: QColor) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document().findBlockByNumber(number))
        selection.cursor = cursor
        selection.format.setBackground(ground)
        selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        return selection
