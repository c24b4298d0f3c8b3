"""Lines of a text of fixed width that are cut off, or in which a letter takes another width than one.

What stands behind such a letter is in other places, and figures would be cut from the wrong ones.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity

_MOST_TOLD = 20
_FEWEST = 3  # lines that are equally long, to say how long each is
_UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc"})  # marks upon the letter before, characters without a width, tabs
_WIDE = frozenset("WF")


@dataclass(slots=True)
class LineWidths:
    """How long the lines of each kind are: of letters of one width alone, and of all others by their number."""

    plain: dict[str, Counter[int]] = field(default_factory=dict)
    others: list[tuple[str, int, int, bool]] = field(
        default_factory=list
    )  # kind, number, length, whether a width is odd
    ends: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # of each kind number and length
    reached: dict[str, int] = field(default_factory=dict)  # by a line of each kind, but for blanks at its end

    def meet(self, kind: str, number: int, line: str) -> None:
        """Take up a line."""
        self.ends.setdefault(kind, []).append((number, len(line)))
        self.reached[kind] = max(self.reached.get(kind, 0), len(line.rstrip()))
        if line.isascii() and "\t" not in line:
            self.plain.setdefault(kind, Counter())[len(line)] += 1
        else:
            self.others.append((kind, number, len(line), any(map(_is_odd, line))))

    def tell_odd(self) -> tuple[ParseIssue, ...]:
        """An ERROR for each line with letters beyond ASCII that is not as long as all others are; a REVIEW for those
        with letters of another width where lines have no one length."""
        return tuple(self._tell_odd())[:_MOST_TOLD]

    def _tell_odd(self) -> Iterator[ParseIssue]:
        for kind, number, length, odd in self.others:
            usual = self.plain.get(kind, Counter())
            alike = len(usual) == 1 and usual.total() >= _FEWEST
            place = Source(row=number)
            if alike and length not in usual:
                message = (
                    f"The line has {length} characters and all plain ones have {next(iter(usual))}: its letters were "
                    "counted otherwise, and what stands behind them is in other columns."
                )
                remedy = "Ask the carrier for a file in which each letter takes one place, such as one in Latin-1."
                yield ParseIssue(Severity.ERROR, "line-length-differs", message, remedy, place)
            elif odd and not alike:
                message = "The line has a tab, or letters that take no place or two: its columns may be shifted."
                remedy = "Compare its figures with the file."
                yield ParseIssue(Severity.REVIEW, "letters-of-other-width", message, remedy, place)

    def tell_cut(self, kind: str, columns: Sequence[tuple[int, int]]) -> tuple[ParseIssue, ...]:
        """An ERROR for each line that ends inside one of these columns of figures (from, to before), into which others
        of its kind reach further: figures may be missing, and with them the place of the decimal sign."""
        issues = []
        for start, end in columns:
            wanted = min(end, self.reached.get(kind, 0))
            for number, length in self.ends.get(kind, ()):
                if start < length < wanted:
                    message = f"The line ends at character {length}, inside a column of figures that goes to {wanted}."
                    remedy = "Figures may have been cut off: ask the carrier for the whole file."
                    issues.append(ParseIssue(Severity.ERROR, "line-cut-off", message, remedy, Source(row=number)))
        return tuple(issues[:_MOST_TOLD])


def _is_odd(letter: str) -> bool:
    if letter.isascii():
        return letter == "\t"
    return unicodedata.category(letter) in _UNSEEN or unicodedata.east_asian_width(letter) in _WIDE
