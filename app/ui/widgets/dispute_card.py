"""One dispute, explained: what is claimed by which findings, the deadlines, the answer and the credits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.vocabulary import DisputeStatus
from app.queries.disputes import UNANSWERED, Detail, Item
from app.ui.context import Link, Ui
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS, Tone
from app.ui.widgets.basic import button, clear, label, line
from app.ui.widgets.chip import Chip
from app.ui.widgets.empty import Emptiness, EmptyState
from app.ui.wording import count, day, deadline_tone, money, sentence, tone, until, word


class DisputeCard(QFrame):
    """Shows a Detail; each finding is a link to its proof."""

    def __init__(self, ui: Ui) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("The selected dispute")
        self.ui = ui
        self.detail: Detail | None = None
        self._nothing = EmptyState(
            ui.icons, "dispute", Emptiness("Select a dispute to see its claims.", icon="disputes")
        )
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._body = QVBoxLayout(inner)
        self._body.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        self._body.setSpacing(SPACE_M)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(inner)
        self._area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._nothing)
        layout.addWidget(self._area)
        self.show_dispute(None)

    def show_dispute(self, detail: Detail | None) -> None:
        """Show a dispute; None shows how to choose one."""
        self.detail = detail
        self._nothing.setVisible(detail is None)
        self._area.setVisible(detail is not None)
        clear(self._body)
        if detail is None:
            return
        found = detail.row
        head = QHBoxLayout()
        title = label(f"{found.carrier}", "heading", wrap=True)
        title.setObjectName("dispute_title")
        head.addWidget(title, 1)
        head.addWidget(Chip(self.ui.theme, word(found.status), tone(found.status)), 0, Qt.AlignmentFlag.AlignTop)
        self._body.addLayout(head)
        self._body.addLayout(self._figures(detail))
        self._body.addWidget(line())
        self._body.addLayout(self._facts(detail))
        self._body.addWidget(line())
        self._body.addWidget(label(f"What is claimed: {count(len(detail.items), 'charge')}", "heading"))
        for item in detail.items:
            self._body.addWidget(self._item(item, found.currency))
        for credit in detail.credits:
            arrived = f"arrived on bill {credit.number}" if credit.number else "has not arrived on a bill yet"
            told = f"Credit of {money(credit.amount, found.currency)} {arrived}"
            self._body.addWidget(label(told, tone=Tone.SUCCESS if credit.number else Tone.WARNING, wrap=True))
        self._body.addStretch(1)

    def _figures(self, detail: Detail) -> QGridLayout:
        found = detail.row
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_XL)
        grid.setVerticalSpacing(0)
        shown: list[tuple[str, Decimal, Tone | None]] = [("Claim", found.claim, None)]
        if found.status not in UNANSWERED:
            shown.append(("Granted", found.granted, Tone.SUCCESS if found.granted else Tone.DANGER))
            shown.append(("Credited", found.credited, None))
        for place, (title, amount, ink) in enumerate(shown):
            grid.addWidget(label(title, "small"), 0, place)
            grid.addWidget(label(money(amount, found.currency), "title", ink), 1, place)
        grid.setColumnStretch(len(shown), 1)
        return grid

    def _facts(self, detail: Detail) -> QGridLayout:
        found, today = detail.row, self.ui.backend.today
        facts: list[tuple[str, str, Tone | None]] = [("Dispute", f"{found.number}, opened by {found.opened_by}", None)]
        if found.accounts:
            facts.append(("Accounts", found.accounts, None))
        if found.status is DisputeStatus.DRAFT and found.file_by is not None:
            facts.append(self._deadline("File by", found.file_by, today))
        if found.filed_on is not None:
            facts.append(("Filed", day(found.filed_on), None))
        if found.status in UNANSWERED and found.status is not DisputeStatus.DRAFT and found.next_day is not None:
            facts.append(self._deadline("Answer due", found.next_day, today))
        if found.status in UNANSWERED and found.withhold_by is not None:
            facts.append(("Withheld until", day(found.withhold_by), None))
        if found.reference:
            facts.append(("Carrier’s number", found.reference, None))
        if found.letter:
            facts.append(("Letter", found.letter.rsplit("/", 1)[-1], None))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_XS + 2)
        grid.setColumnStretch(1, 1)
        for place, (title, told, ink) in enumerate(facts):
            grid.addWidget(label(title, "small"), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(told, tone=ink, wrap=True), place, 1)
        return grid

    def _deadline(self, title: str, when: date, today: date) -> tuple[str, str, Tone | None]:
        ink = deadline_tone(when, today)
        return title, f"{day(when)} ({until(when, today)})", None if ink is Tone.NEUTRAL else ink

    def _item(self, item: Item, currency: str) -> QWidget:
        frame = QFrame()
        frame.setObjectName("item")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(label(f"{item.rule}  {sentence(item.rule_name)}", "strong"), 1)
        head.addWidget(label(money(item.claim, currency), "strong"))
        layout.addLayout(head)
        layout.addWidget(label(item.message, "small", wrap=True))
        below = QHBoxLayout()
        where = f"Bill {item.number} of {day(item.bill_date)}" if item.number else f"Account {item.ban}"
        if item.granted is not None:
            where += f", granted {money(item.granted, currency)}"
        below.addWidget(label(where, "small"), 1)
        number = item.finding_id
        below.addWidget(
            button(
                "Proof",
                f"item_proof_{number}",
                lambda: self.ui.go(Link("overcharges", view="all", key=number)),
                quiet=True,
            )
        )
        layout.addLayout(below)
        return frame
