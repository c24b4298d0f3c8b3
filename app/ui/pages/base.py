"""What all pages share: a title with its verbs, loading in the background, loading again when something changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.changes import Changes
from app.ui.tokens import SPACE_L, SPACE_S, SPACE_XL
from app.ui.widgets.basic import elided
from app.ui.widgets.verbs import verb, verb_button

if TYPE_CHECKING:
    from app.ui.context import Link, Ui

Answer = TypeVar("Answer")


class Page(QWidget):
    """A screen. `watches` says after which Changes it loads again; `place` which entry of the rail is marked."""

    key = ""
    title = ""
    subtitle = ""
    place = ""
    wide = False  # whether the rail makes room for it in a narrow window
    watches = Changes.NONE

    def __init__(self, ui: Ui) -> None:
        super().__init__()
        self.ui = ui
        self.stale = True
        self.setObjectName("page")
        self.setAccessibleName(self.title)
        self.heading = elided(self.title, "title")
        self.heading.setObjectName(f"{self.key}_title")
        self.note = elided(self.subtitle, "muted")
        self.verbs = QHBoxLayout()
        self.verbs.setSpacing(SPACE_S)
        self.lead = QHBoxLayout()
        self.lead.setSpacing(SPACE_S)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self.heading)
        titles.addWidget(self.note)
        head = QHBoxLayout()
        head.setSpacing(SPACE_L)
        head.addLayout(self.lead)
        head.addLayout(titles, 1)
        head.addLayout(self.verbs)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(SPACE_XL, SPACE_L + 4, SPACE_XL, SPACE_L + 4)
        self.body.setSpacing(SPACE_L)
        self.body.addLayout(head)
        self.note.setVisible(bool(self.subtitle))  # once it has a parent: before, it would be a window

    def reload(self) -> None:
        """Ask for the page's rows again, in the background."""

    def open(self, link: Link) -> None:
        """Show what a link names."""

    def may_leave(self) -> bool:
        """Whether nothing would be lost by going elsewhere, or the person says that it may be."""
        return True

    def release(self) -> None:
        """The workspace is being closed: let go of what is open."""

    def refresh(self) -> None:
        """Load again where something that the page watches has changed since it last did."""
        if self.stale:
            self.stale = False
            self.reload()

    def heard(self, changes: Changes) -> None:
        """Something has changed; a page that is not in sight waits until it is."""
        if self.watches & changes:
            self.stale = True
            if self.isVisible():
                self.refresh()

    def fetch(self, name: str, function: Callable[..., Answer], *args: Any, then: Callable[[Answer], None]) -> None:
        """Run a query in the background and give its answer to `then`; an older answer never overtakes a newer."""
        backend = self.ui.backend
        self.ui.ops.query(self, name, lambda: backend.query(function, *args), then)

    def verb(
        self,
        name: str,
        title: str,
        icon: str,
        done: Callable[[], object],
        *,
        shortcut: str = "",
        tip: str = "",
        primary: bool = False,
        shown: bool = True,
    ) -> QAction:
        """A verb of this page, with its button beside the title."""
        action = verb(self, self.ui.icons, name, title, icon, done, shortcut=shortcut, tip=tip)
        if shown:
            self.verbs.addWidget(verb_button(action, self.ui.icons, icon, primary=primary))
        return action
