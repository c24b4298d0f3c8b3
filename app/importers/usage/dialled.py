"""Columns of telephone numbers as whole numbers: the same as `NumberRules.normalise` gives one by one.

A number of up to 15 digits is one integer, its key: the digits filled up with 0 on the right to 15, times 16, plus how
many of them are its own. Keys are in the order of the texts.
"""

from __future__ import annotations

import numpy as np

from app.importers.usage.numbers import MOST_DIGITS, NumberRules
from app.importers.usage.words import TENS, Flags, Ints, Text, read_digits

UNKNOWN = -1
FEWEST_DIGITS = 3


def pack_number(digits: str) -> int:
    """The key of a number's digits, UNKNOWN where there are none."""
    return int(digits.ljust(MOST_DIGITS, "0")) * 16 + len(digits) if digits else UNKNOWN


def unpack_number(key: int) -> str:
    """The digits of which `key` is made: the opposite of `pack_number`."""
    return "" if key < 0 else f"{key >> 4:0{MOST_DIGITS}d}"[: key & 15]


def read_numbers(text: Text, starts: Ints, ends: Ints, rules: NumberRules) -> tuple[Ints, Flags]:
    """The key of each [start, end), and whether it is certain: digits alone, or a plus and digits."""
    plus = text.octets_at(starts) == ord("+")
    values, fine = read_digits(text, starts + plus, ends)
    lengths = ends - starts - plus
    values, lengths, known = _to_e164(rules, values, np.minimum(np.maximum(lengths, 0), 16), plus)
    fine &= known & (lengths >= FEWEST_DIGITS) & (lengths <= MOST_DIGITS)
    room = np.minimum(np.maximum(MOST_DIGITS - lengths, 0), MOST_DIGITS)
    return np.where(fine, values * TENS.take(room) * 16 + lengths, UNKNOWN), fine


def _to_e164(rules: NumberRules, values: Ints, lengths: Ints, plus: Flags) -> tuple[Ints, Ints, Flags]:
    certain = np.ones(len(values), dtype=bool)
    if not rules.country:
        return *_add_north_american(values, lengths, ~plus), certain
    open_ = ~plus
    found, digits = values, lengths
    for prefix in rules.international:
        here = open_ & _starts_with(values, lengths, prefix)
        left = np.minimum(np.maximum(lengths - len(prefix), 0), 16)
        found = np.where(here, values % TENS.take(left), found)
        digits = np.where(here, left, digits)
        open_ &= ~here
    if rules.country == "1":
        return *_add_north_american(found, digits, open_), certain
    country, size = int(rules.country), len(rules.country)
    if rules.trunk:
        here = open_ & _starts_with(values, lengths, rules.trunk)
        left = np.minimum(np.maximum(lengths - len(rules.trunk), 0), 16)
        found, digits, certain = _add_country(
            found, digits, here, values % TENS.take(left), left, country, size, certain
        )
        open_ &= ~here
    here = open_ & ~_starts_with(values, lengths, rules.country)
    return _add_country(found, digits, here, values, lengths, country, size, certain)


def _add_country(
    found: Ints, digits: Ints, here: Flags, values: Ints, lengths: Ints, country: int, size: int, certain: Flags
) -> tuple[Ints, Ints, Flags]:
    """The country's code before `values` of `lengths` digits in the rows `here`; too long ones are not certain."""
    fits = lengths + size <= MOST_DIGITS
    longer = np.where(fits, values + country * TENS.take(np.where(fits, lengths, 0)), 0)
    return np.where(here, longer, found), np.where(here, lengths + size, digits), certain & (fits | ~here)


def _add_north_american(values: Ints, lengths: Ints, open_: Flags) -> tuple[Ints, Ints]:
    """A 1 before the ten digits of a North American number: its area code and exchange begin with 2 to 9."""
    here = open_ & (lengths == 10) & (values >= 2_000_000_000) & (values // 1_000_000 % 10 >= 2)
    return values + here * 10_000_000_000, lengths + here


def _starts_with(values: Ints, lengths: Ints, prefix: str) -> Flags:
    left = lengths - len(prefix)
    found: Flags = (left >= 0) & (values // TENS.take(np.minimum(np.maximum(left, 0), 16)) == int(prefix))
    return found
