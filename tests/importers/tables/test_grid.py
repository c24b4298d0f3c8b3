"""CSV and XLSX as rows of cells: delimiters proven, every row with its number, nothing beyond the limits."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers.tabular.cells import read_amount
from app.importers.tabular.delimited import DELIMITERS, find_delimiter, stream_csv
from app.importers.tabular.grid import read_grid
from app.importers.tabular.sheets import GridFault
from tests.importers.tables.table_files import make_workbook

CELL = st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S")), min_size=1, max_size=12)
TABLE = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=2, max_size=12)
)


def write_csv(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    return buffer.getvalue()


@given(rows=TABLE, delimiter=st.sampled_from(DELIMITERS))
def test_a_table_written_as_csv_is_read_back_cell_by_cell(rows: list[list[str]], delimiter: str) -> None:
    read = list(stream_csv(write_csv(rows, delimiter), delimiter))
    assert [list(row.cells) for row in read] == rows
    assert [row.number for row in read] == list(range(1, len(rows) + 1))


@given(
    rows=st.integers(2, 6).flatmap(
        lambda width: st.lists(
            st.lists(st.text("abcdefgh 0123456789.", min_size=1, max_size=8), min_size=width, max_size=width),
            min_size=2,
            max_size=40,
        )
    ),
    delimiter=st.sampled_from(DELIMITERS),
)
def test_the_delimiter_of_a_regular_table_is_found(rows: list[list[str]], delimiter: str) -> None:
    assert find_delimiter("\n".join(delimiter.join(row) for row in rows) + "\n") == delimiter


def test_a_decimal_comma_does_not_make_the_comma_a_delimiter() -> None:
    assert find_delimiter("invoice;date;amount\n1;29.02.2024;1.234,56\n2;01.03.2024;7,00\n") == ";"


def test_a_table_of_one_column_reads_as_one_column() -> None:
    assert [row.cells for row in read_grid(b"number\n1\n2\n", "csv").sheets[0].rows] == [("number",), ("1",), ("2",)]


def test_rows_keep_their_line_numbers_over_blank_lines_and_cells_of_several_lines() -> None:
    rows = list(stream_csv('a,b\n\n"x\ny",2\n,\n3,4\n', ","))
    assert [(row.number, row.cells) for row in rows] == [(1, ("a", "b")), (3, ("x y", "2")), (6, ("3", "4"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_and_plain_unicode_is_read(encoding: str) -> None:
    (sheet,) = read_grid("Straße,Büro\n1,2\n".encode(encoding), "csv").sheets
    assert sheet.rows[0].cells == ("Straße", "Büro")


def test_another_code_page_is_read_only_if_it_is_named() -> None:
    content = "Straße,Büro\n1,2\n".encode("cp1252")
    with pytest.raises(GridFault) as caught:
        read_grid(content, "csv")
    assert caught.value.code == "bad-encoding"
    assert "encoding under [format]" in caught.value.remedy
    assert read_grid(content, "csv", encoding="cp1252").sheets[0].rows[0].cells == ("Straße", "Büro")


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b'a,b\n1,"2\n' + b"3,4\n" * 50_000, "broken-csv", 2),
        (b'a,b\n1,"2"x\n', "broken-csv", 2),
        (b"a,b\n1," + b"9" * 40_000 + b"\n", "beyond-limits", 2),
        (b"a,b\n1," + b"9" * 1_000_001 + b"\n", "beyond-limits", 2),
        (b",".join([b"x"] * 1_001) + b"\n", "beyond-limits", 1),
        (b"a\x00b,c\n", "bad-encoding", None),
        ("a,b\n1,2\n".encode("utf-16-be"), "bad-encoding", None),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not-a-table", None),
        (b"%PDF-1.4\n", "not-a-table", None),
    ],
)
def test_a_hostile_csv_is_refused_at_its_row(content: bytes, code: str, row: int | None) -> None:
    with pytest.raises(GridFault) as caught:
        read_grid(content, "csv")
    assert (caught.value.code, caught.value.source.row) == (code, row)
    assert caught.value.issue.remedy


@given(st.lists(st.lists(st.text("abc xyz-/0", max_size=10), min_size=3, max_size=3), min_size=1, max_size=10))
def test_a_table_written_as_workbook_is_read_back(rows: list[list[str]]) -> None:
    (sheet,) = read_grid(make_workbook({"T": rows}), "xlsx").sheets
    wanted = [(number, [" ".join(cell.split()) for cell in row]) for number, row in enumerate(rows, start=1)]
    filled = [(number, cells) for number, cells in wanted if any(cells)]
    read = [(row.number, [*map(str, row.cells), "", ""][:3]) for row in sheet.rows]
    assert read == [(number, cells) for number, cells in filled]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20))
def test_cents_typed_into_a_workbook_sum_exactly(cents: list[int]) -> None:
    (sheet,) = read_grid(make_workbook({"T": [(number / 100,) for number in cents]}), "xlsx").sheets
    assert sum(read_amount(row.cells[0], places=2) for row in sheet.rows) * 100 == sum(cents)


def test_a_table_that_begins_further_down_and_right_keeps_its_places() -> None:
    rows: list[tuple[object, ...]] = [(None,), (None, None, "a", "b"), (None, None, 1, None)]
    (sheet,) = read_grid(make_workbook({"T": rows}), "xlsx").sheets
    assert [(row.number, len(row.cells), str(row.cells[2])) for row in sheet.rows] == [(2, 4, "a"), (3, 4, "1.0")]


def test_hidden_sheets_are_named_and_not_read() -> None:
    grid = read_grid(make_workbook({"A": [("x",)], "B": [("y",)]}, hidden=["B"]), "xlsx")
    assert ([sheet.name for sheet in grid.sheets], grid.hidden) == (["A"], ("B",))
