"""The fields of a typed bill: how each is called in the file and how its values are written."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.period import Period

MARK, KIND, VERSION = "tollbook", "typed-bill", 1

TEXTS = ("carrier", "ban", "number", "currency", "corrects")
DATES = ("bill_date", "due_date")
AMOUNTS = ("previous_balance", "payments_applied", "current_charges", "rounding", "total_due")
CHARGE_TEXTS = ("description", "code", "unit", "circuit_id", "tn", "location")
CHARGE_RATES = ("quantity", "unit_price")


def write_typed(invoice: ParsedInvoice, reason: str = "") -> bytes:
    """The bill as canonical JSON: the same values make the same bytes, so that a bill typed twice is known again.

    `reason` is why it is kept although it does not add up.
    """
    told: dict[str, Any] = {MARK: KIND, "version": VERSION, "kind": invoice.kind.value}
    for names in (TEXTS, DATES, AMOUNTS):
        told |= {name: _write(getattr(invoice, name)) for name in names}
    told["billing_period"] = _write(invoice.billing_period)
    told["reason"] = reason
    told["charges"] = [_write_charge(charge) for charge in invoice.charges]
    kept = {name: value for name, value in told.items() if value not in (None, "")}
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _write_charge(charge: ParsedCharge) -> dict[str, Any]:
    told = {name: _write(getattr(charge, name)) for name in CHARGE_TEXTS + CHARGE_RATES}
    told |= {"amount": _write(charge.amount), "charge_type": _write(charge.charge_type)}
    told["period"] = _write(charge.period)
    return {name: value for name, value in told.items() if value not in (None, "")}


def _write(value: object) -> Any:
    """Amounts as their plain digits without needless zeros, days as YYYY-MM-DD, periods by their first and last day."""
    if isinstance(value, Decimal):
        plain = format(value, "f")
        return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"
    if isinstance(value, Period):
        return [value.start.isoformat(), value.last.isoformat()]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
