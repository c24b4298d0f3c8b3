"""Collecting the faults of a table: each with its place, and not a million of one kind."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.tabular.cells import header_key

MOST_ISSUES = 100


class IssueList:
    """The issues of one file in the order in which they were found; the first of each severity are kept in full."""

    def __init__(self) -> None:
        self._issues: list[ParseIssue] = []
        self._counts = dict.fromkeys(Severity, 0)

    def add(self, issue: ParseIssue) -> None:
        """Keep `issue`, or only count it where there are many already."""
        self._counts[issue.severity] += 1
        if self._counts[issue.severity] <= MOST_ISSUES:
            self._issues.append(issue)

    def error(self, code: str, message: str, remedy: str, source: Source | None = None) -> None:
        """A fault that keeps the file from being taken in."""
        self.add(ParseIssue(Severity.ERROR, code, message, remedy, source or Source()))

    def warn(self, code: str, message: str, remedy: str, source: Source | None = None) -> None:
        """A fault that asks for a look."""
        self.add(ParseIssue(Severity.WARNING, code, message, remedy, source or Source()))

    def tell(self, code: str, message: str, source: Source | None = None) -> None:
        """Something that the user should know; nothing needs to be done."""
        self.add(ParseIssue(Severity.INFO, code, message, "Nothing needs to be done.", source or Source()))

    @property
    def refused(self) -> bool:
        return self._counts[Severity.ERROR] > 0

    def close(self) -> tuple[ParseIssue, ...]:
        """All issues, with a count of those that were not kept."""
        more = [
            ParseIssue(
                severity, "more-issues", f"{count - MOST_ISSUES:,} more of the same kind.", "Mend the first ones."
            )
            for severity, count in self._counts.items()
            if count > MOST_ISSUES
        ]
        return (*self._issues, *more)


def like(wanted: str, printed: Sequence[str], cutoff: int = 60) -> str:
    """The one of `printed` whose spelling is most like `wanted`, by at least `cutoff` per cent; "" where none is."""
    by_key = {header_key(name): name for name in printed if name}
    found = get_close_matches(header_key(wanted), by_key, n=1, cutoff=cutoff / 100)
    return by_key[found[0]] if found else ""
