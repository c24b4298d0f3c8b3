"""Whether the bill adds up, at a glance: what was found against what is printed, and the difference."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.vocabulary import Severity
from app.services.layouts import Footing, Reading
from app.ui.theme import Theme
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import clear, elided, label, set_tone
from app.ui.widgets.chip import Chip
from app.ui.wording import count, money


class FootingStrip(QFrame):
    """The two sums of a bill, each green where it holds and red with the difference where it does not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("Whether the bill adds up")
        self._theme = theme
        self.state = ""  # "holds", "differs", "" where nothing was read
        self.headline = elided("", "heading")
        self.headline.setObjectName("footing_headline")
        self.sums = QVBoxLayout()
        self.sums.setSpacing(2)
        self._chip = QHBoxLayout()
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        head.addLayout(self._chip)
        head.addWidget(self.headline, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        layout.setSpacing(SPACE_S)
        layout.addLayout(head)
        layout.addLayout(self.sums)
        self.show_reading(Reading())

    def show_reading(self, reading: Reading) -> None:
        """Show how the bill adds up, or what is missing before it can be read."""
        clear(self.sums)
        footing = reading.footing
        if footing is None:
            self.state = ""
            why = _why_not(reading)
            self._say("To do" if reading.todo else "Not read", Tone.WARNING, why)
            if reading.issues:
                self.sums.addWidget(label(why, "small", wrap=True))  # whole, where the line above is cut off
            for wanted in reading.todo[1:3]:
                self.sums.addWidget(label(f"then: {wanted}", "small", wrap=True))
            return
        self.state = "holds" if footing.holds else "differs"
        told = f"{count(footing.count, 'charge')}, total due {money(footing.total, footing.currency)}"
        word, tone = ("Adds up", Tone.SUCCESS) if footing.holds else ("Does not add up", Tone.DANGER)
        self._say(word, tone, told)
        for name, text, difference in (
            ("footing_charges", self._charges(footing), footing.difference),
            ("footing_balance", self._balance(footing), footing.balance_difference),
        ):
            self.sums.addWidget(_sum(text, difference, footing.currency, name))

    def show_busy(self) -> None:
        """While the bill is being read again."""
        self.headline.setText("Reading…" if not self.state else self.headline.text())

    def _say(self, word: str, tone: Tone, told: str) -> None:
        clear(self._chip)
        self._chip.addWidget(Chip(self._theme, word, tone))
        self.headline.setText(told)
        self.setAccessibleDescription(f"{word}: {told}")

    @staticmethod
    def _charges(footing: Footing) -> str:
        rounding = f" + rounding {money(footing.rounding)}" if footing.rounding else ""
        sign = "=" if not footing.difference else "≠"
        return f"Charges {money(footing.charges)}{rounding} {sign} current charges {money(footing.current)}"

    @staticmethod
    def _balance(footing: Footing) -> str:
        sign = "=" if not footing.balance_difference else "≠"
        before = f"Previous {money(footing.previous)} {_plus(footing.payments)} paid"
        return f"{before} + {money(footing.current)} {sign} total due {money(footing.total)}"


def _plus(amount: Decimal) -> str:
    return f"− {money(-amount)}" if amount <= 0 else f"+ {money(amount)}"


def _sum(text: str, difference: Decimal, currency: str, name: str) -> QWidget:
    """One sum, with its difference at the right."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE_M)
    told = elided(text, "body")
    told.setObjectName(name)
    layout.addWidget(told, 1)
    found: QLabel = label("✓" if not difference else f"differs by {money(difference, currency)}", "strong")
    found.setObjectName(f"{name}_difference")
    set_tone(found, Tone.DANGER if difference else Tone.SUCCESS)
    layout.addWidget(found)
    return holder


def _why_not(reading: Reading) -> str:
    if reading.todo:
        return reading.todo[0]
    errors = [issue.message for issue in reading.issues if issue.severity is Severity.ERROR]
    return errors[0] if errors else "Open a bill and point at what it says."
