"""Two engines that share no look-up give the same sums, to the last digit."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.errors import BugError
from app.rating.voice.call import Call, DeckRow
from app.rating.voice.crosscheck import total_by_sql
from app.rating.voice.deck import compile_deck
from app.rating.voice.terms import Band, VoiceTerms
from app.usage.rerate import rate_files
from tests.rating import voice_cases as cases


def as_frame(rows: list[DeckRow]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "prefix": [row.prefix for row in rows],
            "zone": [row.zone for row in rows],
            "price": [int(row.price.scaleb(10)) for row in rows],
            "effective_from": [row.effective_from for row in rows],
            "effective_to": pl.Series([row.effective_to for row in rows], dtype=pl.Date),
            "connect": pl.Series(
                [None if row.connect is None else int(row.connect.scaleb(10)) for row in rows], dtype=pl.Int64
            ),
            "initial": pl.Series([row.initial for row in rows], dtype=pl.Int64),
            "increment": pl.Series([row.increment for row in rows], dtype=pl.Int64),
        }
    )


@pytest.mark.parametrize("seed", range(16))
def test_sql_over_the_written_rows_gives_the_same_sums(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    terms = replace(cases.make_terms(chance), bands=(), piu=None)
    frame = as_frame(cases.make_deck(chance, terms, 80, kinds=False))
    file = tmp_path / "calls.parquet"
    pq.write_table(pa.Table.from_batches([cases.as_batch(cases.make_calls(chance, 600))]), file)
    overrides = {"zone 3": Decimal("0.0123")} if seed % 2 else {}
    ours = rate_files([file], compile_deck(frame, terms, overrides), terms).totals[()]
    assert ours == total_by_sql([file], frame, terms, overrides)


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "America/Asuncion"])
def test_days_begin_at_the_same_second_in_every_zone(zone: str, tmp_path: Path) -> None:
    """A call a second before and one at each midnight of two years: a price for each day tells when it began."""
    days = [date(2025, 1, 1) + timedelta(days=place) for place in range(730)]
    rows = [
        DeckRow("1", "zone 1", Decimal(place).scaleb(-4), day, day + timedelta(days=1))
        for place, day in enumerate(days, 1)
    ]
    terms = VoiceTerms(time_zone=zone)
    clock = ZoneInfo(zone)
    midnights = [int(datetime(day.year, day.month, day.day, tzinfo=clock).timestamp()) for day in days]
    calls = [Call("15550100200", "12025550100", second, 60) for at in midnights for second in (at - 1, at)]
    file = tmp_path / "calls.parquet"
    pq.write_table(pa.Table.from_batches([cases.as_batch(calls)]), file)
    frame = as_frame(rows)
    ours = rate_files([file], compile_deck(frame, terms), terms).totals[()]
    assert total_by_sql([file], frame, terms) == ours
    assert ours.unpriced == 1


def test_terms_that_it_does_not_know_are_refused(tmp_path: Path) -> None:
    terms = VoiceTerms(bands=(Band("day", frozenset({0})),))
    with pytest.raises(BugError, match="no bands"):
        total_by_sql([], as_frame([]), terms)
