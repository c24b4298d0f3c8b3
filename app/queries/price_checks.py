"""The checks of price books, as the page shows them: faults by severity, carrier and text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from app.domain.vocabulary import Severity


class Fault(Protocol):
    """One fault of a price book."""

    @property
    def severity(self) -> Severity: ...

    @property
    def carrier(self) -> str: ...

    @property
    def contract(self) -> str: ...

    @property
    def code(self) -> str: ...

    @property
    def message(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One fault. `number` tells those of one contract and code apart."""

    number: int
    severity: Severity
    carrier: str
    contract: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which faults: `text` in carrier, contract, code or message."""

    text: str = ""
    severity: Severity | None = None
    carrier: str = ""


def arrange(faults: Iterable[Fault], wanted: Filter | None = None) -> list[Row]:
    """The wanted faults in their order."""
    wanted = wanted or Filter()
    rows = [
        Row(number, fault.severity, fault.carrier, fault.contract, fault.code, fault.message)
        for number, fault in enumerate(faults, 1)
    ]
    return [row for row in rows if _fits(row, wanted)]


def count(rows: Iterable[Row]) -> dict[Severity, int]:
    """How many faults of each severity, the gravest first; 0 where there are none."""
    found = Counter(row.severity for row in rows)
    return {severity: found[severity] for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)}


def _fits(row: Row, wanted: Filter) -> bool:
    if wanted.severity is not None and row.severity is not wanted.severity:
        return False
    if wanted.carrier and row.carrier != wanted.carrier:
        return False
    text = wanted.text.strip().casefold()
    return not text or any(text in each.casefold() for each in (row.carrier, row.contract, row.code, row.message))
