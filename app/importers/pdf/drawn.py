"""Whether what is read is drawn at all: a page on which text could be covered, clipped or switched off is drawn twice.

Once as it is, once without its text: where both pictures agree, a character that is read there cannot be seen.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from app.domain.source import Box, ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.pdf.pdfium import (
    ADDRESS,
    IMAGE,
    PATH,
    SHADING,
    TEXT,
    Call,
    Numbers,
    Objects,
    bind,
    calls,
    char_boxes,
    make,
)
from app.importers.pdf.visible import FIGURES, Glyphs

_DOTS = Fraction(3, 2)  # a point: 108 dots an inch
_MOST_DOTS = 3_000  # of a side
_MOST_IMAGE_DOTS = 60_000_000
_INVISIBLE = 3
_LINKS = frozenset({2, 16})  # annotations that draw nothing: links and pop-ups
_FIELD = 20
_INK = 40  # of 255: how much a dot differs where there is ink
_THIN = 4  # points: a line that is thinner hides nothing
_MOST_TOLD = 60
_MARK = 64  # bytes of a mark's name


def check_drawn(page: Any, found: Objects, glyphs: Glyphs, number: int) -> list[ParseIssue]:
    """Issues about text of a pypdfium2 page that is read and not drawn, or said otherwise than it is drawn."""
    spoken, layered = _read_marks(found.texts)
    issues = [_tell_spoken(spoken, number)] if FIGURES.search(spoken) else []
    own, fields = _look_at_notes(page, glyphs, number)
    issues += fields
    if not (layered or own or _could_hide(found)):
        return issues
    images = [place for place, kind in zip(found.places, found.kinds, strict=True) if kind == IMAGE]
    if _dots_of_images(images) > _MOST_IMAGE_DOTS:
        return [*issues, _tell_unseen(number)]
    hidden = _compare(page, glyphs, found)
    return [*issues, *_tell_hidden(glyphs, hidden, number)]


def _read_marks(texts: list[int]) -> tuple[str, bool]:
    """What marks say in the place of the text they are around, and whether any text belongs to a layer."""
    raw = calls().raw
    spoken, layered = "", False
    name, length = ctypes.create_string_buffer(_MARK), ctypes.c_ulong()
    said = ctypes.create_string_buffer(2_000)
    known: set[int] = set()
    counts = list(map(_more().marks, texts))
    if max(counts, default=0) <= 0:
        return "", False
    for one in [text for text, count in zip(texts, counts, strict=True) if count > 0]:
        thing = ctypes.cast(one, raw.FPDF_PAGEOBJECT)
        for index in range(max(min(raw.FPDFPageObj_CountMarks(thing), 8), 0)):
            mark = raw.FPDFPageObj_GetMark(thing, index)
            place = int(ctypes.cast(mark, ctypes.c_void_p).value or 0)
            if place in known:
                continue
            known.add(place)
            raw.FPDFPageObjMark_GetName(mark, ctypes.cast(name, ctypes.POINTER(ctypes.c_ushort)), _MARK, length)
            layered |= name.raw[: max(length.value - 2, 0)].decode("utf-16-le", "replace") == "OC"
            target = ctypes.cast(said, ctypes.POINTER(ctypes.c_ushort))
            if raw.FPDFPageObjMark_GetParamStringValue(mark, b"ActualText", target, len(said), length):
                spoken += said.raw[: max(min(length.value, len(said)) - 2, 0)].decode("utf-16-le", "replace") + " "
    return spoken[:2_000], layered


def _look_at_notes(page: Any, glyphs: Glyphs, number: int) -> tuple[bool, list[ParseIssue]]:
    """Whether anything is pinned upon the page, and an issue where a field of a form lies upon figures."""
    raw = calls().raw
    pinned, fields = False, []
    side = raw.FS_RECTF()
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MOST_TOLD)):
        note = raw.FPDFPage_GetAnnot(page.raw, index)
        kind = raw.FPDFAnnot_GetSubtype(note)
        pinned |= kind not in _LINKS
        if kind == _FIELD and raw.FPDFAnnot_GetRect(note, side):
            fields.append((side.left, side.top, side.right, side.bottom))
        raw.FPDFPage_CloseAnnot(note)
    if fields:
        import numpy as np

        boxes = glyphs.sheet.place(np.array(fields, "f4")).tolist()
        below = "".join(
            glyphs.text[index] for index, place in _places(glyphs) if any(_meet(place, one) for one in boxes)
        )
        if FIGURES.search(below):
            return pinned, [
                _issue("covered-text", f"a field to be filled in lies upon '{below[:40]}'", number, Box(*boxes[0]))
            ]
    return pinned, []


def _places(glyphs: Glyphs) -> list[tuple[int, list[int]]]:
    indexes = [index for first, last in glyphs.spans for index in range(first, last + 1)]
    return list(zip(indexes, glyphs.sheet.place(char_boxes(glyphs.text_page, indexes)).tolist(), strict=True))


def _meet(one: list[int], other: list[int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _could_hide(found: Objects) -> bool:
    """Whether anything could hide text: a form with text, a mask, a clip, a nameless font, a later shape."""
    use, texts = _more(), found.texts
    if len(texts) > found.own_texts or any(map(use.is_blended, texts)):
        return True
    if len(found.places) > len(texts) and _is_covered(found.places, found.kinds):
        return True
    # fonts whose letters are drawings have no name; these may draw nothing
    if any(not one or use.font_name(one, None, 0) <= 1 for one in set(map(use.font, texts))):
        return True
    counts = list(map(use.clip_paths, map(use.clip, texts)))
    return max(counts, default=0) > 0 and _is_clipped([one for one, n in zip(texts, counts, strict=True) if n > 0])


@dataclass(frozen=True, slots=True)
class _Calls:
    """More of PDFium's functions over plain numbers, as in pdfium.Calls."""

    marks: Call
    font: Call
    font_name: Call
    clip: Call
    clip_paths: Call
    is_blended: Call
    draw_mode: Call
    stroke_width: Call


@cache
def _more() -> _Calls:
    raw, address, number = calls().raw, ctypes.c_void_p, ctypes.c_int
    return _Calls(
        marks=bind(raw.FPDFPageObj_CountMarks, number, address),
        font=bind(raw.FPDFTextObj_GetFont, ADDRESS, address),
        font_name=bind(raw.FPDFFont_GetBaseFontName, ctypes.c_size_t, address, address, ctypes.c_size_t),
        clip=bind(raw.FPDFPageObj_GetClipPath, ADDRESS, address),
        clip_paths=bind(raw.FPDFClipPath_CountPaths, number, address),
        is_blended=bind(raw.FPDFPageObj_HasTransparency, number, address),
        draw_mode=bind(raw.FPDFPath_GetDrawMode, number, address, address, address),
        stroke_width=bind(raw.FPDFPageObj_GetStrokeWidth, number, address, address),
    )


def _bounds(objects: list[int]) -> Numbers:
    """Left, bottom, right, top of each object, a row each."""
    import numpy as np

    raw = calls().raw
    sides = [ctypes.c_float() for _ in range(4)]
    found = []
    for one in objects:
        known = raw.FPDFPageObj_GetBounds(ctypes.cast(one, raw.FPDF_PAGEOBJECT), *sides)
        found.append([side.value for side in sides] if known else [0] * 4)
    return np.array(found, "f4").reshape(-1, 4)


def _is_clipped(texts: list[int]) -> bool:
    """Whether a text reaches out of the shapes to which it is clipped."""
    raw = calls().raw
    x, y = ctypes.c_float(), ctypes.c_float()
    for one in texts:
        clip = raw.FPDFPageObj_GetClipPath(ctypes.cast(one, raw.FPDF_PAGEOBJECT))
        paths = raw.FPDFClipPath_CountPaths(clip) if clip else 0
        if paths <= 0:
            continue
        if paths > 8:
            return True
        left, bottom, right, top = _bounds([one])[0].tolist()
        for path in range(paths):
            points = []
            for index in range(min(raw.FPDFClipPath_CountPathSegments(clip, path), 64)):
                segment = raw.FPDFClipPath_GetPathSegment(clip, path, index)
                if segment and raw.FPDFPathSegment_GetPoint(segment, x, y):
                    points.append((x.value, y.value))
            inside = points and (
                min(p[0] for p in points) <= left + 1 and max(p[0] for p in points) >= right - 1
                and min(p[1] for p in points) <= bottom + 1 and max(p[1] for p in points) >= top - 1
            )  # fmt: skip
            if not inside or len(points) > 6:
                return True
    return False


def _is_covered(objects: list[int], kinds: list[int]) -> bool:
    """Whether a shape or picture is drawn over text that was drawn before it."""
    import numpy as np

    first = kinds.index(TEXT) if TEXT in kinds else len(kinds)
    later = [at for at in range(first + 1, len(kinds)) if kinds[at] in {PATH, IMAGE, SHADING}]
    hiding = _hiding([objects[at] for at in later if kinds[at] == PATH])
    later = [at for at in later if kinds[at] != PATH or objects[at] in hiding]
    if not later:
        return False
    texts = [at for at, kind in enumerate(kinds) if kind == TEXT and at < later[-1]]
    written, drawn = _bounds([objects[at] for at in texts]), _bounds([objects[at] for at in later])
    order = np.array(texts)
    for at, (left, bottom, right, top) in zip(later, drawn.tolist(), strict=True):
        before = written[order < at]
        wide = np.minimum(before[:, 2], right) - np.maximum(before[:, 0], left)
        high = np.minimum(before[:, 3], top) - np.maximum(before[:, 1], bottom)
        if ((wide > 1) & (high > 1)).any():
            return True
    return False


def _hiding(paths: list[int]) -> set[int]:
    """Those of the paths that could hide what is below them: not thin lines, and not frames of such."""
    import numpy as np

    count, use = len(paths), _more()
    fills, strokes, widths = (ctypes.c_int * count)(), (ctypes.c_int * count)(), (ctypes.c_float * count)()
    starts = [ctypes.addressof(fills), ctypes.addressof(strokes), ctypes.addressof(widths)]
    places = [range(start, start + 4 * count, 4) for start in starts]
    make(map(use.draw_mode, paths, places[0], places[1]))
    make(map(use.stroke_width, paths, places[2]))
    thick = (np.frombuffer(memoryview(strokes), "i4") != 0) & (np.frombuffer(memoryview(widths), "f4") >= _THIN)
    return set(np.array(paths, "u8")[(np.frombuffer(memoryview(fills), "i4") != 0) | thick].tolist())


def _dots_of_images(images: list[int]) -> int:
    raw = calls().raw
    width, height, total = ctypes.c_uint(), ctypes.c_uint(), 0
    for one in images:
        if raw.FPDFImageObj_GetImagePixelSize(ctypes.cast(one, raw.FPDF_PAGEOBJECT), width, height):
            total += width.value * height.value
    return total


def _compare(page: Any, glyphs: Glyphs, found: Objects) -> list[tuple[int, list[int]]]:
    """The characters, with their places, on which it makes no difference whether the page's text is drawn."""
    import numpy as np

    raw = calls().raw
    scale = min(_DOTS, Fraction(_MOST_DOTS * 100, int(max(glyphs.sheet.width, glyphs.sheet.height, 1))))
    whole = _draw(page, scale)
    for one in found.texts:
        raw.FPDFTextObj_SetTextRenderMode(ctypes.cast(one, raw.FPDF_PAGEOBJECT), _INVISIBLE)
    bare = _draw(page, scale)
    for one, mode in zip(found.texts, found.modes, strict=True):
        raw.FPDFTextObj_SetTextRenderMode(ctypes.cast(one, raw.FPDF_PAGEOBJECT), mode)
    ink = np.abs(whole.astype("i2") - bare.astype("i2")) > _INK
    sums = np.zeros((ink.shape[0] + 1, ink.shape[1] + 1), "i4")
    sums[1:, 1:] = ink.cumsum(0, "i4").cumsum(1, "i4")
    hidden = []
    for index, place in _places(glyphs):
        if not glyphs.text[index].isalnum():
            continue
        x0, top, x1, bottom = (int(side * scale / 100) for side in place)
        x0, x1 = max(x0, 0), min(max(x1, x0 + 1), ink.shape[1])
        top, bottom = max(top, 0), min(max(bottom, top + 1), ink.shape[0])
        if x0 < x1 and top < bottom and sums[bottom, x1] - sums[top, x1] - sums[bottom, x0] + sums[top, x0] == 0:
            hidden.append((index, place))
    return hidden


def _draw(page: Any, scale: Fraction) -> Numbers:
    bitmap = page.render(
        scale=scale.numerator / scale.denominator, grayscale=True, may_draw_forms=False, draw_annots=True
    )
    try:
        return bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width].copy()
    finally:
        bitmap.close()


def _tell_hidden(glyphs: Glyphs, hidden: list[tuple[int, list[int]]], number: int) -> list[ParseIssue]:
    if not hidden:
        return []
    gone = {index for index, _place in hidden}
    words = [
        glyphs.text[first : last + 1]
        for first, last in glyphs.spans
        if any(at in gone for at in range(first, last + 1))
    ]
    shown = " ".join(words)
    what = (
        f"{len(hidden)} characters are read and cannot be seen, because something covers or cuts them: '{shown[:40]}'"
    )
    return [_issue("covered-text", what, number, Box(*hidden[0][1]), grave=bool(FIGURES.search(shown)))]


def _tell_spoken(spoken: str, number: int) -> ParseIssue:
    return _issue("spoken-text", f"words are stored in the place of what is drawn: '{spoken[:40].strip()}'", number)


def _tell_unseen(number: int) -> ParseIssue:
    return _issue("covered-text", "text may be covered, and its pictures are too large to look", number)


def _issue(code: str, what: str, number: int, box: Box | None = None, *, grave: bool = True) -> ParseIssue:
    severity = Severity.REVIEW if grave else Severity.INFO
    remedy = "Look at the page beside the charges: post only what can be seen on it."
    return ParseIssue(severity, code, f"On page {number} {what}.", remedy, Source(page=number, box=box))
