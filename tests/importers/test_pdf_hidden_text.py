"""The text of a PDF is not its picture: what nobody can see is left out, and said so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.money import D
from app.domain.vocabulary import Severity
from tests.importers.pdf_files import PAGES, codes, make_pdf, read

HIDDEN = "DIA999 Hidden port 1 900.00 900.00"


def draw_invisibly(canvas: Any) -> None:
    text = canvas.beginText(50, 792 - 365)
    text.setTextRenderMode(3)
    text.textLine(HIDDEN)
    canvas.drawText(text)


def draw_in_white(canvas: Any) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 792 - 365, HIDDEN)


def draw_tiny(canvas: Any) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(50, 792 - 365, HIDDEN)


def draw_off_the_page(canvas: Any) -> None:
    canvas.drawString(50, 792 + 20, HIDDEN)


def draw_in_white_ink_of_four_colours(canvas: Any) -> None:
    canvas.setFillColorCMYK(0, 0, 0, 0)
    canvas.drawString(50, 792 - 365, HIDDEN)


@pytest.mark.parametrize(
    ("draw", "reason"),
    [
        (draw_invisibly, "drawn invisibly"),
        (draw_in_white, "in the colour of the background"),
        (draw_in_white_ink_of_four_colours, "in the colour of the background"),
        (draw_tiny, "under 2 points high"),
        (draw_off_the_page, "outside the visible page"),
    ],
)
def test_text_that_nobody_can_see_is_no_charge_and_is_reported(draw: Callable[[Any], None], reason: str) -> None:
    honest = read(make_pdf(PAGES))
    document = read(make_pdf(PAGES, decorate=lambda canvas, number: draw(canvas) if number == 1 else None))
    assert document.invoices == honest.invoices
    (issue,) = document.issues
    assert (issue.severity, issue.code, issue.source.page) == (Severity.WARNING, "hidden-text", 1)
    assert reason in issue.message
    assert "DIA999" in issue.message


def test_hidden_words_without_figures_are_only_noted() -> None:
    def sign(canvas: Any, number: int) -> None:
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(50, 20, "made with a free tool")

    assert {issue.severity for issue in read(make_pdf(PAGES, decorate=sign)).issues} == {Severity.INFO}


def test_white_letters_on_a_dark_bar_are_seen() -> None:
    def draw(canvas: Any, number: int) -> None:
        if number == 1:
            canvas.rect(40, 792 - 370, 400, 15, fill=1)
            canvas.setFillColorRGB(1, 1, 1)
            canvas.drawString(50, 792 - 367, "DIA999 Port on a bar 1 900.00 900.00")

    document = read(make_pdf(PAGES, decorate=draw))
    assert D("900.00") in {charge.amount for charge in document.invoices[0].charges}
    assert "hidden-text" not in codes(document)


def swap_digits(content: bytes) -> bytes:
    """The same picture, but its font says 9 where it draws 1."""
    table = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /X def /CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange
2 beginbfrange <20> <30> <0020> <32> <7E> <0032> endbfrange 1 beginbfchar <31> <0039> endbfchar
endcmap CMapName currentdict /CMap defineresource pop end end"""
    marker = b"/BaseFont /Helvetica"
    assert content.count(marker) == 1
    head, _, tail = content.partition(b"xref\n0 ")
    stream = b"99 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(table), table)
    return head.replace(marker, marker + b" /ToUnicode 99 0 R") + stream + b"xref\n0 " + tail


def test_a_font_that_shows_one_digit_and_stores_another_is_refused() -> None:
    document = read(swap_digits(make_pdf(PAGES)))
    assert document.refused
    assert document.issues[0].code == "text-differs-from-picture"
    assert "'1' is stored as '9'" in document.issues[0].message


def test_a_bill_that_was_changed_after_it_was_written_says_so() -> None:
    content = make_pdf(PAGES)
    start = content.rindex(b"startxref") + len(b"startxref\n")
    trailer = content[content.rindex(b"trailer") : content.rindex(b"startxref")]
    position = content[start:].split()[0]
    again = trailer.replace(b"<<", b"<< /Prev " + position, 1)
    appended = content + b"xref\n0 0\n" + again + b"startxref\n%d\n%%%%EOF\n" % len(content)
    assert codes(read(appended)) == ["revised"]
