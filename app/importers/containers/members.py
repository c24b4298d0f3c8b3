"""The files out of a container: written beside the answer, counted, and told where one is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.parsed import ParsedPart
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.faults import DocumentFault, TooLarge
from app.importers.values import clean_text

MOST_MEMBERS = 1_000
LONGEST_NAME = 200
_MOST_TOLD = 50
# a container that is itself large is read with more room: usage of millions of calls comes packed
_LARGE = 32 << 20
_SMALL_LIMITS = (60 << 20, 200 << 20)
_LARGE_LIMITS = (1536 << 20, 3072 << 20)
_UNSAFE = re.compile(r"^(?:/|[A-Za-z]:)|(?:^|/)\.\.(?:/|$)")


class UnsafeName(DocumentFault):
    """'{name}' names a file that would leave its folder ('{member}'), which no honest program writes."""

    code = "unsafe-name"
    remedy = "Do not unpack it by hand either; ask the sender what it is."


class NoMembers(DocumentFault):
    """'{name}' holds no file that could be a bill{note}."""

    code = "no-members"
    remedy = "A bill that stands in the text of a message is not read: save it as a file, or enter it by hand."


class NestedTooDeep(DocumentFault):
    """'{name}' holds containers inside containers, more than {limit} deep."""

    code = "too-deep"
    remedy = "Unpack it by hand and import what is inside."


@dataclass(slots=True)
class Member:
    """A file in a container: its name as it stands there, and its bytes, piece by piece."""

    name: str
    pieces: Iterator[bytes]


@dataclass(slots=True)
class Members:
    """The members of one container, as they are written into `folder` under plain names."""

    container: str
    size: int
    folder: Path = Path()
    parts: list[ParsedPart] = field(default_factory=list)
    issues: list[ParseIssue] = field(default_factory=list)
    seen: int = 0  # members met, kept or not, in the containers inside as well
    written: int = 0
    untold: int = 0

    @property
    def limits(self) -> tuple[int, int]:
        """The most bytes of one member and of all."""
        return _LARGE_LIMITS if self.size > _LARGE else _SMALL_LIMITS

    def count(self) -> None:
        """One more member; raises TooLarge where there are too many."""
        self.seen += 1
        if self.seen > MOST_MEMBERS:
            raise TooLarge(name=self.container, size=f"more than {MOST_MEMBERS:,} files", limit=f"{MOST_MEMBERS:,}")

    def measure(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """`pieces`, counted against the limits as they come; raises TooLarge."""
        most_of_one, most_of_all = self.limits
        length = 0
        for piece in pieces:
            length += len(piece)
            self.written += len(piece)
            if length > most_of_one or self.written > most_of_all:
                most = most_of_one if length > most_of_one else most_of_all
                what = "a file of more" if length > most_of_one else "files of more together"
                raise TooLarge(name=self.container, size=f"{what} than {most >> 20} MB", limit=f"{most >> 20} MB")
            yield piece

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep a member; raises TooLarge."""
        file = f"member-{len(self.parts) + 1}"
        with (self.folder / file).open("wb") as opened:
            for piece in pieces:
                try:
                    opened.write(piece)
                except OSError as fault:  # the disk is full, or the process may write no larger files
                    raise TooLarge(
                        name=self.container, size="more than there is room for", limit="what fits"
                    ) from fault
        self.parts.append(ParsedPart("member", file, name))

    def skip(self, name: str, why: str) -> None:
        """Tell that a member is left out; of hundreds, that there are more."""
        if len(self.issues) < _MOST_TOLD:
            remedy = "Nothing needs to be done; if it is a bill after all, save it and import it by itself."
            self.tell(Severity.INFO, "member-skipped", f"'{name}' is left out: {why}.", remedy, name)
        else:
            self.untold += 1

    def tell(self, severity: Severity, code: str, message: str, remedy: str, name: str) -> None:
        """Note something about a member."""
        self.issues.append(ParseIssue(severity, code, message, remedy, Source(path=name)))

    def all_issues(self) -> tuple[ParseIssue, ...]:
        """What is to be told."""
        if not self.untold:
            return tuple(self.issues)
        message = f"{self.untold} more files are left out likewise."
        return (*self.issues, ParseIssue(Severity.INFO, "member-skipped", message, "Nothing needs to be done."))


def clean_name(container: str, name: str) -> str:
    """A member's name without unseen characters, its folders divided by "/"; raises UnsafeName."""
    cleaned = clean_text(name.replace("\\", "/").split("\x00")[0], 2000)
    if _UNSAFE.search(cleaned):
        raise UnsafeName(name=container, member=cleaned[:100])
    shortened = cleaned.strip("/")
    if len(shortened) > LONGEST_NAME:
        stem, dot, ending = shortened.rpartition(".")
        shortened = f"{stem[: LONGEST_NAME - 20]}…{dot}{ending[:10]}" if dot else f"{shortened[: LONGEST_NAME - 1]}…"
    return shortened or "unnamed"
