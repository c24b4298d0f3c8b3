"""Orders, budgets and surcharge factors are saved by what they are known by: again and again, never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.domain.money import D
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedBudget,
    ParsedCarrier,
    ParsedLocation,
    ParsedOrder,
    ParsedRecord,
    ParsedSurchargeFactor,
)
from app.domain.source import Source
from app.domain.vocabulary import OrderAction, ServiceKind
from app.models.operations import Budget, ServiceOrder, SurchargeFactor
from app.services.changes import Changes
from app.services.record_book import ContradictingRows, DanglingReferences, Kind
from app.services.records import RecordCounts, save_records
from app.services.workspace import Workspace

QUIET = "Quiet Hill Telephone"


def at(row: int) -> Source:
    return Source(sheet="Orders", row=row)


KNOWN: list[ParsedRecord] = [
    ParsedCarrier(QUIET, at(1)),
    ParsedAccount(QUIET, "0077-12", at(1), currency="USD"),
    ParsedLocation("CHI-01", "Chicago", at(1)),
]
ORDER = ParsedOrder(
    QUIET,
    "SO-118",
    OrderAction.INSTALL,
    date(2026, 2, 2),
    at(2),
    ban="0077 12",
    circuit_id="80/KXGS/000123",
    location="chi-01",
)
BUDGET = ParsedBudget("4410", date(2026, 3, 1), D("12500.50"), "USD", at(3), QUIET, ServiceKind.INTERNET)
FACTOR = ParsedSurchargeFactor("Universal service fund", date(2026, 4, 1), D("36.6"), at(4), "US", "MRC")
ALL = [*KNOWN, ORDER, BUDGET, FACTOR]


def save(workspace: Workspace, *records: ParsedRecord) -> RecordCounts:
    with workspace.database.writing() as session:
        return save_records(session, records, "Dana")


def test_they_are_saved_once_however_often_they_come(workspace: Workspace) -> None:
    first = save(workspace, *ALL)
    assert [first.counts[kind].added for kind in (Kind.ORDER, Kind.BUDGET, Kind.SURCHARGE_FACTOR)] == [1, 1, 1]
    assert first.changes == Changes.INVENTORY | Changes.CONTRACTS
    again = save(workspace, *ALL)
    assert again.changes is Changes.NONE
    with workspace.database.reading() as session:
        order = session.scalars(select(ServiceOrder)).one()
        budget = session.scalars(select(Budget)).one()
        factor = session.scalars(select(SurchargeFactor)).one()
        assert (order.circuit_key, order.account_id, order.location_id) == ("80KXGS000123", 1, 1)
        assert (budget.amount, budget.carrier_id, budget.service_kind) == (D("12500.50"), 1, "internet")
        assert (factor.percent, factor.base) == (D("36.6"), "MRC")


def test_what_an_order_says_later_is_added_to_it(workspace: Workspace) -> None:
    save(workspace, *ALL)
    done = replace(ORDER, location="", completed=date(2026, 3, 1), given=("completed",))
    counts = save(workspace, done, replace(BUDGET, amount=D("13000")), replace(FACTOR, percent=D("37")))
    assert [counts.counts[kind].changed for kind in (Kind.ORDER, Kind.BUDGET, Kind.SURCHARGE_FACTOR)] == [1, 1, 1]
    with workspace.database.reading() as session:
        order = session.scalars(select(ServiceOrder)).one()
        assert (order.completed, order.location_id) == (date(2026, 3, 1), 1)
        assert session.scalars(select(Budget.amount)).one() == D("13000")
        assert session.scalars(select(SurchargeFactor.percent)).one() == D("37")


def test_other_circuits_months_and_days_are_others(workspace: Workspace) -> None:
    save(workspace, *ALL)
    counts = save(
        workspace,
        replace(ORDER, circuit_id="80/KXGS/000124"),
        replace(BUDGET, month=date(2026, 4, 1)),
        replace(BUDGET, carrier=""),
        replace(FACTOR, effective_from=date(2026, 7, 1)),
    )
    assert [counts.counts[kind].added for kind in (Kind.ORDER, Kind.BUDGET, Kind.SURCHARGE_FACTOR)] == [1, 2, 1]


@pytest.mark.parametrize(
    "record",
    [
        replace(ORDER, carrier="Nobody"),
        replace(ORDER, ban="9"),
        replace(ORDER, location="X"),
        replace(BUDGET, carrier="Nobody"),
    ],
)
def test_what_names_nothing_known_saves_nothing(workspace: Workspace, record: ParsedRecord) -> None:
    save(workspace, *KNOWN)
    with pytest.raises(DanglingReferences):
        save(workspace, FACTOR, record)
    with workspace.database.reading() as session:
        assert session.scalars(select(SurchargeFactor)).all() == []


@pytest.mark.parametrize(
    "record",
    [replace(ORDER, description="Other"), replace(BUDGET, amount=D("1")), replace(FACTOR, percent=D("1"))],
)
def test_rows_that_say_two_things_of_one_are_refused(workspace: Workspace, record: ParsedRecord) -> None:
    with pytest.raises(ContradictingRows):
        save(workspace, *ALL, replace(record, source=at(9)))
