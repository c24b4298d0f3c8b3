"""Saving a layout: what it does to the bills that are here already, and why it is right where figures differ."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from app.services.layout_acceptance import ReplayResult, Trial
from app.ui.dialogs.questions import Question
from app.ui.theme import Theme
from app.ui.tokens import SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import label, row
from app.ui.widgets.chip import Chip
from app.ui.wording import count


class SaveQuestion(Question):
    """Accepted with a reason where the layout reads stored bills otherwise, or where this bill does not add up."""

    def __init__(self, parent: QWidget, theme: Theme, trial: Trial) -> None:
        title = f"Save the layout “{trial.name}” of {trial.carrier}"
        super().__init__(parent, "save_layout", title, _explain(trial), "Save and import")
        self.setMinimumWidth(560)
        self.trial = trial
        self.doubtful = bool(trial.differing) or not trial.footing_holds
        if trial.results:
            self.form.addWidget(_results(theme, trial))
        self.reason = QPlainTextEdit()
        self.reason.setObjectName("save_reason")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(72)
        if self.doubtful:
            self.add("Why it is right nevertheless (the reason is kept in the log)", self.reason)
            self.reason.textChanged.connect(self._check)
            self._check()

    @property
    def text(self) -> str:
        """The reason."""
        return self.reason.toPlainText().strip()

    def _check(self) -> None:
        self.ok.setEnabled(bool(self.text) or not self.doubtful)


class LeaveQuestion(Question):
    """Whether changes that were not saved are thrown away."""

    def __init__(self, parent: QWidget) -> None:
        told = "What you pointed at on this bill has not been saved as a layout. If you leave, it is lost."
        super().__init__(parent, "leave_layout", "Leave without saving?", told, "Leave without saving")


def _explain(trial: Trial) -> str:
    parts = []
    if not trial.results:
        parts.append("No bill of this carrier is stored yet that this layout reads; this is its first.")
    elif not trial.differing:
        parts.append(f"It reads {count(len(trial.results), 'stored bill')} of this carrier exactly as posted.")
    else:
        differing, all_of = len(trial.differing), len(trial.results)
        parts.append(f"It reads {differing} of {count(all_of, 'stored bill')} otherwise than they were posted.")
    if not trial.footing_holds:
        parts.append("The bill that you pointed at does not add up.")
    if trial.replaces:
        parts.append(f"It takes the place of the saved layout of that name ({trial.replaces}).")
    parts.append("Afterwards the file is imported with it.")
    return " ".join(parts)


def _results(theme: Theme, trial: Trial) -> QScrollArea:
    inner = QWidget()
    inner.setObjectName("scrolled")
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(0, 0, SPACE_M, 0)
    layout.setSpacing(SPACE_S)
    for result in sorted(trial.results, key=lambda one: one.same):
        layout.addWidget(_result(theme, result))
    layout.addStretch(1)
    area = QScrollArea()
    area.setObjectName("save_results")
    area.setAccessibleName("Stored bills, read again")
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.setFixedHeight(min(44 + 40 * len(trial.results) + 30 * len(trial.differing), 260))
    return area


def _result(theme: Theme, result: ReplayResult) -> QFrame:
    frame = QFrame()
    frame.setObjectName("accusation")
    frame.setProperty("tone", "neutral" if result.same else "danger")
    head = row(
        Chip(theme, "Same" if result.same else "Differs", Tone.SUCCESS if result.same else Tone.DANGER),
        label(f"{result.number}   {result.document}", "strong"),
        None,
    )
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
    layout.setSpacing(2)
    layout.addLayout(head)
    for difference in result.differences:
        layout.addWidget(label(difference, "body", wrap=True))
    return frame
