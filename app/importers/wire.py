"""Parsed values as JSON and back: how the parsing child hands its result to the parent, which trusts none of it.

Decimals travel as their plain digits, dates in ISO 8601, enumerations by value. `from_json` checks every field's type
and range again against the dataclasses of app.domain.parsed; a surplus or missing field is a WireFault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.domain.money import MONEY_SCALE, RATE_SCALE, D, NotAnAmount, to_scaled
from app.domain.parsed import ParsedDocument
from app.domain.period import Period
from app.errors import BugError, UserError

LONGEST_TEXT = 10_000
_LARGEST = 2**63
_RATES = frozenset({"quantity", "unit_price", "price", "rate", "percent", "value"})
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

Encoder = Callable[[Any], Any]
Decoder = Callable[[Any, str], Any]


class WireFault(UserError):
    """The reader's result is not of the agreed form at {place}: {why}. Import it again; if it fails, report it."""


def to_json(document: ParsedDocument) -> str:
    """Return `document` as JSON text that `from_json` turns back into an equal value."""
    return json.dumps(_encoder(ParsedDocument)(document), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> ParsedDocument:
    """Return the document written in `text`; raises WireFault for anything that `to_json` would not have written."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise WireFault(place="its beginning", why=f"it is not JSON ({str(fault)[:100]})") from fault
    document: ParsedDocument = _decoder(ParsedDocument)(raw, "document")
    return document


def _as_is(value: Any) -> Any:
    return value


@cache
def _encoder(kind: Any) -> Encoder:
    """The function that makes JSON values of a value of type `kind`."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        members = [member for member in arguments if member is not NoneType]
        if len(members) == 1:
            inner = _encoder(members[0])
            return lambda value: None if value is None else inner(value)
        encoders = {member: _encoder(member) for member in members}
        return lambda value: [type(value).__name__, encoders[type(value)](value)]
    if origin is tuple:
        item = _encoder(arguments[0])
        return list if item is _as_is else lambda values: [item(value) for value in values]
    if origin is not None and issubclass(origin, Mapping):
        item = _encoder(arguments[1])
        return lambda values: {key: item(value) for key, value in values.items()}
    if is_dataclass(kind):
        return _encode_fields(kind)
    if kind in (str, int, bool):
        return _as_is
    if kind is Decimal:
        return lambda value: format(value, "f")
    if kind is date:
        return lambda value: value.isoformat()
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return lambda value: value.value
    raise BugError(f"{kind} has no form on the wire")


def _encode_fields(kind: Any) -> Encoder:
    hints = get_type_hints(kind)
    columns = [(one.name, _encoder(hints[one.name]), _default(one)) for one in fields(kind)]

    def encode(value: Any) -> dict[str, Any]:
        pairs = ((name, encoder, getattr(value, name), default) for name, encoder, default in columns)
        return {name: encoder(item) for name, encoder, item, default in pairs if default is MISSING or item != default}

    return encode


def _default(one: Field[Any]) -> Any:
    if one.default_factory is not MISSING:
        return one.default_factory()
    return one.default


@cache
def _decoder(kind: Any, field: str = "") -> Decoder:
    """The function that makes a checked value of type `kind` from a JSON value and its place."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        return _decode_union([member for member in arguments if member is not NoneType], field)
    if origin is tuple:
        return _decode_tuple(arguments[0])
    if origin is not None and issubclass(origin, Mapping):
        return _decode_mapping(_decoder(arguments[1]))
    if is_dataclass(kind):
        return _decode_fields(kind)
    if kind is Decimal:
        return _decode_rate if field in _RATES else _decode_amount
    plain: dict[Any, Decoder] = {str: _decode_text, int: _decode_int, bool: _decode_bool, date: _decode_date}
    if kind in plain:
        return plain[kind]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _decode_enum(kind)
    raise BugError(f"{kind} has no form on the wire")


def _decode_union(members: list[Any], field: str) -> Decoder:
    if len(members) == 1:
        inner = _decoder(members[0], field)
        return lambda value, place: None if value is None else inner(value, place)
    decoders = {member.__name__: _decoder(member) for member in members}

    def decode(value: Any, place: str) -> Any:
        if not (isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and value[0] in decoders):
            raise WireFault(place=place, why="it names no known record")
        return decoders[value[0]](value[1], place)

    return decode


def _decode_tuple(member: Any) -> Decoder:
    if member in _COLUMNS:
        return _COLUMNS[member]
    item = _decoder(member)

    def decode(value: Any, place: str) -> Any:
        return tuple(item(one, f"{place}[{index}]") for index, one in enumerate(_list_at(value, place)))

    return decode


def _list_at(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise WireFault(place=place, why="a list is wanted")
    return value


# Columns of call records have a million values: they are checked in one go.
def _decode_ints(value: Any, place: str) -> tuple[int, ...]:
    numbers = _list_at(value, place)
    if not all(type(one) is int for one in numbers):
        raise WireFault(place=place, why="whole numbers are wanted")
    if numbers and not -_LARGEST <= min(numbers) <= max(numbers) < _LARGEST:
        raise WireFault(place=place, why="a number does not fit 64 bits")
    return tuple(numbers)


def _decode_gaps(value: Any, place: str) -> tuple[int | None, ...]:
    gaps = _list_at(value, place)
    _decode_ints([one for one in gaps if one is not None], place)
    return tuple(gaps)


def _decode_texts(value: Any, place: str) -> tuple[str, ...]:
    texts = _list_at(value, place)
    if not all(type(one) is str for one in texts) or max(map(len, texts), default=0) > LONGEST_TEXT:
        raise WireFault(place=place, why=f"texts of at most {LONGEST_TEXT} characters are wanted")
    if _UNSTORABLE.search("".join(texts)):
        raise WireFault(place=place, why="a text holds characters that no database keeps")
    return tuple(texts)


_COLUMNS: dict[Any, Decoder] = {int: _decode_ints, int | None: _decode_gaps, str: _decode_texts}


def _decode_mapping(item: Decoder) -> Decoder:
    def decode(value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise WireFault(place=place, why="an object is wanted")
        return {_decode_text(key, place): item(one, f"{place}.{key}") for key, one in value.items()}

    return decode


def _decode_fields(kind: Any) -> Decoder:
    hints = get_type_hints(kind)
    decoders = {one.name: _decoder(hints[one.name], one.name) for one in fields(kind)}
    required = {one.name for one in fields(kind) if _default(one) is MISSING}

    def decode(value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise WireFault(place=place, why=f"a {kind.__name__} is wanted")
        surplus, missing = value.keys() - decoders.keys(), required - value.keys()
        if surplus or missing:
            names = ", ".join(sorted(surplus | missing))[:200]
            raise WireFault(place=place, why=f"fields too many or missing: {names}")
        arguments = {name: decoders[name](one, f"{place}.{name}") for name, one in value.items()}
        if kind is Period and arguments["end"] <= arguments["start"]:
            raise WireFault(place=place, why="a period ends before it starts")
        return kind(**arguments)

    return decode


def _decode_text(value: Any, place: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise WireFault(place=place, why=f"a text of at most {LONGEST_TEXT} characters is wanted")
    if _UNSTORABLE.search(value):
        raise WireFault(place=place, why="the text holds characters that no database keeps")
    return value


def _decode_int(value: Any, place: str) -> int:
    if type(value) is not int or not -_LARGEST <= value < _LARGEST:
        raise WireFault(place=place, why="a whole number of 64 bits is wanted")
    return value


def _decode_bool(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise WireFault(place=place, why="true or false is wanted")
    return value


def _decode_date(value: Any, place: str) -> date:
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError as fault:
        raise WireFault(place=place, why=str(fault)) from fault
    raise WireFault(place=place, why="a date as YYYY-MM-DD is wanted")


def _decode_enum(kind: type[StrEnum]) -> Decoder:
    def decode(value: Any, place: str) -> Any:
        try:
            return kind(value)
        except ValueError as fault:
            raise WireFault(place=place, why=f"it is no {kind.__name__}") from fault

    return decode


def _decode_amount(value: Any, place: str) -> Decimal:
    return _decode_decimal(value, place, MONEY_SCALE)


def _decode_rate(value: Any, place: str) -> Decimal:
    return _decode_decimal(value, place, RATE_SCALE)


def _decode_decimal(value: Any, place: str, scale: int) -> Decimal:
    try:
        if not isinstance(value, str):
            raise WireFault(place=place, why="an amount is wanted, as text")
        amount = D(value)
        to_scaled(amount, scale)
    except (NotAnAmount, BugError) as fault:
        raise WireFault(place=place, why=str(fault)) from fault
    return amount
