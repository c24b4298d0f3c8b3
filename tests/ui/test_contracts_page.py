"""The contracts page: what each price is for, in words; amendments; offers told from contracts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.money import D
from app.domain.vocabulary import ChargeType, ExchangeDay, PriceModel, RoundingScope, ServiceKind
from app.models.contracts import Contract, RateElement
from app.services.changes import Changes
from app.services.offers import copy_as_offer
from app.services.workspace import Workspace
from app.ui.wording import word
from tests.ui.driver import Driver


@pytest.fixture
def filled(filled: Workspace) -> Workspace:
    """The samples, with prices of several models in one contract, and an offer made of it."""
    with filled.database.writing() as session:
        contract = session.scalars(select(Contract).where(Contract.number == "NB-2024-7")).one()
        contract.time_zone, contract.exchange = "America/Chicago", ExchangeDay.BILL_DATE
        contract.rounding_scope = RoundingScope.BILL
        start = date(2024, 1, 1)
        session.add_all(
            [
                RateElement(
                    contract_id=contract.id,
                    code="BURST",
                    charge_type=ChargeType.USAGE,
                    model=PriceModel.PERCENTILE,
                    price=D("4.10"),
                    effective_from=start,
                    parameters="commit=200; overage=3.25",
                    clause="Schedule B 4",
                    page=3,
                ),
                RateElement(
                    contract_id=contract.id,
                    code="SEAT",
                    charge_type=ChargeType.MRC,
                    model=PriceModel.GRADUATED,
                    price=D("0"),
                    effective_from=start,
                    parameters="tiers=100:1.00, above:0.10",
                    service_kind=ServiceKind.VOICE,
                    amendment="Amendment 2",
                    agreed=date(2025, 8, 15),
                    reason="Yearly review",
                ),
                RateElement(
                    contract_id=contract.id,
                    code="RISE",
                    charge_type=ChargeType.MRC,
                    model=PriceModel.ESCALATOR,
                    price=D("3"),
                    effective_from=start,
                ),
            ]
        )
        contract_id = contract.id
    copy_as_offer(filled, contract_id, "NB-OFFER-1", percent=D("-10"), actor="Ada Lund")
    return filled


def show(window: Driver, number: str) -> dict[str, list[str]]:
    """The prices of a contract as shown, by code."""
    page = window.go("contracts")
    page.contracts.select_key(next(row.id for row in page.contracts.model.shown if row.number == number))
    window.settle()
    return {row[0]: row for row in window.rows(page.prices)}


def test_a_price_says_what_it_is_for_in_words(window: Driver) -> None:
    shown = show(window, "NB-2024-7")
    assert shown["BURST"][3:7] == ["$4.10", "Mbit/s", "Percentile of traffic", "All"]
    assert shown["SEAT"][3:7] == ["–", "unit", "Graduated tiers", "Voice"]
    assert shown["RISE"][3:7] == ["3 %", "–", "Escalator", "All"]
    assert shown["DIA-100M"][3:6] == ["$500.00", "unit", "Flat"]


def test_the_chosen_price_tells_its_parameters_and_its_amendment(window: Driver) -> None:
    show(window, "NB-2024-7")
    page = window.page
    by_code = {row.code: row.id for row in page.prices.model.shown}
    page.prices.select_key(by_code["BURST"])
    window.settle()
    told = window.text("price_details")
    assert told.startswith("Percentile of traffic per Mbit/s for all services. Commit 200 (Mbit/s that are paid")
    assert told.endswith("Schedule B 4, page 3.")
    page.prices.select_key(by_code["SEAT"])
    window.settle()
    told = window.text("price_details")
    assert told.startswith(
        "Graduated tiers per unit for Voice. Amendment 2, agreed on 15 Aug 2025: Yearly review. Tiers "
    )


def test_the_terms_name_time_zone_exchange_and_rounding(window: Driver) -> None:
    show(window, "NB-2024-7")
    terms = window.text("contract_terms")
    for part in ("time of America/Chicago", "by the rate of the bill's date", "once a bill", "each price for its days"):
        assert part in terms
    assert "offer" not in terms


def test_an_offer_is_told_from_a_contract(window: Driver) -> None:
    shown = show(window, "NB-OFFER-1")
    states = {row[1]: row[-1] for row in window.rows(window.page.contracts)}
    assert (states["NB-2024-7"], states["NB-OFFER-1"]) == ("In force", "Offer")
    assert window.text("contract_terms").startswith("An offer, for comparing: it prices no bill.")
    assert (shown["BURST"][3], shown["RISE"][3], shown["DIA-100M"][3]) == ("$3.69", "3 %", "$450.00")


@pytest.mark.parametrize("model", PriceModel)
def test_every_model_has_a_name_for_people(model: PriceModel) -> None:
    assert "_" not in word(model)
    assert word(model)[0].isupper()


def test_prices_are_checked_and_a_fault_leads_to_its_contract(window: Driver, filled: Workspace) -> None:
    page = window.go("contracts")
    assert page.check.text() == "Check prices  2"  # escalators that raise nothing, of the contract and of its offer
    with filled.database.writing() as session:
        element = session.scalars(select(RateElement).where(RateElement.code == "SEAT")).first()
        assert element is not None
        element.parameters = "tiers=never"
    window.bench.ui.hub.announce(Changes.CONTRACTS)
    window.settle()
    assert page.check.text() == "Check prices  3"
    assert page.check.toolTip().endswith("Found: 1 error, 2 warnings")
    assert not page.faults.isVisible()
    window.click("contracts_check_button")
    assert page.tabs.tabText(1) == "Price checks  3"
    rows = window.rows(page.faults)
    assert rows[0][:4] == ["Error", "Northbeam Communications", "NB-2024-7", "SEAT"]
    assert window.text("price_fault") == page.faults.model.shown[0].message
    page.faults.show_view("warning")
    assert [row[3] for row in window.rows(page.faults)] == ["RISE", "RISE"]
    page.faults.show_view("all", "seat")
    page.faults.activated.emit(page.faults.model.shown[0])
    window.settle()
    assert (page.contracts.current().number, [row[0] for row in window.rows(page.prices)]) == ("NB-2024-7", ["SEAT"])
