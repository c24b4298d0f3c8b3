"""What the draft of a mapping of usage, tickets or a statement reads, summed up, with the first rows as read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.moments import write_moment
from app.domain.money import MONEY_SCALE, ZERO, from_scaled
from app.domain.parsed import ParsedDocument
from app.domain.parsed_bank import ParsedStatement
from app.domain.parsed_records import ParsedOutage, ParsedWork
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ReadingKind, Severity

MOST_SHOWN = 8  # rows
_MOST_TOLD = 50  # rows left out that are told one by one


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence about what is read; `proved` where it ties with a figure of the file, None where it has none."""

    text: str
    proved: bool | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """The sums, and the first rows under their headings."""

    lines: tuple[Line, ...]
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def sum_up(document: ParsedDocument) -> Trial:
    """The trial of a document that holds usage, tickets or statements; no lines where it holds none of them."""
    if document.usage:
        return _calls(document)
    if document.samples:
        return _samples(document)
    if document.readings:
        return _readings(document)
    if document.statements:
        return _statements(document.statements)
    if document.records:
        return _tickets(document)
    if document.parts:
        return Trial((Line(f"{sum(part.rows for part in document.parts):,} rows"),))
    return Trial(())


def holds_rows(document: ParsedDocument) -> bool:
    """Whether there is anything to take in."""
    return bool(sum_up(document).lines)


def tell_unreadable(document: ParsedDocument) -> str:
    """Why nothing of the document could be taken in, "" where it could be."""
    if document.refused:
        faults = [issue.message for issue in document.issues if issue.severity is Severity.ERROR]
        return faults[0] if faults else "It cannot be read so."
    return "" if document.invoices or holds_rows(document) else "No row is read with it."


def tell_rejected(document: ParsedDocument) -> tuple[ParseIssue, ...]:
    """The rows that were left out, each as an issue with its place and its text."""
    remedy = "Change how the column is read, or correct the row."
    told = [
        ParseIssue(Severity.WARNING, one.code, f"{one.message} The row: {one.text[:200]}", remedy, Source(row=one.row))
        for one in document.rejected[:_MOST_TOLD]
    ]
    return tuple(told)


def write_duration(seconds: int) -> str:
    """ "1:02:03"."""
    return f"{seconds // 3600:,}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _calls(document: ParsedDocument) -> Trial:
    calls = [
        row
        for batch in document.usage
        for row in zip(batch.tn, batch.other_party, batch.started, batch.seconds, batch.billed, strict=True)
    ]
    billed = [one for *_rest, one in calls if one is not None]
    parts = [_count(len(calls), "call"), _count(len({row[0] for row in calls}), "line of ours", "lines of ours")]
    parts += [_between(row[2] for row in calls), f"{write_duration(sum(row[3] for row in calls))} in all"]
    if billed:
        currency = document.usage[0].currency
        parts.append(f"charged {from_scaled(sum(billed), MONEY_SCALE):,.2f} {currency}".strip())
    rows = tuple(
        (number, other, write_moment(started), write_duration(seconds), _plain(charge))
        for number, other, started, seconds, charge in calls[:MOST_SHOWN]
    )
    return Trial((Line("  ·  ".join(parts)),), ("Our number", "Other number", "Started", "Duration", "Charged"), rows)


def _samples(document: ParsedDocument) -> Trial:
    bins = [
        row
        for batch in document.samples
        for row in zip(batch.circuit_id, batch.ended, batch.octets_in, batch.octets_out, strict=True)
    ]
    parts = [
        _count(len(bins), "sample"),
        _count(len({row[0] for row in bins}), "port"),
        _between(row[1] for row in bins),
    ]
    parts += [f"in {sum(row[2] for row in bins):,} octets", f"out {sum(row[3] for row in bins):,} octets"]
    rows = tuple((name, write_moment(end), f"{came:,}", f"{went:,}") for name, end, came, went in bins[:MOST_SHOWN])
    return Trial((Line("  ·  ".join(parts)),), ("Circuit", "Interval’s end", "Octets in", "Octets out"), rows)


def _readings(document: ParsedDocument) -> Trial:
    unit = "kWh" if document.readings[0].kind is ReadingKind.ENERGY else "kW"
    found = [row for batch in document.readings for row in zip(batch.circuit_id, batch.at, batch.value, strict=True)]
    by_meter: dict[str, list[Decimal]] = {}
    for name, _at, value in found:
        by_meter.setdefault(name, []).append(value)
    parts = [_count(len(found), "reading"), _count(len(by_meter), "meter"), _between(row[1] for row in found)]
    if unit == "kWh":
        parts.append(f"{sum((values[-1] - values[0] for values in by_meter.values()), ZERO):,f} kWh between them")
    else:
        parts.append(f"at most {max(value for _name, _at, value in found):,f} kW")
    rows = tuple((name, write_moment(at), f"{value:,f}") for name, at, value in found[:MOST_SHOWN])
    return Trial((Line("  ·  ".join(parts)),), ("Circuit", "Read at", unit), rows)


def _statements(statements: Sequence[ParsedStatement]) -> Trial:
    lines = tuple(_tell_statement(one) for one in statements)
    rows = tuple(
        (
            str(line.booked or ""),
            f"{line.amount:,.2f}",
            line.party,
            line.reference,
            line.text[:60],
        )
        for one in statements
        for line in one.lines[:MOST_SHOWN]
    )
    return Trial(lines, ("Booked", "Amount", "Other party", "Reference", "Text"), rows[:MOST_SHOWN])


def _tell_statement(one: ParsedStatement) -> Line:
    moved = sum((line.amount for line in one.lines), ZERO)
    said = f"Account {one.account}  ·  {_count(len(one.lines), 'movement')}  ·  {moved:,.2f} {one.currency} in all"
    if one.opening is None or one.closing is None:
        return Line(said, None, "No balances: not checked")
    ties = one.opening + moved == one.closing
    return Line(f"{said}  ·  from {one.opening:,.2f} to {one.closing:,.2f}", ties, "Ties" if ties else "Does not tie")


def _tickets(document: ParsedDocument) -> Trial:
    work = [one for one in document.records if isinstance(one, ParsedWork)]
    outages = [one for one in document.records if isinstance(one, ParsedOutage)]
    if work:
        parts = [_count(len(work), "ticket"), _between(one.started for one in work)]
        parts.append(f"{sum(one.minutes for one in work):,} minutes in all")
        shown = tuple(
            (
                one.reference,
                write_moment(one.started),
                f"{one.minutes:,}",
                one.location or one.circuit_id,
                one.description,
            )
            for one in work[:MOST_SHOWN]
        )
        return Trial((Line("  ·  ".join(parts)),), ("Ticket", "Started", "Minutes", "Where", "Description"), shown)
    if not outages:
        return Trial(())
    over = [one.ended - one.started for one in outages if one.ended is not None]
    parts = [_count(len(outages), "outage"), _between(one.started for one in outages)]
    parts += [f"{write_duration(sum(over))} in all", f"{len(outages) - len(over)} not over"]
    rows = tuple(
        (
            one.reference,
            write_moment(one.started),
            write_moment(one.ended) if one.ended is not None else "not over",
            one.circuit_id or one.tn,
            one.excluded,
        )
        for one in outages[:MOST_SHOWN]
    )
    return Trial((Line("  ·  ".join(parts)),), ("Ticket", "Down from", "Down until", "What", "Excluded"), rows)


def _between(moments: Iterable[int]) -> str:
    found = list(moments)
    return f"{write_moment(min(found))} to {write_moment(max(found))}"


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _plain(charge: int | None) -> str:
    return "" if charge is None else f"{from_scaled(charge, MONEY_SCALE):,f}"
