"""Whether the pages of a PDF show the bill that its e-invoice is: number, amount and sign, in visible words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice

from app.domain.parsed import ParsedInvoice
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.faults import DocumentFault
from app.importers.pdf.pages import check_file, walk_pages

MOST_PAGES = 50  # searched
_LONGEST_LINE = 2_000
_MARKS = r"[.,'’\s]?"
_SIGNS = r"[€$£¥₹₺₽₩₪฿₫₴₱]|Fr\.|SFr\.|kr\.?|zł|Kč|Ft|lei"
# a document that gives money back
_CREDIT = re.compile(
    r"\bcredit[ -]?(?:note|memo|invoice)|\bcredited\b|\bgutschrift|\brechnungskorrektur|\bstornorechnung|"
    r"\bfacture d['’ ]avoir|^avoir\b|\bnota di credito|\bnota de (?:cr[eé]dito|abono)|\bfactura rectificativa|"
    r"\bcredit(?:nota|factuur)|\bkredit(?:nota|faktura)|\bhyvityslasku|\bfaktura koryguj",
    re.IGNORECASE,
)
_ASKS = ("gutschrift", "credited")  # a bill that the customer writes has the first as its heading, too
_AMOUNT = re.compile(r"[0-9][.,][0-9]{2}(?![0-9.,])")


@dataclass(slots=True)
class Printed:
    """What of a bill the pages show. `page` is that of its amount, else of its number, counted from 1; `unread` says
    why pages could not be read to the end."""

    number: bool = False
    amount: bool = False
    sign: bool = False
    page: int | None = None
    unread: str = ""
    issues: list[ParseIssue] = field(default_factory=list)


def find_printed(name: str, content: bytes, pages: int, invoice: ParsedInvoice) -> Printed:
    """Look for a bill on the visible words of a PDF of so many pages; a bill of 0 is known by what it was for."""
    found, hidden, credit = Printed(), list[ParseIssue](), False
    amount = invoice.total_due or invoice.current_charges
    number = _number_pattern(invoice.number)
    signs: set[bool] = set()
    try:
        hidden += check_file(name, content, pages)
        for page in islice(walk_pages(name, content, hidden), MOST_PAGES):
            texts = [line.text[:_LONGEST_LINE] for line in page.lines]
            credit = credit or any(_names_credit(text, negative=amount < 0) for text in texts)
            if not found.number and number is not None and number.search("\n".join(texts).casefold()):
                found.number, found.page = True, found.page or page.number
            seen = {sign for text in texts for sign in find_amount(text, amount, invoice.currency)}
            if seen and not signs:
                found.page = page.number
            signs |= seen
    except DocumentFault as fault:
        found.unread = str(fault)
    found.amount = bool(signs) or not amount
    found.sign = not amount or ((True in signs or credit) if amount < 0 else (False in signs and not credit))
    grave = (issue for issue in hidden if issue.severity in (Severity.REVIEW, Severity.ERROR))
    # the e-invoice can be read whatever its pages hide, but somebody has to compare them
    found.issues = [replace(issue, severity=Severity.REVIEW) for issue in grave]
    return found


def find_amount(text: str, amount: Decimal, currency: str) -> Iterator[bool]:
    """For each place in `text` at which the amount is written as one: whether with a minus; where that is not clear
    (a dash may be a minus), both.

    An amount has its cents or, a whole one, a currency beside it. No amount is what is part of a larger number, a date
    or a percentage, or stands behind digits with a blank that could mark thousands.
    """
    if not amount:
        return
    money = rf"(?:{re.escape(currency)}|{_SIGNS})" if currency else f"(?:{_SIGNS})"
    for match in _amount_pattern(amount).finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        ahead = re.search(rf"(?<![A-Za-z]){money}\s?$", before)
        behind = re.match(rf"\s?{money}(?![A-Za-z])", after)
        if not match["cents"] and not ahead and not behind:
            continue
        if _is_part(match, before, after):
            continue
        before = before[: ahead.start()] if ahead else before
        after = after[behind.end() :] if behind else after
        yield from _read_signs(before, after)


def _amount_pattern(amount: Decimal) -> re.Pattern[str]:
    whole, _, cents = f"{abs(amount):.2f}".partition(".")
    head = len(whole) % 3 or 3
    groups = [whole[start : start + 3] for start in range(head, len(whole), 3)]
    written = f"(?P<head>{whole[:head]})" + "".join(_MARKS + group for group in groups)
    if cents == "00":
        return re.compile(rf"{written}(?P<cents>[.,]\s?(?:00|--?|–|—))?")
    return re.compile(rf"{written}(?P<cents>[.,]\s?{cents})")


def _is_part(match: re.Match[str], before: str, after: str) -> bool:
    """Whether digits beside an amount make it part of something else."""
    if re.match(r"[0-9]|[.,'’/:-][0-9]|\s?%", after) or re.search(r"[0-9][.,'’:/-]?$", before):
        return True
    if not match["cents"] and re.match(r"\s[0-9]{3}(?![0-9])", after):
        return True
    return len(match["head"]) == 3 and re.search(r"(?<![0-9.,])[0-9]{1,3}\s$", before) is not None


def _read_signs(before: str, after: str) -> tuple[bool, ...]:
    enclosed = before.rstrip().endswith("(") and after.lstrip().startswith(")")
    if enclosed or re.search(r"[-−–]$", before) or re.match(r"[-−](?![0-9])|\s?CR\b", after):
        return (True,)
    return (True, False) if re.search(r"[-−–]\s$", before) else (False,)


def _number_pattern(number: str) -> re.Pattern[str] | None:
    """The bill's number whatever marks stand between its letters and digits; None where it has none."""
    signs = [sign for sign in number.casefold() if sign.isalnum()]
    if not signs:
        return None
    first, last = (r"[0-9]" if sign.isdigit() else r"[^\W0-9_]" for sign in (signs[0], signs[-1]))
    return re.compile(rf"(?<!{first})" + r"[\W_]{0,3}".join(map(re.escape, signs)) + rf"(?!{last})")


def _names_credit(text: str, *, negative: bool) -> bool:
    """Whether a line says that the page is of a credit. A bill that asks for money may name one among its lines: only
    a heading counts there."""
    match = _CREDIT.search(text)
    if match is None or negative:
        return match is not None
    return match.start() == 0 and not match[0].casefold().startswith(_ASKS) and not _AMOUNT.search(text)
