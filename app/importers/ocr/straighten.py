"""Pages put upright and straight before they are read, and the way back for the places of what was read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.source import Box

if TYPE_CHECKING:
    from PIL.Image import Image

_LOOKED_AT = 800  # dots across: enough to see the lines lie
_MOST_SKEW = 500  # hundredths of a degree
_NO_SKEW = 10
_INK = 160  # shades below are ink
_WHITE = 255
_RULE_LENGTH, _RULE_THICKNESS = 120, 14  # dots: longer and thinner than that is a rule of a table
_RULE_INK = 200


@dataclass(frozen=True, slots=True)
class Placing:
    """How a picture was turned: first by `turn` degrees (0, 90, 180, 270), then by `skew` hundredths of a degree,
    both against the clock. `size` is that of the picture as it came, `dots` its resolution."""

    size: tuple[int, int]
    dots: Fraction
    turn: int = 0
    skew: int = 0

    @property
    def straight_size(self) -> tuple[int, int]:
        """Width and height of the straight page, in hundredths of a point."""
        width, height = (int(side * 7200 / self.dots) for side in self.size)
        return (height, width) if self.turn in (90, 270) else (width, height)

    def box(self, left: int, top: int, right: int, bottom: int) -> Box:
        """The box of dots on the straight picture, in hundredths of a point of the straight page."""
        return Box(*(int(dot * 7200 / self.dots) for dot in (left, top, right, bottom)))

    def box_as_scanned(self, box: Box) -> Box:
        """Where a box of the straight page stands on the page as it came."""
        if not self.turn and not self.skew:
            return box
        corners = [self._as_scanned(x, y) for x in (box.x0, box.x1) for y in (box.top, box.bottom)]
        width, height = (int(side * 7200 / self.dots) for side in self.size)
        across, down = [min(max(x, 0), width) for x, _ in corners], [min(max(y, 0), height) for _, y in corners]
        return Box(min(across), min(down), max(across), max(down))

    def _as_scanned(self, x: int, y: int) -> tuple[int, int]:
        width, height = (side * 7200 / self.dots for side in self.size)
        if self.turn in (90, 270):
            width, height = height, width
        angle = -math.radians(Fraction(self.skew, 100))
        right, down = x - width / 2, y - height / 2
        x = int(math.cos(angle) * right + math.sin(angle) * down + width / 2)
        y = int(-math.sin(angle) * right + math.cos(angle) * down + height / 2)
        if self.turn == 90:  # what was at the right is now on top
            return int(height) - y, x
        if self.turn == 180:
            return int(width) - x, int(height) - y
        if self.turn == 270:
            return y, int(width) - x
        return x, y


def straighten(image: Image, dots: Fraction, turn: int = 0) -> tuple[Image, Placing]:
    """The picture turned by `turn` and then so that its lines lie level."""
    upright = _turn(image, turn)
    placing = Placing(image.size, dots, turn, _find_skew(upright))
    return _level(upright, placing.skew), placing


def lay(image: Image, placing: Placing) -> Image:
    """The picture as it was turned to be read."""
    return _level(_turn(image, placing.turn), placing.skew)


def _turn(image: Image, turn: int) -> Image:
    from PIL.Image import Transpose

    turns = {90: Transpose.ROTATE_90, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_270}
    return image.transpose(turns[turn]) if turn else image


def _level(image: Image, skew: int) -> Image:
    from PIL.Image import Resampling

    if not skew:
        return image
    return image.rotate(Fraction(skew, 100), resample=Resampling.BICUBIC, fillcolor=_WHITE)  # type: ignore[arg-type]


def _find_skew(image: Image) -> int:
    """By how many hundredths of a degree the page must be turned for its lines to lie level."""
    import numpy

    step = max(1, image.size[0] // _LOOKED_AT)
    small = numpy.asarray(image.reduce(step) if step > 1 else image)
    down, across = numpy.nonzero(small < _INK)
    if down.size == 0 or down.size * 2 > small.size:
        return 0
    height, width = small.shape

    def sharpness(angle: int) -> int:
        """Level lines fill few rows of dots, each of them well."""
        slope = math.tan(math.radians(Fraction(angle, 100)))
        rows = (down + slope * (across - width / 2)).astype(numpy.int64) + height
        filled = numpy.bincount(numpy.clip(rows, 0, 3 * height))
        return int((filled.astype(numpy.int64) ** 2).sum())

    coarse = max(range(-_MOST_SKEW, _MOST_SKEW + 1, 50), key=sharpness)
    middle = max(range(coarse - 50, coarse + 51, 10), key=sharpness)
    best = max(range(middle - 8, middle + 9, 2), key=sharpness)
    # a line that rises to the right is shifted down, which is a turn with the clock
    return -best if abs(best) >= _NO_SKEW and sharpness(best) > sharpness(0) else 0


def without_rules(image: Image) -> Image:
    """The picture without the rules of its tables, which read as letters where they touch figures."""
    import numpy
    from PIL.Image import fromarray

    shades = numpy.array(image)
    ink = shades < _RULE_INK
    for axis in (1, 0):
        rules = _runs(ink, _RULE_LENGTH, axis)
        bands = _runs(rules, _RULE_THICKNESS, 1 - axis)  # a dark ground is no rule
        shades[rules & ~bands] = _WHITE
    return fromarray(shades)


def _runs(ink: Any, length: int, axis: int) -> Any:
    """Where ink runs on for at least `length` dots along the axis."""
    import numpy

    rows = ink if axis == 1 else ink.T
    if rows.shape[1] <= length:
        return numpy.zeros_like(ink)
    sums = numpy.zeros((rows.shape[0], rows.shape[1] + 1), numpy.int32)
    numpy.cumsum(rows, axis=1, out=sums[:, 1:])
    starts = numpy.zeros(rows.shape, numpy.int8)
    starts[:, : rows.shape[1] - length + 1] = sums[:, length:] - sums[:, :-length] == length
    numpy.cumsum(starts, axis=1, out=sums[:, 1:])
    first = numpy.maximum(numpy.arange(rows.shape[1]) - length + 1, 0)
    found = sums[:, 1:] - sums[:, first] > 0
    return found if axis == 1 else found.T
