"""Which files a mapping is for, and by what a file's header differs from one that it is almost for."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from app.importers.registry import DocumentHead
from app.importers.tabular.cells import header_key
from app.importers.tabular.definition import TomlTable

TABLES = ("csv", "xlsx", "xls", "ods")
BILL_TABLES = ("csv", "fixed", "xlsx", "xls", "ods")
_MARKS = re.compile(r"[,;\t|]")
_DELIMITERS = ",;\t|"
_SEARCHED_LINES = 60
_NEAR = 60  # per cent of the columns that a header must share with a mapping to be told as near


@dataclass(frozen=True, slots=True)
class Claims:
    """What must hold of a file's head. Empty conditions hold always; `exact` allows no further columns."""

    media: str
    columns: frozenset[str]  # header keys
    sheets: frozenset[str] = frozenset()
    file: str = ""
    texts: tuple[str, ...] = ()
    exact: bool = False
    encoding: str = ""
    length: int = 0  # of each line of a fixed width, 0 for any
    digits: tuple[str, ...] = ()  # columns of fixed width that hold figures alone

    def hold(self, head: DocumentHead) -> bool:
        """Whether the file is one that the mapping is for."""
        return (
            head.media == ("csv" if self.media == "fixed" else self.media)
            and self.sheets <= {header_key(name) for name in head.sheets}
            and self._has_columns(head)
            and fnmatchcase(head.name.casefold(), self.file or "*")
            and self._has_texts(head)
            and (not self.exact or self.columns in header_rows(head))
        )

    def _has_columns(self, head: DocumentHead) -> bool:
        if self.media != "fixed":
            return self.columns <= head_cells(head)
        return bool(not self.columns or self.columns <= fixed_names(self._read(head), self.columns))

    def _has_texts(self, head: DocumentHead) -> bool:
        said = self._read(head).casefold() if self.texts else ""
        return all(text in said for text in self.texts)

    def _read(self, head: DocumentHead) -> str:
        """The head's text in the mapping's encoding: what is not UTF-8 stands there byte by byte as Latin-1."""
        if not self.encoding or self.media != "fixed" or head.text.isascii():
            return head.text
        try:
            return head.text.encode("latin-1").decode(self.encoding, "replace")
        except (UnicodeEncodeError, LookupError):
            return head.text


def head_cells(head: DocumentHead) -> set[str]:
    """Header keys of all cells that the head shows: the header need not be the first row."""
    cells = {header_key(name) for name in head.columns}
    for line in head.text.splitlines()[:_SEARCHED_LINES]:
        cells.update(header_key(cell.strip().strip('"')) for cell in _MARKS.split(line))
    for row in header_rows(head):
        cells |= row
    return cells


def fixed_names(text: str, names: frozenset[str]) -> frozenset[str]:
    """Those of `names` that stand in one line of a text of fixed width, as many as in any line."""
    lines = [f" {header_key(line)} " for line in text.splitlines()[:_SEARCHED_LINES]]
    return max(
        (frozenset(name for name in names if f" {name} " in line) for line in lines), key=len, default=frozenset()
    )


def header_rows(head: DocumentHead) -> list[frozenset[str]]:
    """Header keys of the rows that the head shows, of each row by each delimiter."""
    rows = [frozenset(header_key(name) for name in head.columns if name)]
    for line in head.text.splitlines()[:_SEARCHED_LINES]:
        for mark in _DELIMITERS if head.media == "csv" else "\t":
            try:
                cells = next(csv.reader([line], delimiter=mark, skipinitialspace=mark != "\t"), [])
            except csv.Error:
                continue
            rows.append(frozenset(header_key(cell) for cell in cells if cell.strip()))
    return rows


def tell_near(head: DocumentHead, known: Sequence[tuple[str, Claims]]) -> str:
    """By what the header differs from that of the nearest mapping; "" where none is near."""
    found = find_near(head, known)
    if found is None:
        return ""
    name, missing, more = found
    told = [f"lacks {_names(missing)}"] if missing else []
    told += [f"has {_names(more)} besides"] if more else []
    return f"; its header differs from that of the mapping '{name}': it {' and '.join(told)}" if told else ""


def find_near(
    head: DocumentHead, known: Sequence[tuple[str, Claims]]
) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """Name of the mapping whose columns the file has most of, the columns that are missing and those that are more."""
    rows = [row for row in header_rows(head) if row]
    best: tuple[int, str, frozenset[str], frozenset[str]] | None = None
    for name, claims in known:
        if not claims.columns or claims.media not in (head.media, "fixed" if head.media == "csv" else ""):
            continue
        if claims.media == "fixed":
            row = fixed_names(head.text, claims.columns)
        else:
            row = max(rows, key=lambda one: len(one & claims.columns), default=frozenset())
        share = 100 * len(row & claims.columns) // max(len(claims.columns), 1)
        if share >= _NEAR and (best is None or share > best[0]):
            best = share, name, claims.columns - row, row - claims.columns if claims.exact else frozenset()
    return None if best is None else (best[1], tuple(sorted(best[2])), tuple(sorted(best[3])))


def read_claims(table: TomlTable, tables: Sequence[str] = TABLES, encoding: str = "") -> Claims:
    """The table `claims` of a mapping for files of the kinds `tables`."""
    claims = table.table("claims")
    sheets = claims.texts("sheets")
    media = claims.choice("media", tables, "xlsx" if sheets else "csv")
    found = Claims(
        media,
        frozenset(map(header_key, claims.texts("columns"))),
        frozenset(map(header_key, sheets)),
        claims.text("file", "").casefold(),
        tuple(text.casefold() for text in claims.texts("text")),
        claims.truth("exact"),
        encoding,
        claims.whole("length", 0, 1, 32_767),
        claims.texts("digits"),
    )
    claims.finish()
    if not (found.columns or found.sheets or found.file or found.texts):
        raise table.fault("claims", "columns, sheets, file or text must say which files are meant")
    if found.sheets and media in {"csv", "fixed"}:
        raise table.fault("claims.sheets", "a text has no sheets")
    if media != "fixed" and (found.length or found.digits):
        raise table.fault("claims.length", "length and digits are told of files of fixed width only")
    if found.exact and not found.columns:
        raise table.fault("claims.exact", "only columns can be meant exactly")
    return found


def _names(keys: Sequence[str]) -> str:
    return ", ".join(f"'{key}'" for key in keys[:8]) + (f" and {len(keys) - 8} more" if len(keys) > 8 else "")
