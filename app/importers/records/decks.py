"""Rate decks: dated prices of number prefixes, or their places, read column by column into exact whole numbers.

Prices stand at ten decimals, as the integers that rating counts with; a binary fraction is never made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.money import RATE_SCALE
from app.domain.vocabulary import DeckKind
from app.importers.records.columns import Column, Form
from app.importers.records.deck_columns import COLUMNS, KEYS
from app.importers.records.deck_table import ROW, read_table

if TYPE_CHECKING:
    from collections.abc import Collection

    import polars as pl

MOST_FAULTS = 100
LONGEST_TEXT = 120
_DIGITS = ("prefix", "country")
_YES, _NO = ["yes", "y", "true", "1", "x"], ["no", "n", "false", "0", ""]


@dataclass(frozen=True, slots=True)
class DeckFault:
    """What is wrong in a row of the file."""

    row: int
    message: str


@dataclass(frozen=True, slots=True)
class ParsedDeck:
    """A deck's rows by prefix and first day, without its repetitions; none where there are faults. The first hundred
    of those are kept, all are counted."""

    frame: pl.DataFrame
    faults: tuple[DeckFault, ...] = ()
    count: int = 0


def read_deck(content: bytes, kind: DeckKind, jurisdictions: Collection[str]) -> ParsedDeck:
    """The deck in a CSV or XLSX; `jurisdictions` are the words that may stand in that column. Raises GridFault where
    the file is no such table."""
    import polars as pl

    columns = COLUMNS[kind]
    table = read_table(content, columns)
    tidied = table.with_columns(_tidy(column) for column in columns)
    read = tidied.select(ROW, *(_read(column) for column in columns))
    wrong = []
    for column in columns:
        wrong.append(tidied.filter(_is_wrong(column, jurisdictions)).select(ROW, _complain(column)))
    if kind is DeckKind.PRICES:
        told = pl.lit("the last day is before the first day").alias("message")
        wrong.append(read.filter(pl.col("effective_to") <= pl.col("effective_from")).select(ROW, told))
    faults = pl.concat(wrong)
    if faults.is_empty():
        fields = [column.field for column in columns]
        read = read.unique(fields, keep="first", maintain_order=True).sort(*KEYS[kind], *_dated(kind), ROW)
        faults = _find_overlaps(read, kind)
    listed = faults.sort(ROW, maintain_order=True).head(MOST_FAULTS).iter_rows()
    kept = tuple(DeckFault(int(row), str(message)) for row, message in listed)
    return ParsedDeck(read.clear() if kept else read, kept, faults.height)


def _dated(kind: DeckKind) -> tuple[str, ...]:
    return ("effective_from",) if kind is DeckKind.PRICES else ()


def _tidy(column: Column) -> pl.Expr:
    import polars as pl

    text = pl.col(column.field)
    if column.field in _DIGITS:
        return text.str.replace_all(r"[+\s]", "")
    if column.form in (Form.WORD, Form.YES_NO):
        return text.str.to_lowercase().str.replace_all(r"[\s-]+", "_")
    return text


def _is_wrong(column: Column, jurisdictions: Collection[str]) -> pl.Expr:
    """Which rows hold what the column cannot: an empty cell is wrong only where it is required."""
    import polars as pl

    text = pl.col(column.field)
    wrong = text.str.len_chars() > LONGEST_TEXT
    if column.field in _DIGITS:
        wrong = ~text.str.contains(r"^[0-9]{1,15}$")
    elif column.form is Form.RATE:
        wrong = ~text.str.contains(rf"^[0-9]{{1,8}}(\.[0-9]{{1,{RATE_SCALE}}})?$")
    elif column.form in (Form.DATE, Form.LAST_DAY):
        day = text.str.to_date("%Y-%m-%d", strict=False)
        written = text.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        wrong = ~written | day.is_null() | ~day.dt.year().is_between(1901, 2199)
    elif column.form is Form.WHOLE:
        number = text.str.to_integer(strict=False)
        wrong = ~text.str.contains(r"^[0-9]{1,9}$") | ~number.is_between(column.least, column.most)
    elif column.form is Form.WORD:
        wrong = ~text.is_in(sorted(jurisdictions))
    elif column.form is Form.YES_NO:
        wrong = ~text.is_in([*_YES, *_NO])
    return (text == "") | wrong if column.required else (text != "") & wrong


def _complain(column: Column) -> pl.Expr:
    import polars as pl

    said = pl.col(column.field).str.slice(0, 40)
    return pl.format("{} is '{}': {}", pl.lit(column.header), said, pl.lit(_wanted(column))).alias("message")


def _wanted(column: Column) -> str:
    if column.field in _DIGITS:
        return "digits are wanted, 15 at most"
    match column.form:
        case Form.RATE:
            return "a number such as 0.0042 is wanted, not below 0 and with at most ten decimals"
        case Form.DATE | Form.LAST_DAY:
            return "a day such as 2026-03-31 is wanted"
        case Form.WHOLE:
            return f"a whole number from {column.least:,} to {column.most:,} is wanted"
        case Form.WORD:
            return "there is no such jurisdiction"
        case Form.YES_NO:
            return "yes or no is wanted"
    return f"a text of at most {LONGEST_TEXT} characters is wanted"


def _read(column: Column) -> pl.Expr:
    """The column's values; null where a cell is empty or wrong."""
    import polars as pl

    text = pl.col(column.field)
    match column.form:
        case Form.RATE:
            whole = text.str.extract(r"^([0-9]{1,8})(?:\.|$)").str.to_integer(strict=False)
            part = text.str.extract(r"\.([0-9]+)$").str.pad_end(RATE_SCALE, "0").str.to_integer(strict=False)
            scaled: pl.Expr = whole * 10**RATE_SCALE + part.fill_null(0)
            return scaled.alias(column.field)
        case Form.DATE:
            return text.str.to_date("%Y-%m-%d", strict=False)
        case Form.LAST_DAY:
            return text.str.to_date("%Y-%m-%d", strict=False).dt.offset_by("1d")
        case Form.WHOLE:
            return text.str.to_integer(strict=False)
        case Form.YES_NO:
            return text.is_in(_YES)
    return text


def _find_overlaps(rows: pl.DataFrame, kind: DeckKind) -> pl.DataFrame:
    """Rows, sorted by key and first day, that hold on a day on which the row before them holds too."""
    import polars as pl

    key = list(KEYS[kind])
    twice = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in key)
    if kind is DeckKind.PRICES:
        end = pl.col("effective_to").shift(1)
        twice &= end.is_null() | (end > pl.col("effective_from"))
    told = pl.format("prefix {} stands in row {} too, for the same days", pl.col("prefix"), pl.col("earlier"))
    found = rows.with_columns(pl.col(ROW).shift(1).alias("earlier")).filter(twice)
    return found.select(ROW, told.alias("message"))
