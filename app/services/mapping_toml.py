"""A draft of a mapping, as plain tables and values, written as TOML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TOML_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_toml(values: Mapping[str, Any]) -> str:
    """The draft as TOML, tables after the plain values; empty values and tables are left out."""
    return "\n".join(_toml_lines(values, ())).strip() + "\n"


def _toml_lines(values: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    plain = {key: value for key, value in values.items() if not isinstance(value, dict) and not _is_tables(value)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items() if value not in ("", [], None)]
    inner: list[str] = []
    for key, value in values.items():
        if isinstance(value, dict) and value:
            if (path and path[0] in {"invoice", "columns"}) or _is_field(value):
                lines.append(f"{_key(key)} = {_value(value)}")
            else:
                inner += ["", f"[{'.'.join(map(_key, (*path, key)))}]", *_toml_lines(value, (*path, key))]
        elif _is_tables(value):
            for one in value:
                inner += ["", f"[[{'.'.join(map(_key, (*path, key)))}]]", *_toml_lines(one, (*path, key))]
    return lines + inner


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _is_field(value: Mapping[str, Any]) -> bool:
    """Whether a table says where one field stands, and so fits on its line."""
    return bool({"label", "cell", "value"} & set(value)) or ("column" in value and "values" not in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f'"{"".join(map(_escape, value))}"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    raise TypeError(f"{type(value).__name__} has no form in TOML")


def _escape(letter: str) -> str:
    if letter in _TOML_ESCAPES:
        return _TOML_ESCAPES[letter]
    code = ord(letter)
    return letter if letter.isprintable() else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
