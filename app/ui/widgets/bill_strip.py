"""The figures of a bill in one strip, and what keeps it from being approved."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.vocabulary import InvoiceStatus
from app.queries.bill import Detail
from app.services.approvals import Review
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.tokens import SPACE_L, SPACE_M, Tone
from app.ui.widgets.basic import button, clear, label
from app.ui.widgets.chip import Chip
from app.ui.wording import count, money, tone, word

HOLDABLE = (InvoiceStatus.AUDITED, InvoiceStatus.IN_APPROVAL, InvoiceStatus.APPROVED, InvoiceStatus.SCHEDULED)


class BillStrip(QFrame):
    """Status, amounts, what is payable; the points before approval fold out."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("Figures of the bill")
        self._theme = theme
        self.figures = QHBoxLayout()
        self.figures.setSpacing(0)
        self.points = label("", tone=Tone.WARNING, wrap=True)
        self.points.setObjectName("bill_points")
        self.points.hide()
        self.toggle = button("", "bill_points_toggle", self._toggle, quiet=True, icons=icons, icon="warning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        layout.addLayout(self.figures)
        layout.addWidget(self.points)

    def show_bill(self, detail: Detail, review: Review | None) -> None:
        """Show the figures of a bill; without a review nothing is payable of it."""
        self.figures.removeWidget(self.toggle)
        clear(self.figures)
        self._add("Status", "bill_status", Chip(self._theme, word(detail.status), tone(detail.status)))
        for title, told, ink in _figures(detail, review):
            self._add(title, f"bill_{title.lower().replace(' ', '_')}", label(told, "heading", ink))
        self.figures.addStretch(1)
        self.figures.addWidget(self.toggle)
        points = [*review.blocks, *review.warnings] if review is not None else []
        shown = bool(points) and detail.status in (*HOLDABLE, InvoiceStatus.RETURNED)
        self.points.setText("\n".join(f"•  {point}" for point in points))
        self.points.setVisible(self.points.isVisible() and shown)
        self.toggle.setText(f" {count(len(points), 'point')} before approval")
        self.toggle.setAccessibleName(self.toggle.text().strip())
        self.toggle.setVisible(shown)

    def _add(self, title: str, name: str, figure: QWidget) -> None:
        figure.setObjectName(name)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, SPACE_L * 2, 0)
        inner.setSpacing(2)
        inner.addWidget(label(title, "small"))
        inner.addWidget(figure)
        inner.addStretch(1)
        self.figures.addWidget(holder)

    def _toggle(self) -> None:
        self.points.setVisible(not self.points.isVisible())


def _figures(detail: Detail, review: Review | None) -> list[tuple[str, str, Tone | None]]:
    currency = detail.currency
    shown: list[tuple[str, str, Tone | None]] = []
    forward = detail.previous_balance + detail.payments_applied
    if forward:
        shown.append(("Balance forward", money(forward, currency), None))
    shown.append(("Current charges", money(detail.current_charges, currency), None))
    shown.append(("Total due", money(detail.total_due, currency), None))
    over = detail.overcharged
    shown.append(("Overcharged", money(over, currency), Tone.DANGER if over else Tone.SUCCESS))
    if review is not None:
        if review.payable.withheld:
            shown.append(("Withheld", money(review.payable.withheld, currency), None))
        shown.append(("Payable now", money(review.payable.open, currency), Tone.ACCENT))
    return shown
