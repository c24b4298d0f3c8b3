"""The 95th percentile as domain/rating 5.2 says it, slowly: a list of every bin, sorted, and the k-th counted out."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

Bins = dict[int, tuple[int, int]]  # end of the bin → octets in, octets out


def position(bins: int, percent: int) -> int:
    return ceil(Fraction(percent, 100) * bins)


def fill(port: Bins, ends: list[int], missing: str) -> list[tuple[int, int] | None]:
    """One entry for each bin of the period; None where it does not count."""
    filled: list[tuple[int, int] | None] = []
    last = (0, 0)
    for end in ends:
        if end in port:
            last = port[end]
            filled.append(port[end])
        elif missing == "drop":
            filled.append(None)
        elif missing == "zero":
            filled.append((0, 0))
        else:
            filled.append(last)
    return filled


def count_out(values: list[Fraction], percent: int) -> Fraction:
    wanted = position(len(values), percent)
    for counted, value in enumerate(sorted(values), 1):
        if counted == wanted:
            return value
    return Fraction(0)


def bits_per_second(
    ports: list[Bins], start: int, end: int, seconds: int, percent: int, direction: str, missing: str
) -> Fraction:
    """8 × octets ÷ seconds of the bin in position k. Ports are added up bin by bin; a bin that a port lacks and that
    is not filled does not count."""
    ends = list(range(start + seconds, end + 1, seconds))
    filled = [fill(port, ends, missing) for port in ports]
    rates: list[tuple[Fraction, Fraction]] = []
    for place in range(len(ends)):
        of_ports = [port[place] for port in filled]
        if any(one is None for one in of_ports):
            continue
        octets_in = sum(one[0] for one in of_ports if one is not None)
        octets_out = sum(one[1] for one in of_ports if one is not None)
        rates.append((Fraction(8 * octets_in, seconds), Fraction(8 * octets_out, seconds)))
    if not rates:
        return Fraction(0)
    into = count_out([rate[0] for rate in rates], percent)
    out = count_out([rate[1] for rate in rates], percent)
    match direction:
        case "in":
            return into
        case "out":
            return out
        case "larger":
            return into if into > out else out
        case "sum":
            return count_out([rate[0] + rate[1] for rate in rates], percent)
        case _:
            return count_out([rate[0] if rate[0] > rate[1] else rate[1] for rate in rates], percent)


def megabits(rate: Fraction, rounding: str, places: int) -> Fraction:
    exact = rate / 1_000_000
    if rounding == "up":
        whole = 0
        while whole < exact:
            whole += 1
        return Fraction(whole)
    if rounding == "places":
        step = Fraction(1, 10**places)
        low = exact // step * step
        return low + step if exact - low >= step / 2 else low
    return exact


def charge(mbps: Fraction, commit: Fraction, price: Fraction, overage: Fraction) -> Fraction:
    """Before rounding to money: below the commitment pays the commitment."""
    if mbps <= commit:
        return commit * price
    return commit * price + (mbps - commit) * overage
