"""The draft of a mapping while it is changed: each change can be undone; what it reads by is made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from app.domain.vocabulary import ChargeType
from app.importers.tabular.cells import header_key
from app.importers.tabular.guess_words import charge_type_of
from app.importers.tabular.kinds import BILL, kind_of
from app.importers.tabular.table_kind import TableKind
from app.services.mapping_rows import (
    ask_unit,
    columns_of_spec,
    counts,
    dial_as_in,
    finish_rows,
    open_rows,
    put,
    settle,
)
from app.services.table_mappings import Draft, find_missing
from app.ui.widgets.mapping_names import list_texts, match_names, rename_spec
from app.ui.widgets.mapping_words import PAYMENT, PAYMENT_PLUS, PREVIOUS, ROW_KIND, SKIP

_MOST_STEPS = 200
_ROWS = {SKIP, PREVIOUS, PAYMENT, PAYMENT_PLUS}
TYPE, CURRENCY = "charges.type", "invoice.currency"
ROWS = ROW_KIND[0]


class DraftBook:
    """A draft and its history. Its `charges.types.values` also hold the rows that are no charges, by SKIP and so on;
    `digits` are the columns of fixed width that hold digits alone."""

    def __init__(self, mapping: Draft | None = None, unsure: Iterable[str] = (), digits: Iterable[str] = ()) -> None:
        self.mapping: Draft = _open(mapping or {})
        self.unsure = set(unsure)
        self.digits = set(digits)
        self._past: list[tuple[Draft, set[str]]] = []
        self._future: list[tuple[Draft, set[str]]] = []
        self.saved: Draft | None = None

    @property
    def kind(self) -> TableKind:
        """What kind of table is mapped."""
        return kind_of(self.mapping)

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
        if self._worded(TYPE).get("column") == column:
            return TYPE
        if self._worded(ROWS).get("column") == column:
            return ROWS
        for room in self._rooms():
            for key, spec in self._fields(room).items():
                if column in columns_of_spec(spec):
                    return f"{room}.{key}"
        return ""

    def spec(self, where: str) -> Any:
        """Where a field stands: a column's name, a table, or None."""
        room, _, key = where.partition(".")
        if where in (TYPE, ROWS):
            return self._worded(where).get("column")
        if self._is_whole(where) and key not in self._fields(room) and self.mapping.get(key):
            return {"value": self.mapping[key]}
        return self._fields(room).get(key)

    def use_column(
        self, column: str, where: str, values: Iterable[str] = (), look: Mapping[str, Any] | None = None
    ) -> None:
        """Use a column for a field and for nothing else; "" takes it out of use. `look` says how its values read: what
        reads in one way is settled with it, what reads in several is asked."""
        with_step = self._step()
        if where and self.spec(where) != column:
            ask_unit(self.kind, where.partition(".")[2], self.unsure)
        self._free(column)
        if where:
            self._set(where, column, values)
        if look and self.kind is not BILL and (field := self.kind.field(where.partition(".")[2])) is not None:
            settle(self.mapping, self.unsure, field, look)
        self._keep(with_step, where)

    def set_field(self, where: str, spec: Any, values: Iterable[str] = ()) -> None:
        """Say where a field stands; None for nowhere."""
        with_step = self._step()
        if spec is None:
            self._drop(where)
        else:
            if isinstance(spec, str) and self.spec(where) != spec:
                ask_unit(self.kind, where.partition(".")[2], self.unsure)
                self._free(spec)
            self._set(where, spec, values)
        self._keep(with_step, where)

    def set_word(self, key: str, value: str) -> None:
        """A value of the mapping as a whole: carrier, name, currency."""
        with_step = self._step()
        self.mapping[key] = value
        self._keep(with_step, key)

    def set_values(self, values: Mapping[str, Any], answers: str = "") -> None:
        """Values under dotted keys, "" for none; `answers` is the open question that this settles."""
        with_step = self._step()
        country = self.mapping.get("numbers", {}).get("country", "")
        for key, value in values.items():
            put(self.mapping, key, value)
        if "numbers.country" in values:
            dial_as_in(self.mapping, country)
        self._keep(with_step, answers)

    @property
    def account(self) -> str:
        """The account that alone is meant, "" for all of the carrier's."""
        return next((text for text in self._claimed() if not self._is_header(text)), "")

    def set_account(self, account: str) -> None:
        """Mean only the files that name this account; "" for all of the carrier's."""
        with_step = self._step()
        texts = [text for text in self._claimed() if self._is_header(text)] + ([account] if account else [])
        self.mapping["claims"].pop("text", None)
        if texts:
            self.mapping["claims"]["text"] = texts if len(texts) > 1 else texts[0]
        self._keep(with_step, "")

    def set_fixed(self, fixed: Draft, claims: Draft) -> None:
        """Other columns of fixed width: fields stay with the columns that begin where theirs began."""
        with_step = self._step()
        names = match_names(self.mapping.get("fixed", {}), fixed)
        texts = [*list_texts(claims.get("text")), *([self.account] if self.account else [])]
        self.mapping["claims"] = claims | ({"text": texts if len(texts) > 1 else texts[0]} if texts else {})
        self.mapping["fixed"] = fixed
        for fields in map(self._fields, self._rooms()):
            for key, spec in list(fields.items()):
                if (renamed := rename_spec(spec, names)) is not None:
                    fields[key] = renamed
                else:
                    del fields[key]
        types = self.mapping["charges"].get("types", {})
        if types.get("column") and not (renamed := names.get(types["column"], "")):
            self.mapping["charges"]["types"] = {key: types[key] for key in ("default",) if key in types}
        elif types.get("column"):
            types["column"] = renamed
        self.digits = {names.get(name, name) for name in self.digits}
        self._keep(with_step, "")

    def set_meaning(self, value: str, meaning: str) -> None:
        """What a word of the column of types means, or of the column that says which rows count."""
        with_step = self._step()
        words = self.mapping["charges"].setdefault("types", {}) if self.kind is BILL else self.mapping["counted"]
        words.setdefault("values", {})[value] = meaning
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
        if self.kind is not BILL:
            asked = [one.key for one in self.kind.settings if one.key in self.unsure and counts(one, self.mapping)]
            return tuple(dict.fromkeys([*found, *asked]))
        types = self.mapping["charges"].get("types", {})
        said = [meaning for value, meaning in types.get("values", {}).items() if value]
        if types.get("column") and not types.get("default") and not all(said):
            found.append("charges.types")
        found += [key for key in ("format.date", "format.decimal") if key in self.unsure]
        found += ["fixed.decimals"] if self._is_scale_open() else []
        return tuple(dict.fromkeys(found))

    def finished(self) -> Draft:
        """The mapping as it is saved: rows that are no charges become rules of their own."""
        if self.kind is not BILL:
            return finish_rows(self.kind, self.mapping)
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

    def _is_scale_open(self) -> bool:
        """Whether the amounts of fixed width are digits alone, and nobody has said how many of them are decimals."""
        columns = [
            one for record in self.mapping.get("fixed", {}).get("records", []) for one in record.get("columns", [])
        ]
        scaled = {one["name"] for one in columns if "decimals" in one}
        amounts = set(columns_of_spec(self.spec("charges.amount"))) if self.spec("charges.amount") else set()
        return bool((amounts & self.digits) - scaled)

    def _claimed(self) -> list[str]:
        return list_texts(self.mapping["claims"].get("text"))

    def _is_header(self, text: str) -> bool:
        header = str(self.mapping.get("fixed", {}).get("header", ""))
        return bool(header) and header_key(text) == header_key(header)

    def _rooms(self) -> tuple[str, ...]:
        return ("charges", "invoice") if self.kind is BILL else ("columns",)

    def _fields(self, room: str) -> Draft:
        """The fields of a room of the mapping, by their keys."""
        if room == "charges":
            return self.mapping["charges"].setdefault("columns", {})  # type: ignore[no-any-return]
        return self.mapping.setdefault(room, {})  # type: ignore[no-any-return]

    def _worded(self, where: str) -> Draft:
        """The column whose words have meanings, with them."""
        found = self.mapping.get("charges", {}).get("types") if where == TYPE else self.mapping.get("counted")
        return found or {}

    def _is_whole(self, where: str) -> bool:
        """Whether a field can be said once for the file, in a key of the mapping itself."""
        field = self.kind.field(where.partition(".")[2]) if self.kind is not BILL else None
        return where == CURRENCY or (field is not None and field.whole)

    def _set(self, where: str, spec: Any, values: Iterable[str]) -> None:
        room, _, key = where.partition(".")
        if self._is_whole(where):
            self.mapping[key] = ""
        if where == TYPE:
            meanings = {value: str(charge_type_of(value) or "") for value in values}
            default = self.mapping["charges"].get("types", {}).get("default")
            self.mapping["charges"]["types"] = {"column": spec, "values": meanings}
            self.mapping["charges"]["types"] |= {"default": default} if default else {}
        elif where == ROWS:
            self.mapping["counted"] = {"column": spec, "values": dict.fromkeys(values, "")}
        elif self._is_whole(where) and isinstance(spec, dict) and "value" in spec:
            said = str(spec["value"])
            self.mapping[key] = said.upper() if key == "currency" else said
            self._fields(room).pop(key, None)
        else:
            self._fields(room)[key] = spec

    def _free(self, column: str) -> None:
        """Take a column from every field that it alone stands for: a column holds one thing."""
        while (where := self.field_of(column)) and self.spec(where) == column:
            self._drop(where)
        if where:
            self._drop(where)

    def _drop(self, where: str) -> None:
        room, _, key = where.partition(".")
        if self._is_whole(where):
            self.mapping[key] = ""
        if where == TYPE:
            types = self.mapping["charges"].get("types", {})
            types.pop("column", None)
            types.pop("values", None)
        elif where == ROWS:
            self.mapping.pop("counted", None)
        else:
            self._fields(room).pop(key, None)

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
    if kind_of(mapping) is not BILL:
        return open_rows(mapping)
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
