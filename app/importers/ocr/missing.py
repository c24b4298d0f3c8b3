"""A field without which there is no bill, not recognised: which, what stands near where it should, and the way out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.pdf.layout import FieldRule, Layout
from app.importers.pdf.text import Line

_CODES = frozenset({"field-missing", "bad-field"})
_REMEDY = "Type the bill in ('Type it in' beside the page), or scan it again, straight and at 300 dots an inch."
# what of a pattern is no printed word: groups' names, classes, escapes
_NO_WORDS = re.compile(r"\(\?P<\w+>|\(\?[:=!]|\[[^\]]*\]|\\.|\{[^}]*\}")
_ALIKE_ENOUGH = 50  # per cent


def explain_missing(issue: ParseIssue, layout: Layout, lines: Sequence[Line]) -> ParseIssue:
    """The ERROR of a required field with the recognised line most like the one where it is printed; others as they
    are."""
    if issue.severity is not Severity.ERROR or issue.code not in _CODES:
        return issue
    rule = next((one for one in layout.fields if issue.message.startswith(f"The {one.name.replace('_', ' ')} ")), None)
    near = _find_near(rule, lines) if rule is not None else None
    if near is None:
        return replace(issue, remedy=_REMEDY)
    message = f"{issue.message} Recognised near there: '{near.text[:120]}' on page {near.page}."
    source = issue.source if issue.source.page else near.source
    return replace(issue, message=message, remedy=_REMEDY, source=source)


def _find_near(rule: FieldRule, lines: Sequence[Line]) -> Line | None:
    """The line most like the words that the rule looks for; None where none is like them."""
    printed = [rule.label] if rule.label else [_NO_WORDS.sub(" ", pattern.pattern) for pattern in rule.patterns]
    best, found = _ALIKE_ENOUGH, None
    for words in ("".join(letter for letter in one.casefold() if letter.isalpha()) for one in printed):
        for line in lines if words else ():
            letters = "".join(letter for letter in line.text.casefold() if letter.isalpha())
            match = SequenceMatcher(None, words, letters, autojunk=False)
            likeness = sum(block.size for block in match.get_matching_blocks() if block.size > 1) * 100 // len(words)
            if likeness > best:
                best, found = likeness, line
    return found
