"""A PDF page at which one points: named boxes over what was found, columns over a table, and what is drawn on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from app.services.layout_words import PageWords
from app.ui.icons import Icons
from app.ui.ops import Ops
from app.ui.theme import Theme
from app.ui.widgets.pdf_pages import PdfPages
from app.ui.widgets.pdf_view import PdfView
from app.ui.widgets.pointing_canvas import PointingCanvas
from app.ui.widgets.pointing_items import (
    BorderItem,
    BoxItem,
    Columns,
    DoubtItem,
    NamedBox,
    Numbers,
    TagItem,
    place_tag,
    rect_of,
)

_LEAST_SIDE = 1.0


class PointingView(PdfView):
    """`pointed` carries a page (from 1) and a box, `named` the key of a box that was clicked, `column` a table and a
    column whose label was, `border_moved` a table, the place of a border and its new x."""

    pointed = Signal(int, object)
    named = Signal(str)
    column = Signal(int, int)
    border_moved = Signal(int, int, float)

    def __init__(self, ops: Ops, theme: Theme, icons: Icons) -> None:
        super().__init__(ops, theme, icons)
        self._words: dict[int, PageWords] = {}
        self._boxes: list[NamedBox] = []
        self._columns: list[Columns] = []
        self._over: list[QGraphicsItem] = []
        self._doubt: tuple[int, Numbers] | None = None  # the word in doubt that was gone to last
        self.canvas.setObjectName("pointing_page")
        self.canvas.setAccessibleName("Page of the bill, to point at")

    def make_canvas(self, scene: QGraphicsScene) -> PointingCanvas:
        canvas = PointingCanvas(scene)
        canvas.drawn.connect(self._drawn)
        canvas.clicked.connect(self._clicked)
        canvas.border_moved.connect(self._moved)
        self.pointing = canvas
        return canvas

    def show_words(self, document: PdfPages, words: Sequence[PageWords]) -> None:
        """Show a document from its first page, with the words that can be pointed at."""
        self._words = {page.number: page for page in words}
        self._boxes, self._columns, self._doubt = [], [], None
        self.show_document(document, ())

    def show_boxes(self, boxes: Sequence[NamedBox], columns: Sequence[Columns] = ()) -> None:
        """Show these boxes and columns in the place of the ones before."""
        self._boxes, self._columns = list(boxes), list(columns)
        self.pointing.let_go()
        self._lay_over()

    def show_page(self, page: int) -> None:
        before = self.page
        super().show_page(page)
        if self.page != before and self.page >= 0:
            known = self._words.get(self.page + 1)
            self.pointing.show_words(known.words if known is not None else ())
            self._lay_over()

    def look_at(self, key: str) -> None:
        """Bring a named box into sight."""
        found = next((box for box in self._boxes if box.key == key), None)
        if found is not None:
            self.show_page(found.page - 1)
            self.canvas.ensureVisible(rect_of(found.box), 60, 90)

    def next_doubt(self) -> None:
        """Go on to the next word that was recognised with doubt, from page to page, and choose it."""
        doubts = [(page.number, box) for page in self._words.values() for _text, box, _sure in page.doubtful]
        if not doubts:
            return
        place = doubts.index(self._doubt) + 1 if self._doubt in doubts else 0
        self._doubt = doubts[place % len(doubts)]
        page, box = self._doubt
        self.show_page(page - 1)
        self.pointing.choose_word(box)
        self.canvas.setFocus()

    def at(self, x: float, y: float) -> QPoint:
        """Where a point of the page is on the canvas, for whoever has to point at it."""
        return self.canvas.mapFromScene(QPointF(x, y))

    def _scale(self, zoom: float) -> None:
        super()._scale(zoom)
        self._lay_over()  # labels keep their size, so they stand elsewhere

    def _lay_over(self) -> None:
        for item in self._over:
            self._scene.removeItem(item)
        self._over = []
        self.pointing.borders = []
        page = self.page + 1
        known = self._words.get(page)
        if self._pages is None or page < 1 or self._zoom <= 0:
            return
        width, height = self._pages.sizes[page - 1]
        whole = QRectF(0, 0, width, height)
        words = [rect_of(box) for _text, box in known.words] if known is not None else []
        for text, box, sure in known.doubtful if known is not None else ():
            self._add(DoubtItem(text, box, sure))
        taken = [rect_of(box.box) for box in self._boxes if box.page == page]
        font = self._theme.font("tiny", QFont.Weight.DemiBold)
        for columns in self._columns:
            if columns.page == page:
                taken += self._lay_columns(columns, font)
        boxes = [box for box in self._boxes if box.page == page]
        for named in boxes:
            self._add(BoxItem(named))
        for named in boxes:
            tag = TagItem(named.name, named.ink, font)
            taken.append(place_tag(tag, rect_of(named.box).adjusted(-2, -2, 2, 2), words, taken, whole, self._zoom))
            self._add(tag)

    def _lay_columns(self, columns: Columns, font: QFont) -> list[QRectF]:
        """Borders and the labels above the columns; returns the room that the labels take."""
        self._add(BoxItem(NamedBox(f"table:{columns.table}", columns.page, columns.box, "Table", columns.ink)))
        for place in range(len(columns.edges)):
            border = BorderItem(columns, place)
            self.pointing.borders.append(border)
            self._add(border)
        taken = []
        for place, name in enumerate(columns.names):
            left, right = columns.edges[place], columns.edges[place + 1]
            tag = TagItem(f"{name} ▾", columns.ink, font, most=max((right - left) * self._zoom - 3, 24.0))
            width, height = tag.size(self._zoom)
            tag.setPos(QPointF(left + 1.5 / self._zoom, columns.box[1] - height - 2))
            tag.setData(0, (columns.table, place))
            taken.append(QRectF(tag.pos().x(), tag.pos().y(), width, height))
            self._add(tag)
        return taken

    def _add(self, item: QGraphicsItem) -> None:
        self._scene.addItem(item)
        self._over.append(item)

    def _drawn(self, drawn: QRectF) -> None:
        if self._pages is None:
            return
        width, height = self._pages.sizes[self.page]
        box = drawn.intersected(QRectF(0, 0, width, height))
        if box.width() < _LEAST_SIDE or box.height() < _LEAST_SIDE:
            self.pointing.let_go()
            return
        self.pointed.emit(self.page + 1, (box.left(), box.top(), box.right(), box.bottom()))

    def _clicked(self, point: QPointF) -> None:
        """A label of a column, a named box, a charge's place or a word, whichever lies uppermost."""
        for item in self._scene.items(point, deviceTransform=self.canvas.viewportTransform()):
            if isinstance(item, TagItem) and item.data(0) is not None:
                self.column.emit(*item.data(0))
                return
        inside = [box for box in self._boxes if box.page == self.page + 1 and rect_of(box.box).contains(point)]
        if inside:
            self.named.emit(min(inside, key=lambda box: _area(box.box)).key)
            return
        for key, place in self._items.items():
            if place.sceneBoundingRect().contains(point):
                self.picked.emit(key)
                return
        for _text, box in self.pointing.words:
            if rect_of(box).contains(point):
                self.pointed.emit(self.page + 1, (box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1))
                return

    def _moved(self, border: BorderItem, x: float) -> None:
        self.border_moved.emit(border.columns.table, border.place, x)


def _area(box: Numbers) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
