"""The text of a PDF is not its picture: what nobody can see is left out, and said so."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from app.domain.money import D
from app.domain.vocabulary import Severity
from app.importers.pdf.pages import read_lines
from app.importers.pdf.revisions import tell_revisions
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
    assert (issue.severity, issue.code, issue.source.page) == (Severity.REVIEW, "hidden-text", 1)
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


def overprint(first: str, second: str, right: int = 50) -> bytes:
    """A bill on which the second text is drawn over the first."""

    def draw(canvas: Any, number: int) -> None:
        if number == 1:
            canvas.drawString(50, 60, first)
            canvas.drawString(right, 60, second)

    return make_pdf(PAGES, decorate=draw)


def test_figures_printed_over_other_figures_need_eyes() -> None:
    document = read(overprint("Amount 1,234.56", "Amount 9,234.56"))
    (issue,) = [one for one in document.issues if one.code == "overprinted"]
    assert (issue.severity, issue.source.page) == (Severity.REVIEW, 1)
    assert "'1' and '9'" in issue.message
    assert issue.source.box is not None
    assert document.needs_eyes


def test_a_digit_drawn_over_another_inside_one_number_needs_eyes() -> None:
    def draw(canvas: Any, number: int) -> None:
        if number == 1:
            text = canvas.beginText(50, 60)
            text._code.append("[(1) 556 (9,234.56)] TJ")
            canvas.drawText(text)

    assert "overprinted" in codes(read(make_pdf(PAGES, decorate=draw)))


def test_letters_that_run_into_each_other_are_no_forgery() -> None:
    assert "overprinted" not in codes(read(overprint("the 12th of the month and more", "more words", right=120)))


def test_the_same_text_printed_twice_with_a_shadow_is_no_forgery() -> None:
    def draw(canvas: Any, number: int) -> None:
        canvas.drawString(50, 60, "See page 1,234.56")
        canvas.drawString(50.3, 60.2, "See page 1,234.56")

    lines, issues = read_lines("bill.pdf", make_pdf([[]], decorate=draw))
    assert [line.text for line in lines] == ["See page 1,234.56"]
    assert issues == []


def test_text_hidden_inside_a_form_is_found_too() -> None:
    def draw(canvas: Any, number: int) -> None:
        if number == 1:
            canvas.beginForm("stamp")
            draw_invisibly(canvas)
            canvas.endForm()
            canvas.doForm("stamp")

    (issue,) = read(make_pdf(PAGES, decorate=draw)).issues
    assert "drawn invisibly" in issue.message


def test_hidden_digits_inside_a_visible_number_are_left_out_of_it() -> None:
    def draw(canvas: Any, number: int) -> None:
        if number == 1:
            text = canvas.beginText(50, 60)
            for mode, part in ((0, "Sum 1"), (3, "9"), (0, "23.45")):
                text.setTextRenderMode(mode)
                text.textOut(part)
            canvas.drawText(text)

    lines, issues = read_lines("bill.pdf", make_pdf(PAGES, decorate=draw))
    assert any(line.text.startswith("Sum 1 23.45") or line.text.startswith("Sum 123.45") for line in lines)
    assert [issue.code for issue in issues] == ["hidden-text"]


def see_through(canvas: Any, number: int) -> None:
    canvas.setFillAlpha(0)
    canvas.drawString(50, 60, "Hidden 900.00")


def test_ink_that_lets_everything_through_is_not_seen() -> None:
    (issue,) = [one for one in read(make_pdf(PAGES, decorate=see_through)).issues if one.source.page == 1]
    assert (issue.severity, issue.code) == (Severity.REVIEW, "hidden-text")


def revise(content: bytes, old: bytes, new: bytes) -> bytes:
    """The file with one object written again at its end, as an incremental update does."""
    start = content.index(old)
    begin = content.rindex(b" obj", 0, start)
    begin = content.rindex(b"\n", 0, begin) + 1
    end = content.index(b"endobj", start) + len(b"endobj\n")
    thing = content[begin:end].replace(old, new)
    number = int(thing.split()[0])
    previous = content[content.rindex(b"startxref") + len(b"startxref\n") :].split()[0]
    trailer = content[content.rindex(b"trailer") : content.rindex(b"startxref")]
    place = len(content)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    again = trailer.replace(b"<<", b"<< /Prev " + previous, 1)
    return content + thing + table + again + b"startxref\n%d\n%%%%EOF\n" % (place + len(thing))


def plain_pdf(words: str) -> bytes:
    """A page whose content stands in the file as it is."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pageCompression=0, invariant=1)
    canvas.drawString(50, 700, words)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_a_total_that_was_changed_in_the_file_later_needs_eyes_and_both_totals_are_told() -> None:
    content = revise(plain_pdf("Total due 1,234.56"), b"1,234.56", b"9,234.56")
    (issue,) = tell_revisions("bill.pdf", content)
    assert (issue.severity, issue.code) == (Severity.REVIEW, "figures-revised")
    assert "it said 1,234.56 before and says 9,234.56 now" in issue.message


def test_a_change_that_touches_no_figure_is_only_noted() -> None:
    (issue,) = tell_revisions("bill.pdf", revise(plain_pdf("Total due 1,234.56"), b"Total", b"Total"))
    assert (issue.severity, issue.code) == (Severity.INFO, "revised")
