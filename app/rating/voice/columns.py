"""A batch of calls in the schema of the store, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.flatten import Ints, Mask


@dataclass(frozen=True, slots=True, eq=False)
class CallColumns:
    """A batch of calls as arrays; `lines` are the distinct ones of `line`, only where places need them."""

    number: Ints
    digits: Ints
    started: Ints
    seconds: Ints
    payphone: Mask | None
    lines: tuple[str, ...]
    line: Ints | None


def read_columns(calls: pa.RecordBatch, deck: CompiledDeck) -> CallColumns:
    """The columns of a batch that pricing needs."""
    import numpy as np
    import pyarrow as pa

    def ints(name: str) -> Ints:
        column: Ints = calls.column(name).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
        return column

    lines: tuple[str, ...] = ()
    line: Ints | None = None
    if deck.places is not None:
        coded = calls.column("line")
        coded = coded if pa.types.is_dictionary(coded.type) else coded.dictionary_encode()
        lines = tuple(str(text) for text in coded.dictionary.to_pylist())
        line = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    payphone: Mask | None = None
    if "payphone" in calls.schema.names:
        payphone = calls.column("payphone").fill_null(False).to_numpy(zero_copy_only=False)
    digits = calls.column("digits").to_numpy(zero_copy_only=False)
    return CallColumns(ints("number"), digits, ints("started"), ints("seconds"), payphone, lines, line)


def take(calls: CallColumns, places: Ints) -> CallColumns:
    """The calls at `places`."""
    return CallColumns(
        number=calls.number[places],
        digits=calls.digits[places],
        started=calls.started[places],
        seconds=calls.seconds[places],
        payphone=None if calls.payphone is None else calls.payphone[places],
        lines=calls.lines,
        line=None if calls.line is None else calls.line[places],
    )
