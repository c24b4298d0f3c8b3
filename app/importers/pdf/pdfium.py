"""The calls into PDFium that words and visibility need, with plain numbers for handles and addresses.

pypdfium2's own wrappers convert each argument; a page takes thousands of calls, made here by `map` over numbers.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from typing import Any

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5  # kinds of page objects
MOST_OBJECTS = 500_000
MOST_DEPTH = 12
Call = Callable[..., int]
Numbers = Any  # an array of numpy, which is imported late
ADDRESS = ctypes.c_size_t  # as a result, where "none" is 0


@dataclass(frozen=True, slots=True)
class Calls:
    """PDFium's functions over plain numbers; an object is its address."""

    loose_box: Call
    char_object: Call
    unicode: Call
    page_object: Call
    form_object: Call
    kind: Call
    mode: Call
    fill: Call
    stroke: Call
    font_size: Call
    matrix: Call
    raw: Any


@cache
def calls() -> Calls:
    """The functions, bound once."""
    from pypdfium2 import raw

    number, address = ctypes.c_int, ctypes.c_void_p
    colour = (number, address, address, address, address, address)
    return Calls(
        loose_box=bind(raw.FPDFText_GetLooseCharBox, number, address, number, address),
        char_object=bind(raw.FPDFText_GetTextObject, ADDRESS, address, number),
        unicode=bind(raw.FPDFText_GetUnicode, ctypes.c_uint, address, number),
        page_object=bind(raw.FPDFPage_GetObject, ADDRESS, address, number),
        form_object=bind(raw.FPDFFormObj_GetObject, ADDRESS, address, ctypes.c_ulong),
        kind=bind(raw.FPDFPageObj_GetType, number, address),
        mode=bind(raw.FPDFTextObj_GetTextRenderMode, number, address),
        fill=bind(raw.FPDFPageObj_GetFillColor, *colour),
        stroke=bind(raw.FPDFPageObj_GetStrokeColor, *colour),
        font_size=bind(raw.FPDFTextObj_GetFontSize, number, address, address),
        matrix=bind(raw.FPDFPageObj_GetMatrix, number, address, address),
        raw=raw,
    )


def bind(function: Any, result: Any, *arguments: Any) -> Call:
    """A function of PDFium over plain numbers; it keeps the interpreter's lock, as it takes less than letting go would.

    Only for what returns at once, and never calls back.
    """
    bound: Call = ctypes.PYFUNCTYPE(result, *arguments)(int(ctypes.cast(function, ctypes.c_void_p).value or 0))
    return bound


def handle(thing: Any) -> int:
    """The address of a pypdfium2 page or text page."""
    return int(ctypes.cast(thing.raw, ctypes.c_void_p).value or 0)


def char_boxes(text_page: int, indexes: Sequence[int]) -> Numbers:
    """Left, top, right, bottom of each of these characters, a row each, in points upwards as PDFium counts."""
    import numpy as np

    rects = (ctypes.c_float * (4 * len(indexes)))()
    start = ctypes.addressof(rects)
    make(map(calls().loose_box, repeat(text_page), indexes, range(start, start + 16 * len(indexes), 16)))
    return np.frombuffer(memoryview(rects), "f4").reshape(-1, 4)


def colours(function: Call, objects: Sequence[int]) -> Numbers:
    """The fill or stroke colour of each object, as `function` tells it: red, green, blue, alpha, a row each."""
    import numpy as np

    values = (ctypes.c_uint * (4 * len(objects)))()
    start = ctypes.addressof(values)
    end = start + 16 * len(objects)
    make(map(function, objects, *(range(start + 4 * part, end + 4 * part, 16) for part in range(4))))
    return np.frombuffer(memoryview(values), "u4").reshape(-1, 4)


def text_sizes(texts: Sequence[int]) -> Numbers:
    """How wide and how high an em of each text object is drawn, in points, a row each; 0 where that is not known."""
    import numpy as np

    count, use = len(texts), calls()
    sizes, matrices = (ctypes.c_float * count)(), (ctypes.c_float * (6 * count))()
    start, first = ctypes.addressof(sizes), ctypes.addressof(matrices)
    make(map(use.font_size, texts, range(start, start + 4 * count, 4)))
    make(map(use.matrix, texts, range(first, first + 24 * count, 24)))
    sides = np.frombuffer(memoryview(matrices), "f4").reshape(-1, 3, 2)[:, :2]
    lengths = np.hypot(sides[:, :, 0], sides[:, :, 1])
    return np.nan_to_num(lengths * np.abs(np.frombuffer(memoryview(sizes), "f4"))[:, None])


@dataclass(frozen=True, slots=True)
class Objects:
    """A page's own objects, and behind them those inside its forms: addresses and kinds, one for one."""

    places: list[int]
    kinds: list[int]
    texts: list[int]  # those that are text, and how each is drawn
    modes: list[int]
    own_texts: int  # how many of them stand on the page itself
    complete: bool  # whether these are all


def list_objects(page: int) -> Objects:
    """All objects of a page; the one list serves every judgement of it."""
    use = calls()
    count = use.raw.FPDFPage_CountObjects(ctypes.cast(page, use.raw.FPDF_PAGE))
    complete = count <= MOST_OBJECTS
    places, kinds, modes = _list(use.page_object, page, min(count, MOST_OBJECTS))
    own_texts = kinds.count(TEXT)
    forms = [(place, 1) for place, kind in zip(places, kinds, strict=True) if kind == FORM] if FORM in kinds else []
    listed = len(places)
    while forms:
        form, depth = forms.pop()
        inside = use.raw.FPDFFormObj_CountObjects(ctypes.cast(form, use.raw.FPDF_PAGEOBJECT))
        listed += inside
        if depth > MOST_DEPTH or listed > MOST_OBJECTS:
            complete = False
            break
        more, sorts, ways = _list(use.form_object, form, inside)
        places += more
        kinds += sorts
        modes += ways
        forms += [(place, depth + 1) for place, kind in zip(more, sorts, strict=True) if kind == FORM]
    if len(places) == own_texts:
        return Objects(places, kinds, places, modes, own_texts, complete)
    at = [index for index, kind in enumerate(kinds) if kind == TEXT]
    return Objects(places, kinds, [places[n] for n in at], [modes[n] for n in at], own_texts, complete)


def _list(function: Call, owner: int, count: int) -> tuple[list[int], list[int], list[int]]:
    """The first `count` objects of a page or form, with their kinds, and how each would draw text, -1 for most others.

    What tells a way of drawing text is text: only the others are asked for their kind.
    """
    use = calls()
    places = list(map(function, repeat(owner), range(max(count, 0))))
    modes = list(map(use.mode, places))
    if min(modes, default=0) >= 0:
        return places, [TEXT] * len(places), modes
    kinds = [TEXT if mode >= 0 else use.kind(place) for place, mode in zip(places, modes, strict=True)]
    return places, kinds, modes


def make(wanted: Iterable[int]) -> None:
    """Make all these calls; what they return is not needed."""
    deque(wanted, maxlen=0)
