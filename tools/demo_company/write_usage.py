"""Usage files: Halyard's call records of a month, Northbeam's traffic samples of a month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date

from tools.demo_company.calls import Call, calls_of
from tools.demo_company.calls_abroad import calls_abroad
from tools.demo_company.carriers import ACCOUNT
from tools.demo_company.traffic import RECORDED, samples_of

CALL_COLUMNS = "Account,Number,Other Party,Start UTC,Seconds,Charge"
SAMPLE_COLUMNS = "Circuit,Interval End UTC,Octets In,Octets Out"


def write_calls(month: date) -> bytes:
    """The calls of the account at home that began in `month`, by their start."""
    return _write(ACCOUNT["hv"].ban, calls_of(month))


def write_calls_abroad(month: date) -> bytes:
    """The calls of the account for calls abroad that began in Chicago's `month`."""
    return _write(ACCOUNT["hv_intl"].ban, calls_abroad(month))


def _write(ban: str, calls: Iterable[Call]) -> bytes:
    rows = (
        f"{ban},{tn_digits(call.tn)},{call.other},{call.started.astimezone(UTC):%Y-%m-%d %H:%M:%S},{call.seconds},"
        f"{call.billed:f}"
        for call in calls
    )
    return "\n".join((CALL_COLUMNS, *rows, "")).encode("ascii")


def write_samples(month: date) -> bytes:
    """What went through some circuits in each five minutes of `month`."""
    return "\n".join((SAMPLE_COLUMNS, *_samples(month), "")).encode("ascii")


def _samples(month: date) -> Iterator[str]:
    for circuit in RECORDED[month]:
        for moment, octets_in, octets_out in samples_of(circuit, month):
            yield f"{circuit},{moment:%Y-%m-%d %H:%M},{octets_in},{octets_out}"


def tn_digits(tn: str) -> str:
    """312-555-0150 as 13125550150."""
    return f"1{tn.replace('-', '')}"
