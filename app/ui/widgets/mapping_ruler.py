"""The lines of a text of fixed width as they are, in letters of one width, with the borders between the columns: a
person adds, moves and takes them away with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea

from app.ui.theme import Theme

_NEAR = 5  # pixels around a border in which the mouse takes hold of it
_GAP = 8


class FixedRuler(QAbstractScrollArea):
    """`changed` carries the new borders (before which character, from 0), `picked` the character under the mark,
    `header_wanted` the number of a line."""

    changed = Signal(list)
    picked = Signal(int)
    header_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("mapping_ruler")
        self.setAccessibleName("Lines of the file with the borders of the columns")
        self.setToolTip(
            "Click between two letters to set a border, drag it to move it, double-click it to take it away.\n"
            "Keys: left and right move the mark, Space sets or takes away, Shift with left and right moves a border, "
            "[ and ] go from border to border.\nDouble-click the number of a line to make it the header."
        )
        self._theme = theme
        self._lines: tuple[tuple[int, str], ...] = ()
        self._header = 0
        self.borders: list[int] = []
        self.mark = 0
        self._held: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._set_font()

    def show_lines(self, lines: Sequence[tuple[int, str]], header: int, borders: Sequence[int]) -> None:
        """Show other lines or borders; `header` is the number of the line with the names, 0 where there is none."""
        self._lines, self._header = tuple(lines), header
        self.borders = sorted(set(borders))
        self._held = None
        self._set_font()
        self._tell()
        self.viewport().update()

    @property
    def width_in_letters(self) -> int:
        return max((len(text) for _number, text in self._lines), default=0)

    # drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, painter = self._theme.tokens, QPainter(self.viewport())
        painter.setFont(self._font)
        area = self.viewport().rect()
        painter.fillRect(area, QColor(tokens.surface))
        top, scroll = self._top(), self.verticalScrollBar().value()
        self._draw_columns(painter, area)
        for place, (number, text) in enumerate(self._lines[scroll:], start=scroll):
            y = top + (place - scroll) * self._line
            if y > area.bottom():
                break
            if number == self._header:
                painter.fillRect(QRect(0, y, area.width(), self._line), QColor(tokens.accent_soft))
            painter.setPen(QColor(tokens.text if not self._header or number >= self._header else tokens.faint))
            painter.drawText(QPoint(self._x(0), y + self._ascent), text)
        self._draw_borders(painter, area)
        self._draw_margin(painter, area)
        painter.end()

    def _draw_columns(self, painter: QPainter, area: QRect) -> None:
        """Every second column on another ground, and the scale above."""
        tokens = self._theme.tokens
        edges = [0, *self.borders, self.width_in_letters + 1]
        for place in range(1, len(edges) - 1, 2):
            left, right = self._x(edges[place]), self._x(edges[place + 1])
            painter.fillRect(QRect(left, 0, right - left, area.height()), QColor(tokens.hover))
        painter.fillRect(QRect(0, 0, area.width(), self._line), QColor(tokens.neutral_soft))
        painter.setPen(QColor(tokens.muted))
        for at in range(0, self.width_in_letters + 1, 10):
            painter.drawText(QPoint(self._x(at) + 2, self._ascent), str(at + 1))

    def _draw_borders(self, painter: QPainter, area: QRect) -> None:
        tokens = self._theme.tokens
        for border in self.borders:
            held = border == self.mark and self.hasFocus()
            painter.fillRect(
                QRect(self._x(border) - (2 if held else 1), 0, 3 if held else 1, area.height()),
                QColor(tokens.accent if held else tokens.border_strong),
            )
        if self.hasFocus():
            x = self._x(self.mark)
            painter.fillRect(QRect(x - 1, 0, 1, area.height()), QColor(tokens.accent))
            painter.fillRect(QRect(x - 4, 0, 8, 4), QColor(tokens.accent))

    def _draw_margin(self, painter: QPainter, area: QRect) -> None:
        tokens, scroll = self._theme.tokens, self.verticalScrollBar().value()
        painter.fillRect(QRect(0, 0, self._margin - _GAP // 2, area.height()), QColor(tokens.neutral_soft))
        painter.setPen(QColor(tokens.muted))
        for place, (number, _text) in enumerate(self._lines[scroll:]):
            y = self._top() + place * self._line
            if y > area.bottom():
                break
            box = QRect(0, y, self._margin - _GAP, self._line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number))

    # mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is not Qt.MouseButton.LeftButton or event.position().x() < self._margin - _GAP // 2:
            return
        x = round(event.position().x())
        self._held = self._border_near(x)
        self._set_mark(self._held if self._held is not None else self._letter(x))
        if self._held is None and self.mark:
            self._change([*self.borders, self.mark])
            self._held = self.mark

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = round(event.position().x())
        near = self._border_near(x) is not None or self._held is not None
        self.viewport().setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.IBeamCursor)
        target = self._letter(x)
        if self._held is not None and event.buttons() & Qt.MouseButton.LeftButton and target != self._held:
            self._move(target)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        x, y = round(event.position().x()), round(event.position().y())
        if x < self._margin - _GAP // 2:
            place = (y - self._top()) // self._line + self.verticalScrollBar().value()
            if 0 <= place < len(self._lines):
                self.header_wanted.emit(self._lines[place][0])
            return
        near = self._border_near(x)
        if near is not None:
            self._change([border for border in self.borders if border != near])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if step and shift and self.mark in self.borders:
            self._held = self.mark
            self._move(self.mark + step)
            self._held = None
        elif step:
            self._set_mark(self.mark + step)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._set_mark(0 if key == Qt.Key.Key_Home else self.width_in_letters)
        elif key == Qt.Key.Key_BracketRight:
            self._set_mark(next((border for border in self.borders if border > self.mark), self.mark))
        elif key == Qt.Key.Key_BracketLeft:
            self._set_mark(next((border for border in reversed(self.borders) if border < self.mark), self.mark))
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Insert, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if self.mark in self.borders:
                self._change([border for border in self.borders if border != self.mark])
            elif key in (Qt.Key.Key_Space, Qt.Key.Key_Insert) and self.mark:
                self._change([*self.borders, self.mark])
        else:
            super().keyPressEvent(event)

    def _move(self, target: int) -> None:
        """Move the border that is held; it cannot pass another one."""
        held = self._held
        others = [border for border in self.borders if border != held]
        least = max((border for border in others if held is not None and border < held), default=0) + 1
        most = min((border for border in others if held is not None and border > held), default=10_000) - 1
        target = max(least, min(most, self.width_in_letters, target))
        if held is not None and target != held:
            self._held = target
            self._set_mark(target)
            self._change([*others, target])

    def _change(self, borders: Sequence[int]) -> None:
        self.borders = sorted(set(borders))
        self._tell()
        self.viewport().update()
        self.changed.emit(list(self.borders))

    def _set_mark(self, at: int) -> None:
        self.mark = max(0, min(at, self.width_in_letters))
        bar, x, room = self.horizontalScrollBar(), self._x(self.mark), round(8 * self._letter_width)
        if x > self.viewport().width() - room // 4:
            bar.setValue(bar.value() + x - self.viewport().width() + room)
        elif x < self._margin:
            bar.setValue(bar.value() + x - self._margin - room)
        self._tell()
        self.viewport().update()
        self.picked.emit(self.mark)

    def _tell(self) -> None:
        """What a screen reader says: where the mark is, and whether a border stands there."""
        place = f"Mark before character {self.mark + 1}"
        if self.mark in self.borders:
            place = (
                f"Border {self.borders.index(self.mark) + 1} of {len(self.borders)} before character {self.mark + 1}"
            )
        self.setAccessibleDescription(f"{place}; {len(self.borders) + 1} columns")

    # measures

    def _set_font(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(self._theme.size("body"))
        self._font = font
        self.viewport().setFont(font)
        metrics = self.viewport().fontMetrics()
        self._letter_width = max(1.0, QFontMetricsF(font).horizontalAdvance("0" * 100) / 100)
        self._line, self._ascent = metrics.height() + 3, metrics.ascent() + 1
        self._margin = metrics.horizontalAdvance("0" * max(3, len(str(self._lines[-1][0]) if self._lines else ""))) + 14
        self._set_bars()

    def _set_bars(self) -> None:
        shown = max(1, self.viewport().height() // self._line - 1)
        self.verticalScrollBar().setRange(0, max(0, len(self._lines) - shown))
        self.verticalScrollBar().setPageStep(shown)
        wide = self._margin + round((self.width_in_letters + 4) * self._letter_width)
        self.horizontalScrollBar().setRange(0, max(0, wide - self.viewport().width()))
        self.horizontalScrollBar().setPageStep(self.viewport().width())
        self.horizontalScrollBar().setSingleStep(round(self._letter_width))

    def _top(self) -> int:
        return self._line + 2

    def _x(self, letter: int) -> int:
        return self._margin + round(letter * self._letter_width) - self.horizontalScrollBar().value()

    def _letter(self, x: int) -> int:
        """The place between two letters that is nearest to `x`."""
        return max(0, round((x - self._x(0)) / self._letter_width))

    def _border_near(self, x: int) -> int | None:
        near = [border for border in self.borders if abs(self._x(border) - x) <= _NEAR]
        return min(near, key=lambda border: abs(self._x(border) - x), default=None)

    def place_of(self, border: int) -> QPoint:
        """The point of the viewport at which a border stands."""
        return QPoint(self._x(border), self._top() + self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_bars()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_lines"):
            self._set_font()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(600, self._line * 9)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._line * 5)


def column_at(borders: Sequence[int], letter: int) -> int:
    """Which column (from 0) the letter stands in."""
    return sum(1 for border in borders if border <= letter)
