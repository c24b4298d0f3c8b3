"""Internet: part of a month, committed rate and percentile, data cap."""

from __future__ import annotations

from app.domain.evidence import PortBins, TrafficFacts
from tools.worked_proofs.case import SERVICE, Case, billed, moment, period, price

_APRIL = "2026-04-01..2026-05-01"
_BINS, _BIN = 8640, 300  # 30 days of five minutes
_STEADY, _WILD = 10_777_500_000, 21_600_000_000  # octets of five minutes: 287.4 and 576 Mbit/s


def _traffic() -> TrafficFacts:
    """A month in which 432 bins of 8,640, a twentieth of them, are far above the others."""
    start = moment("2026-04-01T00:00+00:00")
    bins = tuple(
        (start + place * _BIN, _WILD if place % 20 == 0 else _STEADY - (place % 7) * 450_000_000, 1_000_000)
        for place in range(1, _BINS + 1)
    )
    port = PortBins("80/KXGS/000123", bins)
    return TrafficFacts(SERVICE, period(_APRIL), start, start + _BINS * _BIN, _BIN, (port,), ("traffic-2026-04.csv",))


CASES = (
    Case(
        "Flat, part of a month, with a price that changes within it",
        "The circuit was turned up on the 10th, and Amendment 2 lowers its price from the 16th. Each price holds "
        "for its own days, the parts are added up, and the sum is rounded once. The carrier took the old price "
        "for all 22 days.",
        (
            price("DIA-500M", "MRC", "flat", "985.00", until="2026-03-16", clause="Schedule A 1.3", page=11),
            price("DIA-500M", "MRC", "flat", "905.00", since="2026-03-16", clause="Amendment 2, item 4", page=2),
        ),
        (billed("699.03", "DIA-500M", days="2026-03-10..2026-04-01", words="Dedicated Internet 500 Mbps"),),
    ),
    Case(
        "Committed rate and 95th percentile",
        "200 Mbit/s are paid in any case; what the 95th percentile of the month lies above them costs 3.25. The "
        "samples are sorted, the highest twentieth of them is left out, and the next one counts. Here the "
        "carrier billed its peak.",
        (price("IPB-95", "MRC", "percentile", "2.50", "commit=200; overage=3.25", clause="Schedule C 2", page=17),),
        (billed("1722.00", "IPB-95", days=_APRIL, quantity="576", words="Burstable Internet, 95th percentile"),),
        "8,640 samples of five minutes from the port's counters, none missing.",
        {1: _traffic()},
    ),
    Case(
        "Data cap",
        "1,000 GB are in the monthly price; above them each block of 50 GB that is begun costs 10.00.",
        (price("MOB-CAP", "USAGE", "data_cap", "10.00", "cap=1000; block=50", clause="Schedule D 4", page=19),),
        (billed("30.00", "MOB-CAP", "USAGE", quantity="1120", words="Traffic above the plan, GB"),),
    ),
)
