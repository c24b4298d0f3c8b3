"""Whatever stands in a table, reading it ends in a document: faults are issues, never exceptions."""

from __future__ import annotations

import contextlib
import json
import time
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.vocabulary import Severity
from app.importers.faults import DocumentFault
from app.importers.records.columns import ALL_SHEETS
from app.importers.records.mapped import read_mapped
from app.importers.records.mapping import open_inventory_mappings
from app.importers.records.read import read_sheet
from app.importers.registry import Definitions, DocumentHead
from app.importers.tabular.answers import answer_guess
from app.importers.tabular.issues import IssueList
from app.importers.tabular.kinds import BY_KEY, kind_of
from app.importers.tabular.mapping import BillMapping, open_bill_mappings
from app.importers.tabular.preview import preview
from app.importers.tabular.read import read_bills
from app.importers.tabular.sheets import Grid, GridFault, Row, Sheet
from app.importers.usage.importer import usage_importers
from app.importers.wire import from_json, to_json
from app.services.mapping_rows import columns_of_spec, finish_rows, open_rows
from app.services.mapping_toml import write_toml
from tests.importers.tables.table_files import documented_mappings

CELLS = st.one_of(
    st.just(""),
    st.text(max_size=20),
    st.sampled_from(["L-9", "2026-04-01", "1.00", "Recurring", "04/01/2026", "NaN", "-", "yes", "MRC", "wan", "1,2,3"]),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18),
    st.sampled_from([Decimal("1234567890123456"), Decimal("1E+29"), Decimal("0.1"), Decimal(0)]),
    st.dates(date(1899, 1, 1), date(2400, 1, 1)),
    st.datetimes(datetime(1899, 1, 1), datetime(2400, 1, 1)),  # noqa: DTZ001 - cells have no zone
    st.timedeltas(timedelta(0), timedelta(days=400)),
)
MAPPINGS = open_bill_mappings(documented_mappings("bill-mappings.md"))
(ASSETS,) = open_inventory_mappings(documented_mappings("inventory.md"))
USAGE = usage_importers([*documented_mappings("call-records.md"), *documented_mappings("traffic-samples.md")])


def sheets(name: str, columns: list[str]) -> st.SearchStrategy[Sheet]:
    """A sheet with these columns, some perhaps lost, and any cells below them."""
    lost = st.sets(st.sampled_from(columns), max_size=1)
    rows = st.lists(st.lists(CELLS, max_size=len(columns) + 1), max_size=6)
    return st.builds(lambda gone, body: make_sheet(name, columns, gone, body), lost, rows)


def make_sheet(name: str, columns: list[str], gone: set[str], body: list[list[object]]) -> Sheet:
    kept: list[tuple[object, ...]] = [tuple(column for column in columns if column not in gone)]
    filled = [*kept, *(tuple(row) for row in body if any(cell != "" for cell in row))]
    return Sheet(name, tuple(Row(number, cells) for number, cells in enumerate(filled, start=1)))  # type: ignore[arg-type]


def columns_of(mapping: BillMapping) -> list[str]:
    """All columns that the rows of a mapping use."""
    return list(dict.fromkeys(name for section in mapping.sections for name, _needed in mapping.used_columns(section)))


@settings(max_examples=60)
@given(sheets("", columns_of(MAPPINGS[0])))
def test_reading_bills_never_raises(sheet: Sheet) -> None:
    invoices, issues = read_bills(MAPPINGS[0], Grid((sheet,)))
    assert bool(invoices) != any(issue.severity is Severity.ERROR for issue in issues)


SUMMARY = ["Invoice number", "Account", "Invoice date", "Billing period", "Total due", "Current charges", "x"]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(SUMMARY), CELLS, CELLS), max_size=9),
    sheets("Charges", columns_of(MAPPINGS[1])),
)
def test_reading_a_summary_never_raises(summary: list[tuple[object, ...]], sheet: Sheet) -> None:
    rows = tuple(Row(number, cells) for number, cells in enumerate(summary, start=1))  # type: ignore[arg-type]
    invoices, issues = read_bills(MAPPINGS[1], Grid((Sheet("Summary", rows), sheet)))
    assert bool(invoices) != any(issue.severity is Severity.ERROR for issue in issues)


@settings(max_examples=60)
@given(st.sampled_from(ALL_SHEETS).flatmap(lambda layout: sheets(layout.name, [one.header for one in layout.columns])))
def test_reading_records_loses_no_row_in_silence(sheet: Sheet) -> None:
    (layout,) = [layout for layout in ALL_SHEETS if layout.name == sheet.name]
    issues = IssueList()
    records = read_sheet(layout, sheet, issues)
    told = {issue.source.row for issue in issues.close()}
    assert issues.refused or len(records) + len({row.number for row in sheet.rows[1:]} & told) == len(sheet.rows) - 1


@settings(max_examples=100)
@given(sheets("", ["Asset", "Supplier", "Line type", "Building", "Live since"]))
def test_reading_a_foreign_inventory_never_raises(sheet: Sheet) -> None:
    read_mapped(ASSETS, Grid((sheet,)), IssueList())


@settings(max_examples=60)
@given(st.sampled_from(USAGE), st.lists(st.lists(st.text(max_size=12), max_size=7), max_size=8))
def test_reading_usage_takes_each_row_in_or_tells_it(importer: object, rows: list[list[str]]) -> None:
    reader = USAGE[0] if importer is USAGE[0] else USAGE[1]
    header = "Calling Number,Called Number,Answer Date,Answer Time,Duration,Charge,Interface,Timestamp,Avg In,Avg Out\n"
    body = "\n".join(",".join(cell.replace('"', "") for cell in row) for row in rows)
    content = (header + body).encode("utf-8", "replace")
    document = reader.read(content, DocumentHead("u.csv", len(content), "csv"))
    assert from_json(to_json(document)) == document


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_bytes_that_are_no_table_end_in_an_issue(content: bytes) -> None:
    for importer in USAGE:
        for media in ("csv", "xlsx"):
            with contextlib.suppress(DocumentFault):  # what begins like a packed file is a fault of the file as a whole
                document = importer.read(content, DocumentHead("x", len(content), media))  # type: ignore[arg-type]
                assert document.refused


TEXTS = st.text("ab01:/-.,;\t +\n\"'Z%", max_size=400)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["", *BY_KEY]), st.sampled_from([-1, 0, 1, 3]), st.sampled_from(["", "fixed", ","]))
def test_mapping_any_text_ends_in_a_draft_or_in_a_message(text: str, kind: str, header: int, delimiter: str) -> None:
    options = {"kind": kind, "header_row": header, "delimiter": delimiter}
    try:
        answer = answer_guess("a.csv", text.encode(), Definitions(), options)
        shown = preview("a.csv", text.encode(), options)
    except GridFault:
        return
    json.dumps([answer, shown])
    assert set(answer["values"]) >= set(_columns(answer["mapping"].get("columns", {})))
    mapping = answer["mapping"] | {"name": "q", "carrier": "Quiet Hill", "ban": "9", "account": "9", "currency": "EUR"}
    write_toml(finish_rows(kind_of(mapping), open_rows(mapping)) if kind_of(mapping).key != "bill" else mapping)


def _columns(fields: dict[str, object]) -> list[str]:
    return [name for spec in fields.values() for name in columns_of_spec(spec)]


@pytest.mark.parametrize(
    "text", ["9" * 900_000, "a " * 450_000, ("1 " * 900 + "\n") * 500, "x" * 20_000 + "\n" + "y\n" * 400_000]
)
def test_a_hostile_text_is_looked_at_in_bounded_time(text: str) -> None:
    begun = time.monotonic()
    for delimiter in ("", "fixed"):
        with contextlib.suppress(GridFault):
            answer_guess("a.txt", text.encode(), Definitions(), {"delimiter": delimiter})
    assert time.monotonic() - begun < 20
