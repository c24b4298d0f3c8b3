"""Reading a mapping's TOML strictly: every key is known and of the right type, or the message names it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from app.errors import UserError
from app.importers.values import BadValue, NumberFormat

Word = TypeVar("Word", bound=StrEnum)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_TOML_PLACE = re.compile(r"\(at line (\d+), column \d+\)")


class MappingFault(UserError):
    """The mapping {name} has a fault at {place}: {why}."""

    def __init__(self, name: str, key: str, why: str, line: int | None = None) -> None:
        self.name, self.key, self.why, self.line = name or "(without a name)", key, why, line
        place = " ".join(part for part in (f"line {line}" if line else "", f"key {key}" if key else "") if part)
        super().__init__(name=self.name, place=place.replace(" key", ", key") or "its beginning", why=why)


class TomlTable:
    """One table of a mapping. Each key is taken once; `finish` refuses those that nobody took."""

    def __init__(self, values: Mapping[str, Any], mapping: str, path: str = "") -> None:
        self._values, self.mapping, self.path = dict(values), mapping, path

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def fault(self, key: str, why: str) -> MappingFault:
        """A MappingFault at `key` of this table, to be raised."""
        return MappingFault(self.mapping, self._full(key), why)

    def raw(self, key: str) -> Any:
        """The value as TOML gives it, None where the key is absent."""
        return self._values.pop(key, None)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (not value and default is None):
            raise self.fault(key, "a text is wanted")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text; empty where the key is absent."""
        value = self.raw(key)
        if value is None:
            return ()
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not values or not all(isinstance(one, str) and one for one in values):
            raise self.fault(key, "a text or a list of texts is wanted")
        return tuple(values)

    def truth(self, key: str) -> bool:
        """true or false; false where the key is absent."""
        value = self.raw(key)
        if not isinstance(value, bool | None):
            raise self.fault(key, "true or false is wanted")
        return bool(value)

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number between `least` and `most`."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.fault(key, f"a whole number from {least} to {most} is wanted")
        return value

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """One of `choices`."""
        value = self.text(key, default)
        if value not in choices:
            raise self.fault(key, f"'{value}' is none of {', '.join(choices)}")
        return value

    def word(self, key: str, words: type[Word]) -> Word | None:
        """A word of the vocabulary, None where the key is absent."""
        return self.to_word(key, self.raw(key), words) if key in self else None

    def to_word(self, key: str, value: object, words: type[Word]) -> Word:
        """`value`, which stands under `key`, as a word of the vocabulary."""
        try:
            return words(str(value))
        except ValueError as fault:
            raise self.fault(key, f"'{value}' is none of {', '.join(words)}") from fault

    def words(self, key: str, words: type[Word]) -> dict[str, Word]:
        """A table from what a file says to words of the vocabulary."""
        table = self.raw(key)
        if not isinstance(table, dict | None):
            raise self.fault(key, "a table of texts is wanted")
        return {said: self.to_word(f"{key}.{said}", meant, words) for said, meant in (table or {}).items()}

    def table(self, key: str) -> TomlTable:
        """The table under `key`, empty where it is absent."""
        value = self.raw(key)
        if not isinstance(value, dict | None):
            raise self.fault(key, "a table is wanted")
        return TomlTable(value or {}, self.mapping, self._full(key))

    def tables(self, key: str) -> list[TomlTable]:
        """The array of tables under `key`; a single table is an array of one."""
        value = self.raw(key)
        values = [value] if isinstance(value, dict) else value if value is not None else []
        if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
            raise self.fault(key, "a table or an array of tables is wanted")
        return [TomlTable(one, self.mapping, self._full(key)) for one in values]

    def keys(self) -> tuple[str, ...]:
        """The keys that nobody has taken yet."""
        return tuple(self._values)

    def finish(self) -> None:
        """Raise MappingFault for a key that has no meaning here."""
        for key in self._values:
            raise self.fault(key, "no such key is known here; docs/formats names them all")

    def _full(self, key: str) -> str:
        return f"{self.path}.{key}".strip(".")


def open_toml(text: str) -> dict[str, Any]:
    """The TOML in `text`; raises MappingFault with the line where it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        place = _TOML_PLACE.search(str(fault))
        why = _TOML_PLACE.sub("", str(fault)).strip()
        raise MappingFault("", "", f"it is not TOML: {why}", int(place[1]) if place else None) from fault


_open_once = lru_cache(maxsize=256)(open_toml)  # each kind of mapping looks through all texts


def open_mappings(mappings: Sequence[str], kind: str) -> list[tuple[str, TomlTable]]:
    """Name and contents of each of the mappings that is of `kind`."""
    opened = []
    for text in mappings:
        values = _open_once(text)
        if values.get("kind") == kind:
            name = values.get("name")
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise MappingFault(str(name or ""), "name", "small letters, digits, - and _ are wanted")
            rest = {key: value for key, value in values.items() if key not in {"kind", "name"}}
            opened.append((name, TomlTable(rest, name)))
    return opened


def read_currency(table: TomlTable, key: str = "currency") -> str:
    """A currency code under `key`, "" where it is absent."""
    value = table.text(key, "")
    if value and not _CURRENCY.fullmatch(value):
        raise table.fault(key, "an ISO 4217 code of three capital letters is wanted")
    return value


def read_number_format(table: TomlTable) -> NumberFormat:
    """The keys `decimal` and `group`."""
    decimal = table.text("decimal", ".")
    group = table.raw("group")
    try:
        return NumberFormat(decimal, group if isinstance(group, str) else {".": ",", ",": "."}.get(decimal, ","))
    except BadValue as fault:
        raise table.fault("decimal", str(fault)) from fault


def read_date_formats(table: TomlTable, key: str = "date") -> tuple[str, ...]:
    """One or several date formats under `key`."""
    formats = table.texts(key)
    for one in formats:
        if "YY" not in one or "M" not in one:
            raise table.fault(key, f"'{one}' is no date format: YYYY or YY, and M, MM, MMM or MMMM are needed")
    return formats
