"""The search: single changes first, then pairs of two; what explains the carrier's amounts is a cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from app.domain.evidence import Evidence
from app.domain.history import InvoiceFacts, ServiceFacts, Tolerances
from app.domain.rated import RatedCharge
from app.rating.ratebook import RateBook
from app.rating.reverse.candidates import CANDIDATES
from app.rating.reverse.case import build_cases
from app.rating.reverse.cause import Cause
from app.rating.reverse.trial import Recount, Trial
from app.rating.reverse.witnesses import Record, Witness, call_witnesses, choose_leads, hear, hear_others

SINGLE_LEADS, PAIR_LEADS = 3, 1  # charges of each code on which all changes are tried
ROUNDS = 3
_SINGLES = tuple((place,) for place in range(len(CANDIDATES)))
_PAIRS = tuple(combinations(range(len(CANDIDATES)), 2))


def find_causes(
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    book: RateBook,
    evidence: Mapping[int, Evidence],
    rated: Mapping[int, RatedCharge],
    *,
    recount: Recount | None = None,
    tolerances: Tolerances | None = None,
) -> tuple[Cause, ...]:
    """The causes of what `invoice` bills beyond tolerance, the ones that fit first, then by charges and by changes.

    A change is a cause where it gives what was billed, to the cent. It fits where it explains two charges or more and
    no charge of its group speaks against it; else it only may be one: of a single charge, or of some. A change that
    explains one charge while another wrong one speaks against it is an accident. Pairs are tried on charges that
    no single change explains. A bill that is right gives none.
    """
    cases = build_cases(invoice, services, book.contracts, evidence, rated)
    witnesses = call_witnesses(cases, tolerances or Tolerances())
    contracts = {each.case.contract_id for each in witnesses if each.beyond}
    concerned = [each for each in witnesses if each.case.contract_id in contracts]
    trial = Trial(book, recount)
    named: list[Record] = []
    for ways, leads in ((_SINGLES, SINGLE_LEADS), (_PAIRS, PAIR_LEADS)):
        for _ in range(ROUNDS):  # the first leads may all have been of one kind
            found = _name(_judge(trial, choose_leads(_unexplained(concerned, named), leads), ways, concerned))
            named += found
            if not found:
                break
    return _rank(trial, named)


def _unexplained(witnesses: Sequence[Witness], named: Sequence[Record]) -> list[Witness]:
    explained = {witness.case.charge.id for record in named for witness, _ in record.explained}
    return [each for each in witnesses if each.beyond and each.case.charge.id not in explained]


def _judge(
    trial: Trial, leads: Sequence[Witness], ways: Sequence[tuple[int, ...]], witnesses: Sequence[Witness]
) -> list[Record]:
    records = hear(trial, leads, ways)
    hear_others(trial, records, witnesses)
    return records


def _name(records: Sequence[Record]) -> list[Record]:
    """The records that are causes, and no accidents; what only may be one is left out where another one fits."""
    fitting = [record for record in records if _fits(record)]
    settled = {witness.case.charge.id for record in fitting for witness, _ in record.explained}
    doubtful = [
        record
        for record in records
        if not _fits(record)
        and not {witness.case.charge.id for witness, _ in record.explained} & settled
        and (len(record.explained) > 1 or not record.against_wrong)
        and not (len(record.path) > 1 and record.against_right)
    ]
    return fitting + doubtful


def _fits(record: Record) -> bool:
    return len(record.explained) > 1 and not record.against_wrong and not record.against_right


def _rank(trial: Trial, records: Sequence[Record]) -> tuple[Cause, ...]:
    """The records as causes, the best first."""
    causes = []
    for record in records:
        _, change = record.explained[0]
        path = record.path
        causes.append(
            Cause(
                name=" + ".join(dict.fromkeys(name for _, name, _ in path)),
                says=" and ".join(says for _, _, says in path),
                contract_says=change.contract_says,
                charges=tuple(witness.case.charge.id for witness, _ in record.explained),
                fits=_fits(record),
                proof=trial.prove(change.case),
                against=record.against_wrong + record.against_right,
                changes=len(path),
            )
        )
    order = sorted(causes, key=lambda each: (not each.fits, -len(each.charges), each.changes, each.against))
    return tuple(order)
