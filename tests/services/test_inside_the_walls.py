"""Each kind of file is read by its real reader in the real child, inside all its walls, as it is without them."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.importers.opened import read_opened
from app.importers.registry import Definitions
from app.services.intake import receive
from app.services.mappings import save_mapping
from app.services.parsing import parse_file
from app.services.receipts import Outcome
from app.services.second_reading import LIMITS
from app.services.workspace import Workspace
from tests.importers.bank_files import camt, part
from tests.importers.container_files import pack, write_mail
from tests.importers.edi_files import HEAD, ONE_LINE, bill, edifact
from tests.importers.ocr_pictures import draw, save
from tests.importers.pdf_files import LAYOUT, PAGES, make_pdf
from tests.importers.tables.table_files import (
    label_cell,
    make_old_workbook,
    make_open_workbook,
    make_workbook,
    number_cell,
    open_row,
)
from tests.importers.xml_files import CII, FATTURA, UBL

BOOK = """
kind = "bill-mapping"
name = "walls_{media}"
carrier = "Quiet Hill"
currency = "USD"
[claims]
media = "{media}"
columns = ["Invoice", "Date", "Item", "Amount"]
[format]
date = "YYYY-MM-DD"
[invoice]
number = "Invoice"
bill_date = "Date"
[charges.columns]
description = "Item"
amount = "Amount"
"""
CALLS = """
kind = "usage-mapping"
name = "walls_calls"
record = "calls"
carrier = "Quiet Hill"
currency = "USD"
[claims]
media = "csv"
columns = ["Account", "Number", "Other", "Start", "Seconds", "Charge"]
[time]
format = "YYYY-MM-DD hh:mm:ss"
zone = "Europe/Berlin"
[columns]
ban = "Account"
tn = "Number"
other_party = "Other"
start = "Start"
seconds = "Seconds"
billed = "Charge"
"""
DEFINITIONS = Definitions(
    (LAYOUT,),
    (
        *(BOOK.format(media=media) for media in ("xlsx", "xls", "ods", "csv")),
        CALLS,
    ),
)
HEADINGS = ("Invoice", "Date", "Item", "Amount")
ROW = ("Q-1", "2026-04-01", "Port", 5)
CALL_HEADINGS = ("Account", "Number", "Other", "Start", "Seconds", "Charge")
CALL = ("A-1", "3125550100", "3125550199", "2026-04-30 18:05:00", "60", "0.02")
CSV = ",".join(HEADINGS) + "\n" + ",".join(str(cell) for cell in ROW) + "\n"
CALL_CSV = ",".join(CALL_HEADINGS) + "\n" + ",".join(CALL) + "\n"


def old_book() -> bytes:
    cells = [label_cell(0, column, text) for column, text in enumerate(HEADINGS)]
    cells += [label_cell(1, column, str(text)) for column, text in enumerate(ROW[:3])]
    return make_old_workbook([*cells, number_cell(1, 3, 5)])


def open_book() -> bytes:
    rows = open_row(*HEADINGS) + open_row(*ROW)
    return make_open_workbook(f'<table:table table:name="Charges">{rows}</table:table>')


def packed_columns() -> bytes:
    written = io.BytesIO()
    names = zip(CALL_HEADINGS, CALL, strict=True)
    pq.write_table(pa.table({name: pa.array([value]) for name, value in names}), written)
    return written.getvalue()


def scan() -> bytes:
    return save(draw(make_pdf(PAGES[:1])), "PNG")


FILES: dict[str, Callable[[], bytes]] = {
    "bill.pdf": lambda: make_pdf(PAGES),
    "bill.xlsx": lambda: make_workbook({"Charges": [HEADINGS, ROW]}),
    "bill.xls": old_book,
    "bill.ods": open_book,
    "bill.csv": CSV.encode,
    "calls.csv": CALL_CSV.encode,
    "calls.csv.gz": lambda: gzip.compress(CALL_CSV.encode()),
    "calls.parquet": packed_columns,
    "bill.811": lambda: bill(*ONE_LINE, head=HEAD, total="2001"),
    "bill.edi": lambda: edifact(["BGM+380+7+9"]),
    "bill.ubl.xml": UBL.encode,
    "bill.cii.xml": CII.encode,
    "bills.fattura.xml": FATTURA.encode,
    "statement.xml": lambda: camt(part("R-1", "600.00")),
    "bills.zip": lambda: pack(("a.csv", CSV.encode()), ("b.xml", UBL.encode())),
    "mail.eml": lambda: write_mail(("bill.csv", "text/csv", CSV.encode())),
}
NO_BILL = {"bill.edi"}  # what its reader refuses, it refuses inside the walls by the same words


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_kind_is_read_inside_the_walls_as_without_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = FILES[name]()
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")  # where a container's reader puts its files, as the child does in its folder
    inside = parse_file(name, content, DEFINITIONS, folder=tmp_path / "in")
    without = read_opened(name, io.BytesIO(content), DEFINITIONS, folder=tmp_path / "out")
    assert inside == without
    held = (*inside.invoices, *inside.usage, *inside.parts, *inside.statements)
    assert held or name in NO_BILL, inside.issues


def test_a_picture_is_read_inside_the_walls() -> None:
    document = parse_file("bill.png", scan(), DEFINITIONS, do="ocr", limits=LIMITS)
    assert [invoice.carrier for invoice in document.invoices] == ["Acme Telephone"]


def test_a_scan_that_is_received_waits_for_eyes(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "bill.png"
    path.write_bytes(scan())
    save_mapping(sqlite_workspace, LAYOUT, "ann")
    (receipt,) = receive(sqlite_workspace, [path], "ann")
    assert receipt.outcome is Outcome.HELD, receipt.issues
    assert "read-by-ocr" in [issue.code for issue in receipt.issues]
