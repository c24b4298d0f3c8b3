"""The layout editor piece by piece, without a child process: what is told, undone, asked, and done by keyboard."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QWidget

from app.domain.money import D
from app.domain.parsed import ParsedCharge, ParsedDocument, ParsedInvoice
from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.faults import SCANNED, NoImporter
from app.services.layout_drift import Moved
from app.services.receipts import Outcome, Receipt
from app.ui.context import Link
from app.ui.pages.import_report import can_point, can_type
from app.ui.pages.layout_editor import find_editor
from app.ui.pages.layout_editor_drift import boxes_of, how_far
from app.ui.pages.layout_editor_table import fit_widths
from app.ui.readers import is_scan, list_readers
from tests.ui.driver import Driver
from tests.ui.pointer import Pointer
from tests.ui.pointing_bills import make_bill

JUNE = date(2026, 6, 1)
WORDS = [
    ["Granite", 82.0, 40.0, 140.0, 62.0],
    ["Statement", 330.0, 109.0, 368.0, 120.0],
    ["88.00", 420.0, 109.0, 470.0, 120.0],
]
COLUMNS = [
    {"field": "description", "from": 46.0, "to": 300.0},
    {"field": "quantity", "from": 300.0, "to": 430.0},
    {"field": "amount", "from": 430.0, "to": 566.0},
]
LAYOUT: dict[str, Any] = {
    "claims": ["Granite"],
    "currency": "USD",
    "dates": ["MMM D, YYYY"],
    "fields": {"bill_date": {"label": "Date"}, "total_due": {"label": "Due"}},
    "tables": [{"name": "Charges", "header": ["Service"], "columns": COLUMNS}],
}
PLACED = {"page": 1, "box": [46.0, 320.0, 566.0, 700.0]}
ANSWERS: dict[str, dict[str, Any]] = {
    "pdf-words": {"pages": [{"number": 1, "width": 612.0, "height": 792.0, "words": WORDS}]},
    "pdf-guess": {
        "layout": LAYOUT,
        "found": {"total_due": {"page": 1, "box": [480.0, 280.0, 560.0, 294.0], "text": "88.00", "value": "88.00"}},
        "tables": [PLACED],
        "unsure": ["total_due"],
    },
    "pdf-point": {"rule": {}, "text": "Granite", "value": "", "label": None, "problem": "'Granite' is not an amount."},
    "pdf-table": {"table": LAYOUT["tables"][0], "rows": [["Cabinet", "1", "88.00"]], "problem": ""},
}


def bill_of(amount: str) -> ParsedDocument:
    charge = ParsedCharge("Cabinet 7", D(amount), Source(page=1, box=Box(4600, 34000, 56600, 35000)))
    due = Source(page=1, box=Box(49000, 28000, 55400, 29000))
    bill = ParsedInvoice("Granite", "7", JUNE, "USD", D("88.00"), D("88.00"), (charge,), sources={"total_due": due})
    return ParsedDocument("pdf:draft", invoices=(bill,))


@pytest.fixture
def pointer(window: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pointer:
    """The editor on an open bill; no child process is started."""
    monkeypatch.setattr("app.services.layouts.ask_child", lambda do, *_args, **_more: ANSWERS[do])
    monkeypatch.setattr("app.services.layouts.parse_file", lambda *_args, **_more: bill_of("88.00"))
    file = tmp_path / "unknown.pdf"
    file.write_bytes(make_bill(JUNE))
    window.go("layout_editor", text=str(file))
    found = Pointer(window)
    found.opened()
    return found


def test_without_a_bill_the_page_says_what_it_is_for(window: Driver) -> None:
    page = window.go("layout_editor")
    assert page.nothing.sentence.text().startswith("Open a bill that nobody can read yet")
    assert not page.save_verb.isVisible()
    assert find_editor(window.bench.ui) is page


def test_what_cannot_be_opened_is_told_on_the_page(window: Driver, tmp_path: Path) -> None:
    page = window.go("layout_editor", text=str(tmp_path / "gone.pdf"))
    window.qtbot.waitUntil(lambda: "cannot be shown" in page.nothing.sentence.text(), timeout=20_000)


def test_the_guess_is_drawn_named_and_what_is_unsure_is_marked(pointer: Pointer) -> None:
    boxes = {box.key: box for box in pointer.work.view._boxes}
    assert boxes["total_due"].name == "Total due"
    assert boxes["total_due"].box == (490.0, 280.0, 554.0, 290.0), "where it was read, not where it was guessed"
    assert boxes["claim:Granite"].name == "Recognised by"
    assert pointer.work.form.rows["total_due"].value.text() == "$88.00  ·  a guess, please look"
    assert pointer.work.view._columns[0].names == ("Description", "Quantity", "Amount")


def test_the_footing_is_green_or_red_with_the_difference(pointer: Pointer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (pointer.work.footing.state, pointer.window.text("footing_charges_difference")) == ("holds", "✓")
    monkeypatch.setattr("app.services.layouts.parse_file", lambda *_args, **_more: bill_of("80.00"))
    pointer.write("layout_carrier", "Granite")
    assert pointer.work.footing.state == "differs"
    assert pointer.window.text("footing_charges_difference") == "differs by $8.00"
    assert "Does not add up" in pointer.work.footing.accessibleDescription()


def test_a_value_that_cannot_be_read_is_told_in_words_and_makes_no_rule(pointer: Pointer) -> None:
    pointer.say("previous_balance", (80, 38, 142, 64))
    assert "previous_balance" not in pointer.work.draft.fields
    assert pointer.work.form.problems.text() == "Previous balance: 'Granite' is not an amount."
    assert {box.key: box.problem for box in pointer.work.view._boxes}[
        "previous_balance"
    ] == "'Granite' is not an amount."


def test_a_field_whose_cross_hair_is_pressed_needs_no_menu(pointer: Pointer, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"rule": {"label": "Statement"}, "text": "88.00", "value": "88.00", "label": None, "problem": ""}
    monkeypatch.setitem(ANSWERS, "pdf-point", told)
    pointer.press("point_number")
    assert pointer.work.armed == "number"
    pointer.drag(418, 107, 472, 122)
    pointer.wait()
    assert pointer.work.draft.fields["number"] == {"label": "Statement"}
    assert pointer.work.armed == ""


def test_a_dragged_border_moves_its_column_and_can_be_undone(pointer: Pointer) -> None:
    before = pointer.layout
    pointer.move_border(0, 1, 330.0)
    columns = pointer.layout["tables"][0]["columns"]
    assert columns[0]["to"] == columns[1]["from"] == pytest.approx(330.0, abs=1)
    pointer.window.trigger("layout_undo")
    pointer.wait()
    assert pointer.layout == before
    pointer.window.trigger("layout_redo")
    pointer.wait()
    assert pointer.layout["tables"][0]["columns"] == columns


def test_words_that_end_the_table_are_pointed_at(pointer: Pointer) -> None:
    pointer.click(350, 114)
    pointer.choose("say_end")
    assert pointer.layout["tables"][0]["end"] == ["Statement"]


def test_words_that_are_not_on_the_first_page_are_told(pointer: Pointer) -> None:
    pointer.work.hand.edited("claims", ("Granite", "Sandstone"))
    pointer.wait()
    assert pointer.work.form.told.text() == "Not on the first page: Sandstone"


def test_a_combo_changes_nothing_in_passing(pointer: Pointer) -> None:
    pointer.tab(1)
    combo = pointer.window.find(QComboBox, "column_1")
    turned = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    combo.wheelEvent(turned)
    assert not turned.isAccepted()
    pointer.qtbot.keyClick(combo, Qt.Key.Key_Down)
    pointer.qtbot.keyClick(combo.view(), Qt.Key.Key_Escape)
    assert pointer.layout["tables"][0]["columns"] == COLUMNS
    pointer.pick("column_1", "unit_price")
    assert pointer.layout["tables"][0]["columns"][1]["field"] == "unit_price"


def test_the_page_is_pointed_at_by_keyboard(pointer: Pointer) -> None:
    canvas = pointer.work.view.canvas
    for key, modifier in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
    ):
        pointer.qtbot.keyClick(canvas, key, modifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.accessibleName() == "What is in this box"
    pointer.choose("say_claims")
    assert pointer.layout["claims"] == ["Granite", "Statement 88.00"]


def test_a_click_on_a_charge_of_the_page_chooses_it_in_the_list_and_says_what_such_charges_are(
    pointer: Pointer,
) -> None:
    pointer.click(200, 345)
    assert pointer.work.charges.table.current().charge.description == "Cabinet 7"
    pointer.pick("charge_kind", "MRC")
    assert pointer.layout["charges"] == [{"pattern": "^Cabinet", "charge_type": "MRC"}]


def test_unsaved_work_is_not_left_without_asking(pointer: Pointer) -> None:
    pointer.write("layout_carrier", "Granite")
    came = pointer.answering("leave_layout", ok=False)
    pointer.window.bench.go(Link("bills"))
    came()
    assert pointer.window.page.key == "layout_editor"
    assert pointer.work.draft.text("carrier") == "Granite"
    came = pointer.answering("leave_layout")
    pointer.window.go("bills")
    came()
    assert pointer.window.page.key == "bills"


def test_nothing_is_asked_where_nothing_was_changed(pointer: Pointer) -> None:
    assert pointer.window.go("bills").key == "bills"


def test_every_part_that_takes_the_keyboard_has_a_name(pointer: Pointer) -> None:
    for place in range(4):
        pointer.tab(place)
        for part in pointer.page.findChildren(QWidget):
            takes = part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and part.isEnabled()
            own = bool(part.objectName()) and not part.objectName().startswith("qt_")
            assert not (takes and own) or part.accessibleName(), part.objectName()


def test_columns_give_way_until_they_fit() -> None:
    assert fit_widths([50, 300, 100], 300, 70) == [50, 150, 100]
    assert fit_widths([50, 60], 300, 70) == [50, 60]
    assert fit_widths([200, 200], 100, 70) == [70, 70]
    assert fit_widths([], 100, 70) == []


def test_what_moved_is_told_in_points() -> None:
    stood = (330.0, 100.0, 380.0, 110.0)
    moved = Moved("Customer", 1, stood, 1, (290.0, 164.0, 340.0, 174.0), "")
    assert how_far(moved) == "It stands 40 points to the left and 64 points lower on page 1."
    assert how_far(Moved("Customer", 1, stood, 2, stood, "")) == "It stands on page 2 now, no longer on page 1."
    gone = Moved("Customer", 1, stood, None, None, "")
    assert how_far(gone) == "It is nowhere on this bill any more."
    assert [(box.key, box.dashed) for box in boxes_of([moved, gone])] == [
        ("stood:0", True), ("now:0", False), ("stood:1", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code", "outcome", "pointable"),
    [
        ("bill.pdf", "no-importer", Outcome.REFUSED, True),
        ("bill.TIFF", "no-importer", Outcome.REFUSED, True),
        ("bill.png", "no-recognition", Outcome.REFUSED, False),
        ("bill.csv", "no-importer", Outcome.REFUSED, False),
        ("bill.pdf", "encrypted", Outcome.REFUSED, False),
        ("bill.pdf", "no-importer", Outcome.TAKEN, False),
    ],
)
def test_only_a_bill_that_no_layout_reads_is_offered_to_point_at(
    name: str, code: str, outcome: Outcome, pointable: bool
) -> None:
    issue = ParseIssue(Severity.ERROR, code, "It is not known.", "")
    assert can_point(Receipt(Path(name), outcome, "", issues=(issue,))) is pointable


def test_a_picture_of_a_bill_is_to_be_pointed_at_or_typed_in() -> None:
    issues = tuple(ParseIssue(Severity.ERROR, code, "", "") for code in ("read-by-ocr", "no-importer"))
    receipt = Receipt(Path("scan.pdf"), Outcome.REFUSED, "", issues=issues)
    assert (can_point(receipt), can_type(receipt)) == (True, True)
    blank = Receipt(
        Path("scan.pdf"), Outcome.REFUSED, "", issues=(ParseIssue(Severity.ERROR, "no-text", "", ""), *issues[:1])
    )
    assert (can_point(blank), can_type(blank)) == (False, True)
    assert is_scan("scan.pdf", ["no-importer"], str(NoImporter(name="scan.pdf", kind=SCANNED, note="")))
    assert not is_scan("bill.pdf", ["no-importer"], str(NoImporter(name="bill.pdf", kind="PDF", note="")))


def test_only_readers_that_fit_the_kind_of_file_are_offered() -> None:
    names = ["ubl", "pdf:aws", "csv-bill:calder", "xlsx-bill:halyard", "call-records:plain", "x12"]
    assert list(list_readers(names, "bill.pdf").values()) == ["pdf:aws"]
    assert list(list_readers(names, "bill.xml").values()) == ["ubl"]
    assert list(list_readers(names, "bill.csv").values()) == ["call-records:plain", "csv-bill:calder"]
    assert sorted(list_readers(names, "bill.txt").values()) == sorted(names)


def test_the_remedy_of_a_file_that_nobody_reads_names_what_there_is_for_its_kind() -> None:
    told = {kind: NoImporter(name="it", kind=kind, note="").remedy for kind in ("PDF", "XLSX", "XML", SCANNED)}
    assert ("Read it by pointing" in told["PDF"], "Map its columns" in told["PDF"]) == (True, False)
    assert ("Read it by pointing" in told["XLSX"], "Map its columns" in told["XLSX"]) == (False, True)
    assert ("Read it by pointing" in told[SCANNED], "Type it in" in told[SCANNED]) == (True, True)
    assert not any(word in told["XML"] for word in ("pointing", "Map its"))
