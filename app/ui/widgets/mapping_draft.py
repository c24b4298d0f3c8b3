"""The draft of a mapping while it is changed: each change can be undone; what it reads by is made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from app.domain.vocabulary import ChargeType
from app.importers.tabular.guess_words import charge_type_of
from app.services.table_mappings import Draft, find_missing
from app.ui.widgets.mapping_words import PAYMENT, PAYMENT_PLUS, PREVIOUS, SKIP

_MOST_STEPS = 200
_ROWS = {SKIP, PREVIOUS, PAYMENT, PAYMENT_PLUS}
TYPE, CURRENCY = "charges.type", "invoice.currency"


class DraftBook:
    """A draft and its history. Its `charges.types.values` also hold the rows that are no charges, by SKIP and so on."""

    def __init__(self, mapping: Draft | None = None, unsure: Iterable[str] = ()) -> None:
        self.mapping: Draft = _open(mapping or {})
        self.unsure = set(unsure)
        self._past: list[tuple[Draft, set[str]]] = []
        self._future: list[tuple[Draft, set[str]]] = []
        self.saved: Draft | None = None

    @property
    def dirty(self) -> bool:
        """Whether something was changed by hand that is not saved."""
        return bool(self._past) and self.mapping != self.saved

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def undo(self) -> None:
        """Take the last change back."""
        if self._past:
            self._future.append((self.mapping, self.unsure))
            self.mapping, self.unsure = self._past.pop()

    def redo(self) -> None:
        """Make the change again that was taken back."""
        if self._future:
            self._past.append((self.mapping, self.unsure))
            self.mapping, self.unsure = self._future.pop()

    def field_of(self, column: str) -> str:
        """The field that a column is used for, "" where it is not."""
        if self.mapping["charges"].get("types", {}).get("column") == column:
            return TYPE
        for room, fields in (("charges", self._columns()), ("invoice", self.mapping["invoice"])):
            for key, spec in fields.items():
                if column in _columns_of(spec):
                    return f"{room}.{key}"
        return ""

    def spec(self, where: str) -> Any:
        """Where a field stands: a column's name, a table, or None."""
        room, _, key = where.partition(".")
        if where == TYPE:
            return self.mapping["charges"].get("types", {}).get("column")
        if where == CURRENCY and "currency" not in self.mapping["invoice"] and self.mapping.get("currency"):
            return {"value": self.mapping["currency"]}
        return (self.mapping["invoice"] if room == "invoice" else self._columns()).get(key)

    def use_column(self, column: str, where: str, values: Iterable[str] = ()) -> None:
        """Use a column for a field and for nothing else; "" takes it out of use."""
        with_step = self._step()
        self._free(column)
        if where:
            self._set(where, column, values)
        self._keep(with_step, where)

    def set_field(self, where: str, spec: Any, values: Iterable[str] = ()) -> None:
        """Say where a field stands; None for nowhere."""
        with_step = self._step()
        if spec is None:
            self._drop(where)
        else:
            if isinstance(spec, str) and self.spec(where) != spec:
                self._free(spec)
            self._set(where, spec, values)
        self._keep(with_step, where)

    def set_word(self, key: str, value: str) -> None:
        """A value of the mapping as a whole: carrier, name, currency."""
        with_step = self._step()
        self.mapping[key] = value
        self._keep(with_step, key)

    def set_format(self, values: Mapping[str, Any], answers: str = "") -> None:
        """How values are written; `answers` is the open question that this settles."""
        with_step = self._step()
        for key, value in values.items():
            if value in ("", None, False):
                self.mapping["format"].pop(key, None)
            else:
                self.mapping["format"][key] = value
        self._keep(with_step, answers)

    def set_claim(self, key: str, value: str) -> None:
        """A further condition of the files that are meant; "" for none."""
        with_step = self._step()
        if value:
            self.mapping["claims"][key] = value
        else:
            self.mapping["claims"].pop(key, None)
        self._keep(with_step, "")

    def set_meaning(self, value: str, meaning: str) -> None:
        """What a value of the column of types means."""
        with_step = self._step()
        self.mapping["charges"].setdefault("types", {}).setdefault("values", {})[value] = meaning
        self._keep(with_step, "charges.types")

    def set_default(self, meaning: str) -> None:
        """The type of all charges that nothing else tells; "" finds it from their words when the bill is posted."""
        with_step = self._step()
        types = self.mapping["charges"].setdefault("types", {})
        if meaning:
            types["default"] = meaning
        else:
            types.pop("default", None)
        self._keep(with_step, "")

    def missing(self) -> tuple[str, ...]:
        """What must be chosen before anything can be read, and what could be read in two ways."""
        found = [*find_missing(self.mapping)]
        types = self.mapping["charges"].get("types", {})
        said = [meaning for value, meaning in types.get("values", {}).items() if value]
        if types.get("column") and not types.get("default") and not all(said):
            found.append("charges.types")
        found += [key for key in ("format.date", "format.decimal") if key in self.unsure]
        return tuple(dict.fromkeys(found))

    def finished(self) -> Draft:
        """The mapping as it is saved: rows that are no charges become rules of their own."""
        made = deepcopy(self.mapping)
        types = made["charges"].get("types", {})
        column, values = types.get("column", ""), types.get("values", {})
        rows = [one for one in made["charges"].get("rows", []) if not _tells_types(one, column)]
        for use in sorted(_ROWS):
            said = [value for value, meaning in values.items() if meaning == use]
            if said:
                rule: Draft = {"column": column, "use": use.rstrip("+")}
                rule |= {"is": [value for value in said if value]} if any(said) else {}
                rule |= {"blank": True} if "" in said else {}
                rows.append(rule | ({"negate": True} if use == PAYMENT_PLUS else {}))
        kept = {value: meaning for value, meaning in values.items() if meaning in set(ChargeType)}
        types.pop("column", None), types.pop("values", None)
        if kept:
            types |= {"column": column, "values": kept}
        made["charges"] = {key: value for key, value in made["charges"].items() if key not in {"types", "rows"}}
        made["charges"] |= {"types": types} if types else {}
        made["charges"] |= {"rows": rows} if rows else {}
        return made

    # within

    def _columns(self) -> Draft:
        columns: Draft = self.mapping["charges"].setdefault("columns", {})
        return columns

    def _set(self, where: str, spec: Any, values: Iterable[str]) -> None:
        room, _, key = where.partition(".")
        if where == CURRENCY:
            self.mapping["currency"] = ""
        if where == CURRENCY and isinstance(spec, dict) and "value" in spec:
            self.mapping["currency"] = str(spec["value"]).upper()
            self.mapping["invoice"].pop(key, None)
        elif where == TYPE:
            meanings = {value: str(charge_type_of(value) or "") for value in values}
            default = self.mapping["charges"].get("types", {}).get("default")
            self.mapping["charges"]["types"] = {"column": spec, "values": meanings}
            self.mapping["charges"]["types"] |= {"default": default} if default else {}
        elif room == "invoice":
            self.mapping["invoice"][key] = spec
        else:
            self._columns()[key] = spec

    def _free(self, column: str) -> None:
        """Take a column from every field that it alone stands for: a column holds one thing."""
        while (where := self.field_of(column)) and self.spec(where) == column:
            self._drop(where)
        if where:
            self._drop(where)

    def _drop(self, where: str) -> None:
        room, _, key = where.partition(".")
        if where == CURRENCY:
            self.mapping["currency"] = ""
        if where == TYPE:
            types = self.mapping["charges"].get("types", {})
            types.pop("column", None)
            types.pop("values", None)
        elif room == "invoice":
            self.mapping["invoice"].pop(key, None)
        else:
            self._columns().pop(key, None)

    def _step(self) -> tuple[Draft, set[str]]:
        before = self.mapping, self.unsure
        self.mapping, self.unsure = deepcopy(self.mapping), set(self.unsure)
        return before

    def _keep(self, before: tuple[Draft, set[str]], answers: str) -> None:
        """Remember what was before the change, where it is one."""
        self.unsure.discard(answers)
        if (self.mapping, self.unsure) == before:
            self.mapping, self.unsure = before
            return
        self._past.append(before)
        del self._past[:-_MOST_STEPS]
        self._future.clear()


def _open(mapping: Draft) -> Draft:
    """A saved or guessed mapping as a draft: its rules for rows by one value of the column of types join the types."""
    draft: Draft = {"kind": "bill-mapping", "name": "", "carrier": "", "currency": "", **deepcopy(mapping)}
    for key in ("claims", "format", "invoice"):
        draft.setdefault(key, {})
    charges = draft.get("charges") or {}
    draft["charges"] = charges[0] if isinstance(charges, list) else charges
    types = draft["charges"].get("types", {})
    rest = []
    for rule in draft["charges"].get("rows", []):
        use = str(rule.get("use", "")) + ("+" if rule.get("negate") else "")
        if types.get("column") and _tells_types(rule, types["column"]) and use in _ROWS:
            said = rule.get("is", [])
            said = [*(said if isinstance(said, list) else [said]), *([""] if rule.get("blank") else [])]
            types.setdefault("values", {}).update(dict.fromkeys(said, use))
        else:
            rest.append(rule)
    if "rows" in draft["charges"]:
        draft["charges"]["rows"] = rest
    return draft


def _tells_types(rule: Draft, column: str) -> bool:
    """Whether a rule for rows goes by words or empty cells of the column of types."""
    return rule.get("column") == column and ("is" in rule or rule.get("blank") is True) and "starts" not in rule


def _columns_of(spec: Any) -> list[str]:
    if isinstance(spec, dict):
        spec = spec.get("column", []) if not spec.get("sheet") else []
    return [spec] if isinstance(spec, str) else list(spec)
