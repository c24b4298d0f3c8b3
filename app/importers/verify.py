"""Whether a bill adds up in itself. Checks never change a figure; they say what differs, with the figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from app.domain.money import CENT, ZERO, Money
from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.period import Period
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity

# Printed charges are each rounded by themselves, so their sum may differ from the rounded total by half a cent each.
ROUNDING_PER_CHARGE = CENT / 2
LONGEST_PERIOD_DAYS = 400
MOST_DAYS_AHEAD = 45  # what is billed further ahead than that was more likely read in the wrong year
_SCRIPTS = {"LATIN": "Latin", "CYRILLIC": "Cyrillic", "GREEK": "Greek", "ARMENIAN": "Armenian", "CHEROKEE": "Cherokee"}
_CURRENCY = re.compile(r"[A-Z]{3}")


def verify(invoice: ParsedInvoice) -> tuple[ParseIssue, ...]:
    """Return what is wrong with the bill's own figures: footing, totals, dates, currency.

    A bill that does not foot gets a WARNING: it is posted, and the audit accuses it (A01).
    """
    figures = (*_check_footing(invoice), *_check_totals(invoice), *_check_dates(invoice), *_check_kind(invoice))
    return (*_check_currency(invoice), *_check_letters(invoice), *figures)


def _check_letters(invoice: ParsedInvoice) -> tuple[ParseIssue, ...]:
    """A carrier's name or a number in which letters of another script stand for the ones that they look like."""
    for what, text in (("carrier", invoice.carrier), ("number", invoice.number), ("account", invoice.ban)):
        for word in text.split():
            scripts = {
                script for letter in word if (script := _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0]))
            }
            if len(scripts) > 1 or (what != "carrier" and scripts - {"Latin"}):
                strange = " and ".join(sorted(scripts))
                message = f"The {what} of bill {invoice.number}, '{text[:60]}', is written in {strange} letters."
                remedy = "Compare it letter by letter with what you know: letters of other scripts can look the same."
                source = invoice.sources.get("ban" if what == "account" else what, Source())
                return (ParseIssue(Severity.REVIEW, "look-alike-letters", message, remedy, source),)
    return ()


def explain_rounding(charges: Sequence[ParsedCharge], net_total: Decimal) -> tuple[Decimal, ParseIssue | None]:
    """Return (difference, note) where Σ printed charges without taxes differs from the printed net by rounding alone.

    Tolerance: ROUNDING_PER_CHARGE for each charge. A larger difference is not explained: (0, None).
    """
    priced = [charge.amount for charge in charges if charge.charge_type is not ChargeType.TAX]
    difference = net_total - sum(priced, ZERO)
    if difference == 0 or abs(difference) > ROUNDING_PER_CHARGE * len(priced):
        return ZERO, None
    note = ParseIssue(
        Severity.INFO,
        "rounding-explained",
        f"The {len(priced)} printed charges sum to {sum(priced, ZERO):,.2f}, the printed net is {net_total:,.2f}: "
        f"the difference of {difference:,.2f} is kept as rounding, because each printed charge is itself rounded.",
        "Nothing needs to be done.",
    )
    return difference, note


def _check_currency(invoice: ParsedInvoice) -> tuple[ParseIssue, ...]:
    if _CURRENCY.fullmatch(invoice.currency):
        return ()
    message = f"'{invoice.currency[:20]}' of bill {invoice.number} is not a currency code of three letters."
    remedy = "Name the currency as in ISO 4217, such as USD or EUR, in the layout or mapping."
    return (ParseIssue(Severity.ERROR, "bad-currency", message, remedy, _place(invoice, "currency")),)


def _check_footing(invoice: ParsedInvoice) -> tuple[ParseIssue, ...]:
    issues = []
    billed = sum((charge.amount for charge in invoice.charges), ZERO)
    if billed + invoice.rounding != invoice.current_charges:
        parts = f"{len(invoice.charges)} charges of {_say(billed, invoice)}"
        if invoice.rounding:
            parts += f" and rounding of {_say(invoice.rounding, invoice)}"
        issues.append(_differs(invoice, "current_charges", parts, billed + invoice.rounding, invoice.current_charges))
    due = invoice.current_charges + invoice.previous_balance + invoice.payments_applied
    if due != invoice.total_due:
        parts = (
            f"current charges of {_say(invoice.current_charges, invoice)}, the previous balance of "
            f"{_say(invoice.previous_balance, invoice)} and payments of {_say(invoice.payments_applied, invoice)}"
        )
        issues.append(_differs(invoice, "total_due", parts, due, invoice.total_due))
    return tuple(issues)


def _check_totals(invoice: ParsedInvoice) -> tuple[ParseIssue, ...]:
    """Printed net and tax totals against the charges, within the rounding of each printed charge."""
    issues = []
    taxes = [charge.amount for charge in invoice.charges if charge.charge_type is ChargeType.TAX]
    others = [charge.amount for charge in invoice.charges if charge.charge_type is not ChargeType.TAX]
    for field, printed, amounts in (("net_total", invoice.net_total, others), ("tax_total", invoice.tax_total, taxes)):
        allowed = ROUNDING_PER_CHARGE * max(len(amounts), 1)
        found = sum(amounts, ZERO)
        if printed is not None and abs(printed - found) > allowed:
            parts = f"{len(amounts)} {'taxes' if field == 'tax_total' else 'charges before tax'}"
            issues.append(_differs(invoice, field, f"{parts} of {_say(found, invoice)}", found, printed))
    return tuple(issues)


def _check_dates(invoice: ParsedInvoice) -> tuple[ParseIssue, ...]:
    issues = []
    if invoice.due_date is not None and invoice.due_date < invoice.bill_date:
        message = f"Bill {invoice.number} of {invoice.bill_date} is due on {invoice.due_date}, before its own date."
        issues.append(_dates_warning("due-before-bill", message, _place(invoice, "due_date")))
    if invoice.billing_period is not None and invoice.billing_period.days > LONGEST_PERIOD_DAYS:
        message = f"The billing period {invoice.billing_period} of bill {invoice.number} is longer than a year."
        issues.append(_dates_warning("long-period", message, _place(invoice, "billing_period")))
    if _is_far_ahead(invoice.billing_period, invoice):
        message = f"The billing period {invoice.billing_period} of bill {invoice.number} begins long after its own date"
        issues.append(
            _dates_warning("period-ahead", f"{message}, {invoice.bill_date}.", _place(invoice, "billing_period"))
        )
    for charge in invoice.charges:
        if charge.period is not None and charge.period.days > LONGEST_PERIOD_DAYS:
            message = f"The period {charge.period} of '{charge.description[:60]}' is longer than a year."
            issues.append(_dates_warning("long-period", message, charge.source))
        if charge.period != invoice.billing_period and _is_far_ahead(charge.period, invoice):
            message = f"The period {charge.period} of '{charge.description[:60]}' begins long after the bill's date"
            issues.append(_dates_warning("period-ahead", f"{message}, {invoice.bill_date}.", charge.source))
    return tuple(issues)


def _is_far_ahead(period: Period | None, invoice: ParsedInvoice) -> bool:
    return period is not None and (period.start - invoice.bill_date).days > MOST_DAYS_AHEAD


def _check_kind(invoice: ParsedInvoice) -> tuple[ParseIssue, ...]:
    """A credit note gives money back: credits are negative, so what it charges is not above zero."""
    if invoice.kind is not DocumentKind.CREDIT_NOTE or invoice.current_charges <= 0:
        return ()
    message = (
        f"Credit note {invoice.number} asks for {_say(invoice.current_charges, invoice)} instead of giving it back."
    )
    remedy = (
        "Compare its sign with the document: it may be a bill, or the layout or mapping has to turn the sign round."
    )
    return (ParseIssue(Severity.REVIEW, "credit-note-asks-for-money", message, remedy, _place(invoice, "total_due")),)


def _dates_warning(code: str, message: str, source: Source) -> ParseIssue:
    remedy = "Compare the dates with the document; a wrong date format in the layout or mapping would show here."
    return ParseIssue(Severity.WARNING, code, message, remedy, source)


def _differs(invoice: ParsedInvoice, field: str, parts: str, found: Decimal, printed: Decimal) -> ParseIssue:
    words = field.replace("_", " ")
    message = (
        f"Bill {invoice.number} does not foot: {parts} make {_say(found, invoice)}, but its {words} "
        f"is {_say(printed, invoice)}, a difference of {_say(printed - found, invoice)}."
    )
    remedy = "Compare the charges with the document: either one was not read, or the carrier added up wrongly."
    return ParseIssue(Severity.WARNING, "does-not-foot", message, remedy, _place(invoice, field))


def _say(amount: Decimal, invoice: ParsedInvoice) -> str:
    return str(Money(amount, invoice.currency))


def _place(invoice: ParsedInvoice, field: str) -> Source:
    return invoice.sources.get(field, Source())
