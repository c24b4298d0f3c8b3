"""Reading a typed bill again: as strictly as any file from outside, for somebody may have changed it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from app.domain.money import ZERO
from app.domain.parsed import ParsedCharge, ParsedDocument, ParsedInvoice
from app.domain.period import Period
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.faults import BrokenFile
from app.importers.json.strict import parse_json
from app.importers.registry import DocumentHead
from app.importers.typed.form import AMOUNTS, CHARGE_RATES, CHARGE_TEXTS, DATES, KIND, MARK, TEXTS, VERSION
from app.importers.values import BadValue, NumberFormat, clean_text, parse_amount, parse_date, parse_rate

Word = TypeVar("Word", ChargeType, DocumentKind)
MOST_CHARGES = 20_000
_MARKED = re.compile(rf'\s*\{{\s*"{MARK}"\s*:\s*"{KIND}"')
_NUMBERS = NumberFormat(".", "")
_REQUIRED = ("carrier", "number", "currency", "bill_date", "current_charges", "total_due")


@dataclass(frozen=True, slots=True)
class TypedImporter:
    """Reads what `write_typed` wrote."""

    name: str = "typed"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "json" and _MARKED.match(head.text) is not None

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        told = parse_json(head.name, content)
        if not isinstance(told, dict) or told.get("version") != VERSION:
            raise BrokenFile(name=head.name, why=f"it is no typed bill of version {VERSION}")
        reading = _Reading()
        invoice = reading.read_invoice(told)
        if invoice is None or any(issue.severity is Severity.ERROR for issue in reading.issues):
            return ParsedDocument(self.name, issues=tuple(reading.issues))
        return ParsedDocument(self.name, invoices=(invoice,), issues=tuple(reading.issues))


class _Reading:
    """One bill being read; what is wrong with it gathers in `issues`."""

    def __init__(self) -> None:
        self.issues: list[ParseIssue] = []

    def read_invoice(self, told: Mapping[str, Any]) -> ParsedInvoice | None:
        missing = [name for name in _REQUIRED if not told.get(name)]
        for name in missing:
            self._fault(f"The {_words(name)} is missing.", name)
        values: dict[str, Any] = {name: self._text(told, name, name) for name in TEXTS}
        values |= {name: self._date(told, name, name) for name in DATES}
        values |= {name: self._number(told, name, name) for name in AMOUNTS}
        kind = self._word(DocumentKind, told.get("kind", "invoice"), "kind")
        period = self._period(told, "billing_period", "billing_period")
        charges = told.get("charges", [])
        if not isinstance(charges, list) or len(charges) > MOST_CHARGES:
            self._fault(f"The charges are no list of at most {MOST_CHARGES:,}.", "charges")
            charges = []
        read = [self._charge(charge, f"charges[{place}]") for place, charge in enumerate(charges, start=1)]
        if missing or values["bill_date"] is None:
            return None
        self._tell_reason(self._text(told, "reason", "reason"))
        sources = {name: Source(path=name) for name in (*TEXTS, *DATES, *AMOUNTS, "billing_period") if name in told}
        amounts: dict[str, Any] = {name: values.pop(name) or ZERO for name in AMOUNTS}
        return ParsedInvoice(
            **values,
            **amounts,
            kind=kind or DocumentKind.INVOICE,
            billing_period=period,
            charges=tuple(charge for charge in read if charge is not None),
            sources=sources,
        )

    def _charge(self, told: object, path: str) -> ParsedCharge | None:
        if not isinstance(told, dict) or "amount" not in told:
            self._fault("The charge has no amount.", path)
            return None
        amount = self._number(told, "amount", f"{path}.amount")
        kind = told.get("charge_type")
        values: dict[str, Any] = {name: self._text(told, name, f"{path}.{name}") for name in CHARGE_TEXTS}
        rates: dict[str, Any] = {name: self._number(told, name, f"{path}.{name}", rate=True) for name in CHARGE_RATES}
        return ParsedCharge(
            **values,
            **rates,
            amount=amount or ZERO,
            source=Source(path=path),
            charge_type=self._word(ChargeType, kind, f"{path}.charge_type") if kind is not None else None,
            period=self._period(told, "period", f"{path}.period"),
        )

    def _text(self, told: Mapping[str, Any], name: str, path: str) -> str:
        value = told.get(name, "")
        if not isinstance(value, str):
            self._fault(f"The {_words(name)} is no text.", path)
            return ""
        return clean_text(value)

    def _number(self, told: Mapping[str, Any], name: str, path: str, *, rate: bool = False) -> Decimal | None:
        if name not in told:
            return None
        try:
            return (parse_rate if rate else parse_amount)(self._text(told, name, path), _NUMBERS)
        except BadValue as fault:
            self._fault(f"The {_words(name)} cannot be read: {fault}", path)
            return None

    def _date(self, told: Mapping[str, Any], name: str, path: str) -> date | None:
        return self._day(told[name], path) if name in told else None

    def _day(self, value: object, path: str) -> date | None:
        try:
            return parse_date(str(value), "YYYY-MM-DD")
        except BadValue as fault:
            self._fault(f"The day cannot be read: {fault}", path)
            return None

    def _period(self, told: Mapping[str, Any], name: str, path: str) -> Period | None:
        if name not in told:
            return None
        ends = told[name] if isinstance(told[name], list) else []
        first, last = (self._day(end, path) for end in ends) if len(ends) == 2 else (None, None)
        if first is None or last is None or last < first:
            self._fault(f"The {_words(name)} is not its first and its last day.", path)
            return None
        return Period.inclusive(first, last)

    def _word(self, words: type[Word], value: object, path: str) -> Word | None:
        try:
            return words(str(value))
        except ValueError:
            self._fault(f"'{str(value)[:40]}' is none of {', '.join(words)}.", path)
            return None

    def _tell_reason(self, reason: str) -> None:
        if reason:
            message = f"Whoever typed this bill in kept it although it does not add up: {reason}"
            remedy = "Compare it with the paper; a wrong bill is superseded by one that is typed again."
            self.issues.append(ParseIssue(Severity.WARNING, "typed-with-reason", message, remedy))

    def _fault(self, message: str, path: str) -> None:
        remedy = "The file was changed after it was written; type the bill in again."
        self.issues.append(ParseIssue(Severity.ERROR, "bad-typed-bill", message, remedy, Source(path=path)))


def _words(name: str) -> str:
    return name.replace("_", " ")
