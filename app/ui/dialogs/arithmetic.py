"""Two ways to an amount, side by side: the carrier's, under the settings that its bill fits, and the contract's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.tokens import SPACE_L, SPACE_M, SPACE_XL, Tone
from app.ui.widgets.basic import button, label, line, row
from app.ui.widgets.proof_view import ProofView
from app.ui.wording import money

if TYPE_CHECKING:
    from decimal import Decimal

    from app.queries.bill import ChargeRow
    from app.rating.reverse import Cause
    from app.ui.context import Ui


class ArithmeticDialog(QDialog):
    """The cause's proof is of the dearest charge that shows it: that charge is compared."""

    def __init__(self, parent: QWidget, ui: Ui, charge: ChargeRow, cause: Cause, currency: str) -> None:
        super().__init__(parent.window())
        self.setObjectName("arithmetic_dialog")
        self.setWindowTitle("The carrier’s arithmetic beside ours")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.theirs = ProofView(ui.theme, ui.icons)
        self.theirs.setAccessibleName("Proof of the carrier’s amount")
        self.ours = ProofView(ui.theme, ui.icons)
        self.theirs.show_proof(cause.proof, currency)
        self.ours.show_proof(charge.proof, currency, charge.note or "No contract price belongs to this charge.")
        sides = QHBoxLayout()
        sides.setSpacing(SPACE_L)
        sides.addWidget(_side("The carrier", cause.says, self.theirs, cause.proof.result, currency, Tone.DANGER), 1)
        sides.addWidget(_side("The contract", cause.contract_says, self.ours, charge.expected, currency, None), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(charge.description, "heading", wrap=True))
        layout.addWidget(label(cause.message, "muted", wrap=True))
        layout.addLayout(sides, 1)
        layout.addLayout(row(None, button("Close", "arithmetic_close", self.close)))
        self.resize(920, 600)


def _side(who: str, says: str, proof: ProofView, amount: Decimal | None, currency: str, ink: Tone | None) -> QFrame:
    frame = QFrame()
    frame.setObjectName("card")
    inner = QWidget()
    inner.setObjectName("scrolled")
    inner.setAutoFillBackground(False)
    body = QVBoxLayout(inner)
    body.setContentsMargins(0, SPACE_M, 0, 0)
    body.addWidget(proof)
    body.addStretch(1)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
    layout.setSpacing(SPACE_M // 2)
    layout.addWidget(label(who, "heading"))
    layout.addWidget(label(f"With {says}" if ink else f"Agreed: {says}", "muted", wrap=True))
    layout.addWidget(label(money(amount, currency), "figure", ink))
    layout.addWidget(line())
    layout.addWidget(area, 1)
    return frame
