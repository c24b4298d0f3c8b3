"""How a test points at a bill as a person does: mouse and keyboard on the page, menus, combos and buttons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
)

from app.queries import bill, bills
from app.services.layout_columns import edges_of
from app.services.receipts import Receipt
from app.ui.pages.layout_editor import LayoutEditorPage
from tests.ui.driver import Driver

LEFT = Qt.MouseButton.LeftButton


class Pointer:
    """The layout editor of a window, driven by hand."""

    def __init__(self, window: Driver) -> None:
        self.window, self.qtbot = window, window.qtbot
        page = window.bench.stack.page("layout_editor")
        assert isinstance(page, LayoutEditorPage)
        self.page = page
        self.work = page.work

    @property
    def layout(self) -> Any:
        """The draft as the layout that it will be."""
        return self.work.draft.layout

    def wait(self) -> None:
        """Until the present draft has been read and shown."""
        self.qtbot.waitUntil(self.work.settled, timeout=60_000)
        self.window.settle(60_000)
        self.qtbot.waitUntil(self.work.settled, timeout=60_000)

    def opened(self) -> None:
        """Until a bill can be pointed at."""
        self.qtbot.waitUntil(lambda: self.page.stack.currentWidget() is self.work, timeout=60_000)
        self.wait()

    def drag(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """Drag a box over the page in sight; lengths in points."""
        view, viewport = self.work.view, self.work.view.canvas.viewport()
        view.canvas.ensureVisible(x0, top, x1 - x0, bottom - top, 20, 20)
        start, end = view.at(x0, top), view.at(x1, bottom)
        self.qtbot.mousePress(viewport, LEFT, pos=start)
        self.qtbot.mouseMove(viewport, QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2))
        self.qtbot.mouseMove(viewport, end)
        self.qtbot.mouseRelease(viewport, LEFT, pos=end)

    def click(self, x: float, y: float) -> None:
        """Click a place of the page in sight."""
        self.work.view.canvas.ensureVisible(x, y, 1, 1, 20, 20)
        self.qtbot.mouseClick(self.work.view.canvas.viewport(), LEFT, pos=self.work.view.at(x, y))

    def choose(self, name: str) -> None:
        """Choose from the menu that has opened."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu), "no menu is open"
        action = next(one for one in menu.actions() if one.objectName() == name)
        self.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
        self.wait()

    def say(self, field: str, box: tuple[float, float, float, float]) -> None:
        """Drag a box over a value and say what it is."""
        self.drag(*box)
        self.choose(f"say_{field}")

    def move_border(self, table: int, place: int, x: float) -> None:
        """Drag a border of a column sideways."""
        edge = edges_of(self.work.draft.table(table))[place]
        top = self.work.draft.tables[table].box[1] + 30
        self.drag(edge, top, x, top)
        self.wait()

    def pick(self, name: str, data: object) -> None:
        """Choose from a combo with the keyboard."""
        combo = self.window.find(QComboBox, name)
        place = combo.findData(data)
        place = combo.findText(str(data)) if place < 0 else place
        assert place >= 0, f"{name} does not offer {data}"
        combo.setFocus()
        self.qtbot.keyClick(combo, Qt.Key.Key_F4 if combo.isEditable() else Qt.Key.Key_Down)
        for _ in range(abs(place - combo.currentIndex())):
            self.qtbot.keyClick(combo.view(), Qt.Key.Key_Down if place > combo.currentIndex() else Qt.Key.Key_Up)
        self.qtbot.keyClick(combo.view(), Qt.Key.Key_Return)
        self.wait()

    def write(self, name: str, text: str) -> None:
        """Type into a line and press Return."""
        line = self.window.find(QLineEdit, name)
        line.setFocus()
        line.selectAll()
        self.qtbot.keyClicks(line, text)
        self.qtbot.keyClick(line, Qt.Key.Key_Return)
        self.wait()

    def press(self, name: str) -> None:
        """Press a button; what it starts may take its time."""
        button = self.window.find(QAbstractButton, name)
        assert button.isEnabled(), f"{name} is disabled: {button.toolTip()}"
        self.qtbot.mouseClick(button, LEFT)
        self.window.settle(90_000)

    def tab(self, place: int) -> None:
        """Turn to a tab with the mouse."""
        self.qtbot.mouseClick(self.work.tabs, LEFT, pos=self.work.tabs.tabRect(place).center())

    def answering(self, dialog: str, reason: str = "", *, ok: bool = True) -> Callable[[], None]:
        """Arrange that the next dialog of that name is answered; call the result to see that it came."""
        seen: list[str] = []

        def answer() -> None:
            question = QApplication.activeModalWidget()
            if not isinstance(question, QDialog) or question.objectName() != dialog:
                QTimer.singleShot(50, answer)
                return
            seen.append(question.windowTitle())
            edit = question.findChild(QPlainTextEdit)
            if reason and edit is not None and edit.isVisible():
                self.qtbot.keyClicks(edit, reason)
            possible = question.findChild(QPushButton, f"{dialog}_ok").isEnabled()
            name = f"{dialog}_{'ok' if ok and possible else 'cancel'}"  # else the dialog would wait for ever
            self.qtbot.mouseClick(question.findChild(QPushButton, name), LEFT)

        QTimer.singleShot(50, answer)

        def came() -> None:
            assert seen, f"the dialog {dialog} did not come"

        return came


def bring_in(window: Driver, file: Path) -> Receipt:
    """Drop a file on the window and return what the report says of it."""
    window.drop(file)
    window.settle(120_000)
    assert window.page.key == "import_report"
    receipt: Receipt = window.page.files.model.shown[0]
    return receipt


def find_posted(window: Driver, number: str) -> Any:
    """The bill of that number as it was posted, None where there is none."""
    backend = window.bench.backend
    row = next((row for row in backend.query(bills.fetch) if row.number == number), None)
    return None if row is None else backend.query(bill.fetch_one, row.id)
