"""What if: an offer is made from a contract, compared with it on real months, and discarded again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.domain.money import D
from app.models.contracts import Contract, RateElement
from app.services.changes import Changes
from app.services.offers import copy_as_offer
from app.services.workspace import Workspace
from app.ui.dialogs.offers import OfferQuestion
from app.ui.widgets.tile import Tile
from tests.ui.driver import Driver


def contract_id(workspace: Workspace, number: str) -> int:
    with workspace.database.reading() as session:
        return session.scalars(select(Contract.id).where(Contract.number == number)).one()


def make_offer(window: Driver, workspace: Workspace) -> int:
    """An offer that is a tenth cheaper, made behind the window's back and then announced."""
    made = copy_as_offer(workspace, contract_id(workspace, "NB-2024-7"), "NB-OFFER-1", percent=D("-10"), actor="Ada")
    window.window._hub.announce(Changes.CONTRACTS)
    window.settle()
    return made


def figures(window: Driver) -> list[str]:
    return [window.find(Tile, f"what_if_{key}_USD").figure for key in ("billed", "expected", "other", "difference")]


def test_without_an_offer_the_page_says_how_to_get_one(window: Driver) -> None:
    page = window.go("what_if")
    assert page.nothing.sentence.text().startswith("No offer to compare yet.")
    assert not page.form.isVisible()
    assert not page.compare.isEnabled()
    window.click("what_if_empty_button")
    assert window.page.key == "contracts"


def test_an_offer_is_compared_service_by_service(window: Driver, filled: Workspace) -> None:
    make_offer(window, filled)
    page = window.go("what_if")
    assert (page.form.offer.currentText(), page.form.account.currentText()) == (
        "NB-OFFER-1",
        "Northbeam Communications",
    )
    assert page.nothing.sentence.text() == "See what the bills of Sep 2026 would have cost under NB-OFFER-1."
    window.click("what_if_compare_button")
    assert figures(window) == ["$1,075.00", "$1,000.00", "$900.00", "−$100.00"]
    assert window.find(Tile, "what_if_difference_USD").note == "10 % cheaper than today’s contracts"
    assert window.rows(page.services) == [
        ["NB-7781", "80/KXGS/000123//NB", "2", "$1,075.00", "$1,000.00", "$900.00", "−$100.00", "–"],
        ["NB-7781", "No service", "0", "$0.00", "$0.00", "$0.00", "$0.00", "1"],
    ]


def test_charges_that_the_offer_does_not_price_are_listed_and_lead_to_their_bill(
    window: Driver, filled: Workspace
) -> None:
    make_offer(window, filled)
    page = window.go("what_if")
    window.trigger("what_if_compare")
    assert page.tabs.tabText(1) == "Charges not compared  1"
    page.tabs.setCurrentIndex(1)
    assert [(row[0], row[2], row[4]) for row in window.rows(page.without)] == [("NB-4471", "Installation", "The offer")]
    page.without.activated.emit(page.without.model.shown[0])
    window.settle()
    assert (window.page.key, window.text("charge_title")) == ("bill", "Installation")


def test_another_choice_takes_the_old_figures_away(window: Driver, filled: Workspace) -> None:
    make_offer(window, filled)
    page = window.go("what_if")
    window.trigger("what_if_compare")
    assert page.services.isVisible()
    page.form.contract.setCurrentIndex(1)
    assert not page.services.isVisible()
    page.form.contract.setCurrentIndex(0)
    assert page.services.isVisible()


def test_a_changed_offer_is_compared_again(window: Driver, filled: Workspace) -> None:
    offer = make_offer(window, filled)
    window.go("what_if")
    window.trigger("what_if_compare")
    with filled.database.writing() as session:
        session.scalars(select(RateElement).where(RateElement.contract_id == offer)).one().price = D("600")
    window.window._hub.announce(Changes.CONTRACTS)
    window.settle()
    assert figures(window)[2:] == ["$1,200.00", "$200.00"]
    assert window.find(Tile, "what_if_difference_USD").note == "20 % dearer than today’s contracts"


def test_the_comparison_is_exported_as_shown(
    window: Driver, filled: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_offer(window, filled)
    page = window.go("what_if")
    window.trigger("what_if_compare")
    target = tmp_path / "offer.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.services.export("csv")
    window.settle()
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == "NB-7781,80/KXGS/000123//NB,2,1075.00,1000.00,900.00,-100.00,"


def test_an_offer_is_made_from_a_contract_compared_and_discarded(
    window: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(question: OfferQuestion) -> int:
        question.number.setText("NB-OFFER-2")
        question.percent.setText("−20 %")
        assert question.ok.isEnabled()
        return int(QDialog.DialogCode.Accepted.value)

    page = window.go("contracts")
    page.contracts.select_key(next(row.id for row in page.contracts.model.shown if row.number == "NB-2024-7"))
    assert not page.discard.isVisible()
    monkeypatch.setattr(OfferQuestion, "exec", fill)
    window.click("offer_make_button")
    assert page.contracts.current().number == "NB-OFFER-2"
    window.click("offer_compare_button")
    assert window.page.form.offer.currentText() == "NB-OFFER-2"
    window.click("what_if_compare_button")
    assert figures(window)[3] == "−$200.00"
    page = window.go("contracts")
    monkeypatch.setattr("app.ui.pages.contracts.ask_discard", lambda *_: True)
    window.click("offer_discard_button")
    assert "NB-OFFER-2" not in [row.number for row in page.contracts.model.all]
    assert window.go("what_if").nothing.sentence.text().startswith("No offer to compare yet.")


@pytest.mark.parametrize(
    ("number", "percent", "right"),
    [
        ("O-1", "", True),
        ("O-1", "-10", True),
        ("O-1", "2.5", True),
        (" ", "", False),
        ("O-1", "-100", False),
        ("O-1", "ten", False),
    ],
)
def test_the_question_for_an_offer_takes_a_number_and_a_per_cent(
    qtbot: QtBot, number: str, percent: str, right: bool
) -> None:
    question = OfferQuestion(None, "NB-2024-7")  # type: ignore[arg-type]
    qtbot.addWidget(question)
    question.number.setText(number)
    question.percent.setText(percent)
    assert question.ok.isEnabled() is right
