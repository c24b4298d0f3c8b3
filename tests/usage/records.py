"""Call records made in a few words: what the usage store's tests begin with."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.parsed_usage import ParsedUsage

SHA = "ab" * 32
OTHER = "12175550199"
Row = tuple[str, int, int] | tuple[str, int, int, str]


def seconds(*moment: int) -> int:
    """A moment of UTC in seconds since 1970."""
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[misc, arg-type]


def calls(*rows: Row, billed: int | None = None, first_row: int = 2) -> ParsedUsage:
    """Calls as (line, start, seconds) or (line, start, seconds, other party), one row after another."""
    return ParsedUsage(
        carrier="Halyard Voice",
        ban="1",
        currency="USD",
        tn=tuple(row[0] for row in rows),
        other_party=tuple(row[3] if len(row) == 4 else OTHER for row in rows),
        started=tuple(row[1] for row in rows),
        seconds=tuple(row[2] for row in rows),
        billed=tuple(billed for _ in rows),
        rows=tuple(range(first_row, len(rows) + first_row)),
    )
