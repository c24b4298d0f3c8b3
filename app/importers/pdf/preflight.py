"""What a PDF would unpack to, measured before it is opened: streams that swell, forms that draw forms without end."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from math import prod
from typing import Any

from app.importers.faults import BeyondLimits, BrokenFile

MOST_UNPACKED = 64 << 20  # of one stream
MOST_ATTACHED = 128 << 20  # of one file that travels inside; whoever takes it out has a limit of its own
MOST_IMAGE = 400 << 20  # of one picture, and not more than its own size says
MOST_DRAWN = 20_000  # forms, however deep, on one page
_DEEPEST = 6  # packed within packed
_DEEPEST_FORM = 40  # forms within forms
_RATIO = 1032  # zlib never does better
_PIECE = 1 << 20
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DRAWS = re.compile(rb"/([^\s/\[\]<>()]+)\s+Do\b")
_SIDE = re.compile(rb"/(?:Width|Height|W|H)\s+(\d{1,6})(?!\d)")
_NUMBER = rb"([+-]?\d{0,9}\.?\d{1,9})"
_STEP = re.compile(rb"/[XY]Step\s*" + _NUMBER)
_MATRIX = re.compile(rb"/Matrix\s*\[\s*" + rb"\s+".join([_NUMBER] * 4))
_LEAST_STEP = Decimal("0.5")  # points
_DICTIONARY = 4096  # bytes before a stream in which its own words are looked for


def check_streams(name: str, content: bytes) -> None:
    """Raise BeyondLimits where a stream unpacks to more than any bill needs, or forms draw forms too often."""
    draws = False
    for words, body in _streams(content):
        unpacked = _unpack(name, body, _limit(words), keep=b"/Image" not in words)
        draws |= b"/Form" in words and _DRAWS.search(unpacked) is not None
        if b"/PatternType" in words and not _has_room(words):
            raise BeyondLimits(name=name, why="a pattern of it is repeated without end")
    if draws:
        _check_forms(name, content)


def _has_room(words: bytes) -> bool:
    """Whether the tiles of a pattern are as far from each other as can be seen."""
    steps = _STEP.findall(words)
    matrix = _MATRIX.search(words)
    a, b, c, d = (abs(Decimal(one.decode())) for one in (matrix.groups() if matrix else (b"1", b"0", b"0", b"1")))
    scale = min(a + b, c + d)
    return len(steps) == 2 and all(abs(Decimal(step.decode())) * scale >= _LEAST_STEP for step in steps)


def _streams(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The words of each stream's dictionary, and what it holds, still packed."""
    for found in _STREAM.finditer(content):
        start = content.rfind(b"obj", max(found.start() - _DICTIONARY, 0), found.start())
        end = content.find(b"endstream", found.end())
        yield content[max(start, 0) : found.start()], content[found.end() : end if end >= 0 else len(content)]


def _limit(words: bytes) -> int:
    """How much the stream may unpack to: a picture as much as its own width and height say."""
    if b"/Image" not in words:
        return MOST_ATTACHED if b"/EmbeddedFile" in words else MOST_UNPACKED
    sides = [int(side) for side in _SIDE.findall(words)[:2]]
    return min(max(MOST_UNPACKED, 8 * prod(sides)), MOST_IMAGE)


def _unpack(name: str, body: bytes, limit: int, *, keep: bool) -> bytes:
    """The stream without its packing; of a picture only whether it is within its limit."""
    for _ in range(_DEEPEST):
        if body[:1] != b"\x78":
            return body
        if not keep and len(body) * _RATIO <= limit and zlib_start(body) != b"\x78":
            return b""
        body = _inflate(name, body, limit)
    raise BeyondLimits(name=name, why=f"a part of it is packed more than {_DEEPEST} times over")


def zlib_start(body: bytes) -> bytes:
    """The first byte that unpacking gives."""
    try:
        return zlib.decompressobj().decompress(body[:256], 1)
    except zlib.error:
        return b""


def _inflate(name: str, body: bytes, limit: int) -> bytes:
    machine, made, size, rest = zlib.decompressobj(), [], 0, body
    try:
        while rest and not machine.eof:
            made.append(machine.decompress(rest, _PIECE))
            size += len(made[-1])
            rest = machine.unconsumed_tail
            if size > limit:
                raise BeyondLimits(name=name, why=f"a part of it unpacks to more than {limit >> 20} MB")
    except zlib.error:
        return b"".join(made)  # damaged: what came of it is all that a reader gets
    return b"".join(made)


def _check_forms(name: str, content: bytes) -> None:
    """Count what is drawn on each page, forms within forms; only files that look suspicious come here."""
    import pypdf

    try:
        for page in pypdf.PdfReader(BytesIO(content)).pages:
            contents = page.get_contents()
            drawn = _count(name, page.get("/Resources"), contents.get_data() if contents is not None else b"", {}, 0)
            if drawn > MOST_DRAWN:
                raise BeyondLimits(name=name, why=f"a page of it draws more than {MOST_DRAWN:,} forms")
    except (BeyondLimits, MemoryError):
        raise
    except Exception as fault:  # pypdf raises whatever a broken file leads it to
        raise BrokenFile(name=name, why=f"its forms cannot be counted ({type(fault).__name__})") from fault


def _count(name: str, resources: Any, content: bytes, known: dict[object, int], depth: int) -> int:
    """How many objects are drawn by `content`, those of forms in it included."""
    held = resources.get_object() if resources is not None else None
    named = held.get("/XObject") if isinstance(held, Mapping) else None
    forms: Any = named.get_object() if named is not None else {}
    total = 0
    for label in _DRAWS.findall(content):
        form = forms.raw_get("/" + label.decode("latin-1")) if "/" + label.decode("latin-1") in forms else None
        key = (getattr(form, "idnum", id(form)), getattr(form, "generation", 0))
        if form is not None and known.get(key) == 0:
            raise BeyondLimits(name=name, why="a form of it draws itself")
        if form is not None and key not in known:
            thing = form.get_object()
            known[key] = 1
            if thing.get("/Subtype") == "/Form":
                if depth > _DEEPEST_FORM:
                    raise BeyondLimits(name=name, why=f"its forms draw forms {_DEEPEST_FORM} times over")
                known[key] = 0
                known[key] = 1 + _count(name, thing.get("/Resources", resources), thing.get_data(), known, depth + 1)
        total += known.get(key, 1)
        if total > MOST_DRAWN:
            return total
    return total
