"""Rating a carrier's call records: against DuckDB's scan, pandas and a Python loop; memory, linearity, exactness.

    python -m bench.calls [--calls 10M] [--prefixes 250000] [--rounds 3] [--against-scalar N] [--skip-slow]

Both sides of a ratio run in turn in one process; medians are compared. On a shared machine seconds of wall time say
little, so goals are judged by processor seconds, and the ratio of wall times stands beside. Ends with 1 where an
exactness check fails.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from app.domain.vocabulary import RoundingScope
from app.rating.voice.crosscheck import total_by_sql
from app.rating.voice.deck import CompiledDeck, compile_deck
from app.rating.voice.deck_cache import open_deck
from app.rating.voice.terms import VoiceTerms
from app.usage.rerate import rate_files
from bench._calls import FOLDER, make_calls, make_deck
from bench._calls_slow import (
    brute_force,
    loop_in_python,
    merge_in_pandas,
    merge_text_in_pandas,
    rate_with_scalar,
    write_as_text,
)

TERMS = VoiceTerms(initial=6, increment=6, places=4, scope=RoundingScope.CALL)
CACHE = FOLDER / "decks"
Timed = tuple[float, float]  # wall and processor seconds


class Report:
    """Lines as they are found, and whether what must be exact was."""

    def __init__(self) -> None:
        self.exact = True

    def goal(self, what: str, found: float, goal: float, unit: str, extra: str = "", at_most: bool = False) -> None:
        met = found <= goal if at_most else found >= goal
        sign = "≤" if at_most else "≥"
        print(
            f"{what:<58} {found:9.2f} {unit:<4} goal {sign} {goal:g}: {'met' if met else 'MISSED'}  {extra}", flush=True
        )

    def check(self, what: str, equal: bool, extra: str = "") -> None:
        self.exact &= equal
        print(f"{what:<58} {'equal' if equal else 'DIFFERENT'}  {extra}", flush=True)


def timed(act: Callable[[], object]) -> Timed:
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def median(runs: list[Timed]) -> Timed:
    return statistics.median(wall for wall, _ in runs), statistics.median(cpu for _, cpu in runs)


def scan(paths: list[Path]) -> None:
    """What rating cannot do without: reading the columns it needs, and adding them up."""
    names = ", ".join("'" + str(path) + "'" for path in paths)
    columns = ", ".join(f"sum({name})" for name in ("number", "digits", "started", "seconds", "billed"))
    with duckdb.connect(config={"threads": 2}) as base:
        base.execute(f"select {columns} from read_parquet([{names}])").fetchall()  # noqa: S608 - our own paths


def open_bench_deck(prefixes: int) -> CompiledDeck:
    return open_deck(pl.read_parquet(make_deck(prefixes)), TERMS, folder=CACHE)


def in_child(job: str, calls: int, prefixes: int) -> tuple[float, float, float]:
    """Most memory (MB), wall and processor seconds of one run in a process of its own."""
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "bench.calls", "--child", job, "--calls", str(calls), "--prefixes", str(prefixes)],
        check=True,
        capture_output=True,
        text=True,
    )
    memory, wall, cpu = (float(word) for word in done.stdout.split()[-3:])
    return memory, wall, cpu


def run_child(job: str, calls: int, prefixes: int) -> None:
    if job == "compile":
        wall, cpu = timed(lambda: compile_deck(pl.read_parquet(make_deck(prefixes)), TERMS))
    else:
        paths, deck = make_calls(calls, prefixes), open_bench_deck(prefixes)
        wall, cpu = timed(lambda: rate_files(paths, deck, TERMS))
    status = Path("/proc/self/status").read_text(encoding="ascii")
    most = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print(most / 1024, wall, cpu)


def main() -> int:
    """Make what is missing, run everything, print ratios."""
    asked = read_arguments()
    if asked.child:
        run_child(asked.child, asked.calls, asked.prefixes)
        return 0
    report = Report()
    paths, deck_file = make_calls(asked.calls, asked.prefixes), make_deck(asked.prefixes)
    rows = pl.read_parquet(deck_file)
    print(f"{asked.calls:,} calls, {asked.prefixes:,} prefixes, {rows.height:,} dated rows, {asked.rounds} rounds\n")
    compiled = median([timed(lambda: compile_deck(rows, TERMS)) for _ in range(asked.rounds)])
    open_bench_deck(asked.prefixes)
    reused = median([timed(lambda: open_bench_deck(asked.prefixes)) for _ in range(asked.rounds)])
    per_row = compiled[1] / rows.height * 1e6
    report.goal("compiling the deck, per dated row", per_row, 10, "µs", f"wall {compiled[0]:.2f} s", at_most=True)
    print(f"{'opening it again, read and hashed':<58} {reused[1]:9.2f} s    wall {reused[0]:.2f} s")
    deck = open_bench_deck(asked.prefixes)
    out = Path(tempfile.mkdtemp(prefix="rated-", dir=FOLDER))
    found = rate_files(paths, deck, TERMS)
    scans, rates, writes = [], [], []
    for _ in range(asked.rounds):
        scans.append(timed(lambda: scan(paths)))
        rates.append(timed(lambda: rate_files(paths, deck, TERMS)))
        writes.append(timed(lambda: rate_files(paths, deck, TERMS, write_to=out, resume=False)))
    scanned, rated, written = median(scans), median(rates), median(writes)
    speed = f"{asked.calls / rated[1] / 1e6:.1f} M calls per processor second"
    goal = 20 if asked.calls < 50_000_000 else 12
    wall = f"wall {scanned[0] / rated[0] * 100:.0f} %; {speed}"
    report.goal("match, charge, compare against DuckDB's scan and sum", scanned[1] / rated[1] * 100, goal, "%", wall)
    wall = f"wall {rated[0] / written[0] * 100:.0f} %"
    report.goal("with rated rows written, against without", rated[1] / written[1] * 100, 50, "%", wall)
    again = timed(lambda: rate_files(paths, deck, TERMS, write_to=out))
    resumed = rate_files(paths, deck, TERMS, write_to=out)
    same = resumed.totals == found.totals and not resumed.rated
    report.check("sums of finished parts, taken up again", same, f"{again[0]:.2f} s")
    shutil.rmtree(out)
    sql = total_by_sql(paths, rows, TERMS)
    report.check("the second engine's sums (DuckDB on the written rows)", sql == found.totals[()], str(sql))
    checked, wrong = brute_force(paths[0], rows, deck, TERMS, 100_000)
    report.check(f"brute force of {checked:,} calls, fractions and prefixes", not wrong, f"{wrong} mismatches")
    if asked.against_scalar:
        checked, wrong = rate_with_scalar(paths, rows, deck, TERMS, asked.against_scalar)
        report.check(f"the scalar engine on {checked:,} calls", not wrong, f"{wrong} mismatches")
    if not asked.skip_slow:
        compare_slow(
            report, paths, rows, deck, rated[1] / asked.calls, rated[0] / asked.calls, found.totals[()].expected
        )
        measure_growth(report, asked.calls, asked.prefixes)
    return 0 if report.exact else 1


def compare_slow(
    report: Report, paths: list[Path], rows: pl.DataFrame, deck: CompiledDeck, cpu: float, wall: float, whole: int
) -> None:
    """Against what people would write: pandas on whole files, and a loop over half a million calls."""
    some = paths[: min(2, len(paths))]
    ours = rate_files(some, deck, TERMS).totals[()].expected
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        texts = write_as_text(some, Path(folder))
        for title, act in (
            ("pandas merge_asof, from records as text", lambda: merge_text_in_pandas(texts, deck, TERMS)),
            ("pandas merge_asof, from our store and our ranges", lambda: merge_in_pandas(some, deck, TERMS)),
        ):
            found: list[tuple[int, int]] = []
            pandas = timed(lambda act=act, found=found: found.append(act()))  # type: ignore[misc]
            calls, due = found[0]
            per_core = f"per core {pandas[1] / calls / cpu:.1f}×"
            report.goal(f"against {title}", pandas[0] / calls / wall, 10, "×", per_core)
            report.check(f"pandas' sum over {calls:,} calls", due == ours)
    looped, seconds, _ = loop_in_python(paths[0], rows, TERMS, 500_000)
    report.goal(
        "against a loop in Python, per core", seconds / looped / cpu, 12, "×", f"{looped:,} calls, extrapolated"
    )


def measure_growth(report: Report, calls: int, prefixes: int) -> None:
    """Memory, and time against calls and prefixes, each in a process of its own."""
    memory, _, whole = in_child("rate", calls, prefixes)
    report.goal(f"most memory, {calls:,} calls", memory, 512, "MB", at_most=True)
    report.goal("most memory, compiling", in_child("compile", 1_000_000, prefixes)[0], 512, "MB", at_most=True)
    tenth = in_child("rate", calls // 10, prefixes)
    extra = f"{tenth[2] / calls * 1e10:.0f} and {whole / calls * 1e9:.0f} ns a call"
    report.goal("time per call, ten times the calls", whole / tenth[2] / 10, 1.3, "×", extra, at_most=True)
    report.goal("memory, ten times the calls", memory / tenth[0], 1.3, "×", at_most=True)
    many = min(calls, 5_000_000)
    for size in (5_000, 50_000, 250_000):
        print(f"  {size:>7,} prefixes: {in_child('rate', many, size)[2] / many * 1e9:.0f} ns a call (processor time)")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=read_count, default=10_000_000)
    parser.add_argument("--prefixes", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against-scalar", type=read_count, default=0)
    parser.add_argument("--skip-slow", action="store_true")
    parser.add_argument("--child", choices=("rate", "compile"))
    return parser.parse_args()


def read_count(text: str) -> int:
    return int(text[:-1]) * 1_000_000 if text[-1] in "mM" else int(text)


if __name__ == "__main__":
    raise SystemExit(main())
