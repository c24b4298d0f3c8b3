"""What is said once of a file of usage or of a statement: units, intervals, signs. Each is settled by the names or the
values of the columns where they tell it, and asked where they do not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from app.importers.tabular.cells import Cell, read_amount
from app.importers.tabular.guess_looks import are_clocks, are_national
from app.importers.tabular.guess_values import filled, look_for_amounts, look_for_dates
from app.importers.tabular.guess_words import plain_words
from app.importers.usage.moments import MomentFormat
from app.importers.values import BadValue, NumberFormat

if TYPE_CHECKING:
    from app.importers.tabular.guess_rows import RowsDraft

_COUNTERS = (
    *("hcin", "hcout", "ifhcinoctets", "ifhcoutoctets", "ifinoctets", "ifoutoctets", "counter"),
    *("if in octets", "if out octets"),
)
_RATES = (
    ("octet_counters", _COUNTERS),
    ("kbytes_per_second", ("kbytes s", "kbytes sec", "kbytes per second", "kilobytes per second")),
    ("mbytes_per_second", ("mbytes s", "mbytes sec", "mbytes per second", "megabytes per second")),
    ("bytes_per_second", ("bytes s", "bytes sec", "bytes per second", "octets s", "octets sec", "octets per second")),
    ("kbits_per_second", ("kbps", "kbit s", "kbits s", "kbit sec", "kbits sec", "kbits per second", "kb s")),
    ("mbits_per_second", ("mbps", "mbit s", "mbits s", "mbit sec", "mbits sec", "mbits per second", "mb s")),
    ("bits_per_second", ("bps", "bit s", "bits s", "bits per second", "bit per second", "bits sec")),
)
# a byte is written with a capital B before small letters: "MBps" and "MB/s" are eight times "Mbps" and "Mb/s"
_BYTES = re.compile(r"(?:(?<![A-Za-z])|(?<=[a-z]))[KkMm]?B(?:ps|/s)")
_NOT_SURE = re.compile(r"(?<![A-Za-z])[KM]?B/S(?![A-Za-z])")
# beside octets or bytes: counted by the second, in thousands, on average
_SCALED = re.compile(
    r"\b(?:s|sec|secs|second|seconds|rate|speed|avg|average|mean|k|m|g|[kmg]i?b|[kmgt]i?bytes?|thousands?|millions?)\b"
)
_TIMES = re.compile(r"(?<![A-Za-z0-9])[x×*] ?[0-9]|[0-9] ?[x×*](?![A-Za-z0-9])|\b10+(?:\^[0-9])?\b|[(\[](?:k|M|G)[)\]]")
_UNITS = (
    ("kwh", ("kwh", "kw h", "kw hr", "kw hrs", "kw hours", "kilowatt hours", "kilowatt hour", "kilowattstunden")),
    ("mwh", ("mwh", "mw h", "mw hours", "megawatt hours")),
    ("wh", ("wh", "w h", "watt hours", "watt hour", "wattstunden")),
    ("kw", ("kw", "kilowatt", "kilowatts")),
    ("amps", ("amps", "ampere", "amperes", "amp", "a")),
    ("w", ("watts", "watt", "w")),
)
_HOURS = ("hour", "hours", "hrs", "hr", "h", "std", "stunden", "heures", "horas")
_FACTORS = (
    *("multiplier", "multiplicator", "factor", "meter factor", "meter multiplier", "ct ratio", "ct multiplier"),
    *("faktor", "wandlerfaktor", "facteur", "multiplicateur", "multiplicador"),
)
_SECONDS = ("sec", "secs", "second", "seconds", "billsec", "sekunden", "sek", "secondes", "segundos", "s")
_MINUTES = ("min", "mins", "minute", "minutes", "minuten", "minutos")
_FROM = ("start", "from", "begin", "begins", "beginn", "von", "debut", "inicio")
_UNTIL = ("end", "ended", "until", "to", "ende", "bis", "fin")
_FEWEST_STEPS = 10  # from row to row, of which the share that falls says something
_MOST_FALLS = 20  # per cent; octets of intervals fall as often as they rise, counters only where they begin anew


def _has(name: str, words: tuple[str, ...]) -> bool:
    header = f" {plain_words(name)} "
    return any(f" {word} " in header for word in words)


def _settle_duration(draft: RowsDraft) -> None:
    if draft.kind.field("minutes") is not None:
        _settle_time_spent(draft)
        return
    values, name = draft.values("seconds"), draft.name("seconds")
    texts = [str(value) for value in filled(values)]
    if texts and are_clocks(values) and all(text.count(":") == 2 for text in texts):
        draft.set("duration", "h:m:s")
    elif texts and not are_clocks(values) and _has(name, _SECONDS) != _has(name, _MINUTES):
        draft.set("duration", "seconds" if _has(name, _SECONDS) else "minutes")
    else:
        draft.ask("duration", "The file does not say what its durations are counted in.")


def _settle_time_spent(draft: RowsDraft) -> None:
    """What the time of a job is counted in, minutes or hours; nothing where its end tells."""
    values, name = draft.values("minutes"), draft.name("minutes")
    texts = [str(value) for value in filled(values)]
    if not name:
        return
    if texts and are_clocks(values) and all(text.count(":") == 2 for text in texts):
        draft.set("duration", "h:m:s")
    elif not are_clocks(values) and _has(name, _HOURS) != _has(name, _MINUTES):
        draft.set("duration", "hours" if _has(name, _HOURS) else "minutes")
    else:
        draft.ask("duration", f"The file does not say whether '{name}' counts hours or minutes.")


def _settle_country(draft: RowsDraft) -> None:
    if any(are_national(draft.values(key)) for key in ("tn", "other_party")):
        draft.ask("numbers.country", "Some numbers are printed without a country's code.")


def _settle_rate(draft: RowsDraft) -> None:
    names = [draft.name("in"), draft.name("out")]
    found = [_rate_of(name) for name in names]
    falls = [share for key in ("in", "out") if (share := _share_of_falls(draft, key)) is not None]
    if found[0] and found[0] == found[1]:
        draft.set("rate", found[0])
        if found[0] == "octet_counters":
            _settle_counter_bits(draft, names)
    elif all(_counts_octets(name) for name in names) and falls and min(falls) > _MOST_FALLS:
        draft.set("rate", "octets")  # what falls so often is no counter
    else:
        draft.ask("rate", "The file does not say what its columns of traffic count.")


def _settle_counter_bits(draft: RowsDraft, names: list[str]) -> None:
    """SNMP calls its counters of 64 bits ifHCInOctets, those of 32 bits ifInOctets."""
    if any("hc" in plain_words(name) for name in names):
        draft.set("counter_bits", 64)
    elif all(plain_words(name).replace(" ", "").endswith(("ifinoctets", "ifoutoctets")) for name in names):
        draft.set("counter_bits", 32)


def _rate_of(name: str) -> str:
    """What a column of traffic counts by its name; "" where the name does not say, or says several things."""
    found = next((rate for rate, words in _RATES if _has(name, words)), "")
    if found == "octet_counters":
        return found
    if _TIMES.search(name) or _NOT_SURE.search(name):
        return ""
    return found.replace("bits", "bytes") if _BYTES.search(name) else found


def _counts_octets(name: str) -> bool:
    """Whether a name says octets, and nothing by which they are more or fewer than those of an interval."""
    plain = plain_words(name)
    return _has(name, ("octets", "bytes")) and not _SCALED.search(plain) and not _TIMES.search(name)


def _share_of_falls(draft: RowsDraft, key: str) -> int | None:
    """In how many per cent of the rows the numbers fall, port by port."""
    look = look_for_amounts(draft.values(key))
    if look is None:
        return None
    rows: dict[Cell, list[Decimal]] = {}
    ports = draft.values("circuit_id") or [""] * len(draft.values(key))
    for port, value in zip(ports, draft.values(key), strict=False):
        if value != "":
            rows.setdefault(port, []).append(read_amount(value, look.formats[0]))
    steps = [after < before for numbers in rows.values() for before, after in pairwise(numbers)]
    return 100 * sum(steps) // len(steps) if len(steps) >= _FEWEST_STEPS else None


def _settle_bins(draft: RowsDraft) -> None:
    """The interval, where nine in ten samples of a port lie so far apart."""
    moments = _read_moments(draft)
    ports = draft.values("circuit_id") or [""] * len(moments)
    rows: dict[Cell, list[int]] = {}
    for port, moment in zip(ports, moments, strict=False):
        rows.setdefault(port, []).append(moment)
    steps = Counter(abs(after - before) for numbers in rows.values() for before, after in pairwise(numbers))
    step, times = max(steps.items(), key=lambda one: one[1], default=(0, 0))
    if 1 <= step <= 86_400 and times * 10 >= 9 * sum(steps.values()):
        draft.set("bin_seconds", step)
    else:
        draft.ask("bin_seconds", "The moments do not tell how long an interval is.")


def _read_moments(draft: RowsDraft) -> list[int]:
    form = str(draft.mapping.get("time", {}).get("format", ""))
    values = draft.values("end")
    if draft.name("end+time"):
        values = [f"{day} {time}" for day, time in zip(values, draft.values("end+time"), strict=False)]
    try:
        return [MomentFormat((form or "epoch",), "UTC", second_of_two=False).read(value) for value in values]
    except BadValue:
        return []


def _settle_stamp(draft: RowsDraft) -> None:
    name = draft.name("end")
    if draft.mapping.get("rate") == "octet_counters" or _has(name, _UNTIL):
        return
    if _has(name, _FROM):
        draft.set("stamped_at_start", value=True)
    else:
        draft.ask("stamped_at_start", "The file does not say whether an interval begins or ends at its moment.")


def _settle_unit(draft: RowsDraft) -> None:
    found = next((unit for unit, words in _UNITS if _has(draft.name("value"), words)), "")
    if found:
        draft.set("unit", found)
    else:
        draft.ask("unit", "The file does not say what its readings are in.")


def _settle_factor(draft: RowsDraft) -> None:
    """What readings are multiplied by is said for the whole file: a column of factors is told, and so is a name."""
    value = draft.name("value")
    if _TIMES.search(value):
        draft.ask("factor", f"'{value}' seems to say what each reading is to be multiplied by.")
    for name, values in draft.columns.items():
        said = list(dict.fromkeys(str(one) for one in filled(values)))
        if name != value and _has(name, _FACTORS) and said and said != ["1"]:
            draft.ask("factor", f"The column '{name}' says {', '.join(said[:4])}, by which readings may be multiplied.")
            return


def _settle_days(draft: RowsDraft) -> None:
    days = [value for key in ("booked", "valued") for value in filled(draft.values(key))[:200]]
    look = look_for_dates(days) if days else None
    if look is None:
        if days:
            draft.ask("format.date", "The dates are written in more than one way.")
        return
    if any(isinstance(day, str) for day in days):
        if look.sure:
            draft.mapping["format"] |= {"date": look.formats[0]}
            draft.mapping["format"] |= {"language": look.language} if look.language != "en" else {}
        else:
            why = f"'{days[0]}' and the other dates can be read in several ways, and nothing in the file tells which."
            draft.ask("format.date", why, list(look.formats))


def _settle_sign(draft: RowsDraft) -> None:
    """By the balances, which rise with what comes in; without them amounts below 0 alone tell that there are signs."""
    if draft.name("side") or (draft.name("debit") and not draft.name("amount")):
        return
    amounts, balances = _numbers(draft, "amount"), _numbers(draft, "balance")
    if balances and len(balances) == len(amounts) > 1:
        steps = list(zip(balances, balances[1:], amounts, amounts[1:], strict=False))
        if all(after - before == moved for before, after, _first, moved in steps) or all(
            before - after == first for before, after, first, _moved in steps
        ):
            return
        if all(after - before == -moved for before, after, _first, moved in steps) or all(
            before - after == -first for before, after, first, _moved in steps
        ):
            draft.set("format.sign", "reversed")
            return
    if not any(one < 0 for one in amounts):
        draft.ask("format.sign", "No amount is negative: the file does not say what leaves the account.")


def _numbers(draft: RowsDraft, key: str) -> list[Decimal]:
    form = draft.mapping["format"]
    number = NumberFormat(form.get("decimal", "."), form.get("group", ","))
    try:
        return [read_amount(value, number) for value in draft.values(key) if value != ""]
    except BadValue:
        return []


# by the key of the setting; in this order: what tells of an interval's beginning asks what is counted
SETTLERS: dict[str, Callable[[RowsDraft], None]] = {
    "duration": _settle_duration,
    "numbers.country": _settle_country,
    "rate": _settle_rate,
    "bin_seconds": _settle_bins,
    "stamped_at_start": _settle_stamp,
    "unit": _settle_unit,
    "factor": _settle_factor,
    "format.date": _settle_days,
    "format.sign": _settle_sign,
}
