"""A scan that is pointed at: recognised once, by a child; its words are kept and handed back with each question."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.parsed import ParsedDocument
from app.importers.faults import DocumentFault
from app.importers.ocr.answers import SHOWN
from app.importers.ocr.kept import KEPT, read_pages
from app.importers.registry import Definitions
from app.importers.wire import WireFault, from_json
from app.services.layout_answers import dict_of, list_of, nonsense
from app.services.layout_draft import Numbers
from app.services.layout_words import PageWords
from app.services.parsing import ask_child
from app.services.second_reading import LIMITS

_MOST_SHOWN = 64 << 20
_OF_MOVES = 4
Cancelled = Callable[[], bool]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Scan:
    """The words of a scanned bill as they were recognised, and its pages as they were read, upright and straight, as a
    PDF to be shown: the words' boxes fit on these."""

    kept: tuple[dict[str, Any], ...]
    pages: tuple[PageWords, ...]
    shown: bytes

    def options(self, **others: Any) -> dict[str, Any]:
        """Options of a question that is answered from the words alone."""
        return {**others, KEPT: list(self.kept)}

    def confidence(self, page: int, box: Numbers) -> int | None:
        """How surely the words in a box were recognised: that of the least sure one, per cent; None without any."""
        known = next((one for one in self.pages if one.number == page), None)
        if known is None:
            return None
        found = [
            sure
            for (text, place), sure in zip(known.words, known.confidences, strict=True)
            if box[0] <= (place[0] + place[2]) / 2 <= box[2]
            and box[1] <= (place[1] + place[3]) / 2 <= box[3]
            and any(letter.isalnum() for letter in text)
        ]
        return min(found, default=None)


def recognise(name: str, content: bytes, *, cancelled: Cancelled, progress: Progress) -> Scan:
    """All words of a scanned PDF or picture. Takes seconds a page; `progress` hears pages done, of how many.

    Raises NotAnswered.
    """
    with tempfile.TemporaryDirectory(prefix="tollbook-scan-") as folder:
        answer = ask_child(
            "scan-words",
            name,
            content,
            Definitions(),
            folder=Path(folder),
            cancelled=cancelled,
            progress=progress,
            limits=LIMITS,
        )
        shown = _read_plain(Path(folder) / SHOWN)
    return make_scan(name, list_of(answer.get("pages")), shown)


def make_scan(name: str, pages: list[Any], shown: bytes) -> Scan:
    """The words as a child tells them, checked as the next child will check them. Raises NotAnswered."""
    try:
        read = read_pages(name, pages)
    except DocumentFault as fault:
        raise nonsense() from fault
    found = []
    for number, placing in sorted(read.placings.items()):
        width, height = placing.straight_size
        words = [word for line in read.lines if line.page == number for word in line.words]
        boxes = [(one.box.x0 / 100, one.box.top / 100, one.box.x1 / 100, one.box.bottom / 100) for one in words]
        texts = tuple((word.text, box) for word, box in zip(words, boxes, strict=True))
        found.append(PageWords(number, width / 100, height / 100, texts, tuple(word.confidence or 0 for word in words)))
    return Scan(tuple(pages), tuple(found), shown)


def read_scan(
    name: str, scan: Scan, definitions: Definitions, *, importer: str = "", cancelled: Cancelled = lambda: False
) -> ParsedDocument:
    """The bill as these layouts read it from the words, with places on the pages that are shown. Raises NotAnswered."""
    answer = ask_child("scan-read", name, b"", definitions, scan.options(importer=importer), cancelled=cancelled)
    try:
        return from_json(str(answer.get("document")))
    except WireFault as fault:
        raise nonsense() from fault


def find_moves(name: str, scan: Scan, layout_toml: str) -> dict[int, tuple[int, int, int, int]]:
    """How its pages lie against those that the layout was made on: by page, scale in millionths and shift in
    hundredths of a point across, and both down. Raises NotAnswered."""
    answer = ask_child("scan-fit", name, b"", Definitions(layouts=(layout_toml,)), scan.options())
    moves = {}
    for page, told in dict_of(answer.get("moves")).items():
        sides = list_of(told)
        if not page.isdecimal() or len(sides) != _OF_MOVES or any(type(side) is not int for side in sides):
            raise nonsense()
        if not sides[0] or not sides[2]:
            raise nonsense()
        moves[int(page)] = (sides[0], sides[1], sides[2], sides[3])
    return moves


def _read_plain(path: Path) -> bytes:
    """A plain file that a child has left; raises NotAnswered for anything else, or one that is too large."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            if stat.S_ISREG(os.fstat(handle).st_mode):
                content = file.read(_MOST_SHOWN + 1)
                if 0 < len(content) <= _MOST_SHOWN:
                    return content
    except OSError as fault:
        raise nonsense() from fault
    raise nonsense()
