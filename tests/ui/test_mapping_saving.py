"""Saving from the mapping editor: what was typed last is saved, whether or not it has been tried yet, and no click is
lost; where nothing can be saved that is told."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from app.services import table_mappings
from app.services.mappings import definitions
from app.services.receipts import Outcome
from app.services.workspace import Workspace
from tests.ui.driver import Driver
from tests.ui.test_mapping_editor import drop, open_editor, pick, settle, write

BILL = "Invoice No,Invoice Date,Account,Circuit,Amount{more}\nA-1,2026-08-13,C-77,QH/0001/A,5.00{value}\n"
WHOLE = BILL.format(more=",Currency", value=",USD")


def begin_typing(window: Driver, name: str, text: str) -> QLineEdit:
    """Type into a line and stay in it."""
    window.window.activateWindow()
    line = window.find(QLineEdit, name)
    line.setFocus()
    window.qtbot.waitUntil(lambda: line.hasFocus() or line.focusProxy() is not None, timeout=5_000)
    line.selectAll()
    window.qtbot.keyClicks(line, text)
    return line


def press_save(window: Driver) -> None:
    """Press and let go of the button as a mouse does, and wait for nothing before."""
    window.qtbot.mouseClick(window.find(QPushButton, "mapping_save_button"), Qt.MouseButton.LeftButton)
    window.settle(60_000)


def taken(window: Driver) -> bool:
    page = window.page
    return page.key == "import_report" and page.files.model.all[0].outcome is Outcome.TAKEN


def saved(workspace: Workspace) -> list[dict[str, Any]]:
    """The mappings of the workspace that were made here."""
    return [
        one
        for one in map(tomllib.loads, definitions(workspace).mappings)
        if str(one.get("carrier", "")).startswith("Quiet")
    ]


def test_a_carrier_that_was_typed_last_is_saved_by_the_first_click(
    window: Driver, filled: Workspace, tmp_path: Path
) -> None:
    open_editor(window, tmp_path, WHOLE)
    begin_typing(window, "mapping_carrier_line", "Quiet Hill")
    press_save(window)
    assert taken(window)
    assert [one["carrier"] for one in saved(filled)] == ["Quiet Hill"]


def test_a_constant_that_was_typed_last_is_saved_by_the_first_click(
    window: Driver, filled: Workspace, tmp_path: Path
) -> None:
    open_editor(window, tmp_path, BILL.format(more="", value=""))
    write(window, "mapping_carrier_line", "Quiet Hill")
    pick(window, "mapping_invoice_currency", "Always…")
    begin_typing(window, "mapping_invoice_currency_word", "eur")
    press_save(window)
    assert taken(window)
    assert [one["currency"] for one in saved(filled)] == ["EUR"]


def test_a_date_format_that_was_typed_last_is_saved_by_the_first_click(
    window: Driver, filled: Workspace, tmp_path: Path
) -> None:
    page = open_editor(window, tmp_path, WHOLE.replace("2026-08-13", "08.09.2026"))
    write(window, "mapping_carrier_line", "Quiet Hill")
    begin_typing(window, "mapping_dates_line", "MM.DD.YYYY")
    press_save(window)
    assert taken(window), page.result.told
    assert [one["format"]["date"] for one in saved(filled)] == ["MM.DD.YYYY"]


def test_ctrl_return_in_a_line_saves_what_stands_in_it(window: Driver, filled: Workspace, tmp_path: Path) -> None:
    open_editor(window, tmp_path, WHOLE)
    write(window, "mapping_carrier_line", "Quiet")
    begin_typing(window, "mapping_carrier_line", "Quiet Hill")
    window.trigger("mapping_save")
    window.settle(60_000)
    assert taken(window)
    assert [one["carrier"] for one in saved(filled)] == ["Quiet Hill"]


def test_what_cannot_be_saved_is_told_and_the_button_stays(window: Driver, filled: Workspace, tmp_path: Path) -> None:
    page = open_editor(window, tmp_path, WHOLE)
    press_save(window)
    assert window.text("message_text") == "Nothing is saved yet. Still to choose: the carrier."
    begin_typing(window, "mapping_carrier_line", "Quiet Hill")
    pick(window, "mapping_column_4", "Description")
    press_save(window)
    assert window.text("message_text") == "Nothing is saved yet. Still to choose: the amount."
    assert (window.page, page.save.isEnabled(), saved(filled)) == (page, True, [])
    pick(window, "mapping_column_4", "Amount")
    press_save(window)
    assert taken(window)


def test_the_trial_of_an_older_draft_is_not_what_is_saved(window: Driver, filled: Workspace, tmp_path: Path) -> None:
    page = open_editor(window, tmp_path, WHOLE)
    write(window, "mapping_carrier_line", "Quiet Hill")
    older = page.book.finished(), page.tried
    page.grid.chosen.emit(4, "")  # the column of the amounts is out of use now, and this has not been tried yet
    page.trials._number -= 1
    page.trials.run(lambda: older)
    page.trials._number += 1
    window.settle()
    press_save(window)
    assert window.text("message_text") == "Nothing is saved yet. Still to choose: the amount."
    assert saved(filled) == []


def test_a_mapping_that_could_not_be_saved_can_be_saved_again(
    window: Driver, filled: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_editor(window, tmp_path, WHOLE)
    write(window, "mapping_carrier_line", "Quiet Hill")
    with monkeypatch.context() as patched:
        patched.setattr(table_mappings, "save", lambda *_words: 1 / 0)
        press_save(window)
    assert "ZeroDivisionError" in window.text("message_text")
    assert (window.page, page.book.dirty) == (page, True)
    press_save(window)
    assert taken(window)


def test_a_delimiter_that_does_not_part_the_file_is_told_and_all_stays(window: Driver, tmp_path: Path) -> None:
    text = '"Invoice No";"Invoice Date";"Amount"\n"A-1";"13.08.2026";"1.250,00"\n'
    page = open_editor(window, tmp_path, text)
    write(window, "mapping_carrier_line", "Quiet Hill")
    pick(window, "mapping_delimiter", "Comma")
    assert window.text("message_text").startswith("The file cannot be opened so. ")
    assert (page.bar.delimiter.currentText(), page.form.carrier.currentText()) == ("Semicolon", "Quiet Hill")
    assert page.preview.header == ("Invoice No", "Invoice Date", "Amount")


def test_lines_above_a_quoted_table_do_not_hide_its_delimiter(window: Driver, tmp_path: Path) -> None:
    head = '"Kontonummer:";"DE00 1"\n"Zeitraum:";"01.04.2026 - 30.04.2026"\n"Anfangssaldo:";"10.000,00 EUR"\n\n'
    rows = '"Buchungstag";"Verwendungszweck";"Soll";"Haben";"Saldo"\n' + "".join(
        f'"0{at}.04.2026";"RE {at}";"{price}";"";"{balance}"\n'
        for at, price, balance in ((2, "1.190,00", "8.810,00"), (8, "7,90", "8.802,10"), (9, "2,10", "8.800,00"))
    )
    report = drop(window, tmp_path, "konto.csv", head + rows)
    assert report.files.current().outcome is Outcome.REFUSED
    window.click("import_map_button")
    settle(window)
    assert window.page.preview.header == ("Buchungstag", "Verwendungszweck", "Soll", "Haben", "Saldo")
    assert window.page.bar.kind.currentText() == "Bank statement"
