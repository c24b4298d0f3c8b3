"""The calls behind a charge come page by page, each once, in the order of their starts."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.usage.drill_down import CallRow, Key, calls_of
from app.usage.store import UsageStore
from tests.usage.records import SHA, Row, calls, seconds

TN, NEXT = "12175550143", "12175550144"
SEPTEMBER = seconds(2026, 9, 1), seconds(2026, 10, 1)


def pages(files: list[Path], limit: int, start: int = SEPTEMBER[0], end: int = SEPTEMBER[1]) -> list[list[CallRow]]:
    """All pages of the line's calls."""
    found: list[list[CallRow]] = []
    after: Key | None = None
    while len(found) < 100 and (page := calls_of(files, TN, start, end, limit, after)):
        found.append(page)
        after = page[-1].key
    return found


def test_a_call_is_shown_as_it_came(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    noon = seconds(2026, 9, 12, 12)
    batch = calls((TN, noon, 61, "442079460000"), (TN, noon + 9, 0, ""), billed=12_500)
    files = store.files(stored.path for stored in store.write_calls(7, SHA, [batch]))
    assert calls_of(files, TN, *SEPTEMBER) == [
        CallRow(TN, "442079460000", noon, 61, 12_500, 2, SHA),
        CallRow(TN, "", noon + 9, 0, 12_500, 3, SHA),
    ]
    assert calls_of(files, NEXT, *SEPTEMBER) == []
    assert calls_of([], TN, *SEPTEMBER) == []


def test_only_calls_within_the_period_are_shown_whatever_month_they_are_filed_under(tmp_path: Path) -> None:
    store = UsageStore(tmp_path)
    started = [SEPTEMBER[0] - 1, SEPTEMBER[0], SEPTEMBER[1] - 1, SEPTEMBER[1], SEPTEMBER[1] + 3600]
    batch = calls(*((TN, moment, 60) for moment in started))
    files = store.files(stored.path for stored in store.write_calls(7, SHA, [batch]))
    assert len(files) == 3
    assert [row.started for row in calls_of(files, TN, *SEPTEMBER)] == started[1:3]
    later = calls_of(files[::-1], TN, SEPTEMBER[0] + 5 * 3600, SEPTEMBER[1] + 3600)
    assert [row.started for row in later] == started[2:4]


_ROWS = st.lists(
    st.tuples(
        st.sampled_from([TN, TN, NEXT]),
        st.integers(SEPTEMBER[1] - 3, SEPTEMBER[1] + 2),
        st.integers(0, 2),
        st.sampled_from(["", "12175550199"]),
    ),
    max_size=25,
)


@settings(max_examples=30, deadline=None)
@given(_ROWS, _ROWS, st.integers(1, 7), st.integers(2, 6))
@example([(TN, SEPTEMBER[1] - 1, 1, "")] * 3, [(TN, SEPTEMBER[1] - 1, 1, "")] * 2 + [(TN, SEPTEMBER[1], 2, "")], 1, 3)
def test_pages_of_any_size_show_every_call_once(one: list[Row], other: list[Row], limit: int, first_row: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.usage.store.PART_ROWS", 4)
        patch.setattr("app.usage.store.GROUP_ROWS", 2)
        store = UsageStore(Path(folder))
        stored = [*store.write_calls(7, SHA, [calls(*one)])] if one else []
        if other:
            stored += store.write_calls(7, SHA.replace("a", "0"), [calls(*other, first_row=first_row)])
        files = store.files(batch.path for batch in stored)
        found = pages(files, limit, end=SEPTEMBER[1] + 1)
    rows = [row for page in found for row in page]
    wanted = (Counter(one) | Counter(other)).items()
    in_period = Counter({row: number for row, number in wanted if row[0] == TN and row[1] <= SEPTEMBER[1]})
    assert Counter((row.line, row.started, row.seconds, row.number) for row in rows) == in_period
    assert [row.key for row in rows] == sorted(row.key for row in rows)
    assert all(len(page) == limit for page in found[:-1])
