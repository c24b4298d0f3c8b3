"""Mapping columns in the window alone: an unknown bill is mapped and posted, the next one imports by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMessageBox
from sqlalchemy import select

from app.domain.money import D
from app.models.invoices import Invoice
from app.services.receipts import Outcome
from app.services.table_mappings import guess, save
from app.services.workspace import Workspace
from app.ui.widgets.mapping_draft import DraftBook
from tests.ui.driver import Driver

HEADER = "Bill Ref,Raised,Cust,Ckt,What,Kind,Net USD\n"
APRIL = HEADER + (
    "Q-1,2026-08-31,C-9,QH/0001/A,Wavelength,Rental,1200.00\n"
    "Q-1,2026-08-31,C-9,QH/0001/A,Install,Setup fee,99.50\n"
    "Q-1,2026-08-31,C-9,QH/0001/A,Sales tax,Tax,12.34\n"
)
MAY = HEADER + "Q-2,2026-09-30,C-9,QH/0001/A,Wavelength,Rental,1200.00\n"


def drop(window: Driver, tmp_path: Path, name: str, content: str | bytes) -> Any:
    """Import a file; the report is then shown."""
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    window.drop(file)
    window.settle(30_000)
    return window.page


def pick(window: Driver, name: str, title: str) -> None:
    """Choose an entry of a combo as a hand would."""
    combo = window.find(QComboBox, name)
    combo.setFocus()
    place = combo.findText(title)
    assert place >= 0, [combo.itemText(at) for at in range(combo.count())]
    combo.setCurrentIndex(place)
    combo.activated.emit(place)
    settle(window)


def write(window: Driver, name: str, text: str) -> None:
    """Type into a line and leave it."""
    line = window.find(QLineEdit, name)
    line.setFocus()
    line.selectAll()
    window.qtbot.keyClicks(line, text)
    line.editingFinished.emit()
    settle(window)


def settle(window: Driver) -> None:
    """Until the draft has been tried."""
    page = window.page
    window.settle(30_000)
    if hasattr(page, "trials"):
        window.qtbot.waitUntil(lambda: not page.trials.timer.isActive(), timeout=10_000)
        window.settle(30_000)


def numbers(workspace: Workspace) -> list[str]:
    with workspace.database.reading() as session:
        return list(session.scalars(select(Invoice.number).order_by(Invoice.id)))


def map_april(window: Driver, tmp_path: Path) -> Any:
    """Import the unknown file and open it in the editor."""
    report = drop(window, tmp_path, "april.csv", APRIL)
    assert report.files.current().outcome is Outcome.REFUSED
    window.click("import_map_button")
    settle(window)
    return window.page


def test_an_unknown_csv_is_mapped_in_the_window_and_next_months_imports_by_itself(
    window: Driver, filled: Workspace, tmp_path: Path
) -> None:
    page = map_april(window, tmp_path)
    assert page.key == "mapping_editor"
    assert page.grid.combos[6].currentText() == "Amount"
    assert page.grid.combos[3].currentText() == "Circuit"
    assert page.result.told[0].startswith("Not complete: Still to choose: the carrier")
    pick(window, "mapping_column_0", "Bill number")
    pick(window, "mapping_column_1", "Bill date")
    pick(window, "mapping_column_2", "Account")
    pick(window, "mapping_column_4", "Description")
    pick(window, "mapping_column_5", "Type of charge")
    write(window, "mapping_carrier_line", "Quiet Hill Telephone")
    pick(window, "mapping_invoice_currency", "Always…")
    write(window, "mapping_invoice_currency_word", "usd")
    pick(window, "mapping_meaning_1", "One-time charge")
    (told,) = page.result.told
    assert told.startswith("No total stated: not checked: Bill Q-1  ·  account C-9  ·  31 Aug 2026  ·  3 charges")
    assert told.endswith("charges $1,311.84  ·  due $1,311.84")
    window.click("mapping_save_button")
    window.settle(60_000)
    assert window.page.key == "import_report"
    (receipt,) = window.page.files.model.all
    assert (receipt.outcome, receipt.importer) == (Outcome.TAKEN, "csv-bill:quiet-hill-telephone")
    report = drop(window, tmp_path, "may.csv", MAY)
    (receipt,) = report.files.model.all
    assert (receipt.outcome, receipt.importer) == (Outcome.TAKEN, "csv-bill:quiet-hill-telephone")
    assert numbers(filled)[-2:] == ["Q-1", "Q-2"]
    with filled.database.reading() as session:
        assert session.scalars(select(Invoice.total_due).where(Invoice.number == "Q-1")).one() == D("1311.84")


def test_a_file_whose_encoding_is_not_told_is_asked_about(window: Driver, filled: Workspace, tmp_path: Path) -> None:
    text = "Rechnung;Rechnungsdatum;Kunde;Betrag;Währung\nR-1;13.05.2026;Müller;1.250,00;EUR\n"
    report = drop(window, tmp_path, "mai.csv", text.encode("cp1252"))
    (receipt,) = report.files.model.all
    assert [issue.code for issue in receipt.issues] == ["bad-encoding"]
    window.click("import_map_button")
    settle(window)
    page = window.page
    assert page.choice.isVisible()
    shown = [(reading.encodings[0], reading.lines[1][1]) for reading in page.choice.readings]
    assert shown[:2] == [
        ("cp1252", "R-1;13.05.2026;Müller;1.250,00;EUR"),
        ("cp437", "R-1;13.05.2026;Mⁿller;1.250,00;EUR"),
    ]
    window.click("reading_cp1252")
    settle(window)
    write(window, "mapping_carrier_line", "Larkspur Telefon")
    assert page.result.told[0].startswith("No total stated: not checked: Bill R-1")
    window.click("mapping_save_button")
    window.settle(60_000)
    assert numbers(filled)[-1] == "R-1"


def test_a_header_that_has_changed_is_told_and_its_old_mapping_is_the_draft(
    window: Driver, filled: Workspace, tmp_path: Path
) -> None:
    text = "Invoice No,Invoice Date,Circuit,Amount\nA-1,2026-08-13,QH/0001/A,5.00\n"
    first = guess(filled, put(tmp_path, "first.csv", text), {}).mapping
    save(filled, first | {"carrier": "Quiet Hill", "currency": "USD", "name": "quiet"}, "Ada Lund")
    report = drop(window, tmp_path, "second.csv", text.replace("Circuit", "Circuit Id").replace("A-1", "A-2"))
    (receipt,) = report.files.model.all
    assert (
        "its header differs from that of the mapping 'quiet': it lacks 'circuit' and has 'circuit id'"
        in receipt.message
    )
    window.click("import_map_button")
    settle(window)
    page = window.page
    assert "almost that of the mapping “quiet”: it lacks circuit and has circuit id besides" in page.near.text()
    assert (page.form.carrier.currentText(), page.grid.combos[2].currentText()) == ("Quiet Hill", "Not used")
    pick(window, "mapping_column_2", "Circuit")
    window.click("mapping_save_button")
    window.settle(60_000)
    assert numbers(filled)[-1] == "A-2"


def test_a_total_that_differs_is_told_in_red_and_by_how_much(window: Driver, tmp_path: Path) -> None:
    head = "Invoice number,T-1,\nInvoice date,2026-08-13,\nCurrent charges,20.00,\n"
    text = head + "Circuit,Description,Amount\nQ/1,Line,5.00\n"
    page = open_editor(window, tmp_path, text)
    write(window, "mapping_carrier_line", "Quiet Hill")
    pick(window, "mapping_invoice_currency", "Always…")
    write(window, "mapping_invoice_currency_word", "USD")
    assert page.bar.header_row.text() == "4"
    assert page.result.told[0].startswith("Differs by −$15.00: Bill T-1")


def test_each_change_can_be_undone_and_done_again(window: Driver, tmp_path: Path) -> None:
    page = open_editor(window, tmp_path, APRIL)
    assert not page.undo.isEnabled()
    pick(window, "mapping_column_3", "Location")
    assert page.grid.combos[3].currentText() == "Location"
    window.trigger("mapping_undo")
    assert (page.grid.combos[3].currentText(), page.undo.isEnabled()) == ("Circuit", False)
    window.trigger("mapping_redo")
    assert page.grid.combos[3].currentText() == "Location"


def test_what_is_not_saved_is_asked_about_before_it_is_thrown_away(
    window: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_editor(window, tmp_path, APRIL)
    pick(window, "mapping_column_3", "Location")
    asked: list[str] = []
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]

    def answer(*words: Any) -> QMessageBox.StandardButton:
        asked.append(words[2])
        return answers[len(asked) - 1]

    monkeypatch.setattr(QMessageBox, "question", answer)
    window.click("mapping_close_button")
    assert (window.page.key, page.grid.combos[3].currentText()) == ("mapping_editor", "Location")
    window.click("mapping_close_button")
    assert window.page.key == "import_report"
    assert asked == ["What you have chosen for the columns of april.csv is not saved. Throw it away?"] * 2


def test_a_mapping_for_one_account_leaves_the_others_alone(window: Driver, filled: Workspace, tmp_path: Path) -> None:
    text = "Invoice No,Invoice Date,Account,Circuit,Amount,Currency\nA-1,2026-08-13,C-77,QH/0001/A,5.00,USD\n"
    page = open_editor(window, tmp_path, text)
    write(window, "mapping_carrier_line", "Quiet Hill")
    assert page.form.only.text() == "Only for account C-77"
    page.form.only.click()
    settle(window)
    window.click("mapping_save_button")
    window.settle(60_000)
    assert numbers(filled)[-1] == "A-1"
    report = drop(window, tmp_path, "other.csv", text.replace("C-77", "C-88").replace("A-1", "A-2"))
    assert report.files.model.all[0].outcome is Outcome.REFUSED
    report = drop(window, tmp_path, "same.csv", text.replace("A-1", "A-3"))
    assert report.files.model.all[0].outcome is Outcome.TAKEN


def test_every_part_of_the_editor_has_a_name(window: Driver, tmp_path: Path) -> None:
    page = open_editor(window, tmp_path, APRIL)
    parts = [*page.findChildren(QComboBox), *page.findChildren(QLineEdit)]
    unnamed = [part.objectName() for part in parts if part.isVisible() and not part.accessibleName()]
    assert [name for name in unnamed if name != "qt_spinbox_lineedit"] == []


def test_a_double_click_makes_another_row_the_header(window: Driver, tmp_path: Path) -> None:
    page = open_editor(window, tmp_path, "a,b\n" + APRIL)
    page.grid.header_wanted.emit(1)
    settle(window)
    assert page.preview.header == ("a", "b")
    write(window, "mapping_header_row", "2")
    assert page.preview.header[:2] == ("Bill Ref", "Raised")


def open_editor(window: Driver, tmp_path: Path, text: str) -> Any:
    """The editor on a file of that text."""
    window.go("mapping_editor", text=str(put(tmp_path, "april.csv", text)))
    settle(window)
    return window.page


def put(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_empty_cells_of_the_column_of_types_can_mean_something_and_a_column_holds_one_thing() -> None:
    book = DraftBook(
        {"charges": {"types": {"column": "Kind", "values": {"Rental": "MRC"}}, "columns": {"code": "Ref"}}}
    )
    book.set_meaning("", "skip")
    assert book.finished()["charges"]["rows"] == [{"column": "Kind", "use": "skip", "blank": True}]
    assert DraftBook(book.finished()).mapping["charges"]["types"]["values"] == {"Rental": "MRC", "": "skip"}
    book.set_field("invoice.number", "Ref")
    assert book.mapping["charges"]["columns"] == {}, "the column was freed from the field that it stood for before"
