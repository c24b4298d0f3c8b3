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
    raw: Any


@cache
def calls() -> Calls:
    """The functions, bound once."""
    from pypdfium2 import raw

    number, address = ctypes.c_int, ctypes.c_void_p

    def bind(function: Any, result: Any, *arguments: Any) -> Call:
        place = int(ctypes.cast(function, address).value or 0)
        bound: Call = ctypes.CFUNCTYPE(result, *arguments)(place)
        return bound

    colour = (number, address, address, address, address, address)
    return Calls(
        loose_box=bind(raw.FPDFText_GetLooseCharBox, number, address, number, address),
        char_object=bind(raw.FPDFText_GetTextObject, address, address, number),
        unicode=bind(raw.FPDFText_GetUnicode, ctypes.c_uint, address, number),
        page_object=bind(raw.FPDFPage_GetObject, address, address, number),
        form_object=bind(raw.FPDFFormObj_GetObject, address, address, ctypes.c_ulong),
        kind=bind(raw.FPDFPageObj_GetType, number, address),
        mode=bind(raw.FPDFTextObj_GetTextRenderMode, number, address),
        fill=bind(raw.FPDFPageObj_GetFillColor, *colour),
        stroke=bind(raw.FPDFPageObj_GetStrokeColor, *colour),
        raw=raw,
    )


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


def list_objects(page: int) -> tuple[Numbers, Numbers, bool]:
    """The page's objects with their kinds, those inside forms too, and whether that is all of them."""
    import numpy as np

    use = calls()
    count = use.raw.FPDFPage_CountObjects(ctypes.cast(page, use.raw.FPDF_PAGE))
    complete = count <= MOST_OBJECTS
    objects, kinds = _list(use.page_object, page, min(count, MOST_OBJECTS))
    found, sorts, listed = [objects], [kinds], len(objects)
    forms = [(one, 1) for one in objects[kinds == FORM].tolist()]
    while forms:
        form, depth = forms.pop()
        inside = use.raw.FPDFFormObj_CountObjects(ctypes.cast(form, use.raw.FPDF_PAGEOBJECT))
        listed += inside
        if depth > MOST_DEPTH or listed > MOST_OBJECTS:
            complete = False
            break
        objects, kinds = _list(use.form_object, form, inside)
        found.append(objects)
        sorts.append(kinds)
        forms += [(one, depth + 1) for one in objects[kinds == FORM].tolist()]
    return np.concatenate(found), np.concatenate(sorts), complete


def list_own(page: int) -> tuple[Numbers, bool]:
    """The page's own objects, without those inside forms, and whether that is all of them."""
    import numpy as np

    use = calls()
    count = use.raw.FPDFPage_CountObjects(ctypes.cast(page, use.raw.FPDF_PAGE))
    found = map(use.page_object, repeat(page), range(max(min(count, MOST_OBJECTS), 0)))
    return np.array([one or 0 for one in found], "u8"), count <= MOST_OBJECTS


def _list(function: Call, owner: int, count: int) -> tuple[Numbers, Numbers]:
    """The first `count` objects of a page or form, with their kinds."""
    import numpy as np

    objects = [one or 0 for one in map(function, repeat(owner), range(max(count, 0)))]
    return np.array(objects, "u8"), np.fromiter(map(calls().kind, objects), "i4", len(objects))


def make(wanted: Iterable[int]) -> None:
    """Make all these calls; what they return is not needed."""
    deque(wanted, maxlen=0)
