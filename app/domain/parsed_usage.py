"""What importers of usage return: columns of equal length, a batch at a time, each row with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.domain.vocabulary import ReadingKind


@dataclass(frozen=True, slots=True)
class ParsedUsage:
    """A batch of call records in columns of equal length; a file yields many. Numbers are digits in E.164 order.

    `started` holds UTC seconds since 1970, `seconds` answered duration in whole seconds, `billed` the carrier's charge
    in millionths of the currency unit (None where the file states none), `rows` the source rows.
    """

    carrier: str
    ban: str
    currency: str
    tn: tuple[str, ...]
    other_party: tuple[str, ...]
    started: tuple[int, ...]
    seconds: tuple[int, ...]
    billed: tuple[int | None, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedSamples:
    """Traffic samples of one circuit's port in columns: UTC seconds of the bin's end and octets in and out."""

    carrier: str
    ban: str
    circuit_id: tuple[str, ...]
    ended: tuple[int, ...]
    octets_in: tuple[int, ...]
    octets_out: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParsedReadings:
    """Readings of power meters in columns: the meter (or the circuit that it feeds), UTC seconds, kWh or kW."""

    carrier: str
    ban: str
    kind: ReadingKind
    circuit_id: tuple[str, ...]
    at: tuple[int, ...]
    value: tuple[Decimal, ...]
    rows: tuple[int, ...]
