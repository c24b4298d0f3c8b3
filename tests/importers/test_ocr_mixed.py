"""PDFs of which some pages are printed and some are pictures."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.domain.source import Box
from app.domain.vocabulary import Severity
from app.importers.identify import read_document
from app.importers.ocr.mixed import PICTURED, find_pictured, read_printed, tell_pictured
from app.importers.ocr.read import read_recognised, recognise
from app.importers.pdf.answers import tell_pictures, tell_words
from app.importers.pdf.text import Line, Word
from app.importers.registry import Definitions
from tests.importers.ocr_pictures import draw, save
from tests.importers.scanned_bills import make_paper, number_of, scan, total_of
from tests.importers.scanned_words import (
    BEFORE,
    JULY,
    JUNE,
    NONE,
    codes,
    is_right,
    layout_text,
    needs_recogniser,
    words_of,
)


def mix(*pages: bytes) -> bytes:
    """One PDF of the pages of several."""
    import pypdfium2

    with pypdfium2.PdfDocument.new() as whole:
        for page in pages:
            with pypdfium2.PdfDocument(page) as part:
                whole.import_pages(part)
        written = BytesIO()
        whole.save(written)
    return written.getvalue()


@cache
def letter() -> bytes:
    """A printed page that says enough not to be a stamp on a picture."""
    written = BytesIO()
    canvas = Canvas(written, pagesize=(612, 792), invariant=1)
    for at in range(6):
        canvas.drawString(
            72, 700 - 20 * at, f"Dear customer, this is line {at + 1} of a letter that comes with your bill."
        )
    canvas.save()
    return written.getvalue()


def test_a_page_that_is_a_picture_is_told_and_others_are_read_as_text() -> None:
    paper = make_paper(JUNE, previous=BEFORE)
    mixed = mix(paper, save(draw(paper, 100), "PDF", 100))
    words = tell_words("mixed.pdf", mixed, NONE, {})["pages"]
    assert [(page["picture"], bool(page["words"])) for page in words] == [(False, True), (True, False)]
    assert tell_pictures("mixed.pdf", mixed, NONE, {}) == {"pictures": True}
    assert tell_pictures("paper.pdf", paper, NONE, {}) == {"pictures": False}
    document = read_document("mixed.pdf", mixed, Definitions((layout_text(),), ()))
    (told,) = [issue for issue in document.issues if issue.code == PICTURED]
    assert (told.severity, told.source.page) == (Severity.REVIEW, 2)
    assert PICTURED not in codes(read_document("paper.pdf", paper, Definitions((layout_text(),), ())))


def test_a_blank_back_is_no_picture_and_a_stamp_on_a_picture_no_text() -> None:
    blank = BytesIO()
    empty = Canvas(blank, pagesize=(612, 792), invariant=1)
    empty.showPage()
    empty.save()
    stamped = BytesIO()
    canvas = Canvas(stamped, pagesize=(612, 792), invariant=1)
    (picture,) = draw(make_paper(JUNE, previous=BEFORE), 100)
    canvas.drawImage(ImageReader(picture), 0, 0, 612, 792)
    canvas.drawString(300, 20, "Received 3 July 2026")
    canvas.save()
    half = BytesIO()
    canvas = Canvas(half, pagesize=(612, 792), invariant=1)
    canvas.drawImage(ImageReader(picture), 0, 400, 612, 350)
    canvas.save()
    mixed = mix(letter(), blank.getvalue(), stamped.getvalue(), half.getvalue())
    assert find_pictured("mixed.pdf", mixed, {1: 60, 2: 0, 3: 4, 4: 0}) == [3, 4]
    assert find_pictured("mixed.pdf", mixed, {3: 12, 4: 4}) == [], "enough words, or too small a picture"
    printed, _issues = read_printed("mixed.pdf", mixed)
    assert list(printed) == [1]


def test_a_picture_in_a_long_bill_is_told_and_hinders_nobody_from_pointing_at_its_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has more pages than can be recognised."""
    mixed = mix(letter(), save(draw(letter(), 50), "PDF", 50))
    monkeypatch.setattr("app.importers.ocr.mixed.MOST_PAGES", 1)
    assert [page["picture"] for page in tell_words("mixed.pdf", mixed, NONE, {})["pages"]] == [False, False]
    assert tell_pictures("mixed.pdf", mixed, NONE, {}) == {"pictures": False}
    assert read_printed("mixed.pdf", mixed) == ({}, [])
    assert [issue.source.page for issue in tell_pictured("mixed.pdf", mixed, {1: 60, 2: 0})] == [2]


def test_a_scan_behind_a_printed_letter_is_recognised_and_the_letter_read(tmp_path: Path) -> None:
    needs_recogniser()
    content = mix(letter(), scan(make_paper(JULY, previous=total_of(JUNE)), degrees=0.4))
    read = recognise("mixed.pdf", content)
    assert (read.printed, sorted(read.words)) == ({1}, [1, 2])
    assert {word.confidence for word in read.words[1]} == {100}
    assert "Dear customer, this is line 1" in read.text_of(1)
    assert number_of(JULY) in read.text_of(2)
    behind = layout_text().replace('page = "first"', "page = 2").replace("page = 1\n", "page = 2\n")
    document = read_recognised("mixed.pdf", read, Definitions((behind,), ()), importer="pdf:larkspur")
    assert document.issues[0].message.startswith("Part of this bill is a picture")
    assert is_right(document.invoices[0])


def test_a_picture_behind_a_printed_bill_that_shows_another_total_is_told() -> None:
    known = words_of(make_paper(JULY, previous=total_of(JUNE)))
    known.printed = {1}
    for text, told in (("$9,999.00", ["amounts-in-picture"]), ("Welcome", [])):
        line = Line(2, [Word(text, Box(5_000, 5_000, 9_000, 6_000), 95)])
        read = replace(known, lines=list(known.lines), words=dict(known.words), placings=dict(known.placings))
        read.take(2, [line], known.placings[1])
        document = read_recognised("mixed.pdf", read, Definitions((layout_text(),), ()))
        assert is_right(document.invoices[0])
        assert [code for code in codes(document) if code == "amounts-in-picture"] == told
