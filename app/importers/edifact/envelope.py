"""The envelopes of EDIFACT: interchange, groups and messages, whose references and counts have to agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.importers.edifact.syntax import Marks, Segment, decode, read_marks, read_segments
from app.importers.faults import BrokenFile
from app.importers.tabular.issues import IssueList
from app.importers.x12.envelope import same_number

_REMEDY = "Ask the carrier to send the file again; nothing of it is taken in, because a part may be missing or altered."


@dataclass(frozen=True, slots=True)
class Message:
    """A message by its UNH: its kind (INVOIC), its directory (D.96A), its reference, and who sent it."""

    kind: str
    directory: str
    reference: str
    sender: str
    marks: Marks
    opening: Segment


class MessageReader(Protocol):
    """What takes the segments of one message between UNH and UNT."""

    def take(self, segment: Segment) -> None:
        """The next segment."""
        ...


Opener = Callable[[Message], "MessageReader | None"]


class Envelopes:
    """Reads a file from envelope to envelope, hands the segments of each message to its reader."""

    def __init__(self, name: str, open_message: Opener, issues: IssueList) -> None:
        self.name, self.open_message, self.issues = name, open_message, issues
        self._seen: set[tuple[str, str]] = set()
        self._interchange: Segment | None = None
        self._group: Segment | None = None
        self._message: Message | None = None
        self._reader: MessageReader | None = None
        self._last = ""  # the reference of the last message
        self._segments = self._messages = self._groups = self._in_group = 0

    def read(self, content: bytes) -> None:
        """Read all of `content`; raises BrokenFile or TooLarge where it cannot be taken apart at all."""
        text = decode(content, self.name)
        marks, start = read_marks(text, self.name)
        steps = {"UNB": self._unb, "UNG": self._ung, "UNT": self._unt, "UNE": self._une, "UNZ": self._unz}
        number = 0
        for segment in read_segments(text, marks, start, self.name):
            number, tag = segment.number, segment.tag
            if tag == "UNH":
                self._unh(segment, marks)
            elif tag in steps:
                steps[tag](segment)
            elif tag == "UNA":
                raise BrokenFile(name=self.name, why=f"a second UNA stands in segment {number:,}")
            elif self._message is not None:
                self._segments += 1
                if self._reader is not None:
                    self._reader.take(segment)
            elif tag not in {"UNO", "UNP"}:
                self._fault("edi-envelope", f"Segment {tag} stands outside of any message.", segment)
        if self._interchange is not None or number == 0:
            raise BrokenFile(name=self.name, why=f"it ends with segment {number:,}, before the end of its interchange")

    def _unb(self, segment: Segment) -> None:
        if self._interchange is not None:
            raise BrokenFile(name=self.name, why=f"a second UNB stands in segment {segment.number:,}, before any UNZ")
        self._interchange = segment
        self._messages = self._groups = 0
        self._once("an interchange", f"{segment.get(2)} {segment.get(5)}", segment, 5)

    def _ung(self, segment: Segment) -> None:
        self._close_message(segment)
        self._group, self._groups, self._in_group = segment, self._groups + 1, 0

    def _unh(self, segment: Segment, marks: Marks) -> None:
        self._close_message(segment)
        if self._interchange is None:
            raise BrokenFile(
                name=self.name, why=f"a message begins in segment {segment.number:,} outside of an interchange"
            )
        self._messages += 1
        self._in_group += 1
        directory = ".".join(part for part in (segment.get(2, 1), segment.get(2, 2)) if part)
        kind, reference = segment.get(2), segment.get(1)
        self._last = reference
        sender = self._interchange.get(2)
        self._message = Message(kind, directory, reference, sender, marks, segment)
        self._segments = 1
        self._once(f"a message in interchange {self._interchange.get(5)}", reference, segment, 1)
        self._reader = self.open_message(self._message)

    def _unt(self, segment: Segment) -> None:
        message = self._message
        if message is None:
            self._fault("edi-envelope", "A message ends that has not begun.", segment)
            return
        count = self._segments + 1
        if not same_number(segment.get(1), str(count)):
            claimed = segment.get(1)[:20]
            words = f"Message {message.reference[:20]} says that it has {claimed} segments; {count:,} are there."
            self._fault("edi-count", words, segment, 1)
        if not same_number(segment.get(2), message.reference):
            words = f"Message {message.reference[:20]} ends with the reference {segment.get(2)[:20]}."
            self._fault("edi-control-number", words, segment, 2)
        self._message = self._reader = None

    def _une(self, segment: Segment) -> None:
        self._close_message(segment)
        if self._group is None:
            self._fault("edi-envelope", "A group ends that has not begun.", segment)
            return
        if not same_number(segment.get(1), str(self._in_group)):
            words = f"A group says that it has {segment.get(1)[:20]} messages; {self._in_group:,} are there."
            self._fault("edi-count", words, segment, 1)
        if not same_number(segment.get(2), self._group.get(5)):
            words = f"Group {self._group.get(5)[:20]} ends with the reference {segment.get(2)[:20]}."
            self._fault("edi-control-number", words, segment, 2)
        self._group = None

    def _unz(self, segment: Segment) -> None:
        self._close_message(segment)
        opening = self._interchange
        if opening is None:
            self._fault("edi-envelope", "An interchange ends that has not begun.", segment)
            return
        if self._group is not None:
            self._fault("edi-envelope", "A group has no end (UNE).", segment)
            self._group = None
        there = self._groups or self._messages
        if not same_number(segment.get(1), str(there)):
            words = f"The interchange says that it holds {segment.get(1)[:20]} messages or groups; {there:,} are there."
            self._fault("edi-count", words, segment, 1)
        if not same_number(segment.get(2), opening.get(5)):
            words = f"Interchange {opening.get(5)[:20]} ends with the reference {segment.get(2)[:20]}"
            if there == 1 and same_number(segment.get(2), self._last):
                words += ", which is that of its one message: the writer's slip."
                self.issues.warn("edi-control-number", words, "Tell the carrier; nothing is missing.", segment.place(2))
            else:
                self._fault("edi-control-number", f"{words}.", segment, 2)
        self._interchange = None

    def _close_message(self, segment: Segment) -> None:
        if self._message is not None:
            self._fault("edi-envelope", f"Message {self._message.reference[:20]} has no end (UNT).", segment)
            self._message = self._reader = None

    def _once(self, what: str, reference: str, segment: Segment, element: int) -> None:
        key = (what, reference)
        if key in self._seen:
            message = f"The reference {reference[:40]} of {what[:60]} stands twice."
            self._fault("edi-repeated", message, segment, element)
        self._seen.add(key)

    def _fault(self, code: str, message: str, segment: Segment, element: int = 0) -> None:
        """An ERROR, but a WARNING within a message that is no bill."""
        if self._message is not None and self._reader is None:
            self.issues.warn(code, message, "Nothing is read from this message.", segment.place(element))
        else:
            self.issues.error(code, message, _REMEDY, segment.place(element))
