"""What the layout editor asks about a scan: its words, once; and how a layout reads the words that were kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.importers.ocr.kept import KEPT, read_pages, tell_pages
from app.importers.ocr.moves import find_moves
from app.importers.ocr.read import read_recognised, recognise
from app.importers.ocr.straight import StraightPages
from app.importers.pdf.declare import read_layouts
from app.importers.registry import Definitions
from app.importers.wire import to_json

SHOWN = "straight.pdf"  # lies in the reader's own folder
Options = Mapping[str, Any]


def recognise_words(name: str, content: bytes, folder: Path, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """ "scan-words": each page's size and words with their confidence; the pages as read are left in `folder`.

    Raises a DocumentFault.
    """
    shown = StraightPages()
    read = recognise(name, content, progress, shown.add)
    (folder / SHOWN).write_bytes(shown.save())
    return {"pages": tell_pages(read)}


def read_kept(name: str, content: bytes, definitions: Definitions, options: Options) -> dict[str, Any]:
    """ "scan-read": the bill as the layouts read it from words that were kept. Its places are those on the pages as
    they were read, which is where the editor shows them."""
    read = read_pages(name, options.get(KEPT))
    document = read_recognised(name, read, definitions, importer=str(options.get("importer", "")))
    return {"document": to_json(document)}


def fit_layout(name: str, content: bytes, definitions: Definitions, options: Options) -> dict[str, Any]:
    """ "scan-fit": how each page of this scan lies against those that the first of the layouts was made on, as scale
    (in millionths) and shift across, scale and shift down."""
    read = read_pages(name, options.get(KEPT))
    moves = find_moves(read_layouts(definitions.layouts)[0], read.lines)
    return {
        "moves": {
            str(page): [move.across.scale, move.across.shift, move.down.scale, move.down.shift]
            for page, move in moves.items()
        }
    }


SCAN_ANSWERS = {"scan-read": read_kept, "scan-fit": fit_layout}
