"""Text as banks take it: other letters are written in the nearest Latin ones, what has none becomes a space."""

from __future__ import annotations

import re
import unicodedata

_SPELLED = {
    "ß": "ss",
    "Æ": "AE",
    "æ": "ae",
    "Œ": "OE",
    "œ": "oe",
    "Ø": "O",
    "ø": "o",
    "Ł": "L",
    "ł": "l",
    "Đ": "D",
    "đ": "d",
    "Þ": "Th",
    "þ": "th",
    "ı": "i",
    "€": "EUR",
    "–": "-",
    "—": "-",
    "’": "'",
    "‘": "'",
}
_NOT_SEPA = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_NOT_ASCII = re.compile(r"[^ -~]")
_SPACES = re.compile(r" {2,}")


def to_latin(text: str) -> str:
    """`text` in the character set of SEPA: Latin letters, digits, space and / - ? : ( ) . , ' +."""
    spelled = _without_accents(text.replace("&", "+"))
    return _SPACES.sub(" ", _NOT_SEPA.sub(" ", spelled)).strip()


def to_ach(text: str, length: int) -> str:
    """`text` for a field of a NACHA file: ASCII in upper case, at most `length` characters."""
    spelled = _without_accents(text)
    return _SPACES.sub(" ", _NOT_ASCII.sub(" ", spelled)).strip().upper()[:length].rstrip()


def _without_accents(text: str) -> str:
    spelled = "".join(_SPELLED.get(letter, letter) for letter in text)
    return "".join(letter for letter in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(letter))
