"""Prices with parameters, amendments and scopes: what is read when they are imported, and which may hold at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.domain.money import D
from app.domain.parsed_records import ParsedCarrier, ParsedContract, ParsedRateElement, ParsedRecord
from app.domain.source import Source
from app.domain.vocabulary import ChargeType, PriceModel, ServiceKind
from app.models.contracts import Contract, RateElement
from app.services.record_book import Kind
from app.services.record_prices import OverlappingPrices, UnreadableParameters
from app.services.records import RecordCounts, save_records
from app.services.workspace import Workspace

QUIET = "Quiet Hill Telephone"
CONTRACT: tuple[ParsedRecord, ...] = (
    ParsedCarrier(QUIET, Source(sheet="Carriers", row=2)),
    ParsedContract(QUIET, "QH-1", date(2025, 1, 1), None, "USD", Source(sheet="Contracts", row=2)),
)


def price(amount: str, first: str = "2025-01-01", agreed: str | None = None, row: int = 2) -> ParsedRateElement:
    return ParsedRateElement(
        contract="QH-1",
        code="DIA",
        charge_type=ChargeType.MRC,
        model=PriceModel.FLAT,
        price=D(amount),
        effective_from=date.fromisoformat(first),
        effective_to=None,
        source=Source(sheet="Prices", row=row),
        agreed=None if agreed is None else date.fromisoformat(agreed),
    )


def minutes(parameters: str, row: int = 2, first: str = "2025-01-01") -> ParsedRateElement:
    calls = replace(price("0.02", first, row=row), charge_type=ChargeType.USAGE, model=PriceModel.PER_MINUTE)
    return replace(calls, parameters=parameters)


def save(workspace: Workspace, *records: ParsedRecord) -> RecordCounts:
    with workspace.database.writing() as session:
        return save_records(session, records, "Dana")


def stored(workspace: Workspace) -> Sequence[RateElement]:
    with workspace.database.reading() as session:
        found = session.scalars(select(RateElement).order_by(RateElement.id)).all()
        session.expunge_all()
        return found


def test_parameters_are_kept_as_they_were_written(workspace: Workspace) -> None:
    save(workspace, *CONTRACT, minutes("initial=6; increment=6"))
    assert [row.parameters for row in stored(workspace)] == ["initial=6; increment=6"]


def test_parameters_that_cannot_be_read_are_told_by_row_and_nothing_is_saved(workspace: Workspace) -> None:
    with pytest.raises(UnreadableParameters) as caught:
        save(workspace, *CONTRACT, minutes("initial=6; step=6", 3), minutes("initial=0", 4, "2026-01-01"))
    message = caught.value.message
    assert message.startswith("2 prices cannot be read: sheet Prices, row 3: ")
    assert "there is no parameter step here; there may be: " in message
    assert "sheet Prices, row 4: The parameters 'initial=0' cannot be read: initial = '0': 1 to 3600" in message
    assert "Correct the column Parameters as docs/pricing-models.md says" in message
    assert stored(workspace) == []
    with workspace.database.reading() as session:
        assert session.scalars(select(Contract)).all() == []


def test_what_a_file_leaves_out_is_read_as_it_is_stored(sqlite_workspace: Workspace) -> None:
    save(sqlite_workspace, *CONTRACT, minutes("initial=6; increment=6"))
    told = ("contract", "code", "charge_type", "price", "effective_from")
    dearer = replace(minutes(""), price=D("0.03"), model=PriceModel.FLAT, given=told)
    save(sqlite_workspace, dearer)
    (row,) = stored(sqlite_workspace)
    assert (row.price, row.model, row.parameters) == (D("0.03"), PriceModel.PER_MINUTE, "initial=6; increment=6")
    with pytest.raises(UnreadableParameters, match="there is no parameter increment here"):
        save(sqlite_workspace, replace(dearer, given=(*told, "model")))


def test_an_amendment_holds_beside_what_it_replaces(workspace: Workspace) -> None:
    save(workspace, *CONTRACT, price("500"), price("450", "2025-06-01", "2025-08-15", 3))
    found = [(row.price, row.effective_from, row.effective_to, row.agreed) for row in stored(workspace)]
    assert found == [
        (D("500.00"), date(2025, 1, 1), None, None),
        (D("450.00"), date(2025, 6, 1), None, date(2025, 8, 15)),
    ]


def test_two_prices_of_one_amendment_may_not_hold_at_once(workspace: Workspace) -> None:
    save(workspace, *CONTRACT, price("500"), price("450", "2025-06-01", "2025-08-15", 3))
    with pytest.raises(OverlappingPrices, match=r"450.00 from 2025-06-01 \(stored already\) and 440 from 2025-07-01"):
        save(workspace, price("440", "2025-07-01", "2025-08-15", 4))
    save(workspace, price("440", "2025-07-01", "2025-09-01", 4))
    assert len(stored(workspace)) == 3


def test_a_price_is_known_by_the_day_on_which_it_was_agreed_too(workspace: Workspace) -> None:
    save(workspace, *CONTRACT, price("500"), price("450", "2025-01-01", "2025-08-15", 3))
    counts = save(workspace, price("445", "2025-01-01", "2025-08-15", 3)).counts[Kind.PRICE]
    assert (counts.added, counts.changed) == (0, 1)
    assert [row.price for row in stored(workspace)] == [D("500.00"), D("445.00")]


def test_prices_of_a_family_of_services_and_of_a_zone_hold_beside_the_general_one(workspace: Workspace) -> None:
    kinds = [replace(price("1", row=row), service_kind=kind) for row, kind in enumerate(ServiceKind, start=3)]
    zones = [replace(price("2", row=9), zone="Europe"), replace(price("3", row=10), zone="Asia")]
    save(workspace, *CONTRACT, price("500"), *kinds, *zones)
    assert len(stored(workspace)) == 7
    again = save(workspace, replace(price("2", row=9), zone="EUROPE ")).counts[Kind.PRICE]
    assert (again.added, again.total) == (0, 1)
    with pytest.raises(OverlappingPrices):
        save(workspace, replace(price("2.5", "2025-02-01"), zone="Europe"))
    with pytest.raises(OverlappingPrices):
        save(workspace, replace(price("2.5", "2025-02-01"), service_kind=ServiceKind.VOICE))
