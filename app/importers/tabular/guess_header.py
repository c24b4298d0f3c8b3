"""Which row of a table holds the names of its columns."""

from __future__ import annotations

from collections.abc import Sequence

from app.importers.tabular.cells import Cell, header_key
from app.importers.tabular.guess_values import look_for_amounts, look_for_dates
from app.importers.tabular.guess_words import CHARGE_WORDS, INVOICE_WORDS, rank_header
from app.importers.tabular.sheets import Row

SEARCHED_ROWS = 50
_WORDS = (*INVOICE_WORDS.values(), *CHARGE_WORDS.values())


def guess_header(rows: Sequence[Row]) -> int:
    """The number of the row that seems to be the header, 0 where none does.

    It is the first one that is as wide as the rows below it, holds texts alone, each once, and most known names.
    """
    best, best_rank = 0, 0
    for place, row in enumerate(rows[:SEARCHED_ROWS]):
        cells = [cell for cell in row.cells if cell != ""]
        below = [len([cell for cell in other.cells if cell != ""]) for other in rows[place + 1 : place + 11]]
        width = max(below, default=0)
        if len(cells) < 2 or len(cells) * 10 < width * 6 or not _is_names(cells):
            continue
        known = sum(1 for cell in cells if any(rank_header(str(cell), words) for words in _WORDS))
        rank = known * 100 + len(cells)
        if rank > best_rank:
            best, best_rank = row.number, rank
    return best


def _is_names(cells: Sequence[Cell]) -> bool:
    keys = [header_key(cell) for cell in cells if isinstance(cell, str)]
    if len(keys) < len(cells) or len(set(keys)) < len(keys):
        return False
    values = sum(1 for key in keys if look_for_amounts([key]) or look_for_dates([key]))
    return values * 3 < len(keys)
