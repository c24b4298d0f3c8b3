"""Mapping a table's columns by hand: what a person is shown of it, the draft as it is changed, its trial, its saving.

The file is untrusted: a child process opens it, and what it answers is checked before it is used.
"""

from __future__ import annotations

import codecs
import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.parsed import ParsedDocument
from app.importers.registry import Definitions
from app.importers.tabular.cells import header_key
from app.importers.tabular.definition import MappingFault, TomlTable
from app.importers.tabular.fixed import read_fixed_layout
from app.importers.tabular.kinds import BILL, BY_KEY, kind_of
from app.importers.tabular.table_kind import TableKind
from app.services.changes import Changes
from app.services.mapping_rows import columns_of_spec, find_missing_of_rows, read_setting
from app.services.mapping_toml import write_toml
from app.services.mappings import definitions, save_mapping, shipped_definitions
from app.services.parsing import ask_child, parse_file
from app.services.workspace import Workspace

HEAD_BYTES = 1 << 20  # of a text that are looked at; a workbook is opened as a whole
TRIED_BYTES = 16 << 20  # a larger text is tried by its beginning only
TRIED_ROWS_BYTES = 2 << 20  # the same of usage: more than 100,000 records would not come back in one answer
_LINES_BEYOND = 12
_BINARY = (b"PK", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
_NO_NAME = re.compile(r"[^a-z0-9]+")
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
    fixed: Draft | None = None  # of a text of fixed width: where its columns are, and its lines as printed
    lines: tuple[tuple[int, str], ...] = ()
    header_line: int = 0

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of the rows."""
        return frozenset(number for number, _cells in self.rows)

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
    kind: TableKind = BILL
    looks: Mapping[str, Draft] = field(default_factory=dict)  # by column, how its values could be read


def preview(path: Path, options: Mapping[str, Any], cancelled: Callable[[], bool] = lambda: False) -> Preview:
    """The first rows of the table in `path`; options: encoding, delimiter, sheet, header_row, fixed, record_length.

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
        fixed=_layout(said.get("fixed")),
        lines=_numbered(said.get("lines")),
        header_line=_whole(said.get("header_line")),
    )


def guess(workspace: Workspace, path: Path, options: Mapping[str, Any]) -> Guess:
    """A draft for the table in `path`: the mapping of the nearest header if there is one, else by words and looks."""
    content, more = _opening(path)
    known = definitions(workspace)
    said = ask_child("table-guess", path.name, content, known, {**options, **more})
    mapping = said.get("mapping")
    near, difference = _read_near(said.get("near"))
    kind = BY_KEY.get(str(said.get("kind", "")), BILL)
    draft: Draft = mapping if isinstance(mapping, dict) else {}
    saved = _find(known, near, kind)
    if saved is not None:
        draft = _join(saved, draft, kind) | {"name": free_name(workspace, near)}
    return Guess(
        mapping=draft,
        reasons={str(key): str(why) for key, why in _table(said.get("reasons")).items()},
        unsure=tuple(
            Question(str(one.get("key", "")), str(one.get("why", "")), _texts(one.get("choices")))
            for one in _tables(said.get("unsure"))
            if saved is None or kind is BILL or read_setting(saved, str(one.get("key", ""))) is None
        ),
        values={str(name): _texts(values) for name, values in _table(said.get("values")).items()},
        labels=tuple(
            (label, sheet, shown)
            for label, sheet, shown in (_texts(one)[:3] for one in _list(said.get("labels")) if len(_texts(one)) >= 3)
        ),
        near=near if saved is not None else "",
        difference=difference,
        kind=kind,
        looks={str(name): _table(one) for name, one in _table(said.get("looks")).items()},
    )


def try_mapping(path: Path, mapping: Draft, cancelled: Callable[[], bool] = lambda: False) -> ParsedDocument:
    """What `path` is read as by the draft, through the same child as an import; of a very large text its beginning."""
    text = write_toml(mapping)
    kind = kind_of(mapping)
    content: bytes | Path = path
    if is_tried_partly(path, kind):
        content, _more = _opening(path)
    importer = f"{mapping['claims']['media']}-bill" if kind is BILL else kind.importer
    importer = f"{importer}:{mapping['name']}"
    return parse_file(path.name, content, Definitions(mappings=(text,)), importer=importer, cancelled=cancelled)


def try_draft(
    workspace: Workspace, path: Path, mapping: Draft, words: Sequence[str], shown: Preview
) -> tuple[Draft, ParsedDocument]:
    """The draft as it would be saved, with a name out of `words` where it has none yet, and what it reads."""
    made = mapping if mapping.get("name") else mapping | {"name": free_name(workspace, make_name(*words))}
    claim_account(kind_of(made), made, shown)
    return made, try_mapping(path, made)


def claim_account(kind: TableKind, mapping: Draft, shown: Preview) -> None:
    """Let a mapping that says once for the file whose account it is read only the files that name that account, where
    this one names it above its rows."""
    key = "account" if kind.field("account") is not None else "ban"
    account = str(mapping.get(key, "")) if kind is not BILL else ""
    above = [cell for number, cells in shown.rows if number < shown.header_row for cell in cells]
    if account and any(account in cell for cell in above):
        mapping["claims"]["text"] = account


def is_tried_partly(path: Path, kind: TableKind) -> bool:
    """Whether the file is so large that a trial reads its beginning only."""
    return path.stat().st_size > (TRIED_BYTES if kind is BILL else TRIED_ROWS_BYTES)


def save(workspace: Workspace, mapping: Draft, actor: str) -> Changes:
    """Save the draft as a mapping of the workspace; raises FaultyMapping."""
    return save_mapping(workspace, write_toml(mapping), actor)


def find_missing(mapping: Draft) -> tuple[str, ...]:
    """The keys that a draft still needs before it can read anything."""
    kind = kind_of(mapping)
    if kind is not BILL:
        return find_missing_of_rows(kind, mapping)
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


def _find(known: Definitions, name: str, kind: TableKind) -> Draft | None:
    """The saved mapping of that name and kind; what comes with the application is a draft of bills alone."""
    shipped = set(shipped_definitions()) if kind is not BILL else set()
    for text in known.mappings:
        values = tomllib.loads(text)
        if name and values.get("name") == name and kind_of(values) is kind and text not in shipped:
            # several sheets of charges cannot be mapped by hand
            return values if kind is not BILL or isinstance(values.get("charges"), dict) else None
    return None


def _join(saved: Draft, guessed: Draft, kind: TableKind) -> Draft:
    """The saved mapping for a file with other columns: of records one by one, what is guessed stands in for the columns
    that the file has no more."""
    kept = {key: guessed[key] for key in ("claims", "fixed") if key in guessed}
    if kind is BILL:
        return saved | kept
    there = {header_key(name) for name in guessed.get("claims", {}).get("columns", ())}
    fields = {key: spec for key, spec in saved.get("columns", {}).items() if _stands_in(spec, there)}
    taken = [name for spec in fields.values() for name in columns_of_spec(spec)]
    more = {key: name for key, name in guessed.get("columns", {}).items() if key not in fields and name not in taken}
    return saved | kept | {"columns": fields | more}


def _stands_in(spec: object, there: set[str]) -> bool:
    return all(header_key(name) in there for name in columns_of_spec(spec))


def _read_near(said: object) -> tuple[str, str]:
    near = _table(said)
    if not near:
        return "", ""
    missing, more = _texts(near.get("missing")), _texts(near.get("more"))
    told = [f"lacks {', '.join(missing)}"] if missing else []
    told += [f"has {', '.join(more)} besides"] if more else []
    return str(near.get("name", "")), " and ".join(told)


def _reading(said: Mapping[str, Any]) -> Reading:
    return Reading(_texts(said.get("encodings")), _numbered(said.get("lines")))


def _numbered(said: object) -> tuple[tuple[int, str], ...]:
    lines = [one for one in _list(said) if isinstance(one, list) and len(one) == 2]
    return tuple((_whole(number), str(text)) for number, text in lines)


def _layout(said: object) -> Draft | None:
    """The table `fixed` that the child says, where it is one."""
    if not isinstance(said, dict) or not said:
        return None
    try:
        read_fixed_layout(TomlTable({"fixed": said}, "draft"))
    except MappingFault:
        return None
    return said


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
