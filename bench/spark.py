"""The kernel in PySpark's `mapInArrow` on two local workers against the embedded engine on the same cores.

    python -m bench.spark [--calls 10M] [--prefixes 250000] [--rounds 3] [--cores 2]

The calls and the deck are those of `bench.calls`. Both sides run in turn; medians of wall times are compared, since
most of Spark's work is in processes of its own. Starting Spark and the first run, in which workers start and import
what they need, are shown apart. Ends with 1 where a sum differs.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.rating.voice.totals import Key, Totals
from app.usage.cluster.shipping import pack_deck
from app.usage.rerate import rate_files
from bench._calls import make_calls
from bench.calls import TERMS, open_bench_deck, read_count

if TYPE_CHECKING:
    from app.rating.voice.deck import CompiledDeck
    from app.usage.rerate import Rerated

try:
    from app.usage.cluster.rate import RatedOnCluster, rate_on_cluster
    from app.usage.cluster.session import open_here
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing}: PySpark comes with `python3 dev.py bench spark`") from missing

GOAL = 4
WAYS: tuple[tuple[str, tuple[Key, ...], str | None], ...] = (
    ("sums", (), None),
    ("sums by zone and cause", (Key.ZONE, Key.CAUSE), None),
    ("rated rows written", (), "rated"),
)
Compared = tuple[float, float, bool]


def timed(act: Callable[..., RatedOnCluster | Rerated], *what: Any) -> tuple[float, Totals]:
    start = time.perf_counter()
    found = act(*what)
    return time.perf_counter() - start, found.totals


def compare(spark: Any, paths: list[Path], deck: CompiledDeck, by: tuple[Key, ...], out: Path | None) -> Compared:
    """Seconds of one run each, and whether both found the same; rated rows are written where there is an `out`."""
    seconds, totals = [], []
    for act, given in ((rate_files, (paths,)), (rate_on_cluster, (spark, [str(path) for path in paths]))):
        target = out if act is rate_files or out is None else str(out)
        wall, found = timed(act, *given, deck, TERMS, by, target)
        seconds.append(wall)
        totals.append(found)
        if out is not None:
            shutil.rmtree(out)
    return seconds[0], seconds[1], totals[0] == totals[1]


def main() -> int:
    """Make what is missing, run both sides in turn, print seconds and ratios."""
    asked = read_arguments()
    if shutil.which("java") is None:
        raise SystemExit("Spark needs Java 17: install a Java runtime, so that `java -version` answers")
    paths, deck = make_calls(asked.calls, asked.prefixes), open_bench_deck(asked.prefixes)
    print(f"{asked.calls:,} calls, {asked.prefixes:,} prefixes, {asked.rounds} rounds, {asked.cores} workers\n")
    equal = True
    with tempfile.TemporaryDirectory(prefix="spark-") as folder:
        start = time.perf_counter()
        with open_here(asked.cores, Path(folder)) as spark:
            print(f"starting Spark                                {time.perf_counter() - start:7.2f} s")
            first, _ = timed(rate_on_cluster, spark, [str(path) for path in paths], deck, TERMS)
            print(f"first run: workers start, import, map the deck{first:7.2f} s\n")
            for title, by, out in WAYS:
                target = None if out is None else Path(folder) / out
                runs = [compare(spark, paths, deck, by, target) for _ in range(asked.rounds)]
                ours, theirs = (statistics.median(run[side] for run in runs) for side in (0, 1))
                equal &= all(same for _, _, same in runs)
                print(
                    f"{title:<24} embedded {ours:7.2f} s, Spark {theirs:7.2f} s: {theirs / ours:4.1f} × "
                    f" goal ≤ {GOAL}: {'met' if theirs <= GOAL * ours else 'MISSED'} "
                    f" {asked.calls / theirs / asked.cores / 1e6:.2f} M calls per core and second",
                    flush=True,
                )
        start = time.perf_counter()
        packed = pack_deck(deck, TERMS, Path(folder))
        print(f"\nthe deck packed: {packed.stat().st_size / 1e6:.0f} MB, {time.perf_counter() - start:.2f} s")
    print(f"all sums {'equal' if equal else 'DIFFERENT'}")
    return 0 if equal else 1


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=read_count, default=10_000_000)
    parser.add_argument("--prefixes", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
