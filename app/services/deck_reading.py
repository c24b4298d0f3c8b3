"""Reading a deck's file in a child process, and believing nothing of what it answers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.money import RATE_SCALE
from app.domain.vocabulary import DeckKind
from app.errors import UserError
from app.importers.records.columns import Form
from app.importers.records.deck_answer import DECK_FILE
from app.importers.records.deck_columns import COLUMNS
from app.importers.registry import Definitions
from app.rating.voice.terms import Jurisdiction
from app.services.child_process import Limits
from app.services.parsing import NotAnswered, ask_child

if TYPE_CHECKING:
    import polars as pl

_MOST_PRICE = 10 ** (8 + RATE_SCALE)
_LEAST_LIMIT = Limits(memory_bytes=4 << 30, cpu_seconds=60, wall_seconds=60)
_BYTES_A_SECOND = 1 << 20


class DeckRefused(UserError):
    """{file} is not taken in, it has {count}: {faults}. Correct these rows and import it again."""


class DeckNotRead(UserError):
    """{file} is not taken in: {why} {remedy}"""


def read_deck_apart(file: Path, kind: DeckKind) -> pl.DataFrame:
    """The deck's rows. Raises DeckNotRead where the file is no table of these columns or its reader was stopped, and
    DeckRefused with the rows that are faulty."""
    options = {"kind": kind.value, "jurisdictions": [one.value for one in Jurisdiction]}
    with tempfile.TemporaryDirectory(prefix="tollbook-deck-") as folder:
        try:
            answer = ask_child(
                "deck", file.name, file, Definitions(), options, folder=Path(folder), limits=_limits(file)
            )
        except NotAnswered as fault:
            raise DeckNotRead(file=file.name, why=fault.facts["why"], remedy=fault.facts["remedy"]) from fault
        faults, count = _faults(answer)
        if faults:
            told = "; ".join(faults)
            more = count - len(faults)
            counted = f"{count:,} fault" + "s" * (count > 1)
            raise DeckRefused(file=file.name, count=counted, faults=f"{told}; and {more:,} more" if more > 0 else told)
        frame = _read_frame(Path(folder) / DECK_FILE, kind)
        if frame is None or frame.height != answer.get("rows") or not frame.height:
            remedy = "Look whether it is a rate deck, and import it again."
            raise DeckNotRead(file=file.name, why="its reader gave no rows of a rate deck.", remedy=remedy)
        return frame


def _limits(file: Path) -> Limits:
    seconds = _LEAST_LIMIT.wall_seconds + file.stat().st_size // _BYTES_A_SECOND
    return Limits(
        memory_bytes=_LEAST_LIMIT.memory_bytes, cpu_seconds=4 * seconds, wall_seconds=seconds, file_bytes=1 << 30
    )


def _faults(answer: dict[str, Any]) -> tuple[list[str], int]:
    listed, count = answer.get("faults"), answer.get("count")
    if not isinstance(listed, list) or not isinstance(count, int):
        return ["the reader's answer is not of the agreed form"], 1
    pairs = [one for one in listed[:100] if isinstance(one, list) and len(one) == 2]
    return [f"row {row}: {str(message)[:300]}" for row, message in pairs], count


def _read_frame(path: Path, kind: DeckKind) -> pl.DataFrame | None:
    """The rows in the child's file; None where they are not of the deck's columns, types and ranges."""
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError):
        return None
    types = {
        Form.RATE: pl.Int64,
        Form.WHOLE: pl.Int64,
        Form.DATE: pl.Date,
        Form.LAST_DAY: pl.Date,
        Form.YES_NO: pl.Boolean,
    }
    wanted = {"row": pl.Int64, **{column.field: types.get(column.form, pl.String) for column in COLUMNS[kind]}}
    if dict(frame.schema) != wanted:
        return None
    wrong = ~pl.col("prefix").str.contains(r"^[0-9]{1,15}$")
    for column in COLUMNS[kind]:
        if column.form is Form.RATE:
            wrong |= ~pl.col(column.field).is_between(0, _MOST_PRICE).fill_null(value=True)
        if column.required:
            wrong |= pl.col(column.field).is_null()
    return None if frame.select(wrong.any()).item() else frame
