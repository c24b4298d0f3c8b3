"""Importing call records from CSV into the store: against DuckDB's typed scan of the file, and csv.reader with Decimal.

    python -m bench.call_import [--calls 1M] [--rounds 3]

Each way runs in turn, in a process of its own whose time (with its children's) and memory are the operating system's
account. Ours is all of it: the child that reads the untrusted file, the checks, the sorted month files in the store.
Ends with 1 where counts or sums differ.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from app.importers.registry import Definitions
from app.services.parsing import parse_file
from app.services.usage_storing import store_usage
from app.services.workspace import create_workspace
from tests.services.office import Office

FOLDER = Path(tempfile.gettempdir()) / "tollbook-bench-calls"
HEADER = "Calling Number,Called Number,Answer Time,Duration,Charge\n"
MAPPING = """
kind = "usage-mapping"
name = "bench_calls"
carrier = "Halyard Voice"
ban = "1"
currency = "USD"
[claims]
columns = ["Calling Number", "Called Number", "Answer Time", "Duration", "Charge"]
[time]
format = "YYYY-MM-DD hh:mm:ss"
zone = "UTC"
[numbers]
country = "1"
international = ["011"]
[columns]
tn = "Calling Number"
other_party = "Called Number"
start = "Answer Time"
seconds = "Duration"
billed = "Charge"
"""
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
WAYS = ("DuckDB, typed scan", "csv.reader and Decimal", "import into the store")
Sums = list[int]  # calls, seconds, charges in millionths
Act = Callable[[], Sums]


def make(calls: int) -> Path:
    """A year of calls of 500 numbers in the order of their start, made once."""
    file = FOLDER / f"calls-{calls}.csv"
    if file.exists():
        return file
    FOLDER.mkdir(exist_ok=True)
    chance = random.Random(2026)
    with file.with_suffix(".partial").open("w", encoding="ascii") as handle:
        handle.write(HEADER)
        for number in range(calls):
            moment = FIRST + timedelta(seconds=number * 365 * 86_400 // calls)
            seconds = chance.randrange(3600)
            called = chance.choice(("1", "01149", "01144")) + str(chance.randrange(2 * 10**9, 10**10))
            charge = f"{seconds * chance.randrange(9) / 10**4:.4f}"
            handle.write(f"312555{chance.randrange(500):04d},{called},{moment:%Y-%m-%d %H:%M:%S},{seconds},{charge}\n")
    return file.with_suffix(".partial").rename(file)


def scan(file: Path) -> Act:
    """DuckDB with declared types, without looking for others; every column is asked for."""
    types = {
        "Calling Number": "BIGINT",
        "Called Number": "BIGINT",
        "Answer Time": "TIMESTAMP",
        "Duration": "INTEGER",
        "Charge": "DECIMAL(18,6)",
    }
    query = f"""SELECT count("Calling Number"), sum("Duration"), sum("Charge"), max("Answer Time"), max("Called Number")
        FROM read_csv('{file}', header = true, auto_detect = false, delim = ',', quote = '"', columns = {types},
        timestampformat = '%Y-%m-%d %H:%M:%S')"""  # noqa: S608 - our own file

    def act() -> Sums:
        with duckdb.connect(config={"threads": 2}) as database:
            calls, seconds, charges, _, _ = database.execute(query).fetchall()[0]
        return [calls, int(seconds), int(charges * 10**6)]

    return act


def loop(file: Path) -> Act:
    """Row by row with csv.reader and Decimal: the same columns of whole numbers, in memory; nothing is stored."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise ValueError(text)
        digits = text[3:] if text.startswith("011") else "1" + text if len(text) == 10 else text
        return int(digits.ljust(15, "0")) * 16 + len(digits)

    def act() -> Sums:
        columns = [array("q") for _ in range(5)]
        with file.open(newline="", encoding="utf-8") as handle:
            rows = csv.reader(handle)
            next(rows)
            for caller, called, started, duration, charge in rows:
                moment = datetime.fromisoformat(started).replace(tzinfo=UTC)
                scaled = Decimal(charge).scaleb(6)
                if scaled != int(scaled):
                    raise ValueError(charge)
                values = (number(caller), number(called), int(moment.timestamp()), int(duration), int(scaled))
                for column, value in zip(columns, values, strict=True):
                    column.append(value)
        return [len(columns[0]), sum(columns[3]), sum(columns[4])]

    return act


def store(file: Path) -> Act:
    """The import as the application does it, from the file to month files of Parquet in a workspace."""
    folder = Path(tempfile.mkdtemp(dir=FOLDER))
    workspace = create_workspace(folder / "workspace", "Bench", "USD")
    left = folder / "left"
    left.mkdir()
    document_id = Office(workspace).document()

    def act() -> Sums:
        begun = time.perf_counter()
        document = parse_file(file.name, file, Definitions(mappings=(MAPPING,)), folder=left)
        if document.refused:
            raise SystemExit(f"refused: {document.issues}")
        read = time.perf_counter()
        with workspace.database.writing() as session:
            paths, _ = store_usage(workspace, session, document, left, document_id, "0" * 64)
        print(f"    read {read - begun:.1f} s, stored {time.perf_counter() - read:.1f} s", file=sys.stderr)
        frames = pl.scan_parquet(workspace.usage.files(paths))
        sums = frames.select(pl.len(), pl.col("seconds").sum(), pl.col("billed").sum()).collect().row(0)
        shutil.rmtree(folder)
        return [int(each) for each in sums]

    return act


def run(way: str, file: Path) -> dict[str, float]:
    """One way in a process of its own: its answer, wall and processor seconds, memory of it and of its child in MB."""
    arguments = [sys.executable, "-m", "bench.call_import", "--way", way, "--file", str(file)]
    answer: dict[str, float] = json.loads(subprocess.run(arguments, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603
    return answer


def answer(way: str, file: Path) -> None:
    """What `run` hears."""
    act = {WAYS[0]: scan, WAYS[1]: loop, WAYS[2]: store}[way](file)
    begun, used = time.perf_counter(), _processor()
    sums = act()
    wall, cpu = time.perf_counter() - begun, _processor() - used
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"sums": sums, "wall": wall, "cpu": cpu, "own": own, "child": child}))


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Run all ways in turn, and compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", default="1M")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", default="")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.way:
        answer(options.way, options.file)
        return
    calls = int(options.calls.replace("M", "000000").replace("k", "000"))
    file = make(calls)
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(options.rounds):
        for way in WAYS:
            found[way].append(run(way, file))
    print(f"{calls:,} calls, {file.stat().st_size / 10**6:.0f} MB of CSV")
    times = {
        way: [statistics.median(each[key] for each in runs) for key in ("wall", "cpu")] for way, runs in found.items()
    }
    for way, (wall, cpu) in times.items():
        own, child = (max(each[key] for each in found[way]) for key in ("own", "child"))
        print(f"  {way:<26} wall {wall:7.2f} s  processor {cpu:7.2f} s  memory {own:5.0f} MB, child {child:5.0f} MB")
    (scan_wall, scan_cpu), (loop_wall, loop_cpu), (wall, cpu) = times.values()
    print(f"  of DuckDB's speed: {100 * scan_cpu / cpu:.0f} % by processor, {100 * scan_wall / wall:.0f} % by wall")
    print(f"  against csv.reader: {loop_cpu / cpu:.1f} × by processor, {loop_wall / wall:.1f} × by wall")
    equal = len({tuple(each["sums"]) for runs in found.values() for each in runs}) == 1  # type: ignore[arg-type]
    print(f"  counts and sums: {'equal' if equal else 'DIFFERENT'}")
    if calls >= 5_000_000:
        shutil.rmtree(FOLDER)
    if not equal:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
