"""The type of a charge whose bill does not tell it, from the words of its code and description."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from app.domain.vocabulary import ChargeType

WORDS_FILE = Path(__file__).resolve().parents[2] / "resources" / "charge_words.toml"


def guess_charge_type(code: str, description: str) -> ChargeType | None:
    """The type that resources/charge_words.toml gives for the words, None where it knows none of them."""
    text = f"{code} {description}".casefold()
    for charge_type, pattern in _patterns():
        if pattern.search(text):
            return charge_type
    return None


@cache
def _patterns() -> tuple[tuple[ChargeType, re.Pattern[str]], ...]:
    entries = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))["type"]
    return tuple(
        (
            ChargeType(entry["charge_type"]),
            re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word.casefold()) for word in entry["words"]) + r")(?!\w)"),
        )
        for entry in entries
    )
