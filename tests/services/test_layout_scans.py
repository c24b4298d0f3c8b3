"""Scans that are pointed at, without the window: recognised once by a child, replayed where stored, and mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.ocr.answers import SHOWN
from app.importers.ocr.kept import KEPT
from app.importers.ocr.mixed import PICTURED
from app.importers.ocr.told import AMOUNTS, UNCLEAR
from app.importers.registry import Definitions
from app.services import layout_scans, second_reading
from app.services.incoming import Incoming
from app.services.intake import receive, receive_files
from app.services.layout_acceptance import accept, replay, try_layout
from app.services.layout_desk import LayoutDesk
from app.services.layout_draft import Draft
from app.services.layout_drift import fit_layout
from app.services.layout_scans import Scan, make_scan, recognise
from app.services.layout_words import PageWords, find_text, propose_claims
from app.services.layouts import Reading, guess, read_draft
from app.services.parsing import NotAnswered
from app.services.receipts import Outcome
from app.services.workspace import Workspace
from tests.importers.scanned_bills import CARRIER, make_paper, rows_of, scan, total_of
from tests.services.drops import Drop
from tests.services.office import bill, charge

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
BEFORE = Decimal("3644.94")
PAGE: dict[str, Any] = {
    "number": 1,
    "width": 61_200,
    "height": 79_200,
    "lines": [[["Larkspur", 5_400, 5_000, 9_000, 7_000, 96], ["$88.00", 10_000, 5_000, 12_000, 7_000, 71]]],
}


def unheard(_done: int, _total: int) -> None:
    """Nobody waits."""


@pytest.fixture(scope="session")
def june_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """June's paper as a scan."""
    file = tmp_path_factory.mktemp("paper") / "june.pdf"
    file.write_bytes(scan(make_paper(JUNE, previous=BEFORE)))
    return file


@pytest.fixture(scope="session")
def june(june_file: Path) -> tuple[Scan, Draft, list[tuple[int, int]]]:
    """June's scan, recognised once for all tests, with the first guess at it and the progress that was told."""
    pytest.importorskip("tesserocr", reason="the recogniser (tesserocr) is not installed here")
    told: list[tuple[int, int]] = []
    found = recognise(
        "june.pdf",
        june_file.read_bytes(),
        cancelled=lambda: False,
        progress=lambda done, of: told.append((done, of)),
    )
    draft = guess("june.pdf", found).with_value("claims", propose_claims(found.pages)).with_value("carrier", CARRIER)
    return found, draft, told


# what a child answers


@pytest.mark.parametrize(
    "pages",
    [None, [], [7], "pages", [{**PAGE, "number": 0}], [{**PAGE, "lines": [[["x", 0, 0, 1, 1]]]}], [PAGE, PAGE]],
)
def test_words_that_make_no_sense_are_not_believed(pages: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_do: str, *_args: object, folder: Path, **_more: object) -> dict[str, Any]:
        (folder / SHOWN).write_bytes(b"%PDF-")
        return {"pages": pages}

    monkeypatch.setattr(layout_scans, "ask_child", answer)
    with pytest.raises(NotAnswered):
        recognise("bill.png", b"", cancelled=lambda: False, progress=unheard)


def link(folder: Path) -> None:
    other = folder.parent / "other.pdf"
    other.write_bytes(b"%PDF-")
    (folder / SHOWN).symlink_to(other)


@pytest.mark.parametrize("leave", [lambda _folder: None, link, lambda folder: (folder / SHOWN).write_bytes(b"")])
def test_pages_to_be_shown_are_a_plain_file_of_the_childs_own(
    leave: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_do: str, *_args: object, folder: Path, **_more: object) -> dict[str, Any]:
        leave(folder)
        return {"pages": [PAGE]}

    monkeypatch.setattr(layout_scans, "ask_child", answer)
    with pytest.raises(NotAnswered):
        recognise("bill.png", b"", cancelled=lambda: False, progress=unheard)


def test_a_scan_knows_how_surely_its_words_were_recognised() -> None:
    found = make_scan("bill", [PAGE], b"%PDF-")
    (page,) = found.pages
    assert page.words[1] == ("$88.00", (100.0, 50.0, 120.0, 70.0))
    assert page.doubtful == (("$88.00", (100.0, 50.0, 120.0, 70.0), 71),)
    assert found.confidence(1, (40.0, 40.0, 130.0, 80.0)) == 71
    assert found.confidence(1, (40.0, 40.0, 95.0, 80.0)) == 96
    assert found.confidence(1, (300.0, 40.0, 395.0, 80.0)) is None
    assert found.confidence(2, (40.0, 40.0, 95.0, 80.0)) is None
    assert found.options(page=1) == {"page": 1, KEPT: [PAGE]}


def test_a_name_in_large_letters_recognises_the_carrier_of_a_scan() -> None:
    small = tuple((f"word{at}", (50.0, 300.0 + 12 * at, 90.0, 308.0 + 12 * at)) for at in range(9))
    # letters with and without capitals: boxes are as high as these
    name = (("Larkspur", (50.0, 60.0, 140.0, 80.0)), ("we", (150.0, 66.0, 180.0, 78.0)))
    page = PageWords(1, 612.0, 792.0, (*name, *small), (95,) * 11)
    assert propose_claims([page]) == ("Larkspur we",)
    assert propose_claims([replace(page, confidences=(60, 60, *(95,) * 9))]) == ()


# pointing


def test_a_scan_is_recognised_once_and_read_from_its_words(
    june: tuple[Scan, Draft, list[tuple[int, int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, draft, told = june
    assert (0, 1) in told
    assert found.shown.startswith(b"%PDF-")
    assert draft.texts("claims") == (CARRIER,)
    assert all(place.confidence is not None for place in draft.places.values())
    monkeypatch.setattr(layout_scans, "recognise", None)
    monkeypatch.setattr(second_reading, "parse_file", None)
    reading: Reading = read_draft("june.pdf", found, draft)
    assert reading.invoice is not None
    assert reading.footing is not None
    assert reading.footing.holds
    assert reading.invoice.total_due == total_of(JUNE)
    assert reading.invoice.sources["total_due"].confidence is not None
    assert "read-by-ocr" in [issue.code for issue in reading.issues]
    (number,) = find_text(found.pages[0], reading.invoice.number)
    box = reading.invoice.sources["number"].box
    assert box is not None
    assert (box.x0, box.top) == (round(number[0] * 100), round(number[1] * 100))


def test_a_picture_that_nobody_waits_for_is_recognised_no_further(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "june.png"
    file.write_bytes(scan(make_paper(JUNE, previous=BEFORE), "PNG"))
    with pytest.raises(NotAnswered, match="cancelled"):
        LayoutDesk(sqlite_workspace).open(file, file.name, "", lambda: True, unheard)


def test_stored_scans_are_replayed_and_what_reads_otherwise_is_told(
    sqlite_workspace: Workspace,
    june: tuple[Scan, Draft, list[tuple[int, int]]],
    june_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The layout is tried on the scan in hand, and then on the stored one, which is recognised for it."""
    found, draft, _told = june
    reading = read_draft("june.pdf", found, draft)
    assert reading.invoice is not None
    drop = Drop(tmp_path / "drop", monkeypatch)
    stored = drop.folder / "june.pdf"
    stored.write_bytes(june_file.read_bytes())
    posted = replace(reading.invoice, carrier=CARRIER, due_date=JULY)  # somebody has corrected the due date
    drop.holds[stored.read_bytes()] = ParsedDocument("pdf:larkspur-fiber-works", invoices=(posted,))
    (receipt,) = receive(sqlite_workspace, [stored], "Dana")
    assert receipt.outcome is Outcome.TAKEN, receipt.message
    steps: list[tuple[int, int]] = []
    trial = try_layout(sqlite_workspace, "june.pdf", found, draft, progress=lambda done, of: steps.append((done, of)))
    assert steps == [(0, 1), (1, 1)]
    assert (trial.name, trial.footing_holds) == ("larkspur-fiber-works", True)
    (result,) = trial.results
    assert result.differences == ("due date: 2026-07-01 → 2026-06-28",)
    assert replay(sqlite_workspace, trial.toml, "Somebody Else") == []

    # a scan whose totals have moved is stopped, with where they stood and stand on the pages as they are shown
    accept(sqlite_workspace, trial, "Dana", "the date was agreed")
    file = tmp_path / "july.png"
    paper = make_paper(JULY, previous=total_of(JUNE), moved=22.0)
    file.write_bytes(scan(paper, "PNG", degrees=1.0, shift=(3, 2)))
    importer = f"pdf:{trial.name}"
    opened, known, moved = LayoutDesk(sqlite_workspace).open_drifted(file, file.name, (), importer)
    assert (opened.scanned, known) == (True, importer)
    ways = {one.text: one.now[1] - one.stood[1] for one in moved if one.now is not None}
    assert {"Previous balance", "Current charges", "Total amount due"} <= set(ways)
    assert all(way == pytest.approx(22, abs=3) for way in ways.values()), ways
    for one in moved:
        (place,) = find_text(opened.pages[0], one.text)
        assert one.now == place

    # mended on the words that are read already
    monkeypatch.setattr(layout_scans, "recognise", None)
    mended = LayoutDesk(sqlite_workspace).mend(opened, file.name, importer)
    assert mended.draft is not None
    again = read_draft(file.name, mended.content, mended.draft)
    assert again.invoice is not None
    assert (again.invoice.total_due, len(again.invoice.charges)) == (total_of(JULY), len(rows_of(JULY)))


def test_mending_on_a_scan_begins_with_the_layouts_places_on_this_scan() -> None:
    layout = {
        "fields": {"ban": {"label": "Account", "region": [100.0, 50.0, 200.0, 60.0], "page": "first"}},
        "anchors": [{"text": "Account", "page": 1, "box": [40.0, 50.0, 90.0, 60.0]}],
        "sections": [{"columns": [100.0, 300.0]}],
        "tables": [{"columns": [{"field": "amount", "from": 400.0, "to": 500.0}]}],
    }
    fitted = fit_layout(layout, {1: (1_000_000, 500, 2_000_000, -1_000)})
    assert fitted["fields"]["ban"]["region"] == [95.0, 30.0, 195.0, 35.0]
    assert fitted["anchors"][0]["box"] == [35.0, 30.0, 85.0, 35.0]
    assert fitted["sections"][0]["columns"] == [95.0, 295.0]
    assert fitted["tables"][0]["columns"] == [{"field": "amount", "from": 395.0, "to": 495.0}]
    assert fit_layout(layout, {}) == layout
    assert layout["fields"]["ban"]["region"][0] == 100.0  # type: ignore[index]


# PDFs of which a page is a picture

TOLD = ParseIssue(Severity.REVIEW, PICTURED, "Page 2 is a picture.", "Look.", Source(page=2))


def text_bill(page: int, *, total: str = "8.00") -> ParsedDocument:
    place = Source(page=page, box=Box(0, 0, 1, 1))
    known = bill(replace(charge("8.00"), source=place), carrier="Quiet Hill", number="Q-1")
    return ParsedDocument("pdf:q", invoices=(replace(known, total_due=D(total), sources={"number": place}),))


@pytest.mark.parametrize(
    ("second", "held"),
    [
        (text_bill(1), False),
        (text_bill(2), True),
        (text_bill(1, total="9.00"), True),
        (ParsedDocument("", issues=(ParseIssue(Severity.ERROR, "no-recognition", "", ""),)), True),
    ],
)
def test_a_picture_from_which_nothing_is_taken_holds_no_bill(
    second: ParsedDocument, held: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ParseIssue(Severity.REVIEW, "read-by-ocr", "", "")
    again = second if second.refused else replace(second, issues=(read,))
    monkeypatch.setattr(second_reading, "parse_file", lambda *_args, **_more: again)
    first = replace(text_bill(1), issues=(TOLD,))
    file = tmp_path / "bill.pdf"
    file.write_bytes(b"%PDF-")
    found = second_reading.read_again(
        "bill.pdf", file, Definitions(), first, tmp_path, cancelled=lambda: False, progress=unheard
    )
    assert found.needs_eyes is held
    assert not found.refused
    if not held:
        (told,) = found.issues
        assert (told.code, told.severity) == (PICTURED, Severity.INFO)


@pytest.mark.parametrize("code", [AMOUNTS, UNCLEAR])
def test_a_picture_that_shows_amounts_or_is_hard_to_read_holds_the_bill(code: str) -> None:
    first = replace(text_bill(1), issues=(TOLD,))
    shown = ParseIssue(Severity.REVIEW, code, "Page 2 shows '99.00'.", "Look.", Source(page=2))
    found = second_reading.first_if_alike(first, replace(text_bill(1), issues=(shown,)))
    assert [issue.code for issue in found.issues] == [PICTURED, code]
    assert found.needs_eyes
    elsewhere = replace(shown, source=Source(page=3))
    assert not second_reading.first_if_alike(first, replace(text_bill(1), issues=(elsewhere,))).needs_eyes


def test_a_scan_is_read_by_the_reader_that_a_person_has_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_workspace: Workspace
) -> None:
    chosen: list[object] = []

    def parse(_name: str, *_args: object, **more: object) -> ParsedDocument:
        chosen.append(more["importer"])
        return ParsedDocument("", issues=(ParseIssue(Severity.ERROR, "no-text", "Nothing.", ""),))

    monkeypatch.setattr(second_reading, "parse_file", parse)
    file = tmp_path / "scan.png"
    file.write_bytes(scan(make_paper(JUNE, previous=BEFORE), "PNG", dots=50))
    receive_files(sqlite_workspace, [Incoming(file, importer="pdf:hetzner")], "Dana")
    assert chosen == ["pdf:hetzner"]


def test_an_unknown_pdf_is_recognised_only_where_pages_of_it_are_pictures(
    june_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def parse(name: str, *_args: object, do: str, **_more: object) -> ParsedDocument:
        asked.append(f"{do} {name}")
        return ParsedDocument("")

    paper = tmp_path / "paper.pdf"
    paper.write_bytes(make_paper(JUNE, previous=BEFORE))
    monkeypatch.setattr(second_reading, "parse_file", parse)
    unknown = ParsedDocument("", issues=(ParseIssue(Severity.ERROR, "no-importer", "", ""),))
    for file in (paper, june_file):
        second_reading.read_again(
            file.name, file, Definitions(), unknown, tmp_path, cancelled=lambda: False, progress=unheard
        )
    assert asked == ["ocr june.pdf"]
