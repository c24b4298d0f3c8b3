"""Whether a font of the file says one digit and draws another: its ToUnicode table against its own encoding.

Only fonts whose encoding is known to hold are judged: one of the reader's own, or an embedded one that calls itself
non-symbolic. An embedded subset with codes of its own says nothing of what it draws.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

_SYMBOLIC, _NONSYMBOLIC = 4, 32  # flags of a font descriptor
_EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")
_SIMPLE = frozenset({"/Type1", "/TrueType", "/MMType1"})
_MOST_FONTS, _MOST_DEPTH, _MOST_TABLE = 2_000, 6, 1 << 20
_DIGIT_NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_DIGITS = {f"/{name}": str(digit) for digit, name in enumerate(_DIGIT_NAMES)}
_CHAR = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{4,})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{4,})>")
_LISTED = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{2})>\s*\[([^\]]*)\]")
_PART = re.compile(rb"beginbf(char|range)(.*?)(?:endbf|$)", re.DOTALL)
Pair = tuple[str, str]  # what the font draws, what its table says


def inspect_fonts(content: bytes) -> tuple[int, set[Pair]]:
    """How many different pages a second reader finds, and the digits that fonts draw as one and store as another.

    Raises whatever that reader raises at a broken file.
    """
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content), strict=False)
    pages: set[object] = set()
    swapped: set[Pair] = set()
    seen: set[int] = set()
    for position, page in enumerate(reader.pages):
        reference = page.indirect_reference
        pages.add(reference.idnum if reference is not None else -1 - position)
        for font in _fonts_of(page.get("/Resources"), seen, 0):
            swapped |= _find_swapped(font)
    return len(pages), swapped


def _fonts_of(resources: Any, seen: set[int], depth: int) -> Iterator[Any]:
    """The fonts that are named in `resources`, and in the forms that they name; each once in a file."""
    table = _open(resources)
    if not hasattr(table, "get") or depth > _MOST_DEPTH:
        return
    for key in ("/Font", "/XObject"):
        things = _open(table.get(key))
        for name in things if hasattr(things, "raw_get") else ():
            reference = things.raw_get(name)
            number = getattr(reference, "idnum", None)
            if number in seen or len(seen) > _MOST_FONTS:
                continue
            if number is not None:
                seen.add(number)
            thing = _open(reference)
            if key == "/Font":
                yield thing
            elif hasattr(thing, "get") and thing.get("/Subtype") == "/Form":
                yield from _fonts_of(thing.get("/Resources"), seen, depth + 1)


def _open(thing: Any) -> Any:
    return thing.get_object() if hasattr(thing, "get_object") else thing


def _find_swapped(font: Any) -> set[Pair]:
    if not hasattr(font, "get") or font.get("/Subtype") not in _SIMPLE:
        return set()
    table = _open(font.get("/ToUnicode"))
    if not hasattr(table, "get_data") or not _holds(font):
        return set()
    drawn = _drawn_digits(font)
    said = _read_table(table.get_data()[:_MOST_TABLE])
    wrong = set()
    for code, text in said.items():
        shown = drawn.get(code, "" if code in drawn else None)
        if shown is not None and shown != text and (shown.isdigit() or (shown == "" and text.isdigit())):
            wrong.add((shown or "another letter", text))
    return wrong


def _holds(font: Any) -> bool:
    """Whether its own encoding can be believed."""
    descriptor = _open(font.get("/FontDescriptor"))
    if not hasattr(descriptor, "get"):
        return True
    flags = _open(descriptor.get("/Flags", 0))
    flags = int(flags) if isinstance(flags, int) else 0
    if flags & _SYMBOLIC:
        return False
    return bool(flags & _NONSYMBOLIC) or not any(key in descriptor for key in _EMBEDDED)


def _drawn_digits(font: Any) -> dict[int, str]:
    """The digit that each code draws, "" for codes that draw something else.

    All encodings of text that a PDF can name have the digits where ASCII has them; only differences can move them.
    """
    drawn = dict.fromkeys(range(32, 127), "") | {48 + digit: str(digit) for digit in range(10)}
    encoding = _open(font.get("/Encoding"))
    if isinstance(encoding, str) and encoding == "/MacExpertEncoding":
        return {}
    differences = _open(encoding.get("/Differences")) if hasattr(encoding, "get") else None
    code = 0
    for one in differences if isinstance(differences, list) else ():
        thing = _open(one)
        if isinstance(thing, int):
            code = int(thing)
            continue
        name = str(thing)
        if name in _DIGITS or re.fullmatch(r"/[A-Za-z]{2,}|/[A-Za-z]", name):
            drawn[code] = _DIGITS.get(name, "")
        else:
            drawn.pop(code, None)  # a name of the file's own says nothing
        code += 1
    return drawn


def _read_table(data: bytes) -> dict[int, str]:
    """Code to text of a ToUnicode table, for codes of one byte."""
    said: dict[int, str] = {}
    for kind, body in _PART.findall(data):
        if kind == b"char":
            said |= {int(code, 16): _text(value) for code, value in _CHAR.findall(body)}
            continue
        for first, last, value in _RANGE.findall(body):
            start, end = int(first, 16), int(last, 16)
            base = _text(value)
            for code in range(start, end + 1):
                if base and ord(base[-1]) + code - start < 0x110000:
                    said[code] = base[:-1] + chr(ord(base[-1]) + code - start)
        for first, _, listed in _LISTED.findall(body):
            for offset, value in enumerate(re.findall(rb"<([0-9A-Fa-f]{4,})>", listed)[:256]):
                said[int(first, 16) + offset] = _text(value)
    return said


def _text(value: bytes) -> str:
    return bytes.fromhex(value.decode("ascii")[: len(value) // 4 * 4]).decode("utf-16-be", "replace")
