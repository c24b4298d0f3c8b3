"""Texts of fixed width in the window alone: the columns are seen, moved by mouse and keyboard, mapped and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt

from app.services.receipts import Outcome
from app.services.workspace import Workspace
from tests.ui.driver import Driver
from tests.ui.test_mapping_editor import drop, numbers, pick, settle, write

BILL = """\
QUIET HILL TELEPHONE
Invoice number: {number}
Invoice date: {day}
Account number: C-9

Circuit      Description       Charge type   From        To           Net USD
------------ ----------------- ------------- ---------- ---------- ----------
QH/0001/A    Wavelength        Rental        2026-08-01 2026-08-31   1,200.00
QH/0001/A    Install           Setup fee     2026-08-01 2026-08-31      99.50
QH/0001/A    Sales tax         Tax           2026-08-01 2026-08-31      12.34
                                                                   ----------
Total                                                                1,311.84
"""
RECORDS = "Q-{month}20260831QH/0001/AWavelength     0000120000\nQ-{month}20260831QH/0001/ASales tax      0000001234\n"


def map_it(window: Driver, tmp_path: Path, name: str, text: str) -> Any:
    """Import the unknown file and open it in the editor."""
    report = drop(window, tmp_path, name, text)
    assert report.files.current().outcome is Outcome.REFUSED
    window.click("import_map_button")
    settle(window)
    return window.page


def finish(window: Driver) -> Any:
    """Save and import; the receipt of it."""
    window.click("mapping_save_button")
    window.settle(60_000)
    (receipt,) = window.page.files.model.all
    return receipt


def test_a_text_of_fixed_width_is_cut_mapped_and_read_by_itself_next_month(
    window: Driver, filled: Workspace, tmp_path: Path
) -> None:
    page = map_it(window, tmp_path, "april.txt", BILL.format(number="Q-1", day="2026-08-31"))
    assert page.fixed.isVisible()
    assert page.fixed.ruler.borders == [13, 31, 45, 56, 67]
    shown = [combo.currentText() for combo in page.grid.combos]
    assert shown == ["Circuit", "Description", "Type of charge", "Charged from", "Charged to", "Amount"]
    write(window, "mapping_carrier_line", "Quiet Hill Telephone")
    pick(window, "mapping_invoice_currency", "Always…")
    write(window, "mapping_invoice_currency_word", "USD")
    (told,) = page.result.told
    assert told.startswith("Foots: Bill Q-1  ·  account C-9  ·  31 Aug 2026  ·  3 charges  ·  charges $1,311.84")
    receipt = finish(window)
    assert (receipt.outcome, receipt.importer) == (Outcome.TAKEN, "fixed-bill:quiet-hill-telephone")
    report = drop(window, tmp_path, "may.txt", BILL.format(number="Q-2", day="2026-09-30"))
    (receipt,) = report.files.model.all
    assert (receipt.outcome, receipt.importer) == (Outcome.TAKEN, "fixed-bill:quiet-hill-telephone")
    assert numbers(filled)[-2:] == ["Q-1", "Q-2"]


def test_borders_are_set_moved_and_taken_away_by_mouse_and_keyboard_and_undone(window: Driver, tmp_path: Path) -> None:
    page = map_it(window, tmp_path, "april.txt", BILL.format(number="Q-1", day="2026-08-31"))
    ruler = page.fixed.ruler
    viewport = ruler.viewport()
    window.qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=ruler.place_of(31))
    settle(window)
    assert ruler.borders == [13, 45, 56, 67]
    assert [combo.currentText() for combo in page.grid.combos][:2] == ["Circuit", "Description"], "the others stay"
    assert page.preview.header[1] == "Description Charge type"
    window.qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=ruler.place_of(45))
    window.qtbot.mouseMove(viewport, ruler.place_of(43) + QPoint(1, 0))
    window.qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=ruler.place_of(43))
    settle(window)
    assert ruler.borders == [13, 43, 56, 67]
    assert page.grid.combos[2].currentText() == "Charged from", "a column whose border moves keeps its field"
    ruler.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_BracketRight, *[Qt.Key.Key_Right] * 18, Qt.Key.Key_Space):
        window.qtbot.keyClick(ruler, key)
    settle(window)
    assert ruler.borders == [13, 31, 43, 56, 67]
    assert ruler.accessibleDescription() == "Border 2 of 5 before character 32; 6 columns"
    window.qtbot.keyClick(ruler, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    settle(window)
    assert ruler.borders == [13, 32, 43, 56, 67]
    window.qtbot.keyClick(ruler, Qt.Key.Key_Delete)
    settle(window)
    assert ruler.borders == [13, 43, 56, 67]
    for _step in range(5):
        window.trigger("mapping_undo")
        settle(window)
    assert ruler.borders == [13, 31, 45, 56, 67]
    assert [combo.currentText() for combo in page.grid.combos][2] == "Type of charge"


def test_records_without_names_are_cut_by_hand_and_their_decimals_are_asked(
    window: Driver, filled: Workspace, tmp_path: Path
) -> None:
    page = map_it(window, tmp_path, "bill_202608.dat", RECORDS.format(month=8))
    ruler = page.fixed.ruler
    ruler.setFocus()
    for border in (3, 11, 20):
        window.qtbot.keyClick(ruler, Qt.Key.Key_Home)
        for _step in range(border):
            window.qtbot.keyClick(ruler, Qt.Key.Key_Right)
        window.qtbot.keyClick(ruler, Qt.Key.Key_Space)
        settle(window)
    assert [row for _number, row in page.preview.rows][1][:4] == ("Q-8", "20260831", "QH/0001/A", "Wavelength")
    for place, title in enumerate(("Bill number", "Bill date", "Circuit", "Description", "Amount")):
        pick(window, f"mapping_column_{place}", title)
    write(window, "mapping_carrier_line", "Quiet Hill")
    pick(window, "mapping_invoice_currency", "Always…")
    write(window, "mapping_invoice_currency_word", "USD")
    pick(window, "mapping_dates", "YYYYMMDD")
    assert page.result.told[0].startswith("Not complete: Still to choose: how many digits of the amounts are decimals")
    window.qtbot.keyClick(ruler, Qt.Key.Key_End)
    pick(window, "mapping_fixed_decimals", "2 implied: 1234 is 12.34")
    assert page.result.told[0].endswith("charges $1,212.34  ·  due $1,212.34")
    assert finish(window).importer == "fixed-bill:quiet-hill"
    report = drop(window, tmp_path, "bill_202609.dat", RECORDS.format(month=9))
    assert report.files.model.all[0].outcome is Outcome.TAKEN
    assert numbers(filled)[-2:] == ["Q-8", "Q-9"]
    report = drop(window, tmp_path, "bill_202610.dat", RECORDS.format(month=9).replace("00001234", "0000x234"))
    assert report.files.model.all[0].outcome is Outcome.REFUSED, "figures are wanted in the column of the amounts"


def test_a_value_that_runs_over_a_border_is_told_and_not_cut(window: Driver, filled: Workspace, tmp_path: Path) -> None:
    text = BILL.format(number="Q-1", day="2026-08-31")
    page = map_it(window, tmp_path, "april.txt", text)
    write(window, "mapping_carrier_line", "Quiet Hill Telephone")
    pick(window, "mapping_invoice_currency", "Always…")
    write(window, "mapping_invoice_currency_word", "USD")
    assert page.save.isEnabled()
    finish(window)
    long = text.replace("2026-08-31      12.34", "2026-08-31123,456.34").replace("Q-1", "Q-2")
    (receipt,) = drop(window, tmp_path, "may.txt", long).files.model.all
    assert receipt.outcome is Outcome.REFUSED
    assert any("runs over the border" in issue.message for issue in receipt.issues)
