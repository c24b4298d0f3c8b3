"""What a received interchange is answered with: per set accepted, accepted with errors or rejected, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.registry import Definitions
from app.importers.x12.codes import BILLS
from app.importers.x12.envelope import Interchange, SetReceipt
from app.importers.x12.importer import read_sets
from app.importers.x12.profile import open_profiles

ACCEPTED, WITH_ERRORS, REJECTED = "A", "E", "R"
_PLACE = re.compile(r"segment ([0-9]{1,9}), ([A-Z0-9]{1,3})(?:\*([0-9]{2}))?")
_UNSUPPORTED, _SEGMENTS = "1", "5"  # element 718: no such set is taken, one or more segments in error
# element 723 by our codes of issues: missing, too long, invalid character, invalid code, invalid date
_ELEMENTS = {
    "amount-too-large": "5",
    "bad-date": "8",
    "bad-number": "6",
    "bad-period": "8",
    "hl-cycle": "7",
    "hl-orphan": "7",
    "hl-repeated": "7",
    "hl-too-deep": "7",
    "quantity-missing": "2",
    "several-currencies": "7",
    "several-totals": "7",
}
_MOST_NOTES = 50


@dataclass(frozen=True, slots=True)
class Note:
    """A fault in a segment: its name, its place in the set (ST is 1), the element (0 for all of it), its code."""

    tag: str
    position: int
    element: int
    code: str


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """What is said of one set; codes of element 718."""

    kind: str
    control: str
    status: str
    codes: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """What is said of one group; codes of element 716."""

    kind: str
    control: str
    sender: str
    receiver: str
    release: str
    claimed: int
    sets: tuple[SetAnswer, ...]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InterchangeAnswer:
    """What is said of one interchange: the elements of its ISA, its separators, its groups."""

    elements: tuple[str, ...]
    element: str
    component: str
    terminator: str
    groups: tuple[GroupAnswer, ...]


def judge_file(content: bytes, name: str, definitions: Sequence[str]) -> tuple[InterchangeAnswer, ...]:
    """What each interchange of a file is answered with; raises a DocumentFault where it cannot be taken apart."""
    interchanges, issues = read_sets(content, name, open_profiles(definitions))
    return tuple(_judge(one, issues) for one in interchanges)


def answer_receipts(name: str, content: bytes, definitions: Definitions, _options: Mapping[str, Any]) -> dict[str, Any]:
    """`judge_file` as the JSON of a child's answer."""
    return {"interchanges": [asdict(one) for one in judge_file(content, name, definitions.mappings)]}


def _judge(interchange: Interchange, issues: Sequence[ParseIssue]) -> InterchangeAnswer:
    marks = interchange.opening.separators
    groups = tuple(
        GroupAnswer(
            kind=group.kind,
            control=group.control,
            sender=group.sender,
            receiver=group.receiver,
            release=group.release,
            claimed=group.claimed,
            sets=tuple(_judge_set(one, issues) for one in group.sets),
            codes=tuple(dict.fromkeys(group.faults)),
        )
        for group in interchange.groups
        if group.kind != "FA"  # acknowledgements are never acknowledged
    )
    return InterchangeAnswer(interchange.elements, marks.element, marks.component, marks.terminator, groups)


def _judge_set(found: SetReceipt, issues: Sequence[ParseIssue]) -> SetAnswer:
    codes = list(dict.fromkeys(found.faults))
    if found.kind not in BILLS:
        return SetAnswer(found.kind, found.control, REJECTED, tuple([_UNSUPPORTED, *codes][:5]))
    notes, rejected, told = [], bool(codes), False
    for issue in issues:
        place = _PLACE.fullmatch(issue.source.path)
        if place is None or not found.segment <= int(place[1]) < found.segment + found.count:
            continue
        code = _ELEMENTS.get(issue.code, "")
        if issue.severity is Severity.ERROR and not issue.code.startswith("edi-"):
            rejected = True
        if code:
            told = True
            notes.append(Note(place[2], int(place[1]) - found.segment + 1, int(place[3] or 0), code))
        elif issue.severity is Severity.ERROR and not issue.code.startswith("edi-"):
            notes.append(Note(place[2], int(place[1]) - found.segment + 1, 0, ""))
    if notes:
        codes.append(_SEGMENTS)
    status = REJECTED if rejected else WITH_ERRORS if told else ACCEPTED
    return SetAnswer(found.kind, found.control, status, tuple(codes[:5]), tuple(notes[:_MOST_NOTES]))
