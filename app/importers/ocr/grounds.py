"""Light text on dark grounds, turned to dark on light: the recogniser reads only that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

_INK = 128  # shades below are dark
_CELL = 20  # dots: a ground is looked for in squares of that size
_MOSTLY = 50  # per cent of dark dots, of a square and of an edge of the ground
_FILLED = 75  # per cent of dark squares in the box around a ground: a ring or a drawn line is none
_WIDE, _HIGH = 10, 3  # squares: a smaller spot holds no words


def lighten_grounds(image: Image) -> Image:
    """The grey picture with each dark box that may hold words inverted; the same picture where there is none."""
    import numpy
    from PIL.Image import fromarray

    shades = numpy.array(image)
    dark = shades < _INK
    boxes = list(_find_grounds(dark))
    for top, bottom, left, right in boxes:
        shades[top:bottom, left:right] = 255 - shades[top:bottom, left:right]
    return fromarray(shades) if boxes else image


def _find_grounds(dark: Any) -> Iterator[tuple[int, int, int, int]]:
    """The dark boxes: top, bottom, left, right in dots."""
    down, across = (side // _CELL for side in dark.shape)
    squares = dark[: down * _CELL, : across * _CELL].reshape(down, _CELL, across, _CELL).sum(axis=(1, 3))
    cells = {(int(y), int(x)) for y, x in zip(*(squares * 100 > _MOSTLY * _CELL * _CELL).nonzero(), strict=True)}
    while cells:
        group = _take_group(cells)
        top, bottom = min(y for y, _ in group), max(y for y, _ in group) + 1
        left, right = min(x for _, x in group), max(x for _, x in group) + 1
        high, wide = bottom - top, right - left
        if high >= _HIGH and wide >= _WIDE and len(group) * 100 >= _FILLED * high * wide:
            yield _fit(dark, [top * _CELL, bottom * _CELL, left * _CELL, right * _CELL])


def _take_group(cells: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Take squares that touch each other out of `cells`."""
    waiting = [cells.pop()]
    group = set(waiting)
    while waiting:
        y, x = waiting.pop()
        beside = {(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)} & cells
        cells -= beside
        group |= beside
        waiting += beside
    return group


def _fit(dark: Any, box: list[int]) -> tuple[int, int, int, int]:
    """The box with its edges moved, by one square at most, to where the ground ends."""
    top, bottom, left, right = box
    down, across = dark.shape

    def is_dark(line: Any) -> bool:
        return bool(line.sum() * 100 > _MOSTLY * line.size)

    for _ in range(_CELL):
        top -= top > 0 and is_dark(dark[top - 1, left:right])
        bottom += bottom < down and is_dark(dark[bottom, left:right])
        left -= left > 0 and is_dark(dark[top:bottom, left - 1])
        right += right < across and is_dark(dark[top:bottom, right])
    for _ in range(_CELL):
        top += not is_dark(dark[top, left:right])
        bottom -= not is_dark(dark[bottom - 1, left:right])
        left += not is_dark(dark[top:bottom, left])
        right -= not is_dark(dark[top:bottom, right - 1])
    return top, bottom, left, right
