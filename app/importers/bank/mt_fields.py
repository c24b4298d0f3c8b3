"""The fields of MT940 and MT942 messages, with the lines of the file on which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# of the two messages, and :940: with which some banks begin: a line in a detail that only looks like a tag is none
_TAGS = frozenset(
    "13 13D 20 21 25 25P 28 28C 34F 60F 60M 61 62F 62M 64 65 86 90C 90D NS 940 942".split()  # noqa: SIM905
)
_FIELD = re.compile(r":([0-9A-Z]{2,3}):(.*)", re.DOTALL)
_END = re.compile(r"-(?:\}.*|XXX)?\s*")
_BLOCK = re.compile(r"\{4:\s*")
_HEAD = re.compile(r"\{[123]:")


@dataclass(slots=True)
class MtField:
    """One field: its tag, its text with the lines of the file it goes over, and the number of the first."""

    tag: str
    text: str
    line: int


@dataclass(slots=True)
class MtMessage:
    """The fields from one :20: to the next."""

    number: int
    fields: list[MtField] = field(default_factory=list)

    def first(self, *tags: str) -> MtField | None:
        """The first field with one of `tags`."""
        return next((one for one in self.fields if one.tag in tags), None)

    def last(self, *tags: str) -> MtField | None:
        """The last field with one of `tags`."""
        return next((one for one in reversed(self.fields) if one.tag in tags), None)


def split_messages(text: str) -> list[MtMessage]:
    """The messages of a file in their order; what stands outside of them is left out."""
    messages: list[MtMessage] = []
    for one in _fields(text):
        if one.tag == "20":
            messages.append(MtMessage(len(messages) + 1))
        if messages and one.tag not in {"940", "942"}:
            messages[-1].fields.append(one)
    return messages


def _fields(text: str) -> Iterator[MtField]:
    current: MtField | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if _HEAD.match(line):
            if current is not None:
                yield current
                current = None
            line = _BLOCK.split(line, 1)[1] if _BLOCK.search(line) else ""
        found = _FIELD.fullmatch(line)
        if found is not None and found[1] in _TAGS:
            if current is not None:
                yield current
            current = MtField(found[1], found[2], number)
        elif current is not None and _END.fullmatch(line):
            yield current
            current = None
        elif current is not None:
            current.text += f"\n{line}"
    if current is not None:
        yield current
