"""The jobs panel: each long command with its progress and a button that cancels it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from app.ui.icons import Icons
from app.ui.ops import Handle
from app.ui.tokens import SPACE_M, SPACE_S
from app.ui.widgets.basic import button, label, row


class JobRow(QWidget):
    """One running command."""

    def __init__(self, handle: Handle, icons: Icons) -> None:
        super().__init__()
        self.handle = handle
        self.title = label(handle.title, "strong")
        self.what = label("Waiting for its turn…", "small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(f"Progress of {handle.title}")
        self.cancel_button = button("Cancel", "job_cancel", self._cancel, quiet=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(row(self.title, None, self.cancel_button))
        layout.addWidget(self.bar)
        layout.addWidget(self.what)
        handle.progressed.connect(self.tell)

    def tell(self, done: int, of: int, what: str) -> None:
        """Show how far it is."""
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        if not self.handle.cancelled():
            metrics = self.what.fontMetrics()
            self.what.setText(metrics.elidedText(what, Qt.TextElideMode.ElideMiddle, 340))

    def _cancel(self) -> None:
        self.handle.cancel()
        self.cancel_button.setEnabled(False)
        self.what.setText("Stopping after the file at hand; what is already in stays in…")


class JobsPanel(QFrame):
    """Stands in the lower right corner while something runs."""

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("jobs")
        self.setAccessibleName("Running jobs")
        self.setFixedWidth(380)
        self._icons = icons
        self._rows: dict[Handle, JobRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        self._layout.setSpacing(SPACE_M)
        self.hide()

    @property
    def rows(self) -> list[JobRow]:
        return list(self._rows.values())

    def follow(self, handle: Handle) -> None:
        """List a command until it ends."""
        made = JobRow(handle, self._icons)
        self._rows[handle] = made
        self._layout.addWidget(made)
        handle.ended.connect(self._end)
        self.show()
        self.place()

    def place(self) -> None:
        """Stand in the lower right corner of the parent."""
        self.adjustSize()
        parent = self.parentWidget()
        if parent is not None:
            self.move(parent.width() - self.width() - 20, parent.height() - self.height() - 20)
        self.raise_()

    def _end(self, handle: object) -> None:
        if not isinstance(handle, Handle):
            return
        gone = self._rows.pop(handle, None)
        if gone is not None:
            self._layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        if self._rows:
            self.place()
        else:
            self.hide()
