"""A PDF layout while it is being made: the tables of docs/formats/pdf-layouts.md as plain values, changed step by step.

A draft is never changed: each step makes another one, so that undoing is keeping the one before.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import tomlkit
from tomlkit.items import AoT, Item

Numbers = tuple[float, float, float, float]
KIND = "pdf-layout"
UNNAMED = "draft"
# what a bill has to say before it can be posted, each with what the person is asked for
NEEDED_FIELDS = (("bill_date", "Point at the bill date."), ("total_due", "Point at the total that is due."))
_FIRST = ("kind", "name", "carrier", "claims", "refuses", "currency", "decimal", "group", "dates", "language")
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_DIGITS = re.compile(r"\d")
_WRITTEN = frozenset({"decimal", "group", "dates", "language", "currency"})
_INLINE = frozenset({"columns"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was found on a page (from 1) and how it reads there; the box is in points, x0 top x1 bottom.

    `confidence` in per cent, where the page was scanned."""

    page: int
    box: Numbers
    text: str = ""
    value: str = ""
    problem: str = ""
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """`layout` is what will be saved; the places only tell a person where its values were found on this bill."""

    layout: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    tables: Mapping[int, Place] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()

    @property
    def fields(self) -> Mapping[str, Any]:
        """The rules of the header fields."""
        found = self.layout.get("fields", {})
        return found if isinstance(found, dict) else {}

    def table(self, number: int) -> Mapping[str, Any]:
        """The table of that number, empty where there is none."""
        tables = self.layout.get("tables", [])
        return tables[number] if number < len(tables) else {}

    def text(self, key: str) -> str:
        """A text of the layout's top level, "" where it is not set."""
        return str(self.layout.get(key, ""))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts of the layout's top level."""
        found = self.layout.get(key, ())
        return (found,) if isinstance(found, str) else tuple(str(one) for one in found)

    def with_value(self, key: str, value: Any) -> Draft:
        """The same with another value at the top level; an empty one takes the key away."""
        layout = copy.deepcopy(dict(self.layout))
        if value in ("", [], ()) and key != "group":  # no mark between thousands is a mark
            layout.pop(key, None)
        else:
            layout[key] = list(value) if isinstance(value, tuple) else value
        return replace(self, layout=layout)

    def with_rule(self, name: str, rule: Mapping[str, Any], place: Place) -> Draft:
        """The same with a header field read where it was pointed at."""
        layout = copy.deepcopy(dict(self.layout))
        layout.setdefault("fields", {})[name] = copy.deepcopy(dict(rule))
        if name == "currency":
            layout.pop("currency", None)
        return replace(self, layout=layout, places={**self.places, name: place}, unsure=self.unsure - {name})

    def without_rule(self, name: str) -> Draft:
        """The same without that header field."""
        layout = copy.deepcopy(dict(self.layout))
        layout.get("fields", {}).pop(name, None)
        places = {key: place for key, place in self.places.items() if key != name}
        return replace(self, layout=layout, places=places, unsure=self.unsure - {name})

    def with_table(self, number: int, table: Mapping[str, Any], place: Place | None = None) -> Draft:
        """The same with another table at that number, which may be the next one."""
        layout = copy.deepcopy(dict(self.layout))
        tables = layout.setdefault("tables", [])
        made = copy.deepcopy(dict(table))
        if number < len(tables):
            tables[number] = made
        else:
            tables.append(made)
            number = len(tables) - 1
        tables[number].setdefault("name", "Charges" if number == 0 else f"Charges {number + 1}")
        places = {**self.tables, number: place} if place is not None else dict(self.tables)
        return replace(self, layout=layout, tables=places)

    def without_table(self, number: int) -> Draft:
        """The same without that table; those behind it move up."""
        layout = copy.deepcopy(dict(self.layout))
        del layout["tables"][number]
        if not layout["tables"]:
            del layout["tables"]
        places = {at - (at > number): place for at, place in self.tables.items() if at != number}
        return replace(self, layout=layout, tables=places)

    def with_kind(self, description: str, charge_type: str) -> Draft:
        """The same, charges described like `description` (but for its figures) being of that type."""
        layout = copy.deepcopy(dict(self.layout))
        rule = {"pattern": pattern_of(description), "charge_type": charge_type}
        known = [one for one in layout.get("charges", []) if one.get("pattern") != rule["pattern"]]
        layout["charges"] = [*known, rule]
        return replace(self, layout=layout)

    def written(self) -> dict[str, Any]:
        """How it says that values are written: formats, language, currency."""
        return {key: value for key, value in self.layout.items() if key in _WRITTEN}

    def named(self) -> dict[str, Any]:
        """The layout as it is read: with its kind, and names that stand in where none has been given yet."""
        layout = {"kind": KIND, "name": UNNAMED, "carrier": "(not named yet)", **copy.deepcopy(dict(self.layout))}
        return {key: value for key, value in layout.items() if value not in ({}, [])}


def todo(draft: Draft) -> list[str]:
    """What is still missing before the layout can be tried, each as something to do."""
    wanted = []
    if not draft.texts("claims"):
        wanted.append("Name the words by which this carrier's bills are recognised.")
    wanted += [told for name, told in NEEDED_FIELDS if name not in draft.fields]
    if not draft.text("currency") and "currency" not in draft.fields:
        wanted.append("Choose the currency.")
    if not draft.layout.get("tables") and not draft.layout.get("sections"):
        wanted.append("Drag a box over the table of charges.")
    for number, table in enumerate(draft.layout.get("tables", [])):
        if "amount" not in [column.get("field") for column in table.get("columns", [])]:
            wanted.append(f"Say which column of table {number + 1} is the amount.")
    return wanted


def pattern_of(description: str) -> str:
    """The pattern of all descriptions that begin like this one, up to its first figure."""
    head = _DIGITS.split(description, maxsplit=1)[0].strip()
    return f"^{re.escape(head or description)}".replace("\\ ", " ")


def name_of(carrier: str) -> str:
    """The name of a layout after its carrier: small letters, digits and dashes."""
    return _NOT_NAME.sub("-", carrier.casefold()).strip("-")[:50].strip("-")


def to_toml(layout: Mapping[str, Any]) -> str:
    """The layout as a TOML text, in the order in which a person reads it."""
    document = tomlkit.document()
    plain = {key: value for key, value in layout.items() if not _is_table(value)}
    for key in sorted(plain, key=lambda one: (_FIRST.index(one) if one in _FIRST else len(_FIRST), one)):
        document.add(key, _item(key, plain[key]))
    for key, value in layout.items():
        if _is_table(value):
            document.add(key, _item(key, value))
    return tomlkit.dumps(document)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, Sequence) and bool(value) and not isinstance(value, str) and isinstance(value[0], Mapping)
    )


def _item(key: str, value: Any) -> Item:
    if isinstance(value, Mapping):
        table = tomlkit.table(is_super_table=bool(value) and all(isinstance(one, Mapping) for one in value.values()))
        for name, one in value.items():
            if one is not None:
                table.add(name, _item(name, one))
        return table
    if _is_table(value) and key not in _INLINE:
        tables: AoT = tomlkit.aot()
        for one in value:
            made = _item("", one)
            tables.append(made)
        return tables
    if _is_table(value):
        array = tomlkit.array()
        for one in value:
            inline = tomlkit.inline_table()
            inline.update({name: _rounded(part) for name, part in one.items() if part is not None})
            array.append(inline)
        return array.multiline(True)
    plain: Item = tomlkit.item(_rounded(list(value) if isinstance(value, tuple) else value))
    return plain


def _rounded(value: Any) -> Any:
    """Lengths to a hundredth of a point, which is more than a page shows."""
    if isinstance(value, float):
        return round(value, 2)
    return [_rounded(one) for one in value] if isinstance(value, list) else value
