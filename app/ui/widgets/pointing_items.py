"""What lies over a page at which one points: named boxes with their labels, and the borders of columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsLineItem, QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

Numbers = tuple[float, float, float, float]
DOUBT = "#F2A900"  # on white paper under black letters
_LITTLE = 60  # per cent
_TAG_HEIGHT, _TAG_PADDING = 15.0, 4.5


@dataclass(frozen=True, slots=True)
class NamedBox:
    """A box on a page (from 1) in points, with what it is. `dashed`: where something stood; `loud`: it is chosen."""

    key: str
    page: int
    box: Numbers
    name: str
    ink: str
    dashed: bool = False
    loud: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table on a page: their borders from left to right, one more than there are names."""

    table: int
    page: int
    box: Numbers
    edges: tuple[float, ...]
    names: tuple[str, ...]
    ink: str


def rect_of(box: Numbers) -> QRectF:
    """A box as Qt has it."""
    return QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1])


class BoxItem(QGraphicsRectItem):
    """The box itself; it takes no clicks, the canvas looks for it."""

    def __init__(self, named: NamedBox) -> None:
        super().__init__(rect_of(named.box).adjusted(-2, -1.5, 2, 1.5))
        self.named = named
        ink = QColor(named.ink)
        pen = QPen(ink, 2.2 if named.loud else 1.4)
        pen.setCosmetic(True)
        if named.dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        self.setPen(pen)
        fill = QColor(ink)
        fill.setAlpha(0 if named.dashed else 56 if named.loud else 26)
        self.setBrush(QBrush(fill))
        self.setZValue(4 if named.loud else 3)
        self.setToolTip(f"{named.name}: {named.problem}" if named.problem else named.name)


class DoubtItem(QGraphicsRectItem):
    """A tint on a word that was recognised with doubt."""

    def __init__(self, text: str, box: Numbers, confidence: int) -> None:
        super().__init__(rect_of(box).adjusted(-1, -1, 1, 1))
        fill = QColor(DOUBT)
        fill.setAlpha(84 if confidence >= _LITTLE else 124)
        self.setPen(QPen(Qt.PenStyle.NoPen))
        self.setBrush(QBrush(fill))
        self.setZValue(0.5)
        self.setToolTip(f"Recognised as “{text}”, {confidence} % sure")


class TagItem(QGraphicsItem):
    """A small label of constant size, white on the colour of what it names."""

    def __init__(self, text: str, ink: str, font: QFont, most: float = 400.0) -> None:
        super().__init__()
        self._font, self._ink = font, QColor(ink)
        metrics = QFontMetricsF(font)
        self.text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(most - 2 * _TAG_PADDING, 10.0))
        self.width = metrics.horizontalAdvance(self.text) + 2 * _TAG_PADDING
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(6)
        self.setToolTip(text)

    def size(self, zoom: float) -> tuple[float, float]:
        """Its width and height in points of the page at that zoom."""
        return self.width / zoom, _TAG_HEIGHT / zoom

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self.width, _TAG_HEIGHT)

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ink)
        painter.drawRoundedRect(self.boundingRect(), 3.5, 3.5)
        painter.setPen(QColor("#FFFFFF"))
        painter.setFont(self._font)
        painter.drawText(self.boundingRect(), Qt.AlignmentFlag.AlignCenter, self.text)


class BorderItem(QGraphicsLineItem):
    """A border of a column, which can be dragged to the left and right."""

    def __init__(self, columns: Columns, place: int) -> None:
        self.columns, self.place = columns, place
        x, box = columns.edges[place], columns.box
        super().__init__(QLineF(x, box[1], x, box[3]))
        pen = QPen(QColor(columns.ink), 1.6)
        pen.setCosmetic(True)
        self.setPen(pen)
        self.setZValue(5)

    def move_to(self, x: float) -> None:
        """Show it at another place while it is dragged."""
        box = self.columns.box
        self.setLine(QLineF(x, box[1], x, box[3]))

    def limits(self) -> tuple[float, float]:
        """How far it may go: to its neighbours."""
        edges = self.columns.edges
        low = edges[self.place - 1] + 4 if self.place else 0.0
        high = edges[self.place + 1] - 4 if self.place + 1 < len(edges) else 5_000.0
        return low, high


def place_tag(
    tag: TagItem, box: QRectF, words: Sequence[QRectF], taken: Sequence[QRectF], page: QRectF, zoom: float
) -> QRectF:
    """Put a label beside its box where it hides no word, else where it hides at least no box and no label (`taken`):
    right, left, above or below; else above. Returns where."""
    width, height = tag.size(zoom)
    gap = 3 / zoom
    middle = box.center().y() - height / 2
    corners = (
        QPointF(box.right() + gap, middle),
        QPointF(box.left() - gap - width, middle),
        QPointF(box.left(), box.top() - gap / 2 - height),
        QPointF(box.left(), box.bottom() + gap / 2),
    )
    places = [QRectF(corner.x(), corner.y(), width, height) for corner in corners]
    inside = [place for place in places if page.contains(place)]
    free = [place for place in inside if not any(place.intersects(one) for one in taken)]
    clear = [place for place in free if not any(place.intersects(one) for one in words)]
    chosen = next(iter([*clear, *free]), places[2])
    tag.setPos(chosen.topLeft())
    return chosen
