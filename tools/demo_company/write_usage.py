"""Usage files: Halyard's call records of a month, Northbeam's traffic samples of a month."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from tools.demo_company.arithmetic import next_month
from tools.demo_company.calls import calls_of
from tools.demo_company.carriers import ACCOUNT

CALL_COLUMNS = "Account,Number,Other Party,Start UTC,Seconds,Charge"
SAMPLE_COLUMNS = "Circuit,Interval End UTC,Octets In,Octets Out"
SAMPLED = {  # circuit: (thousand octets of an idle interval, thousand octets that a busy one adds)
    "12/DIAX/104411//NBC": (610_000, 9_400_000),
    "12/DIAX/104418//NBC": (240_000, 4_100_000),
    "12/DIAX/104467//NBC": (310_000, 5_200_000),
}
# how busy the network is by hour of the UTC day, in hundredths
_BUSY = (30, 22, 16, 12, 9, 8, 8, 9, 10, 12, 18, 30, 48, 66, 82, 92, 96, 90, 94, 98, 90, 76, 56, 40)
_INTERVAL = timedelta(minutes=5)


def write_calls(month: date) -> bytes:
    """The calls that began in `month`, by their start."""
    ban = ACCOUNT["hv"].ban
    rows = (
        f"{ban},{tn_digits(call.tn)},{call.other},{call.started:%Y-%m-%d %H:%M:%S},{call.seconds},{call.billed:f}"
        for call in calls_of(month)
    )
    return "\n".join((CALL_COLUMNS, *rows, "")).encode("ascii")


def write_samples(month: date) -> bytes:
    """What went through some circuits in each five minutes of `month`."""
    return "\n".join((SAMPLE_COLUMNS, *_samples(month), "")).encode("ascii")


def _samples(month: date) -> Iterator[str]:
    end = next_month(month)
    for circuit, (idle, busy) in SAMPLED.items():
        chance = random.Random(f"traffic {circuit} {month}")
        moment = datetime(month.year, month.month, month.day, tzinfo=UTC)
        while moment.date() < end:
            began, moment = moment, moment + _INTERVAL
            share = _BUSY[began.hour] // (4 if began.weekday() > 4 else 1)
            burst = 160 if chance.randrange(60) == 0 else 100
            inward = idle + busy * share * (80 + chance.randrange(41)) * burst // 1_000_000
            outward = inward * (14 + chance.randrange(13)) // 100
            octets = [f"{thousands}{chance.randrange(1000):03d}" for thousands in (inward, outward)]
            yield f"{circuit},{moment:%Y-%m-%d %H:%M},{','.join(octets)}"


def tn_digits(tn: str) -> str:
    """312-555-0150 as 13125550150."""
    return f"1{tn.replace('-', '')}"
