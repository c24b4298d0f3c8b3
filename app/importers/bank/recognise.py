"""Telling banks' text files from other texts at a glance."""

from __future__ import annotations

import re

from app.importers.registry import DocumentHead

_GLANCE = 8_192
_MT940 = re.compile(rb"(?:^|[\r\n]|\{4:[\r\n\s]*):20:")
_MT940_MORE = re.compile(rb"[\r\n]:25P?:")
_MT940_BODY = re.compile(rb"[\r\n]:(?:28C?|60[FM]|61|34F):")
_BAI2_HEAD = re.compile(rb"0[0-9],[^\r\n]{0,200}?,[0-9]*,2 */ *(?:[\r\n]|$)")
_BAI2_FIRST = re.compile(rb"01,[^\r\n]*[\r\n]+02,")
_NACHA_HEAD = re.compile(rb"1[0-9]{2}.{31}094101", re.DOTALL)
_NACHA_BATCH = re.compile(rb"5(?:200|220|225|280)[^\r\n]{40,95}[\r\n]+6[0-9]{2}[^\r\n]{40}")
_NACHA_JSON = re.compile(rb"\{.*\"immediateDestination\"", re.DOTALL)
_OFX = re.compile(rb"OFXHEADER\s*:|<OFX>", re.IGNORECASE)


def look_into_bank(name: str, content: bytes) -> DocumentHead | None:
    """The head of a bank's text file, its form in `note`; None where the content looks like none of them."""
    opening = content[:_GLANCE]
    for mark in (b"\xef\xbb\xbf",):
        opening = opening.removeprefix(mark)
    form = _form(opening, opening.lstrip())
    if not form:
        return None
    return DocumentHead(name, len(content), "bank", opening.decode("latin-1")[:4096], note=form)


def _form(opening: bytes, body: bytes) -> str:
    if body.startswith(b"<?xml"):
        return ""  # OFX 2 and ISO 20022 are told apart as XML
    if _OFX.match(body):
        return "OFX"
    if _BAI2_HEAD.match(body) or _BAI2_FIRST.match(body):
        return "BAI2"
    if _NACHA_HEAD.match(body) or _NACHA_BATCH.match(body) or _NACHA_JSON.match(body):
        return "NACHA"
    if _MT940.search(opening) and _MT940_MORE.search(opening) and _MT940_BODY.search(opening):
        return "MT940"
    return ""
