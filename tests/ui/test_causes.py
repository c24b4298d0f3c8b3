"""Why a bill differs: the likely cause beside a finding and a charge, and the carrier's arithmetic beside ours."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from sqlalchemy import select

from app.domain.money import D
from app.domain.vocabulary import ChargeType, PriceModel
from app.models.contracts import RateElement
from app.models.invoices import Charge, ChargeRating
from app.services.changes import Changes
from app.services.decks import DeckMissing
from app.services.workspace import Workspace
from app.ui.commands import Commands
from tests.ui.driver import Driver

SAYS = "One charge may have been billed with the price before; the contract says the price in force."


@pytest.fixture
def filled(filled: Workspace) -> Workspace:
    """The samples, with a price that was 575.00 until the billed month began: the carrier went on billing it."""
    with filled.database.writing() as session:
        element = session.scalars(select(RateElement).where(RateElement.price == D("500"))).one()
        element.effective_from = date(2026, 9, 1)
        session.add(
            RateElement(
                contract_id=element.contract_id,
                code="DIA-100M",
                charge_type=ChargeType.MRC,
                model=PriceModel.FLAT,
                price=D("575"),
                effective_from=date(2024, 1, 1),
                effective_to=date(2026, 9, 1),
            )
        )
    return filled


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bills that were explained, one after another."""
    bills: list[int] = []
    explain = Commands.explain

    def count(commands: Commands, invoice_id: int) -> Any:
        bills.append(invoice_id)
        return explain(commands, invoice_id)

    monkeypatch.setattr(Commands, "explain", count)
    return bills


def open_bill(window: Driver, number: str) -> Any:
    rows = {row.number: row.id for row in window.go("bills").list.model.all}
    return window.go("bill", key=rows[number])


def test_a_finding_tells_the_likely_cause(window: Driver) -> None:
    page = window.go("overcharges")
    page.list.select_key(next(row.id for row in page.list.model.shown if row.rule == "A30"))
    window.settle()
    assert window.text("finding_cause_0") == SAYS
    page.list.select_key(next(row.id for row in page.list.model.shown if row.rule == "A36"))
    window.settle()
    assert not page.card.causes.isVisible()


def test_a_charge_tells_the_likely_cause_and_others_do_not(window: Driver) -> None:
    page = open_bill(window, "NB-4471")
    assert window.text("charge_cause_0") == SAYS
    page.choose(page.detail.charges[1].id)
    window.settle()
    assert not page.card.causes.isVisible()


def test_the_carriers_arithmetic_stands_beside_ours(window: Driver) -> None:
    page = open_bill(window, "NB-4471")
    window.click("charge_arithmetic_0")
    dialog = page.card.causes.dialog
    assert dialog.isVisible()
    assert "Result: $575.00" in dialog.theirs.text
    assert "Result: $500.00" in dialog.ours.text
    window.click("arithmetic_close")


def test_a_bill_is_explained_once_until_something_changes(window: Driver, explained: list[int]) -> None:
    page = open_bill(window, "NB-4471")
    page.choose(page.detail.charges[1].id)
    open_bill(window, "NB-4471")
    bill = page.detail.id
    assert explained == [bill]
    window.window._hub.announce(Changes.PAYMENTS)
    window.settle()
    assert explained == [bill]
    window.window._hub.announce(Changes.CONTRACTS)
    window.settle()
    assert set(explained) == {bill}
    assert len(explained) == 2


def test_what_was_worked_out_before_a_change_is_forgotten(window: Driver) -> None:
    book, page = window.bench.ui.causes, open_bill(window, "NB-4471")
    page.card.causes.show_for(None, None)
    told: list[int] = []
    book.known.connect(told.append)
    window.window._hub.announce(Changes.CONTRACTS)
    assert book.causes(page.detail.id) is None  # it is being worked out …
    window.window._hub.announce(Changes.CONTRACTS)  # … when the contracts change again
    window.settle()
    assert told == []


def test_a_bill_that_cannot_be_explained_shows_no_cause_and_no_fault(
    window: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_commands: Commands, _invoice_id: int) -> Any:
        raise DeckMissing(name="voice", carrier="Northbeam Communications")

    monkeypatch.setattr(Commands, "explain", refuse)
    page = open_bill(window, "NB-4471")
    assert not page.card.causes.isVisible()
    assert not window.window.message.isVisible()


def test_an_amendment_that_came_later_shows_both_amounts(window: Driver, filled: Workspace) -> None:
    with filled.database.writing() as session:
        first = session.scalars(select(Charge).where(Charge.amount == D("575"))).one()
        session.get_one(ChargeRating, first.id).amended = D("450")
    page = open_bill(window, "NB-4471")
    assert window.text("charge_amended") == "Agreed on when billed: $500.00. Under amendments agreed on since: $450.00."
    page.choose(page.detail.charges[1].id)
    window.settle()
    assert not page.findChild(QLabel, "charge_amended").isVisible()
