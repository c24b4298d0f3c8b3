"""Data cap: ceil(max(0, GB − cap) ÷ block) × price (domain/rating, 5.2).

Recorded traffic of all ports counts where there is any, else the GB that the bill states. Bins that are missing make
the sum too low, so the proof names them. "In" is what we download.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil

from app.domain.evidence import PortBins, TrafficFacts
from app.domain.parameters import Form, Parameter, Settings
from app.domain.proof import ProofStep, written
from app.rating.charge_models.measure import Measure, inner_step
from app.rating.percentile import expected_bins


class Gigabyte(StrEnum):
    DECIMAL = "decimal"  # 10^9 bytes
    BINARY = "binary"  # 2^30 bytes


class Direction(StrEnum):
    BOTH = "both"
    DOWN = "down"
    UP = "up"


BYTES = {Gigabyte.DECIMAL: 10**9, Gigabyte.BINARY: 2**30}
PARAMETERS = (
    Parameter("cap", Form.DECIMAL, "GB that the monthly price includes"),
    Parameter("block", Form.DECIMAL, "GB in a block above the cap; 0: each GB and part of it by itself", "1"),
    Parameter("gigabyte", Form.WORD, "decimal: 10^9 bytes, binary: 2^30", "decimal", Gigabyte),
    Parameter("direction", Form.WORD, "which way counts", "both", Direction),
)
UNIT = "GB"
NEEDS = None


def compute(measure: Measure) -> Decimal:
    """The amount, rounded by the contract."""
    settings, used = measure.settings(PARAMETERS), Fraction(measure.quantity)
    if isinstance(measure.evidence, TrafficFacts):
        octets = sum(_octets(port, settings) for port in measure.evidence.ports)
        used = Fraction(octets, BYTES[settings.word("gigabyte", Gigabyte)])
    above = max(Fraction(0), used - Fraction(settings.decimal("cap")))
    block = Fraction(settings.decimal("block"))
    return measure.round((ceil(above / block) if block else above) * measure.price)


def explain(measure: Measure) -> tuple[ProofStep, ...]:
    """The octets of each port, the blocks above the cap, and their price."""
    settings, used = measure.settings(PARAMETERS), written(measure.quantity)
    ports: list[ProofStep] = []
    if isinstance(traffic := measure.evidence, TrafficFacts):
        ways = f"octets, {settings.word('direction', Direction)} ({', '.join(traffic.batches) or 'recorded'})"
        ports = [
            inner_step(f"{port.circuit_id}: {ways}{_lacks(port, traffic)}", str(_octets(port, settings)))
            for port in traffic.ports
        ]
        octets = " + ".join(written(port.result) for port in ports) or "0"
        used = f"({octets}) ÷ {BYTES[settings.word('gigabyte', Gigabyte)]}"
    above, price = f"max(0, {used} − {written(settings.decimal('cap'))})", written(measure.element.price)
    if not (block := settings.decimal("block")):
        return (*ports, measure.step("GB above the cap × price", f"{above} × {price}"))
    begun = inner_step("Blocks begun above the cap", f"ceil({above} ÷ {written(block)})")
    return (*ports, begun, measure.step("Price of the blocks", f"{written(begun.result)} × {price}"))


def _lacks(port: PortBins, traffic: TrafficFacts) -> str:
    """The bins that `port` lacks, in words: what went through in them is not in the sum."""
    expected = expected_bins(traffic.start, traffic.end, traffic.bin_seconds)
    missing = expected - len(port.bins)
    return f", {missing:,} of {expected:,} bins missing" if missing else ""


def _octets(port: PortBins, settings: Settings) -> int:
    way = settings.word("direction", Direction)
    return sum((way is not Direction.UP) * came + (way is not Direction.DOWN) * went for _, came, went in port.bins)
