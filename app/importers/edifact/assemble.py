"""From what an INVOIC says to a bill."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.domain.money import EXACT, NO_CURRENCY, RATE_SCALE, ZERO, round_amount
from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.period import Period
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.edifact.invoic import CARRIER_ROLES, Allowance, Invoic, Line, Tax
from app.importers.tabular.issues import IssueList
from app.importers.verify import explain_rounding
from app.importers.x12.profile import Profile

CREDITS = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})  # UNTDID 1001
_NOT_BILLS = {"325": "a proforma invoice", "393": "a factored invoice", "310": "an offer", "220": "an order"}
_ORIGINALS = frozenset({"", "9", "6", "43"})
_FUNCTIONS = {"1": "a cancellation", "5": "a replacement", "7": "a duplicate", "31": "a copy"}
_ACCOUNTS = ("ADE", "IT")  # RFF: account number, our number at the carrier
_GROSS = ("388", "77", "39", "86", "128")  # MOA: what the bill is for, taxes included
_NET, _LINES, _TAX, _PREPAID, _DUE = ("389", "125"), "79", "176", "113", "9"
_KNOWN = frozenset({*_GROSS, *_NET, _LINES, _TAX, _PREPAID, _DUE, "124", "259", "260", "131"})
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{5,20}[0-9]")
_USAGE_UNITS = frozenset({"MIN", "SEC", "AD", "2P", "4L", "E34", "E35"})
_TOLERANCE = Decimal("0.02")
_LARGEST = Decimal(10) ** 12


def make_bill(found: Invoic, profile: Profile, issues: IssueList) -> ParsedInvoice | None:
    """The bill of a message that has been read; None, and told, where it is none."""
    source = found.sources.get("number", found.message.opening.place())
    dates = found.dates
    bill_date = dates.get("3", dates.get("137"))
    if found.kind in _NOT_BILLS:
        message = f"{found.number or 'A message'} is {_NOT_BILLS[found.kind]} ({found.kind}), which is not payable."
        issues.warn("memo-document", message, "Nothing needs to be done.", source)
        return None
    if not found.number or bill_date is None:
        message = f"Message {found.message.reference[:20]} has no number (BGM) or no date (DTM+137), so it is no bill."
        issues.error("header-missing", message, "Ask the carrier for a corrected file.", source)
        return None
    charges = [charge for line in found.lines for charge in _read_line(line, found, issues)]
    charges += [charge for one in found.allowances if (charge := _allowance(one, None)) is not None]
    charges += _read_taxes(found, issues)
    charges += _read_summary(found, charges, issues)
    total = _total(found, charges, issues)
    sign = -1 if found.kind in CREDITS and total > 0 else 1
    prepaid = found.totals[_PREPAID][0] if _PREPAID in found.totals else ZERO
    due = found.totals[_DUE][0] if _DUE in found.totals else total - prepaid
    net = next((found.totals[kind][0] for kind in _NET if kind in found.totals), None)
    rounding = _rounding(charges, net, found, issues)
    _tell(found, issues)
    return ParsedInvoice(
        carrier=_carrier(found, profile, issues),
        number=found.number,
        bill_date=bill_date,
        currency=_currency(found, profile, issues),
        current_charges=sign * total + ZERO,
        total_due=sign * due + ZERO,
        charges=tuple(_flip(charge) if sign < 0 else charge for charge in charges),
        kind=DocumentKind.CREDIT_NOTE if found.kind in CREDITS else DocumentKind.INVOICE,
        ban=next((found.references[kind] for kind in _ACCOUNTS if kind in found.references), ""),
        billing_period=_period(dates, issues, source),
        due_date=dates.get("13", dates.get("265", dates.get("140"))),
        payments_applied=-sign * prepaid + ZERO,
        net_total=None if net is None else sign * net + ZERO,
        tax_total=sign * found.totals[_TAX][0] + ZERO if _TAX in found.totals else None,
        rounding=sign * rounding + ZERO,
        corrects=found.references.get("OI", found.references.get("IV", "")),
        sources=_sources(found),
    )


def _read_line(line: Line, found: Invoic, issues: IssueList) -> list[ParsedCharge]:
    """The charge of a line, and one for each allowance and charge on it, which its amount includes."""
    quantity, unit = next(
        (line.quantities[kind] for kind in ("47", "12", "46", "1") if kind in line.quantities), (None, "")
    )
    price, base = next(
        (line.prices[kind] for kind in ("AAA", "INV", "CAL", "AAB") if kind in line.prices), (None, Decimal(1))
    )
    stated = next((line.amounts[kind] for kind in ("203", "66", "128") if kind in line.amounts), None)
    if stated is None:
        if price is None or quantity is None or not base:
            message = f"Line {line.label} has no amount (MOA+203) and none can be reckoned from quantity and price."
            issues.error("amount-missing", message, "Ask the carrier for a corrected file.", line.source)
            return []
        reckoned = round_amount(EXACT.divide(EXACT.multiply(quantity, price), base), 2)
        stated = (reckoned, line.source)
    amount, source = stated
    extras = [one for one in line.allowances if one.amount and one.sign]
    own = amount - sum((one.sign * (one.amount or ZERO) for one in extras), ZERO)
    if abs(amount) >= _LARGEST or abs(own) >= _LARGEST:
        issues.error("amount-too-large", f"Line {line.label} is larger than any bill.", "Ask the carrier.", source)
        return []
    _check_product(line, quantity, price, base, own, issues)
    where = _where(line, found)
    kind = ChargeType.USAGE if unit.upper() in _USAGE_UNITS else None
    period = _period(line.dates, issues, line.source)
    codes = line.codes
    code = codes.get("SA") or codes.get("LIN") or next(iter(codes.values()), "")
    words = line.words.get("F") or next(iter(line.words.values()), "") or code or f"Line {line.label}"
    per_unit = price if price is None or base == 1 or not base else round_amount(EXACT.divide(price, base), RATE_SCALE)
    charge = ParsedCharge(
        words,
        own,
        source,
        kind,
        code,
        quantity,
        unit,
        per_unit,
        period,
        where.get("circuit_id", ""),
        where.get("tn", ""),
        where.get("location", ""),
    )
    added = [_allowance(one, (words, period, where)) for one in extras]
    return [charge, *(one for one in added if one is not None)]


def _check_product(
    line: Line, quantity: Decimal | None, price: Decimal | None, base: Decimal, own: Decimal, issues: IssueList
) -> None:
    if quantity is None or price is None or not base:
        return
    product = EXACT.divide(EXACT.multiply(quantity, price), base)
    if abs(product - own) > _TOLERANCE:
        message = f"Line {line.label}: {quantity} × {price} is not the line's {own:,.2f}."
        issues.warn("line-does-not-multiply", message, "Compare the line with what was agreed.", line.source)


def _where(line: Line, found: Invoic) -> dict[str, str]:
    """Circuit, telephone number and place of a line, else of the bill."""
    where = {"location": line.location or found.location}
    for one in line.objects or found.objects:
        where.setdefault("tn" if _TELEPHONE.fullmatch(one) else "circuit_id", one)
    return where


def _allowance(one: Allowance, line: tuple[str, Period | None, dict[str, str]] | None) -> ParsedCharge | None:
    """The charge of an allowance or charge; None where it has no amount."""
    if not one.amount or not one.sign:
        return None
    kind = ChargeType.CREDIT if one.sign < 0 else ChargeType.FEE
    words = one.words or ("Allowance" if one.sign < 0 else "Charge")
    if line is None:
        return ParsedCharge(words, one.sign * one.amount, one.source, kind)
    title, period, where = line
    return ParsedCharge(
        f"{words}: {title}",
        one.sign * one.amount,
        one.source,
        kind,
        period=period,
        location=where.get("location", ""),
        circuit_id=where.get("circuit_id", ""),
        tn=where.get("tn", ""),
    )


def _read_taxes(found: Invoic, issues: IssueList) -> list[ParsedCharge]:
    """The taxes of the summary; where it has none, its total of taxes, else those of the header, else of the lines."""
    for taxes in (found.taxes, found.header_taxes):
        made = [_tax(one) for one in taxes if one.amount]
        if made:
            return made
        if taxes is found.taxes:
            for kind in (_TAX, "124"):
                if kind in found.totals and found.totals[kind][0]:
                    amount, source = found.totals[kind]
                    words = " and ".join(dict.fromkeys(one.words for one in found.taxes)) or "Tax"
                    return [ParsedCharge(words, amount, source, ChargeType.TAX)]
    return [_tax(one) for line in found.lines for one in line.taxes if one.amount]


def _tax(one: Tax) -> ParsedCharge:
    return ParsedCharge(one.words, one.amount or ZERO, one.source, ChargeType.TAX)


def _read_summary(found: Invoic, charges: Sequence[ParsedCharge], issues: IssueList) -> list[ParsedCharge]:
    """Allowances and charges of the summary, unless the total shows that they only repeat what stands above."""
    made = [charge for one in found.summary if (charge := _allowance(one, None)) is not None]
    gross = next((found.totals[kind][0] for kind in _GROSS if kind in found.totals), None)
    if made and gross is not None and _sum(charges) == gross:
        message = (
            f"{len(made)} allowances or charges of the summary, {_sum(made):,.2f} in all, repeat what stands above."
        )
        issues.tell("amounts-repeat", message, made[0].source)
        return []
    return made


def _sum(charges: Sequence[ParsedCharge]) -> Decimal:
    return sum((charge.amount for charge in charges), ZERO)


def _total(found: Invoic, charges: Sequence[ParsedCharge], issues: IssueList) -> Decimal:
    """What the bill is for: its gross total, else what is due and was prepaid, else, to be looked at, the charges."""
    named = [(kind, *found.totals[kind]) for kind in _GROSS if kind in found.totals]
    for kind, amount, source in named[1:]:
        if amount != named[0][1]:
            message = f"The bill has the totals {named[0][1]:,.2f} (MOA+{named[0][0]}) and {amount:,.2f} (MOA+{kind})."
            issues.warn("several-totals", message, "Compare them with the carrier's bill.", source)
    if named:
        found.sources["current_charges"] = named[0][2]
        return named[0][1]
    if _DUE in found.totals:
        found.sources["current_charges"] = found.totals[_DUE][1]
        return found.totals[_DUE][0] + (found.totals[_PREPAID][0] if _PREPAID in found.totals else ZERO)
    message = f"{found.number} names no total; {_sum(charges):,.2f} is the sum of its {len(charges)} charges."
    remedy = "Compare the sum with the carrier's bill before it is posted."
    issues.add(ParseIssue(Severity.REVIEW, "total-missing", message, remedy, found.sources["number"]))
    return _sum(charges)


def _rounding(charges: Sequence[ParsedCharge], net: Decimal | None, found: Invoic, issues: IssueList) -> Decimal:
    if net is None:
        return ZERO
    difference, note = explain_rounding(charges, net)
    if note is not None:
        issues.add(note)
    return difference


def _tell(found: Invoic, issues: IssueList) -> None:
    """Amounts that are not charges, a count of lines that differs, a message that is no original."""
    informs = dict(found.informs)
    for kind, (amount, source) in found.totals.items():
        if kind not in _KNOWN:
            informs.setdefault(kind, (amount, 1, source))
    for line in found.lines:
        for kind, (amount, source) in line.amounts.items():
            if kind not in {"203", "66", "128", "125", "124"}:
                total, count, first = informs.get(kind, (ZERO, 0, source))
                informs[kind] = (total + amount, count + 1, first)
    for kind, (amount, count, source) in list(informs.items())[:50]:
        issues.tell("amounts-inform", f"{count:,} MOA+{kind[:6]} of {amount:,.2f} in all only inform.", source)
    if found.counted is not None and found.counted != len(found.lines):
        message = f"{found.number} says that it has {found.counted:,.0f} lines (CNT+2); {len(found.lines):,} are there."
        issues.warn("line-count", message, "Ask the carrier whether lines are missing.", found.sources["lines"])
    if found.function not in _ORIGINALS:
        words = _FUNCTIONS.get(found.function, f"sent with the function {found.function[:4]}")
        message = f"{found.number} is not an original but {words} (BGM)."
        remedy = "Look whether it takes the place of a bill that is here already."
        issues.add(ParseIssue(Severity.REVIEW, "not-an-original", message, remedy, found.sources["number"]))


def _carrier(found: Invoic, profile: Profile, issues: IssueList) -> str:
    named = profile.carrier or next((found.parties[role] for role in CARRIER_ROLES if role in found.parties), "")
    if named:
        return named
    message = f"{found.number} names no seller (NAD+SE); its sender {found.message.sender} is taken for the carrier."
    remedy = "Look whether that is right; an EDI profile can name the carrier."
    issues.add(ParseIssue(Severity.REVIEW, "carrier-missing", message, remedy, found.sources["number"]))
    return found.message.sender


def _currency(found: Invoic, profile: Profile, issues: IssueList) -> str:
    named = found.currency or profile.currency
    if named:
        return named
    message = f"{found.number} names no currency (CUX), so it is kept as {NO_CURRENCY}, which means none."
    remedy = "Have the currency named: an EDI profile can say which one the carrier's files are in."
    issues.add(ParseIssue(Severity.REVIEW, "currency-missing", message, remedy, found.sources["number"]))
    return NO_CURRENCY


def _period(dates: dict[str, date], issues: IssueList, source: Source) -> Period | None:
    first, last = dates.get("167", dates.get("194")), dates.get("168", dates.get("206"))
    if first is None or last is None:
        return None
    if last >= first:
        return Period.inclusive(first, last)
    message = f"A period ends on {last}, before it begins on {first}; it is left out."
    issues.warn("bad-period", message, "Compare the dates with the carrier's bill.", source)
    return None


def _sources(found: Invoic) -> dict[str, Source]:
    sources = {key: place for key, place in found.sources.items() if not key.startswith("date ") and key != "lines"}
    for field, kinds in (("bill_date", ("3", "137")), ("due_date", ("13", "265", "140")), ("billing_period", ("167",))):
        for kind in kinds:
            if f"date {kind}" in found.sources:
                sources.setdefault(field, found.sources[f"date {kind}"])
    if _DUE in found.totals:
        sources["total_due"] = found.totals[_DUE][1]
    return sources


def _flip(charge: ParsedCharge) -> ParsedCharge:
    """A credit note's line as a credit: the quantity is taken back at the same price."""
    quantity = None if charge.quantity is None else -charge.quantity
    return replace(charge, amount=-charge.amount + ZERO, quantity=quantity)
