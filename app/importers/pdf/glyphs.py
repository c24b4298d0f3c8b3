"""The characters of a page as pdfplumber knows them, without the parts that cost most and are not needed here."""

from __future__ import annotations

from typing import Any

from app.importers.pdf.visible import device_class

_CELL = 2  # points; a doubled glyph is looked for in its own cell and those around it
_AROUND = [(right, down) for right in (-1, 0, 1) for down in (-1, 0, 1)]


def load_glyphs(page: Any) -> Any:
    """Interpret a page; its `chars`, `rects`, `curves` and `images` are then ready. Returns the device used.

    A character gets the attributes that words and visibility need; in pdfplumber's own way each would have its twenty
    attributes resolved, which takes a third of the time.
    """
    from pdfplumber import page as engine

    device = device_class()(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    engine.PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)  # type: ignore[attr-defined]
    page._layout = device.get_result()  # pdfplumber's own cache: the same result, with render modes noted
    height, left, top = page.height, page.mediabox[0], page.mediabox[1]
    in_full = page.process_object

    def describe(item: Any) -> dict[str, Any]:
        if type(item).__name__ != "LTChar":
            described: dict[str, Any] = in_full(item)
            return described
        state = item.graphicstate
        return {
            "object_type": "char",
            "text": item.get_text(),
            "fontname": str(item.fontname),
            "size": item.size,
            "upright": item.upright,
            "tag": item.tag,
            "x0": item.x0 + left,
            "x1": item.x1 + left,
            "top": height - item.y1 + top,
            "bottom": height - item.y0 + top,
            "doctop": page.initial_doctop + height - item.y1 + top,
            "stroking_color": state.scolor if isinstance(state.scolor, tuple) else (state.scolor,),
            "non_stroking_color": state.ncolor if isinstance(state.ncolor, tuple) else (state.ncolor,),
        }

    page.process_object = describe
    return device


def drop_doubles(chars: list[Any]) -> list[Any]:
    """`chars` without those that are drawn over themselves, as bold letters and shadows are.

    Two are one if they have the same text, font and size and lie within a point, and a sixth of their size, of each
    other: closer than two narrow letters side by side.
    """
    kept: list[Any] = []
    cells: dict[Any, list[Any]] = {}
    for char in chars:
        column, row = int(char["x0"]) // _CELL, int(char["top"]) // _CELL
        kind = (char["text"], char["fontname"], char["size"])
        near = min(1, char["size"] / 6)
        others = (one for right, down in _AROUND for one in cells.get((kind, column + right, row + down), ()))
        if any(abs(one["x0"] - char["x0"]) < near and abs(one["top"] - char["top"]) < near for one in others):
            continue
        cells.setdefault((kind, column, row), []).append(char)
        kept.append(char)
    return kept
