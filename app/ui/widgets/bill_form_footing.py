"""How the bill adds up while it is typed: the sums, what they should be, and by how much they differ."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from app.ui.tokens import SPACE_L, SPACE_M, Tone
from app.ui.widgets.basic import label, set_tone
from app.ui.wording import money

_PARTS = (
    ("charges", "Σ charges"),
    ("current_charges", "Current charges"),
    ("current_difference", "Difference"),
    ("balance", "Balance forward"),
    ("total_due", "Total due"),
    ("total_difference", "Difference"),
)
UNREADABLE = "?"


class FootingStrip(QFrame):
    """Figures side by side; differences are green where they are 0 and red where they are not."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("Footing")
        self.figures: dict[str, QLabel] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        layout.setSpacing(SPACE_L)
        for name, title in _PARTS:
            figure = label("", "heading")
            figure.setObjectName(f"typed_sum_{name}")
            part = QVBoxLayout()
            part.setSpacing(0)
            part.addWidget(label(title, "caption"))
            part.addWidget(figure)
            layout.addLayout(part)
            self.figures[name] = figure
        self.verdict = label("", "strong", wrap=True)
        self.verdict.setObjectName("typed_verdict")
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.verdict, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_sums(
        self,
        currency: str,
        charges: Decimal | None,
        current: Decimal | None,
        balance: Decimal | None,
        total: Decimal | None,
    ) -> None:
        """Show these sums; None is one that cannot be read yet."""
        first = None if current is None or charges is None else current - charges
        second = None if total is None or current is None or balance is None else total - current - balance
        for name, amount in (
            ("charges", charges),
            ("current_charges", current),
            ("current_difference", first),
            ("balance", balance),
            ("total_due", total),
            ("total_difference", second),
        ):
            figure = self.figures[name]
            told = UNREADABLE if amount is None else money(amount, currency)
            if name.endswith("difference"):
                set_tone(figure, None if amount is None else Tone.DANGER if amount else Tone.SUCCESS)
            figure.setText(told)
            figure.setAccessibleName(f"{dict(_PARTS)[name]}: {told}")

    def say(self, text: str, tone: Tone | None) -> None:
        """What all of it comes to."""
        self.verdict.setText(text)
        set_tone(self.verdict, tone)
