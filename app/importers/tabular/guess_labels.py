"""Cells above a table, or on another sheet, that say what stands beside them: "Invoice number: 123"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.importers.tabular.cells import Cell
from app.importers.tabular.fixed import ABOVE
from app.importers.tabular.fixed_borders import TOTALS
from app.importers.tabular.guess_words import INVOICE_WORDS, rank_header
from app.importers.tabular.preview import Table, show
from app.importers.tabular.sheets import Row, Sheet
from app.importers.values import clean_text

_MOST_ROWS = 60
_LONGEST_LABEL = 60
_MOST_LABELS = 200
Labelled = tuple[str, Cell, Sheet]


def find_labels(table: Table, header_row: int, invoice: dict[str, Any], reasons: dict[str, str]) -> None:
    """Add the fields of the bill that labelled cells tell and no column does."""
    ranks = []
    for place, (label, beside, sheet) in enumerate(_labelled(table, header_row)):
        for key, words in INVOICE_WORDS.items():
            rank = rank_header(label, words)
            if rank and show(beside):
                ranks.append((rank, -place, key, label, sheet.name))
    taken: set[str] = set()
    for _rank, _place, key, label, title in sorted(ranks, reverse=True):
        if key not in invoice and label not in taken:
            taken.add(label)
            invoice[key] = {"label": label} | ({"sheet": title} if title else {})
            reasons[f"invoice.{key}"] = f"the cell beside '{label}'" + (f" on the sheet {title}" if title else "")
    for first, last in (("period_start", "period_end"), ("period_end", "period_start")):
        if first in invoice and last not in invoice:
            invoice.pop(first)
            reasons.pop(f"invoice.{first}", None)


def find_total(table: Table, mapping: dict[str, Any], reasons: dict[str, str]) -> None:
    """The sum that stands below the charges of a text of fixed width, in the column of their amounts."""
    column = mapping["charges"]["columns"].get("amount")
    sheet = next((one for one in table.grid.sheets if one.name == TOTALS and len(one.rows) == 2), None)
    if sheet is None or not isinstance(column, str):
        return
    names, cells = sheet.rows[0].cells, sheet.rows[1].cells
    values = dict(zip(map(str, names), cells, strict=False))
    label = " ".join(show(cell) for cell in cells if isinstance(cell, str) and not any(map(str.isdigit, cell)))
    if values.get(column):
        key = "total_due" if rank_header(label, INVOICE_WORDS["total_due"]) else "current_charges"
        mapping["invoice"].setdefault(key, {"column": column, "sheet": TOTALS})
        reasons[f"invoice.{key}"] = f"the line '{label.strip()}' below the charges"


def list_labels(table: Table, header_row: int) -> list[list[str]]:
    """Labels that a person can choose, each with its sheet and what stands beside it."""
    return [[label, sheet.name, show(beside)] for label, beside, sheet in _labelled(table, header_row)][:_MOST_LABELS]


def value_beside(table: Table, spec: dict[str, Any]) -> list[Cell]:
    """The cell that `spec` names by its label, as a list; empty where there is none."""
    for label, beside, sheet in _labelled(table, 0):
        if label == spec.get("label") and sheet.name == spec.get("sheet", sheet.name):
            return [beside]
    return []


def _labelled(table: Table, header_row: int) -> Iterator[Labelled]:
    """Labels with the cell beside each: above the header, and on the other sheets."""
    for sheet in (*table.grid.sheets, *table.grid.unseen):
        if table.fixed is not None and sheet.name != ABOVE:
            continue
        if sheet is table.sheet:
            rows = [row for row in sheet.rows if not header_row or row.number < header_row]
        else:
            rows = list(sheet.rows)
        for row in rows[:_MOST_ROWS]:
            yield from ((label, beside, sheet) for label, beside in _pairs(row))


def _pairs(row: Row) -> Iterator[tuple[str, Cell]]:
    for place, cell in enumerate(row.cells):
        if not isinstance(cell, str) or not cell:
            continue
        label, mark, inside = cell.partition(":")
        label = clean_text(label, _LONGEST_LABEL + 1)
        if len(label) > _LONGEST_LABEL:
            continue
        if mark and inside.strip():
            yield label, inside.strip()
            continue
        beside = next((other for other in row.cells[place + 1 :] if other != ""), "")
        if beside != "":
            yield label, beside
