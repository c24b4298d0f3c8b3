"""The words of a scan without a recogniser: those of the paper itself, moved as a scanner moves them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.importers.ocr.kept import KEPT, tell_pages
from app.importers.ocr.lines import Recognised
from app.importers.ocr.moves import Move
from app.importers.ocr.read import read_recognised
from app.importers.ocr.straighten import Placing
from app.importers.pdf.answers import tell_anchors, tell_guess
from app.importers.pdf.pages import read_lines
from app.importers.pdf.text import Line, Word
from app.importers.registry import Definitions
from app.services.layout_draft import to_toml
from tests.importers.scanned_bills import CARRIER, make_paper, number_of, rows_of, total_of

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
BEFORE = Decimal("3644.94")
NONE = Definitions()
Change = Callable[[Word], Word | None]


def needs_recogniser() -> None:
    pytest.importorskip("tesserocr", reason="the recogniser (tesserocr) is not installed here")


def words_of(paper: bytes, move: Move | None = None, change: Change = lambda word: word) -> Recognised:
    """The words of a paper as a scan has them: each page moved, and single words changed or taken away."""
    read = Recognised()
    lines, _ = read_lines("paper.pdf", paper)
    for page in sorted({line.page for line in lines}):
        made = []
        for line in (one for one in lines if one.page == page):
            known = [replace(word, confidence=95) for word in line.words]
            kept = [word for word in map(change, known) if word is not None]
            if kept:
                made.append(Line(page, [replace(one, box=(move or Move()).back(one.box)) for one in kept]))
        read.take(page, made, Placing((61_200, 79_200), Fraction(7200)))
    return read


def options_of(read: Recognised) -> dict[str, Any]:
    return {KEPT: tell_pages(read)}


@cache
def layout_text() -> str:
    """The layout that is made of June's scan by the first guess, its carrier being named."""
    options = options_of(words_of(make_paper(JUNE, previous=BEFORE)))
    layout = tell_guess("june", b"", NONE, options)["layout"]
    layout |= {"name": "larkspur", "carrier": CARRIER, "claims": [CARRIER], "currency": "USD"}
    layout["anchors"] = tell_anchors("june", b"", NONE, {**options, "layout": layout})["anchors"]
    return to_toml(layout)


def read_july(
    move: Move | None = None, change: Change = lambda word: word, *, layout: str = "", moved: float = 0.0
) -> ParsedDocument:
    paper = make_paper(JULY, previous=total_of(JUNE), moved=moved)
    return read_recognised("july.png", words_of(paper, move, change), Definitions((layout or layout_text(),), ()))


def codes(document: ParsedDocument) -> list[str]:
    return [issue.code for issue in document.issues]


def is_july(document: ParsedDocument) -> bool:
    """Whether every value is that on the paper."""
    (bill,) = document.invoices
    return is_right(bill) and bill.ban == "5520-118-904"


def is_right(bill: ParsedInvoice) -> bool:
    """Whether every value is that on the paper, but for the account, which the recogniser may split in two."""
    return (
        (bill.number, bill.bill_date, bill.due_date) == (number_of(JULY), JULY, JULY.replace(day=28))
        and (bill.previous_balance, bill.payments_applied) == (total_of(JUNE), -total_of(JUNE))
        and (bill.current_charges, bill.total_due) == (total_of(JULY), total_of(JULY))
        and [(one.circuit_id, one.description, one.amount) for one in bill.charges]
        == [(circuit, what, amount) for circuit, what, _quantity, amount in rows_of(JULY)]
    )


def swap(changes: Mapping[str, str]) -> Change:
    return lambda word: replace(word, text=changes.get(word.text, word.text))
