"""Pages are made when they are first asked for, without anybody noticing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.pages.registry import PAGES
from tests.ui.driver import Driver


class Shown(QObject):
    """Which parts appeared as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(f"{type(watched).__name__} {watched.objectName()} {watched.property('text')}")
        return False


def test_a_page_is_made_when_it_is_first_asked_for(window: Driver) -> None:
    stack = window.bench.stack
    assert stack.count() == 1
    bills = window.go("bills")
    assert stack.count() == 2
    window.go("today")
    assert window.go("bills") is bills


def test_no_part_of_a_page_appears_as_a_window_while_the_page_is_made(window: Driver, qapp: QApplication) -> None:
    shown = Shown()
    qapp.installEventFilter(shown)
    try:
        for page in PAGES:
            window.bench.stack.page(page.key)
    finally:
        qapp.removeEventFilter(shown)
    assert shown.windows == []
