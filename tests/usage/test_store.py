"""Usage goes to Parquet by account and month and comes back exactly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from app.domain.parsed_usage import ParsedSamples
from app.domain.period import Period
from app.usage import store as store_module
from app.usage.calls import ORDER
from app.usage.store import UsageStore, months_of
from tests.usage.records import SHA, calls, seconds


def test_calls_are_split_by_month(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    batches = store.write_calls(
        7,
        SHA,
        [
            calls(("12175550143", seconds(2026, 8, 31, 23, 59, 59), 61), ("12175550143", seconds(2026, 9, 1), 61)),
            calls(("12175550143", seconds(2026, 9, 12), 61), ("12175550144", seconds(2026, 9, 30, 23, 59, 59), 30)),
        ],
    )
    assert [(batch.month, batch.rows) for batch in batches] == [(date(2026, 8, 1), 1), (date(2026, 9, 1), 3)]
    assert [batch.path for batch in batches] == [
        f"calls/account=7/month=2026-08/{SHA}.parquet",
        f"calls/account=7/month=2026-09/{SHA}.parquet",
    ]
    assert [store.count_rows(batch.path) for batch in batches] == [1, 3]


def test_a_month_of_many_calls_fills_several_sorted_files_in_groups_with_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "PART_ROWS", 5)
    monkeypatch.setattr(store_module, "GROUP_ROWS", 2)
    store = UsageStore(tmp_path)
    rows = [(f"1217555{number % 4:04d}", seconds(2026, 9, 1 + number), number) for number in range(12)]
    batches = store.write_calls(7, SHA, [calls(*rows)])
    assert [Path(batch.path).stem for batch in batches] == [SHA, f"{SHA}-2", f"{SHA}-3"]
    assert [batch.rows for batch in batches] == [5, 5, 2]
    assert len({batch.sha256 for batch in batches}) == 3
    files = store.files(batch.path for batch in batches)
    whole = pl.concat([pl.read_parquet(file) for file in files])
    assert whole.equals(whole.sort(ORDER))
    assert sorted(whole["seconds"].to_list()) == list(range(12))
    facts = pq.read_metadata(files[0])
    assert facts.num_row_groups == 3
    assert facts.row_group(0).column(0).statistics.has_min_max


def test_samples_are_kept_by_circuit(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    (batch,) = store.write_samples(
        3,
        SHA,
        [
            ParsedSamples(
                "Northbeam",
                "1",
                circuit_id=("B", "A"),
                ended=(seconds(2026, 9, 1, 0, 5), seconds(2026, 9, 1, 0, 5)),
                octets_in=(2**53 + 1, 5),
                octets_out=(7, 9),
                rows=(2, 3),
            )
        ],
    )
    frame = pl.read_parquet(tmp_path / batch.path)
    assert frame["circuit_id"].to_list() == ["A", "B"]
    assert frame["octets_in"].to_list() == [5, 2**53 + 1]


def test_nothing_is_left_of_a_file_whose_writing_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_partial: Path, _target: Path) -> None:
        raise OSError("the disk is full")

    store = UsageStore(tmp_path)
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="full"):
        store.write_calls(7, SHA, [calls(("1", seconds(2026, 9, 1), 1))])
    assert not list(tmp_path.rglob("*.parquet"))


def test_only_old_files_that_nobody_names_are_swept(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    (kept,) = store.write_calls(7, SHA, [calls(("1", seconds(2026, 9, 1), 1))])
    (orphan,) = store.write_calls(8, SHA, [calls(("1", seconds(2026, 9, 1), 1))])
    deck, left = tmp_path / "decks" / "a.parquet", tmp_path / "decks" / ".1-2.partial"
    deck.parent.mkdir()
    deck.touch()
    left.touch()
    known = {kept.path, "decks/a.parquet"}
    assert store.sweep(known, before=0.0) == 0
    assert store.sweep(known, before=4e12) == 2
    assert not left.exists()
    assert (tmp_path / kept.path).is_file()
    assert deck.is_file()
    assert not (tmp_path / orphan.path).exists()


def test_months_of_a_period_are_all_that_it_touches() -> None:
    assert months_of(Period(date(2026, 1, 17), date(2026, 3, 1))) == (date(2026, 1, 1), date(2026, 2, 1))
