"""A glance into a file of electronic data interchange: which kinds of messages it holds."""

from __future__ import annotations

import re

from app.importers.registry import DocumentHead, Media
from app.importers.x12.separators import X12_START

_SEEN = 1 << 16  # bytes that are looked at
_MOST_KINDS = 12
_X12_SET = re.compile(rb"[^A-Za-z0-9]ST[^A-Za-z0-9\s]([0-9]{3})[^A-Za-z0-9]")
_EDIFACT_START = re.compile(
    rb"UNA[^A-Za-z0-9]{5}[^A-Za-z0-9\s]\s*UN[BG]|UNB[^A-Za-z0-9\s]UNO[A-Z]|UNA[^A-Za-z0-9\s]{4}"
)
_EDIFACT_MESSAGE = re.compile(rb"UNH[^A-Za-z0-9\s][^']{0,80}?[^A-Za-z0-9]([A-Z]{6})[^A-Za-z0-9\s]")
_TRADACOMS_START = re.compile(rb"STX=[A-Z]{2,4}[:+]")
_TRADACOMS_FILE = re.compile(rb"MHD=[0-9]+\+([A-Z]{6})")


def look_into_edi(name: str, content: bytes) -> DocumentHead | None:
    """The head of an interchange, None where the file is none. Its text are the kinds of messages found in it."""
    opening = content[:_SEEN].removeprefix(b"\xef\xbb\xbf").lstrip()
    media: Media
    if X12_START.match(opening):
        media, pattern = "x12", _X12_SET
    elif _EDIFACT_START.match(opening):
        media, pattern = "edifact", _EDIFACT_MESSAGE
    elif _TRADACOMS_START.match(opening):
        media, pattern = "edifact", _TRADACOMS_FILE
    else:
        return None
    kinds = list(dict.fromkeys(found.decode("ascii") for found in pattern.findall(opening)))
    return DocumentHead(name, len(content), media, " ".join(kinds[:_MOST_KINDS]))
