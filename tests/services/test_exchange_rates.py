"""Exchange rates on both databases: dated, sourced, corrected with a log entry, read back exactly."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.domain.money import D
from app.domain.parsed_records import ParsedExchangeRate
from app.domain.source import Source
from app.models.workspace import LogEntry
from app.services.changes import Changes
from app.services.exchange_rates import load_rates
from app.services.record_book import ContradictingRows
from app.services.records import RecordCounts, save_records
from app.services.workspace import Workspace

RATE = ParsedExchangeRate(
    "EUR", "USD", date(2026, 3, 31), D("1.0815000001"), Source(sheet="ExchangeRates", row=2), "Central bank"
)


def save(workspace: Workspace, *rates: ParsedExchangeRate) -> RecordCounts:
    with workspace.database.writing() as session:
        return save_records(session, rates, "Dana")


def test_rates_come_back_exactly_and_in_order(workspace: Workspace) -> None:
    other = replace(RATE, base="CHF", rate=D("1.13"))
    later = replace(RATE, day=date(2026, 4, 1), rate=D("1.09"), source=Source(sheet="ExchangeRates", row=3))
    counts = save(workspace, later, RATE, other)
    assert (str(counts), counts.changes) == ("exchange rates: 3 new", Changes.CONTRACTS)
    with workspace.database.reading() as session:
        assert load_rates(session) == (
            ("CHF", "USD", date(2026, 3, 31), D("1.13")),
            ("EUR", "USD", date(2026, 3, 31), D("1.0815000001")),
            ("EUR", "USD", date(2026, 4, 1), D("1.09")),
        )


def test_the_same_rates_again_change_nothing(workspace: Workspace) -> None:
    save(workspace, RATE)
    assert save(workspace, RATE).changes == Changes.NONE


def test_a_correction_is_logged_with_both_rates(workspace: Workspace) -> None:
    save(workspace, RATE)
    save(workspace, replace(RATE, rate=D("1.08"), said_by="", given=("base", "quote", "day", "rate")))
    with workspace.database.reading() as session:
        ((_, _, _, rate),) = load_rates(session)
        details = session.scalars(select(LogEntry.details).order_by(LogEntry.id.desc())).first() or ""
    assert rate == D("1.08")
    (change,) = json.loads(details)["changed"]
    assert change == {"subject": "the rate from EUR to USD of 2026-03-31", "rate": ["1.0815000001", "1.08"]}


def test_two_rates_of_one_day_in_one_file_are_refused(workspace: Workspace) -> None:
    with pytest.raises(ContradictingRows, match="the rate from EUR to USD of 2026-03-31"):
        save(workspace, RATE, replace(RATE, rate=D("1.2"), source=Source(sheet="ExchangeRates", row=9)))
    with workspace.database.reading() as session:
        assert load_rates(session) == ()
