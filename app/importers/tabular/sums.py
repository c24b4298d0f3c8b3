"""Rows that look as if they were sums of the rows above them, and not charges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from app.domain.money import EXACT, ZERO
from app.domain.source import Source
from app.importers.tabular.cells import header_key
from app.importers.tabular.issues import IssueList

_WORDS = re.compile(
    r"(?:(?:grand|sub|net)[ -]?)?totals?|sum|(?:zwischen|gesamt)?summe|gesamt|sous-total|somme|totale|totaal|suma|summa"
)
_FEWEST = 2  # rows above: of a single one any row with the same amount would be the sum


@dataclass(slots=True)
class SumWatch:
    """Follows the amounts of one bill's rows, and keeps those that equal the sum of the rows above."""

    found: list[tuple[str, Source]] = field(default_factory=list)  # what to say, and where
    _since: Decimal = ZERO  # of the rows since the last sum
    _rows: int = 0
    _whole: Decimal = ZERO  # of all rows that are no sums

    def take(self, description: str, amount: Decimal, place: str, source: Source) -> None:
        """Follow the next row; `place` says in words where its amount stands."""
        named = _WORDS.fullmatch(header_key(description).partition(":")[0]) is not None
        enough = self._rows >= (1 if named else _FEWEST)
        over_all = bool(self.found) and amount == self._whole
        if amount and ((enough and amount == self._since) or over_all):
            said = f"{place}'{description[:60]}' is {amount:,.2f}, just what the rows above it make together; it was "
            self.found.append((said + "read as a charge like them.", source))
            self._since, self._rows = ZERO, 0
            return
        with localcontext(EXACT):
            self._since, self._whole = self._since + amount, self._whole + amount
        self._rows += 1

    def tell(self, issues: IssueList, mapping: str) -> None:
        """Warn of each row that was found."""
        for said, source in self.found:
            remedy = f"If it is a sum, skip such rows under charges.rows in the mapping '{mapping}'."
            issues.warn("sum-read-as-charge", said[0].upper() + said[1:], remedy, source)
