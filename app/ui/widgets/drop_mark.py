"""What lies over the pages while files are dragged across the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.widgets.basic import label


def drop_mark(parent: QWidget) -> QFrame:
    """The mark, hidden until something is dragged."""
    mark = QFrame(parent)
    mark.setObjectName("dropmark")
    layout = QVBoxLayout(mark)
    title = label("Drop to import", "title")
    told = label("Bills (PDF, CSV, XLSX, XML), contracts, inventory, call records. Folders are searched.", "muted")
    for part in (title, told):
        part.setAlignment(Qt.AlignmentFlag.AlignCenter)
    layout.addStretch(1)
    layout.addWidget(title)
    layout.addWidget(told)
    layout.addStretch(1)
    mark.hide()
    return mark
