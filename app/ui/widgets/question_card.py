"""The questions of a review, each with the answers that are possible, at one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.review import REASONED, Answer, Deed, Question, QuestionKind
from app.domain.vocabulary import ChargeType, ServiceKind
from app.queries.review import Choice
from app.ui.dialogs.questions import ask_reason
from app.ui.theme import Theme
from app.ui.tokens import SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import button, clear, label
from app.ui.widgets.chip import Chip
from app.ui.widgets.tabs import scrolled
from app.ui.wording import CURRENCIES, word

TITLES: Mapping[QuestionKind, str] = {
    QuestionKind.EYES: "To look at",
    QuestionKind.ACCOUNT: "Unknown account",
    QuestionKind.DUPLICATE: "Corrected bill?",
    QuestionKind.TWIN: "Here already?",
    QuestionKind.BANK: "Other bank details",
    QuestionKind.CURRENCY: "In which currency?",
    QuestionKind.FOOTING: "Does not add up",
    QuestionKind.CODE: "Unknown code",
    QuestionKind.SERVICE: "Unknown service",
}
_VERBS: Mapping[tuple[QuestionKind, Deed], str] = {
    (QuestionKind.EYES, Deed.SEEN): "I looked: it is right",
    (QuestionKind.TWIN, Deed.SEEN): "They are two bills",
    (QuestionKind.BANK, Deed.SEEN): "I asked the carrier: go on",
    (QuestionKind.CURRENCY, Deed.TYPE): "It is in",
    (QuestionKind.FOOTING, Deed.SEEN): "The carrier added up wrongly",
    (QuestionKind.ACCOUNT, Deed.CREATE): "It is ours: create it",
    (QuestionKind.ACCOUNT, Deed.MAP): "It is this one",
    (QuestionKind.DUPLICATE, Deed.SUPERSEDE): "Let it take the first one’s place…",
    (QuestionKind.CODE, Deed.TYPE): "It is a",
    (QuestionKind.CODE, Deed.IGNORE): "Do not ask again…",
    (QuestionKind.SERVICE, Deed.CREATE): "Create it as",
    (QuestionKind.SERVICE, Deed.MAP): "It is this one",
    (QuestionKind.SERVICE, Deed.IGNORE): "Leave it to the audit…",
}


class QuestionList(QFrame):
    """`answered` carries the question's key and the Answer, `taken_back` the key of one whose answer is to go, `shown`
    a question whose place somebody wants to see."""

    answered = Signal(str, object)
    taken_back = Signal(str)
    shown = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("Questions about this document")
        self._theme = theme
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._body = QVBoxLayout(inner)
        self._body.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        self._body.setSpacing(SPACE_S)
        area = scrolled(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(area)

    def show_questions(
        self,
        questions: Sequence[Question],
        accounts: Mapping[str, Sequence[Choice]],
        services: Mapping[str, Sequence[Choice]],
    ) -> None:
        """Show these questions; what can be mapped to stands under the carrier's name key."""
        clear(self._body)
        if not questions:
            self._say("Nothing is asked about this document: it can be posted.")
        for number, question in enumerate(questions):
            carrier = question.key.split("|")[1] if question.key.count("|") > 1 else ""
            choices = accounts if question.kind is QuestionKind.ACCOUNT else services
            self._body.addWidget(self._row(number, question, choices.get(carrier, ())))
        self._body.addStretch(1)

    def show_nothing(self) -> None:
        """No document is chosen."""
        clear(self._body)
        self._say("Choose a document that waits.")
        self._body.addStretch(1)

    def _say(self, sentence: str) -> None:
        self._body.addWidget(label(sentence, "muted", wrap=True))

    def _row(self, number: int, question: Question, choices: Sequence[Choice]) -> QFrame:
        frame = QFrame()
        frame.setObjectName("accusation")
        tone = Tone.SUCCESS if question.answer else Tone.DANGER if question.blocks else Tone.WARNING
        frame.setProperty("tone", tone.value)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_S)
        head = QHBoxLayout()
        head.addWidget(Chip(self._theme, TITLES[question.kind], tone))
        eyes = question.kind is QuestionKind.EYES
        head.addWidget(label(question.subject.replace("-", " ") if eyes else question.subject, "strong"), 1)
        head.addWidget(button("Show", f"question_{number}_show", lambda: self.shown.emit(question), quiet=True))
        layout.addLayout(head)
        layout.addWidget(label(question.text, "body", wrap=True))
        if question.answer is not None:
            layout.addLayout(self._told(number, question, question.answer, choices))
        else:
            layout.addLayout(self._answers(number, question, choices))
        return frame

    def _told(self, number: int, question: Question, given: Answer, choices: Sequence[Choice]) -> QHBoxLayout:
        target = next((choice.label for choice in choices if str(choice.id) == given.target), given.target)
        words = _VERBS[(question.kind, given.deed)].rstrip("…")
        parts = [f"{words} {target}".strip(), given.reason, f"({given.by})"]
        row = QHBoxLayout()
        row.addWidget(label(" ".join(part for part in parts if part), "muted", wrap=True), 1)
        row.addWidget(
            button("Change", f"question_{number}_change", lambda: self.taken_back.emit(question.key), quiet=True)
        )
        return row

    def _answers(self, number: int, question: Question, choices: Sequence[Choice]) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(SPACE_S)
        for (kind, deed), words in _VERBS.items():
            if kind is not question.kind or (deed is Deed.MAP and not choices):
                continue
            row = QHBoxLayout()
            picked = _combo(question, deed, choices)
            made = button(words, f"question_{number}_{deed}", self._giver(question, deed, picked))
            row.addWidget(made)
            if picked is not None:
                picked.setObjectName(f"question_{number}_{deed}_target")
                picked.setAccessibleName(words)
                row.addWidget(picked, 1)
            else:
                row.addStretch(1)
            rows.addLayout(row)
        return rows

    def _giver(self, question: Question, deed: Deed, picked: QComboBox | None) -> Callable[[], None]:
        def give() -> None:
            reason: str | None = ""
            if deed in REASONED:
                title = f"{TITLES[question.kind]}: {question.subject}"
                reason = ask_reason(self, title, "Say why; it stands in the log.", "Say it")
                if not reason:
                    return
            target = "" if picked is None else str(picked.currentData())
            self.answered.emit(question.key, Answer(deed, target, reason or ""))

        return give


def _combo(question: Question, deed: Deed, choices: Sequence[Choice]) -> QComboBox | None:
    """What an answer can name: an account, a service, a kind of charge or of service; None where it names nothing."""
    entries: list[tuple[str, str]] = []
    if deed is Deed.MAP:
        entries = [(choice.label, str(choice.id)) for choice in choices]
    elif deed is Deed.TYPE and question.kind is QuestionKind.CURRENCY:
        entries = [(code, code) for code in CURRENCIES]
    elif deed is Deed.TYPE:
        entries = [(word(kind), kind.value) for kind in ChargeType]
    elif deed is Deed.CREATE and question.kind is QuestionKind.SERVICE:
        entries = [(word(kind), kind.value) for kind in ServiceKind]
    if not entries:
        return None
    made = QComboBox()
    made.setMinimumContentsLength(12)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for shown, value in entries:
        made.addItem(shown, value)
    return made
