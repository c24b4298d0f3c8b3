"""Recognised text for comparing: letters and figures that look alike are one."""

from __future__ import annotations

import unicodedata

from app.importers.pdf.layout import squeeze

_ALIKE = str.maketrans("oilsbzg|", "01158291")  # letters and the figures that they are taken for
NEAR_ENOUGH = 85  # per cent of the letters that are looked for, in their order
SHORTEST = 8  # letters: what is shorter must be found as it is


def fold(text: str) -> str:
    """The letters and figures of `text` without accents, case and what tells those that look alike apart."""
    plain = unicodedata.normalize("NFKD", squeeze(text))
    return "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter == "|")).translate(
        _ALIKE
    )
