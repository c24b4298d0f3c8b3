"""TM Forum's Customer Bill (TMF678, versions 4 and 5) as JSON: bills with the billing rates that were applied.

docs/formats/tmf678.md says which field becomes which.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.domain.money import ZERO
from app.domain.parsed import ParsedCharge, ParsedDocument
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, Severity
from app.importers.faults import BrokenFile
from app.importers.json.fields import Fields, Object
from app.importers.json.rates import Placed, name_tax, read_rates
from app.importers.json.strict import parse_json
from app.importers.registry import DocumentHead
from app.importers.xml.bill import Bill, make_document

_BILL, _RATE = "CustomerBill", "AppliedCustomerBillingRate"
_BILL_KEY, _RATE_KEY = "customerBill", "appliedCustomerBillingRate"
# whoever issues the bill; blanks, dashes and case of the role do not count
_ISSUERS = {
    "provider",
    "serviceprovider",
    "billprovider",
    "operator",
    "seller",
    "issuer",
    "billissuer",
    "carrier",
    "csp",
}
_NOT_FINAL = {"new": "it has not been sent yet", "onhold": "the carrier holds it back", "trial": "it is a trial bill"}


class Tmf678Importer:
    """Reads customer bills."""

    name = "tmf678"

    def claims(self, head: DocumentHead) -> bool:
        keys = set(head.columns)
        whole = "billNo" in keys and bool({"billDate", "amountDue", "taxIncludedAmount", "billingAccount"} & keys)
        return head.media == "json" and (whole or _BILL_KEY in keys or _RATE_KEY in keys)

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        fields = Fields()
        bills, rates = _sort(fields, parse_json(head.name, content))
        if not bills:
            raise BrokenFile(name=head.name, why="it holds no customer bill, so its charges belong to none")
        identities = [fields.text(bill, "id", path) for bill, path in bills]
        shared = _assign(fields, rates, identities)
        read: list[Bill] = []
        for (bill, path), identity in zip(bills, identities, strict=True):
            seen = len(fields.issues) if read else 0
            own = [*fields.objects(bill, _RATE_KEY, path), *shared.get(identity, [])]
            read.append(_read_bill(fields, bill, path, own))
            read[-1].issues[:0] = fields.issues[seen:]
        return make_document(*read)


def _sort(fields: Fields, value: Any) -> tuple[list[Placed], list[Placed]]:
    """The bills and the rates that a file holds, side by side or one in the other."""
    if isinstance(value, Mapping) and isinstance(value.get("event"), Mapping):
        value = value["event"]  # the carrier's notice that a bill is there
    if isinstance(value, Mapping) and isinstance(value.get(_BILL_KEY), Mapping | list) and not _is_rate(value):
        return fields.objects(value, _BILL_KEY, ""), fields.objects(value, _RATE_KEY, "")
    items = fields.objects({"": value}, "", "")
    placed = [(one, path.removeprefix("/") or "/") for one, path in items]
    return [one for one in placed if not _is_rate(one[0])], [one for one in placed if _is_rate(one[0])]


def _is_rate(one: Object) -> bool:
    kind = one.get("@type")
    return kind == _RATE or (kind != _BILL and ("isBilled" in one or "appliedTax" in one))


def _assign(fields: Fields, rates: list[Placed], identities: list[str]) -> dict[str, list[Placed]]:
    """The rates by the bill that they name; one that names none belongs to the only bill there is."""
    shared: dict[str, list[Placed]] = {}
    for rate, path in rates:
        reference = fields.object(rate, "bill", path) or fields.object(rate, _BILL_KEY, path)
        named = fields.text(reference, "id", path)
        if not named and rate.get("isBilled") is False:
            message = f"'{fields.text(rate, 'name', path) or path}' is not billed yet and left out."
            source = Source(path=path)
            fields.issues.append(
                ParseIssue(Severity.INFO, "not-billed", message, "It will come with a later bill.", source)
            )
        elif not named and len(identities) == 1:
            shared.setdefault(identities[0], []).append((rate, path))
        elif named in identities:
            shared.setdefault(named, []).append((rate, path))
        else:
            fields.fail(
                "unknown-bill", f"The charge belongs to the bill '{named[:60]}', which is not in the file", path
            )
    return shared


def _read_bill(fields: Fields, one: Object, path: str, rates: list[Placed]) -> Bill:
    path = path.rstrip("/")
    bill = Bill("tmf678")
    bill.number = fields.text(one, "billNo", path) or fields.text(one, "id", path)
    bill.bill_date, bill.due_date = fields.day(one, "billDate", path), fields.day(one, "paymentDueDate", path)
    bill.currency = _currency(fields, one, path)
    bill.carrier = _issuer(fields, one, path)
    account = fields.object(one, "billingAccount", path) or fields.object(one, "financialAccount", path)
    bill.ban = fields.text(account, "id", f"{path}/billingAccount")
    bill.period = fields.period(one, "billingPeriod", path)
    category = fields.text(one, "category", path)
    _read_amounts(fields, one, path, bill)
    taxes = read_rates(fields, rates, bill)
    printed = _read_tax_items(fields, one, path, bill)
    bill.charges += printed if printed is not None else taxes
    bill.tax = None if bill.gross is None or bill.net is None else bill.gross - bill.net
    if "credit" in category.casefold() and (bill.gross or ZERO) > 0:
        bill.type_code = "381"
    amounts = ("taxIncludedAmount", "amountDue", "remainingAmount")
    needed = ((bill.number, ("billNo",)), (bill.bill_date, ("billDate",)), (bill.payable, amounts))
    for value, keys in needed:
        if not value and value != ZERO and not any(key in issue.source.path for key in keys for issue in fields.issues):
            fields.fail("field-missing", f"The bill's {' or '.join(keys)} is missing", path or "/")
    if not bill.carrier:
        fields.fail(
            "field-missing", "No related party has a role such as provider: the carrier is missing", path or "/"
        )
    if not bill.currency:
        fields.fail("field-missing", "No amount of the bill names its currency", path or "/")
    if not rates:
        fields.fail(
            "no-lines", "The bill comes without its applied billing rates: there is no charge to read", path or "/"
        )
    _tell_state(bill, category, fields.text(one, "state", path), path or "/")
    bill.sources |= {field: Source(path=f"{path}/{key}") for field, key in _SOURCES.items() if key in one}
    return bill


_SOURCES = {
    "number": "billNo",
    "bill_date": "billDate",
    "due_date": "paymentDueDate",
    "billing_period": "billingPeriod",
    "ban": "billingAccount",
    "carrier": "relatedParty",
    "net_total": "taxExcludedAmount",
    "current_charges": "taxIncludedAmount",
    "tax_total": "taxItem",
    "total_due": "amountDue",
    "payments_applied": "appliedPayment",
}


def _currency(fields: Fields, one: Object, path: str) -> str:
    for key in ("taxIncludedAmount", "amountDue", "taxExcludedAmount", "remainingAmount"):
        unit = fields.text(fields.object(one, key, path), "unit", f"{path}/{key}")
        if unit:
            return unit
    return ""


def _issuer(fields: Fields, one: Object, path: str) -> str:
    for party, place in fields.objects(one, "relatedParty", path):
        inner = fields.object(party, "partyOrPartyRole", place) or party
        role = "".join(filter(str.isalpha, fields.text(party, "role", place).casefold()))
        if role in _ISSUERS:
            return fields.text(inner, "name", place) or fields.text(inner, "id", place)
    return ""


def _read_amounts(fields: Fields, one: Object, path: str, bill: Bill) -> None:
    """What the bill asks for. What is due beyond its own charges is the balance brought forward."""
    bill.net = fields.money(one, "taxExcludedAmount", path, bill.currency)
    bill.gross = fields.money(one, "taxIncludedAmount", path, bill.currency)
    due = fields.money(one, "amountDue", path, bill.currency)
    remaining = fields.money(one, "remainingAmount", path, bill.currency)
    paid = ZERO
    for payment, place in fields.objects(one, "appliedPayment", path):
        paid += fields.money(payment, "appliedAmount", place, bill.currency) or ZERO
    gross = bill.gross
    asked = due if due is not None else gross
    if gross is None or asked is None:
        bill.payable = asked if asked is not None else remaining
        return
    # payments that came after the bill do not change what it asked for
    within = remaining is None and asked == gross - paid
    bill.prepaid = paid if within else ZERO
    bill.previous_balance = asked - gross + bill.prepaid
    bill.payable = asked
    if remaining is not None and remaining != asked:
        message = f"The bill asked for {asked:,.2f}; {remaining:,.2f} of it remain, after payments of {paid:,.2f}."
        remedy = "Compare the payments with your own; the bill is taken in with what it asked for."
        bill.issues.append(
            ParseIssue(Severity.INFO, "partly-paid", message, remedy, Source(path=f"{path}/remainingAmount"))
        )


def _read_tax_items(fields: Fields, one: Object, path: str, bill: Bill) -> list[ParsedCharge] | None:
    """The taxes of the bill as a whole; None where it names none and those of the charges are to be summed."""
    items = fields.objects(one, "taxItem", path)
    if not items:
        return None
    charges = []
    for item, place in items:
        amount: Decimal | None = fields.money(item, "taxAmount", place, bill.currency)
        if amount:
            charges.append(ParsedCharge(name_tax(fields, item, place), amount, Source(path=place), ChargeType.TAX))
    return charges


def _tell_state(bill: Bill, category: str, state: str, path: str) -> None:
    words = {"".join(filter(str.isalpha, word.casefold())) for word in (category, state)}
    for word, why in _NOT_FINAL.items():
        if word in words:
            message = f"Bill {bill.number[:60]} is not final: {why}."
            remedy = "Wait for the final bill, or confirm that this one counts."
            bill.issues.append(ParseIssue(Severity.REVIEW, "not-final", message, remedy, Source(path=path)))
