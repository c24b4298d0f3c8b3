"""The columns of a text of fixed width, from the text itself: where all lines have a blank, and what stands above
them in the line with their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from app.importers.tabular.cells import tidy
from app.importers.tabular.fixed import LONGEST_RECORD, MOST_COLUMNS, is_rule
from app.importers.tabular.fixed_borders import are_parted, make_layout
from app.importers.tabular.guess_header import guess_header
from app.importers.tabular.guess_words import SUM_WORDS, plain_words
from app.importers.tabular.sheets import Row

MOST_LINES = 400
LONGEST_LINE = 2_000
_PARTS = re.compile(r"\S+(?: \S+)*")
_DRAWN = re.compile(r"[-=_]+")
_FIGURES = re.compile(r"[-+(]?[0-9][0-9.,/:' -]*[-+)]?")
_FEW = 30  # lines, in which each has to have the blank
_LEAST_COLUMNS = 2
_SHORTEST_RECORD, _LONGEST_GUESSED = 16, 1_000


def guess_fixed(text: str, header_row: int = 0, length: int = 0) -> dict[str, Any] | None:
    """The table `fixed` of a mapping for the text, None where no two columns are seen.

    `header_row` is the number of the line with the names, -1 for none, 0 where it is to be found; `length` is that of
    each record where no line ends stand between them.
    """
    length = length or find_record_length(text)
    lines = split_lines(text, length)
    if not lines or max(len(line) for _number, line in lines) > LONGEST_RECORD:
        return None
    number = header_row if header_row > 0 else 0 if header_row < 0 else _find_header(lines)
    header = next((line for at, line in lines if at == number), "")
    data = [line for at, line in lines if at > number and not is_rule(line) and line != header]
    sums = [line for line in data if is_sum(line)]
    rows = [line for line in data if not is_sum(line)] or data
    borders = _find_drawn(lines, number, rows) or find_borders(rows, header)
    if not _LEAST_COLUMNS <= len(borders) + 1 <= MOST_COLUMNS:
        return None
    return make_layout(header, borders, rows, sums, length)


def split_lines(text: str, length: int) -> list[tuple[int, str]]:
    """The first filled lines with their numbers from 1, or the first records where each is `length` long."""
    if length:
        starts = range(0, min(len(text), MOST_LINES * length), length)
        lines = [text[start : start + length] for start in starts]
    else:
        lines = [line.rstrip("\r\x85\x1a") for line in text[: MOST_LINES * LONGEST_LINE].split("\n", MOST_LINES)]
    return [(number, line) for number, line in enumerate(lines[:MOST_LINES], start=1) if line.strip()]


def find_record_length(text: str) -> int:
    """How long each record of a text without line ends is: the period at which most characters are of the same sort;
    0 where the text has lines."""
    body = text.rstrip("\r\n\x1a")
    if "\n" in body[:LONGEST_RECORD] or len(body) < 2 * _SHORTEST_RECORD:
        return 0
    sorts = [_sort_of(letter) for letter in body[:20_000]]
    best, best_share = 0, 0
    for length in range(_SHORTEST_RECORD, min(_LONGEST_GUESSED, len(body) // 2) + 1):
        if len(body) % length:
            continue
        alike = sum(1 for one, other in zip(sorts, sorts[length:], strict=False) if one == other)
        share = 1000 * alike // (len(sorts) - length) if len(sorts) > length else 0
        if share > best_share + 20:  # a multiple of the length is as much alike
            best, best_share = length, share
    return best


def _find_drawn(lines: Sequence[tuple[int, str]], header_row: int, rows: Sequence[str]) -> list[int]:
    """The borders that a line drawn below the names shows, "----- --------", where they part the rows."""
    below = next((line for at, line in lines if at > header_row > 0), "")
    if not is_rule(below):
        return []
    borders = [found.start() for found in _DRAWN.finditer(below.rstrip())][1:]
    return borders if borders and are_parted(borders, rows) else []


def find_borders(rows: Sequence[str], header: str = "") -> list[int]:
    """Before which character (from 0) each column but the first begins: behind blanks that all rows have, and the
    header, too. A blank between the words of one name or one text makes no border."""
    width = max((len(row) for row in rows), default=0)
    inked = [0] * width
    for row in rows:
        for place in _inked(row):
            inked[place] += 1
    allowed = 0 if len(rows) < _FEW else len(rows) * 2 // 100
    blank = [count <= allowed and not header[at : at + 1].strip() for at, count in enumerate(inked)]
    runs = _runs(blank)
    runs = _join(runs, rows, header)
    return [_border(before, after, rows) for before, after in pairwise(runs)]


def is_sum(line: str) -> bool:
    """Whether a line is a sum by its first word. A product may be called so, too: beside its name stands another text,
    such as its circuit, where beside that of a sum stand figures."""
    words = plain_words(line).split()
    first = next((one for one in SUM_WORDS if words[: len(one.split())] == one.split()), "")
    texts = [plain_words(part) for part in _PARTS.findall(line) if not _FIGURES.fullmatch(part)]
    return bool(first) and (len(texts) < 2 or texts[0] in SUM_WORDS)


def _find_header(lines: Sequence[tuple[int, str]]) -> int:
    worded = [(number, line) for number, line in lines if not is_rule(line) and not _is_mostly_digits(line)]
    rows = [Row(number, tuple(tidy(part) for part in _parts(line))) for number, line in worded]
    return guess_header([row for row in rows if len(row.cells) > 1])


def _is_mostly_digits(line: str) -> bool:
    written = [letter for letter in line if letter.isalnum()]
    return sum(map(str.isdigit, written)) * 3 > len(written)


def _parts(line: str) -> list[str]:
    """What stands in a line parted by two blanks, by one where it is all parted so."""
    return _PARTS.findall(line) if "  " in line.strip() else line.split()


def _inked(row: str) -> list[int]:
    return [place for place, letter in enumerate(row) if not letter.isspace()]


def _runs(blank: Sequence[bool]) -> list[tuple[int, int]]:
    """From where to where (exclusive) something stands."""
    found: list[tuple[int, int]] = []
    start = None
    for place, is_blank in enumerate([*blank, True]):
        if not is_blank and start is None:
            start = place
        elif is_blank and start is not None:
            found.append((start, place))
            start = None
    return found


def _join(runs: list[tuple[int, int]], rows: Sequence[str], header: str) -> list[tuple[int, int]]:
    """The runs, those made one that are one column: words of a name or of a text with one blank between them, or a name
    that does not stand above its values."""
    found: list[tuple[int, int]] = []
    for run in runs:
        last = found[-1] if found else None
        if last is not None and _are_one(last, run, rows, header):
            found[-1] = last[0], run[1]
        else:
            found.append(run)
    return found


def _are_one(one: tuple[int, int], other: tuple[int, int], rows: Sequence[str], header: str) -> bool:
    near = other[0] - one[1] == 1
    if not header.strip():
        return near and not any(_are_figures(run, rows) for run in (one, other))
    named = [bool(header[slice(*run)].strip()) for run in (one, other)]
    filled = [any(row[slice(*run)].strip() for row in rows) for run in (one, other)]
    if near:
        return not (all(named) and all(filled))
    return named != filled and named[0] != named[1] and filled[0] != filled[1]


def _are_figures(run: tuple[int, int], rows: Sequence[str]) -> bool:
    cells = [cell for row in rows if (cell := row[slice(*run)].strip())]
    return bool(cells) and all(_FIGURES.fullmatch(cell) for cell in cells)


def _border(before: tuple[int, int], after: tuple[int, int], rows: Sequence[str]) -> int:
    """In the blanks between two columns: next to the one that cannot grow into them."""
    ends = Counter(len(cell.rstrip()) for row in rows if (cell := row[slice(*after)]).strip())
    starts = Counter(len(cell) - len(cell.lstrip()) for row in rows if (cell := row[slice(*after)]).strip())
    right = len(ends) == 1 and len(starts) > 1
    return (before[1] + after[0] + 1) // 2 if right else after[0]


def _sort_of(letter: str) -> str:
    return "9" if letter.isdigit() else "A" if letter.isalpha() else letter
