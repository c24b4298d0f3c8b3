"""What UBL and CII have in common: the parts of an EN 16931 invoice, and the ParsedInvoice that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from app.domain.money import EXACT, RATE_SCALE, ZERO, round_amount
from app.domain.parsed import ParsedCharge, ParsedDocument, ParsedInvoice
from app.domain.period import Period
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.values import MONEY_DIGITS, RATE_DIGITS
from app.importers.verify import explain_rounding
from app.importers.xml.nodes import REMEDY, trim
from app.importers.xml.standing import MEMOS, is_signed, tell_doubled, tell_memo, tell_nothing_payable, tell_standing

# UNTDID 1001 codes that EN 16931 counts as credit notes: their amounts are meant to be written without a sign
CREDIT_NOTE_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
# UN/ECE recommendation 20: minutes, seconds, bytes and their multiples
USAGE_UNITS = frozenset({"MIN", "SEC", "AD", "2P", "4L", "E34", "E35"})
INVOICED_OBJECT = "130"  # UNTDID 1001: the document reference is an object identifier
# what is rounded twice, price and line, may differ this much from quantity × price (the slack of Peppol's own rule)
LINE_TOLERANCE = Decimal("0.02")
MOST = Decimal(10) ** MONEY_DIGITS

_TELEPHONE = re.compile(r"\+?\(?[0-9][0-9 ()/.-]{5,20}[0-9]")
_PROPERTIES = {
    "circuit_id": {
        "circuitid",
        "circuit",
        "serviceid",
        "accessid",
        "lineid",
        "connectionid",
        "crossconnectid",
        "portid",
    },
    "tn": {"telephonenumber", "phonenumber", "telephone", "tn", "msisdn", "workingnumber"},
    "location": {"location", "locationcode", "locationid", "site", "sitecode", "siteid"},
    "code": {"chargecode", "usoc"},
    "charge_type": {"chargetype"},
}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance (negative) or charge on a line, which the line's amount includes."""

    reason: str
    amount: Decimal
    source: Source


@dataclass(slots=True)
class Line:
    """A line of an e-invoice before it is a charge."""

    label: str
    description: str
    amount: Decimal
    source: Source
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    base: Decimal | None = None
    code: str = ""
    period: Period | None = None
    location: str = ""
    objects: Sequence[str] = ()  # identifiers of what the line is for
    properties: Sequence[tuple[str, str]] = ()
    adjustments: Sequence[Adjustment] = ()

    @property
    def own(self) -> Decimal:
        """The amount before the allowances and charges on the line."""
        return self.amount - sum((one.amount for one in self.adjustments), ZERO)


@dataclass(slots=True)
class Bill:
    """The parts of an e-invoice. Amounts as written: a credit note's are still positive."""

    importer: str
    carrier: str = ""
    number: str = ""
    type_code: str = ""
    copy: bool = False
    bill_date: date | None = None
    due_date: date | None = None
    currency: str = ""
    ban: str = ""
    corrects: str = ""
    pay_to: tuple[str, ...] = ()
    period: Period | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal = ZERO
    previous_balance: Decimal = ZERO
    rounding: Decimal = ZERO
    payable: Decimal | None = None
    third_party: Decimal = ZERO  # collected for others: due beside net and tax
    charges: list[ParsedCharge] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    issues: list[ParseIssue] = field(default_factory=list)


def make_charges(
    line: Line, default_objects: Sequence[str], default_location: str, issues: list[ParseIssue]
) -> list[ParsedCharge]:
    """The charge of a line, and one for each charge on it, for the same circuit, place and period.

    An allowance on a line lowers what is billed for it, and a contract's price is compared with that: it is no credit.
    """
    named = _read_properties(line.properties)
    for identifier in line.objects or default_objects:
        named.setdefault("tn" if _TELEPHONE.fullmatch(identifier) else "circuit_id", identifier)
    kind = named.get("charge_type", "").upper()
    charge_type = ChargeType(kind) if kind in ChargeType.__members__ else None
    if charge_type is None and line.unit.upper() in USAGE_UNITS:
        charge_type = ChargeType.USAGE
    charge = ParsedCharge(
        description=line.description,
        amount=line.own + sum((one.amount for one in line.adjustments if one.amount < 0), ZERO),
        source=line.source,
        charge_type=charge_type,
        code=named.get("code") or line.code,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=_price_per_unit(line, issues),
        period=line.period,
        circuit_id=named.get("circuit_id", ""),
        tn=named.get("tn", ""),
        location=named.get("location") or line.location or default_location,
    )
    return [charge, *(_adjust(charge, one) for one in line.adjustments if one.amount > 0)]


def _adjust(charge: ParsedCharge, adjustment: Adjustment) -> ParsedCharge:
    return replace(
        charge,
        description=f"{adjustment.reason or 'Charge'}: {charge.description}",
        amount=adjustment.amount,
        source=adjustment.source,
        charge_type=ChargeType.FEE,
        code="",
        quantity=None,
        unit="",
        unit_price=None,
    )


def _read_properties(properties: Sequence[tuple[str, str]]) -> dict[str, str]:
    named: dict[str, str] = {}
    for title, value in properties:
        key = re.sub(r"[^a-z]", "", title.casefold())
        for target, titles in _PROPERTIES.items():
            if key in titles and value:
                named.setdefault(target, value)
    return named


def _price_per_unit(line: Line, issues: list[ParseIssue]) -> Decimal | None:
    """price ÷ base quantity, to ten places; a base quantity that makes nonsense of the line is left out, and said."""
    if line.price is None or line.quantity is None:
        return line.price
    base = line.base or Decimal(1)
    per_unit: Decimal | None = trim(round_amount(EXACT.divide(line.price, base), RATE_SCALE))
    if per_unit is not None and per_unit.adjusted() >= RATE_DIGITS:
        per_unit = None  # more than can be kept: the line does not multiply either, which is told below
    if abs(EXACT.multiply(line.price, line.quantity) / base - line.own) <= LINE_TOLERANCE:
        return per_unit
    if base != 1 and abs(line.price * line.quantity - line.own) <= LINE_TOLERANCE:
        message = f"Line {line.label}: its price is not for {base} units, as it says, but for one."
        issues.append(_look_at(line, "base-quantity", message, Severity.INFO))
        return line.price
    message = f"Line {line.label}: {line.quantity} × {line.price}"
    message += f" for {base}" if base != 1 else ""
    message += f" is not the line's {line.own}" + (" before allowances and charges." if line.adjustments else ".")
    issues.append(_look_at(line, "line-does-not-multiply", message, Severity.WARNING))
    return per_unit


def _look_at(line: Line, code: str, message: str, severity: Severity) -> ParseIssue:
    remedy = "Nothing needs to be done." if severity is Severity.INFO else "Compare the line with what was agreed."
    return ParseIssue(severity, code, message, remedy, line.source)


def make_document(*bills: Bill) -> ParsedDocument:
    """The document of the bills in a file; with an ERROR among their issues, the issues alone."""
    payable = [bill for bill in bills if bill.type_code not in MEMOS]
    found = [_make_invoice(bill) for bill in payable]
    memos = [tell_memo(bill) for bill in bills if bill.type_code in MEMOS]
    issues = [issue for _invoice, notes in found for issue in notes] + memos
    if not payable:
        issues.insert(0, tell_nothing_payable(bills[0]))
    invoices = tuple(invoice for invoice, _notes in found if invoice is not None)
    whole = len(invoices) == len(payable)
    return ParsedDocument(bills[0].importer, invoices=invoices if whole else (), issues=tuple(issues))


def _make_invoice(bill: Bill) -> tuple[ParsedInvoice | None, list[ParseIssue]]:
    credit = bill.type_code in CREDIT_NOTE_CODES
    refused = any(issue.severity is Severity.ERROR for issue in bill.issues)
    if refused or bill.bill_date is None or bill.payable is None:
        return None, bill.issues
    rounding = bill.rounding
    issues = [*bill.issues, *tell_standing(bill)]
    if bill.net is not None:
        explained, note = explain_rounding(bill.charges, bill.net + bill.third_party)
        rounding += explained
        issues += [replace(note, source=bill.sources.get("net_total", Source()))] if note is not None else []
    gross = bill.gross if bill.gross is not None else bill.payable + bill.prepaid - bill.rounding - bill.third_party
    doubled = credit and is_signed(gross, bill)
    if doubled:
        issues.append(tell_doubled(bill))
    sign = -1 if credit and not doubled else 1
    invoice = ParsedInvoice(
        carrier=bill.carrier,
        number=bill.number,
        bill_date=bill.bill_date,
        currency=bill.currency,
        current_charges=sign * (gross + bill.rounding + bill.third_party),
        total_due=sign * bill.payable,
        charges=tuple(_flip(charge) for charge in bill.charges) if sign < 0 else tuple(bill.charges),
        kind=DocumentKind.CREDIT_NOTE if credit else DocumentKind.INVOICE,
        ban=bill.ban,
        billing_period=bill.period,
        due_date=bill.due_date,
        previous_balance=sign * bill.previous_balance + ZERO,
        payments_applied=-sign * bill.prepaid + ZERO,
        net_total=None if bill.net is None else sign * (bill.net + bill.third_party) + ZERO,
        tax_total=None if bill.tax is None else sign * bill.tax + ZERO,
        rounding=sign * rounding + ZERO,
        corrects=bill.corrects,
        pay_to=bill.pay_to,
        sources=bill.sources,
    )
    amounts = [
        invoice.current_charges,
        invoice.previous_balance,
        invoice.net_total or ZERO,
        *(charge.amount for charge in invoice.charges),
    ]
    if any(abs(amount) >= MOST for amount in amounts):
        message = f"An amount of bill {bill.number[:60]} has more than {MONEY_DIGITS} digits before the point."
        issues.append(ParseIssue(Severity.ERROR, "bad-amount", message, REMEDY))
        return None, issues
    return invoice, issues


def _flip(charge: ParsedCharge) -> ParsedCharge:
    """A credit note's line as a credit: the quantity is taken back at the same price."""
    quantity = None if charge.quantity is None else -charge.quantity
    return replace(charge, amount=-charge.amount + ZERO, quantity=quantity)
