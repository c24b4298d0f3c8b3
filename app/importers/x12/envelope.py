"""The envelopes of X12: interchange, groups and sets, whose numbers and counts have to agree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from app.importers.faults import BrokenFile
from app.importers.tabular.issues import IssueList
from app.importers.x12.codes import BILLS
from app.importers.x12.segments import Segment, is_short, read_segments
from app.importers.x12.separators import Opening

_REMEDY = "Ask the carrier to send the file again; nothing of it is taken in, because a part may be missing or altered."


@dataclass(slots=True)
class SetReceipt:
    """A transaction set as it came: what its envelope says, and the faults found in it, as codes of element 718."""

    kind: str
    control: str
    segment: int
    count: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class GroupReceipt:
    """A functional group as it came; faults are codes of element 716."""

    kind: str
    sender: str
    receiver: str
    control: str
    release: str
    segment: int
    sets: list[SetReceipt] = field(default_factory=list)
    claimed: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Interchange:
    """An interchange as it came; `elements` are the sixteen of its ISA without blanks around them."""

    elements: tuple[str, ...]
    opening: Opening
    segment: int
    groups: list[GroupReceipt] = field(default_factory=list)
    closed: bool = False
    answers: bool = False  # whether it acknowledges another interchange (TA1)


class SetReader(Protocol):
    """What takes the segments of one set between ST and SE."""

    def take(self, segment: Segment) -> None:
        """The next segment."""
        ...


Opener = Callable[[Interchange, GroupReceipt, SetReceipt], "SetReader | None"]


class Envelopes:
    """Reads a file from envelope to envelope, hands the segments of each set to its reader, and says what differs."""

    def __init__(self, name: str, open_set: Opener, issues: IssueList) -> None:
        self.name, self.open_set, self.issues = name, open_set, issues
        self.interchanges: list[Interchange] = []
        self._numbers: set[tuple[str, ...]] = set()
        self._group: GroupReceipt | None = None
        self._set: SetReceipt | None = None
        self._reader: SetReader | None = None

    def read(self, content: bytes) -> None:
        """Read all of `content`; raises BrokenFile or TooLarge where it cannot be taken apart at all."""
        inside = {"GS": self._gs, "ST": self._st, "SE": self._se, "GE": self._ge, "IEA": self._iea}
        number = 0
        for segment, opening in read_segments(content, self.name):
            number, tag = segment.number, segment.elements[0]
            if tag == "ISA":
                self._open(segment, opening)
            elif tag in inside:
                inside[tag](segment)
            elif tag == "TA1" and self._group is None:
                self.interchanges[-1].answers = True
            elif self._set is None:
                self._fault("edi-envelope", f"Segment {tag[:10]} stands outside of any transaction set.", segment)
                if self._group is not None:
                    self._group.faults.append("5")
            else:
                self._set.count += 1
                if tag in {"BIN", "BDS"}:
                    raise BrokenFile(name=self.name, why=f"segment {number} ({tag}) holds binary data; no bill has any")
                if self._reader is not None:
                    self._reader.take(segment)
        self._end(number)

    def _open(self, segment: Segment, opening: Opening) -> None:
        if self.interchanges and not self.interchanges[-1].closed:
            raise BrokenFile(name=self.name, why=f"a second ISA stands in segment {segment.number}, before any IEA")
        interchange = Interchange(opening.elements, opening, segment.number)
        self.interchanges.append(interchange)
        if is_short(opening):
            message = f"The ISA segment has {opening.length} characters instead of 106: blanks were lost on the way."
            self.issues.tell("edi-short-isa", message, segment.place())
        self._once(
            ("ISA", opening.elements[5], opening.elements[12]), "an interchange", opening.elements[12], segment, 13
        )

    def _gs(self, segment: Segment) -> None:
        if self._group is not None:
            self._fault("edi-envelope", f"A group begins before group {self._group.control} has ended.", segment)
            self._close_set(segment)
        get = segment.get
        group = GroupReceipt(get(1), get(2), get(3), get(6), get(8), segment.number)
        interchange = self.interchanges[-1]
        interchange.groups.append(group)
        self._group = group
        isa = interchange.elements
        self._once(("GS", isa[5], isa[12], group.kind, group.control), "a group", group.control, segment, 6)

    def _st(self, segment: Segment) -> None:
        if self._set is not None:
            self._fault("edi-envelope", f"A set begins before set {self._set.control} has ended.", segment)
            self._close_set(segment)
        if self._group is None:
            self._fault("edi-envelope", "A transaction set stands outside of any group.", segment)
            self._group = GroupReceipt("", "", "", "", "", segment.number)
            self.interchanges[-1].groups.append(self._group)
        found = SetReceipt(segment.get(1), segment.get(2), segment.number, count=1)
        self._group.sets.append(found)
        self._set = found
        numbers = ("ST", self.interchanges[-1].elements[12], self._group.control, found.kind, found.control)
        if not self._once(numbers, "a set", found.control, segment, 2):
            found.faults.append("23")
        self._reader = self.open_set(self.interchanges[-1], self._group, found)

    def _se(self, segment: Segment) -> None:
        found = self._set
        if found is None:
            self._fault("edi-envelope", "A set ends that has not begun.", segment)
            return
        found.count += 1
        if not same_number(segment.get(1), str(found.count)):
            message = f"Set {found.control} says that it has {segment.get(1)[:20]} segments; {found.count:,} are there."
            self._fault("edi-count", message, segment, 1)
            found.faults.append("4")
        if not same_number(segment.get(2), found.control):
            message = f"Set {found.control} ends with the number {segment.get(2)[:20]}."
            self._fault("edi-control-number", message, segment, 2)
            found.faults.append("3")
        self._set = self._reader = None

    def _ge(self, segment: Segment) -> None:
        self._close_set(segment)
        group = self._group
        if group is None:
            self._fault("edi-envelope", "A group ends that has not begun.", segment)
            return
        group.claimed = int(segment.get(1)) if re.fullmatch(r"[0-9]{1,6}", segment.get(1)) else 0
        if not same_number(segment.get(1), str(len(group.sets))):
            message = f"Group {group.control} says that it has {segment.get(1)[:20]} sets; {len(group.sets)} are there."
            self._fault("edi-count", message, segment, 1)
            group.faults.append("5")
        if not same_number(segment.get(2), group.control):
            message = f"Group {group.control} ends with the number {segment.get(2)[:20]}."
            self._fault("edi-control-number", message, segment, 2)
            group.faults.append("4")
        self._group = None

    def _iea(self, segment: Segment) -> None:
        self._close_set(segment)
        interchange = self.interchanges[-1]
        if self._group is not None:
            self._fault("edi-envelope", f"Group {self._group.control} has no end (GE).", segment)
            self._group.faults.append("3")
            self._group = None
        if not same_number(segment.get(1), str(len(interchange.groups))):
            there = len(interchange.groups)
            message = f"The interchange says that it has {segment.get(1)[:20]} groups; {there} are there."
            self._fault("edi-count", message, segment, 1)
        if not same_number(segment.get(2), interchange.elements[12]):
            message = f"Interchange {interchange.elements[12]} ends with the number {segment.get(2)[:20]}."
            self._fault("edi-control-number", message, segment, 2)
        interchange.closed = True

    def _close_set(self, segment: Segment) -> None:
        if self._set is None:
            return
        self._fault("edi-envelope", f"Set {self._set.control} has no end (SE).", segment)
        self._set.faults.append("2")
        self._set = self._reader = None

    def _end(self, number: int) -> None:
        if not self.interchanges or not self.interchanges[-1].closed:
            self._close_set(Segment(number, [""]))
            raise BrokenFile(name=self.name, why=f"it ends with segment {number:,}, before the end of its interchange")

    def _once(self, key: tuple[str, ...], what: str, number: str, segment: Segment, position: int) -> bool:
        if key not in self._numbers:
            self._numbers.add(key)
            return True
        self._fault("edi-repeated", f"The control number {number[:20]} of {what} stands twice.", segment, position)
        return False

    def _fault(self, code: str, message: str, segment: Segment, position: int = 0) -> None:
        """An ERROR, but a WARNING within a set that is no bill."""
        if self._set is not None and self._set.kind not in BILLS:
            self.issues.warn(code, message, "Nothing is read from this set.", segment.place(position))
        else:
            self.issues.error(code, message, _REMEDY, segment.place(position))


def same_number(one: str, other: str) -> bool:
    """Whether two control numbers are the same, however many zeros lead them."""
    if one.isascii() and other.isascii() and one.isdigit() and other.isdigit():
        return one.lstrip("0") == other.lstrip("0")
    return one == other
