"""Calls priced in the plainest way, second by second, from domain/rating 5.1 and the definitions of the voice terms.

It is given the same values as the engine (calls, deck rows, places, terms) and reads only their fields.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

HOLIDAY = 7


def wall(moment: int, terms: Any) -> datetime:
    return datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(terms.time_zone))


def kind_of(day: date, terms: Any) -> int:
    """The weekday, or HOLIDAY on a holiday where any band names holidays."""
    if day in terms.holidays and any(HOLIDAY in band.days for band in terms.bands):
        return HOLIDAY
    return day.weekday()


def begins_on(band: Any, day: date, terms: Any) -> bool:
    return kind_of(day, terms) in band.days and (not band.months or day.month in band.months)


def holds(band: Any, moment: int, terms: Any) -> bool:
    """Whether the band holds: it began today, or yesterday and runs past midnight."""
    shown = wall(moment, terms)
    today, minute = shown.date(), shown.hour * 60 + shown.minute
    if kind_of(today, terms) == HOLIDAY and HOLIDAY not in band.days:
        return False
    if band.end > band.start:
        return begins_on(band, today, terms) and band.start <= minute < band.end
    if minute >= band.start:
        return begins_on(band, today, terms)
    return minute < band.end and begins_on(band, today - timedelta(days=1), terms)


def band_at(moment: int, terms: Any) -> str:
    holding = [band for band in terms.bands if holds(band, moment, terms)]
    if not holding:
        return ""
    heaviest = max(band.weight for band in holding)
    return min(str(band.name) for band in holding if band.weight == heaviest)


def count_seconds(answered: int, initial: int, increment: int) -> int:
    """The meter jumps by the initial seconds, then by an increment each time that it has run out."""
    if answered <= 0:
        return 0
    meter = initial
    while meter < answered:
        meter += increment
    return meter


def place_of(number: str, places: list[Any]) -> Any:
    for length in range(len(number), 0, -1):
        for place in places:
            if place.prefix == number[:length]:
                return place
    return None


def jurisdiction_of(line: str, number: str, places: list[Any]) -> str:
    ours, other = place_of(line, places), place_of(number, places)
    if (ours and ours.toll_free) or (other and other.toll_free):
        return "toll_free"
    if not ours or not other or not ours.country or not other.country:
        return "unknown"
    if ours.country != other.country:
        return "international"
    if not ours.state or not other.state:
        return "unknown"
    if ours.state != other.state:
        return "interstate"
    if not ours.lata or ours.lata != other.lata:
        return "intrastate"
    return "local" if ours.local and ours.local == other.local else "intralata"


def row_of(number: str, day: date, jurisdiction: str, band: str, rows: list[Any]) -> Any:
    """The longest prefix that has a row in force for the jurisdiction and the band; of its rows the best."""
    for length in range(len(number), -1, -1):
        best = None
        for place, row in enumerate(rows):
            if (
                row.prefix != number[:length]
                or row.jurisdiction not in ("", jurisdiction)
                or row.band not in ("", band)
            ):
                continue
            if day < row.effective_from or (row.effective_to is not None and day >= row.effective_to):
                continue
            merit = (row.jurisdiction != "", row.band != "", row.effective_from, place)
            if best is None or merit > best[0]:
                best = (merit, row)
        if best is not None:
            return best[1]
    return None


class Priced:
    """What became of a call: `seconds` holds (band, price of this second before any discount) one by one."""

    def __init__(self, call: Any) -> None:
        self.call = call
        self.zone = ""
        self.unpriced = True
        self.jurisdiction = ""
        self.band = ""
        self.price = Fraction(0)
        self.seconds: list[Fraction] = []
        self.free = 0
        self.connect = Fraction(0)
        self.usage = Fraction(0)
        self.cost = Fraction(0)


def price_call(call: Any, rows: list[Any], places: list[Any], terms: Any) -> Priced:
    found = Priced(call)
    number = call.number if len(call.number) <= 15 else ""
    day = wall(call.started, terms).date()
    found.band = band_at(call.started, terms)
    found.jurisdiction = jurisdiction_of(call.line, number, places)
    first = look_up(number, day, found.jurisdiction, found.band, rows, terms)
    if first is None:
        return found
    found.price, row = first
    initial = terms.initial if row.initial is None else row.initial
    increment = terms.increment if row.increment is None else row.increment
    for second in range(count_seconds(call.seconds, initial, increment)):
        band = band_at(call.started + second, terms) if terms.band_policy == "split" else found.band
        here = look_up(number, day, found.jurisdiction, band, rows, terms)
        if here is None:
            found.seconds = []
            return found
        percent = 100
        for start, share in terms.rate_groups:
            if second >= start:
                percent = share
        found.seconds.append(here[0] / 60 * percent / 100)
    found.zone, found.unpriced = row.zone, False
    if found.seconds:
        found.connect = Fraction(terms.connect if row.connect is None else row.connect)
    found.usage = sum(found.seconds, Fraction(0))
    return found


def look_up(number: str, day: date, jurisdiction: str, band: str, rows: list[Any], terms: Any) -> Any:
    """(price of a minute, row that says the rest), or None."""
    if jurisdiction != "unknown" or terms.piu is None:
        row = row_of(number, day, jurisdiction, band, rows)
        return None if row is None else (Fraction(row.price), row)
    share = Fraction(terms.piu)
    far = row_of(number, day, "interstate", band, rows)
    near = row_of(number, day, "intrastate", band, rows)
    if (share and far is None) or (share != 1 and near is None):
        return None
    mixed = (share * Fraction(far.price) if share else 0) + ((1 - share) * Fraction(near.price) if share != 1 else 0)
    return mixed, (far if share else near)


def settle(found: Priced, terms: Any) -> None:
    """Definition 5: connect fee and usage, then the payphone's surcharge."""
    if found.unpriced or not found.seconds:
        return
    found.cost = max(found.connect, found.usage) if terms.deductible else found.connect + found.usage
    if found.call.payphone:
        found.cost += Fraction(terms.payphone)


def price_calls(calls: list[Any], rows: list[Any], places: list[Any], terms: Any) -> list[Priced]:
    """All calls of a period in order of their starts, second by second through the bundle and the tiers."""
    found = [price_call(call, rows, places, terms) for call in calls]
    in_order = sorted((one for one in found if not one.unpriced), key=lambda one: one.call.started)
    if terms.bundle is not None:
        use_bundle(in_order, terms.bundle)
    if terms.tiers is not None:
        discount(in_order, terms.tiers)
    for one in found:
        settle(one, terms)
    return found


def use_bundle(calls: list[Priced], bundle: Any) -> None:
    left: dict[str, int] = {}
    for one in calls:
        pool = "" if bundle.pooled else one.call.line
        left.setdefault(pool, bundle.seconds + bundle.carried)
        if bundle.zones and one.zone not in bundle.zones:
            continue
        while one.free < len(one.seconds) and left[pool] > 0:
            one.free += 1
            left[pool] -= 1
        one.usage = sum(one.seconds[one.free :], Fraction(0))
        if bundle.waives_connect and one.seconds and one.free == len(one.seconds):
            one.connect = Fraction(0)


def discount(calls: list[Priced], tiers: Any) -> None:
    unit = Fraction(1) if tiers.measure == "minutes" else Fraction(1, 10**10)
    bounds = [(None if tier.upto is None else tier.upto * unit, tier.percent) for tier in tiers.tiers]
    counted: dict[str, Fraction] = {}

    def measure(price: Fraction) -> Fraction:
        return Fraction(1) if tiers.measure == "minutes" else price

    for one in calls:
        pool = "" if tiers.pooled else one.call.line
        place, usage = counted.get(pool, Fraction(0)), Fraction(0)
        for price in one.seconds[one.free :]:
            amount = measure(price)
            usage += charge_slice(place, amount, price, bounds)
            place += amount
        counted[pool] = place
        one.usage = usage
    if tiers.mode == "volume":
        for one in calls:
            total = counted["" if tiers.pooled else one.call.line]
            percent = next((share for bound, share in bounds if bound is None or total <= bound), 100)
            one.usage = sum(one.seconds[one.free :], Fraction(0)) * percent / 100


def charge_slice(place: Fraction, amount: Fraction, price: Fraction, bounds: list[Any]) -> Fraction:
    """One second's cost, tier by tier: the part of it that lies between two bounds at that tier's per cent."""
    if not amount:
        return Fraction(0)
    total, low, covered = Fraction(0), Fraction(0), Fraction(0)
    for bound, percent in bounds:
        high = place + amount if bound is None else bound
        part = max(Fraction(0), min(high, place + amount) - max(low, place))
        total += price * part / amount * percent / 100
        covered += part
        low = high
    return total + price * (amount - covered) / amount


def round_to(value: Fraction, places: int, mode: str) -> Fraction:
    """`value` rounded to decimal places, a credit as the mirror of its charge."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    half = Fraction(1, 2)
    up = {
        "half_up": rest >= half,
        "up": rest > 0,
        "half_even": rest > half or (rest == half and whole % 2 == 1),
        "truncate": False,
    }[mode]
    rounded = Fraction(whole + up, 10**places)
    return -rounded if value < 0 else rounded


def add_up(found: list[Priced], terms: Any) -> Fraction:
    """The total, rounded where the contract rounds."""
    if terms.scope == "call":
        return sum((round_to(one.cost, terms.places, terms.rounding) for one in found), Fraction(0))
    if terms.scope == "zone":
        zones = {one.zone for one in found}
        sums = [sum((one.cost for one in found if one.zone == zone), Fraction(0)) for zone in zones]
        return sum((round_to(each, terms.places, terms.rounding) for each in sums), Fraction(0))
    places = 6 if terms.scope == "bill" else terms.places
    return round_to(sum((one.cost for one in found), Fraction(0)), places, terms.rounding)
