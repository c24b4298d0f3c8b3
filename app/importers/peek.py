"""A glance into a text file: its columns, without reading it all."""

from __future__ import annotations

import csv

from app.importers.registry import DocumentHead
from app.importers.values import BadValue, decode_text

HEAD_CHARACTERS = 4096
DELIMITERS = (",", ";", "\t", "|")
MOST_COLUMNS = 300


def look_into_text(name: str, content: bytes) -> DocumentHead:
    """The head of a text file; its columns are the cells of the first filled line."""
    opening, note = content[: 4 * HEAD_CHARACTERS], ""
    try:
        text = decode_text(_whole_characters(opening) if len(content) > len(opening) else opening)
    except BadValue:
        if b"\x00" in opening:
            return DocumentHead(name, len(content), "unknown", note="it is neither text nor a known kind of document")
        text = opening.decode("latin-1")  # enough to recognise columns; the mapping names the true encoding
        note = "it is not UTF-8 and has no byte order mark"
    text = text[:HEAD_CHARACTERS]
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        return DocumentHead(name, len(content), "unknown", note="it is empty")
    return DocumentHead(name, len(content), "csv", text, split_line(first), note=note)


def split_line(line: str) -> tuple[str, ...]:
    """The cells of `line`, by the delimiter that makes most of them."""
    readings = [
        tuple(cell.strip() for row in csv.reader([line], delimiter=mark) for cell in row) for mark in DELIMITERS
    ]
    return max(readings, key=len)[:MOST_COLUMNS]


def _whole_characters(opening: bytes) -> bytes:
    """`opening` without a UTF-8 character that was cut in two at its end."""
    for cut in range(1, 4):
        if len(opening) > cut and opening[-cut] >= 0xC0:
            return opening[:-cut]
    return opening
