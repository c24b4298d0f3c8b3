"""One cell of our own columns as the value of its field."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum

from app.domain.period import month_start
from app.importers.records.columns import Column, Form
from app.importers.tabular.cells import Cell, read_amount, read_date, read_rate, read_text, read_whole
from app.importers.tabular.fields import ValueFormat
from app.importers.values import BadValue, parse_date

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0"})


def read_value(column: Column, cell: Cell, form: ValueFormat) -> object:
    """The value of a filled cell in `column`; raises BadValue, saying what may stand there."""
    if column.form is Form.DATE:
        return read_date(cell, form.dates, form.language)
    if column.form is Form.LAST_DAY:
        return read_date(cell, form.dates, form.language) + timedelta(days=1)
    if column.form is Form.MONTH:
        return _read_month(cell, form)
    if column.form is Form.AMOUNT:
        return read_amount(cell, form.number)
    if column.form is Form.RATE:
        return read_rate(cell, form.number)
    if column.form is Form.WHOLE:
        return read_whole(cell, column.least, column.most)
    text = read_text(cell)
    if column.form is Form.YES_NO:
        return _read_yes_no(text)
    if column.words is not None:
        return read_word(text, column.words)
    if column.form is Form.CURRENCY and not _CURRENCY.fullmatch(text.upper()):
        raise BadValue(text=text, why="an ISO 4217 currency code such as USD is wanted")
    return text.upper() if column.form is Form.CURRENCY else text


def _read_month(cell: Cell, form: ValueFormat) -> date:
    """The first day of the month that is written as 2026-03, or of which a day is written."""
    if isinstance(cell, str) and _MONTH.fullmatch(cell):
        return parse_date(cell, "YYYY-MM")
    return month_start(read_date(cell, form.dates, form.language))


def read_word(text: str, words: type[StrEnum]) -> StrEnum:
    """The word of the vocabulary that `text` is, without regard to case, blanks and hyphens."""
    said = re.sub(r"[\s-]+", "_", text.strip()).casefold()
    for word in words:
        if word.value.casefold() == said:
            return word
    raise BadValue(text=text[:64], why=f"one of {', '.join(words)} is wanted")


def _read_yes_no(text: str) -> bool:
    said = text.casefold()
    if said not in _YES | _NO:
        raise BadValue(text=text[:64], why="yes or no is wanted")
    return said in _YES
