"""Calls keep their other party's number to the digit, and are counted once, within moments of UTC."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.usage.calls import (
    ORDER,
    drop_copies,
    durations_by_number,
    holds_calls,
    longest_silence,
    make_frame,
    number_key,
    number_text,
    overlap,
    read_batches,
    scan_calls,
)
from app.usage.store import UsageStore
from tests.usage.records import SHA, Row, calls, seconds

TN = "12175550143"
SEPTEMBER = seconds(2026, 9, 1), seconds(2026, 10, 1)


@given(st.from_regex(r"[0-9]{1,15}", fullmatch=True))
def test_a_number_of_up_to_15_digits_comes_back_as_it_was(text: str) -> None:
    frame = make_frame(calls((TN, SEPTEMBER[0], 1, text)))
    number, digits = frame["number"].item(), frame["digits"].item()
    assert number_text(number, digits) == text
    assert (number, digits) == number_key(text)
    assert 0 <= number < 10**15


@pytest.mark.parametrize("text", ["", "anonymous", "1234567890123456", "+4420", "12a", "１２３"])
def test_what_is_no_number_is_unknown(text: str) -> None:
    frame = make_frame(calls((TN, SEPTEMBER[0], 1, text)))
    assert (frame["number"].item(), frame["digits"].item()) == number_key(text) == (-1, 0)
    assert number_text(-1, 0) == ""


def test_numbers_that_begin_alike_lie_together_whatever_their_length() -> None:
    assert sorted(["9", "4420", "44207", "449", "4"], key=number_key) == ["4", "4420", "44207", "449", "9"]


def test_calls_of_wanted_numbers_are_counted_by_length(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    rows: list[Row] = [
        (TN, SEPTEMBER[0] - 1, 61),
        (TN, SEPTEMBER[0], 61),
        (TN, SEPTEMBER[1] - 1, 5),
        (TN, SEPTEMBER[1], 5),
        (TN, seconds(2026, 9, 12), 61),
        ("12175550144", seconds(2026, 9, 12), 30),
    ]
    files = store.files(batch.path for batch in store.write_calls(7, SHA, [calls(*rows)]))
    assert durations_by_number(files, [TN, "12175550145"], *SEPTEMBER) == {
        TN: ((5, 1), (61, 2)),
        "12175550145": (),
    }
    assert durations_by_number([], [TN], *SEPTEMBER) == {TN: ()}
    assert durations_by_number(files, [], *SEPTEMBER) == {}


def test_calls_that_two_documents_hold_alike_count_once(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    noon = seconds(2026, 9, 12, 12)
    first = store.write_calls(7, SHA, [calls((TN, noon, 61), (TN, noon, 61), (TN, noon + 90, 5))])
    again = store.write_calls(7, SHA.replace("a", "b"), [calls((TN, noon, 61), (TN, noon + 900, 30), first_row=9)])
    files = store.files(batch.path for batch in (*first, *again))
    assert overlap(files)
    assert not overlap(files[:1])
    assert durations_by_number(files, [TN], *SEPTEMBER) == {TN: ((5, 1), (30, 1), (61, 2))}
    kept = drop_copies(scan_calls(files, [TN], *SEPTEMBER)).collect()
    assert kept.select("started", "row").rows() == [(noon, 2), (noon, 3), (noon + 90, 4), (noon + 900, 10)]


def test_two_files_of_one_document_hold_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.usage.store.PART_ROWS", 1)
    store = UsageStore(tmp_path)
    noon = seconds(2026, 9, 12, 12)
    files = store.files(b.path for b in store.write_calls(7, SHA, [calls((TN, noon, 61), (TN, noon, 61))]))
    assert len(files) == 2
    assert not overlap(files)
    assert durations_by_number(files, [TN], *SEPTEMBER) == {TN: ((61, 2),)}


_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", TN, "12175550144"]),
        st.integers(seconds(2026, 9, 30, 23), seconds(2026, 10, 1, 1)),
        st.integers(0, 3),
        st.sampled_from(["", "12175550199"]),
    ),
    max_size=30,
)


@settings(max_examples=25, deadline=None)
@given(_ROWS, _ROWS)
def test_no_call_is_lost_or_counted_twice(one: list[Row], other: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = UsageStore(Path(folder))
        documents = ((SHA, one), (SHA.replace("a", "c"), other))
        stored = [batch for sha, rows in documents if rows for batch in store.write_calls(7, sha, [calls(*rows)])]
        files = store.files(batch.path for batch in stored)
        wanted = Counter(one) | Counter(other)  # of each call the larger number
        by_length = Counter((row[0], row[2]) for row in wanted.elements())
        numbers = {row[0] for row in wanted} | {"404"}
        found = durations_by_number(files, numbers, *(0, 2**40))
        kept = drop_copies(scan_calls(files, numbers, 0, 2**40)).collect() if files else pl.DataFrame()
    assert {(tn, length): number for tn, counted in found.items() for length, number in counted} == by_length
    assert kept.height == wanted.total()
    if files:
        assert kept.equals(kept.sort(*ORDER, "document"))


def test_the_longest_silence_counts_both_ends(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    days = [calls((TN, seconds(2026, 9, day, 23, 59), 61)) for day in (3, 10, 26)]
    files = store.files(batch.path for batch in store.write_calls(7, SHA, days))

    def silence(first: int, end: int) -> int:
        return longest_silence(files, seconds(2026, 9, first), seconds(2026, 9, end))

    assert longest_silence(files, *SEPTEMBER) == 15
    assert (silence(4, 11), silence(20, 27), silence(10, 11)) == (6, 6, 0)
    assert longest_silence([], *SEPTEMBER) == 30


@pytest.mark.parametrize(("hours", "called"), [(25, 0), (25, 47), (25, 48), (23, 0), (23, 46)])
def test_an_hour_more_or_less_is_no_day_of_silence(tmp_path: Path, hours: int, called: int) -> None:
    """Two days, the second of 25 or 23 hours: without one of them the longest silence is the other."""
    store, start = UsageStore(tmp_path), seconds(2026, 10, 31)
    batch = calls((TN, start + called * 3600 + 100, 1))
    files = store.files(stored.path for stored in store.write_calls(7, SHA, [batch]))
    assert longest_silence(files, start, start + (24 + hours) * 3600) == 1


def test_a_file_tells_whether_a_call_of_it_began_in_a_period(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    batches = store.write_calls(7, SHA, [calls((TN, seconds(2026, 9, 3), 1), (TN, seconds(2026, 9, 5), 1))])
    (file,) = store.files(batch.path for batch in batches)
    assert holds_calls(file, seconds(2026, 9, 5), seconds(2026, 9, 6))
    assert not holds_calls(file, seconds(2026, 9, 4), seconds(2026, 9, 5))
    assert not holds_calls(file, seconds(2026, 9, 6), seconds(2026, 9, 7))
    assert not holds_calls(file, seconds(2026, 9, 1), seconds(2026, 9, 3))


@settings(max_examples=25, deadline=None)
@given(_ROWS, _ROWS, st.booleans(), st.integers(1, 9))
def test_batches_hold_every_call_once_and_in_order(one: list[Row], other: list[Row], by_time: bool, most: int) -> None:
    """Lines are never cut; days may be, since only the order counts."""
    start, end = seconds(2026, 9, 30, 23), seconds(2026, 10, 1, 1)
    with tempfile.TemporaryDirectory() as folder:
        store = UsageStore(Path(folder))
        documents = ((SHA, one), (SHA.replace("a", "c"), other))
        stored = [batch for sha, rows in documents if rows for batch in store.write_calls(7, sha, [calls(*rows)])]
        files = store.files(batch.path for batch in stored)
        batches = list(read_batches(files, None, start, end, by_time=by_time, most=most))
        ours = list(read_batches(files, [TN], start, end, by_time=by_time, most=most))
    assert all(batch.num_rows for batch in batches)
    rows = [row for batch in batches for row in batch.to_pylist()]
    wanted = Counter(one) | Counter(other)
    wanted = Counter({row: number for row, number in wanted.items() if start <= row[1] < end})
    assert Counter((row["line"], row["started"], row["seconds"]) for row in rows) == Counter(
        row[:3] for row in wanted.elements()
    )
    assert {row["document"] for row in rows} <= {sha for sha, _ in documents}
    order = [(row["started"],) if by_time else (row["line"], row["started"]) for row in rows]
    assert order == sorted(order)
    assert [row for row in rows if row["line"] == TN] == [row for batch in ours for row in batch.to_pylist()]
    if not by_time:
        lines = [set(batch.column("line").to_pylist()) for batch in batches]
        assert sum(len(each) for each in lines) == len(set().union(*lines))
        assert all(batch.num_rows <= most or len(each) == 1 for batch, each in zip(batches, lines, strict=True))
