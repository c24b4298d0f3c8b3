"""Strict reading of what carriers print: amounts, rates and dates in a declared format, text in a declared encoding.

Nothing is guessed. A value that is not written in the declared format raises a BadValue, and the importer turns it into
a ParseIssue with its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from app.domain.money import D
from app.domain.period import days_in_month
from app.errors import BugError, UserError
from app.importers.currency_signs import CURRENCY_SIGN, may_mean
from app.importers.months import month_number

MONEY_PLACES, MONEY_DIGITS = 6, 12  # what an amount of money can hold in the store
RATE_PLACES, RATE_DIGITS = 10, 8  # likewise a price or a quantity
_LONGEST = 64

_SPACES = "\u0020\u00a0\u2009\u202f\t"
_BLANKS = re.compile(f"[{_SPACES}]+")
_MINUS = str.maketrans({"\u2212": "-", "\u2012": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-"})
_MARK = rf"(?:[-+()]|{CURRENCY_SIGN}|(?:CR|Cr|cr|DR|Dr|dr)(?![A-Za-z])| )"
_WRITTEN = re.compile(rf"(?P<before>{_MARK}*)(?P<digits>[0-9.,'’ ]*[0-9])(?P<after>{_MARK}*)")
_MARKS = re.compile(_MARK)
_DEBITS = {"CR", "DR"}
_DIGITS = re.compile(r"[0-9]+")


class BadValue(UserError):
    """'{text}' cannot be read: {why}."""


class BadAmount(BadValue):
    """'{text}' is not an amount written as {format}: {why}."""


class BadDate(BadValue):
    """'{text}' is not a date written as {formats}: {why}."""


class BadEncoding(BadValue):
    """{text} is not UTF-8 text (byte {position} is {byte}): save it as UTF-8, or name its encoding in the mapping."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a carrier writes numbers: the decimal sign, and the mark between groups of three digits ("" for none)."""

    decimal: str = "."
    group: str = ","

    def __post_init__(self) -> None:
        if self.decimal not in {".", ","} or self.group not in {"", ".", ",", " ", "'"} or self.group == self.decimal:
            raise BadValue(text=f"{self.decimal!r} and {self.group!r}", why="no such decimal sign and group mark")

    def __str__(self) -> str:
        thousand = f"1{self.group}234" if self.group else "1234"
        return f"{thousand}{self.decimal}56"


PLAIN = NumberFormat()


def parse_amount(
    text: str,
    form: NumberFormat = PLAIN,
    *,
    places: int = MONEY_PLACES,
    digits: int = MONEY_DIGITS,
    currency: str = "",
) -> Decimal:
    """Return the amount printed as `text`: ASCII digits, at most one sign, at most `digits` before the decimal sign.

    The sign may be written as -5.00, 5.00-, (5.00), 5.00 CR or $-5.00; a currency sign or three-letter code may stand
    before or after, of that `currency` (an ISO code, "" where it is not known). Raises BadAmount for everything else.
    """
    written = _squeeze(text)
    if not written:
        raise BadAmount(text=text[:_LONGEST], format=form, why="it is empty")
    found = _WRITTEN.fullmatch(written.translate(_MINUS)) if len(written) <= _LONGEST else None
    if found is None:
        raise BadAmount(text=text[:_LONGEST], format=form, why="digits with at most one sign are wanted")
    negative = _read_sign(found, text, form, currency)
    whole, fraction = _split_digits(found["digits"], text, form)
    if len(whole.lstrip("0")) > digits or len(fraction) > places:
        why = f"at most {digits} digits before and {places} after the decimal sign can be kept"
        raise BadAmount(text=text[:_LONGEST], format=form, why=why)
    whole = whole.lstrip("0") or "0"  # however many zeros fill a column, they count for nothing
    value = D(f"{whole}.{fraction}" if fraction else whole)
    return -value if negative and value else value


def parse_rate(text: str, form: NumberFormat = PLAIN, *, currency: str = "") -> Decimal:
    """Return the price or quantity printed as `text`: like an amount, with up to ten decimal places."""
    return parse_amount(text, form, places=RATE_PLACES, digits=RATE_DIGITS, currency=currency)


def _squeeze(text: str) -> str:
    """Outer blanks away, every inner blank one plain space."""
    return _BLANKS.sub(" ", text).strip(" ")


def _read_sign(found: re.Match[str], text: str, form: NumberFormat, currency: str) -> bool:
    """Whether the amount is a credit; more than one sign, a bracket without its other half, or the sign of another
    currency is refused."""
    if not found["before"] and not found["after"]:
        return False
    before = [mark for mark in _MARKS.findall(found["before"]) if mark != " "]
    after = [
        mark.upper() if mark.upper() in _DEBITS else mark for mark in _MARKS.findall(found["after"]) if mark != " "
    ]
    signs = [mark for mark in (*before, *after) if mark in {"-", "+", *_DEBITS}]
    brackets = [mark for mark in (*before, *after) if mark in {"(", ")"}]
    others = [mark for mark in (*before, *after) if mark not in {"-", "+", "(", ")", *_DEBITS}]
    if brackets not in ([], ["(", ")"]) or ")" in before or "(" in after:
        raise BadAmount(text=text[:_LONGEST], format=form, why="its brackets do not match")
    if len(signs) + len(brackets) // 2 > 1 or len(others) > 1 or _DEBITS & {mark.upper() for mark in before}:
        raise BadAmount(text=text[:_LONGEST], format=form, why="it has more than one sign or currency")
    if others and not may_mean(others[0], currency):
        why = f"'{others[0]}' is no sign of {currency}, the currency that this is read as"
        raise BadAmount(text=text[:_LONGEST], format=form, why=why)
    return bool(brackets) or signs in (["-"], ["CR"])


@lru_cache(maxsize=8)
def _groups(mark: str) -> re.Pattern[str]:
    """What whole numbers look like whose groups of three digits have `mark` between them; nothing where it is ""."""
    return re.compile(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+" if mark else r"(?!)")


def _split_digits(digits: str, text: str, form: NumberFormat) -> tuple[str, str]:
    """Digits before and after the decimal sign; group marks must stand between groups of three."""
    whole, point, fraction = digits.replace("’", "'").partition(form.decimal)
    # ".05" is printed for five cents
    if not (_DIGITS.fullmatch(whole) or (point and not whole) or _groups(form.group).fullmatch(whole)):
        raise BadAmount(text=text[:_LONGEST], format=form, why="its groups of digits are not of that form")
    if form.group and form.group in whole and whole.startswith("0"):
        why = f"'{whole[:20]}' may be a fraction or a whole number: nobody writes a zero before '{form.group}'"
        raise BadAmount(text=text[:_LONGEST], format=form, why=why)
    if point and not _DIGITS.fullmatch(fraction):
        raise BadAmount(text=text[:_LONGEST], format=form, why="what follows its decimal sign is not digits alone")
    return (whole.replace(form.group, "") if form.group else whole), fraction


_TOKEN = re.compile(r"YYYY|YY|MMMM|MMM|MM|M|DD|D")
_PATTERNS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short>[0-9]{2})",
    "MMMM": r"(?P<name>[^\W\d_]+\.?)",
    "MMM": r"(?P<name>[^\W\d_]+\.?)",
    "MM": r"(?P<month>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{2})",
    "D": r"(?P<day>[0-9]{1,2})",
}


@lru_cache(maxsize=256)
def _date_pattern(written: str) -> re.Pattern[str]:
    pattern, last = "", 0
    for token in _TOKEN.finditer(written):
        pattern += re.escape(written[last : token.start()]) + _PATTERNS[token[0]]
        last = token.end()
    pattern += re.escape(written[last:])
    try:
        return re.compile(pattern.replace(r"\ ", r"\s*"), re.ASCII if "name" not in pattern else 0)
    except re.error as fault:
        raise BadValue(text=written, why=f"it is no date format ({fault})") from fault


def parse_date(text: str, formats: str | Sequence[str], *, language: str = "en", near: date | None = None) -> date:
    """Return the date printed as `text` in those of `formats` that fit; they must all mean the same day.

    A format is written with YYYY YY MM M DD D, MMMM or MMM (a month's name in `language`, in full or short); a space
    in it stands for any number of spaces. Two-digit years are 1970 to 2069. A date without its year gets the year
    that brings it nearest to `near`, one without its month the month of `near`; one without its day is the first of
    the month. Raises BadDate.
    """
    wanted = [formats] if isinstance(formats, str) else list(formats)
    if not wanted:
        raise BugError("parse_date needs at least one format")
    written = _squeeze(text)
    why = "it is of another form"
    readings: dict[date, str] = {}
    for form in wanted:
        found = _date_pattern(form).fullmatch(written) if len(written) <= _LONGEST else None
        if found is None:
            continue
        try:
            readings.setdefault(_build_date(found.groupdict(), language, near), form)
        except ValueError as fault:
            why = str(fault)
    if len(readings) == 1:
        return next(iter(readings))
    if readings:
        why = "it can be read as " + " or as ".join(f"{day} ({form})" for day, form in readings.items())
    raise BadDate(text=text[:_LONGEST], formats=" or ".join(wanted), why=why)


def _build_date(parts: dict[str, str | None], language: str, near: date | None) -> date:
    day = int(parts.get("day") or 1)
    month = month_number(name, language) if (name := parts.get("name")) else int(parts.get("month") or 0)
    if month is None:
        raise ValueError(f"'{name}' is no month in the language '{language}'")
    if full := parts.get("year"):
        year = int(full)
    elif short := parts.get("short"):
        year = 2000 + int(short) if int(short) < 70 else 1900 + int(short)
    elif near is None:
        raise ValueError("its year is missing")
    elif not month:
        return near.replace(day=day)
    else:
        return _nearest(month, day, near)
    if not 1900 <= year <= 2199:
        raise ValueError("its year is not between 1900 and 2199")
    return date(year, month, day)


def _nearest(month: int, day: int, near: date) -> date:
    """That day of the year before, of or after `near` that is nearest to it; 29 February is in few of them."""
    candidates = [
        date(year, month, day)
        for year in (near.year - 1, near.year, near.year + 1)
        if day <= days_in_month(year, month) and 1 <= month <= 12
    ]
    if not candidates:
        raise ValueError("there is no such day in its year")
    return min(candidates, key=lambda one: abs((one - near).days))


def decode_text(content: bytes, encoding: str | None = None, *, name: str = "the file") -> str:
    """Return `content` as text: by its byte order mark, else as `encoding` where a mapping names one, else UTF-8.

    Never guesses: bytes that are not UTF-8 and carry no mark raise BadEncoding.
    """
    marks = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
    chosen = next(((content[len(mark) :], codec) for mark, codec in marks if content.startswith(mark)), None)
    body, codec = chosen or (content, encoding or "utf-8")
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as fault:
        raise BadEncoding(text=name, position=fault.start, byte=f"{body[fault.start]:#04x}") from fault
    except LookupError as fault:
        raise BadValue(text=codec, why="no such text encoding is known; cp1252 or utf-8 are usual") from fault
    if "\x00" in text:
        raise BadValue(text=name, why="it holds zero bytes, so it is not text in this encoding; save it as UTF-8")
    return text


_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad]")


def clean_text(text: str, limit: int = 2000) -> str:
    """Return `text` without control and direction characters, in NFC, blanks squeezed, cut at `limit`."""
    visible = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    kept = "".join(" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"} else letter for letter in visible)
    return _squeeze(kept)[:limit]
