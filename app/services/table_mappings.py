"""Mapping a table's columns by hand: what a person is shown of it, the draft as it is changed, its trial, its saving.

The file is untrusted: a child process opens it, and what it answers is checked before it is used.
"""

from __future__ import annotations

import codecs
import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.parsed import ParsedDocument
from app.importers.registry import Definitions
from app.services.changes import Changes
from app.services.mappings import definitions, save_mapping
from app.services.parsing import ask_child, parse_file
from app.services.workspace import Workspace

HEAD_BYTES = 1 << 20  # of a text that are looked at; a workbook is opened as a whole
TRIED_BYTES = 16 << 20  # a larger text is tried by its beginning only
_LINES_BEYOND = 12
_BINARY = (b"PK", b"\xd0\xcf\x11\xe0")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_NO_NAME = re.compile(r"[^a-z0-9]+")
_TOML_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
Draft = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """How some encodings, which agree, read the lines in question; lines have number 0 where it is not known."""

    encodings: tuple[str, ...]
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a table. `readings` are given where its encoding is not told by the file."""

    media: str
    sheets: tuple[tuple[str, bool], ...]  # name, whether hidden
    sheet: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    header_row: int
    delimiter: str
    encoding: str
    readings: tuple[Reading, ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    cut: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return next((cells for number, cells in self.rows if number == self.header_row), ())


@dataclass(frozen=True, slots=True)
class Question:
    """A key of the draft that is left open: why, and what could be chosen."""

    key: str
    why: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """A draft of a mapping, the reason for each of its choices, what is unsure, and the different values by column."""

    mapping: Draft
    reasons: Mapping[str, str]
    unsure: tuple[Question, ...]
    values: Mapping[str, tuple[str, ...]]
    labels: tuple[tuple[str, str, str], ...]  # label, sheet, what stands beside it
    near: str = ""
    difference: str = ""


def preview(path: Path, options: Mapping[str, Any], cancelled: Callable[[], bool] = lambda: False) -> Preview:
    """The first rows of the table in `path`; options: encoding, delimiter, sheet, header_row, fixed.

    Raises NotAnswered.
    """
    content, more = _opening(path)
    said = ask_child("table-preview", path.name, content, Definitions(), {**options, **more}, cancelled=cancelled)
    rows = tuple((_whole(row.get("row")), _texts(row.get("cells"))) for row in _tables(said.get("rows")))
    return Preview(
        media=str(said.get("media", "csv")),
        sheets=tuple((str(one.get("name", "")), one.get("hidden") is True) for one in _tables(said.get("sheets"))),
        sheet=str(said.get("sheet", "")),
        rows=rows,
        header_row=_whole(said.get("header_row")),
        delimiter=str(said.get("delimiter", "")),
        encoding=str(said.get("encoding", "")),
        readings=tuple(_reading(one) for one in _tables(said.get("readings"))),
        hidden_rows=frozenset(map(_whole, _list(said.get("hidden_rows")))),
        hidden_columns=frozenset(map(_whole, _list(said.get("hidden_columns")))),
        cut=bool(more.get("cut")),
    )


def guess(workspace: Workspace, path: Path, options: Mapping[str, Any]) -> Guess:
    """A draft for the table in `path`: the mapping of the nearest header if there is one, else by words and looks."""
    content, more = _opening(path)
    known = definitions(workspace)
    said = ask_child("table-guess", path.name, content, known, {**options, **more})
    mapping = said.get("mapping")
    near, difference = _read_near(said.get("near"))
    draft: Draft = mapping if isinstance(mapping, dict) else {}
    saved = _find(known, near)
    if saved is not None:
        kept = {key: draft[key] for key in ("claims",) if key in draft}
        draft = saved | kept | {"name": free_name(workspace, near)}
    return Guess(
        mapping=draft,
        reasons={str(key): str(why) for key, why in _table(said.get("reasons")).items()},
        unsure=tuple(
            Question(str(one.get("key", "")), str(one.get("why", "")), _texts(one.get("choices")))
            for one in _tables(said.get("unsure"))
        ),
        values={str(name): _texts(values) for name, values in _table(said.get("values")).items()},
        labels=tuple(
            (label, sheet, shown)
            for label, sheet, shown in (_texts(one)[:3] for one in _list(said.get("labels")) if len(_texts(one)) >= 3)
        ),
        near=near if saved is not None else "",
        difference=difference,
    )


def try_mapping(path: Path, mapping: Draft, cancelled: Callable[[], bool] = lambda: False) -> ParsedDocument:
    """What `path` is read as by the draft, through the same child as an import; of a very large text its beginning."""
    text = write_toml(mapping)
    content: bytes | Path = path
    if path.stat().st_size > TRIED_BYTES:
        content, _more = _opening(path)
    importer = f"{mapping['claims']['media']}-bill:{mapping['name']}"
    return parse_file(path.name, content, Definitions(mappings=(text,)), importer=importer, cancelled=cancelled)


def save(workspace: Workspace, mapping: Draft, actor: str) -> Changes:
    """Save the draft as a mapping of the workspace; raises FaultyMapping."""
    return save_mapping(workspace, write_toml(mapping), actor)


def find_missing(mapping: Draft) -> tuple[str, ...]:
    """The keys that a draft still needs before it can read anything."""
    invoice, charges = mapping.get("invoice", {}), mapping.get("charges", {})
    missing = [key for key in ("carrier",) if not mapping.get(key)]
    missing += [f"invoice.{key}" for key in ("number", "bill_date") if not invoice.get(key)]
    missing += ["charges.amount"] if not charges.get("columns", {}).get("amount") else []
    missing += ["currency"] if not mapping.get("currency") and not invoice.get("currency") else []
    for room, fields in (("invoice", invoice), ("charges", charges.get("columns", {}))):
        if ("period_start" in fields) != ("period_end" in fields):
            missing.append(f"{room}.period_{'end' if 'period_start' in fields else 'start'}")
    return tuple(missing)


def make_name(*words: str) -> str:
    """A mapping's name out of words: small letters, digits and -."""
    bare = unicodedata.normalize("NFKD", " ".join(words).casefold())
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _NO_NAME.sub("-", letters).strip("-")[:50] or "table"


def free_name(workspace: Workspace, wanted: str) -> str:
    """`wanted`, with a number behind it where a mapping of that name is there already."""
    taken = {str(tomllib.loads(text).get("name", "")) for text in definitions(workspace).mappings}
    return next(name for name in (wanted, *(f"{wanted}-{number}" for number in range(2, 10_000))) if name not in taken)


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


def _opening(path: Path) -> tuple[bytes | Path, dict[str, Any]]:
    """What the child is given of the file, and the options that say so."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if head.startswith(_BINARY):
            return path, {}
        if len(head) < HEAD_BYTES:
            return head, {}
        whole_lines = head[: head.rfind(b"\n") + 1] or head
        rest = head[len(whole_lines) :]
        return whole_lines, {"cut": True, "beyond": _find_beyond(rest, file.read)}


def _find_beyond(rest: bytes, read: Callable[[int], bytes]) -> str:
    """Lines further on that are not UTF-8, as Latin-1, which keeps each byte."""
    found: list[bytes] = []
    while len(found) < _LINES_BEYOND and (piece := read(HEAD_BYTES)):
        block = rest + piece
        lines, rest = block[: block.rfind(b"\n") + 1], block[block.rfind(b"\n") + 1 :]
        if len(rest) > HEAD_BYTES:
            lines, rest = block, b""
        try:
            codecs.decode(lines, "utf-8")
        except UnicodeDecodeError:
            found += [line for line in lines.split(b"\n") if not _is_utf8(line)][:_LINES_BEYOND]
    if rest and not _is_utf8(rest):
        found.append(rest)
    return b"\n".join(line[:2_000] for line in found[:_LINES_BEYOND]).decode("latin-1")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _find(known: Definitions, name: str) -> Draft | None:
    for text in known.mappings:
        values = tomllib.loads(text)
        if name and values.get("name") == name and values.get("kind") == "bill-mapping":
            # several sheets of charges cannot be mapped by hand
            return values if isinstance(values.get("charges"), dict) else None
    return None


def _read_near(said: object) -> tuple[str, str]:
    near = _table(said)
    if not near:
        return "", ""
    missing, more = _texts(near.get("missing")), _texts(near.get("more"))
    told = [f"lacks {', '.join(missing)}"] if missing else []
    told += [f"has {', '.join(more)} besides"] if more else []
    return str(near.get("name", "")), " and ".join(told)


def _reading(said: Mapping[str, Any]) -> Reading:
    lines = [one for one in _list(said.get("lines")) if isinstance(one, list) and len(one) == 2]
    return Reading(_texts(said.get("encodings")), tuple((_whole(number), str(text)) for number, text in lines))


def _list(said: object) -> Sequence[Any]:
    return said if isinstance(said, list) else []


def _tables(said: object) -> list[dict[str, Any]]:
    return [one for one in _list(said) if isinstance(one, dict)]


def _table(said: object) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _texts(said: object) -> tuple[str, ...]:
    return tuple(str(one) for one in _list(said))


def _whole(said: object) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) else 0
