"""Which layout knows a recognised bill: letter by letter, in spite of confusions, or by what it finds on it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.faults import NoImporter, NoSuchImporter, SeveralImporters
from app.importers.ocr.accents import fold_accents
from app.importers.ocr.fold import NEAR_ENOUGH, SHORTEST, fold
from app.importers.ocr.lines import Recognised
from app.importers.pdf.header import find_field
from app.importers.pdf.layout import FOUND_IF_DECLARED, Layout


def find_layout(name: str, read: Recognised, layouts: Sequence[Layout], chosen: str) -> Layout:
    """The chosen layout, or the one that claims the text of the first page that has any.

    Where none claims it letter by letter, one may in spite of accents, punctuation and letters that look like figures;
    then in spite of letters read wrongly; then the one of which a claim stands there, and which finds most of number,
    date and total. Never one of two. Raises NoImporter, SeveralImporters or NoSuchImporter.
    """
    if chosen:
        named = [layout for layout in layouts if f"pdf:{layout.name}" == chosen]
        if not named:
            known = ", ".join(sorted(f"pdf:{layout.name}" for layout in layouts))
            raise NoSuchImporter(name=name, importer=chosen, known=known)
        return named[0]
    text = read.text_of(read.lines[0].page)
    claimants = (
        [layout for layout in layouts if layout.is_claimed_by(text)]
        or [layout for layout in layouts if not _unlike(layout, text)]
        or [layout for layout in layouts if _is_supposed(layout, read, text)]
    )
    if len(claimants) > 1:
        raise SeveralImporters(name=name, names=" and ".join(sorted(f"pdf:{layout.name}" for layout in claimants)))
    if not claimants:
        opening = " ".join(text.split())[:80]
        raise NoImporter(name=name, kind="scanned", note=f", which begins with '{opening}'")
    return claimants[0]


def tell_claims(layout: Layout, text: str) -> list[ParseIssue]:
    """What of the layout's claims was not recognised, or with letters read wrongly: is it that carrier's bill?"""
    folded = fold(text)
    missing = [claim for claim in layout.claims if fold(claim) not in folded]
    if not missing:
        return []
    words = ", ".join(f"'{claim}'" for claim in missing)
    message = f"The layout {layout.name} was taken although {words} was not recognised exactly on the first page."
    remedy = f"Look whether the bill is one of {layout.carrier or 'that carrier'}; if not, choose another layout."
    return [ParseIssue(Severity.REVIEW, "layout-supposed", message, remedy)]


def _unlike(layout: Layout, text: str) -> bool:
    """Whether a claim is missing even in spite of confusions, or a refusal stands there."""
    return not all(_stands(claim, text) for claim in layout.claims) or _is_refused(layout, text)


def _is_supposed(layout: Layout, read: Recognised, text: str) -> bool:
    """Whether one claim stands there and most of the required fields are found, which another layout would not."""
    if not any(len(fold(claim)) >= SHORTEST and _stands(claim, text) for claim in layout.claims):
        return False
    followed, lines = fold_accents(layout, read.lines)
    required = [rule for rule in followed.fields if rule.name in FOUND_IF_DECLARED]
    found = sum(bool(find_field(rule, lines)) for rule in required)
    return not _is_refused(layout, text) and 2 * found > len(required)


def _is_refused(layout: Layout, text: str) -> bool:
    folded = fold(text)
    return any(fold(refusal) in folded for refusal in layout.refuses)


def _stands(claim: str, text: str) -> bool:
    """Whether the claim stands in one line of the text, or across lines without any letter read wrongly."""
    sought = fold(claim)
    if sought in fold(text):
        return True
    return len(sought) >= SHORTEST and any(_likeness(sought, fold(line)) >= NEAR_ENOUGH for line in text.split("\n"))


def _likeness(sought: str, line: str) -> int:
    """The best likeness, per cent, of `sought` and any part of the line as long as it is."""
    starts = range(max(1, len(line) - len(sought) + 1))
    judge = SequenceMatcher(autojunk=False)
    judge.set_seq2(sought)
    best = 0
    for start in starts:
        judge.set_seq1(line[start : start + len(sought)])
        if judge.quick_ratio() * 100 >= NEAR_ENOUGH:
            best = max(best, int(judge.ratio() * 100))
    return best
