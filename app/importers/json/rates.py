"""The applied billing rates of a TMF678 bill, as charges and taxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.parsed import ParsedCharge
from app.domain.source import Source
from app.domain.vocabulary import ChargeType
from app.importers.json.fields import Fields, Object
from app.importers.xml.bill import Bill, Line, make_charges

# what the kind of a rate begins with, letters alone and small
_KINDS = {
    "recurring": ChargeType.MRC,
    "monthly": ChargeType.MRC,
    "rental": ChargeType.MRC,
    "onetime": ChargeType.NRC,
    "usage": ChargeType.USAGE,
    "appliedbillingcredit": ChargeType.CREDIT,
    "credit": ChargeType.CREDIT,
    "rebate": ChargeType.CREDIT,
    "productalteration": ChargeType.CREDIT,
    "discount": ChargeType.CREDIT,
    "appliedpenalty": ChargeType.FEE,
    "penalty": ChargeType.FEE,
}

Placed = tuple[Object, str]


def read_rates(fields: Fields, rates: Sequence[Placed], bill: Bill) -> list[ParsedCharge]:
    """The charges of the rates, and their taxes where the bill itself names none."""
    charges: list[ParsedCharge] = []
    taxes: dict[str, tuple[Decimal, Source]] = {}
    for rate, path in rates:
        kind = _kind(fields, rate, path)
        tax = _read_tax(fields, rate, path, bill)
        amount = fields.money(rate, "taxExcludedAmount", path, bill.currency)
        whole = fields.money(rate, "taxIncludedAmount", path, bill.currency)
        if amount is None and whole is not None:
            amount = whole - sum((one for _words, one, _source in tax), ZERO)
        if amount is None:
            if not any(issue.source.path.startswith(f"{path}/") for issue in fields.issues):
                fields.fail("field-missing", "taxExcludedAmount is missing", path)
            continue
        # credits are written as positive numbers; who writes them negative means the same
        sign = -1 if kind is ChargeType.CREDIT and amount > 0 else 1
        charges += _make_charge(fields, rate, path, kind, sign * amount, bill)
        for words, one, source in tax:
            sum_so_far, first = taxes.get(words, (ZERO, source))
            taxes[words] = (sum_so_far + sign * one, first)
    bill.charges += charges
    return [ParsedCharge(words, amount, source, ChargeType.TAX) for words, (amount, source) in taxes.items() if amount]


def name_tax(fields: Fields, tax: Object, path: str) -> str:
    """ "VAT 20 %": the category and the rate as written."""
    rate = fields.number(tax, "taxRate", path)
    category = fields.text(tax, "taxCategory", path) or "Tax"
    return category if rate is None else f"{category} {rate.normalize():f} %"


def _kind(fields: Fields, rate: Object, path: str) -> ChargeType | None:
    for key in ("appliedBillingRateType", "type"):  # version 5 and 4
        word = re.sub(r"[^a-z]", "", fields.text(rate, key, path).casefold())
        for beginning, kind in _KINDS.items():
            if word.startswith(beginning):
                return kind
    return None


def _read_tax(fields: Fields, rate: Object, path: str, bill: Bill) -> list[tuple[str, Decimal, Source]]:
    found = []
    for tax, place in fields.objects(rate, "appliedTax", path):
        amount = fields.money(tax, "taxAmount", place, bill.currency)
        if amount:
            found.append((name_tax(fields, tax, place), amount, Source(path=place)))
    return found


def _make_charge(
    fields: Fields, rate: Object, path: str, kind: ChargeType | None, amount: Decimal, bill: Bill
) -> list[ParsedCharge]:
    product = fields.object(rate, "product", path)
    words = fields.text(rate, "name", path), fields.text(rate, "description", path)
    properties = [
        (fields.text(one, "name", place), fields.text(one, "value", place))
        for one, place in fields.objects(rate, "characteristic", path)
        if isinstance(one.get("value"), str | Decimal)
    ]
    if kind is not None:
        properties.append(("charge type", kind.name))
    line = Line(
        label=fields.text(rate, "id", path) or path,
        description=" – ".join(dict.fromkeys(word for word in words if word))
        or fields.text(product, "name", f"{path}/product")
        or "Charge",
        amount=amount,
        source=Source(path=path),
        code=fields.text(product, "id", f"{path}/product"),
        period=fields.period(rate, "periodCoverage", path),
        properties=properties,
    )
    return make_charges(line, (), "", bill.issues)
