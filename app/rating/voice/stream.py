"""Batches rated as they come: constant memory, the same order, several at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from app.rating.voice.kernel import rate_batch

if TYPE_CHECKING:
    import pyarrow as pa

    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.terms import VoiceTerms

Item = TypeVar("Item")
Result = TypeVar("Result")


def rate_stream(
    batches: Iterable[pa.RecordBatch], deck: CompiledDeck, terms: VoiceTerms, workers: int = 2
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Each batch of calls (at most some 1,000,000 rows) with its rated batch. Never more than `workers` + 1 batches are
    held. Bundles and tiers come after, in `accumulate`."""
    return do_ahead(batches, lambda calls: (calls, rate_batch(calls, deck, terms)), workers)


def do_ahead(items: Iterable[Item], act: Callable[[Item], Result], workers: int) -> Iterator[Result]:
    """`act` on each item, in order, on `workers` threads: NumPy and Arrow let go of the interpreter while they work."""
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="rating") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(act, item))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
