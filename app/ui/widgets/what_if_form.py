"""What is compared: an offer in the place of what, on whose bills, of which months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.period import add_months
from app.services.what_if import Instead, Wanted
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_XS
from app.ui.wording import MONTHS

if TYPE_CHECKING:
    from datetime import date

    from app.queries.what_if import Choices, ContractChoice

MONTHS_AT_FIRST = 3


def month(day: date) -> str:
    """'Sep 2026'."""
    return f"{MONTHS[day.month - 1]} {day.year}"


class WhatIfForm(QFrame):
    """`changed` says that another comparison is described than before. An offer is of one carrier, so it decides which
    contracts and accounts can be chosen."""

    changed = Signal()

    def __init__(self, compare: QPushButton) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("What is compared")
        self._choices: Choices | None = None
        self.offer = _combo("what_if_offer", 12)
        self.contract = _combo("what_if_contract", 12)
        self.account = _combo("what_if_account", 12)
        self.first = _combo("what_if_from", 8)
        self.last = _combo("what_if_to", 8)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        layout.setSpacing(SPACE_M)
        for title, field, stretch in (
            ("Offer", self.offer, 4),
            ("In place of", self.contract, 4),
            ("Bills of", self.account, 5),
            ("From", self.first, 0),
            ("To", self.last, 0),
        ):
            layout.addLayout(_under(title, field), stretch)
        layout.addLayout(_under(" ", compare))
        self.offer.currentIndexChanged.connect(lambda _place: self._offer_changed())
        for field in (self.contract, self.account, self.first, self.last):
            field.currentIndexChanged.connect(lambda _place: self.changed.emit())

    def show_choices(self, choices: Choices) -> None:
        """Offer these; what was chosen stays chosen where it is still there."""
        fresh = self._choices is None or not self._choices.months
        self._choices = choices
        blockers = [QSignalBlocker(field) for field in (self.offer, self.first, self.last)]
        _fill(self.offer, [(each.number, each.id) for each in choices.offers])
        months = [(month(day), day) for day in choices.months]
        for field in (self.first, self.last):
            _fill(field, months)
        if fresh and months:
            self.first.setCurrentIndex(min(MONTHS_AT_FIRST, len(months)) - 1)
            self.last.setCurrentIndex(0)
        del blockers
        self._offer_changed()

    def choose_offer(self, offer_id: int) -> None:
        """Make an offer the chosen one."""
        place = self.offer.findData(offer_id)
        if place >= 0:
            self.offer.setCurrentIndex(place)

    @property
    def chosen_offer(self) -> ContractChoice | None:
        offers = self._choices.offers if self._choices is not None else ()
        return next((each for each in offers if each.id == self.offer.currentData()), None)

    @property
    def wanted(self) -> Wanted | None:
        """The comparison that is described; None while something is missing."""
        offer = self.chosen_offer
        days: list[date] = [day for day in (self.first.currentData(), self.last.currentData()) if day is not None]
        if offer is None or len(days) < 2:
            return None
        return Wanted(
            min(days),
            add_months(max(days), 1),
            (Instead(offer.id, self.contract.currentData()),),
            offer.carrier_id,
            self.account.currentData(),
        )

    def _offer_changed(self) -> None:
        """An offer takes the place of contracts of its own carrier, on that carrier's bills."""
        offer = self.chosen_offer
        if self._choices is not None and offer is not None:
            own = [each for each in self._choices.contracts if each.carrier_id == offer.carrier_id]
            bans = [each for each in self._choices.accounts if each.carrier_id == offer.carrier_id]
            blockers = [QSignalBlocker(field) for field in (self.contract, self.account)]
            _fill(self.contract, [("All contracts", None), *((each.number, each.id) for each in own)])
            _fill(self.account, [(offer.carrier, None), *((f"Account {each.ban}", each.id) for each in bans)])
            del blockers
        self.changed.emit()


def _combo(name: str, least: int) -> QComboBox:
    field = QComboBox()
    field.setObjectName(name)
    field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    field.setMinimumContentsLength(least)
    field.currentTextChanged.connect(field.setToolTip)
    return field


def _under(title: str, field: QWidget) -> QVBoxLayout:
    above = QLabel(title)
    above.setProperty("role", "caption")
    if isinstance(field, QComboBox):
        above.setBuddy(field)
        field.setAccessibleName(title)
    made = QVBoxLayout()
    made.setSpacing(SPACE_XS)
    made.addWidget(above)
    made.addWidget(field)
    return made


def _fill(field: QComboBox, items: list[tuple[str, Any]]) -> None:
    """Put other items in; the chosen one stays where it is among them."""
    kept = field.currentData()
    field.clear()
    for text, value in items:
        field.addItem(text, value)
    place = next((place for place, (_, value) in enumerate(items) if value == kept), 0)
    field.setCurrentIndex(place if items else -1)
