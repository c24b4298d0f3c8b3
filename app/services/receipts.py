"""What became of a file that was dropped, told to a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity

_QUOTED = re.compile(r"^'[^']*'")  # the file's name, with which the fault of a whole file begins
_TOLD = 20  # further faults of a file that are told in words


class Outcome(StrEnum):
    """What became of a file."""

    TAKEN = "taken"
    ALREADY_HERE = "already_here"
    HELD = "held"  # read, and waiting for a person
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file; `message` is a sentence for the user, `counts` what it brought ("1 bill, 24 charges").

    `within` names the archive or e-mail that it came in; a held file has a `held_id`, a refused one that was kept a
    `quarantine_id`.
    """

    path: Path
    outcome: Outcome
    message: str
    document_id: int | None = None
    importer: str = ""
    invoice_ids: tuple[int, ...] = ()
    counts: str = ""
    issues: tuple[ParseIssue, ...] = ()
    within: str = ""
    held_id: int | None = None
    quarantine_id: int | None = None

    def lines(self) -> list[str]:
        """The message, and below it each fault and warning that it does not tell, but not hundreds of them."""
        wanted = [issue for issue in self.issues if issue.severity is not Severity.INFO]
        rest = [issue for issue in wanted if _QUOTED.sub("", issue.message) not in self.message]
        places = [f"{issue.source.describe()}: " if issue.source != Source() else "" for issue in rest]
        pairs = zip(places[:_TOLD], rest, strict=False)
        told = [f"{place}{issue.message} {issue.remedy}".rstrip() for place, issue in pairs]
        more = [f"and {len(rest) - _TOLD} more; --json lists them all"] if len(rest) > _TOLD else []
        return [self.message, *told, *more]


def say_why(name: str, fault: ParseIssue) -> str:
    """A fault of the file `name`, told with file, place and remedy; one of the whole file often names it itself."""
    if fault.message.startswith(f"'{name}'"):
        return f"{name}{_QUOTED.sub('', fault.message)} {fault.remedy}"
    place = f", {fault.source.describe()}" if fault.source != Source() else ""
    return f"{name}{place}: {fault.message} {fault.remedy}"
