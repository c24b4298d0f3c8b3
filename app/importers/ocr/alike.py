"""Printed words found again among recognised ones, in spite of letters that look alike; and a layout that knows them.

Only words that a layout looks for are treated so, such as labels and headings: a value is what was recognised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from app.domain.source import Box, ParseIssue
from app.domain.vocabulary import Severity
from app.importers.ocr.fold import NEAR_ENOUGH, SHORTEST, fold
from app.importers.pdf.drift import find_text
from app.importers.pdf.layout import FieldRule, Layout, TableRule, squeeze
from app.importers.pdf.text import Line


@dataclass(frozen=True, slots=True)
class Alike:
    """Words of a line that read like what is looked for."""

    line: Line
    first: int
    last: int

    @property
    def text(self) -> str:
        return " ".join(self.line.texts[self.first : self.last + 1])

    @property
    def box(self) -> Box:
        words = self.line.words[self.first : self.last + 1]
        tops, bottoms = [word.box.top for word in words], [word.box.bottom for word in words]
        return Box(words[0].box.x0, min(tops), words[-1].box.x1, max(bottoms))


def find_alike(text: str, lines: Sequence[Line], *, loosely: bool = False) -> Iterator[Alike]:
    """The runs of words that are `text` but for accents, punctuation and letters that look alike.

    `loosely`: long ones also with up to 15 % of their letters read wrongly; the most alike of each line.
    """
    sought = fold(text)
    if not sought:
        return
    judge = SequenceMatcher(autojunk=False)
    judge.set_seq2(sought)
    slack = len(sought) // 7 if loosely and len(sought) >= SHORTEST else 0
    for line in lines:
        best, found = 0, None
        for first, last, run in _runs([fold(word) for word in line.texts], len(sought) + slack):
            if run == sought:
                likeness = 100
            elif slack and len(run) >= len(sought) - slack:
                judge.set_seq1(run)
                likeness = int(judge.ratio() * 100) if judge.quick_ratio() * 100 >= NEAR_ENOUGH else 0
            else:
                continue
            if likeness >= NEAR_ENOUGH and likeness > best:
                best, found = likeness, Alike(line, first, last)
        if found is not None:
            yield found


def _runs(words: Sequence[str], most: int) -> Iterator[tuple[int, int, str]]:
    for first in range(len(words)):
        run = ""
        for last in range(first if words[first] else len(words), len(words)):
            run += words[last]
            if len(run) > most:
                break
            yield first, last, run


def adapt(layout: Layout, lines: Sequence[Line]) -> Layout:
    """The layout with its labels, headings and anchors as they were recognised, where they were with other letters.

    Of a label only letters that look alike may differ: "Net charges" is not "New charges".
    """
    return replace(
        layout,
        fields=tuple(replace(rule, label=_as_recognised(rule.label, lines)) for rule in layout.fields),
        tables=tuple(_adapt_table(rule, lines) for rule in layout.tables),
        anchors=tuple(
            replace(anchor, text=_as_recognised(anchor.text, _on(anchor.page, lines), loosely=True))
            for anchor in layout.anchors
        ),
    )


def _adapt_table(rule: TableRule, lines: Sequence[Line]) -> TableRule:
    if rule.header and not all(_stands(heading, lines) for heading in rule.header):
        rule = replace(rule, header=tuple(_as_recognised(one, lines, loosely=True) for one in rule.header))
    return replace(
        rule,
        ends=tuple(_as_recognised(end, lines) for end in rule.ends),
        subtotals=tuple(_as_recognised(text, lines) for text in rule.subtotals),
    )


def _as_recognised(text: str, lines: Sequence[Line], *, loosely: bool = False) -> str:
    if not text or _stands(text, lines):
        return text
    found = {alike.text for alike in find_alike(text, lines, loosely=loosely)}
    return found.pop() if len(found) == 1 else text


def _stands(text: str, lines: Sequence[Line]) -> bool:
    squeezed = squeeze(text)
    return any(squeezed in squeeze(line.text) for line in lines)


def _on(page: int, lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.page == page]


def tell_labels(declared: Layout, followed: Layout, lines: Sequence[Line]) -> list[ParseIssue]:
    """Labels that were recognised with other letters; and those that were not, so that only the place says which
    value it is."""
    issues = []
    for rule, known in zip(declared.fields, followed.fields, strict=True):
        what = rule.name.replace("_", " ")
        place = next((line.source for line in lines if known.label and known.label in line.text), None)
        if rule.label != known.label and place is not None:
            message = f"The label '{rule.label}' of the {what} was recognised as '{known.label}'."
            remedy = f"Compare the {what} with the page: is it the value that stands at that label?"
            issues.append(ParseIssue(Severity.WARNING, "label-supposed", message, remedy, place))
        elif rule.label and rule.region is not None and place is None:
            issues.append(_only_place(rule, what))
    return issues


def _only_place(rule: FieldRule, what: str) -> ParseIssue:
    message = f"The label '{rule.label}' of the {what} was not recognised; the value was taken by its place alone."
    remedy = f"Compare the {what} with the page: does it stand at that label?"
    return ParseIssue(Severity.REVIEW, "label-not-recognised", message, remedy)


def calm_drift(layout: Layout, lines: Sequence[Line], issues: Sequence[ParseIssue]) -> list[ParseIssue]:
    """The issues, of which an anchor that is nowhere is no drift where most others of its page stand in their place:
    it was not recognised."""
    calmed = []
    for issue in issues:
        page = issue.source.page or 0
        if issue.code == "layout-drifted" and _is_missing(layout, issue, lines) and _stands_firm(layout, page, issues):
            remedy = "Compare the values around it with the page."
            told = issue.message.replace("The bill is no longer printed as", "Not recognised of what")
            issue = replace(issue, severity=Severity.WARNING, code="anchor-not-recognised", message=told, remedy=remedy)
        calmed.append(issue)
    return calmed


def _is_missing(layout: Layout, issue: ParseIssue, lines: Sequence[Line]) -> bool:
    own = [one for one in layout.anchors if (one.page, one.box) == (issue.source.page, issue.source.box)]
    return bool(own) and not any(True for anchor in own for _place in find_text(anchor.text, lines))


def _stands_firm(layout: Layout, page: int, issues: Sequence[ParseIssue]) -> bool:
    anchors = [anchor for anchor in layout.anchors if anchor.page == page]
    drifted = sum(issue.code == "layout-drifted" and issue.source.page == page for issue in issues)
    return len(anchors) - drifted >= max(3, 2 * drifted)
