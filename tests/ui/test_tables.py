"""The one table: models that Qt accepts, filter, views, sorting, selection, copy, export."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.vocabulary import InvoiceStatus
from app.ui.icons import Icons
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tables.clipboard import mime_of
from app.ui.tables.export import write_rows
from app.ui.tables.model import RowsModel
from app.ui.theme import Theme
from app.ui.tokens import Tone
from app.ui.widgets.empty import Emptiness


@dataclass(frozen=True)
class Bill:
    id: int
    carrier: str
    amount: Decimal | None
    due: date | None
    status: InvoiceStatus = InvoiceStatus.AUDITED
    currency: str = "USD"


COLUMNS: tuple[Column[Bill], ...] = (
    Column("carrier", "Carrier", lambda row: row.carrier, stretch=True),
    Column("amount", "Amount", lambda row: row.amount, Kind.MONEY, currency=lambda row: row.currency),
    Column("due", "Due", lambda row: row.due, Kind.DATE),
    Column("status", "Status", lambda row: row.status, Kind.CHIP),
    Column("id", "Number", lambda row: row.id, Kind.NUMBER, hidden=True),
)
BILLS = [
    Bill(1, "Calder Fiber", Decimal("848.75"), date(2026, 10, 5)),
    Bill(2, "Northbeam", Decimal("-210.00"), None, InvoiceStatus.PAID),
    Bill(3, "=Tri-Lakes\tTelephone", None, date(2026, 9, 1)),
    Bill(4, "Ångström Voice", Decimal("1204.7"), date(2026, 11, 1), InvoiceStatus.PAID),
]


@pytest.fixture
def table(qtbot: QtBot, theme: Theme, settings: QSettings) -> DataTable[Bill]:
    ui: Any = SimpleNamespace(theme=theme, icons=Icons(theme), settings=settings)
    made: DataTable[Bill] = DataTable(
        ui,
        "sample",
        COLUMNS,
        key=lambda row: row.id,
        noun="bill",
        empty=Emptiness("No bill yet.", "Import files…", lambda: None),
        views=(
            View("all", "All", lambda _row: True),
            View("paid", "Paid", lambda row: row.status is InvoiceStatus.PAID),
            View("none", "On hold", lambda row: row.status is InvoiceStatus.ON_HOLD),
        ),
        total=lambda rows: f"{len(rows)} in sum",
        several=True,
    )
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.show()
    return made


def ids(table: DataTable[Bill]) -> list[int]:
    return [row.id for row in table.model.shown]


ROOT = Path(__file__).resolve().parents[2]


def test_qt_accepts_the_model(qtmodeltester: ModelTester) -> None:
    model: RowsModel[Bill] = RowsModel(COLUMNS)
    model.load(BILLS)
    model.sort(1)
    model.filter("a", None)
    qtmodeltester.check(model)


def test_amounts_stand_right_and_credits_are_negative() -> None:
    model: RowsModel[Bill] = RowsModel(COLUMNS)
    model.load(BILLS)
    cell = model.index(1, 1)
    assert model.data(cell) == "−$210.00"
    assert model.data(cell, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert (
        model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    )
    assert model.data(model.index(2, 1)) == "–"


def test_what_has_no_value_comes_last_in_both_directions() -> None:
    model: RowsModel[Bill] = RowsModel(COLUMNS)
    model.load(BILLS)
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert [row.id for row in model.shown] == [2, 1, 4, 3]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [row.id for row in model.shown] == [4, 1, 2, 3]


def test_the_filter_wants_every_word_in_any_column(table: DataTable[Bill]) -> None:
    table.load(BILLS)
    table.search.setText("paid north")
    assert ids(table) == [2]
    table.search.setText("ÅNGSTRÖM")
    assert ids(table) == [4]
    table.search.setText("848.75")
    assert ids(table) == [1]


def test_a_view_narrows_and_shows_how_many(table: DataTable[Bill]) -> None:
    table.load(BILLS)
    assert table.bar.pills["paid"].text() == "Paid  2"
    table.bar.pills["paid"].click()
    assert ids(table) == [2, 4]
    assert table.foot() == "2 bills of 4   ·   2 in sum"


def test_the_selection_stays_on_its_row_when_the_rows_are_loaded_again(table: DataTable[Bill]) -> None:
    table.load(BILLS)
    table.select_key(4)
    table.load([Bill(9, "A new one", Decimal(1), None), *BILLS])
    assert [row.id for row in table.selection()] == [4]


def test_a_row_that_the_view_hides_is_shown_when_it_is_asked_for(table: DataTable[Bill]) -> None:
    table.load(BILLS)
    table.show_view("paid")
    table.select_key(1)
    assert [row.id for row in table.selection()] == [1]


def test_enter_opens_the_current_row(qtbot: QtBot, table: DataTable[Bill]) -> None:
    table.load(BILLS)
    table.select_key(2)
    with qtbot.waitSignal(table.activated) as opened:
        qtbot.keyClick(table.table, Qt.Key.Key_Return)
    assert opened.args == [BILLS[1]]


def test_an_empty_list_says_what_to_do(table: DataTable[Bill]) -> None:
    table.load([])
    assert table.told() == ("No bill yet.", "Import files…")
    table.load(BILLS)
    assert table.told() is None
    table.search.setText("nobody")
    assert table.told() == ("No bill contains “nobody”.", "Clear the filter")
    table.search.clear()
    table.show_view("none")
    assert table.told() == ("Nothing under “on hold”.", "Show all")


def test_a_list_that_has_not_loaded_yet_does_not_claim_to_be_empty(table: DataTable[Bill]) -> None:
    assert table.told() is None


def test_copied_rows_are_tsv_and_html_with_plain_numbers(qtbot: QtBot, table: DataTable[Bill]) -> None:
    table.load(BILLS)
    table.table.selectAll()
    qtbot.keySequence(table.table, QKeySequence(QKeySequence.StandardKey.Copy))
    data = QApplication.clipboard().mimeData()
    lines = data.text().split("\n")
    assert lines[0] == "Carrier\tAmount\tDue\tStatus"
    assert lines[2] == "Northbeam\t-210.00\t\tPaid"
    assert lines[3].startswith("=Tri-Lakes Telephone\t"), "a tab within a value would make a column"
    assert "<td>848.75</td>" in data.html()


def test_markup_in_a_value_stays_text_in_html() -> None:
    rows = [Bill(1, "<script>x</script>", None, None)]
    assert "<script>" not in mime_of(COLUMNS, rows).html()


def test_a_hidden_column_can_be_chosen_and_is_remembered(
    qtbot: QtBot, table: DataTable[Bill], settings: QSettings
) -> None:
    table.load(BILLS)
    assert [column.key for column in table.shown_columns()] == ["carrier", "amount", "due", "status"]
    table.show_column("id", True)
    table.show_column("due", False)
    assert [column.key for column in table.shown_columns()] == ["carrier", "amount", "status", "id"]
    assert settings.value("tables/sample-5") is not None


def test_the_last_column_cannot_be_hidden(table: DataTable[Bill]) -> None:
    for key in ("carrier", "amount", "due", "status"):
        table.show_column(key, False)
    assert [column.key for column in table.shown_columns()] == ["status"]


def test_the_export_writes_what_is_shown(tmp_path: Path, table: DataTable[Bill]) -> None:
    table.load(BILLS)
    table.show_view("paid")
    table.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    target = tmp_path / "bills.csv"
    assert write_rows(target, "csv", table.shown_columns(), table.model.shown) == 2
    rows = list(csv.reader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert rows[0] == ["Carrier", "Amount", "Due", "Status"]
    assert [row[0] for row in rows[1:]] == ["Ångström Voice", "Northbeam"]


def test_an_exported_workbook_keeps_amounts_as_numbers(tmp_path: Path) -> None:
    import openpyxl

    target = tmp_path / "bills.xlsx"
    write_rows(target, "xlsx", COLUMNS[:3], BILLS)
    sheet = openpyxl.load_workbook(target).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert 848.75 in cells
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row), "a carrier's name is no formula"


def test_wide_columns_give_room_before_amounts_do(table: DataTable[Bill]) -> None:
    long = [Bill(1, "A carrier with a very long name " * 4, Decimal("123456.78"), date(2026, 12, 28))]
    table.load(long)
    table.resize(420, 300)
    QApplication.processEvents()
    header = table.table.horizontalHeader()
    needed = table.table.fontMetrics().horizontalAdvance("$123,456.78")
    assert header.sectionSize(1) > needed
    assert header.length() <= table.table.viewport().width() + 4


def test_a_cell_has_the_tone_of_its_word() -> None:
    assert COLUMNS[3].colour(BILLS[1]) is Tone.SUCCESS
    assert COLUMNS[0].colour(BILLS[1]) is None


def test_the_program_ends_well_after_rows_were_copied() -> None:
    """Qt frees the clipboard after Python has gone: data made by Python took the process down with it."""
    program = (
        "from PySide6.QtWidgets import QApplication\n"
        "from PySide6.QtCore import QMimeData\n"
        "from app.ui.tables.clipboard import put_on_clipboard\n"
        "application = QApplication([])\n"
        "data = QMimeData()\n"
        "data.setText('848.75')\n"
        "put_on_clipboard(data)\n"
        "assert application.clipboard().text() == '848.75'\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr.count("Error")) == (0, 0), ended.stderr
