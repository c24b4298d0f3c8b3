"""The window without a screen: one QApplication, settings in a temporary file, a workspace with a few bills."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services.workspace import Workspace, create_workspace
from app.ui.application import make_application
from app.ui.launching import connect
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from tests.ui import samples
from tests.ui.driver import Driver


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """Our application, as `run_window` makes it."""
    return make_application()


@pytest.fixture(scope="session")
def only_theme(qapp: QApplication) -> Theme:
    """One for all tests, as an application has one: each new one would dress every widget that is still there."""
    return Theme(qapp)


@pytest.fixture
def theme(only_theme: Theme) -> Iterator[Theme]:
    """The light theme at 100 %."""
    yield only_theme
    if only_theme.dark or only_theme.zoom != 100:
        only_theme.zoom = 100
        only_theme.switch(dark=False)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    """Settings that nobody else reads."""
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def filled(tmp_path: Path) -> Workspace:
    """A workspace with two users, a PDF bill with three findings and a CSV bill in approval."""
    workspace = create_workspace(tmp_path / "workspace", "Meridian Foods", "USD", fixed_day=samples.DAY)
    samples.store(workspace)
    return workspace


class NoLauncher:
    """Opens nothing: tests that need a workspace hand it over."""

    def __init__(self, home: Path) -> None:
        self.home = home


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, settings: QSettings, filled: Workspace, tmp_path: Path) -> Iterator[Driver]:
    """The window on the filled workspace, shown, and a driver that knows its parts by name."""
    main = MainWindow(NoLauncher(tmp_path), theme, settings)
    qtbot.addWidget(main, before_close_func=lambda window: window.leave())  # closing asks about what is unsaved
    main.resize(1280, 800)
    main.show()
    main.show_backend(connect(filled))
    driver = Driver(qtbot, main)
    driver.settle()
    yield driver
    main.close()
