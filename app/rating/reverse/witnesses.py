"""Charges as witnesses: for each change those that it explains, and those that speak against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.history import Tolerances
from app.domain.rated import RatedCharge
from app.domain.vocabulary import ChargeType
from app.rating.ratebook import code_key
from app.rating.reverse.candidates import CANDIDATES, Reach
from app.rating.reverse.case import Case, Change
from app.rating.reverse.trial import Path, Trial, follow, to_cents, walk

MOST_RIGHT = 40  # charges billed right on which a change is tried: more tell nothing new
Group = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """A charge with its rating, both amounts to the cent. `beyond` says that they differ by more than is tolerated."""

    case: Case
    billed: Decimal
    expected: Decimal
    beyond: bool

    @property
    def wrong(self) -> bool:
        return self.billed != self.expected


@dataclass(slots=True)
class Record:
    """What speaks for and against one change within one group of charges."""

    path: Path
    group: Group
    explained: list[tuple[Witness, Change]] = field(default_factory=list)
    heard: set[int] = field(default_factory=set)
    against_wrong: int = 0
    against_right: int = 0


def call_witnesses(cases: Iterable[tuple[Case, RatedCharge]], tolerances: Tolerances) -> list[Witness]:
    """The charges as witnesses, those that differ most first."""
    found = []
    for case, rated in cases:
        if rated.expected is not None:
            variance = abs(rated.billed - rated.expected)
            beyond = variance > _tolerance(case, rated.expected, tolerances)
            found.append(Witness(case, to_cents(rated.billed), to_cents(rated.expected), beyond))
    return sorted(
        found, key=lambda each: (-abs(each.billed - each.expected), each.case.charge.seq, each.case.charge.id)
    )


def choose_leads(witnesses: Sequence[Witness], many: int) -> list[Witness]:
    """The first `many` charges of each code: changes are found on them, and tried on the others."""
    taken: Counter[Group] = Counter()
    leads = []
    for witness in witnesses:
        kind = _kind(witness.case)
        taken[kind] += 1
        if taken[kind] <= many:
            leads.append(witness)
    return leads


def hear(trial: Trial, leads: Sequence[Witness], ways: Sequence[tuple[int, ...]]) -> list[Record]:
    """Each change of `ways` that explains any of the leads. Records are counted anew for one lead of a code alone, and
    not for pairs: that takes long."""
    records: dict[tuple[Path, Group], Record] = {}
    first = {_kind(witness.case): witness for witness in reversed(leads)}
    for witness in leads:
        for way in ways:
            for path, change in walk(witness.case, way):
                if change.case.stale and (len(way) > 1 or first[_kind(witness.case)] is not witness):
                    continue
                cost = trial.cost(change.case)
                if cost is not None and cost != witness.expected:
                    key = path, group_of(witness.case, path)
                    _note(records.setdefault(key, Record(*key)), witness, change, cost)
    return [record for record in records.values() if record.explained]


def hear_others(trial: Trial, records: Iterable[Record], witnesses: Sequence[Witness]) -> None:
    """Let charges that were not heard yet speak for or against each record's change; right ones only against."""
    for record in records:
        right = 0
        for witness in witnesses:
            if witness.case.charge.id in record.heard or group_of(witness.case, record.path) != record.group:
                continue
            right += 0 if witness.wrong else 1
            if not witness.wrong and right > MOST_RIGHT:
                continue
            change = follow(witness.case, record.path)
            cost = None if change is None else trial.cost(change.case)
            if change is not None and cost is not None and cost != witness.expected:
                _note(record, witness, change, cost)


def _note(record: Record, witness: Witness, change: Change, cost: Decimal) -> None:
    record.heard.add(witness.case.charge.id)
    if cost == witness.billed:
        record.explained.append((witness, change))
    elif not witness.wrong:
        record.against_right += 1
    elif witness.beyond:
        record.against_wrong += 1


def _kind(case: Case) -> Group:
    element = case.element
    return (case.contract_id, element.model, code_key(element.code), element.charge_type)


def group_of(case: Case, path: Path) -> Group:
    """The group of charges that a change would have touched as well: of two changes the narrower one's."""
    reaches = {CANDIDATES[place][0] for place, _, _ in path}
    if reaches == {Reach.CONTRACT}:
        return (case.contract_id,)
    return (case.contract_id, case.element.model) if Reach.PRICE not in reaches else _kind(case)


def _tolerance(case: Case, expected: Decimal, tolerances: Tolerances) -> Decimal:
    if case.charge.charge_type is ChargeType.USAGE:
        return max(tolerances.usage, tolerances.usage_percent * abs(expected) / 100)
    return tolerances.recurring
