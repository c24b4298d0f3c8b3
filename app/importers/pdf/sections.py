"""The walk through a bill's lines: which section, which site or circuit, which charge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.pdf.layout import ContextRule, Layout, LineRule, Patterns, Section
from app.importers.pdf.text import Line, around, lowest

_LOOKS_LIKE_MONEY = re.compile(r"[0-9][.,][0-9]{2}(?![0-9.,])")


@dataclass(slots=True)
class Draft:
    """A charge as captured, still as text."""

    section: Section
    rule: LineRule
    page: int
    groups: dict[str, str]
    boxes: list[Box] = field(default_factory=list)
    confidence: int | None = None

    @property
    def source(self) -> Source:
        return Source(page=self.page, box=around(self.boxes), confidence=self.confidence)

    def take(self, line: Line) -> None:
        """Let the line belong to the charge; its box counts on the page where the charge begins."""
        self.confidence = lowest((self.confidence, line.confidence))
        if line.page == self.page:
            self.boxes.append(line.box)


@dataclass(slots=True)
class _Walk:
    """Where the walk stands."""

    section: Section | None = None
    site: dict[str, str] = field(default_factory=dict)  # from the layout's contexts: holds across sections
    place: dict[str, str] = field(default_factory=dict)  # from the section's contexts: ends with the section
    opening: dict[str, str] = field(default_factory=dict)  # what the section's first line named
    named_on: Line | None = None  # the line just above that gave the description
    draft: Draft | None = None  # the charge that the next line may still belong to


def read_charges(layout: Layout, lines: Sequence[Line]) -> tuple[list[Draft], list[ParseIssue]]:
    """Return the charges as captured, and a WARNING for each line of a section that shows money and was not read."""
    walk, drafts, issues = _Walk(), [], []
    for line in lines:
        if not (layout.top <= line.top and line.bottom <= layout.bottom):
            continue
        if _turns(layout, walk, line) or walk.section is None:
            continue
        if _fits(layout.ignores, line.text) or _fits(walk.section.ignores, line.text):
            continue
        text = line.cells(walk.section.columns) if walk.section.columns else line.text
        if _continues(walk, line, text):
            continue
        draft = _start_charge(walk, line, text)
        if draft is not None:
            drafts.append(draft)
        walk.draft, walk.named_on = draft, None
        if draft is None and not _set_context(walk.section.contexts, walk.place, text):
            if _LOOKS_LIKE_MONEY.search(line.text):
                issues.append(_not_read(layout, walk.section, line))
        elif draft is None and "description" in walk.place:
            walk.named_on = line
    return drafts, issues


def _turns(layout: Layout, walk: _Walk, line: Line) -> bool:
    """Whether the line starts or ends a section, or names a site for all sections."""
    for section in layout.sections:
        for pattern in section.starts:
            if match := pattern.search(line.text):
                _enter(walk, section, {name: value.strip() for name, value in match.groupdict().items() if value})
                return True
    if _set_context(layout.contexts, walk.site, line.text):
        walk.place, walk.draft = {}, None
        return True
    if walk.section is not None and _fits(walk.section.stops, line.text):
        walk.section, walk.draft = None, None
        return True
    return False


def _enter(walk: _Walk, section: Section, opening: dict[str, str]) -> None:
    """A first line that repeats itself on the next page keeps what was known; one that names another site does not."""
    if walk.section is not section or walk.opening != opening:
        walk.section, walk.opening, walk.place, walk.draft = section, opening, dict(opening), None


def _continues(walk: _Walk, line: Line, text: str) -> bool:
    """Whether the line belongs to the charge above it."""
    if walk.draft is None:
        return False
    for pattern in walk.draft.rule.more:
        if match := pattern.fullmatch(text):
            for name, value in match.groupdict().items():
                if value:
                    before = walk.draft.groups.get(name, "") if name == "description" else ""
                    walk.draft.groups[name] = f"{before} {value.strip()}".strip()
            walk.draft.take(line)
            return True
    return False


def _start_charge(walk: _Walk, line: Line, text: str) -> Draft | None:
    section = walk.section
    for rule in section.lines if section is not None else ():
        for pattern in rule.patterns:
            if section is not None and (match := pattern.fullmatch(text)):
                printed = {name: value.strip() for name, value in match.groupdict().items() if value}
                draft = Draft(section, rule, line.page, {**walk.site, **walk.place, **rule.fixed, **printed})
                draft.take(line)
                if walk.named_on is not None and "description" not in printed:
                    draft.take(walk.named_on)
                return draft
    return None


def _set_context(rules: Iterable[ContextRule], known: dict[str, str], text: str) -> bool:
    for rule in rules:
        for pattern in rule.patterns:
            if match := pattern.fullmatch(text):
                for name in rule.clears:
                    known.pop(name, None)
                known.update({name: value.strip() for name, value in match.groupdict().items() if value})
                return True
    return False


def _fits(patterns: Patterns, text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _not_read(layout: Layout, section: Section, line: Line) -> ParseIssue:
    message = f"A line of the section '{section.name}' was not read as a charge: '{line.text[:120]}'."
    remedy = f"Add a pattern for it to the layout {layout.name}, or to its 'ignore' if it is a subtotal."
    return ParseIssue(Severity.WARNING, "line-not-read", message, remedy, line.source)
