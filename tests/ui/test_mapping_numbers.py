"""Telephone numbers in the mapping editor: with the country comes what is dialled there before foreign and before
national numbers, so that one line is not taken for several."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.mapping_rows import dial_as_in
from tests.ui.driver import Driver
from tests.ui.test_mapping_editor import pick, write
from tests.ui.test_mapping_kinds import always, first_rows, map_it

CALLS = """\
Rufnummer;Zielrufnummer;Datum;Uhrzeit;Dauer Sekunden
+4930555010;0301234567;13.04.2026;08:15:30;125
004930555010;+442079460123;13.04.2026;09:00:00;3670
030555010;00498912345;13.04.2026;23:59:59;7
"""


def test_a_line_printed_in_three_ways_is_one_line_once_the_country_is_chosen(window: Driver, tmp_path: Path) -> None:
    page = map_it(window, tmp_path, "rufe.csv", CALLS)
    always(window, "carrier", "Quiet Hill Telefon")
    always(window, "ban", "KD-99")
    write(window, "mapping_zone_line", "Europe/Berlin")
    if "duration" in page.book.unsure:
        pick(window, "mapping_duration", "seconds")
    pick(window, "mapping_country", "49")
    assert page.result.told[0].startswith("3 calls  ·  1 line of ours")
    assert [row[:2] for row in first_rows(window)] == [
        ["4930555010", "49301234567"],
        ["4930555010", "442079460123"],
        ["4930555010", "498912345"],
    ]
    write(window, "mapping_trunk", "9")
    pick(window, "mapping_country", "44")
    assert page.book.mapping["numbers"] == {"country": "44", "international": ["00"], "trunk": "9"}, "what was typed"


@pytest.mark.parametrize(
    ("before", "numbers", "after"),
    [
        ("", {"country": "34"}, {"country": "34", "international": ["00"]}),
        ("49", {"country": "34", "international": ["00"], "trunk": "0"}, {"country": "34", "international": ["00"]}),
        ("49", {"international": ["00"], "trunk": "0"}, {}),
        ("", {"country": "1"}, {"country": "1", "international": ["011"]}),
        ("", {"country": "999"}, {"country": "999"}),
        (
            "44",
            {"country": "49", "international": ["0011"]},
            {"country": "49", "international": ["0011"], "trunk": "0"},
        ),
    ],
)
def test_what_is_dialled_follows_the_country_where_nobody_said_it(
    before: str, numbers: dict[str, object], after: dict[str, object]
) -> None:
    mapping = {"numbers": dict(numbers)}
    dial_as_in(mapping, before)
    assert mapping["numbers"] == after


@pytest.mark.parametrize("column", [4, 5])
def test_a_column_chosen_by_hand_is_asked_what_it_counts(window: Driver, tmp_path: Path, column: int) -> None:
    """ "Duration (sec)" was swapped for minutes, and minutes were taken for seconds."""
    header = "Our number,Called number,Answer time,Duration (sec),Minutes,Ring\n"
    rows = "3125550101,4420794601,2026-04-13 10:00:00,125,2.08,7\n3125550101,4420794601,2026-04-13 11:00:00,60,1,9\n"
    text = f"{header}{rows}"
    page = map_it(window, tmp_path, "calls.csv", text)
    assert page.book.mapping["duration"] == "seconds"
    assert "duration" not in page.book.missing()
    pick(window, f"mapping_column_{column}", "Duration")
    assert "duration" in page.book.missing()
    pick(window, "mapping_duration", "minutes")
    assert "duration" not in page.book.missing()
