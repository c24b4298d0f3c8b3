"""Time two ways of doing the same thing in turn, and print the ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def compare(
    title: str, baseline: tuple[str, Callable[[], Result]], ours: tuple[str, Callable[[], Result]], runs: int = 5
) -> None:
    """Run both in turn `runs` times after a warm-up, check that they agree, and print medians and their ratio."""
    seconds: dict[str, list[float]] = {baseline[0]: [], ours[0]: []}
    expected, found = baseline[1](), ours[1]()
    if expected != found:
        raise AssertionError(f"{title}: {ours[0]} gives {found!r}, {baseline[0]} gives {expected!r}")
    for _ in range(runs):
        for name, act in (baseline, ours):
            start = time.perf_counter()
            act()
            seconds[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"{title}")
    for name, median in medians.items():
        print(f"  {name:<44} {median * 1000:10.1f} ms")
    print(f"  ratio: {medians[baseline[0]] / medians[ours[0]]:.2f} times as fast as {baseline[0]}\n")
