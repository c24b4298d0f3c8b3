"""One cell of a table, and strict reading of it. Nothing is guessed: what cannot be read raises BadValue.

A CSV has text cells only. A workbook has numbers and dates of its own, to which no carrier's number or date format
applies; its numbers are binary fractions and are taken to the exact decimal that they show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache
from numbers import Real

from app.domain.money import CENT, EXACT
from app.importers.values import (
    MONEY_DIGITS,
    MONEY_PLACES,
    PLAIN,
    RATE_DIGITS,
    RATE_PLACES,
    BadAmount,
    BadDate,
    BadValue,
    NumberFormat,
    clean_text,
    parse_amount,
    parse_date,
)

Cell = str | Decimal | date | timedelta
"""Text; a workbook's number, date (or datetime) or duration. An empty cell is ""."""

LONGEST_CELL = 32_767
MOST_PLACES = 12  # decimals that a number is parsed with


class CellFault(str):
    """The text of a cell that holds no value, such as "#N/A": reading it says `why`, as text too."""

    why: str

    def __new__(cls, text: str, why: str = "the cell shows an error of the spreadsheet program") -> CellFault:
        made = super().__new__(cls, text)
        made.why = why
        return made


# a binary fraction of 53 bits keeps fifteen digits: what has more has lost its last ones
_KEPT_DIGITS = 15
_NEAR = Decimal("1e-9")
_BLANKS = re.compile(r"\s+")


def make_cells(values: Sequence[object]) -> tuple[Cell, ...]:
    """The cells of a workbook's row."""
    cells: list[Cell] = []
    for value in values:
        if not isinstance(value, str):
            cells.append(_known_cell(value))
        elif value.isascii() and value.isprintable() and "  " not in value and value[:1] != " " != value[-1:]:
            cells.append(value)
        else:
            cells.append(tidy(value))
    return tuple(cells)


def make_cell(value: object) -> Cell:
    """The cell for a value as a workbook reader returns it."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value.replace(microsecond=0)
    if isinstance(value, date | timedelta):
        return value
    if isinstance(value, Real):
        # the shortest decimal that names the same binary fraction is the number that was typed
        number = Decimal(repr(value))
        return number if number.is_finite() and number.adjusted() < 30 else str(number)
    return str(value)


# a bill says the same amounts and dates again and again; 1, 1.0 and TRUE are told apart
_known_cell = lru_cache(maxsize=1 << 16, typed=True)(make_cell)


def tidy(text: str) -> str:
    """`text` without outer blanks and unseen characters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    return clean_text(text, limit=LONGEST_CELL)


def header_key(printed: str) -> str:
    """A column's name for comparing: case and the number of blanks do not count."""
    return _BLANKS.sub(" ", printed.strip()).casefold()


def read_text(cell: Cell) -> str:
    """The cell as text. An error, or a whole number of more than fifteen digits in a number cell, raises BadValue."""
    if isinstance(cell, str):
        if isinstance(cell, CellFault):
            raise BadValue(text=str(cell), why=cell.why)
        return cell
    if isinstance(cell, Decimal):
        if cell and cell.adjusted() >= _KEPT_DIGITS:
            why = "a number cell keeps fifteen digits, so its last ones are lost; format the column as text"
            raise BadValue(text=f"{cell:f}", why=why)
        return _plain(cell)
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()


def read_amount(
    cell: Cell,
    form: NumberFormat = PLAIN,
    *,
    places: int = MONEY_PLACES,
    digits: int = MONEY_DIGITS,
    currency: str = "",
) -> Decimal:
    """The exact amount in the cell, with at most `places` decimals, of that `currency` where it is known.

    A workbook's number that lies further than a billionth of itself from such a decimal raises BadAmount.
    """
    if isinstance(cell, str):
        return parse_amount(read_text(cell), form, places=places, digits=digits, currency=currency)
    if not isinstance(cell, Decimal):
        raise BadAmount(text=read_text(cell), format=form, why="the cell is formatted as a date or time")
    with localcontext(EXACT):
        value = cell.quantize(Decimal(1).scaleb(-places))
        far = abs(value - cell) > abs(cell) * _NEAR
    if far or value.adjusted() >= digits:
        why = f"at most {digits} digits before and {places} after the decimal sign can be kept"
        raise BadAmount(text=f"{cell:f}"[:64], format=form, why=why)
    in_cents = (value if value else abs(value)).quantize(CENT)  # no negative zero
    return in_cents if in_cents == value else Decimal(_plain(value))


def read_exact(cell: Cell, form: NumberFormat = PLAIN, *, currency: str = "") -> Decimal:
    """The amount in the cell with up to thirty decimals, to be rounded by whoever wants fewer."""
    if not isinstance(cell, str):
        return read_amount(cell, form, places=MOST_PLACES)
    text = read_text(cell)
    found = re.search(rf"(?<={re.escape(form.decimal)})[0-9]{{{MOST_PLACES}}}([0-9]{{1,18}})(?![0-9])", text)
    if found is None:
        return parse_amount(text, form, places=MOST_PLACES, currency=currency)
    shorter = text[: found.start(1)] + text[found.end(1) :]
    value = parse_amount(shorter, form, places=MOST_PLACES, currency=currency)
    sign = parse_amount(re.sub(r"[0-9][0-9.,'’ ]*(?<=[0-9])", "1", text, count=1), form)
    with localcontext(EXACT):
        return value + sign * Decimal(int(found[1])).scaleb(-MOST_PLACES - len(found[1]))


def read_rate(cell: Cell, form: NumberFormat = PLAIN, *, currency: str = "") -> Decimal:
    """The exact price or quantity in the cell: up to ten decimals."""
    return read_amount(cell, form, places=RATE_PLACES, digits=RATE_DIGITS, currency=currency)


def read_whole(cell: Cell, least: int, most: int) -> int:
    """The whole number in the cell, between `least` and `most`."""
    value = read_amount(cell, NumberFormat(".", ","), places=0)
    if not least <= value <= most:
        raise BadValue(text=read_text(cell), why=f"a whole number from {least} to {most} is wanted")
    return int(value)


def read_date(cell: Cell, formats: str | Sequence[str] = "YYYY-MM-DD", language: str = "en") -> date:
    """The date in the cell: a workbook's own, or text in one of `formats`."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        # before March 1900 spreadsheets count a 29 February that never was
        if not date(1900, 3, 1) <= cell < date(2200, 1, 1):
            raise BadDate(text=cell.isoformat(), formats="a date", why="it is not between March 1900 and 2199")
        return cell
    if isinstance(cell, str):
        return parse_date(read_text(cell), formats, language=language)
    why = "the cell holds a number; format the column as a date or as text"
    raise BadDate(text=read_text(cell), formats="a date", why=why)


def _plain(value: Decimal) -> str:
    """Digits without exponent and without needless zeros."""
    with localcontext(EXACT):
        trimmed = value.normalize()
    return f"{trimmed:f}" if trimmed else "0"
