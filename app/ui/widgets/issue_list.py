"""What is wrong with files, each with its place and its remedy, written out in full: nothing here is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.source import ParseIssue
from app.ui.theme import Theme
from app.ui.tokens import SPACE_M, SPACE_S
from app.ui.widgets.basic import clear, label
from app.ui.widgets.chip import Chip
from app.ui.widgets.tabs import scrolled
from app.ui.wording import tone, word

MOST = 200


@dataclass(frozen=True, slots=True)
class FileIssue:
    """One issue of one file."""

    file: str
    issue: ParseIssue


class IssueList(QFrame):
    """A scrolled list of issues; says so where there are none."""

    def __init__(self, theme: Theme, nothing: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("What is wrong with the files")
        self._theme, self._nothing = theme, nothing
        self.shown: list[FileIssue] = []
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._body = QVBoxLayout(inner)
        self._body.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        self._body.setSpacing(SPACE_S)
        area = scrolled(inner, "issues_area")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(area)

    def show_issues(self, issues: Sequence[FileIssue]) -> None:
        """Show these issues."""
        clear(self._body)
        self.shown = list(issues)
        if not issues:
            self._body.addWidget(label(self._nothing, "muted", wrap=True))
        for found in issues[:MOST]:
            self._body.addWidget(self._row(found))
        if len(issues) > MOST:
            self._body.addWidget(label(f"and {len(issues) - MOST:,} more of the same kinds", "small"))
        self._body.addStretch(1)

    def _row(self, found: FileIssue) -> QFrame:
        issue = found.issue
        frame = QFrame()
        frame.setObjectName("accusation")
        frame.setProperty("tone", tone(issue.severity).value)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(Chip(self._theme, word(issue.severity), tone(issue.severity)))
        head.addWidget(_selectable(f"{found.file}, {issue.source.describe()}", "strong"), 1)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(_selectable(issue.message, "body"))
        if issue.remedy:
            layout.addWidget(_selectable(f"→ {issue.remedy}", "muted"))
        return frame


def _selectable(text: str, role: str) -> QWidget:
    made = label(text, role, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
