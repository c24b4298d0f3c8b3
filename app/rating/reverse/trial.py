"""Trying changes on charges: what a charge costs under changed terms, and how many tries are left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from app.domain.evidence import Evidence
from app.domain.history import ChargeFacts
from app.domain.money import round_amount
from app.domain.proof import Proof
from app.domain.rated import RatedCharge
from app.errors import BugError, UserError
from app.rating.engine import rate
from app.rating.ratebook import RateBook
from app.rating.reverse.candidates import CANDIDATES
from app.rating.reverse.case import Case, Change

MOST_TRIES = 12_000  # charges rated for one bill
MOST_RECOUNTS = 600  # times that records are counted anew, which takes far longer

Recount = Callable[[ChargeFacts, RateBook], Evidence | None]
Step = tuple[int, str, str]  # a candidate's place in CANDIDATES, and the change's name and what it says
Path = tuple[Step, ...]


class Trial:
    """Rates charges under changed terms, as often as the bounds allow. `recount` counts our records of a charge anew
    under the prices of a book; without it changes that would need that are not tried."""

    def __init__(self, book: RateBook, recount: Recount | None) -> None:
        self._book, self._recount = book, recount
        self._tries = self._recounts = 0

    @property
    def exhausted(self) -> bool:
        """Whether no more charges are rated."""
        return self._tries >= MOST_TRIES

    def cost(self, case: Case) -> Decimal | None:
        """What the charge costs under the case's terms, to the cent; None where they price nothing, or do not read."""
        if self.exhausted:
            return None
        self._tries += 1
        rated = self._rate(case, explain=False)
        return None if rated is None or rated.expected is None else to_cents(rated.expected)

    def prove(self, case: Case) -> Proof:
        """The proof of what the charge costs under the case's terms."""
        rated = self._rate(case, explain=True)
        if rated is None or rated.proof is None:
            raise BugError(f"charge {case.charge.id} has no proof under terms that were tried on it")
        return replace(rated.proof, steps=(*case.lead, *rated.proof.steps))

    def _rate(self, case: Case, *, explain: bool) -> RatedCharge | None:
        book, evidence = rebuild(self._book, case), case.evidence
        try:
            if case.stale:
                if self._recount is None or self._recounts >= MOST_RECOUNTS:
                    return None
                self._recounts += 0 if explain else 1
                evidence = self._recount(case.charge, book)
                if evidence is None:
                    return None
            return rate(case.charge, case.invoice, case.service, book, evidence, explain=explain)
        except UserError:
            return None  # terms that do not go together: no contract says so, and so no carrier bills by them


def rebuild(book: RateBook, case: Case) -> RateBook:
    """A book of the case's contracts, with the exchange rates of `book`."""
    return RateBook(case.contracts, book.rates)


def to_cents(amount: Decimal) -> Decimal:
    """An amount as bills state it."""
    return round_amount(amount, 2)


def walk(case: Case, places: Sequence[int], before: Path = ()) -> Iterator[tuple[Path, Change]]:
    """Every change that one candidate of each of `places`, one after another, makes of `case`, with the way to it."""
    place, *rest = places
    for change in CANDIDATES[place][1](case):
        path = (*before, (place, change.name, change.says))
        if not rest:
            yield path, change
            continue
        for longer, last in walk(change.case, rest, path):
            yield longer, replace(last, contract_says=f"{change.contract_says} and {last.contract_says}")


def follow(case: Case, path: Path) -> Change | None:
    """What the way of another charge's change makes of `case`; None where it cannot be gone."""
    found = None
    for place, name, says in path:
        at = case if found is None else found.case
        found = next((each for each in CANDIDATES[place][1](at) if (each.name, each.says) == (name, says)), None)
        if found is None:
            return None
    return found
