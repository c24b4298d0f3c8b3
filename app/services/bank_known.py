"""Which movements of a statement are stored already: told by an earlier file, announced, or told in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select

from app.domain.identifiers import circuit_key
from app.domain.money import ZERO
from app.domain.parsed_bank import ParsedBankLine, ParsedStatement
from app.domain.vocabulary import StatementKind
from app.models.bank import BankLine, BankStatement

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Part = TypeVar("Part")
_NEAR = timedelta(days=10)  # between the day for which a movement is announced and the one on which it is booked


@dataclass(frozen=True, slots=True)
class Stored:
    """A movement that is stored, and the statement on which it stands."""

    line: BankLine
    statement: BankStatement

    @property
    def day(self) -> date | None:
        return self.line.booked or self.line.valued


@dataclass(frozen=True, slots=True)
class Known:
    """What a movement of a file is: nothing that is stored (no rows), one stored movement, or the sum of several that
    were told as its parts. `detail`: it is itself a part of the stored movement in `rows`."""

    rows: tuple[BankLine, ...] = ()
    detail: bool = False


def find_known(session: Session, parsed: ParsedStatement, key: str, earlier: int) -> tuple[list[Known], int]:
    """For each movement what it is, and how many of the new ones have day and amount of stored ones that none is.

    `key` is the account's, `earlier` the last stored movement before this file: those of one file are never the same.
    """
    stored = _load(session, parsed, key, earlier)
    found = [Known()] * len(parsed.lines)
    taken: set[int] = set()
    for is_it in (_is_same, _is_announced):
        _match(parsed.lines, stored, is_it, found, taken)
    if parsed.kind is StatementKind.STATEMENT:
        _find_parts(parsed, stored, found, taken)
    elif parsed.kind is StatementKind.NOTICE:
        _find_details(parsed, stored, found, taken)
    left = [(one.day, one.line.amount) for one in stored if one.line.id not in taken]
    alike = sum(
        not known.rows and (_day(line), line.amount) in left for line, known in zip(parsed.lines, found, strict=True)
    )
    return found, alike


def _match(
    lines: Sequence[ParsedBankLine],
    stored: Sequence[Stored],
    is_it: Callable[[Stored, ParsedBankLine], bool],
    found: list[Known],
    taken: set[int],
) -> None:
    by_amount: dict[Decimal, list[Stored]] = {}
    for one in stored:
        by_amount.setdefault(one.line.amount, []).append(one)
    for index, line in enumerate(lines):
        if found[index].rows:
            continue
        alike = (one for one in by_amount.get(line.amount, []) if one.line.id not in taken and is_it(one, line))
        row = next(alike, None)
        if row is not None:
            taken.add(row.line.id)
            found[index] = Known((row.line,))


def _load(session: Session, parsed: ParsedStatement, key: str, earlier: int) -> list[Stored]:
    """The movements of this account around the days of the file that may be those of the file."""
    days = [day for line in parsed.lines if (day := _day(line)) is not None]
    if not days:
        return []
    moved_on = func.coalesce(BankLine.booked, BankLine.valued)
    rows = session.execute(
        select(BankLine, BankStatement)
        .join(BankStatement, BankStatement.id == BankLine.statement_id)
        .where(
            BankStatement.account_key == key,
            BankLine.currency == parsed.currency,
            BankLine.id <= earlier,
            moved_on.between(min(days) - _NEAR, max(days) + _NEAR),
        )
        .order_by(BankLine.id)
    ).all()
    return [Stored(line, statement) for line, statement in rows if not _is_another(statement, parsed)]


def _is_another(stored: BankStatement, parsed: ParsedStatement) -> bool:
    """Whether two booked statements are about different movements for certain, by their balances.

    A statement of a month holds the movements of those of its days, though the balances differ.
    """
    if stored.kind is not StatementKind.STATEMENT or parsed.kind is not StatementKind.STATEMENT:
        return False
    if stored.opening is None or stored.closing is None or parsed.opening is None or parsed.closing is None:
        return False
    if (stored.opening, stored.closing) == (parsed.opening, parsed.closing):
        return stored.opening == stored.closing and numbers_differ(stored.number, parsed.number)
    joined = stored.closing == parsed.opening or parsed.closing == stored.opening
    one, other = _days_of(stored), _days_of(parsed)
    return joined or one == other or not (_holds(one, other) or _holds(other, one))


def numbers_differ(one: str, other: str) -> bool:
    """Whether both numbers of statements are numbers (7, 0007/1) and not the same one."""
    first, second = one.split("/")[0].strip(), other.split("/")[0].strip()
    plain = all(text.isascii() and text.isdigit() for text in (first, second))
    return plain and int(first) != int(second)


def _days_of(statement: BankStatement | ParsedStatement) -> tuple[date, date]:
    first = statement.opening_day or statement.day or date.max
    return first, statement.closing_day or statement.day or first


def _holds(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[0] and other[1] <= one[1]


def _day(line: ParsedBankLine) -> date | None:
    return line.booked or line.valued


def _references(one: BankLine | ParsedBankLine) -> set[str]:
    return {circuit_key(text) for text in (one.reference, one.bank_reference)} - {""}


def _is_same(one: Stored, line: ParsedBankLine) -> bool:
    """Whether a stored movement of that amount is this one: of its day, and they share a reference, or neither has any
    and they say the same."""
    if one.day != _day(line):
        return False
    stored, told = _references(one.line), _references(line)
    if stored and told:
        return bool(stored & told)
    return not stored and not told and circuit_key(one.line.text) == circuit_key(line.text)


def _is_announced(one: Stored, line: ParsedBankLine) -> bool:
    """Whether one of them is the announcement of the other: not booked, of the same reference, some days away."""
    day = _day(line)
    if (one.line.booked is not None and line.booked is not None) or one.day is None or day is None:
        return False
    return abs(one.day - day) <= _NEAR and bool(_references(one.line) & _references(line))


def _find_parts(parsed: ParsedStatement, stored: Sequence[Stored], found: list[Known], taken: set[int]) -> None:
    """A movement in one sum, whose parts a notice or report has told: the parts stay and are on the statement now."""
    for index, line in enumerate(parsed.lines):
        if found[index].rows or line.booked is None:
            continue
        told = [one for one in stored if one.line.id not in taken and _is_part_of(one.line, line)]
        own = [one for one in told if _may_be_parts(one.statement, parsed)]
        statements = dict.fromkeys(one.statement.id for one in own)
        runs = (
            _run([one.line for one in own if one.statement.id == statement], line.amount, lambda row: row.amount)
            for statement in statements
        )
        rows = next((run for run in runs if run), ())
        taken.update(row.id for row in rows)
        found[index] = Known(tuple(rows))


def _find_details(parsed: ParsedStatement, stored: Sequence[Stored], found: list[Known], taken: set[int]) -> None:
    """The parts of a movement that is booked already in one sum: details, and no movements of their own."""
    for one in stored:
        if one.line.id in taken or one.line.booked is None or one.statement.kind is not StatementKind.STATEMENT:
            continue
        free = [
            index for index, line in enumerate(parsed.lines) if not found[index].rows and _is_part_of(line, one.line)
        ]
        for index in _run(free, one.line.amount, lambda index: parsed.lines[index].amount):
            found[index] = Known((one.line,), detail=True)
            taken.add(one.line.id)


def _may_be_parts(stored: BankStatement, parsed: ParsedStatement) -> bool:
    """Whether parts on a stored statement can be of a booked one: they were only told, or it is the same statement."""
    balances = (stored.opening, stored.closing)
    same = None not in balances and balances == (parsed.opening, parsed.closing)
    return stored.kind is not StatementKind.STATEMENT or same


def _is_part_of(part: BankLine | ParsedBankLine, whole: BankLine | ParsedBankLine) -> bool:
    """Whether a movement can be a part of another: smaller, of the same way, and of its day or with its reference."""
    if part.amount * whole.amount <= ZERO or abs(part.amount) >= abs(whole.amount):
        return False
    one, other = part.booked or part.valued, whole.booked or whole.valued
    if one is None or other is None or one == other:
        return one is not None and other is not None
    return abs(one - other) <= _NEAR and bool(_references(part) & _references(whole))


def _run(parts: Sequence[Part], wanted: Decimal, amount: Callable[[Part], Decimal]) -> Sequence[Part]:
    """Two or more parts that stand together and make the sum: all of them where they do, else the first such run."""
    if len(parts) > 1 and sum(map(amount, parts), ZERO) == wanted:
        return parts
    start, total = 0, ZERO
    for end, part in enumerate(parts):
        total += amount(part)
        while abs(total) > abs(wanted):  # all have one sign, so a sum that is too large loses its first
            total -= amount(parts[start])
            start += 1
        if total == wanted and end > start:
            return parts[start : end + 1]
    return ()


def count_known(found: Iterable[Known]) -> int:
    """How many movements are stored already as such, or as their parts."""
    return sum(bool(known.rows) and not known.detail for known in found)
