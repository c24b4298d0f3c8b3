"""Many rows of one table at once: as a plain driver's executemany does it, with the values of the column types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Table
    from sqlalchemy.orm import Session

_BATCH = 5_000
_REMEMBERED = 4_096  # values of a column: days, words and prices come again and again


def insert_rows(session: Session, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows`, each with its values in the order of `names`, inside the session's transaction.

    The statement is compiled once and goes to the driver in batches, which is several times as fast as handing each row
    to the ORM. What the session has not flushed yet is written first.
    """
    session.flush()
    connection = session.connection()
    dialect = connection.dialect
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    encoders = [_encoder(table, name, dialect) for name in names]
    changed = [(place, encode) for place, encode in enumerate(encoders) if encode is not None]
    order = [list(names).index(name) for name in compiled.positiontup] if compiled.positiontup else None
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        encoded = [_encode(row, changed) for row in batch]
        if order is None:
            values: Any = [dict(zip(names, row, strict=True)) for row in encoded]
        elif order == list(range(len(names))):
            values = encoded
        else:
            values = [tuple(row[place] for place in order) for row in encoded]
        connection.exec_driver_sql(str(compiled), values)


def _encode(row: Sequence[Any], changed: Sequence[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    values = list(row)
    for place, encode in changed:
        values[place] = encode(values[place])
    return tuple(values)


def _encoder(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    encode = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return None if encode is None else lru_cache(_REMEMBERED, typed=True)(encode)
