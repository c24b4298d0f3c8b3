"""Usage goes to Parquet by account and month and comes back exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.parsed import ParsedSamples, ParsedUsage
from app.domain.period import Period
from app.usage.store import UsageStore, months_of

SHA = "ab" * 32


def seconds(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[misc, arg-type]


def calls(*rows: tuple[str, int, int]) -> ParsedUsage:
    return ParsedUsage(
        carrier="Halyard Voice",
        ban="1",
        currency="USD",
        tn=tuple(row[0] for row in rows),
        other_party=tuple("12175550199" for _ in rows),
        started=tuple(row[1] for row in rows),
        seconds=tuple(row[2] for row in rows),
        billed=tuple(None for _ in rows),
        rows=tuple(range(2, len(rows) + 2)),
    )


def test_calls_are_split_by_month_and_counted_by_length(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    batches = store.write_calls(
        7,
        SHA,
        [
            calls(
                ("12175550143", seconds(2026, 8, 31, 23, 59, 59), 61),
                ("12175550143", seconds(2026, 9, 1), 61),
                ("12175550143", seconds(2026, 9, 30, 23, 59, 59), 5),
            ),
            calls(("12175550143", seconds(2026, 9, 12), 61), ("12175550144", seconds(2026, 9, 12), 30)),
        ],
    )
    assert [(batch.month, batch.rows) for batch in batches] == [(date(2026, 8, 1), 1), (date(2026, 9, 1), 4)]
    september = Period(date(2026, 9, 1), date(2026, 10, 1))
    paths = [batch.path for batch in batches]
    assert store.durations(paths, "12175550143", september) == ((5, 1), (61, 2))
    assert store.durations(paths, "12175550144", september) == ((30, 1),)
    assert store.durations([], "12175550144", september) == ()


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.just("12175550143"), st.integers(seconds(2026, 1, 1), seconds(2026, 12, 31)), st.integers(0, 90_000)
        ),
        min_size=1,
        max_size=60,
    )
)
def test_no_call_is_lost_or_counted_twice(rows: list[tuple[str, int, int]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        store = UsageStore(Path(folder))
        paths = [batch.path for batch in store.write_calls(7, SHA, [calls(*rows)])]
        year = Period(date(2026, 1, 1), date(2027, 1, 1))
        counted = store.durations(paths, "12175550143", year)
    assert sum(number for _, number in counted) == len(rows)
    assert sum(length * number for length, number in counted) == sum(row[2] for row in rows)


def test_samples_are_kept_by_circuit(tmp_path: Path) -> None:
    import polars as pl

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


def test_only_old_files_that_nobody_names_are_swept(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    (kept,) = store.write_calls(7, SHA, [calls(("1", seconds(2026, 9, 1), 1))])
    (orphan,) = store.write_calls(8, SHA, [calls(("1", seconds(2026, 9, 1), 1))])
    assert store.sweep({kept.path}, before=0.0) == 0
    assert store.sweep({kept.path}, before=4e12) == 1
    assert (tmp_path / kept.path).is_file()
    assert not (tmp_path / orphan.path).exists()


def test_months_of_a_period_are_all_that_it_touches() -> None:
    assert months_of(Period(date(2026, 1, 17), date(2026, 3, 1))) == (date(2026, 1, 1), date(2026, 2, 1))


def test_calls_that_two_files_hold_alike_count_once(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    tn, noon = "12175550143", seconds(2026, 9, 12, 12)
    first = store.write_calls(7, SHA, [calls((tn, noon, 61), (tn, noon, 61), (tn, noon + 90, 5))])
    again = store.write_calls(7, SHA.replace("a", "b"), [calls((tn, noon, 61), (tn, noon + 900, 30))])
    paths = [batch.path for batch in (*first, *again)]
    assert len(set(paths)) == 2
    september = Period(date(2026, 9, 1), date(2026, 10, 1))
    assert store.durations_by_number(paths, [tn], september) == {tn: ((5, 1), (30, 1), (61, 2))}


def test_the_longest_silence_counts_both_ends_of_the_period(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    tn, september = "12175550143", Period(date(2026, 9, 1), date(2026, 10, 1))
    days = [calls((tn, seconds(2026, 9, day, 23, 59), 61)) for day in (3, 10, 26)]
    paths = [batch.path for batch in store.write_calls(7, SHA, days)]
    assert store.longest_silence(paths, september) == 15
    assert store.longest_silence(paths, Period(date(2026, 9, 4), date(2026, 9, 11))) == 6
    assert store.longest_silence(paths, Period(date(2026, 9, 20), date(2026, 9, 27))) == 6
    assert store.longest_silence(paths, Period(date(2026, 9, 10), date(2026, 9, 11))) == 0
    assert store.longest_silence([], september) == 30
