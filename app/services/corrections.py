"""Corrections of what was read, before it is posted: values that a person types in the place of misread ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.domain.parsed import ParsedCharge, ParsedDocument, ParsedInvoice
from app.domain.period import Period
from app.domain.source import Source
from app.domain.vocabulary import ChargeType
from app.errors import UserError
from app.importers.values import clean_text, parse_amount, parse_date, parse_rate

ISO = "YYYY-MM-DD"
_TEXTS = frozenset({"number", "ban", "carrier", "currency", "corrects"})
_DATES = frozenset({"bill_date", "due_date"})
_PERIODS = frozenset({"billing_period", "period"})
_AMOUNTS = frozenset(
    {
        "current_charges",
        "total_due",
        "previous_balance",
        "payments_applied",
        "net_total",
        "tax_total",
        "rounding",
        "amount",
    }
)
_RATES = frozenset({"quantity", "unit_price"})
_CHARGE_TEXTS = frozenset({"description", "code", "unit", "circuit_id", "tn", "location"})
INVOICE_FIELDS = _TEXTS | _DATES | {"billing_period"} | (_AMOUNTS - {"amount"})
CHARGE_FIELDS = _CHARGE_TEXTS | _RATES | {"amount", "period", "charge_type"}
_MUST_BE = frozenset({"number", "carrier", "currency", "bill_date", "current_charges", "total_due", "amount"})


class NoSuchValue(UserError):
    """{what} is nothing that can be corrected here: open the review again."""


class ValueNeeded(UserError):
    """A bill cannot do without its {field}: type it as the document shows it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which value: of which bill and, unless None, of which charge (both from 0)."""

    field: str
    invoice: int = 0
    charge: int | None = None


def describe(place: Place) -> str:
    """The place in words: "total due", "amount of charge 3"."""
    words = place.field.replace("_", " ")
    return words if place.charge is None else f"{words} of charge {place.charge + 1}"


def correct_value(document: ParsedDocument, place: Place, text: str) -> tuple[ParsedDocument, str]:
    """`document` with the value replaced, and what was done in words ("total due read as 1.00, now 7.00").

    Amounts are read as 1,234.56, days as YYYY-MM-DD, periods as two days with ".." between, the last one included.
    Raises BadValue for what cannot be read, NoSuchValue for a place that is not there.
    """
    invoice = _invoice(document, place)
    if place.charge is None:
        if place.field not in INVOICE_FIELDS:
            raise NoSuchValue(what=describe(place))
        before, value = getattr(invoice, place.field), _read(place.field, text)
        changed = replace(invoice, **{place.field: value})
    else:
        if place.field not in CHARGE_FIELDS or not 0 <= place.charge < len(invoice.charges):
            raise NoSuchValue(what=describe(place))
        charge = invoice.charges[place.charge]
        before, value = getattr(charge, place.field), _read(place.field, text)
        charges = list(invoice.charges)
        charges[place.charge] = replace(charge, **{place.field: value})
        changed = replace(invoice, charges=tuple(charges))
    return _with(document, place, changed), f"{describe(place)} read as {_say(before)}, now {_say(value)}"


def add_charge(document: ParsedDocument, position: int, description: str, amount: str) -> tuple[ParsedDocument, str]:
    """`document` with a charge more, which the reader did not see; its other values are corrected one by one."""
    place = Place("amount", position)
    invoice = _invoice(document, place)
    charge = ParsedCharge(clean_text(description), parse_amount(amount), Source(path="typed in by hand"))
    changed = replace(invoice, charges=(*invoice.charges, charge))
    return _with(document, place, changed), f"charge '{charge.description}' of {charge.amount:,.2f} added"


def drop_charge(document: ParsedDocument, position: int, number: int) -> tuple[ParsedDocument, str]:
    """`document` without a charge that is none, such as a sum that was read as a line."""
    place = Place("amount", position, number)
    invoice = _invoice(document, place)
    if not 0 <= number < len(invoice.charges):
        raise NoSuchValue(what=f"charge {number + 1}")
    gone = invoice.charges[number]
    changed = replace(invoice, charges=invoice.charges[:number] + invoice.charges[number + 1 :])
    return _with(document, place, changed), f"charge '{gone.description}' of {gone.amount:,.2f} dropped"


def _invoice(document: ParsedDocument, place: Place) -> ParsedInvoice:
    if not 0 <= place.invoice < len(document.invoices):
        raise NoSuchValue(what=describe(place))
    return document.invoices[place.invoice]


def _with(document: ParsedDocument, place: Place, changed: ParsedInvoice) -> ParsedDocument:
    invoices = list(document.invoices)
    invoices[place.invoice] = changed
    return replace(document, invoices=tuple(invoices))


def _read(name: str, text: str) -> Any:
    written = clean_text(text)
    if not written:
        if name in _MUST_BE:
            raise ValueNeeded(field=name.replace("_", " "))
        if name in _TEXTS | _CHARGE_TEXTS:
            return ""
        return Decimal(0) if name in {"previous_balance", "payments_applied", "rounding"} else None
    if name in _AMOUNTS:
        return parse_amount(written)
    if name in _RATES:
        return parse_rate(written)
    if name in _DATES:
        return parse_date(written, ISO)
    if name in _PERIODS:
        first, _, last = written.partition("..")
        return Period(parse_date(first, ISO), parse_date(last, ISO) + timedelta(days=1))
    if name == "charge_type":
        return ChargeType(written) if written in set(ChargeType) else _no_type(written)
    return written.upper() if name == "currency" else written


def _no_type(written: str) -> ChargeType:
    raise NoSuchValue(what=f"'{written}' as a kind of charge")


def _say(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Period):
        return f"{value.start}..{value.last}"
    return value.isoformat() if isinstance(value, date) else str(value)
