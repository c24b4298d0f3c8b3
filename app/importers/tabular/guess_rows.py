"""A first mapping for a table of one record a row: usage, tickets, a bank's movements. A draft with a reason for each
choice; what can be read in two ways, or is told nowhere, is left open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.importers.tabular.cells import Cell, read_exact
from app.importers.tabular.fixed_claims import name_pattern
from app.importers.tabular.guess_columns import Columns, distinct, name_format, read_columns, swap
from app.importers.tabular.guess_kind import assign_fields
from app.importers.tabular.guess_labels import list_labels
from app.importers.tabular.guess_looks import are_whole, join_moments, may_be, tell_looks
from app.importers.tabular.guess_settings import SETTLERS
from app.importers.tabular.guess_values import (
    filled,
    look_for_amounts,
    looks_like_circuit,
    looks_like_currency,
    looks_like_sides,
    looks_like_telephone,
)
from app.importers.tabular.guess_words import rank_header, split_words
from app.importers.tabular.preview import Table
from app.importers.tabular.table_kind import TIME_OF_DAY, Look, TableKind
from app.importers.usage.guess_moments import MomentLook, look_for_moments, looks_like_times

_TIME_WORDS = split_words(
    "time; call time; start time; time of day; answer time; connect time; uhrzeit; zeit; beginn; heure; hora"
)
_SAMPLE = 20  # rows by which a file without names is told


@dataclass(slots=True)
class RowsDraft:
    """What is known so far; `used` is column → field's key."""

    kind: TableKind
    columns: Columns
    mapping: dict[str, Any]
    used: dict[str, str]
    reasons: dict[str, str] = field(default_factory=dict)
    unsure: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, key: str, why: str, choices: list[str] | None = None) -> None:
        """Leave `key` open."""
        self.unsure.append({"key": key, "why": why, "choices": choices or []})

    def values(self, key: str) -> list[Cell]:
        """The values of a field, empty where it stands in no column."""
        name = swap(self.used).get(key)
        return self.columns[name] if name is not None else []

    def name(self, key: str) -> str:
        """The column of a field, "" where there is none."""
        return swap(self.used).get(key, "")

    def set(self, key: str, value: Any) -> None:
        """Set a dotted key of the mapping."""
        table = self.mapping
        *path, last = key.split(".")
        for one in path:
            table = table.setdefault(one, {})
        table[last] = value


def guess_rows(name: str, table: Table, header_row: int, kind: TableKind) -> dict[str, Any]:
    """The draft of a mapping of that kind as a dict of its schema, the reasons, what is unsure, and how each column
    could be read."""
    columns = read_columns(table, header_row)
    draft = RowsDraft(kind, columns, _begin(name, table, header_row, kind, columns), {})
    draft.used = {} if header_row == 0 else assign_fields(kind, columns)
    for column, key in draft.used.items():
        draft.reasons[f"columns.{key}"] = f"column '{column}', by its name"
    _assign_looks(draft)
    _settle_moments(draft)
    draft.mapping["columns"] = {key: column for column, key in draft.used.items()}
    _settle_numbers(draft)
    for key, settle in SETTLERS.items():
        if any(setting.key == key for setting in kind.settings):
            settle(draft)
    for one in kind.fields:
        if one.needed and one.key not in draft.used.values():
            draft.ask(f"columns.{one.key}", f"It was not found where {one.title.lower()} stands.")
    return {
        "kind": kind.key,
        "mapping": draft.mapping,
        "reasons": draft.reasons,
        "unsure": draft.unsure,
        "labels": list_labels(table, header_row),
        "values": {one: distinct(values) for one, values in columns.items()},
        "looks": {one: tell_looks(values) for one, values in columns.items()},
    }


def _begin(name: str, table: Table, header_row: int, kind: TableKind, columns: Columns) -> dict[str, Any]:
    mapping: dict[str, Any] = {"kind": kind.mapping, "name": ""}
    if kind.record:
        mapping["record"] = kind.record
    if header_row:
        mapping["claims"] = {"media": table.media, "columns": list(columns), "exact": True}
    else:
        mapping["claims"] = {"media": table.media, "file": name_pattern(name)}
        mapping["no_header"] = True
        if table.media == "csv":
            mapping["shape"] = _shape(table, columns)
    return mapping | {"format": name_format(table), "columns": {}}


def _shape(table: Table, columns: Columns) -> dict[str, Any]:
    """By what the rows of a file without names are told: their cells, and which of them are whole numbers."""
    rows = [row for row in table.sheet.rows if row.number][:_SAMPLE]
    whole = [name for name, values in columns.items() if "" not in values and are_whole(values)]
    digits = [name for name in whole if not _may_be_withheld(columns[name])]
    counts = sorted({len(row.cells) for row in rows})
    return {"cells": counts} | ({"digits": digits} if digits else {})


def _may_be_withheld(values: list[Cell]) -> bool:
    """Whether the numbers could be telephone numbers, which the next file may print with a plus, or not at all."""
    return looks_like_telephone(values) and look_for_moments(values) is None


def _assign_looks(draft: RowsDraft) -> None:
    """Fields that no name told, where one column alone looks like them."""
    kind, keys = draft.kind, {one.key: one for one in draft.kind.fields}
    taken = set(draft.used.values())
    if "currency" in keys:
        _take_only(draft, "currency", looks_like_currency)
    if "circuit_id" in keys and "tn" not in keys:
        _take_only(draft, "circuit_id", looks_like_circuit)
    if kind.key == "calls" and len({"tn", "other_party"} & taken) == 1:
        _take_only(draft, "tn" if "other_party" in taken else "other_party", looks_like_telephone)
    for one in kind.fields:
        if one.needed and one.look is Look.MOMENT:
            _take_only(draft, one.key, lambda values: look_for_moments(values) is not None)
        if one.needed and one.look is Look.DAY:
            _take_only(draft, one.key, lambda values: may_be(Look.DAY, values))
    if kind.key == "bank" and not {"amount", "debit", "credit"} & set(draft.used.values()):
        _take_only(draft, "amount", _has_decimals)
    if kind.key == "bank":
        _find_side(draft)


def _find_side(draft: RowsDraft) -> None:
    """The column that says debit or credit, where amounts have no signs; it may have been taken for another field."""
    amounts = draft.values("amount")
    if not amounts or "side" in draft.used.values():
        return
    words = [name for name, values in draft.columns.items() if looks_like_sides(values) and len(distinct(values)) > 1]
    look = look_for_amounts(amounts)
    if (
        len(words) == 1
        and look is not None
        and not any(read_exact(one, look.formats[0]) < 0 for one in filled(amounts))
    ):
        draft.used[words[0]] = "side"
        draft.reasons["columns.side"] = f"column '{words[0]}', by its values, which say debit or credit"


def _take_only(draft: RowsDraft, key: str, fits: Callable[[list[Cell]], bool]) -> None:
    free = [name for name, values in draft.columns.items() if name not in draft.used and fits(values)]
    if key not in draft.used.values() and len(free) == 1:
        draft.used[free[0]] = key
        draft.reasons[f"columns.{key}"] = f"column '{free[0]}', by its values, which no other column has"


def _has_decimals(values: list[Cell]) -> bool:
    look = look_for_amounts(values)
    return look is not None and look.places > 0


def _settle_moments(draft: RowsDraft) -> None:
    """The one format of all moments, and the columns of their times of day."""
    looks: list[MomentLook | None] = []
    texts: list[Cell] = []
    for one in draft.kind.moments:
        values = draft.values(one.key)
        if not filled(values):
            continue
        if look_for_moments(values) is None:
            values = _join_time(draft, one.key, values)
            if not values:
                continue
        texts += filled(values)[:200]
        looks.append(look_for_moments(values))
    if not looks:
        return
    look = look_for_moments(texts)
    if look is None:
        draft.ask("time.format", "The moments are written in more than one way.")
    elif not look.sure:
        why = f"'{texts[0]}' and the other moments can be read in several ways, and nothing in the file tells which."
        draft.ask("time.format", why, list(look.formats))
    elif look.formats:
        draft.set("time.format", look.formats[0])
    if look is None or not look.zoned:
        draft.ask("time.zone", "No moment tells its time zone.")


def _join_time(draft: RowsDraft, key: str, days: list[Cell]) -> list[Cell]:
    """Days with the times that stand in another column; nothing where there is none, and the field is free again."""
    free = [name for name, values in draft.columns.items() if name not in draft.used and looks_like_times(values)]
    ranked = sorted(free, key=lambda name: -rank_header(name, _TIME_WORDS))
    if ranked and (len(free) == 1 or rank_header(ranked[0], _TIME_WORDS) > rank_header(ranked[1], _TIME_WORDS)):
        times = draft.columns[ranked[0]]
        if join_moments(days, times) is not None:
            draft.used[ranked[0]] = key + TIME_OF_DAY
            return [f"{day} {time}" for day, time in zip(days, times, strict=False) if day != "" and time != ""]
    del draft.used[draft.name(key)]
    draft.reasons.pop(f"columns.{key}", None)
    return []


def _settle_numbers(draft: RowsDraft) -> None:
    """How all numbers and amounts are written, and the days of a statement."""
    wanted = {one.key for one in draft.kind.fields if one.look in (Look.AMOUNT, Look.NUMBER, Look.DURATION)}
    texts = [
        value
        for key in wanted
        for value in filled(draft.values(key))[:300]
        if isinstance(value, str) and ":" not in value
    ]
    look = look_for_amounts(texts) if texts else None
    if look is not None and look.sure:
        form = look.formats[0]
        if any(not (text.isascii() and text.isdigit()) for text in texts):
            draft.mapping["format"] |= {"decimal": form.decimal, "group": form.group}
    elif texts:
        pairs = [f"{one.decimal}{one.group}" for one in look.formats] if look is not None else []
        draft.ask("format.decimal", f"'{texts[0]}' and the other numbers can be read in several ways.", pairs)
