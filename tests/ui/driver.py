"""Page objects: how a test drives the window as a user would, by the names of its parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.ui.context import Link
from app.ui.main_window import MainWindow
from app.ui.pages.base import Page
from app.ui.pages.registry import PAGES
from app.ui.tables import DataTable
from app.ui.workbench import Workbench

Kind = TypeVar("Kind", bound=QWidget)


class Driver:
    """Clicks, types and reads. Everything waits until the window has settled."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.window = window

    @property
    def bench(self) -> Workbench:
        assert self.window.workbench is not None, "no workspace is open"
        return self.window.workbench

    @property
    def page(self) -> Any:
        return self.bench.page

    def all_pages(self) -> list[Page]:
        """Every page of the window, made where it was not yet."""
        return [self.bench.stack.page(page.key) for page in PAGES]

    def settle(self, milliseconds: int = 10_000) -> None:
        """Wait until no query and no command runs and what they said has been shown."""
        for _ in range(3):
            self.qtbot.waitUntil(lambda: not self.window.ops.busy, timeout=milliseconds)
            QApplication.processEvents()

    def find(self, kind: type[Kind], name: str) -> Kind:
        """The part of that objectName; one must be visible."""
        found = [part for part in self.window.findChildren(kind, name) if part.isVisible()]
        assert found, f"nothing visible is called {name}"
        return found[0]

    def click(self, name: str) -> None:
        """Press a button by its name."""
        button = self.find(QAbstractButton, name)
        assert button.isEnabled(), f"{name} is disabled: {button.toolTip()}"
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def trigger(self, name: str) -> None:
        """Do a verb of the page or the window by its name."""
        actions = [action for action in self.window.findChildren(QAction, name) if action.isEnabled()]
        assert actions, f"no verb {name} is possible now"
        actions[0].trigger()
        self.settle()

    def press(self, keys: str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        target = QApplication.focusWidget() or self.window
        self.qtbot.keyClick(target, keys if len(keys) == 1 else getattr(Qt.Key, f"Key_{keys}"), modifier)
        self.settle()

    def go(self, page: str, **link: Any) -> Any:
        """Show a page and wait until it has loaded."""
        self.bench.go(Link(page, **link))
        self.settle()
        return self.bench.page

    def text(self, name: str) -> str:
        """What a label says."""
        return self.find(QLabel, name).text()

    def rows(self, table: DataTable[Any]) -> list[list[str]]:
        """The cells of a table, as shown."""
        columns = table.shown_columns()
        return [[column.written(row) for column in columns] for row in table.model.shown]

    def choose(self, table: DataTable[Any], *places: int) -> None:
        """Select rows of a table by their places."""
        view: QTableView = table.table
        view.clearSelection()
        for number, place in enumerate(places):
            index = table.model.index(place, 0)
            modifier = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
            point = view.visualRect(index).center()
            self.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, point)
        self.settle()

    def type(self, name: str, text: str) -> None:
        """Type into a line."""
        line = self.find(QLineEdit, name)
        line.setFocus()
        self.qtbot.keyClicks(line, text)
        self.settle()

    def drop(self, *files: Path) -> None:
        """Drop files on the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        point, buttons = QPoint(400, 300), Qt.MouseButton.LeftButton
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        self.window.dragEnterEvent(QDragEnterEvent(point, copy, data, buttons, none))
        self.window.dropEvent(QDropEvent(QPointF(point), copy, data, buttons, none))

    def become(self, name: str) -> None:
        """Go on as another person, as the menu does."""
        person = next(known for known in self.bench.backend.people() if known.name == name)
        self.bench.become(person)
        self.settle()
