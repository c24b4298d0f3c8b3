"""The draft of a mapping of usage, tickets or a statement, as it is chosen, and as the mapping that is saved of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from app.importers.tabular.table_kind import (
    EPOCHS,
    LIST,
    TIME_OF_DAY,
    TRUTH,
    WHOLE,
    Field,
    Look,
    Setting,
    TableKind,
)

Draft = dict[str, Any]
PASSED, TAKEN = "skip", "take"  # what a word in the column that counts rows means
_PORT = {"samples": ("in", "out"), "readings": ("value",)}
_DIALLED = ("international", "trunk")
# countries in which 00 comes before foreign numbers: those with a 0 before national ones, and those without
_TRUNK_0 = frozenset({"31", "32", "33", "40", "41", "43", "44", "46", "49", "353", "358", "385", "386", "421"})
_NO_TRUNK = frozenset({"30", "34", "39", "45", "47", "48", "351", "352", "420"})


def find_missing_of_rows(kind: TableKind, mapping: Draft) -> tuple[str, ...]:
    """The keys that a draft still needs before it can read anything."""
    columns = mapping.get("columns", {})
    there = {field.key for field in kind.fields if field.key in columns or (field.whole and mapping.get(field.key))}
    missing = [f"columns.{field.key}" for field in kind.fields if field.needed and field.key not in there]
    for group in kind.either:
        if not any(set(one) <= there for one in group):
            missing.append(f"columns.{group[0][0]}")
    if mapping.get("unit") == "amps" and "volts" not in columns:
        missing.append("columns.volts")
    if any(field.key in columns for field in kind.moments):
        form = mapping.get("time", {}).get("format", "")
        forms = form if isinstance(form, list) else [form]
        if not mapping.get("time", {}).get("zone") and not all(one in EPOCHS or "ZZ" in one for one in forms):
            missing.append("time.zone")
    if mapping.get("no_header") and not kind.headless:
        missing.append("header")
    return tuple(missing)


def open_rows(mapping: Draft) -> Draft:
    """A saved or guessed mapping as a draft: moments of two columns are two fields, one port a circuit of the file."""
    draft: Draft = deepcopy(mapping)
    for key in ("claims", "format", "columns", "time"):
        draft.setdefault(key, {})
    for key, spec in list(draft["columns"].items()):
        if isinstance(spec, list) and len(spec) == 2:
            draft["columns"][key], draft["columns"][key + TIME_OF_DAY] = spec
    ports = draft.get("ports", [])
    if len(ports) == 1:
        (port,) = ports
        draft["columns"] |= {key: name for key, name in port.items() if key != "circuit_id"}
        draft["columns"]["circuit_id"] = {"value": port.get("circuit_id", "")}
        del draft["ports"]
    skipped = draft.get("rows", {}).get("skip", {})
    if len(skipped) == 1:
        ((column, words),) = skipped.items()
        draft["rows"] = {key: value for key, value in draft["rows"].items() if key != "skip"}
        draft["counted"] = {
            "column": column,
            "values": dict.fromkeys(words if isinstance(words, list) else [words], PASSED),
        }
    return draft


def finish_rows(kind: TableKind, draft: Draft) -> Draft:
    """The mapping as it is saved."""
    made: Draft = deepcopy(draft)
    columns = made["columns"]
    for field in kind.moments:
        time = columns.pop(field.key + TIME_OF_DAY, None)
        if time is not None and field.key in columns:
            columns[field.key] = [*columns_of_spec(columns[field.key]), time]
    circuit = columns.get("circuit_id")
    if kind.key in _PORT and isinstance(circuit, dict) and "value" in circuit:
        del columns["circuit_id"]
        made["ports"] = [{"circuit_id": circuit["value"]} | {key: columns.pop(key, "") for key in _PORT[kind.key]}]
    counted = made.pop("counted", {})
    words = [word for word, meaning in counted.get("values", {}).items() if meaning == PASSED]
    if counted.get("column") and words:
        made.setdefault("rows", {})["skip"] = {counted["column"]: words}
    return {key: value for key, value in made.items() if value not in ("", {}, [], None)}


def write_setting(setting: Setting, said: str) -> Any:
    """What is said of a setting as the mapping writes it; "" for nothing."""
    if not said:
        return ""
    if setting.sort == WHOLE:
        return int(said) if said.isascii() and said.isdigit() else said
    if setting.sort == TRUTH:
        return said == "true"
    if setting.sort == LIST:
        return [one.strip() for one in said.split(",") if one.strip()]
    return said


def read_setting(mapping: Mapping[str, Any], key: str) -> Any:
    """The value under a dotted key of a draft, None where there is none."""
    value: Any = mapping
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def show_setting(value: Any) -> str:
    """A value of a mapping as it is typed."""
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def put(mapping: Draft, key: str, value: Any) -> None:
    """Set a dotted key of a draft; "", None and False take it away."""
    *path, last = key.split(".")
    table = mapping
    for part in path:
        table = table.setdefault(part, {})
    if value in ("", None, False):
        table.pop(last, None)
    else:
        table[last] = value


def dial_as_in(mapping: Draft, before: str) -> None:
    """Say with the country's code what is dialled before foreign and before national numbers there: else 0049… would be
    read as a national number. What was said otherwise stays; `before` is the country that stood there until now."""
    numbers = mapping.get("numbers", {})
    for key, was, now in zip(_DIALLED, _dialled_in(before), _dialled_in(numbers.get("country", "")), strict=True):
        if numbers.get(key, "") in ("", was):
            put(mapping, f"numbers.{key}", now)


def _dialled_in(country: str) -> tuple[Any, Any]:
    """What is dialled before foreign and before national numbers, "" where it is not known or nothing."""
    if country == "1":
        return ["011"], ""
    if country not in _TRUNK_0 | _NO_TRUNK:
        return "", ""
    return ["00"], "0" if country in _TRUNK_0 else ""


def counts(setting: Setting, mapping: Mapping[str, Any]) -> bool:
    """Whether a setting has a meaning beside what else the draft says."""
    return not setting.when or str(read_setting(mapping, setting.when[0])) in setting.when[1:]


# by field the setting that says what its column counts: another column may count something else
_COUNTED_IN = {"seconds": "duration", "minutes": "duration", "in": "rate", "out": "rate", "value": "unit"}


def ask_unit(kind: TableKind, field: str, unsure: set[str]) -> None:
    """Ask what a column counts that a person has just chosen for `field`."""
    setting = _COUNTED_IN.get(field)
    if setting is not None and any(one.key == setting for one in kind.settings):
        unsure.add(setting)


def settle(mapping: Draft, unsure: set[str], field: Field, look: Mapping[str, Any]) -> None:
    """Settle how the values of a column read that is now used for a field, where they read in one way; else ask."""
    if field.look is Look.MOMENT and look.get("moments") is not None:
        _settle_one(mapping, unsure, "time.format", list(look["moments"]))
    if field.look is Look.TIME:
        unsure.add("time.format")
    if field.look is Look.DAY and look.get("days") is not None and not look.get("typed"):
        _settle_one(mapping, unsure, "format.date", list(look["days"]))
        if look.get("language", "en") != "en":
            mapping["format"]["language"] = look["language"]
    if field.look in (Look.AMOUNT, Look.NUMBER) and not look.get("typed") and "decimal" not in mapping["format"]:
        numbers = [tuple(one) for one in look.get("numbers") or []]
        if len(numbers) == 1:
            mapping["format"]["decimal"], mapping["format"]["group"] = numbers[0]
        elif numbers:
            unsure.add("format.decimal")
    if field.look is Look.TELEPHONE and look.get("national") and not read_setting(mapping, "numbers.country"):
        unsure.add("numbers.country")


def _settle_one(mapping: Draft, unsure: set[str], key: str, formats: list[str]) -> None:
    said = read_setting(mapping, key)
    if not formats or said in formats or (isinstance(said, list) and set(said) & set(formats)):
        return
    if len(formats) == 1 and (not said or key in unsure):
        put(mapping, key, formats[0])
        unsure.discard(key)
    else:
        unsure.add(key)


def columns_of_spec(spec: object) -> list[str]:
    """The columns in which a field stands."""
    if isinstance(spec, dict):
        spec = spec.get("column", []) if not spec.get("sheet") else []
    return [spec] if isinstance(spec, str) else [str(one) for one in spec] if isinstance(spec, list) else []
