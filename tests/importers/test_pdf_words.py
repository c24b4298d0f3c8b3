"""Words of a PDF with their boxes: turned pages, cut pages, ligatures, large headings, many pages."""

from __future__ import annotations

import os
from io import BytesIO
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.source import Box, Source
from app.importers.faults import BrokenFile, ImageOnly, TooLarge
from app.importers.pdf import pages
from app.importers.pdf.glyphs import find_doubles, find_overprints
from app.importers.pdf.pages import read_lines, walk_pages
from app.importers.pdf.text import Line, PageText, Word
from tests.importers.pdf_files import PAGES, make_pdf, page_of


def make_page(draw: Any, **options: Any) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300), invariant=1, **options)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def only_page(content: bytes) -> PageText:
    (page,) = walk_pages("bill.pdf", content, [])
    return page


def corner(words: str) -> Any:
    def draw(canvas: Any) -> None:
        canvas.drawString(30, 300 - 40, words)

    return draw


def test_a_word_stands_where_it_is_seen_to_the_hundredth_of_a_point() -> None:
    (word,) = only_page(make_page(corner("Total"))).words
    # Helvetica of 12 points: five letters of 26.68 points in all
    assert (word.text, word.box.x0, word.box.x1) == ("Total", 3000, 5668)
    assert word.box.top < 4000 - 800 < 4000 < word.box.bottom


@pytest.mark.parametrize(("turn", "x", "y"), [(0, 30, 40), (90, 260, 30), (180, 370, 260), (270, 140, 270)])
def test_a_turned_page_is_read_as_it_is_shown(turn: int, x: int, y: int) -> None:
    """The page is 400 points wide as shown, whichever way it is turned; the words begin 30 from its unturned left."""

    def draw(canvas: Any) -> None:
        canvas.setPageRotation(turn)
        corner("Total")(canvas)

    page = only_page(make_page(draw))
    assert (page.width, page.height) == (40_000, 30_000)
    ((_, box),) = [(word.text, word.box) for word in page.words]
    assert min(abs(box.x0 - 100 * x), abs(box.x1 - 100 * x)) < 300
    assert min(abs(box.top - 100 * y), abs(box.bottom - 100 * y)) < 300
    assert (box.x1 - box.x0 > box.bottom - box.top) == (turn in {0, 180})


def test_places_count_from_the_corner_of_the_visible_part() -> None:
    def draw(canvas: Any) -> None:
        canvas.setCropBox((10, 20, 390, 280))
        corner("Total")(canvas)

    page = only_page(make_page(draw))
    assert (page.width, page.height) == (38_000, 26_000)
    assert page.words[0].box.x0 == 2000


def test_a_large_heading_does_not_join_the_small_lines_beside_it() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont("Helvetica", 30)
        canvas.drawString(20, 200, "INVOICE")
        canvas.setFont("Helvetica", 8)
        for line in range(3):
            canvas.drawString(250, 225 - 10 * line, f"line {line}")

    lines, _ = read_lines("bill.pdf", make_page(draw))
    texts = [line.text for line in lines]
    assert {"line 0", "line 1"} <= set(texts)


def test_a_large_amount_stands_on_the_line_of_its_small_label() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(20, 200, "Total due")
        canvas.setFont("Helvetica", 24)
        canvas.drawString(250, 200, "$5.00")

    lines, _ = read_lines("bill.pdf", make_page(draw))
    assert [line.text for line in lines] == ["Total due $5.00"]


def test_letters_of_a_ligature_are_no_doubles_and_doubled_digits_are() -> None:
    place = (0, 0, 500, 1000)
    assert find_doubles("ff", {0: place, 1: place}, {0: 7, 1: 7}) == set()
    assert find_doubles("ff", {0: place, 1: place}, {0: 7, 1: 8}) == {1}
    assert find_doubles("11", {0: place, 1: place}, {0: 7, 1: 7}) == {1}


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_two_digits_are_over_each_other_only_if_each_covers_most_of_the_other(right: int, down: int) -> None:
    pairs = find_overprints("19", {0: (0, 0, 500, 1000), 1: (right, down, right + 500, down + 1000)})
    assert bool(pairs) == (right < 250 and down < 400)


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(0, 50_000),
    st.integers(0, 70_000),
    st.integers(1, 5_000),
    st.integers(200, 2_000),
)
words = st.lists(
    st.builds(Word, st.sampled_from(["a", "Total", "1,234.56", "two words"]), boxes), min_size=1, max_size=30
)


@given(words)
def test_a_line_gives_back_the_words_it_was_made_of(some: list[Word]) -> None:
    line = Line(3, some)
    assert line.words == tuple(some)
    assert line.text == " ".join(word.text for word in some)
    assert line.source == Source(page=3, box=line.box)


@given(words, st.randoms())
def test_words_make_the_same_lines_whichever_way_they_come(some: list[Word], chance: Random) -> None:
    plain = [Word(f"{word.text.replace(' ', '')}{n}", word.box) for n, word in enumerate(some)]
    page = page_of(1, plain)
    assert sorted(map(repr, page.words)) == sorted(repr(word) for line in page.lines for word in line.words)
    for line in page.lines:
        assert [word.box.x0 for word in line.words] == sorted(word.box.x0 for word in line.words)
        for one, other in pairwise(sorted(line.words, key=lambda word: (word.box.top + word.box.bottom, word.box.x0))):
            shared = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
            assert 2 * shared >= min(one.box.bottom - one.box.top, other.box.bottom - other.box.top)
    places = {(word.box.x0, word.box.top + word.box.bottom) for word in plain}
    if len(places) == len(plain):  # two words in one place may stand either way round
        mixed = chance.sample(plain, len(plain))
        assert [line.words for line in page_of(1, mixed).lines] == [line.words for line in page.lines]


def test_a_value_read_from_a_picture_carries_the_lowest_confidence_of_its_words() -> None:
    line = Line(1, [Word("Total", Box(0, 0, 10, 10), 97), Word("5.00", Box(20, 0, 30, 10), 61)])
    assert line.source.confidence == 61
    assert line.source_of(0, 5).confidence == 97
    assert Line(1, [Word("Total", Box(0, 0, 10, 10))]).source.confidence is None


def test_a_page_without_text_is_a_picture() -> None:
    with pytest.raises(ImageOnly):
        read_lines("scan.pdf", make_page(lambda canvas: canvas.rect(10, 10, 50, 50, fill=1)))


def test_text_that_is_invisible_throughout_is_a_picture_too() -> None:
    def draw(canvas: Any) -> None:
        text = canvas.beginText(30, 200)
        text.setTextRenderMode(3)
        text.textLine("Total 5.00")
        canvas.drawText(text)

    with pytest.raises(ImageOnly):
        read_lines("scan.pdf", make_page(draw))


@pytest.mark.parametrize(
    ("limit", "most", "told"),
    [("MOST_PAGES", 1, "2 pages"), ("MOST_CHARACTERS", 9, "over"), ("MOST_ON_A_PAGE", 9, "on page 1")],
)
def test_what_is_too_much_for_one_file_is_refused_with_the_limit(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, told: str
) -> None:
    monkeypatch.setattr(pages, limit, most)
    with pytest.raises(TooLarge, match=told):
        read_lines("bill.pdf", make_pdf(PAGES))


def test_what_a_second_reader_cannot_open_is_broken() -> None:
    with pytest.raises(BrokenFile):
        pages.check_file("bill.pdf", b"%PDF-1.4 and nothing else", 1)


def test_progress_is_told_page_by_page() -> None:
    told: list[tuple[int, int]] = []
    read_lines("bill.pdf", make_pdf(PAGES), lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


@pytest.mark.skipif(os.environ.get("TOLLBOOK_SLOW_TESTS") != "1", reason="slow: set TOLLBOOK_SLOW_TESTS=1")
def test_a_bill_of_a_thousand_pages_is_read_to_the_last_charge() -> None:
    from bench.thousand_pages import PAGES, ROWS, charges_of_ours, make_bill

    assert charges_of_ours(make_bill(PAGES)) == PAGES * ROWS
