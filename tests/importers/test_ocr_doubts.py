"""What is in doubt on a scan: figures that two readings tell apart, amounts that are none, letters like figures."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from app.domain.source import Box
from app.domain.vocabulary import Severity
from app.importers.ocr.accents import without_accents
from app.importers.ocr.claims import find_layout
from app.importers.ocr.lines import Recognised, group_lines
from app.importers.ocr.read import read_recognised, read_scan
from app.importers.ocr.recognise import Seen, merge
from app.importers.ocr.straighten import Placing
from app.importers.pdf.declare import read_layouts
from app.importers.registry import Definitions
from tests.importers.pdf_files import LAYOUT, PAGES, Text, changed

DEFINITIONS = Definitions((LAYOUT,), ())


def seen(text: str, confidence: int = 95, left: int = 100, top: int = 100) -> Seen:
    return Seen(text, confidence, left, top, left + 20 * len(text), top + 30)


def recognised(pages: list[list[Text]], confidence: int = 95) -> Recognised:
    """These texts as if they had been recognised at 72 dots an inch."""
    read = Recognised()
    for number, texts in enumerate(pages, start=1):
        words: list[Seen] = []
        for left, top, line in texts:
            for word in line.split():
                words.append(Seen(word, confidence, left, top, left + 5 * len(word), top + 9))
                left += 5 * len(word) + 4
        read.add(number, words, Placing((612, 792), 72))  # type: ignore[arg-type]
    return read


def test_figures_that_two_readings_tell_apart_are_doubtful() -> None:
    (word,) = merge([seen("$4.11", 95)], [seen("$4.14", 96)])
    assert (word.text, word.confidence) == ("$4.14", 79)


def test_of_two_readings_the_surer_one_is_taken_and_stays_doubtful() -> None:
    (word,) = merge([seen("SETUP'1", 13)], [seen("SETUP1", 71)])
    assert (word.text, word.confidence) == ("SETUP1", 71)


def test_figures_that_two_readings_agree_on_keep_the_better_confidence() -> None:
    (word,) = merge([seen("$4.11", 70)], [seen("$4.11", 96)])
    assert word.confidence == 96


def test_figures_that_one_reading_does_not_part_are_not_doubtful() -> None:
    together = Seen("10.00EUR", 90, 100, 100, 300, 130)
    (first, second) = merge([Seen("10.00", 91, 100, 100, 220, 130), Seen("EUR", 92, 225, 100, 300, 130)], [together])
    assert (first.confidence, second.confidence) == (91, 92)


def test_words_that_are_spelled_differently_are_no_doubtful_figures() -> None:
    (word,) = merge([seen("amazon", 95)], [seen("amaZon", 60)])
    assert word.confidence == 95


def test_what_only_the_second_reading_sees_is_kept() -> None:
    assert [word.text for word in merge([seen("Total")], [seen("Total"), seen("pale", left=400)])] == ["Total", "pale"]


def test_a_charge_whose_amount_is_none_stays_out_and_is_asked_for() -> None:
    old = "DIA100 Internet 100 Mbps 1 500.00 500.00"
    page = changed(PAGES[0], old, old.replace("500.00 500.00", "500.00 5OO.00"))
    document = read_recognised("acme.png", recognised([page, PAGES[1]]), DEFINITIONS)
    (fault,) = [issue for issue in document.issues if issue.code == "bad-amount"]
    assert fault.severity is Severity.REVIEW
    assert "'5OO.00'" in fault.message
    assert fault.source.page == 1
    assert len(document.invoices[0].charges) == 5
    assert "does-not-foot" in [issue.code for issue in document.issues]


def test_of_a_field_that_was_recognised_twice_and_differs_one_is_taken_and_the_other_asked_for() -> None:
    page = [*PAGES[1], (300, 600, "Invoice A-2O41")]
    document = read_recognised("acme.png", recognised([PAGES[0], page]), DEFINITIONS)
    (asked,) = [issue for issue in document.issues if issue.code == "field-ambiguous"]
    assert asked.severity is Severity.REVIEW
    assert "Taken was 'A-2041'" in asked.message
    assert "'A-2O41'" in asked.message
    assert document.invoices[0].number == "A-2041"


def test_a_field_that_the_bill_can_do_without_is_left_out_and_told() -> None:
    page = [(x, y, text.replace("Previous Balance", "Prexious Bolance")) for x, y, text in PAGES[0]]
    document = read_recognised("acme.png", recognised([page, PAGES[1]]), DEFINITIONS)
    (told,) = [issue for issue in document.issues if issue.code == "field-not-recognised"]
    assert told.message.startswith("The previous balance was not recognised")
    assert not document.refused


def test_a_total_that_was_not_recognised_keeps_the_bill_out_and_says_what_stands_there() -> None:
    page = [(x, y, text.replace("Total Amount Due", "Tota1 Amount Dve")) for x, y, text in PAGES[0]]
    document = read_recognised("acme.png", recognised([page, PAGES[1]]), DEFINITIONS)
    (fault,) = [issue for issue in document.issues if issue.severity is Severity.ERROR]
    assert document.invoices == ()
    assert fault.message.startswith("The total due was not found")
    assert "Recognised near there: 'Tota1 Amount Dve" in fault.message
    assert fault.remedy.startswith("Type the bill in")


def test_an_amount_of_which_two_words_were_made_is_one_in_doubt() -> None:
    def line_of(*words: Seen) -> str:
        read = Recognised()
        read.add(1, words, Placing((612, 792), 72))  # type: ignore[arg-type]
        return " ".join(line.text for line in read.lines)

    assert line_of(Seen("531.", 90, 100, 100, 130, 110), Seen("46CR", 95, 135, 100, 160, 110)) == "531.46CR"
    assert line_of(Seen("355", 90, 100, 100, 130, 110), Seen(".17", 95, 135, 100, 160, 110)) == "355.17"
    assert line_of(Seen("$1", 90, 100, 100, 130, 110), Seen("2,220.23", 95, 132, 100, 190, 110)) == "$12,220.23"
    assert line_of(Seen("1", 90, 100, 100, 130, 110), Seen("45.00", 95, 136, 100, 190, 110)) == "1 45.00"
    assert line_of(Seen("531.", 90, 100, 100, 130, 110), Seen("46", 95, 145, 100, 160, 110)) == "531. 46"
    assert line_of(Seen("#57811,", 90, 100, 100, 130, 110), Seen("30", 95, 135, 100, 160, 110)) == "#57811, 30"
    read = Recognised()
    read.add(1, [Seen("531.", 90, 0, 0, 30, 10), Seen("46", 95, 35, 0, 50, 10)], Placing((612, 792), 72))  # type: ignore[arg-type]
    assert [word.confidence for word in read.words[1]] == [79]


def test_unsure_pieces_give_way_to_the_word_that_the_other_reading_sees_there() -> None:
    whole = seen("218-555-0140", 95)
    pieces = [Seen("ALI", 0, 100, 100, 130, 130), Seen("5)", 40, 132, 100, 160, 130)]
    assert merge(pieces, [whole]) == [whole]
    assert whole not in merge([replace(piece, confidence=90) for piece in pieces], [whole])


def test_an_unsure_figure_is_told_with_its_letters_and_its_place() -> None:
    read = recognised(PAGES)
    words = read.words[1]
    index = next(n for n, word in enumerate(words) if word.text == "$735.75")
    words[index] = type(words[index])(words[index].text, words[index].box, 61)
    document = read_recognised("acme.png", read, DEFINITIONS)
    (told,) = [issue for issue in document.issues if issue.code == "doubtful-figures"]
    assert told.message == "The total due was recognised with doubt: '$735.75' (61 %)."
    assert (told.source.page, told.source.box, told.source.confidence) == (1, words[index].box, 61)
    assert document.invoices[0].sources["total_due"].confidence == 61


def test_an_unclear_page_is_told() -> None:
    document = read_recognised("acme.png", recognised(PAGES, confidence=50), DEFINITIONS)
    assert [issue.source.page for issue in document.issues if issue.code == "page-unclear"] == [1, 2]


def test_a_layout_claims_text_whose_letters_were_taken_for_figures() -> None:
    page = changed(PAGES[0], "Acme Telephone", "Acme Te1eph0ne")
    (layout,) = read_layouts((LAYOUT,))
    assert find_layout("acme.png", recognised([page]), [layout], "") is layout


def test_a_layout_claims_text_in_which_a_few_letters_were_read_wrongly() -> None:
    page = changed(PAGES[0], "Acme Telephone", "Acne Telephone")
    (layout,) = read_layouts((LAYOUT,))
    claims = [(50, 40, "Acne Telephone"), (50, 60, "Accovnt Number")]  # and no field that could speak for the layout
    assert find_layout("acme.png", recognised([claims]), [layout], "") is layout
    document = read_recognised("acme.png", recognised([page, PAGES[1]]), DEFINITIONS)
    assert "layout-supposed" in [issue.code for issue in document.issues]
    assert document.needs_eyes


def test_a_layout_of_which_one_claim_was_recognised_is_supposed_and_asked_for() -> None:
    page = [(x, y, text.replace("Acme Telephone", "W W W W W")) for x, y, text in PAGES[0]]
    document = read_recognised("acme.png", recognised([page, PAGES[1]]), DEFINITIONS)
    (asked,) = [issue for issue in document.issues if issue.code == "layout-supposed"]
    assert asked.severity is Severity.REVIEW
    assert "'Acme Telephone'" in asked.message
    assert document.invoices


def test_two_layouts_never_claim_one_scan() -> None:
    other = LAYOUT.replace('name = "acme"', 'name = "acne"').replace('"Acme Telephone", ', '"Acne Telephone", ')
    page = changed(PAGES[0], "Acme Telephone", "Acxe Telephone")
    document = read_recognised("acme.png", recognised([page, PAGES[1]]), Definitions((LAYOUT, other), ()))
    assert "several-importers" in [issue.code for issue in document.issues]


def test_a_layout_whose_claims_stand_there_without_its_fields_is_not_supposed() -> None:
    page = [(50, 40, "Account Number"), (50, 60, "of somebody else")]
    document = read_recognised("acme.png", recognised([page]), DEFINITIONS)
    assert "no-importer" in [issue.code for issue in document.issues]


def test_a_layout_with_accents_reads_text_without_them() -> None:
    accented = LAYOUT.replace('label = "Bill Date"', 'label = "Bill Dâte"').replace("'^TAXES AND", "'^TAXÉS AND")
    read = recognised(PAGES)
    (invoice,) = read_recognised("acme.png", read, Definitions((accented,), ())).invoices
    (plain,) = read_recognised("acme.png", recognised(PAGES), DEFINITIONS).invoices
    assert invoice == plain


@pytest.mark.parametrize(("text", "plain"), [("zusätzliche", "zusatzliche"), ("Ænima", "Ænima"), ("ÉTÉ", "ETE")])
def test_accents_are_taken_off_letters(text: str, plain: str) -> None:
    assert without_accents(text) == plain


def test_a_hyphen_and_a_comma_stand_in_the_line_of_their_neighbours() -> None:
    read = Recognised()
    words = [seen("08/15"), Seen("-", 90, 210, 113, 218, 117), seen("08/31", left=230, top=103), seen("next", top=150)]
    read.add(1, words, Placing((612, 792), 72))  # type: ignore[arg-type]
    assert [line.text for line in read.lines] == ["08/15 - 08/31", "next"]
    assert [line.text for line in group_lines(1, read.words[1])] == ["08/15 - 08/31", "next"]
    assert read.lines[0].box == Box(10_000, 10_000, 33_000, 13_300)


def test_a_low_comma_does_not_join_two_lines() -> None:
    read = Recognised()
    words = [seen("one"), Seen(",", 90, 165, 122, 170, 134), Seen("two", 90, 100, 128, 160, 158)]
    read.add(1, words, Placing((612, 792), 72))  # type: ignore[arg-type]
    assert [line.text for line in read.lines] == ["one ,", "two"]


def test_a_computer_without_the_recogniser_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    (issue,) = read_scan("scan.png", b"\x89PNG\r\n\x1a\n", DEFINITIONS).issues
    assert (issue.severity, issue.code) == (Severity.ERROR, "no-recognition")
    assert "'scan.png' is a picture" in issue.message
