"""What a table says in two ways is not read in one of them: currencies, sums among the charges, sheets, dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.source import Source
from app.domain.vocabulary import Severity
from app.importers.tabular.importer import tabular_importers
from tests.importers.tables.table_files import make_workbook, read_with, told

MAPPING = """
kind = "bill-mapping"
name = "quiet"
carrier = "Quiet Hill"
currency = "USD"
[claims]
media = "csv"
columns = ["No", "Text", "Amount"]
[format]
date = "YYYY-MM-DD"
[invoice]
number = "No"
bill_date = "Date"
[charges.columns]
description = "Text"
amount = "Amount"
[charges.types]
default = "MRC"
"""
HEADER = "No,Date,Text,Amount"
COLUMNS = tuple(HEADER.split(","))


def read(mapping: str, *rows: str, header: str = HEADER) -> ParsedDocument:
    (importer,) = tabular_importers([mapping])
    return read_with(importer, "bill.csv", "\n".join([header, *rows]) + "\n")


def charges(*pairs: tuple[str, str], mapping: str = MAPPING) -> ParsedDocument:
    """What is read of one bill with these texts and amounts."""
    return read(mapping, *(f"1,2026-01-05,{text},{amount}" for text, amount in pairs))


@pytest.mark.parametrize("amount", ["€100", "£50", "JPY 7", "5 EUR"])
@pytest.mark.parametrize("rounded", ["", "round = true\nplaces = 2\n"])
def test_an_amount_of_another_currency_than_the_bills_is_refused(amount: str, rounded: str) -> None:
    document = charges(("Port", amount), mapping=MAPPING.replace("[format]\n", "[format]\n" + rounded))
    assert document.invoices == ()
    assert told(document) == [("bad-value", "", 2)]
    assert "is no sign of USD" in document.issues[0].message


def test_the_currency_of_a_row_is_that_of_its_column() -> None:
    mapping = MAPPING.replace('currency = "USD"\n', "").replace("[invoice]\n", '[invoice]\ncurrency = "Cur"\n')
    header = HEADER + ",Cur"
    fine = read(mapping, "1,2026-01-05,Port,€5,EUR", "2,2026-01-05,Port,$6,USD", header=header)
    assert [(bill.currency, bill.total_due) for bill in fine.invoices] == [("EUR", D(5)), ("USD", D(6))]
    wrong = read(mapping, "1,2026-01-05,Port,€5,EUR", "2,2026-01-05,Port,€6,USD", header=header)
    assert told(wrong) == [("bad-value", "", 3)]


def test_the_currency_beside_the_rows_counts_for_them_and_for_the_totals() -> None:
    mapping = MAPPING.replace('currency = "USD"\n', "").replace(
        "[invoice]\n", '[invoice]\ncurrency = { label = "Currency" }\ntotal_due = { label = "Due" }\n'
    )
    rows = ("Due,{due}", HEADER, "1,2026-01-05,Port,{amount}")
    for due, amount, place in (("€5", "€5", None), ("€5", "$5", 4), ("$5", "€5", 2)):
        lines = [one.format(due=due, amount=amount) for one in rows]
        document = read(mapping, *lines, header="Currency,EUR")
        assert told(document) == ([("bad-value", "", place)] if place else [])


def test_a_price_is_compared_with_the_currency_and_a_quantity_is_not() -> None:
    mapping = MAPPING.replace('amount = "Amount"', 'amount = "Amount"\nquantity = "Qty"\nunit_price = "Price"')
    header = HEADER + ",Qty,Price"
    assert told(read(mapping, "1,2026-01-05,Port,10,2 PCS,$5", header=header)) == []
    assert told(read(mapping, "1,2026-01-05,Port,10,2 PCS,€5", header=header)) == [("bad-value", "", 2)]


def test_a_date_that_two_formats_read_differently_is_refused_in_its_row() -> None:
    mapping = MAPPING.replace('"YYYY-MM-DD"', '["DD/MM/YYYY", "MM/DD/YYYY"]')
    document = read(mapping, "1,03/04/2026,Port,5", "2,03/14/2026,Port,5")
    assert told(document) == [("bad-value", "", 2)]
    assert "2026-04-03" in document.issues[0].message
    assert "2026-03-04" in document.issues[0].message
    assert read(mapping, "2,03/14/2026,Port,5").invoices[0].bill_date == date(2026, 3, 14)


def test_a_total_among_the_charges_is_told_with_its_place_and_kept() -> None:
    document = charges(("Port", "100"), ("Line", "50"), ("Total", "150"))
    (issue,) = document.issues
    assert (issue.severity, issue.code, issue.source) == (Severity.WARNING, "sum-read-as-charge", Source(row=4))
    assert "'Total' is 150.00" in issue.message
    assert [charge.amount for charge in document.invoices[0].charges] == [D(100), D(50), D(150)]


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([("a", "1"), ("b", "2"), ("c", "4")], []),
        ([("a", "5"), ("b", "5")], []),  # one row above makes no sum
        ([("a", "5"), ("Subtotal:", "5")], [3]),  # unless it is called one
        ([("a", "5"), ("Summary line", "5")], []),
        ([("a", "1"), ("b", "2"), ("all of it", "3")], [4]),
        ([("a", "1"), ("b", "2"), ("Sub", "3"), ("c", "4"), ("d", "5"), ("Sub", "9"), ("Total", "12")], [4, 7, 8]),
        ([("a", "5"), ("b", "-5"), ("c", "0")], []),
    ],
)
def test_rows_that_equal_those_above_since_the_last_sum_are_told(
    rows: list[tuple[str, str]], places: list[int]
) -> None:
    assert told(charges(*rows)) == [("sum-read-as-charge", "", place) for place in places]


def test_each_bill_has_sums_of_its_own() -> None:
    rows = ("1,2026-01-05,a,1", "2,2026-01-05,b,2", "1,2026-01-05,c,3")
    assert told(read(MAPPING, *rows)) == []


def test_where_the_bill_states_its_total_that_decides() -> None:
    mapping = MAPPING.replace("[invoice]\n", '[invoice]\ntotal_due = "Due"\n')
    rows = ("1,2026-01-05,a,1,6", "1,2026-01-05,b,2,6", "1,2026-01-05,c,3,6")
    assert told(read(mapping, *rows, header=HEADER + ",Due")) == []


def test_a_second_sheet_with_the_same_columns_is_told() -> None:
    (importer,) = tabular_importers([MAPPING.replace('"csv"', '"xlsx"')])
    one: list[tuple[object, ...]] = [COLUMNS, ("1", "2026-01-05", "Port", 100)]
    sheets: dict[str, Sequence[Sequence[object]]] = {
        "March": one,
        "More": one,
        "Notes": [("Text",), ("hello",)],
        "Empty": [COLUMNS],
        "Away": one,
    }
    document = read_with(importer, "bill.xlsx", make_workbook(sheets, ["Away"]))
    assert document.invoices[0].total_due == D(100)
    (told_of,) = [issue for issue in document.issues if issue.code == "sheet-not-read"]
    assert (told_of.severity, told_of.source) == (Severity.WARNING, Source(sheet="More"))
    assert "'More'" in told_of.message
