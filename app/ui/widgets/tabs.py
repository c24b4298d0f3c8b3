"""Several lists on one page, a tab each; and what is higher than its place, scrolled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QTabBar, QWidget

from app.ui.tables import DataTable
from app.ui.tokens import SPACE_M
from app.ui.widgets.basic import column


def tab_bar(name: str, title: str, tabs: Sequence[str] = ()) -> QTabBar:
    """A bar of tabs as all pages have it: as wide as its words. `title` is its accessible name."""
    made = QTabBar()
    made.setObjectName(name)
    made.setAccessibleName(title)
    made.setDrawBase(False)
    made.setExpanding(False)
    for tab in tabs:
        made.addTab(tab)
    return made


def tabbed_lists(name: str, title: str, lists: Sequence[tuple[str, DataTable[Any]]]) -> tuple[QTabBar, QStackedWidget]:
    """A tab for each list, and the stack of the lists, each below its bar; the page says which one is in sight."""
    stack = QStackedWidget()
    for _title, table in lists:
        holder = QWidget()
        layout = column(table.bar, table, spacing=SPACE_M)
        layout.setStretch(1, 1)
        holder.setLayout(layout)
        stack.addWidget(holder)
    return tab_bar(name, title, [tab for tab, _table in lists]), stack


def scrolled(inner: QWidget, name: str = "") -> QScrollArea:
    """`inner` in an area that scrolls up and down and shows the ground behind it."""
    area = QScrollArea()
    area.setObjectName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return area
