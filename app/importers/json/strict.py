"""JSON read strictly: bounded, every key once, numbers kept as they are written and never as binary fractions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.importers.faults import BrokenFile, DocumentFault, TooLarge
from app.importers.registry import DocumentHead
from app.importers.values import BadValue, clean_text, decode_text

MOST_BYTES = 50 * 1024 * 1024
MOST_DEPTH = 40
MOST_MARKS = 3_000_000  # brackets and commas: what becomes an object in memory
_OPENING = 64 * 1024
_MOST_KEYS = 100
_START = re.compile(r"\s*[{\[]\s*[\"{}\[\]0-9tfn-]")
_KEY = re.compile(r'"([^"\\\n]{1,80})"\s*:')
# a text, closed or not, is passed over whole, so that no bracket in it counts; nothing here is tried twice
_MARK = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[{}\[\],]', re.DOTALL)
_PLAIN = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class KeyTwice(DocumentFault):
    """'{name}' says '{key}' twice of the same thing, so nobody can know which is meant."""

    code = "duplicate-key"
    remedy = "Ask the carrier for a corrected file."


class NestedJson(DocumentFault):
    """'{name}' nests more than {limit} levels in one another, which no bill does."""

    code = "too-deep"
    remedy = "Ask the carrier for a valid file."


@dataclass(frozen=True, slots=True)
class Odd:
    """A number that is written in no plain digits (an exponent, too many places): whoever needs it refuses it."""

    text: str


def is_json(content: bytes) -> bool:
    """Whether a file begins as JSON does."""
    opening = content[:200].removeprefix(b"\xef\xbb\xbf")
    return bool(_START.match(opening.decode("utf-8", "replace")))


def look_into_json(name: str, content: bytes) -> DocumentHead:
    """The head of a JSON file; its columns are the keys in its first 64 KB, each once."""
    text = content[:_OPENING].decode("utf-8", "replace")
    keys = dict.fromkeys(clean_text(key, 80) for key in _KEY.findall(text))
    return DocumentHead(name, len(content), "json", text[:4096], tuple(keys)[:_MOST_KEYS])


def parse_json(name: str, content: bytes) -> Any:
    """The value of a JSON file, numbers as Decimal or Odd; raises a DocumentFault."""
    if len(content) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{len(content) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    try:
        text = decode_text(content, name=name)
    except BadValue as fault:
        raise BrokenFile(name=name, why=f"its text cannot be read ({str(fault)[:120]})") from fault
    _check_shape(name, text)

    def make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _value in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise KeyTwice(name=name, key=clean_text(twice, 80))
        return made

    def refuse_constant(word: str) -> Any:
        raise BrokenFile(name=name, why=f"it holds {word}, which is no number")

    try:
        return json.loads(
            text,
            parse_float=_read_number,
            parse_int=_read_number,
            parse_constant=refuse_constant,
            object_pairs_hook=make_object,
        )
    except (json.JSONDecodeError, RecursionError) as fault:
        raise BrokenFile(name=name, why=f"it is not valid JSON ({str(fault)[:100]})") from fault


def _check_shape(name: str, text: str) -> None:
    depth = 0
    for count, mark in enumerate(_MARK.finditer(text)):
        sign = mark[0][0]
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
        if depth > MOST_DEPTH:
            raise NestedJson(name=name, limit=MOST_DEPTH)
        if count > MOST_MARKS:
            raise TooLarge(name=name, size="too many values", limit=f"{MOST_MARKS:,}")


def _read_number(text: str) -> Decimal | Odd:
    return Decimal(text) if _PLAIN.fullmatch(text) else Odd(text[:60])
