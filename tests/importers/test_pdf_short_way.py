"""A page on which nothing can be hidden is read the short way: it has to say what the whole judgement says."""

from __future__ import annotations

import ctypes
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdfium2 import raw

from app.domain.source import Box, ParseIssue
from app.domain.vocabulary import Severity
from app.importers.pdf import drawn
from app.importers.pdf import page as reader
from app.importers.pdf.pages import walk_pages
from app.importers.pdf.pdfium import FORM, TEXT, handle, list_objects
from app.importers.pdf.sheet import Sheet, open_sheet
from app.importers.pdf.text import Line, PageText, Word, around
from tests.importers.hostile.pdf_meanings import EMPTY_GLYPHS, PLAIN_MAP, TYPE3
from tests.importers.hostile.raw_pdf import FONT, assemble, stream, write
from tests.importers.pdf_files import page_of

TEXTS = (b"Port 9 900.00", b"1,234.56", b"Thank you", b"12.34 and 56.78", b"Account 5550100", b"-")
FORM_WORDS = b"/Type/XObject/Subtype/Form/BBox[%s]/Resources<</Font<</F1 5 0 R>>/XObject<</X1 6 0 R>>>>"
WHOLE = b"0 -10 612 20"
SHADING = (
    b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 612 0]/Extend[true true]"
    b"/Function<</FunctionType 2/Domain[0 1]/C0[1]/C1[1]/N 1>>>>"
)


def draw(kind: str, text: bytes, y: int) -> bytes:
    """The operators that put a line of text upon the page at the height `y`, hidden or not."""
    plain, over = write(text, y=y), b"48 %d 200 14 re" % (y - 3)
    match kind:
        case "invisible" | "clipping" | "stroked":
            mode = {"invisible": b"3 Tr", "clipping": b"7 Tr", "stroked": b"1 Tr"}[kind]
            return b"q " + write(text, y=y, more=mode) + b"Q "
        case "white" | "pale" | "white-cmyk" | "grey":
            ink = {"white": b"1 g", "pale": b".97 .98 .97 rg", "white-cmyk": b"0 0 0 0 k", "grey": b".4 g"}[kind]
            return b"q " + ink + b" " + plain + b"Q "
        case "white-on-black":
            return b"q 0 g " + over + b" f 1 g " + plain + b"Q "
        case "see-through" | "masked" | "multiplied":
            state = {"see-through": b"/G1", "masked": b"/G2", "multiplied": b"/G3"}[kind]
            return b"q " + state + b" gs " + plain + b"Q "
        case "one-point":
            return write(text, y=y, size=1)
        case "beside":
            return write(text, x=900, y=y)
        case "squeezed" | "raised":
            return b"q " + write(text, y=y, more={"squeezed": b"1 Tz", "raised": b"5000 Ts"}[kind]) + b"Q "
        case "twice":
            return plain + plain
        case "overprinted":
            return plain + write(b"Port 8 811.11", y=y)
        case "tiny-digit" | "thin-digit":
            small, large = (b"/F1 1 Tf", b"/F1 10 Tf") if kind == "tiny-digit" else (b"1 Tz", b"100 Tz")
            return b"BT /F1 10 Tf 1 0 0 1 50 %d Tm (1) Tj %s (9) Tj %s (23.45) Tj ET " % (y, small, large)
        case "kerned":
            return b"BT /F1 10 Tf 1 0 0 1 50 %d Tm [(1) 556 (9,234.56)] TJ ET " % y
        case "backwards":
            return b"BT /F1 10 Tf 1 0 0 1 50 %d Tm [(9) 1112 (8) 1112 (7) 1112 (6)] TJ ET " % y
        case "backwards-amount":
            return b"BT /F1 10 Tf 1 0 0 1 50 %d Tm [(0) 1112 (5) 834 (.) 834 (2) 1112 (1)] TJ ET " % y
        case "raised-cents" | "footnote":
            whole, more = (b"1234", b"50") if kind == "raised-cents" else (b"1234.50", b"1")
            return b"BT /F1 10 Tf 1 0 0 1 50 %d Tm (%s) Tj /F1 6 Tf 4 Ts (%s) Tj ET " % (y, whole, more)
        case "cut-at-the-edge":
            return write(b"91234.50", x=-12, y=y)
        case "upright" | "head-down" | "large-then-small":
            turn = {"upright": b"0 1 -1 0", "head-down": b"-1 0 0 -1", "large-then-small": b"1 0 0 1"}[kind]
            return b"BT /F1 10 Tf %s 300 %d Tm (1234.) Tj /F1 %d Tf (50) Tj ET " % (
                *(turn, y),
                6 if kind == "large-then-small" else 10,
            )
        case "under-white" | "under-black":
            return plain + b"q %d g " % (kind == "under-white") + over + b" f Q "
        case "under-a-frame":
            return plain + b"q 9 w " + over + b" S Q "
        case "framed":
            return plain + over + b" S "
        case "ruled":
            return plain + b"40 %d 300 .5 re f " % (y - 5)
        case "boxed":
            return b"q .9 .9 1 rg " + over + b" f Q " + plain
        case "under-a-picture":
            return plain + b"q 200 0 0 14 48 %d cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q " % (y - 3)
        case "under-a-shading":
            return plain + b"q " + over + b" W n /S1 sh Q "
        case "clipped-away":
            return b"q 0 0 1 1 re W n " + plain + b"Q "
        case "clipped-wide":
            return b"q 0 0 612 792 re W n " + plain + b"Q "
        case "form" | "hidden-form" | "cut-form" | "form-in-form" | "form-off":
            number = ["form", "hidden-form", "cut-form", "form-in-form", "form-off"].index(kind) + 1
            return b"q 1 0 0 1 0 %d cm /X%d Do Q " % (y, number)
        case "layer-off":
            return b"/OC /L1 BDC " + plain + b"EMC "
        case "spoken":
            return b"/Span <</ActualText(Port 1 700.00)>> BDC " + plain + b"EMC "
        case "no-ink":
            return plain.replace(b"/F1", b"/F2")
    return plain


HIDES = [
    *("invisible", "clipping", "white", "pale", "white-cmyk", "see-through", "masked"),
    *("one-point", "beside", "squeezed", "raised", "overprinted", "kerned"),
    *("backwards", "backwards-amount", "raised-cents", "footnote", "cut-at-the-edge"),
    *("under-white", "under-black", "under-a-picture", "under-a-shading", "clipped-away"),
    *("hidden-form", "cut-form", "form-off", "layer-off", "spoken", "no-ink"),
]
SHOWS = [
    *("plain", "stroked", "grey", "white-on-black", "multiplied", "twice"),
    *("upright", "head-down", "large-then-small"),
    *("under-a-frame", "framed", "ruled", "boxed", "clipped-wide", "form", "form-in-form"),
]


def make(rows: list[tuple[str, bytes]], page: bytes = b"", *, content: bytes = b"") -> bytes:
    """A page of these rows, and of this `content` behind them."""
    body = b"".join(draw(kind, text, 740 - 25 * number) for number, (kind, text) in enumerate(rows))
    body += content
    inside, state = write(b"Port 7 700.00", y=0), b"<</Type/ExtGState%s>>"
    black = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/CS/DeviceGray>>"
    resources = (
        b"<</Font<</F1 5 0 R/F2 10 0 R>>/XObject<</X1 6 0 R/X2 7 0 R/X3 8 0 R/X4 9 0 R/X5 19 0 R>>"
        b"/Properties<</L1 13 0 R>>/ExtGState<</G1 14 0 R/G2 15 0 R/G3 16 0 R>>/Shading<</S1 18 0 R>>>>"
    )
    return assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[13 0 R]/D<</OFF[13 0 R]>>>>>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources%s%s>>" % (resources, page),
            stream(body),
            FONT,
            stream(inside, FORM_WORDS % WHOLE),
            stream(b"3 Tr " + inside, FORM_WORDS % WHOLE),
            stream(inside, FORM_WORDS % b"0 0 5 5"),
            stream(b"/X1 Do", FORM_WORDS % WHOLE),
            TYPE3.replace(b" 6 0 R", b" 11 0 R").replace(b" 7 0 R", b" 12 0 R"),
            stream(EMPTY_GLYPHS),
            stream(PLAIN_MAP),
            b"<</Type/OCG/Name(Notes)>>",
            state % b"/ca 0",
            state % b"/SMask<</S/Luminosity/G 17 0 R>>",
            state % b"/BM/Multiply",
            stream(b"0 g 0 0 612 792 re f", black),
            SHADING,
            stream(inside, b"/OC 13 0 R" + FORM_WORDS % WHOLE),
        ]
    )


def read(content: bytes) -> tuple[PageText, list[ParseIssue]]:
    issues: list[ParseIssue] = []
    (page,) = walk_pages("bill.pdf", content, issues)
    return page, issues


def read_the_long_way(content: bytes) -> tuple[PageText, list[ParseIssue]]:
    """Every character is looked at, and the page is drawn twice, whatever is on it."""
    with (
        patch.object(reader, "_needs_a_close_look", return_value=True),
        patch.object(drawn, "_could_hide", return_value=True),
    ):
        return read(content)


def gravest(issues: list[ParseIssue]) -> Severity | None:
    return next(
        (grave for grave in (Severity.REVIEW, Severity.INFO) if grave in {one.severity for one in issues}), None
    )


rows = st.lists(st.tuples(st.sampled_from(["plain", *SHOWS, *HIDES]), st.sampled_from(TEXTS)), min_size=1, max_size=6)
turns = st.sampled_from([b"", b"/Rotate 90", b"/Rotate 180", b"/CropBox[0 300 612 792]"])


@settings(max_examples=150)
@given(rows, turns)
def test_the_short_way_says_what_the_whole_judgement_says(some: list[tuple[str, bytes]], page: bytes) -> None:
    content = make(some, page)
    (short, told), (whole, all_told) = read(content), read_the_long_way(content)
    assert (short.texts, short.bounds) == (whole.texts, whole.bounds)
    assert gravest(told) == gravest(all_told)


@pytest.mark.parametrize("kind", HIDES)
def test_each_way_of_hiding_an_amount_is_seen_among_honest_lines(kind: str) -> None:
    lines = [("plain", text) for text in TEXTS]
    page, issues = read(make([*lines, (kind, b"Port 9 900.00"), *lines]))
    assert gravest(issues) is Severity.REVIEW
    assert (page.texts, gravest(issues)) != (read(make(lines))[0].texts, None)


@pytest.mark.parametrize("kind", SHOWS)
def test_a_page_on_which_all_can_be_seen_is_read_without_a_word(kind: str) -> None:
    assert read(make([("plain", TEXTS[0]), (kind, TEXTS[1]), ("plain", TEXTS[2])]))[1] == []


@pytest.mark.parametrize(
    "small",
    [
        (b"/F1 1 Tf", b"/F1 10 Tf"),
        (b"/F1 1.5 Tf", b"/F1 10 Tf"),
        (b"1 Tz", b"100 Tz"),
        (b"/F1 300 Tf 1.5 Tz", b"/F1 10 Tf 100 Tz"),
    ],
)
@pytest.mark.parametrize(("before", "after"), [(b"1", b"23.45"), (b"", b"123.45"), (b"123.45", b""), (b"55", b"0100")])
def test_a_digit_too_small_to_be_seen_is_no_part_of_its_number(
    small: tuple[bytes, bytes], before: bytes, after: bytes
) -> None:
    body = b"BT /F1 10 Tf 1 0 0 1 50 400 Tm (Sum %s) Tj %s (9) Tj %s (%s) Tj ET " % (before, small[0], small[1], after)
    page, (issue,) = read(make([("plain", TEXTS[0])], content=body))
    assert page.lines[-1].text.replace(" ", "") == f"Sum{(before + after).decode()}"
    assert (issue.code, "'9'" in issue.message) == ("hidden-text", True)


@pytest.mark.parametrize("width", [0, 4])
def test_a_digit_for_which_its_font_makes_no_room_stands_over_the_next(width: int) -> None:
    widths = [width if code == ord("9") else 556 for code in range(32, 127)]
    font = FONT[:-2] + b"/FirstChar 32/LastChar 126/Widths%s>>" % str(widths).replace(",", "").encode()
    content = make([("plain", b"Sum 1923.45")]).replace(FONT, font)
    (page, issues), (whole, all_issues) = read(content), read_the_long_way(content)
    assert (page.texts, issues) == (whole.texts, all_issues)
    assert [issue.code for issue in issues] == ["overprinted"]


def test_a_hyphen_at_the_end_of_a_line_is_read_as_it_is_printed() -> None:
    assert read(make([("plain", b"Total of tele-"), ("plain", b"phone")]))[0].texts == ["Total", "of", "tele-", "phone"]


@given(rows)
def test_the_list_of_objects_is_that_of_pdfium(some: list[tuple[str, bytes]]) -> None:
    with pypdfium2.PdfDocument(make(some)) as document:
        page = document[0]
        found = list_objects(handle(page))
        expected = [(one.type, _place(one.raw)) for one in page.get_objects(max_depth=14)]
        own = [one for one in page.get_objects(max_depth=1) if one.type == TEXT]
        assert sorted(zip(found.kinds, found.places, strict=True)) == sorted(expected)
        assert found.texts == [place for kind, place in zip(found.kinds, found.places, strict=True) if kind == TEXT]
        assert found.modes == [
            raw.FPDFTextObj_GetTextRenderMode(ctypes.cast(one, raw.FPDF_PAGEOBJECT)) for one in found.texts
        ]
        assert (found.own_texts, found.complete) == (len(own), True)
        assert (FORM in found.kinds) == any("form" in kind for kind, _ in some)


def _place(thing: Any) -> int:
    return int(ctypes.cast(thing, ctypes.c_void_p).value or 0)


kinds_of_words = [b"12.34", b"1,2", b"a1.5", b"Total", b"-", b"9", b"1.2.3", b"7.", b"\x96", b"$5.00", b"\xbd1.5"]
words = st.lists(
    st.tuples(st.sampled_from(kinds_of_words), st.integers(0, 4), st.sampled_from([0, 300, 450])),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300)
@given(words)
def test_a_word_is_as_wide_as_its_ends_and_digits_over_each_other_are_seen(some: list[tuple[bytes, int, int]]) -> None:
    shown = b"( )".join(b"(%s) %d (%s)" % (word[:cut], kern, word[cut:]) for word, cut, kern in some)
    body = b"BT /F1 10 Tf 1 0 0 1 50 700 Tm (Sum 1.00) Tj 1 0 0 1 50 600 Tm [%s] TJ ET" % shown
    content = assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            stream(body),
            FONT,
        ]
    )
    with pypdfium2.PdfDocument(content) as document:
        page = document[0]
        text_page, sheet = page.get_textpage(), open_sheet(page)
        at = handle(text_page)
        text = reader._read_text(text_page, at)
        texts, spans, odd = reader._split(text)
        assert odd == any(not (32 <= ord(one) < 127 or one in "\r\n") for one in text)
        assert texts == [text[first : last + 1] for first, last in spans.tolist()]
        sides, overlapping = reader._measure(at, sheet, text, spans)
        boxes = _place_all(text_page, sheet, len(text))
        pairs: list[tuple[list[int], list[int]]] = []
        for (first, last), side in zip(spans.tolist(), sides.tolist(), strict=True):
            one, other = boxes[first], boxes[last]
            assert side == [*map(min, one[:2], other[:2]), *map(max, one[2:], other[2:])]
            if reader._FIGURE.search(text[first : last + 1]):
                pairs += pairwise(boxes[first : last + 1])
        over = [2 * (one[2] - other[0]) > one[2] - one[0] > 0 for one, other in pairs]
        assert overlapping == any(over)
        text_page.close()


def _place_all(text_page: Any, sheet: Any, count: int) -> list[list[int]]:
    """The box of each character of a page, asked for one by one."""
    corners = [text_page.get_charbox(index, loose=True) for index in range(count)]
    boxes: list[list[int]] = sheet.place(
        np.array([(left, top, right, bottom) for left, bottom, right, top in corners], "f4")
    ).tolist()
    return boxes


def test_a_word_of_which_nothing_is_left_goes_with_its_box() -> None:
    sheet, sides = Sheet(0, 0, 100, 100), np.array([[1, 1, 2, 2], [3, 3, 4, 4], [5, 5, 6, 6]], "i4")
    page = reader._assemble(1, sheet, reader._clean(["one", "\uffff", "\ufb01x\x02"]), sides)
    assert [(word.text, word.box) for word in page.words] == [("one", Box(1, 1, 2, 2)), ("fix-", Box(5, 5, 6, 6))]


places = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(-50, 500), st.integers(-50, 400), st.integers(0, 90), st.integers(0, 60),
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(places, min_size=1, max_size=30))
def test_lines_are_made_by_comparing_each_word_with_the_one_before_it(some: list[Box]) -> None:
    page = page_of(3, [Word(f"w{number}", box) for number, box in enumerate(some)])
    made: list[list[Word]] = []
    last: Word | None = None
    for word in sorted(page.words, key=lambda one: (one.box.top + one.box.bottom, one.box.x0)):
        if last is not None and _share_a_line(last.box, word.box):
            made[-1].append(word)
        else:
            made.append([word])
        last = word
    assert [list(line.words) for line in page.lines] == [sorted(row, key=lambda one: one.box.x0) for row in made]
    for line in page.lines:
        assert line.box == around([word.box for word in line.words]) == Line(3, line.words).box
        assert (line.top, line.bottom) == (line.box.top, line.box.bottom)


def _share_a_line(one: Box, other: Box) -> bool:
    heights = (one.bottom - one.top, other.bottom - other.top)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return 2 * shared >= min(heights) and 5 * abs(one.bottom - other.bottom) <= 2 * max(heights)


def test_a_page_without_words_has_no_lines() -> None:
    assert page_of(1, []).lines == []
