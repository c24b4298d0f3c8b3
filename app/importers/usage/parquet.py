"""Usage in Parquet: its declared columns written out as the text that the readers of usage take, a few rows at a time.

Numbers keep every digit and moments are moments; binary fractions, lists and structures are refused.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import IO, TYPE_CHECKING, Any

from app.domain.money import EXACT
from app.domain.source import Source
from app.importers.registry import DocumentHead
from app.importers.tabular.sheets import GridFault
from app.importers.usage.mapping import UsageMapping
from app.importers.usage.moments import EPOCH, MomentFormat
from app.importers.values import NumberFormat

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MAGIC = b"PAR1"
_BATCH_ROWS = 50_000
_MOST_COLUMNS = 1_000
_MOST_GROUP_BYTES = 512 << 20  # unpacked; one group of rows is in memory at a time
_MOMENTS = ("start", "end", "at")


def look_into_parquet(name: str, file: IO[bytes], size: int) -> DocumentHead:
    """The head of a Parquet file: its columns' names; a note where it cannot be opened."""
    try:
        names = tuple(_open(file).schema_arrow.names)
    except GridFault as fault:
        return DocumentHead(name, size, "unknown", note=f"{fault.what}")
    file.seek(0)
    return DocumentHead(name, size, "parquet", "\t".join(names)[:4096], names)


def adapt(mapping: UsageMapping, file: IO[bytes]) -> UsageMapping:
    """`mapping` for the text that ParquetText makes: numbers are plain, and moments that Parquet declares are seconds
    since 1970, or the local time of the mapping's zone."""
    import pyarrow as pa

    parquet = _open(file)
    schema = parquet.schema_arrow
    moment = mapping.moment
    for name in _MOMENTS:
        spec = mapping.columns.get(name)
        columns = [one for one in (spec.columns if spec else ()) if one in schema.names]
        kinds = [schema.field(one).type for one in columns]
        if any(pa.types.is_timestamp(kind) for kind in kinds):
            if len(kinds) > 1:
                raise _refuse(f"the moment in {', '.join(columns)} is in one column of moments and another")
            zoned = kinds[0].tz is not None
            moment = MomentFormat((EPOCH,) if zoned else ("YYYY-MM-DD hh:mm:ss",), moment.zone, moment.second_of_two)
    form = replace(mapping.form, number=NumberFormat(".", ","), encoding="utf-8", delimiter=",")
    return replace(mapping, moment=moment, form=form, has_header=True, header=(), shape=None)


class ParquetText:
    """The columns of a Parquet file that a mapping asks for, as CSV."""

    def __init__(self, mapping: UsageMapping, file: IO[bytes]) -> None:
        parquet = _open(file)
        asked = {name for spec in mapping.columns.values() for name in spec.columns} | set(mapping.wanted)
        self._names = [name for name in parquet.schema_arrow.names if name in asked]
        if len(set(self._names)) != len(self._names):
            raise _refuse("two of its columns have one name")
        self._pieces = self._write(parquet)
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes, b"" at the end; as many as come at once where they are not `size`."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece
        size = len(self._left) if size < 0 else size
        found, self._left = self._left[:size], self._left[size:]
        return found

    def _write(self, parquet: pq.ParquetFile) -> Iterator[bytes]:
        yield _to_csv([self._names])
        schema = parquet.schema_arrow
        writers = [_writer_of(schema.field(name)) for name in self._names]
        for number in range(parquet.num_row_groups):
            if parquet.metadata.row_group(number).total_byte_size > _MOST_GROUP_BYTES:
                raise _refuse(f"a group of its rows has more than {_MOST_GROUP_BYTES >> 20} MB")
            for batch in _batches(parquet, number, self._names):
                columns = [writer(batch.column(place)) for place, writer in enumerate(writers)]
                yield _to_csv(zip(*columns, strict=True))


def _batches(parquet: pq.ParquetFile, group: int, names: list[str]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    try:
        yield from parquet.iter_batches(batch_size=_BATCH_ROWS, row_groups=[group], columns=names, use_threads=False)
    except (pa.ArrowException, OSError) as fault:
        raise _refuse(f"it is damaged ({str(fault)[:120]})") from fault


def _to_csv(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _open(file: IO[bytes]) -> pq.ParquetFile:
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # the others reserve address space in advance
    import pyarrow as pa
    import pyarrow.parquet as pq

    file.seek(0)
    try:
        parquet = pq.ParquetFile(
            file, memory_map=False, thrift_string_size_limit=1 << 20, thrift_container_size_limit=1 << 20
        )
        names = parquet.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise _refuse(f"it is damaged ({str(fault)[:120]})") from fault
    if len(names) > _MOST_COLUMNS:
        raise _refuse(f"it has {len(names):,} columns, and {_MOST_COLUMNS:,} are the most")
    return parquet


def _writer_of(field: pa.Field) -> Any:
    """A function that writes a column of that kind as texts; raises GridFault where that is not exact."""
    import pyarrow as pa

    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    types = pa.types
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return lambda column: ["" if value is None else value for value in column.to_pylist()]
    if types.is_integer(kind):
        return lambda column: ["" if value is None else str(value) for value in column.to_pylist()]
    if types.is_decimal(kind):
        return lambda column: ["" if value is None else _plain(value) for value in column.to_pylist()]
    if types.is_timestamp(kind):
        return _write_moments
    if types.is_null(kind):
        return lambda column: [""] * len(column)
    if types.is_floating(kind):
        raise _refuse(f"its column '{field.name}' holds binary fractions, which are not exact")
    raise _refuse(f"its column '{field.name}' holds {str(kind)[:40]}, which is no text, number or moment")


def _plain(value: Decimal) -> str:
    with localcontext(EXACT):
        return f"{value.normalize():f}" if value else "0"


def _write_moments(column: pa.Array) -> list[str]:
    """Seconds since 1970 where the moments are UTC, else what the clock shows; fractions of a second are dropped."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.type.tz is not None:
        whole = pc.floor_temporal(column.cast(pa.timestamp(column.type.unit, "UTC")), unit="second")
        return [
            "" if value is None else str(value)
            for value in whole.cast(pa.timestamp("s", "UTC")).cast(pa.int64()).to_pylist()
        ]
    whole = pc.floor_temporal(column, unit="second").cast(pa.timestamp("s"))
    return ["" if value is None else value.strftime("%Y-%m-%d %H:%M:%S") for value in whole.to_pylist()]


def _refuse(what: str) -> GridFault:
    return GridFault(
        "bad-parquet", f"The Parquet file cannot be read: {what}.", "Export it as CSV, or with plain columns.", Source()
    )
