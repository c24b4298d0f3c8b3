"""A layout that was made on one scan reads the next: fed otherwise, with letters that look alike."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.domain.source import Box
from app.domain.vocabulary import Severity
from app.importers.ocr.alike import find_alike
from app.importers.ocr.answers import fit_layout, read_kept, recognise_words
from app.importers.ocr.kept import KEPT
from app.importers.ocr.lines import Recognised
from app.importers.ocr.moves import ONE, Axis, Move
from app.importers.ocr.read import read_recognised
from app.importers.pdf.answers import tell_anchors, tell_guess
from app.importers.pdf.text import Line, Word
from app.importers.registry import Definitions
from app.importers.wire import from_json
from app.services.layout_draft import to_toml
from tests.importers.scanned_bills import make_paper, number_of, rows_of, scan, total_of
from tests.importers.scanned_words import (
    JULY,
    JUNE,
    NONE,
    codes,
    is_july,
    is_right,
    layout_text,
    needs_recogniser,
    options_of,
    read_july,
    swap,
    words_of,
)
from tests.ui.pointing_bills import amounts_of, make_bill


@pytest.mark.parametrize(
    ("shift", "scale"),
    [((0, 0), 1.0), ((4, 5), 1.0), ((-5, 4), 1.02), ((5, -6), 0.98), ((-3, -3), 0.985), ((6, 2), 1.01)],
)
def test_a_scan_that_was_fed_otherwise_is_read_where_its_labels_are(shift: tuple[int, int], scale: float) -> None:
    """Millimetres right and down, and how much larger."""
    across, down = (Axis(int(ONE / scale), -int(millimetres * 283.46 / scale)) for millimetres in shift)
    document = read_july(Move(across, down))
    assert is_july(document)
    assert not document.refused
    assert [issue.code for issue in document.issues if issue.severity is Severity.REVIEW] == ["read-by-ocr"]
    assert ("page-moved" in codes(document)) == (shift != (0, 0))


@pytest.mark.parametrize(
    "how",
    [
        {"dots": 150, "degrees": 1.0, "shift": (3, -2)},
        {"dots": 250, "degrees": -1.0, "shift": (-3, 4), "scale": 1.02, "noise": 15},
        {"dots": 300, "degrees": 0.5, "scale": 0.98, "noise": 20, "form": "PNG"},
    ],
)
def test_real_scans_fed_otherwise_say_what_the_paper_says(how: Mapping[str, Any], tmp_path: Path) -> None:
    needs_recogniser()
    content = scan(make_paper(JULY, previous=total_of(JUNE)), **how)
    pages = recognise_words("july", content, tmp_path, lambda _done, _total: None)["pages"]
    answer = read_kept("july", b"", Definitions((layout_text(),), ()), {KEPT: pages})
    document = from_json(answer["document"])
    (bill,) = document.invoices
    assert is_right(bill), bill
    doubted = [issue.message for issue in document.issues if issue.code == "doubtful-figures"]
    assert bill.ban == "5520-118-904" or any(message.startswith("The ban") for message in doubted)
    assert {issue.code for issue in document.issues if issue.severity is Severity.REVIEW} == {"read-by-ocr"}


def test_a_further_page_lies_as_the_headings_of_its_table_say() -> None:
    """The table goes on, on a page without anchors that was fed 16 points further left than the first."""
    carrier = make_bill(JUNE)
    options = options_of(words_of(carrier))
    layout = tell_guess("granite", b"", NONE, options)["layout"]
    layout |= {"name": "granite", "carrier": "Granite", "claims": ["Granite Ridge"], "currency": "USD"}
    layout["anchors"] = tell_anchors("granite", b"", NONE, {**options, "layout": layout})["anchors"]
    total = layout["fields"]["total_due"]
    assert ("region" in total, total["pattern"].startswith("^Total")) == (False, True), "it moves with the rows above"
    assert {anchor["page"] for anchor in layout["anchors"]} == {1}
    first = words_of(carrier, Move(Axis(1_010_000, 700), Axis(1_010_000, 300)))
    second = words_of(carrier, Move(Axis(990_000, -900), Axis(990_000, 300)))
    lines = [line for line in first.lines if line.page == 1] + [line for line in second.lines if line.page == 2]
    fed = Recognised()
    for page in (1, 2):
        fed.take(page, [line for line in lines if line.page == page], first.placings[page])
    document = read_recognised("granite.pdf", fed, Definitions((to_toml(layout),), ()))
    (bill,) = document.invoices
    total, count = amounts_of(JUNE)
    assert (sum(charge.amount for charge in bill.charges), len(bill.charges)) == (total, count)
    power = [charge for charge in bill.charges if charge.description.startswith("Power feed")]
    assert {(charge.source.page, charge.quantity, charge.amount) for charge in power} == {(1, 2, 375), (2, 2, 375)}
    assert codes(document).count("page-moved") == 2


def test_labels_that_the_carrier_has_moved_are_no_way_of_scanning() -> None:
    document = read_july(Move(Axis(ONE, 600), Axis(ONE, -400)), moved=20.0)
    drifted = [issue for issue in document.issues if issue.code == "layout-drifted"]
    assert {"Previous balance", "Current charges", "Total amount due"} <= {
        text
        for text in ("Previous balance", "Current charges", "Total amount due", "Account")
        for issue in drifted
        if f"'{text}'" in issue.message
    }
    assert not any("'Account'" in issue.message for issue in drifted)
    assert all(issue.severity is Severity.REVIEW for issue in drifted)
    assert is_july(document), "a label is followed where it stands, and that it moved is told"


def test_a_page_that_is_shifted_further_than_a_scanner_does_has_drifted() -> None:
    document = read_july(Move(Axis(), Axis(ONE, -6_400)))
    assert "layout-drifted" in codes(document)
    assert "page-moved" not in codes(document)


def test_the_fit_of_a_scan_is_told_for_mending_its_layout() -> None:
    read = words_of(make_paper(JULY, previous=total_of(JUNE)), Move(Axis(1_010_000, 500), Axis(1_010_000, -300)))
    moves = fit_layout("july", b"", Definitions((layout_text(),), ()), options_of(read))["moves"]
    assert list(moves) == ["1"]
    across, right, down, lower = moves["1"]
    assert max(abs(across - 1_010_000), abs(down - 1_010_000)) < 3_000
    assert max(abs(right - 500), abs(lower + 300)) < 150


def test_a_box_moved_there_and_back_is_the_same_but_for_rounding() -> None:
    move = Move(Axis(1_013_337, 777), Axis(987_654, -321))
    box = Box(12_345, 23_456, 34_567, 45_678)
    back = move.back(move.go(box))
    pairs = ((box.x0, back.x0), (box.top, back.top), (box.x1, back.x1), (box.bottom, back.bottom))
    assert all(abs(one - other) <= 2 for one, other in pairs)


# letters that look alike


def test_a_label_with_letters_that_look_alike_is_found_and_told_and_its_value_left_as_it_is() -> None:
    document = read_july(change=swap({"Account": "Acc0unt", "Invoice": "lnvoice"}))
    assert is_july(document)
    told = [issue.message for issue in document.issues if issue.code == "label-supposed"]
    assert "The label 'Account' of the ban was recognised as 'Acc0unt'." in told
    assert len(told) == 3


def test_a_value_with_letters_for_figures_is_never_mended() -> None:
    total = f"${total_of(JULY):,.2f}"
    document = read_july(change=swap({total: total.replace("1", "l")}))
    assert (document.invoices, document.refused) == ((), True)
    amounts = {f"{row[3]:,.2f}" for row in rows_of(JULY)}
    assert "845.00" in amounts
    document = read_july(change=swap({"845.00": "84S.00"}))
    assert "bad-amount" in codes(document)
    assert not any(charge.amount == 845 for charge in document.invoices[0].charges)


@pytest.mark.parametrize(
    ("read", "told"),
    [
        ("LF-26O7-7734", ["26O7"]),
        ("LF-2607-77l4", ["77l4"]),
        ("LF-O607-7734", ["O607"]),
        ("LF-2607-7S34", ["S"]),
        ("LF-2607-7734", []),
        ("S2607-B77", []),
        ("INVOICE-12", []),
        ("OIL-3", []),
    ],
)
def test_a_letter_that_looks_like_a_figure_among_figures_is_told_and_left(read: str, told: list[str]) -> None:
    document = read_july(change=swap({number_of(JULY): read}))
    assert document.invoices[0].number == read
    found = [issue for issue in document.issues if issue.code == "letters-among-figures"]
    assert len(found) == len(told[:1])
    for issue, what in zip(found, told, strict=True):
        assert issue.message.endswith(f"among figures: '{what}'.")
        assert (issue.severity, issue.source.page) == (Severity.WARNING, 1)


def test_a_value_taken_by_its_place_alone_is_asked_about() -> None:
    gone = {"Account": "@@@@"}
    document = read_july(change=swap(gone))
    (told,) = [issue for issue in document.issues if issue.code == "label-not-recognised"]
    assert told.severity is Severity.REVIEW
    assert "'Account' of the ban" in told.message
    assert "layout-drifted" not in codes(document)
    assert "anchor-not-recognised" in codes(document)
    assert is_july(document)


def test_a_label_that_differs_in_a_letter_is_another_label() -> None:
    line = Line(1, [Word("New", Box(0, 0, 100, 100), 90), Word("charges", Box(110, 0, 300, 100), 90)])
    assert [alike.text for alike in find_alike("Net charges", [line])] == []
    assert [alike.text for alike in find_alike("Net charges", [line], loosely=True)] == ["New charges"]
    assert [alike.text for alike in find_alike("new CHARGE5", [line])] == ["New charges"]


def test_headings_read_wrongly_still_begin_the_table() -> None:
    assert is_july(read_july(change=swap({"Description": "Descriptlon", "Quantity": "Quantlty"})))
    assert is_july(read_july(change=swap({"Description": "Descrigtion"})))
