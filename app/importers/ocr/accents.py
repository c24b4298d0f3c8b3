"""Layouts and lines without accents: the recogniser knows English, and takes à for a."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from app.importers.pdf.layout import Layout
from app.importers.pdf.text import Line, Word

# texts of a layout that stand on the page as they are; its names and the carrier's keep their accents
_PRINTED = frozenset({"label", "header", "end", "subtotals", "text"})


def fold_accents(layout: Layout, lines: Sequence[Line]) -> tuple[Layout, Sequence[Line]]:
    """Both without accents where the layout looks for accented letters; else both as they are."""
    plain: Layout = _fold(layout, printed=False)
    if plain == layout:
        return layout, lines
    return plain, [Line(line.page, tuple(_fold_word(word) for word in line.words)) for line in lines]


def without_accents(text: str) -> str:
    """`text` with é as e, ö as o, and so on; letters that are not made of two stay."""
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(letter for letter in parts if not unicodedata.combining(letter)))


def _fold_word(word: Word) -> Word:
    return replace(word, text=without_accents(word.text))


def _fold(value: Any, *, printed: bool) -> Any:
    if isinstance(value, re.Pattern):
        return re.compile(without_accents(value.pattern), value.flags)
    if isinstance(value, str):
        return without_accents(value) if printed else value
    if isinstance(value, tuple):
        return tuple(_fold(item, printed=printed) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {one.name: _fold(getattr(value, one.name), printed=one.name in _PRINTED) for one in fields(value)}
        return replace(value, **changed)
    return value
