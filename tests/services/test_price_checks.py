"""Checking a workspace's price books: every fault with severity, place and remedy; a sound book has none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.vocabulary import ChargeType, DeckKind, PriceModel, Severity
from app.models.contracts import Contract, RateElement
from app.queries.price_checks import Filter, arrange, count
from app.services.decks import import_deck
from app.services.price_checks import PriceFault, run
from app.services.workspace import Workspace
from tests.services.office import Office


@pytest.fixture
def office(sqlite_workspace: Workspace) -> Office:
    return Office(sqlite_workspace)


def change(office: Office, element_id: int, **values: object) -> None:
    with office.workspace.database.writing() as session:
        row = session.get(RateElement, element_id)
        for name, value in values.items():
            setattr(row, name, value)


def faults(office: Office) -> list[tuple[Severity, str, str]]:
    return [(fault.severity, fault.contract, fault.code) for fault in run(office.workspace)]


def test_a_sound_price_book_has_no_faults(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    office.price(office.contract(carrier), "500.00")
    office.service(carrier, circuit="C-1", account_id=office.account(carrier))
    assert run(workspace) == []


def test_faults_are_found_and_errors_go_first(office: Office) -> None:
    carrier = office.carrier()
    contract = office.contract(carrier)
    office.price(contract, "500.00")
    office.price(contract, "515.00")
    ended = office.price(contract, "90.00", code="CPE")
    change(office, ended, effective_to=date(2026, 1, 1))
    tiers = office.price(contract, "0", code="PORT", model=PriceModel.PER_MINUTE)
    change(office, tiers, parameters="initial=never")
    office.price(contract, "3", code="GONE", model=PriceModel.ESCALATOR)
    office.service(carrier, circuit="C-1", code="RACK")
    found = run(office.workspace)
    assert [(fault.severity, fault.contract, fault.code) for fault in found] == [
        (Severity.ERROR, "MSA-1", "DIA-100M"),
        (Severity.ERROR, "MSA-1", "PORT"),
        (Severity.WARNING, "", "RACK"),
        (Severity.WARNING, "MSA-1", "CPE"),
        (Severity.WARNING, "MSA-1", "GONE"),
    ]
    assert all(fault.carrier == "Calder Fiber" and fault.message.endswith(".") for fault in found)


def test_a_rise_that_is_taken_twice_is_found(office: Office) -> None:
    contract = office.contract(office.carrier())
    first, second = office.price(contract, "1000.00"), office.price(contract, "1030.00")
    change(office, first, effective_to=date(2026, 1, 1))
    change(office, second, effective_from=date(2026, 1, 1))
    rise = office.price(contract, "3", model=PriceModel.ESCALATOR)
    assert run(office.workspace) == []  # a later price has the rises before it
    change(office, rise, parameters="counted=escalator")
    (fault,) = run(office.workspace)
    assert "rises twice" in fault.message


def test_a_price_for_another_carriers_service_is_found(office: Office) -> None:
    ours, theirs = office.carrier(), office.carrier("Basin Networks")
    office.price(office.contract(theirs, "BN-1"), "500.00")
    strange = office.service(theirs, circuit="B-1")
    price = office.price(office.contract(ours), "500.00")
    change(office, price, service_id=strange)
    (fault,) = run(office.workspace)
    assert "B-1 is a service of another carrier" in fault.message


def test_an_offer_is_checked_and_prices_no_service(office: Office) -> None:
    carrier = office.carrier()
    offer = office.contract(carrier, "OFFER-1")
    office.price(offer, "450.00")
    office.price(offer, "455.00")
    with office.workspace.database.writing() as session:
        row = session.get(Contract, offer)
        assert row is not None
        row.offer = True
    office.price(office.contract(carrier), "90.00", code="CPE")
    office.service(carrier, circuit="C-1")
    assert faults(office) == [(Severity.ERROR, "OFFER-1", "DIA-100M"), (Severity.WARNING, "", "DIA-100M")]


def calls(office: Office, carrier: int, parameters: str) -> int:
    contract = office.contract(carrier)
    price = office.price(contract, "0", code="CALLS", charge_type=ChargeType.USAGE, model=PriceModel.CALLS)
    change(office, price, parameters=parameters)
    return contract


def test_a_rate_deck_that_is_not_here_is_an_error(office: Office) -> None:
    calls(office, office.carrier(), "deck=World")
    (fault,) = run(office.workspace)
    assert (fault.severity, fault.code) == (Severity.ERROR, "CALLS")
    assert "There is no rate deck 'World' of Calder Fiber here" in fault.message


def test_places_without_a_price_and_zones_that_the_deck_lacks_are_found(office: Office, tmp_path: Path) -> None:
    carrier = office.carrier()
    contract = calls(office, carrier, "deck=World; places=Plan")
    prices, places = tmp_path / "world.csv", tmp_path / "plan.csv"
    prices.write_text("Prefix,Zone,Price per minute,First day\n1,USA,0.01,2025-01-01\n44,Britain,0.02,2025-01-01\n")
    places.write_text("Prefix,Country\n1212,1\n44,44\n33,33\n")
    import_deck(office.workspace, prices, carrier, "World", DeckKind.PRICES, "Dana")
    import_deck(office.workspace, places, carrier, "Plan", DeckKind.PLACES, "Dana")
    zone = office.price(contract, "0.03", code="CALLS", charge_type=ChargeType.USAGE)
    change(office, zone, zone="Spain")
    messages = [fault.message for fault in run(office.workspace)]
    assert messages == [
        "The contract prices Spain, which rate deck World does not have. Write the zones as the deck does.",
        "Rate deck World has no price for numbers that begin with 33. Add rows for them to the deck.",
    ]


def test_the_page_shows_the_faults_that_are_wanted() -> None:
    found = [
        PriceFault(Severity.ERROR, "Calder Fiber", "MSA-1", "DIA-100M", "Two prices."),
        PriceFault(Severity.WARNING, "Basin Networks", "", "RACK", "No price."),
    ]
    assert [row.number for row in arrange(found)] == [1, 2]
    assert [row.code for row in arrange(found, Filter(text=" rack"))] == ["RACK"]
    assert [row.code for row in arrange(found, Filter(severity=Severity.ERROR))] == ["DIA-100M"]
    assert [row.code for row in arrange(found, Filter(carrier="Basin Networks"))] == ["RACK"]
    assert count(arrange(found)) == {Severity.ERROR: 1, Severity.WARNING: 1, Severity.INFO: 0}
