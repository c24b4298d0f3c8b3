"""The window: the welcome page, or a workbench on one open workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.ui.changes import ChangeHub
from app.ui.dialogs.questions import WorkspaceQuestion
from app.ui.icons import Icons, application_icon
from app.ui.ops import Fault, Handle, Ops
from app.ui.pages.welcome import WelcomePage
from app.ui.tokens import Tone
from app.ui.widgets.message_bar import MessageBar
from app.ui.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.progress import Progress
    from app.ui.backend import Backend
    from app.ui.launching import Launcher
    from app.ui.theme import Theme


class MainWindow(QMainWindow):
    """Opens workspaces and closes them; everything on one of them happens in its Workbench."""

    def __init__(self, launcher: Launcher, theme: Theme, settings: QSettings) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("Tollbook")
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(1024, 640)
        self._launcher, self._theme, self._settings = launcher, theme, settings
        self._icons = Icons(theme)
        self._hub = ChangeHub(self)
        self.ops = Ops(self._hub, self)
        self.ops.failed.connect(self.show_fault)
        self.message = MessageBar(self._icons)
        self.ops.succeeded.connect(self.message.hide)  # what failed before is over
        self.welcome = WelcomePage(theme, self._icons)
        self.welcome.demo_wanted.connect(self.build_demo)
        self.welcome.create_wanted.connect(self.ask_create)
        self.welcome.open_wanted.connect(self.ask_open)
        self.welcome.recent_wanted.connect(lambda folder: self.open_folder(Path(folder)))
        self.workbench: Workbench | None = None
        self._stack = QStackedWidget()
        self._stack.setObjectName("content")
        self._stack.addWidget(self.welcome)
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.message)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(holder)
        self.resize(1280, 800)
        geometry = settings.value("window/geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        self._offer_recent()

    # opening

    def build_demo(self) -> None:
        """Make the demo company's workspace in the home folder, or open it where it stands already."""
        folder = self._launcher.home / "demo"

        def work(handle: Handle) -> Backend:
            def tell(progress: Progress) -> None:
                handle.report(
                    progress.done, progress.total, f"{progress.stage} {progress.subject}".strip().capitalize()
                )

            return self._launcher.demo(folder, tell)

        self._launch("Making the demo company", work)

    def ask_create(self) -> None:
        """Ask for the company and a folder, then make a workspace there."""
        question = WorkspaceQuestion(self)
        if question.exec() != QDialog.DialogCode.Accepted:
            return
        chosen = QFileDialog.getExistingDirectory(
            self, "Choose an empty folder for the workspace", str(self._launcher.home)
        )
        if chosen:
            company, person = question.company.text().strip(), question.person.text().strip()
            currency, folder = question.currency.currentText().strip().upper(), Path(chosen)
            create = self._launcher.create
            self._launch("Making the workspace", lambda _handle: create(folder, company, currency, person))

    def ask_open(self) -> None:
        """Ask for a workspace's folder and open it."""
        chosen = QFileDialog.getExistingDirectory(self, "Open a workspace", str(self._launcher.home))
        if chosen:
            self.open_folder(Path(chosen))

    def open_folder(self, folder: Path) -> None:
        """Open the workspace in `folder`, in the background."""
        self._launch(f"Opening {folder.name}", lambda _handle: self._launcher.open(folder))

    def show_backend(self, backend: Backend) -> None:
        """Go to work on an open workspace."""
        self.leave()
        self.message.hide()
        self.workbench = Workbench(backend, self._theme, self._icons, self._hub, self.ops, self._settings, self.message)
        self.workbench.leave_wanted.connect(self.leave)
        self._stack.addWidget(self.workbench)
        self._stack.setCurrentWidget(self.workbench)
        self.setWindowTitle(f"{backend.company} – Tollbook")
        known = [str(backend.folder), *(str(folder) for folder in self._recent() if folder != backend.folder)]
        self._settings.setValue("window/recent", known[:4])

    def leave(self) -> None:
        """Close the workspace and go back to the welcome page."""
        if self.workbench is not None:
            self.ops.drain()
            gone, self.workbench = self.workbench, None
            self._stack.removeWidget(gone)
            gone.release()
            gone.deleteLater()
        self._stack.setCurrentWidget(self.welcome)
        self.setWindowTitle("Tollbook")
        self._offer_recent()

    def show_fault(self, fault: Fault) -> None:
        """Tell of a failure in the message bar."""
        self.message.say(fault.message, Tone.DANGER, fault.details)

    # Qt's events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.workbench is not None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.workbench.show_drop_mark(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        if self.workbench is not None:
            self.workbench.show_drop_mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        if self.workbench is not None:
            self.workbench.show_drop_mark(False)
            event.acceptProposedAction()
            self.workbench.receive([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.workbench is not None and not self.workbench.may_leave():
            event.ignore()
            return
        self._settings.setValue("window/geometry", self.saveGeometry())
        self.leave()
        self.ops.drain()
        super().closeEvent(event)

    # within

    def _launch(self, title: str, work: Callable[[Handle], Backend]) -> None:
        self.message.hide()
        self._stack.setCurrentWidget(self.welcome)
        self.welcome.busy(True, f"{title}…")

        def failed(fault: Fault) -> None:
            self.welcome.busy(False)
            self.show_fault(fault)

        def done(backend: Backend) -> None:
            self.welcome.busy(False)
            self.show_backend(backend)

        handle = self.ops.command(title, work, done, failed)
        handle.progressed.connect(self.welcome.tell)

    def _recent(self) -> list[Path]:
        saved = self._settings.value("window/recent")
        listed = [saved] if isinstance(saved, str) else saved if isinstance(saved, list) else []
        return [Path(str(folder)) for folder in listed if Path(str(folder)).is_dir()]

    def _offer_recent(self) -> None:
        self.welcome.show_recent(self._recent()[:3])
