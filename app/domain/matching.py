"""Which service a charge is for: by circuit id, then telephone number, then site and code; never guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.identifiers import name_key
from app.domain.vocabulary import ChargeType, MatchMethod

# charges of these types belong to the account as a whole where they print no service
ACCOUNT_LEVEL_TYPES = frozenset(
    {
        ChargeType.TAX,
        ChargeType.SURCHARGE,
        ChargeType.FEE,
        ChargeType.LPC,
        ChargeType.CREDIT,
        ChargeType.ADJUSTMENT,
        ChargeType.OCC,
    }
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service as matching sees it; `places` are the keys of its locations' codes and names."""

    id: int
    account_id: int | None
    circuit_key: str
    tn_key: str
    code: str
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class ServiceIndex:
    """A carrier's services by what a charge may print of them."""

    by_circuit: dict[str, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    by_tn: dict[str, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    by_place: dict[str, list[Candidate]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def build(cls, candidates: Iterable[Candidate]) -> ServiceIndex:
        index = cls()
        for candidate in candidates:
            if candidate.circuit_key:
                index.by_circuit[candidate.circuit_key].append(candidate)
            if candidate.tn_key:
                index.by_tn[candidate.tn_key].append(candidate)
            for place in candidate.places:
                index.by_place[place].append(candidate)
        return index


@dataclass(frozen=True, slots=True)
class Printed:
    """What a charge prints of its service."""

    charge_type: ChargeType
    account_id: int
    circuit_key: str = ""
    tn_key: str = ""
    location: str = ""
    code: str = ""


def find_candidates(printed: Printed, index: ServiceIndex) -> tuple[list[Candidate], MatchMethod]:
    """The services that the charge may be for, and by what; exactly one is a match, several are for a person.

    An identifier that is printed decides: if nobody knows it, the charge is for an unknown service, whatever its site.
    """
    if printed.circuit_key and (found := index.by_circuit.get(printed.circuit_key)):
        return _narrow(found, printed), MatchMethod.CIRCUIT_ID
    if printed.tn_key and (found := index.by_tn.get(printed.tn_key)):
        return _narrow(found, printed), MatchMethod.TELEPHONE_NUMBER
    if printed.circuit_key or printed.tn_key or not printed.location:
        return [], MatchMethod.SITE_AND_CODE
    at_site = index.by_place.get(name_key(printed.location), [])
    same_code = [candidate for candidate in at_site if _same_code(candidate, printed)]
    return _by_account(same_code, printed), MatchMethod.SITE_AND_CODE


def find_match(printed: Printed, index: ServiceIndex) -> tuple[int | None, MatchMethod] | None:
    """The one service of a charge and how it was found; (None, ACCOUNT_LEVEL) where it needs none; None: worklist."""
    candidates, method = find_candidates(printed, index)
    if len(candidates) == 1:
        return candidates[0].id, method
    nothing_printed = not (printed.circuit_key or printed.tn_key)
    if nothing_printed and not candidates and printed.charge_type in ACCOUNT_LEVEL_TYPES:
        return None, MatchMethod.ACCOUNT_LEVEL
    return None


def _narrow(found: list[Candidate], printed: Printed) -> list[Candidate]:
    """Of several services with one identifier, those with the charge's code, then those of its account."""
    if len(found) > 1:
        found = [candidate for candidate in found if _same_code(candidate, printed)] or found
    return _by_account(found, printed)


def _by_account(found: list[Candidate], printed: Printed) -> list[Candidate]:
    if len(found) > 1:
        found = [candidate for candidate in found if candidate.account_id == printed.account_id] or found
    return found


def _same_code(candidate: Candidate, printed: Printed) -> bool:
    code = candidate.code.strip().casefold()
    return bool(code) and code == printed.code.strip().casefold()
