"""What moved on a bill whose layout has drifted: each thing with where it stood and where it is now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from app.services.layout_desk import Opened
from app.services.layout_drift import Moved
from app.ui.context import Ui
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.tokens import LIGHT, SPACE_L, SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import button, clear, elided, label, row
from app.ui.widgets.chip import Chip
from app.ui.widgets.pdf_pages import PdfPages
from app.ui.widgets.pointing_items import NamedBox
from app.ui.widgets.pointing_view import PointingView
from app.ui.widgets.tabs import scrolled
from app.ui.wording import count

STOOD, NOW = LIGHT.danger, LIGHT.success


class DriftView(QWidget):
    """The bill with what moved drawn on it, and the list of it beside. `mend` asks for the editor on this bill."""

    mend = Signal()

    def __init__(self, ui: Ui) -> None:
        super().__init__()
        self.pane = DriftPane(ui.theme, ui.icons)
        self.view = PointingView(ui.ops, ui.theme, ui.icons)
        self.view.canvas.setObjectName("drift_page")
        self.view.canvas.setAccessibleName("Page of the bill, with what moved")
        self.pane.mend.connect(self.mend)
        self.pane.chosen.connect(self.view.look_at)
        self.view.pointed.connect(lambda _page, _box: self.view.pointing.let_go())
        splitter = QSplitter(Qt.Orientation.Horizontal)
        for part in (self.view, self.pane):
            card = QFrame()
            card.setObjectName("card")
            inner = QVBoxLayout(card)
            inner.setContentsMargins(1, 1, 1, 1)
            inner.addWidget(part)
            splitter.addWidget(card)
        splitter.setSizes([680, 460])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def show_moved(self, opened: Opened, moved: Sequence[Moved], can_mend: bool) -> None:
        """Show a bill with what moved on it."""
        self.view.show_words(PdfPages(opened.shown), opened.pages)
        self.view.show_boxes(boxes_of(moved))
        self.pane.show_moved(moved, can_mend)
        if moved:
            self.view.look_at(key_of(0, moved[0]))

    def release(self) -> None:
        """Close the document."""
        self.view.release()


class DriftPane(QWidget):
    """`chosen` carries the key of a box to look at, `mend` asks for the editor on this bill."""

    chosen = Signal(str)
    mend = Signal()

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setAccessibleName("What moved on this bill")
        self._theme = theme
        self.headline = label("", "heading", wrap=True)
        self.headline.setObjectName("drift_headline")
        told = (
            "The layout was accepted on a bill that looked otherwise. Dashed: where the words stood; solid: where they "
            "are now. Nothing of this bill is posted before you have looked."
        )
        self.button = button("Mend the layout", "mend_layout", self.mend.emit, primary=True, icons=icons, icon="mend")
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE_S)
        inner = QWidget()
        inner.setObjectName("scrolled")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.headline)
        layout.addWidget(label(told, "muted", wrap=True))
        layout.addLayout(row(self.button, None))
        layout.addLayout(self._list)
        layout.addStretch(1)
        area = scrolled(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def show_moved(self, moved: Sequence[Moved], can_mend: bool) -> None:
        """Show what moved; without a layout that can be found, there is nothing to mend."""
        clear(self._list)
        gone = sum(one.now is None for one in moved)
        parts = [
            f"{count(len(moved) - gone, 'thing')} moved" if len(moved) > gone else "",
            f"{gone} gone" if gone else "",
        ]
        self.headline.setText(
            f"This bill looks different: {', '.join(part for part in parts if part) or 'see the page'}."
        )
        self.button.setEnabled(can_mend)
        for place, one in enumerate(moved):
            self._list.addWidget(self._row(place, one))

    def _row(self, place: int, moved: Moved) -> QFrame:
        frame = QFrame()
        frame.setObjectName("accusation")
        tone = Tone.DANGER if moved.now is None else Tone.WARNING
        frame.setProperty("tone", tone.value)
        look = button("Show", f"drift_show_{place}", lambda: self.chosen.emit(key_of(place, moved)), quiet=True)
        look.setAccessibleName(f"Show {moved.text or 'the place'}")
        head = row(
            Chip(self._theme, "Gone" if moved.now is None else "Moved", tone),
            elided(f"{place + 1}   {moved.text or 'words that were not kept'}", "strong"),
            look,
        )
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(2)
        head.setStretch(1, 1)
        layout.addLayout(head)
        layout.addWidget(label(how_far(moved), "body", wrap=True))
        frame.setToolTip(moved.message)
        return frame


def how_far(moved: Moved) -> str:
    """Where it went, in words."""
    if moved.now is None or moved.now_page is None:
        return "It is nowhere on this bill any more."
    if moved.now_page != moved.page:
        return f"It stands on page {moved.now_page} now, no longer on page {moved.page}."
    right, down = moved.now[0] - moved.stood[0], moved.now[1] - moved.stood[1]
    parts = [
        f"{abs(by):.0f} points {one if by > 0 else other}"
        for by, one, other in ((right, "to the right", "to the left"), (down, "lower", "higher"))
        if abs(by) >= 1
    ]
    return f"It stands {' and '.join(parts) or 'where it stood'} on page {moved.page}."


def key_of(place: int, moved: Moved) -> str:
    """The key of the box to look at: where it is now, else where it stood."""
    return f"now:{place}" if moved.now is not None else f"stood:{place}"


def boxes_of(moved: Sequence[Moved]) -> list[NamedBox]:
    """The picture of what moved: dashed where it stood, solid where it is."""
    boxes = []
    for place, one in enumerate(moved):
        boxes.append(NamedBox(f"stood:{place}", one.page, one.stood, f"{place + 1} before", STOOD, dashed=True))
        if one.now is not None and one.now_page is not None:
            boxes.append(NamedBox(f"now:{place}", one.now_page, one.now, f"{place + 1} now", NOW))
    return boxes
