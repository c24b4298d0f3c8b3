"""The pages of an open workspace, each made when it is first asked for: a window opens at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget

from app.ui.pages.layout_editor import LayoutEditorPage
from app.ui.pages.mapping_editor import MappingEditorPage
from app.ui.pages.registry import PAGES

if TYPE_CHECKING:
    from app.services.changes import Changes
    from app.ui.context import Ui
    from app.ui.pages.base import Page

FIRST = PAGES[0].key
_KINDS = {page.key: page for page in PAGES}


class PageStack(QStackedWidget):
    """One page in sight. `receive` imports the files that an editor of layouts or mappings was made for."""

    def __init__(self, receive: Callable[..., Any]) -> None:
        super().__init__()
        self.setObjectName("pages")
        self._receive = receive
        self._made: dict[str, Page] = {}
        self.ui: Ui | None = None

    def page(self, key: str) -> Page:
        """The page of that key; raises KeyError where there is none, and is not asked before `ui` is set."""
        if key not in self._made:
            if self.ui is None:
                raise RuntimeError("a page was asked for before the window could serve it")
            page = _KINDS[key](self.ui)
            if isinstance(page, LayoutEditorPage | MappingEditorPage):
                page.import_wanted.connect(self._receive)
            self._made[key] = page
            self.addWidget(page)
        return self._made[key]

    def heard(self, changes: Changes) -> None:
        """Tell all that something has changed; a page that is made later loads what is true by then."""
        for page in self._made.values():
            page.heard(changes)

    def release(self) -> None:
        """The workspace is being closed."""
        for page in self._made.values():
            page.release()
