"""The canvas on which one points: a drag draws a box, a click takes a word, a border of a column can be moved.

By keyboard: arrows go from word to word, with Shift the box grows, Return takes it, Escape lets it go.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsScene, QGraphicsView

from app.ui.widgets.pdf_view import PageCanvas
from app.ui.widgets.pointing_fields import IDENTITY
from app.ui.widgets.pointing_items import BorderItem, Numbers, rect_of

_NEAR = 5.0  # pixels within which a border is grasped
_LEAST = 4.0  # pixels: a shorter drag is a click
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class PointingCanvas(PageCanvas):
    """`drawn` carries the rectangle in points, `clicked` a point, `border_moved` a BorderItem and its new x."""

    drawn = Signal(QRectF)
    clicked = Signal(QPointF)
    border_moved = Signal(object, float)

    def __init__(self, scene: QGraphicsScene) -> None:
        super().__init__(scene)
        self.words: Sequence[tuple[str, Numbers]] = ()
        self.borders: list[BorderItem] = []
        self._start: QPointF | None = None
        self._grasped: BorderItem | None = None
        self._cursor = (-1, -1)  # the first and the last word that the keyboard has chosen
        self._rubber = QGraphicsRectItem()
        pen = QPen(QColor(IDENTITY), 1.5, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        self._rubber.setPen(pen)
        fill = QColor(IDENTITY)
        fill.setAlpha(30)
        self._rubber.setBrush(QBrush(fill))
        self._rubber.setZValue(9)
        self._rubber.hide()
        scene.addItem(self._rubber)
        self.setDragMode(QGraphicsView.DragMode.NoDrag)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleDescription(
            "Arrow keys go from word to word, Shift makes the box larger, Return says what it is."
        )

    def show_words(self, words: Sequence[tuple[str, Numbers]]) -> None:
        """The words of the page in sight."""
        self.words = words
        self._cursor = (-1, -1)
        self._rubber.hide()

    def choose_word(self, box: Numbers) -> None:
        """Choose the word in this box, as the arrows do."""
        place = next((at for at, (_text, other) in enumerate(self.words) if other == box), None)
        if place is not None:
            self._cursor = (place, place)
            self._show_cursor()

    # by mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.setFocus()
        self._start = self.mapToScene(event.position().toPoint())
        self._grasped = self.border_at(self._start)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self.mapToScene(event.position().toPoint())
        if self._start is None:
            near = self.border_at(point) is not None
            self.viewport().setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.CrossCursor)
        elif self._grasped is not None:
            self._grasped.move_to(self._within(self._grasped, point.x()))
        else:
            self._rubber.setRect(QRectF(self._start, point).normalized())
            self._rubber.show()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._start is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        start, grasped = self._start, self._grasped
        self._start = self._grasped = None
        point = self.mapToScene(event.position().toPoint())
        drawn = QRectF(start, point).normalized()
        least = _LEAST / self.transform().m11()
        if grasped is not None and abs(point.x() - start.x()) >= least / 2:
            self.border_moved.emit(grasped, self._within(grasped, point.x()))
        elif drawn.width() < least and drawn.height() < least:
            self._rubber.hide()
            self.clicked.emit(start)
        else:
            self.drawn.emit(drawn)
        event.accept()

    def border_at(self, point: QPointF) -> BorderItem | None:
        """The border that is close to a point."""
        near = _NEAR / self.transform().m11()
        found = [
            border
            for border in self.borders
            if abs(border.line().x1() - point.x()) <= near
            and border.columns.box[1] <= point.y() <= border.columns.box[3]
        ]
        return min(found, key=lambda border: abs(border.line().x1() - point.x()), default=None)

    def let_go(self) -> None:
        """Take the drawn box away."""
        self._rubber.hide()

    def _within(self, border: BorderItem, x: float) -> float:
        low, high = border.limits()
        return max(low, min(x, high))

    # by keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        first, last = self._cursor
        if not self.words or key not in (*_STEPS, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape):
            super().keyPressEvent(event)
            return
        event.accept()
        if key is Qt.Key.Key_Escape:
            self._cursor = (-1, -1)
            self._rubber.hide()
        elif key is Qt.Key.Key_Return:
            if self._rubber.isVisible():
                self.drawn.emit(self._rubber.rect())
        else:
            goal = 0 if last < 0 else self._neighbour(last, key)
            larger = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and first >= 0
            self._cursor = (first if larger else goal, goal)
            self._show_cursor()

    def _neighbour(self, at: int, key: Qt.Key) -> int:
        if key in _STEPS:
            return max(0, min(at + _STEPS[key], len(self.words) - 1))
        box = self.words[at][1]
        down = key is Qt.Key.Key_Down
        others = [
            place
            for place, (_text, other) in enumerate(self.words)
            if (other[1] >= box[3] - 1 if down else other[3] <= box[1] + 1)
        ]
        if not others:
            return at
        middle = (box[0] + box[2]) / 2

        def distance(place: int) -> float:
            other = self.words[place][1]
            return abs(other[1] - box[1]) * 4 + abs((other[0] + other[2]) / 2 - middle)

        return min(others, key=distance)

    def _show_cursor(self) -> None:
        first, last = sorted(self._cursor)
        one, other = rect_of(self.words[first][1]), rect_of(self.words[last][1])
        self._rubber.setRect(one.united(other).adjusted(-1, -1, 1, 1))
        self._rubber.show()
        self.ensureVisible(self._rubber, 40, 60)
