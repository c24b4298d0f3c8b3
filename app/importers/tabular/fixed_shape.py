"""Whether a text without names of columns is of a layout of fixed width: by the length of its lines and its figures."""

from __future__ import annotations

import re
from collections.abc import Collection

from app.importers.tabular.fixed import FixedLayout, is_rule

_FIGURES = re.compile(r"[-+ ]?[0-9][0-9.,/: -]*[-+]?[A-R{}]?|", re.ASCII)
_SEARCHED_LINES = 40


def fits_layout(opening: str, layout: FixedLayout, length: int, digits: Collection[str]) -> bool:
    """Whether all whole lines at the beginning of a text are `length` long (0: however long) and hold figures alone in
    the columns `digits`. Where neither is asked, each text fits."""
    if not (length or digits):
        return True
    lines = [line.rstrip("\r\x1a") for line in opening.split("\n")]
    whole = [line for line in (lines[:-1] or lines) if line.strip() and not is_rule(line)][:_SEARCHED_LINES]
    if length and any(len(line) != length for line in whole):
        return False
    return bool(whole) and all(_has_figures(line, layout, digits) for line in whole)


def _has_figures(line: str, layout: FixedLayout, digits: Collection[str]) -> bool:
    kind = next((record for record in layout.records if line.startswith(record.prefix)), None)
    if kind is None:
        return False
    columns = [column for column in kind.columns if column.name in digits]
    cells = (line[column.start - 1 : column.start - 1 + column.length].strip() for column in columns)
    return all(_FIGURES.fullmatch(cell) for cell in cells)
