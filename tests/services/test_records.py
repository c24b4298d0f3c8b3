"""Saving inventory and contracts on both databases: upserts by natural key, all of a file or nothing of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.domain.money import D
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedBankAccount,
    ParsedCarrier,
    ParsedContract,
    ParsedLocation,
    ParsedRateElement,
    ParsedRecord,
    ParsedService,
)
from app.domain.source import Source
from app.domain.vocabulary import ChargeType, PaymentMethod, PriceModel, Role, ServiceKind, ServiceStatus
from app.models import Base
from app.models.contracts import Contract, RateElement
from app.models.inventory import BillingAccount, Carrier, CarrierBankAccount, Location, Service
from app.models.workspace import LogEntry
from app.services.changes import Changes
from app.services.record_book import ContradictingRows, DanglingReferences, Kind
from app.services.record_prices import OverlappingPrices
from app.services.records import RecordCounts, save_records
from app.services.users import add_user
from app.services.workspace import Workspace

QUIET = "Quiet Hill Telephone"


def at(sheet: str, row: int) -> Source:
    return Source(sheet=sheet, row=row)


def price(amount: str, first: str, last: str | None = None, row: int = 2, **scope: str) -> ParsedRateElement:
    """A monthly price of DIA in contract QH-1; `last` is the first day on which it no longer holds."""
    return ParsedRateElement(
        contract="QH-1",
        code="DIA",
        charge_type=ChargeType.MRC,
        model=PriceModel.FLAT,
        price=D(amount),
        effective_from=date.fromisoformat(first),
        effective_to=None if last is None else date.fromisoformat(last),
        source=at("Prices", row),
        **scope,
    )


CARRIER = ParsedCarrier(QUIET, at("Carriers", 2), currency="USD", dispute_email="d@quiethill.example")
ACCOUNT = ParsedAccount(QUIET, "0077-12", at("Accounts", 2), bill_day=5, contract="QH-1")
LOCATION = ParsedLocation("CHI-01", "Chicago plant", at("Locations", 2))
SERVICE = ParsedService(
    QUIET,
    ServiceKind.INTERNET,
    at("Services", 2),
    ban="0077-12",
    circuit_id="80/KXGS/000123",
    code="DIA",
    location_a="CHI-01",
    installed=date(2025, 1, 1),
)
CONTRACT = ParsedContract(QUIET, "QH-1", date(2025, 1, 1), None, "USD", at("Contracts", 2))
BANK = ParsedBankAccount(QUIET, "USD", at("BankAccounts", 2), holder="Quiet Hill", routing="021000021", account="123")
INVENTORY: tuple[ParsedRecord, ...] = (CARRIER, ACCOUNT, LOCATION, SERVICE)
CONTRACTS: tuple[ParsedRecord, ...] = (CONTRACT, price("500", "2025-01-01"))


def save(workspace: Workspace, *records: ParsedRecord, actor: str = "Dana") -> RecordCounts:
    with workspace.database.writing() as session:
        return save_records(session, records, actor)


def rows(workspace: Workspace, model: type[Base]) -> Sequence[Any]:
    with workspace.database.reading() as session:
        found = session.scalars(select(model).order_by(model.__table__.primary_key.columns[0])).all()
        session.expunge_all()
        return found


def content_of(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with workspace.database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=str)
            for table in Base.metadata.sorted_tables
        }


def test_a_file_of_all_kinds_is_saved_and_linked(workspace: Workspace) -> None:
    counts = save(workspace, *INVENTORY, *CONTRACTS)
    assert counts.changes == Changes.INVENTORY | Changes.CONTRACTS
    assert {kind: count.added for kind, count in counts.counts.items()} == dict.fromkeys(
        (Kind.CARRIER, Kind.LOCATION, Kind.ACCOUNT, Kind.CONTRACT, Kind.SERVICE, Kind.PRICE), 1
    )
    ((carrier,), (account,), (location,), (service,), (contract,), (element,)) = (
        rows(workspace, model) for model in (Carrier, BillingAccount, Location, Service, Contract, RateElement)
    )
    assert (account.carrier_id, account.ban_key, account.currency) == (carrier.id, "007712", "USD")
    assert account.contract_id == contract.id
    assert (service.account_id, service.location_a_id, service.circuit_key) == (account.id, location.id, "80KXGS000123")
    assert (element.contract_id, element.price, element.effective_to) == (contract.id, D("500.00"), None)


def test_importing_again_changes_nothing_and_logs_nothing(workspace: Workspace) -> None:
    add_user(workspace, "Dana", Role.AP_CLERK, "Dana")
    save(workspace, *INVENTORY, *CONTRACTS, BANK)
    before = content_of(workspace)
    counts = save(workspace, *INVENTORY, *CONTRACTS, BANK)
    assert counts.changes == Changes.NONE
    assert {(count.added, count.changed, count.unchanged) for count in counts.counts.values()} == {(0, 0, 1)}
    assert content_of(workspace) == before


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*INVENTORY, *CONTRACTS]))
def test_the_order_of_rows_does_not_matter(sqlite_workspace: Workspace, order: list[ParsedRecord]) -> None:
    save(sqlite_workspace, *order)
    assert save(sqlite_workspace, *INVENTORY, *CONTRACTS).changes == Changes.NONE


def test_inventory_and_contracts_link_whichever_comes_first(workspace: Workspace) -> None:
    save(workspace, *INVENTORY)
    assert rows(workspace, BillingAccount)[0].contract_id is None
    counts = save(workspace, *CONTRACTS)
    assert rows(workspace, BillingAccount)[0].contract_id == rows(workspace, Contract)[0].id
    assert counts.changes & Changes.INVENTORY


def test_spellings_of_one_thing_find_it_again(workspace: Workspace) -> None:
    save(workspace, *INVENTORY)
    save(
        workspace,
        ParsedService(
            "QUIET HILL  telephone", ServiceKind.WAN, at("Services", 9), circuit_id="80.kxgs.000123", given=("kind",)
        ),
    )
    (service,) = rows(workspace, Service)
    assert (service.kind, service.circuit_id) == (ServiceKind.WAN, "80/KXGS/000123")


def test_what_a_file_does_not_state_stays_and_an_empty_cell_empties(workspace: Workspace) -> None:
    save(workspace, *INVENTORY)
    save(workspace, replace(SERVICE, code="", installed=None, cost_centre="44", given=("carrier", "cost_centre")))
    (service,) = rows(workspace, Service)
    assert (service.code, service.installed, service.cost_centre) == ("DIA", date(2025, 1, 1), "44")
    save(workspace, replace(SERVICE, code="", circuit_id="80/KXGS/000123", given=("code", "circuit_id")))
    assert rows(workspace, Service)[0].code == ""


def test_a_disconnect_is_logged_with_what_stood_there_before(workspace: Workspace) -> None:
    save(workspace, *INVENTORY)
    gone = replace(SERVICE, status=ServiceStatus.DISCONNECTED, disconnected=date(2026, 3, 31))
    assert save(workspace, gone).counts[Kind.SERVICE].changed == 1
    entry = rows(workspace, LogEntry)[-1]
    assert (entry.actor, entry.verb) == ("Dana", "saved")
    (change,) = json.loads(entry.details)["changed"]
    assert change["subject"] == "service 80/KXGS/000123 of Quiet Hill Telephone"
    assert change["status"] == ["active", "disconnected"]
    assert change["disconnected"] == ["None", "2026-03-31"]


def test_a_service_is_found_by_its_number_until_it_gets_a_circuit(workspace: Workspace) -> None:
    by_number = replace(SERVICE, circuit_id="", tn="(312) 555-0101")
    save(workspace, *INVENTORY[:3], by_number)
    save(workspace, replace(by_number, circuit_id="C-1", tn="312-555-0101"))
    (service,) = rows(workspace, Service)
    assert (service.circuit_id, service.tn_key) == ("C-1", "13125550101")
    save(workspace, replace(by_number, circuit_id="C-2"))
    assert [row.circuit_id for row in rows(workspace, Service)] == ["C-1", "C-2"]


def test_a_service_without_identifier_is_known_by_account_code_and_site(workspace: Workspace) -> None:
    rack = replace(SERVICE, circuit_id="", code="RACK-42U", kind=ServiceKind.COLOCATION)
    save(workspace, *INVENTORY[:3], rack)
    save(workspace, replace(rack, quantity=D("2")))
    (service,) = rows(workspace, Service)
    assert service.quantity == D("2")


def test_dangling_references_are_listed_together_and_nothing_is_saved(workspace: Workspace) -> None:
    before = content_of(workspace)
    with pytest.raises(DanglingReferences) as caught:
        save(
            workspace,
            LOCATION,
            CARRIER,
            replace(ACCOUNT, carrier="Quite Hill", source=at("Accounts", 3)),
            replace(CONTRACT, carrier="Elm Valley", source=at("Contracts", 4)),
        )
    assert "2 rows name what is not known" in caught.value.message
    assert "sheet Accounts, row 3: carrier 'Quite Hill'" in caught.value.message
    assert "sheet Contracts, row 4: carrier 'Elm Valley'" in caught.value.message
    assert "Add what is missing to the same file or import it first" in caught.value.message
    assert content_of(workspace) == before


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (replace(SERVICE, ban="9999"), "sheet Services, row 2: account '9999' of Quiet Hill Telephone"),
        (replace(SERVICE, location_z="NOWHERE"), "location 'NOWHERE'"),
        (replace(price("1", "2025-01-01"), contract="QH-9"), "sheet Prices, row 2: contract 'QH-9'"),
        (price("1", "2025-01-01", circuit_id="no/such"), "service 'no/such'"),
        (price("1", "2025-01-01", location="NOWHERE"), "location 'NOWHERE'"),
        (replace(BANK, carrier="Elm Valley"), "sheet BankAccounts, row 2: carrier 'Elm Valley'"),
    ],
)
def test_each_reference_that_leads_nowhere_is_named(sqlite_workspace: Workspace, record: Any, says: str) -> None:
    save(sqlite_workspace, *INVENTORY, CONTRACT)
    before = content_of(sqlite_workspace)
    with pytest.raises(DanglingReferences) as caught:
        save(sqlite_workspace, record)
    assert says in caught.value.message
    assert content_of(sqlite_workspace) == before


def test_a_contract_number_of_two_carriers_needs_the_carrier(sqlite_workspace: Workspace) -> None:
    other = replace(CONTRACT, carrier="Elm Valley")
    save(sqlite_workspace, CARRIER, ParsedCarrier("Elm Valley", at("Carriers", 3)), CONTRACT, other)
    with pytest.raises(DanglingReferences, match="fill in the column Carrier"):
        save(sqlite_workspace, price("500", "2025-01-01"))
    save(sqlite_workspace, replace(price("500", "2025-01-01"), carrier="Elm Valley"))
    assert len(rows(sqlite_workspace, RateElement)) == 1


def test_two_rows_that_say_different_things_of_one_are_refused(workspace: Workspace) -> None:
    with pytest.raises(ContradictingRows) as caught:
        save(workspace, *INVENTORY, replace(SERVICE, code="DIA-1G", source=at("Services", 7)))
    assert "Sheet Services, row 2 and sheet Services, row 7" in caught.value.message
    assert rows(workspace, Service) == []


def test_the_same_row_twice_in_a_file_counts_once(workspace: Workspace) -> None:
    counts = save(workspace, *INVENTORY, replace(SERVICE, source=at("Services", 7)))
    assert counts.counts[Kind.SERVICE].added == 1


def test_a_change_of_price_is_a_new_element_beside_the_closed_one(workspace: Workspace) -> None:
    save(workspace, *INVENTORY, *CONTRACTS)
    save(workspace, price("500", "2025-01-01", "2026-01-01"), price("475", "2026-01-01", row=3))
    found = [(row.price, row.effective_from, row.effective_to) for row in rows(workspace, RateElement)]
    assert found == [
        (D("500.00"), date(2025, 1, 1), date(2026, 1, 1)),
        (D("475.00"), date(2026, 1, 1), None),
    ]


def test_a_correction_of_a_price_is_logged_with_both_amounts(workspace: Workspace) -> None:
    save(workspace, *INVENTORY, *CONTRACTS)
    assert save(workspace, price("505", "2025-01-01")).changes == Changes.CONTRACTS
    (change,) = json.loads(rows(workspace, LogEntry)[-1].details)["changed"]
    assert change["price"] == ["500.00", "505"]
    assert change["subject"] == "the price of DIA (MRC) from 2025-01-01 in contract QH-1"


def test_overlapping_prices_in_one_file_are_refused_with_both_rows_and_dates(workspace: Workspace) -> None:
    before = content_of(workspace)
    with pytest.raises(OverlappingPrices) as caught:
        save(workspace, *INVENTORY, CONTRACT, price("500", "2025-01-01", row=2), price("475", "2026-01-01", row=3))
    message = caught.value.message
    assert "DIA (MRC) of contract QH-1: 500 from 2025-01-01 (sheet Prices, row 2)" in message
    assert "475 from 2026-01-01 (sheet Prices, row 3)" in message
    assert "Give the earlier one a last day" in message
    assert content_of(workspace) == before


def test_a_price_that_overlaps_a_stored_one_is_refused(workspace: Workspace) -> None:
    save(workspace, *INVENTORY, *CONTRACTS)
    before = content_of(workspace)
    with pytest.raises(OverlappingPrices, match=r"500.00 from 2025-01-01 \(stored already\)"):
        save(workspace, price("475", "2026-01-01", "2026-07-01"))
    assert content_of(workspace) == before


def test_prices_of_different_scope_or_type_hold_side_by_side(workspace: Workspace) -> None:
    save(
        workspace,
        *INVENTORY,
        *CONTRACTS,
        price("450", "2025-01-01", circuit_id="80 KXGS 000123"),
        price("480", "2025-01-01", location="CHI-01"),
        replace(price("99", "2025-01-01"), charge_type=ChargeType.NRC),
    )
    scopes = [(row.price, row.service_id, row.location_id) for row in rows(workspace, RateElement)]
    service, location = rows(workspace, Service)[0].id, rows(workspace, Location)[0].id
    assert (D("450.00"), service, None) in scopes
    assert (D("480.00"), None, location) in scopes
    assert len(scopes) == 4


def day(number: int) -> date:
    """The day of that number of the year 2026."""
    return date(2025, 12, 31) + timedelta(days=number)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spans=st.lists(
        st.tuples(st.integers(1, 28), st.none() | st.integers(1, 12)),
        min_size=1,
        max_size=4,
        unique_by=lambda it: it[0],
    )
)
def test_prices_are_saved_exactly_where_no_day_has_two(
    sqlite_workspace: Workspace, spans: list[tuple[int, int | None]]
) -> None:
    ends = [(first, first + length if length else 99) for first, length in spans]
    overlap = any(a[0] < b[1] and b[0] < a[1] for a in ends for b in ends if a is not b)
    prices = [
        price("1", str(day(first)), None if end == 99 else str(day(end)))  # 99: until further notice
        for first, end in ends
    ]
    with sqlite_workspace.database.writing() as session:
        try:
            save_records(session, [*INVENTORY, CONTRACT, *prices], "Dana")
            refused = False
        except OverlappingPrices:
            refused = True
        session.rollback()
    assert refused == overlap


def test_a_new_bank_account_is_unverified_and_names_who_entered_it(workspace: Workspace) -> None:
    add_user(workspace, "Dana", Role.AP_CLERK, "Dana")
    assert save(workspace, CARRIER, BANK).changes & Changes.PAYMENTS
    (row,) = rows(workspace, CarrierBankAccount)
    assert (row.created_by, row.verified_by, row.retired_at) == ("Dana", None, None)
    assert (row.method, row.routing, row.account) == (PaymentMethod.ACH_CCD, "021000021", "123")


def test_changed_bank_details_are_a_new_row_and_retire_the_old_one(workspace: Workspace) -> None:
    add_user(workspace, "Dana", Role.AP_CLERK, "Dana")
    save(workspace, CARRIER, BANK)
    save(workspace, replace(BANK, account="666"))
    old, new = rows(workspace, CarrierBankAccount)
    assert (old.account, old.retired_at is None) == ("123", False)
    assert (new.account, new.retired_at, new.verified_by) == ("666", None, None)


def test_an_auditor_may_not_bring_bank_details_in(workspace: Workspace) -> None:
    add_user(workspace, "Ada", Role.AUDITOR, "Ada")
    with pytest.raises(Exception, match="may not enter bank details"):
        save(workspace, CARRIER, BANK, actor="Ada")
    with workspace.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Carrier)) == 0


def test_what_a_mapping_merely_names_is_added_and_never_changed(workspace: Workspace) -> None:
    save(workspace, CARRIER, LOCATION)
    named: list[ParsedRecord] = [
        ParsedCarrier("QUIET HILL TELEPHONE", at("", 2), given=("source",)),
        ParsedLocation("CHI-01", "CHI-01", at("", 2), given=("source",)),
        ParsedLocation("CHI-02", "CHI-02", at("", 3), given=("source",)),
    ]
    save(workspace, *named)
    assert [row.name for row in rows(workspace, Carrier)] == [QUIET]
    assert [row.name for row in rows(workspace, Location)] == ["Chicago plant", "CHI-02"]


def test_counts_say_in_words_what_a_file_brought(sqlite_workspace: Workspace) -> None:
    assert str(save(sqlite_workspace, CARRIER, LOCATION)) == "carriers: 1 new; locations: 1 new"
    counts = save(sqlite_workspace, CARRIER, replace(LOCATION, name="Chicago works"))
    assert str(counts) == "carriers: 1 as before; locations: 1 changed"
