"""Identifiers as carriers print them, brought to one form for matching; the printed form is kept beside it."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^0-9A-Z]")
_NOT_DIGIT = re.compile(r"[^0-9]")
_EXTENSION = re.compile(r"(?<=[0-9).\s,;])[\s,;.]*(?:extension|extn|ext|x|#)[\s.:=#]*[0-9]{1,8}\s*$", re.IGNORECASE)
_NORTH_AMERICAN = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")


def circuit_key(printed: str) -> str:
    """'80/KXGS/000123//MCI', '80.KXGS.000123..MCI' and '80 kxgs 000123 mci' are one circuit."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", printed).upper())


def tn_key(printed: str) -> str:
    """Digits of a telephone number; a North American number without its country code gets the 1.

    Its area code and its exchange begin with 2 to 9 (the numbering plan's rule), which tells it from the ten digits of
    another country's national number. An extension behind it ("x5", "ext. 77") is no part of the number, nor is the
    (0) behind a plus, which is dialled only inside the country.
    """
    plain = _EXTENSION.sub("", unicodedata.normalize("NFKC", printed).strip())
    abroad = plain.startswith("+")
    digits = _NOT_DIGIT.sub("", plain.replace("(0)", "") if abroad else plain)
    return f"1{digits}" if _NORTH_AMERICAN.fullmatch(digits) and not abroad else digits


def ban_key(printed: str) -> str:
    """Letters and digits of an account number, upper case."""
    return circuit_key(printed)


def number_key(printed: str) -> str:
    """An invoice number for comparing: letters and digits, upper case, without leading zeros."""
    return circuit_key(printed).lstrip("0")


def name_key(printed: str) -> str:
    """A carrier's name for comparing: case, spaces, punctuation and accents do not count."""
    plain = unicodedata.normalize("NFKD", printed).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
