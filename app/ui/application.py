"""Starts Qt, shows the window, and ends when it is closed."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app import VERSION
from app.ui.icons import application_icon
from app.ui.main_window import MainWindow
from app.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext

    from app.ui.launching import Launcher

log = logging.getLogger("tollbook.qt")


def make_application() -> QApplication:
    """The one QApplication, with our name on it."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Tollbook")
    application.setApplicationDisplayName("Tollbook")
    application.setApplicationVersion(VERSION)
    application.setOrganizationName("Tollbook")
    application.setDesktopFileName("tollbook")
    application.setWindowIcon(application_icon())
    return application


def run_window(launcher: Launcher, folder: Path | None = None) -> int:
    """Show the window, on the workspace in `folder` where one is given, until it is closed; returns the exit code."""
    qInstallMessageHandler(_to_log)
    application = make_application()
    settings = QSettings()
    dark = settings.value("window/dark", prefers_dark(application), type=bool)
    window = MainWindow(launcher, Theme(application, dark=bool(dark)), settings)
    window.show()
    if folder is not None:
        window.open_folder(folder)
    return application.exec()


def prefers_dark(application: QApplication) -> bool:
    """Whether the system shows its windows dark."""
    hints = application.styleHints()  # bound first: a chained call may outlive the object it asks
    return hints.colorScheme() is Qt.ColorScheme.Dark


def _to_log(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}
    log.log(levels.get(kind, logging.WARNING), message)
