"""A year of five-minute samples of 500 circuits (52,560,000 rows): every circuit's 95th percentile of every month,
against DuckDB's raw scan of the same rows.

    python -m bench.percentile [circuits]

Goals: at least half of the scan's rows a second, at most 1 GB of memory, and all results equal to numpy's.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import groupby
from pathlib import Path

from app.domain.moments import utc_bounds
from app.domain.period import Period, add_months
from app.rating.percentile import Direction, PercentilePolicy, position_of
from app.usage.percentiles import percentiles_by_circuit
from app.usage.samples import MEMORY_LIMIT, THREADS

CIRCUITS = 500
RUNS = 3
BIN = 300
MONTHS = [Period(add_months(date(2025, 1, 1), month), add_months(date(2025, 1, 1), month + 1)) for month in range(12)]
POLICY = PercentilePolicy(95, Direction.LARGER_PER_BIN)
LEAST_RATIO, MOST_MEGABYTES = 50, 1000
Results = list[list[int]]  # of each month, in the order of circuits


def main() -> None:
    """Make the samples, measure both in processes of their own, in turn, and compare."""
    circuits = int(sys.argv[1]) if len(sys.argv) > 1 else CIRCUITS
    folder = Path(tempfile.mkdtemp(prefix="tollbook-bench-"))
    try:
        expected = _make(folder, circuits)
        rows = circuits * sum(period.days for period in MONTHS) * 86_400 // BIN
        scans, ours = [], []
        for _ in range(RUNS):
            scans.append(_run_child(folder, "scan"))
            ours.append(_run_child(folder, "ours"))
        scan, own = (statistics.median(float(str(run["seconds"])) for run in runs) for runs in (scans, ours))
        peak = max(int(str(run["peak"])) for run in ours)
        size = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
        ratio = 100 * scan / own
        wrong = sum(run["results"] != expected for run in ours)
        print(f"95th percentile of {len(MONTHS) * circuits:,} circuit-months, {rows:,} samples, {size / 1e6:,.0f} MB")
        print(f"  {'DuckDB, raw scan':<32} {scan:8.2f} s {rows / scan / 1e6:8.1f} million samples a second")
        print(f"  {'percentiles_by_circuit':<32} {own:8.2f} s {rows / own / 1e6:8.1f} million samples a second")
        _judge(f"ratio: {ratio:.0f} % of the scan", f"at least {LEAST_RATIO} %", ratio >= LEAST_RATIO)
        _judge(f"most memory: {peak:,} MB", f"at most {MOST_MEGABYTES:,} MB", peak <= MOST_MEGABYTES)
        _judge(f"runs that differ from numpy: {wrong}", "none", wrong == 0)
    finally:
        shutil.rmtree(folder)


def _make(folder: Path, circuits: int) -> Results:
    """Write the store's files, one a month of the bin's end, and work the percentiles out with numpy."""
    import numpy as np
    import polars as pl

    chance = np.random.default_rng(2026)
    first, beyond = utc_bounds(Period(MONTHS[0].start, MONTHS[-1].end), "UTC")
    names = [f"80/KXGS/{number:06}" for number in range(circuits)]
    results: Results = []
    late = np.zeros((circuits, 0, 2), dtype=np.int64)  # the month's last bin ends in the next month's file
    for period in [*MONTHS, Period(MONTHS[-1].end, add_months(MONTHS[-1].end, 1))]:
        start, end = utc_bounds(period, "UTC")
        ends = np.arange(start, min(end, beyond + BIN), BIN)
        ends = ends[(ends > first) & (ends <= beyond)]
        level = chance.uniform(15, 23, (circuits, 1, 2))  # circuits of a megabit up to some gigabits
        octets = np.exp(level + chance.normal(0, 1, (circuits, len(ends), 2))).astype(np.int64)
        path = folder / "samples" / "account=1" / f"month={period.start:%Y-%m}" / f"{'0' * 64}.parquet"
        path.parent.mkdir(parents=True)
        pl.DataFrame(
            {
                "circuit_id": np.repeat(names, len(ends)),
                "ended": np.tile(ends, circuits),
                "octets_in": octets[:, :, 0].ravel(),
                "octets_out": octets[:, :, 1].ravel(),
                "row": np.arange(octets.shape[0] * octets.shape[1]),
            }
        ).write_parquet(path, compression="zstd", statistics=True)
        ends_before = int((ends <= start).sum())
        if late.shape[1]:
            whole = np.concatenate([late, octets[:, :ends_before]], axis=1).max(axis=2)
            place = position_of(whole.shape[1], POLICY.percent) - 1
            results.append(np.partition(whole, place, axis=1)[:, place].tolist())
        late = octets[:, ends_before:]
    return results


def _scan(folder: Path) -> Results:
    """Every column that the percentile needs, of every row, added up or looked at."""
    import duckdb

    files = [str(file) for file in folder.rglob("*.parquet")]
    query = "SELECT sum(octets_in), sum(octets_out), max(ended), count(circuit_id) FROM read_parquet($files)"
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": THREADS}) as database:
        database.execute(query, {"files": files}).fetchall()
    return []


def _ours(folder: Path) -> Results:
    found = percentiles_by_circuit(
        sorted(folder.rglob("*.parquet")), [utc_bounds(period, "UTC") for period in MONTHS], POLICY
    )
    return [[one.octets for one in month] for _, month in groupby(found, key=lambda one: one.start)]


def _run_child(folder: Path, name: str) -> dict[str, object]:
    """Seconds, most memory in MB and results of one way, in a process of its own."""
    command = [sys.executable, "-m", "bench.percentile", "--child", name, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)  # noqa: S603
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def _be_child(name: str, folder: Path) -> None:
    import duckdb

    duckdb.connect().close()  # neither way pays for loading it
    ways: dict[str, Callable[[Path], Results]] = {"scan": _scan, "ours": _ours}
    start = time.perf_counter()
    results = ways[name](folder)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak": _peak_megabytes(), "results": results}))


def _peak_megabytes() -> int:
    """The most memory that this process has held: VmHWM where the system tells it."""
    status = Path("/proc") / str(os.getpid()) / "status"
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) * 1024 // 1_000_000 for line in lines if line.startswith("VmHWM:"))


def _judge(figure: str, goal: str, met: bool) -> None:
    print(f"  {figure}  (goal: {goal}; {'met' if met else 'MISSED'})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _be_child(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
