"""Telephone numbers as carriers write them, brought to the digits of E.164."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.domain.identifiers import tn_key
from app.importers.tabular.definition import TomlTable
from app.importers.values import BadValue

_NOT_DIGIT = re.compile(r"[^0-9]")
# letters (an extension, 3.13E+10), codes dialled before a number, pauses, several numbers in one cell
_NO_PART = re.compile(r"[^\W\d_]|[*#,;:=@]|(?![0-9])\d")
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class NumberRules:
    """How numbers are dialled where the records come from. Without a `country` only North American ones are known."""

    country: str = ""
    international: tuple[str, ...] = ()
    trunk: str = ""

    def normalise(self, printed: str) -> str:
        """The digits of E.164, with country code and without plus; raises BadValue where it is no number."""
        return _normalise(self, printed)

    def normalise_other(self, printed: str) -> str:
        """The other party's digits; "" where the record does not tell (withheld, anonymous)."""
        if not any(letter.isdigit() for letter in printed):
            return ""
        return self.normalise(printed)


@lru_cache(maxsize=1 << 16)  # a file of calls repeats its numbers
def _normalise(rules: NumberRules, printed: str) -> str:
    if strange := _NO_PART.search(printed):
        raise BadValue(text=printed[:40], why=f"'{strange[0]}' is no part of a telephone number")
    digits = _NOT_DIGIT.sub("", printed)
    if not digits or len(digits) > MOST_DIGITS + 3:
        raise BadValue(text=printed[:40], why="a telephone number of at most 15 digits is wanted")
    found = _to_e164(rules, printed, digits)
    if not 3 <= len(found) <= MOST_DIGITS:
        raise BadValue(text=printed[:40], why="a telephone number of 3 to 15 digits is wanted")
    return found


def _to_e164(rules: NumberRules, printed: str, digits: str) -> str:
    if not rules.country:
        return tn_key(printed)
    if printed.strip().startswith("+"):
        return _without_trunk(printed)
    prefix = next((one for one in rules.international if digits.startswith(one)), "")
    if prefix:
        return _without_trunk(printed)[len(prefix) :]
    if rules.country == "1":
        return tn_key(digits)
    if rules.trunk and digits.startswith(rules.trunk):
        return rules.country + digits[len(rules.trunk) :]
    return digits if digits.startswith(rules.country) else rules.country + digits


def _without_trunk(printed: str) -> str:
    """The digits behind a country's code, without the (0) that is dialled only inside the country."""
    return _NOT_DIGIT.sub("", printed.replace("(0)", ""))


def read_number_rules(table: TomlTable) -> NumberRules:
    """The table `numbers` of a mapping."""
    numbers = table.table("numbers")
    found = NumberRules(numbers.text("country", ""), numbers.texts("international"), numbers.text("trunk", ""))
    for key, written in (("country", found.country), ("trunk", found.trunk)):
        if written and not (written.isascii() and written.isdigit()):
            raise numbers.fault(key, "digits are wanted")
    if not found.country and (found.international or found.trunk):
        raise numbers.fault("country", "international and trunk need the country's code, such as 49")
    numbers.finish()
    return found
