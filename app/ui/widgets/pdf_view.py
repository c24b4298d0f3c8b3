"""A PDF page with the charges' places on it: the chosen one is lit, a click on a place chooses its charge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSceneHoverEvent,
    QGraphicsSceneMouseEvent,
    QGraphicsView,
    QVBoxLayout,
    QWidget,
)

from app.ui.icons import Icons
from app.ui.ops import Ops
from app.ui.theme import Theme
from app.ui.tokens import LIGHT, SPACE_S, SPACE_XS, Tone
from app.ui.widgets.basic import label, line, row, tool
from app.ui.widgets.marks import Mark
from app.ui.widgets.pdf_pages import PdfPages

ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
MARGIN = 14.0
_KEPT_PAGES = 12


class PlaceItem(QGraphicsRectItem):
    """The place of one charge. The page is paper in both themes, so its colours are the light theme's."""

    def __init__(self, mark: Mark, picked: Callable[[int], None]) -> None:
        box = mark.source.box
        assert box is not None  # noqa: S101 - only marks with a box become items
        super().__init__(QRectF(box.x0 / 100, box.top / 100, (box.x1 - box.x0) / 100, (box.bottom - box.top) / 100))
        self.mark, self._picked = mark, picked
        self.chosen = self._lit = False
        self.setRect(self.rect().adjusted(-3, -2, 3, 2))
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(mark.tip)
        self._paint()

    def choose(self, chosen: bool) -> None:
        """Light it, or not."""
        self.chosen = chosen
        self.setZValue(2 if chosen else 1)
        self._paint()

    def hoverEnterEvent(self, _event: QGraphicsSceneHoverEvent) -> None:
        self._lit = True
        self._paint()

    def hoverLeaveEvent(self, _event: QGraphicsSceneHoverEvent) -> None:
        self._lit = False
        self._paint()

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        event.accept()
        self._picked(self.mark.key)

    def _paint(self) -> None:
        tone = self.mark.tone
        ink = QColor(LIGHT.ink(tone if tone is not Tone.NEUTRAL else Tone.ACCENT))
        fill = QColor(ink)
        fill.setAlpha(64 if self.chosen else 34 if self._lit else 20 if tone is not Tone.NEUTRAL else 0)
        ink.setAlpha(255 if self.chosen else 150 if tone is not Tone.NEUTRAL or self._lit else 0)
        pen = QPen(ink, 2.0 if self.chosen else 1.0)
        pen.setCosmetic(True)
        self.setPen(pen)
        self.setBrush(QBrush(fill))


class PageCanvas(QGraphicsView):
    """Where the page lies. `zoomed` carries steps of the wheel with Ctrl held."""

    zoomed = Signal(int)
    resized = Signal()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class PdfView(QWidget):
    """`picked` carries the key of the place that was clicked."""

    picked = Signal(int)

    def __init__(self, ops: Ops, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._ops, self._theme = ops, theme
        self._pages: PdfPages | None = None
        self._marks: list[Mark] = []
        self._items: dict[int, PlaceItem] = {}
        self._pictures: dict[tuple[int, int], QPixmap] = {}
        self._chosen: int | None = None
        self._fitting, self._zoom = True, 1.0
        self.page = 0
        self._scene = QGraphicsScene(self)
        self._picture = QGraphicsPixmapItem()
        self._scene.addItem(self._picture)
        self.canvas = self.make_canvas(self._scene)
        self.canvas.setObjectName("document_page")
        self.canvas.setAccessibleName("Page of the bill")
        self.canvas.setFrameShape(QFrame.Shape.NoFrame)
        self.canvas.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        self.canvas.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.canvas.zoomed.connect(self.magnify)
        self.canvas.resized.connect(self._refit)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(120)
        self._later.timeout.connect(self._render)
        self.previous = tool("Previous page", "page_previous", icons, "previous", lambda: self.show_page(self.page - 1))
        self.next = tool("Next page", "page_next", icons, "next", lambda: self.show_page(self.page + 1))
        self.where = label("", "small")
        self.where.setObjectName("page_number")
        self.percent = label("", "small")
        bar = row(
            self.previous,
            self.where,
            self.next,
            None,
            tool("Smaller", "page_smaller", icons, "zoom_out", lambda: self.magnify(-1)),
            self.percent,
            tool("Larger", "page_larger", icons, "zoom_in", lambda: self.magnify(1)),
            tool("Fit the width", "page_fit", icons, "fit", self.fit),
        )
        bar.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, SPACE_XS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(line())
        layout.addWidget(self.canvas, 1)
        theme.changed.connect(self._colour)
        self._colour()

    def make_canvas(self, scene: QGraphicsScene) -> PageCanvas:
        """What shows the page; a view on which one can point has another one."""
        return PageCanvas(scene)

    def show_document(self, pages: PdfPages, marks: Sequence[Mark]) -> None:
        """Show a document from its first page."""
        if self._pages is not None and self._pages is not pages:
            self._pages.close()
        self._pages, self._marks = pages, [mark for mark in marks if mark.source.box is not None]
        self._pictures.clear()
        self._chosen = None
        self.page = -1
        self._fitting = True
        self.show_page(0)

    def show_page(self, page: int) -> None:
        """Show page `page`, counted from 0, with its places."""
        if self._pages is None or not 0 <= page < self._pages.count or page == self.page:
            return
        self.page = page
        self._place_marks()
        width, height = self._pages.sizes[page]
        self._scene.setSceneRect(-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
        self._picture.setPixmap(QPixmap())
        self.where.setText(f"Page {page + 1} of {self._pages.count}")
        self.previous.setEnabled(page > 0)
        self.next.setEnabled(page + 1 < self._pages.count)
        self._refit()
        self.canvas.verticalScrollBar().setValue(self.canvas.verticalScrollBar().minimum())
        self._light()
        self._render()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show other places on the same document; page and zoom stay."""
        self._marks = [mark for mark in marks if mark.source.box is not None]
        self._place_marks()
        self._light()

    def choose(self, key: int | None) -> None:
        """Light the place of that charge, on its page, and scroll to it."""
        self._chosen = key
        mark = next((mark for mark in self._marks if mark.key == key), None)
        if mark is not None and mark.source.page is not None:
            self.show_page(mark.source.page - 1)
        self._light()

    def magnify(self, steps: int) -> None:
        """One step larger or smaller."""
        self._fitting = False
        at = min(range(len(ZOOMS)), key=lambda place: abs(ZOOMS[place] - self._zoom))
        self._scale(ZOOMS[max(0, min(at + steps, len(ZOOMS) - 1))])

    def fit(self) -> None:
        """As wide as there is room."""
        self._fitting = True
        self._refit()

    def release(self) -> None:
        """Close the document."""
        if self._pages is not None:
            self._pages.close()
            self._pages = None

    def drawn(self) -> bool:
        """Whether the page in sight has its picture."""
        return not self._picture.pixmap().isNull()

    def _place_marks(self) -> None:
        for item in self._items.values():
            self._scene.removeItem(item)
        self._items = {}
        for mark in self._marks:
            if mark.source.page == self.page + 1:
                item = PlaceItem(mark, self.picked.emit)
                self._scene.addItem(item)
                self._items[mark.key] = item

    def _refit(self) -> None:
        if self._fitting and self._pages is not None and self.page >= 0:
            room = self.canvas.viewport().width() - 2
            self._scale(room / (self._pages.sizes[self.page][0] + 2 * MARGIN))

    def _scale(self, zoom: float) -> None:
        if zoom <= 0:
            return
        self._zoom = zoom
        self.canvas.resetTransform()
        self.canvas.scale(zoom, zoom)
        self.percent.setText(f"{round(zoom * 75)} %")  # a point is 1/72 inch, a pixel of the layout 1/96
        self._later.start()

    def _light(self) -> None:
        for key, item in self._items.items():
            item.choose(key == self._chosen)
        if self._chosen in self._items:
            self.canvas.ensureVisible(self._items[self._chosen], 40, 90)

    def _render(self) -> None:
        pages, page = self._pages, self.page
        if pages is None or page < 0:
            return
        per_point = max(0.2, round(self._zoom * self.devicePixelRatioF(), 2))
        key = (page, round(per_point * 100))
        if key in self._pictures:
            self._draw(self._pictures[key], page)
            return

        def done(image: QImage) -> None:
            picture = QPixmap.fromImage(image)
            self._pictures[key] = picture
            while len(self._pictures) > _KEPT_PAGES:
                del self._pictures[next(iter(self._pictures))]
            self._draw(picture, page)

        self._ops.query(self, "page", lambda: pages.render(page, per_point), done)

    def _draw(self, picture: QPixmap, page: int) -> None:
        if self._pages is None or page != self.page or picture.isNull():
            return
        self._picture.setPixmap(picture)
        self._picture.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._picture.setScale(self._pages.sizes[page][0] / picture.width())

    def _colour(self) -> None:
        self.canvas.setBackgroundBrush(self._theme.colour("window"))


def place_at(view: PdfView, key: int) -> QPoint:
    """Where the middle of a charge's place is in the canvas, for whoever has to click it."""
    item = view._items[key]
    return view.canvas.mapFromScene(item.sceneBoundingRect().center())
