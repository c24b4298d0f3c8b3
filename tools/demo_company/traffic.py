"""What goes through some of Northbeam's circuits, and the Mbit/s that it comes to. Whole numbers only."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from tools.demo_company.arithmetic import cents, next_month

SAMPLED = {  # circuit: (thousand octets of an idle interval, thousand octets that a busy one adds)
    "12/DIAX/104411//NBC": (610_000, 9_400_000),
    "12/DIAX/104418//NBC": (240_000, 4_100_000),
    "12/DIAX/104467//NBC": (310_000, 5_200_000),
}
BURSTABLE = "12/DIAX/104411//NBC"
RECORDED = {  # whose traffic of which month is kept; that of the burstable circuit for each month that it is billed for
    date(2026, 7, 1): (BURSTABLE,),
    date(2026, 8, 1): tuple(SAMPLED),
}
PERCENTILE = 95
# how busy the network is by hour of the UTC day, in hundredths
_BUSY = (30, 22, 16, 12, 9, 8, 8, 9, 10, 12, 18, 30, 48, 66, 82, 92, 96, 90, 94, 98, 90, 76, 56, 40)
INTERVAL = timedelta(minutes=5)
Sample = tuple[datetime, int, int]  # the end of five minutes, octets in, octets out


def samples_of(circuit: str, month: date) -> Iterator[Sample]:
    """What went through a circuit in each five minutes of `month`."""
    idle, busy = SAMPLED[circuit]
    end = next_month(month)
    chance = random.Random(f"traffic {circuit} {month}")
    moment = datetime(month.year, month.month, month.day, tzinfo=UTC)
    while moment.date() < end:
        began, moment = moment, moment + INTERVAL
        share = _BUSY[began.hour] // (4 if began.weekday() > 4 else 1)
        burst = 160 if chance.randrange(60) == 0 else 100
        inward = idle + busy * share * (80 + chance.randrange(41)) * burst // 1_000_000
        outward = inward * (14 + chance.randrange(13)) // 100
        yield moment, inward * 1000 + chance.randrange(1000), outward * 1000 + chance.randrange(1000)


@cache
def burst_of(circuit: str, month: date, percentile: int) -> Decimal:
    """The Mbit/s of a month to two places: of the samples sorted, the one that `percentile` per cent of them do not
    exceed; of both directions the larger."""
    samples = list(samples_of(circuit, month))
    place = -(-percentile * len(samples) // 100)  # begun ones whole, counted from 1
    octets = max(sorted(octets_in for _, octets_in, _ in samples)[place - 1],
                 sorted(octets_out for _, _, octets_out in samples)[place - 1])  # fmt: skip
    bits = 8 * octets
    return cents(Fraction(bits, int(INTERVAL.total_seconds()) * 1_000_000))
