"""The proof of an expected amount, as steps that a person can replay on paper."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.money import RoundingMode
from app.domain.proof import Proof, ProofStep
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.tokens import SPACE_M, SPACE_S, SPACE_XS, Tone
from app.ui.widgets.basic import clear, label, line
from app.ui.wording import money

_MODES = {
    RoundingMode.HALF_UP: "half up",
    RoundingMode.UP: "up",
    RoundingMode.HALF_EVEN: "half to even",
    RoundingMode.TRUNCATE: "cut off",
}


def rounding_words(step: ProofStep) -> str:
    """How a step's result was rounded: 'rounded half up to 2 places'."""
    if step.rounding is None or step.places is None:
        return "exact"
    verb = "cut off after" if step.rounding is RoundingMode.TRUNCATE else f"rounded {_MODES[step.rounding]} to"
    return f"{verb} {step.places} places"


def proof_text(proof: Proof, currency: str = "") -> str:
    """The proof as plain text, for the clipboard and for screen readers."""
    lines = []
    for place, step in enumerate(proof.steps, 1):
        lines.append(f"{place}. {step.basis}: {step.formula} = {money(step.result)} ({rounding_words(step)})")
    lines.append(f"Result: {money(proof.result, currency)}")
    lines += [f"{title}: {told}" for title, told in origin(proof)]
    return "\n".join(lines)


def origin(proof: Proof) -> list[tuple[str, str]]:
    """Where the price stands: contract, clause and page, version."""
    clause = ", ".join(part for part in (proof.clause, f"page {proof.page}" if proof.page else "") if part)
    told = (("Contract", proof.contract), ("Clause", clause), ("Price in force", proof.price_version))
    return [(title, text) for title, text in told if text]


class ProofView(QWidget):
    """Shows one Proof, or says why there is none."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("proof_view")
        self.setAccessibleName("Proof of the expected amount")
        self._theme, self._icons = theme, icons
        self.text = ""
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_M)

    def show_proof(self, proof: Proof | None, currency: str, why_none: str = "") -> None:
        """Show the steps; `why_none` where no price belongs to the charge."""
        clear(self._layout)
        if proof is None or not proof.steps:
            self.text = why_none
            self.setAccessibleDescription(why_none)
            self._layout.addWidget(label(why_none, "muted", wrap=True))
            return
        self.text = proof_text(proof, currency)
        self.setAccessibleDescription(self.text)
        for place, step in enumerate(proof.steps, 1):
            self._layout.addWidget(self._step(place, step))
        self._layout.addWidget(line())
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_XS)
        grid.setColumnStretch(1, 1)
        for place, (title, told) in enumerate(origin(proof)):
            grid.addWidget(label(title, "small"), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_selectable(label(told, wrap=True)), place, 1)
        self._layout.addLayout(grid)
        self._layout.addWidget(self._verdict(proof.holds()))

    def _step(self, place: int, step: ProofStep) -> QFrame:
        frame = QFrame()
        frame.setObjectName("proof_step")
        mark = QLabel(str(place))
        mark.setProperty("role", "stepnumber")
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        side = self._theme.scaled(22)
        mark.setFixedSize(side, side)
        basis = label(step.basis, "muted", wrap=True)
        formula = _selectable(label(step.formula, "formula", wrap=True))
        result = _selectable(label(f"= {money(step.result)}", "strong"))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(basis)
        below = QHBoxLayout()
        below.setSpacing(SPACE_M)
        below.addWidget(formula, 1)
        below.addWidget(result, 0, Qt.AlignmentFlag.AlignBottom)
        texts.addLayout(below)
        if step.rounding is not None:
            texts.addWidget(label(rounding_words(step), "small"))
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(texts, 1)
        return frame

    def _verdict(self, holds: bool) -> QWidget:
        holder = QWidget()
        sign = QLabel()
        tone = Tone.SUCCESS if holds else Tone.DANGER
        sign.setPixmap(self._icons.icon("check" if holds else "error", tone.value).pixmap(QSize(16, 16)))
        told = "Recalculated just now: every step gives its result." if holds else "A step does not give its result."
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(sign)
        layout.addWidget(label(told, "small", tone), 1)
        return holder


def _selectable(made: QLabel) -> QLabel:
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
