"""A large text is judged by its opening: only usage is read of any size, since only usage is read piece by piece."""

from __future__ import annotations

import io

import pytest

from app.domain.parsed import ParsedDocument
from app.importers import opened
from app.importers.registry import Definitions
from app.importers.tabular import read as bills

HEADER = "Invoice No,Invoice Date,Circuit,Amount\n"
ROW = "A-1,2026-08-13,QH/0001/A,5.00\n"
BILLS = """
kind = "bill-mapping"
name = "acme"
carrier = "Acme"
currency = "USD"
[claims]
columns = ["Invoice No", "Invoice Date", "Circuit", "Amount"]
[format]
date = "YYYY-MM-DD"
[invoice]
number = "Invoice No"
bill_date = "Invoice Date"
[charges.columns]
circuit_id = "Circuit"
amount = "Amount"
"""


class Watched(io.BytesIO):
    """A file that says how much of it was read at most at once."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.most = max(self.most, len(piece))
        return piece


def read(text: str, *mappings: str) -> tuple[ParsedDocument, int]:
    file = Watched(text.encode())
    return opened.read_opened("large.csv", file, Definitions(mappings=mappings)), file.most


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "_MOST_WHOLE", 10_000)
    monkeypatch.setattr(opened, "_OPENING", 1_000)


def test_a_large_table_that_nobody_knows_is_told_by_its_opening() -> None:
    document, most = read(HEADER + ROW * 1_000)
    (issue,) = document.issues
    assert (issue.code, most) == ("no-importer", 1_000)
    assert "its columns are Invoice No, Invoice Date, Circuit, Amount" in issue.message


def test_a_table_of_charges_that_is_too_large_is_refused_before_it_is_read() -> None:
    document, most = read(HEADER + ROW * 1_000, BILLS)
    (issue,) = document.issues
    assert (issue.code, most) == ("too-large", 1_000)


def test_a_smaller_one_is_read_whole() -> None:
    document, most = read(HEADER + ROW * 100, BILLS)
    assert most == len(HEADER) + 100 * len(ROW)
    (bill,) = document.invoices
    assert len(bill.charges) == 100


def test_a_bill_of_more_rows_than_an_answer_holds_is_told_to_be_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bills, "MOST_ROWS", 90)
    document, _most = read(HEADER + ROW * 100, BILLS)
    (issue,) = document.issues
    assert issue.code == "too-large"
    assert issue.message == "The table has 101 rows; of a bill at most 90 are read at once."


def test_a_huge_file_of_any_kind_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "_MOST_BYTES", 20_000)
    document, most = read("<a>" + "A" * 30_000 + "</a>")
    (issue,) = document.issues
    assert (issue.code, most) == ("too-large", 1_000)
