"""How values are written for the eye: amounts, dates, words of the vocabulary, and the tone each word has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.domain.vocabulary import (
    DisputeStatus,
    FindingStatus,
    InvoiceStatus,
    Ledger,
    PaymentMethod,
    PaymentStatus,
    PriceModel,
    RatingOutcome,
    Role,
    ServiceKind,
    ServiceStatus,
    Severity,
)
from app.ui.tokens import Tone

NOTHING = "–"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# pairs, not mappings: InvoiceStatus.RETURNED equals PaymentStatus.RETURNED, both being the text "returned"
_WORDS: tuple[tuple[StrEnum, str], ...] = (
    (InvoiceStatus.AUDITED, "To review"),
    (InvoiceStatus.RETURNED, "Sent back"),
    (InvoiceStatus.IN_APPROVAL, "In approval"),
    (PaymentMethod.ACH_CCD, "ACH"),
    (PaymentMethod.SEPA_CREDIT, "SEPA"),
    (Role.IT_MANAGER, "IT manager"),
    (Role.AP_CLERK, "Accounts payable"),
    (ServiceKind.WAN, "WAN"),
    (RatingOutcome.NO_PRICE, "No price"),
    (RatingOutcome.NOT_PRICED, "Not priced"),
    (Ledger.ERROR, "Overcharge"),
    (Ledger.CHECK, "To check"),
    (PriceModel.FLAT, "Flat"),
    (PriceModel.GRADUATED, "Graduated tiers"),
    (PriceModel.VOLUME, "Volume tiers"),
    (PriceModel.PACKAGE, "Packages"),
    (PriceModel.PERCENTAGE, "Per cent of charges"),
    (PriceModel.CALLS, "Calls by rate deck"),
    (PriceModel.PERCENTILE, "Percentile of traffic"),
    (PriceModel.PER_CLASS, "Per class of service"),
    (PriceModel.COMMITTED_EXCESS, "Committed and excess rate"),
    (PriceModel.BREAKER, "Breaker circuits"),
    (PriceModel.MINIMUM, "Minimum charge"),
    (PriceModel.COMMITMENT, "Committed spend"),
    (PriceModel.SLA_CREDIT, "Credit for outages"),
)

_TONES: tuple[tuple[StrEnum, Tone], ...] = (
    (InvoiceStatus.AUDITED, Tone.ACCENT),
    (InvoiceStatus.IN_APPROVAL, Tone.WARNING),
    (InvoiceStatus.APPROVED, Tone.SUCCESS),
    (InvoiceStatus.SCHEDULED, Tone.SUCCESS),
    (InvoiceStatus.PAID, Tone.SUCCESS),
    (InvoiceStatus.RECONCILED, Tone.NEUTRAL),
    (InvoiceStatus.ON_HOLD, Tone.WARNING),
    (InvoiceStatus.RETURNED, Tone.DANGER),
    (FindingStatus.OPEN, Tone.DANGER),
    (FindingStatus.DISPUTED, Tone.WARNING),
    (FindingStatus.CREDITED, Tone.SUCCESS),
    (DisputeStatus.DRAFT, Tone.ACCENT),
    (DisputeStatus.FILED, Tone.WARNING),
    (DisputeStatus.ACKNOWLEDGED, Tone.WARNING),
    (DisputeStatus.APPROVED, Tone.SUCCESS),
    (DisputeStatus.CREDITED, Tone.SUCCESS),
    (DisputeStatus.DENIED, Tone.DANGER),
    (PaymentStatus.SCHEDULED, Tone.ACCENT),
    (PaymentStatus.RELEASED, Tone.WARNING),
    (PaymentStatus.SETTLED, Tone.SUCCESS),
    (PaymentStatus.RETURNED, Tone.DANGER),
    (ServiceStatus.ORDERED, Tone.ACCENT),
    (ServiceStatus.ACTIVE, Tone.SUCCESS),
    (ServiceStatus.DISCONNECT_REQUESTED, Tone.WARNING),
    (RatingOutcome.RATED, Tone.SUCCESS),
    (RatingOutcome.NO_PRICE, Tone.WARNING),
    (RatingOutcome.AMBIGUOUS, Tone.WARNING),
    (RatingOutcome.UNMATCHED, Tone.WARNING),
    (Ledger.ERROR, Tone.DANGER),
    (Ledger.SAVING, Tone.ACCENT),
    (Ledger.CHECK, Tone.WARNING),
    (Severity.ERROR, Tone.DANGER),
    (Severity.WARNING, Tone.WARNING),
)
_WORD_OF = {(type(value), value.value): told for value, told in _WORDS}
_TONE_OF = {(type(value), value.value): told for value, told in _TONES}

# offered where a currency is chosen; any other can be typed where typing is possible
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "CHF", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "MXN", "BRL", "JPY")


def word(value: StrEnum | None) -> str:
    """A word of the vocabulary as the user reads it: 'In approval'."""
    if value is None:
        return NOTHING
    return _WORD_OF.get((type(value), value.value)) or (value.value if value.value.isupper() else sentence(value.value))


def tone(value: StrEnum | None) -> Tone:
    """The tone in which that word is shown."""
    return Tone.NEUTRAL if value is None else _TONE_OF.get((type(value), value.value), Tone.NEUTRAL)


def sentence(name: str) -> str:
    """'rate_above_contract' as 'Rate above contract'."""
    plain = name.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def money(amount: Decimal | None, currency: str = "") -> str:
    """'$1,234.50', '−€7.00'; more than two places only where the amount has them. None is a dash."""
    if amount is None:
        return NOTHING
    exponent = amount.normalize().as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    digits = f"{abs(amount):,.{places}f}"
    symbol = SYMBOLS.get(currency, f"{currency} " if currency else "")
    return f"{'−' if amount < 0 else ''}{symbol}{digits}"


def moneys(amounts: Mapping[str, Decimal], first: str) -> str:
    """Sums in several currencies, the workspace's own `first`: '$7,415.00 + €310.00'."""
    shown = sorted(
        ((key, value) for key, value in amounts.items() if value), key=lambda pair: (pair[0] != first, pair[0])
    )
    return " + ".join(money(value, currency) for currency, value in shown) or money(Decimal(0), first)


def number(value: Decimal | int | None) -> str:
    """'1,200' or '0.035', without needless zeros."""
    if value is None:
        return NOTHING
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def day(value: date | None) -> str:
    """'6 Oct 2026'."""
    return NOTHING if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def short_day(value: date | None) -> str:
    """'6 Oct'."""
    return NOTHING if value is None else f"{value.day} {MONTHS[value.month - 1]}"


def span(start: date | None, end: date | None) -> str:
    """A half-open period as a bill prints it: '1–30 Sep 2026', '15 Sep – 14 Oct 2026'."""
    if start is None or end is None:
        return NOTHING
    last = date.fromordinal(end.toordinal() - 1)
    if last <= start:
        return day(start)
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day}–{last.day} {MONTHS[last.month - 1]} {last.year}"
    first = short_day(start) if start.year == last.year else day(start)
    return f"{first} – {day(last)}"


def until(value: date | None, today: date) -> str:
    """How far off a day is: 'today', 'in 3 days', '5 days late'."""
    if value is None:
        return NOTHING
    days = (value - today).days
    if days == 0:
        return "today"
    if days < 0:
        return f"{count(-days, 'day')} late"
    return "tomorrow" if days == 1 else f"in {days} days"


def deadline_tone(value: date | None, today: date) -> Tone:
    """Red within three days or late, amber within ten."""
    if value is None:
        return Tone.NEUTRAL
    days = (value - today).days
    return Tone.DANGER if days <= 3 else Tone.WARNING if days <= 10 else Tone.NEUTRAL


def count(number_of: int, noun: str, plural: str = "") -> str:
    """'1 bill', '3 bills'."""
    return f"{number_of:,} {noun if number_of == 1 else plural or noun + 's'}"


def breakable(text: str) -> str:
    """`text` with places at which a long name may be broken into lines."""
    return "".join(f"{letter}\u200b" if letter in "/_.-" else letter for letter in text)


def initials(name: str) -> str:
    """'DW' for Dana Whitfield."""
    parts = name.split()
    return (parts[0][:1] + parts[-1][:1] if len(parts) > 1 else name[:2]).upper()
