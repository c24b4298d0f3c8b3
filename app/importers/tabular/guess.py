"""A first mapping for a table that nobody has mapped: a draft with a reason for each choice, and what it is unsure of.

Words in the header say what a column is, the looks of its values say how it is written and stand in for words where
those are missing. What can be read in two ways is left open: a person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.importers.tabular.cells import Cell, read_date
from app.importers.tabular.fixed_claims import claim_fixed
from app.importers.tabular.guess_columns import MOST_DISTINCT, assign_by_words, distinct, name_format, read_columns
from app.importers.tabular.guess_labels import find_labels, find_total, list_labels, value_beside
from app.importers.tabular.guess_values import (
    filled,
    look_for_amounts,
    look_for_dates,
    looks_like_circuit,
    looks_like_currency,
    looks_like_telephone,
)
from app.importers.tabular.guess_words import CHARGE_WORDS, EMPTY_WORDS, INVOICE_WORDS, charge_type_of
from app.importers.tabular.preview import Table, find_header_row, open_table
from app.importers.values import MONEY_PLACES, BadValue

_AMOUNTS = {"amount", "total_due", "previous_balance", "payments_applied", "current_charges", "net_total", "tax_total"}
_NUMBERS = {"quantity", "unit_price"}
_DATES = {"bill_date", "due_date", "period_start", "period_end"}


@dataclass(slots=True)
class _Draft:
    """What is known so far. `columns` are the values below the header by the column's name."""

    table: Table
    header_row: int
    columns: dict[str, list[Cell]]
    mapping: dict[str, Any]
    reasons: dict[str, str] = field(default_factory=dict)
    unsure: list[dict[str, Any]] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)  # column → field, "invoice.number" or "charges.amount"

    def ask(self, key: str, why: str, choices: list[str]) -> None:
        """Leave `key` open."""
        self.unsure.append({"key": key, "why": why, "choices": choices})


def guess(name: str, content: bytes, options: Mapping[str, Any]) -> dict[str, Any]:
    """The draft of a bill mapping as a dict of its schema, a reason for each column, and what is unsure."""
    return guess_bill(name, open_table(name, content, options), options)


def guess_bill(name: str, table: Table, options: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a table that is open."""
    header_row = find_header_row(table, options)
    draft = _begin(name, table, header_row)
    _assign_words(draft)
    _assign_looks(draft)
    if table.fixed is not None:
        find_total(table, draft.mapping, draft.reasons)
    find_labels(table, header_row, draft.mapping["invoice"], draft.reasons)
    _settle_formats(draft)
    _settle_types(draft)
    _settle_rest(draft)
    return {
        "mapping": draft.mapping,
        "reasons": draft.reasons,
        "unsure": draft.unsure,
        "fields": dict(draft.used),
        "labels": list_labels(table, header_row),
        "values": {name: distinct(values) for name, values in draft.columns.items()},
    }


def _begin(file: str, table: Table, header_row: int) -> _Draft:
    columns = read_columns(table, header_row)
    claims: dict[str, Any] = {"media": table.media, "columns": list(columns), "exact": True}
    if table.fixed is not None:
        claims = claim_fixed(table.fixed, table.lines, file)
    charges: dict[str, Any] = {"columns": {}}
    if table.media != "csv" and table.sheet.name:
        charges["sheet"] = table.sheet.name
    form = name_format(table)
    mapping: dict[str, Any] = {
        "kind": "bill-mapping",
        "name": "",
        "carrier": "",
        "currency": "",
        "claims": claims,
        "format": form,
        "invoice": {},
        "charges": charges,
    }
    if table.fixed is not None:
        mapping["fixed"] = table.fixed
    return _Draft(table, header_row, columns, mapping)


def _assign_words(draft: _Draft) -> None:
    """Each column to the field whose words fit it best, each field to one column."""
    fields = [(f"invoice.{key}", words) for key, words in INVOICE_WORDS.items()]
    fields += [(f"charges.{key}", words) for key, words in CHARGE_WORDS.items()]
    for name, where in assign_by_words(draft.columns, fields, may_hold).items():
        _use(draft, name, where, f"its name '{name}'")
    for room in ("invoice", "charges"):  # one end of a period alone is none
        _drop_half_periods(draft, room)


def may_hold(where: str, values: list[Cell]) -> bool:
    """Whether the values can be those of the field: amounts read as amounts, dates as dates."""
    key = where.partition(".")[2]
    some = filled(values)
    if key in _AMOUNTS or key in _NUMBERS:
        return bool(some) and look_for_amounts(values) is not None
    if key in _DATES:
        return bool(some) and look_for_dates(values) is not None
    if key == "currency":
        return looks_like_currency(values)
    if key == "type":
        return 0 < len(distinct(values)) <= MOST_DISTINCT and look_for_amounts(values) is None
    return bool(some)


def _assign_looks(draft: _Draft) -> None:
    """Fields that no name told, by the looks of the values."""
    free = [name for name in draft.columns if name not in draft.used]
    for where, fits, why in (
        ("invoice.currency", looks_like_currency, "codes of currencies"),
        ("charges.tn", looks_like_telephone, "telephone numbers"),
        ("charges.circuit_id", looks_like_circuit, "circuit numbers"),
    ):
        found = [name for name in free if name not in draft.used and fits(draft.columns[name])]
        if len(found) == 1 and where not in draft.used.values():
            _use(draft, found[0], where, f"its values, which look like {why}")
    if "charges.amount" not in draft.used.values():
        amounts = [name for name in free if name not in draft.used and _is_amount(draft.columns[name])]
        if len(amounts) == 1:
            _use(draft, amounts[0], "charges.amount", "its values: the only other column of amounts")
        else:
            draft.ask("charges.amount", "It is not clear which column holds the amount.", amounts)


def _is_amount(values: list[Cell]) -> bool:
    look = look_for_amounts(values)
    return look is not None and look.places > 0


def _use(draft: _Draft, name: str, where: str, why: str) -> None:
    room, _, key = where.partition(".")
    draft.used[name] = where
    draft.reasons[where] = f"column '{name}', by {why}"
    if where == "charges.type":
        draft.mapping["charges"]["types"] = {"column": name, "values": {}}
    elif room == "charges":
        draft.mapping["charges"]["columns"][key] = name
    else:
        draft.mapping["invoice"][key] = name


def _drop_half_periods(draft: _Draft, room: str) -> None:
    target = draft.mapping["invoice"] if room == "invoice" else draft.mapping["charges"]["columns"]
    if ("period_start" in target) != ("period_end" in target):
        key = "period_start" if "period_start" in target else "period_end"
        name = target.pop(key)
        draft.used.pop(name, None)
        draft.reasons.pop(f"{room}.{key}", None)


def _settle_formats(draft: _Draft) -> None:
    """How dates and amounts are written, from all columns that hold them and the labelled cells."""
    invoice, columns = draft.mapping["invoice"], draft.mapping["charges"]["columns"]
    form = draft.mapping["format"]
    dates: list[Cell] = []
    amounts: list[Cell] = []
    for where, spec in [*invoice.items(), *columns.items()]:
        values = draft.columns.get(spec, []) if isinstance(spec, str) else value_beside(draft.table, spec)
        dates += filled(values)[:100] if where in _DATES else []
        amounts += filled(values)[:400] if where in _AMOUNTS or where in _NUMBERS else []
    written = look_for_dates(dates) if dates else None
    if written is not None and any(not isinstance(value, date) for value in dates):
        if written.sure:
            form["date"] = written.formats[0]
            form |= {"language": written.language} if written.language != "en" else {}
        else:
            why = f"'{dates[0]}' and the other dates can be read in several ways, and nothing in the file tells which."
            draft.ask("format.date", why, list(written.formats))
    elif dates and written is None:
        draft.ask("format.date", "The dates are written in more than one way.", [])
    look = look_for_amounts(amounts) if amounts else None
    if look is not None and any(isinstance(value, str) for value in amounts):
        if not look.sure:
            pairs = [f"{one.decimal}{one.group}" for one in look.formats]
            draft.ask("format.decimal", f"'{amounts[0]}' and the other amounts can be read in several ways.", pairs)
        form |= {"decimal": look.formats[0].decimal, "group": look.formats[0].group}
    if look is not None and look.places > MONEY_PLACES:
        form["round"] = True
        draft.reasons["format.round"] = f"amounts have up to {look.places} decimals, and {MONEY_PLACES} are kept"
    words = [word for word in EMPTY_WORDS if any(word in row.cells for row in draft.table.sheet.rows)]
    if words:
        form["empty"] = words
        draft.reasons["format.empty"] = f"cells that say {', '.join(words)} hold nothing"


def _settle_types(draft: _Draft) -> None:
    """What the values of the column of types mean, as far as their words tell."""
    types = draft.mapping["charges"].get("types")
    if not types:
        return
    unknown = []
    for value in distinct(draft.columns[types["column"]]):
        meant = charge_type_of(value)
        if meant is None:
            unknown.append(value)
        else:
            types["values"][value] = meant.value
    if unknown:
        draft.ask("charges.types", f"It is not known what {', '.join(unknown[:6])} means.", unknown)
    if not types["values"] and unknown:
        types["values"] = dict.fromkeys(unknown, "")


def _settle_rest(draft: _Draft) -> None:
    invoice = draft.mapping["invoice"]
    for key, why in (("number", "the number of the bill"), ("bill_date", "the date of the bill")):
        if key not in invoice:
            draft.ask(f"invoice.{key}", f"It was not found where {why} stands.", [])
    if "currency" not in invoice:
        draft.ask("currency", "No column says the currency.", [])
    starts, ends = _days(draft, "period_start"), _days(draft, "period_end")
    if starts and ends and all(day.day == 1 for day in starts + ends):
        draft.mapping["format"]["period_end"] = "exclusive"
        draft.reasons["format.period_end"] = "each period ends on the first of a month: that day is not billed any more"
    draft.ask("carrier", "Whose bill it is cannot be told from the columns.", [])


def _days(draft: _Draft, key: str) -> list[date]:
    """The first dates of the billing period, as far as their format is known."""
    spec, form = draft.mapping["invoice"].get(key), draft.mapping["format"].get("date", "YYYY-MM-DD")
    values = draft.columns.get(spec, []) if isinstance(spec, str) else []
    try:
        return [read_date(value, form) for value in filled(values)[:50]]
    except BadValue:
        return []
