"""What all readers of bank files share: text, exact amounts and days, references, and the check of the balances."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO, D
from app.domain.parsed_bank import ParsedBankLine, ParsedStatement
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.faults import BrokenFile, DocumentFault, TooLarge
from app.importers.tabular.issues import IssueList
from app.importers.values import MONEY_DIGITS, MONEY_PLACES, BadAmount, BadDate, BadValue, decode_text, parse_date

MOST_BYTES = 64 << 20
ASK_BANK = "Fetch the file from the bank again; if it is the same there, ask the bank about it."
LOOK = "Compare it with the bank's own page before you rely on it."
_MARK = re.compile(r"[0-9]+(?:,[0-9]*)?")
_POINT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DIGITS = re.compile(r"[0-9]+")
# how many of an amount's last digits stand behind the point, where a file writes none (ISO 4217)
_MINOR = {
    **dict.fromkeys(("JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "XPF", "PYG", "RWF", "KMF", "DJF"), 0),
    **dict.fromkeys(("BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD"), 3),
}
_NOTHING = frozenset({"NONREF", "NOTPROVIDED", "NONE", "NOREF"})


class PaymentFile(DocumentFault):
    """'{name}' is a payment file, not a bank's answer: {what}."""

    code = "payment-file"
    remedy = "Import what the bank sends back: its statement, its return file, or its status report."


class NoBankFile(DocumentFault):
    """'{name}' is not a whole {form} file: {why}."""

    code = "bank-file-broken"
    remedy = ASK_BANK


def read_text(name: str, content: bytes, issues: IssueList, encoding: str = "latin-1") -> str:
    """The file as text with plain line ends. Letters beyond ASCII in bytes that are not UTF-8 are read as `encoding`,
    which is told: figures and references are ASCII in all of these formats. Raises a DocumentFault."""
    if len(content) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{len(content) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    try:
        text = decode_text(content, name=f"'{name}'")
    except BadValue as fault:
        if b"\x00" in content:
            raise BrokenFile(name=name, why="it holds zero bytes, so it is no text") from fault
        text = content.decode(encoding, "replace")
        if encoding == "latin-1":
            message = "The file is not UTF-8: letters with accents may be read wrongly; figures are not concerned."
            issues.warn("letters-uncertain", message, LOOK)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def comma_amount(text: str) -> Decimal:
    """An amount as SWIFT writes it, "1234,5" or "1234,": digits and one comma; raises BadAmount."""
    if not _MARK.fullmatch(text):
        raise BadAmount(text=text[:64], format="1234,56", why="digits with at most one comma are wanted")
    whole, _comma, fraction = text.partition(",")
    return _exact(text, whole, fraction)


def point_amount(text: str) -> Decimal:
    """An amount written with a decimal point and at most one sign before it; raises BadAmount."""
    if len(text) > 64 or not _POINT.fullmatch(text):
        raise BadAmount(text=text[:64], format="1234.56", why="digits with at most one point and sign are wanted")
    whole, _point, fraction = text.lstrip("+-").partition(".")
    value = _exact(text, whole, fraction)
    return -value if text.startswith("-") and value else value


def minor_amount(text: str, currency: str) -> Decimal:
    """An amount without a decimal point, in the currency's smallest unit, at most one sign before it."""
    digits = text.removeprefix("+").removeprefix("-") if text[:2] not in {"+-", "-+"} else ""
    if not _DIGITS.fullmatch(digits) or len(digits) > 40:
        raise BadAmount(text=text[:64], format="123456", why="digits with at most one sign are wanted")
    places = _MINOR.get(currency, 2)
    padded = digits.rjust(places + 1, "0")
    value = _exact(text, padded[: len(padded) - places], padded[len(padded) - places :])
    return -value if text.startswith("-") and value else value


def check_places(amount: Decimal | None, currency: str) -> None:
    """Raises BadAmount for money with exactly three decimals in a currency that has fewer: its decimal sign may stand
    between thousands."""
    if amount is not None and amount.as_tuple().exponent == -3 and _MINOR.get(currency, 2) < 3:
        why = f"money in {currency} has no three decimals: that sign may stand between thousands"
        raise BadAmount(text=f"{amount}", format=f"an amount in {currency}", why=why)


def control_number(text: str) -> int:
    """A control's sum in smallest units, or a number of records: at most one sign and 18 digits; raises BadAmount."""
    written = text.strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,40}", written) or len(written.lstrip("+-0")) > 18:
        raise BadAmount(text=written[:64], format="123456", why="digits with at most one sign are wanted")
    return int(written)


def _exact(text: str, whole: str, fraction: str) -> Decimal:
    whole = whole.lstrip("0") or "0"
    fraction = fraction if len(fraction) <= MONEY_PLACES else fraction.rstrip("0")
    if len(whole) > MONEY_DIGITS or len(fraction) > MONEY_PLACES:
        why = f"at most {MONEY_DIGITS} digits before and {MONEY_PLACES} after the decimal sign can be kept"
        raise BadAmount(text=text[:64], format="digits", why=why)
    return D(f"{whole}.{fraction}" if fraction else whole)


def short_day(text: str) -> date:
    """A day written YYMMDD; raises BadDate."""
    return parse_date(text, "YYMMDD")


def currency_code(text: str) -> str:
    """`text` as a currency code; raises BadValue."""
    if not _CURRENCY.fullmatch(text):
        raise BadValue(text=text[:20], why="a currency code of three capital letters is wanted")
    return text


def clean_reference(text: str) -> str:
    """A reference without blanks around it; "" for the words with which banks say that there is none."""
    written = " ".join(text.split())
    return "" if written.upper() in _NOTHING else written[:200]


def is_day(text: str) -> bool:
    """Whether `text` is a day written YYMMDD."""
    try:
        short_day(text)
    except BadDate:
        return False
    return True


def check_balance(statement: ParsedStatement) -> ParseIssue | None:
    """What is wrong where opening + Σ booked lines is not closing; None where it is, or where a balance is missing."""
    if statement.opening is None or statement.closing is None:
        return None
    booked = [line for line in statement.lines if line.booked is not None]
    moved = sum((line.amount for line in booked), ZERO)
    reached = statement.opening + moved
    if reached == statement.closing:
        return None
    count = "1 movement" if len(booked) == 1 else f"{len(booked)} movements"
    said = f"{statement.opening:,.2f} and {count} of {moved:,.2f} make {reached:,.2f}"
    message = (
        f"Statement {statement.number or '(without a number)'} of {statement.account} does not add up: {said} "
        f"{statement.currency}, and its closing balance is {statement.closing:,.2f}, "
        f"{statement.closing - reached:,.2f} off."
    )
    remedy = "Movements may be missing from the file: fetch the statement again, or compare it with the bank's page."
    return ParseIssue(Severity.WARNING, "balance-differs", message, remedy, statement.source)


def tell_balances(statements: tuple[ParsedStatement, ...], issues: IssueList) -> None:
    """Note each statement whose balances do not follow from its lines."""
    for statement in statements:
        if (issue := check_balance(statement)) is not None:
            issues.add(issue)


def signed(amount: Decimal, debit: bool) -> Decimal:
    """Money that leaves the account is negative; nothing stays nothing."""
    return -amount if debit and amount else amount


def place(number: int | None, path: str) -> Source:
    """A line of the file, and what stands there."""
    return Source(row=number, path=path)


def last_day(lines: tuple[ParsedBankLine, ...]) -> date | None:
    """The last day on which one of the lines was booked."""
    return max((line.booked for line in lines if line.booked is not None), default=None)
