"""Reading a large X12 811: against taking the text apart with str.split alone; seconds, memory, exactness.

    python -m bench.x12 [--segments 300000] [--rounds 3]

Two files: one of charges with their services and taxes, one of sub-lines that are included in others. Both sides run in
turn in one process, and medians are compared. Ends with 1 where what was read is not what was written.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from app.domain.money import ZERO
from app.importers.registry import DocumentHead
from app.importers.x12.importer import x12_importers
from tools.make_811 import Marks, envelop, make

GOAL_SECONDS = 3
_PER_SERVICE = 10  # segments of a made service, about


def charges(segments: int) -> tuple[bytes, Decimal]:
    """A bill of about `segments` segments, and its total."""
    made = make(811, 50, max(1, segments // (50 * _PER_SERVICE)), 6)
    return made.text().encode(), made.total


def sub_lines(segments: int) -> tuple[bytes, Decimal]:
    """A bill of `segments` sub-lines that are included in others."""
    body = [["BIG", "20260930", "PRT-1"], ["HL", "1", "", "8"]]
    body += [["SLN", str(number), "1", "I", "1", "EA", f"0.{number % 90 + 10}"] for number in range(segments)]
    return envelop([[*body, ["TDS", "0"]]], Marks()).encode(), ZERO


def split(content: bytes) -> int:
    """The baseline: every segment and element as text, nothing understood, all of it in memory."""
    return len([segment.split("*") for segment in content.decode().split("~\n")])


def read(content: bytes) -> Decimal:
    """The bill's total, as its charges make it."""
    (importer,) = x12_importers(())
    (invoice,) = importer.read(content, DocumentHead("bench.edi", len(content), "x12")).invoices
    return sum((charge.amount for charge in invoice.charges), ZERO)


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    exact = True
    for title, (content, total) in (("charges", charges(wanted.segments)), ("sub-lines", sub_lines(wanted.segments))):
        exact &= read(content) == total
        runs: dict[str, list[tuple[float, float]]] = {"split": [], "read": []}
        for _ in range(wanted.rounds):
            runs["split"].append(timed(partial(split, content)))
            runs["read"].append(timed(partial(read, content)))
        wall, cpu = (statistics.median(one[part] for one in runs["read"]) for part in (0, 1))
        base = statistics.median(one[1] for one in runs["split"])
        count = split(content)
        met = "met" if cpu <= GOAL_SECONDS * count / 300_000 else "MISSED"
        print(
            f"{title}: {count:,} segments, {len(content) / 1e6:.1f} MB; read {wall:.2f} s wall, {cpu:.2f} s processor"
        )
        print(f"  goal ≤ {GOAL_SECONDS} s for 300,000: {met}; {cpu / base:.1f} × a naive split ({base:.2f} s)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"peak memory of the process, the naive split included: {peak:,.0f} MB; totals {'equal' if exact else 'DIFFER'}"
    )
    sys.exit(0 if exact else 1)


if __name__ == "__main__":
    main()
