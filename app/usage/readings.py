"""Meter readings out of the Parquet store: what the meters of circuits showed around a period."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from app.domain.identifiers import circuit_key
from app.domain.vocabulary import ReadingKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

Shown = dict[ReadingKind, list[tuple[int, int]]]  # (moment, value at scale 10), ascending


def read_meters(files: Sequence[Path], circuits: Collection[str], start: int, end: int) -> dict[str, Shown]:
    """The readings of circuits (normalised ids) from `start` to `end`, both included.

    What several files say alike counts once; of one moment the values that differ are all there.
    """
    import polars as pl

    found: dict[str, Shown] = defaultdict(lambda: defaultdict(list))
    if not files or not circuits:
        return found
    frames = pl.scan_parquet(list(files)).filter(pl.col("at").is_between(start, end))
    names = frames.select(pl.col("circuit_id").unique()).collect().to_series().to_list()
    wanted = {name: key for name in names if (key := circuit_key(name)) in circuits}
    rows = frames.filter(pl.col("circuit_id").is_in(list(wanted))).select("circuit_id", "kind", "at", "value").collect()
    for name, kind, at, value in rows.iter_rows():
        found[wanted[name]][ReadingKind(kind)].append((int(at), int(value)))
    return {key: {kind: sorted(set(values)) for kind, values in shown.items()} for key, shown in found.items()}
