"""A scanned bill of a carrier that nobody can read is brought in through the window alone, as one on paper comes.

Next month's scan, fed a little otherwise, is then held by itself with what it says, looked at, and posted.
"""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.domain.money import D
from app.domain.parsed import ParsedCharge, ParsedDocument, ParsedInvoice
from app.domain.source import Box, Source
from app.importers.ocr.answers import SHOWN
from app.importers.wire import to_json
from app.services.parsing import NotAnswered
from app.services.receipts import Outcome
from app.ui.pages.layout_editor import LayoutEditorPage
from app.ui.pages.layout_editor_charges import COLUMNS as COLUMNS_OF_CHARGES
from app.ui.tokens import Tone
from app.ui.widgets.pointing_items import DoubtItem, rect_of
from tests.importers.scanned_bills import CARRIER, make_paper, number_of, scan, total_of
from tests.ui.driver import Driver
from tests.ui.pointer import Pointer, bring_in, find_posted

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
OPENING = Decimal("3644.94")


WORDS = [
    ["Larkspur", 5_400, 5_000, 14_000, 6_600, 96],
    ["Total", 5_400, 20_000, 7_900, 20_800, 95],
    ["$88.O0", 26_000, 20_000, 30_000, 20_800, 43],
    ["Cabinet", 5_400, 36_000, 9_900, 36_800, 91],
    ["88.00", 52_000, 36_000, 55_000, 36_800, 71],
]
PAGE: dict[str, Any] = {"number": 1, "width": 61_200, "height": 79_200, "lines": [[word] for word in WORDS]}
COLUMNS = [
    {"field": "description", "from": 46.0, "to": 300.0},
    {"field": "amount", "from": 430.0, "to": 566.0},
]
DUE = [260.0, 200.0, 300.0, 208.0]
ANSWERS: dict[str, dict[str, Any]] = {
    "pdf-guess": {
        "layout": {
            "claims": ["Larkspur"],
            "currency": "USD",
            "dates": ["MM/DD/YYYY"],
            "fields": {"bill_date": {"label": "Date"}, "total_due": {"label": "Total"}},
            "tables": [{"name": "Charges", "header": ["Service"], "columns": COLUMNS}],
        },
        "found": {"total_due": {"page": 1, "box": DUE, "text": "88.00", "value": "88.00"}},
        "tables": [{"page": 1, "box": [46.0, 330.0, 566.0, 380.0]}],
        "unsure": [],
    },
    "pdf-table": {"table": {"columns": COLUMNS}, "rows": [["Cabinet", "88.00"]], "problem": ""},
}


def played(do: str, *args: Any, **more: Any) -> dict[str, Any]:
    """What a child would answer of a scan of one page with five words."""
    if do == "scan-words":
        (more["folder"] / SHOWN).write_bytes(make_paper(JUNE, previous=OPENING))
        more["progress"](0, 3)
        return {"pages": [PAGE]}
    if do == "scan-read":
        charge = ParsedCharge("Cabinet", D("88.00"), Source(page=1, box=Box(5400, 36000, 55000, 36800), confidence=71))
        due = Source(page=1, box=Box(26000, 20000, 30000, 20800), confidence=43)
        bill = ParsedInvoice("L", "7", JUNE, "USD", D("88.00"), D("88.00"), (charge,), sources={"total_due": due})
        return {"document": to_json(ParsedDocument("pdf:draft", invoices=(bill,)))}
    return ANSWERS[do]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "larkspur.png"
    found.write_bytes(b"\x89PNG\r\n\x1a\n")
    return found


@pytest.fixture
def pointer(window: Driver, monkeypatch: pytest.MonkeyPatch, file: Path) -> Pointer:
    """The editor on a scan; no child process is started."""
    monkeypatch.setattr("app.services.layouts.ask_child", played)
    monkeypatch.setattr("app.services.layout_scans.ask_child", played)
    window.go("layout_editor", text=str(file))
    found = Pointer(window)
    found.opened()
    return found


def test_a_scan_is_marked_and_its_doubtful_words_are_tinted(pointer: Pointer) -> None:
    view = pointer.work.view
    tints = [item for item in view._over if isinstance(item, DoubtItem)]
    assert [tint.toolTip() for tint in tints] == [
        "Recognised as “$88.O0”, 43 % sure",
        "Recognised as “88.00”, 71 % sure",
    ]
    assert pointer.window.text("scan_told") == "Recognised from a picture: 2 of 5 words tinted as doubtful."
    assert pointer.page.type_in.isVisible(), "typing it in stays the other choice"


def test_each_value_of_a_scan_says_how_surely_it_was_recognised(pointer: Pointer) -> None:
    row = pointer.work.form.rows["total_due"]
    assert row.value.text() == "$88.00  ·  43 % sure, please compare"
    assert row.value.property("tone") == "warning"
    (line,) = pointer.work.charges.table.model.shown
    amount = next(column for column in COLUMNS_OF_CHARGES if column.key == "amount")
    assert amount.tone is not None
    assert amount.tooltip is not None
    assert (amount.tone(line), amount.tooltip(line)) == (Tone.WARNING, "Recognised, 71 % sure: compare it")


def test_words_in_doubt_are_gone_through_one_after_the_other(pointer: Pointer) -> None:
    rubber = pointer.work.view.pointing._rubber
    for box in (DUE, [520.0, 360.0, 550.0, 368.0], DUE):
        pointer.press("scan_next_doubt")
        assert rubber.isVisible()
        assert rubber.rect().contains(rect_of((box[0], box[1], box[2], box[3])))


def test_a_bill_with_text_is_not_marked_as_a_scan(
    pointer: Pointer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = {"number": 1, "width": 612.0, "height": 792.0, "words": [["Larkspur", 54.0, 50.0, 140.0, 66.0]]}
    monkeypatch.setitem(ANSWERS, "pdf-words", {"pages": [words]})
    monkeypatch.setattr("app.services.layouts.parse_file", lambda *_args, **_more: ParsedDocument(""))
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(make_paper(JUNE, previous=OPENING))
    pointer.page.open_pdf(paper, paper.name)
    pointer.window.settle()
    pointer.opened()
    assert not pointer.work.recognised.isVisible()
    assert not pointer.page.type_in.isVisible()
    assert not [item for item in pointer.work.view._over if isinstance(item, DoubtItem)]


def test_recognition_says_how_far_it_is_and_can_be_stopped(
    window: Driver, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[bool] = []

    def wait(do: str, *_args: Any, **more: Any) -> dict[str, Any]:
        assert do == "scan-words"
        for _ in range(400):
            more["progress"](1, 3)
            if more["cancelled"]():
                stopped.append(True)
                raise NotAnswered(why="Reading was cancelled.", remedy="")
            time.sleep(0.02)
        raise AssertionError("nobody has stopped it")

    monkeypatch.setattr("app.services.layout_scans.ask_child", wait)
    page = window.bench.stack.page("layout_editor")
    assert isinstance(page, LayoutEditorPage)
    page.open_pdf(file, file.name)
    window.qtbot.waitUntil(lambda: "Page 2 of 3" in page.nothing.sentence.text(), timeout=8_000)
    button = window.find(QPushButton, "layout_editor_empty_button")
    assert button.text() == "Stop"
    window.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    window.settle()
    assert stopped == [True]
    assert page.nothing.sentence.text().startswith("Open a bill that nobody can read yet")


def box_of(pointer: Pointer, text: str) -> tuple[float, float, float, float]:
    """Where a word stands on the page in sight."""
    opened = pointer.work.hand.opened
    assert opened is not None
    (box,) = [box for word, box in opened.pages[0].words if word == text]
    return (box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2)


def post_what_waits(window: Driver) -> None:
    """Look at the held bill, answer what is asked, and post it."""
    window.go("review")
    asked = [question.subject for question in window.page.detail.questions]
    assert asked[0] == "read-by-ocr", asked
    assert len(window.page.detail.blocking) == 1, asked
    assert not window.page.post.isEnabled()
    window.click("question_0_seen")
    window.click("review_post_button")
    window.settle(60_000)


def test_a_new_carriers_scan_is_brought_in_through_the_window_alone(window: Driver, tmp_path: Path) -> None:
    pytest.importorskip("tesserocr", reason="the recogniser (tesserocr) is not installed here")
    june = tmp_path / "larkspur-june.png"
    june.write_bytes(scan(make_paper(JUNE, previous=OPENING), "PNG", degrees=0.6))
    receipt = bring_in(window, june)
    assert {"no-importer", "read-by-ocr"} <= {issue.code for issue in receipt.issues}
    assert window.find(QPushButton, "import_type_button").isVisible(), "typing it in is the other choice"
    window.go("imports", view="quarantine")
    for verb in ("quarantine_point_button", "quarantine_type_button"):
        assert window.find(QPushButton, verb).isEnabled(), "the same two choices are there"
    window.go("import_report")
    pointer = Pointer(window)
    pointer.press("import_point_button")
    pointer.opened()

    # the words are those of the picture in sight, marked as recognised, with their confidence
    assert "Recognised from a picture" in window.text("scan_told")
    guessed = dict(pointer.layout["fields"])
    assert {"number", "bill_date", "total_due"} <= set(guessed)
    pointer.press("forget_total_due")
    assert not pointer.page.save_verb.isEnabled()
    pointer.say("total_due", box_of(pointer, f"${total_of(JUNE):,.2f}"))
    assert pointer.layout["fields"]["total_due"]["label"] == "Total amount due"
    assert f"{total_of(JUNE):,.2f}  ·  " in window.text("field_total_due")
    assert "% sure" in window.text("field_total_due")
    pointer.write("layout_carrier", CARRIER)
    pointer.tab(1)
    pointer.pick("table_kind", "MRC")
    assert pointer.work.footing.state == "holds", pointer.work.reading

    # saved, and the waiting file is imported: held, for a scan is never posted by itself
    came = pointer.answering("save_layout")
    pointer.press("layout_save_button")
    window.qtbot.waitUntil(lambda: window.page.key == "import_report", timeout=120_000)
    window.settle(120_000)
    came()
    assert find_posted(window, number_of(JUNE)) is None
    post_what_waits(window)
    first = find_posted(window, number_of(JUNE))
    assert (first.carrier, first.ban, first.currency) == (CARRIER, "5520-118-904", "USD")
    assert (first.bill_date, first.due_date) == (JUNE, JUNE.replace(day=28))
    assert (first.previous_balance, first.total_due, len(first.charges)) == (OPENING, total_of(JUNE), 7)

    # next month's, fed a little otherwise, waits by itself with its values
    july = tmp_path / "larkspur-july.pdf"
    paper = make_paper(JULY, previous=total_of(JUNE))
    july.write_bytes(scan(paper, degrees=-1.0, shift=(3, 4), scale=0.985, dots=150))
    receipt = bring_in(window, july)
    assert receipt.outcome is Outcome.HELD, receipt.message
    assert find_posted(window, number_of(JULY)) is None
    post_what_waits(window)
    second = find_posted(window, number_of(JULY))
    assert (second.previous_balance, second.total_due, len(second.charges)) == (total_of(JUNE), total_of(JULY), 7)
    assert sum(charge.amount for charge in second.charges) == total_of(JULY)
