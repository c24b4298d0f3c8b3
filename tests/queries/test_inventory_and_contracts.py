"""What the inventory and the contracts show of the sample of the window's tests, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.vocabulary import ServiceKind, ServiceStatus
from app.queries import contracts, inventory
from app.queries.workspace import fetch, fetch_payer
from app.services.workspace import Workspace
from tests.ui import samples


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """The sample in an empty workspace."""
    samples.store(workspace)
    return workspace


def test_a_service_shows_what_its_latest_bill_says(filled: Workspace) -> None:
    with filled.database.reading() as session:
        (row,) = inventory.fetch(session)
    assert (row.identifier, row.location, row.location_code) == ("80/KXGS/000123//NB", "Duluth plant", "DUL1")
    assert (row.monthly, row.billed_on) == (Decimal("1075.00"), date(2026, 9, 11))
    assert (row.currency, row.bandwidth_kbps) == ("USD", 100_000)


def test_services_are_found_by_kind_status_carrier_and_text(filled: Workspace) -> None:
    with filled.database.reading() as session:

        def found(**wanted: object) -> int:
            return len(inventory.fetch(session, inventory.Filter(**wanted)))  # type: ignore[arg-type]

        assert found(kinds=(ServiceKind.INTERNET,)) == 1
        assert found(kinds=(ServiceKind.VOICE,)) == 0
        assert found(statuses=(ServiceStatus.DISCONNECTED,)) == 0
        assert found(text="duluth") == 1
        assert found(text="100%") == 0, "a percent sign is no wildcard"
        assert found(carrier_id=9999) == 0


def test_accounts_and_locations_count_what_belongs_to_them(filled: Workspace) -> None:
    with filled.database.reading() as session:
        accounts = {row.ban: row for row in inventory.fetch_accounts(session)}
        (site,) = inventory.fetch_locations(session)
    assert (accounts["NB-7781"].bills, accounts["NB-7781"].services) == (1, 1)
    assert accounts["CF-2044"].last_bill == date(2026, 9, 11)
    assert accounts["NB-7781"].contract == "NB-2024-7"
    assert site.services == 1


def test_a_contract_says_until_when_notice_can_be_given(filled: Workspace) -> None:
    with filled.database.reading() as session:
        rows = {row.carrier: row for row in contracts.fetch(session)}
    northbeam = rows["Northbeam Communications"]
    assert (northbeam.prices, northbeam.accounts) == (1, ("NB-7781",))
    assert northbeam.notice_by == date(2026, 11, 1)  # the last day of the term is 31 December, 60 days before it


def test_a_price_says_for_what_and_when_it_holds(filled: Workspace) -> None:
    with filled.database.reading() as session:
        (price,) = contracts.fetch_prices(session)
        assert contracts.fetch_prices(session, contract_id=9999) == []
    assert (price.code, price.price, price.scope) == ("DIA-100M", Decimal("500.00"), "all services")
    assert price.state(date(2023, 12, 31)) == "from later on"
    assert price.state(date(2024, 1, 1)) == "in force"


def test_a_price_ends_on_the_first_day_on_which_it_no_longer_holds() -> None:
    price = contracts.PriceRow(
        *(1, 1, "", "", "", "", None, None, Decimal(1), "USD"),  # type: ignore[arg-type]
        date(2026, 1, 1),
        date(2026, 7, 1),
        *("", False, (), "", None, 0),
    )
    assert price.state(date(2026, 6, 30)) == "in force"
    assert price.state(date(2026, 7, 1)) == "ended"


def test_the_workspace_knows_whose_it_is(filled: Workspace) -> None:
    with filled.database.reading() as session:
        assert fetch(session).company == "Meridian Foods"
        assert fetch_payer(session).name == "Meridian Foods"
