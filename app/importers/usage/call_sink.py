"""Where read calls go: few of them into the answer, many into files of sorted runs beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.parsed import ParsedPart
from app.domain.parsed_usage import ParsedUsage

if TYPE_CHECKING:
    from app.importers.usage.runs import Columns

BATCH_ROWS = 50_000
ROWS_IN_ANSWER = 100_000
RUN_ROWS = 1 << 18  # in memory at most; sorting more of them at once leaves the caches of a processor
_PACKED_ROWS = 50_000
Owner = tuple[str, str]  # carrier, ban
Call = tuple[str, str, int, int, int | None, int]  # line, other party, started, seconds, billed, row


@dataclass(slots=True)
class _Pending:
    """Calls of one account that are in memory."""

    rows: list[Call] = field(default_factory=list)
    pieces: list[Columns] = field(default_factory=list)
    packed: int = 0

    @property
    def count(self) -> int:
        return len(self.rows) + self.packed


class CallSink:
    """Takes calls in any order of rows. Without a `folder` all of them go into the answer."""

    def __init__(self, currency: str, folder: Path | None) -> None:
        self._currency, self._folder = currency, folder
        self._pending: defaultdict[Owner, _Pending] = defaultdict(_Pending)
        self._parts: list[ParsedPart] = []
        self._rows = 0

    def add_row(self, owner: Owner, call: Call) -> None:
        """Take one call."""
        pending = self._pending[owner]
        pending.rows.append(call)
        if len(pending.rows) >= _PACKED_ROWS and self._folder:
            _freeze(pending)
        self._count(1)

    def add_columns(self, owner: Owner, calls: Columns) -> None:
        """Take calls in columns."""
        pending = self._pending[owner]
        pending.pieces.append(calls)
        pending.packed += calls.shape[1]
        self._count(calls.shape[1])

    def finish(self) -> tuple[tuple[ParsedUsage, ...], tuple[ParsedPart, ...]]:
        """All calls as batches in the order of their rows, or as parts."""
        if self._folder and (self._parts or self._rows > ROWS_IN_ANSWER):
            for owner in list(self._pending):
                self._write(owner)
            return (), tuple(self._parts)
        usage = []
        for owner, pending in self._pending.items():
            rows = _all_rows(pending)
            for first in range(0, len(rows), BATCH_ROWS):
                columns: Any = zip(*rows[first : first + BATCH_ROWS], strict=True)
                usage.append(ParsedUsage(*owner, self._currency, *columns))
        return tuple(usage), ()

    def discard(self) -> None:
        """Remove what was written."""
        for part in self._parts:
            if self._folder:
                (self._folder / part.file).unlink(missing_ok=True)

    def _count(self, rows: int) -> None:
        self._rows += rows
        held = sum(pending.count for pending in self._pending.values()) if rows > 1 or self._rows % 10_000 == 0 else 0
        if self._folder and held > RUN_ROWS:
            for owner in sorted(self._pending, key=lambda one: -self._pending[one].count):
                held -= self._write(owner)
                if held <= RUN_ROWS // 2:
                    break

    def _write(self, owner: Owner) -> int:
        """Write one account's calls as a run; returns how many."""
        from app.importers.usage.runs import sort_calls, write_run  # numpy, only where there are many calls

        pending = self._pending.pop(owner)
        if not pending.count or self._folder is None:
            return 0
        calls = sort_calls(_pack(pending))
        name = f"calls-{len(self._parts) + 1}.i64"
        write_run(self._folder / name, calls)
        self._parts.append(
            ParsedPart("calls", name, carrier=owner[0], ban=owner[1], currency=self._currency, rows=calls.shape[1])
        )
        return int(calls.shape[1])


def _freeze(pending: _Pending) -> None:
    """Make columns of the calls that came one by one."""
    from app.importers.usage.runs import pack_rows

    if pending.rows:
        pending.pieces.append(pack_rows(pending.rows))
        pending.packed += len(pending.rows)
        pending.rows = []


def _pack(pending: _Pending) -> Columns:
    """All that is pending as one piece of columns."""
    import numpy as np

    _freeze(pending)
    return np.concatenate(pending.pieces, axis=1)


def _all_rows(pending: _Pending) -> list[Call]:
    """The calls one by one, by row."""
    if not pending.pieces:
        return pending.rows
    from app.importers.usage.runs import unpack_rows

    return sorted([*unpack_rows(pending.pieces), *pending.rows], key=lambda call: call[-1])
