"""The message INVOIC, as it is read: header, lines, allowances, taxes, totals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.domain.money import ZERO, D
from app.domain.source import Source
from app.importers.edifact.envelope import Message
from app.importers.edifact.syntax import Segment
from app.importers.tabular.issues import IssueList
from app.importers.values import MONEY_DIGITS, MONEY_PLACES, RATE_DIGITS, RATE_PLACES, BadDate, clean_text, parse_date

CARRIER_ROLES = ("SE", "SU", "II")  # seller, supplier, issuer of the invoice; a payee (PE) is only who is paid
SITE_ROLES = frozenset({"DP", "LC", "IV", "ST"})
_ALLOWED = frozenset({"8", "23", "204"})  # MOA: the amount of an allowance or charge
_INFORMS = frozenset({"25", "509"})  # its base; a discount that the price has already
_TAX, _TAXED = "124", "125"
_DATES = {"102": ("YYYYMMDD", 8), "101": ("YYMMDD", 6), "203": ("YYYYMMDD", 8), "204": ("YYYYMMDD", 8)}
_REMEDY = "Ask the carrier for a corrected file; an amount or date is never guessed."


@dataclass(slots=True)
class Allowance:
    """An allowance (negative) or charge; None where it has no amount."""

    sign: int
    words: str
    source: Source
    amount: Decimal | None = None


@dataclass(slots=True)
class Tax:
    """A tax: its kind, rate and category; None where it has no amount."""

    words: str
    source: Source
    amount: Decimal | None = None


@dataclass(slots=True)
class Line:
    """A line before it is a charge. `amounts` by the qualifier of MOA."""

    label: str
    source: Source
    codes: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    quantities: dict[str, tuple[Decimal, str]] = field(default_factory=dict)
    prices: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    amounts: dict[str, tuple[Decimal, Source]] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    objects: list[str] = field(default_factory=list)
    location: str = ""
    allowances: list[Allowance] = field(default_factory=list)
    taxes: list[Tax] = field(default_factory=list)


class Invoic:
    """Takes the segments of one INVOIC and keeps what they say."""

    def __init__(self, message: Message, issues: IssueList) -> None:
        self.message, self.issues = message, issues
        self.kind = self.number = self.function = ""
        self.currencies: dict[str, str] = {}
        self.dates: dict[str, date] = {}
        self.references: dict[str, str] = {}
        self.parties: dict[str, str] = {}
        self.objects: list[str] = []
        self.location = ""
        self.lines: list[Line] = []
        self.allowances: list[Allowance] = []  # of the document, before the lines
        self.summary: list[Allowance] = []  # of the document, after the lines
        self.header_taxes: list[Tax] = []
        self.taxes: list[Tax] = []
        self.totals: dict[str, tuple[Decimal, Source]] = {}
        self.informs: dict[str, tuple[Decimal, int, Source]] = {}
        self.counted: Decimal | None = None
        self.sources: dict[str, Source] = {}
        self._summing = False
        self._line: Line | None = None
        self._allowance: Allowance | None = None
        self._tax: Tax | None = None
        self._handlers = {
            "BGM": self._begin, "DTM": self._date, "RFF": self._reference, "NAD": self._party, "CUX": self._currency,
            "LIN": self._open_line, "PIA": self._code, "IMD": self._words, "QTY": self._quantity, "MOA": self._amount,
            "PRI": self._price, "ALC": self._allow, "TAX": self._open_tax, "UNS": self._sum, "CNT": self._count,
            "GIR": self._object,
        }  # fmt: skip

    def take(self, segment: Segment) -> None:
        """The next segment."""
        handler = self._handlers.get(segment.tag)
        if handler is not None:
            handler(segment)

    def _begin(self, segment: Segment) -> None:
        self.kind, self.number = segment.get(1), clean_text(segment.get(2), 60)
        self.function = segment.get(3)
        self.sources["number"] = segment.place(2)

    def _date(self, segment: Segment) -> None:
        kind, written, form = segment.get(1), segment.get(1, 1), segment.get(1, 2)
        if kind not in _KNOWN_DATES or not written:
            return
        found = self._line.dates if self._line is not None and not self._summing else self.dates
        if form == "718" and re.fullmatch(r"[0-9]{8}-?[0-9]{8}", written):
            self._keep_date(found, "167", written[:8], "YYYYMMDD", segment)
            self._keep_date(found, "168", written[-8:], "YYYYMMDD", segment)
            return
        wanted, length = _DATES.get(form, _DATES["102"])
        self._keep_date(found, kind, written[:length], wanted, segment)

    def _keep_date(self, found: dict[str, date], kind: str, text: str, form: str, segment: Segment) -> None:
        try:
            day = parse_date(text, form)
        except BadDate as fault:
            self.issues.error("bad-date", str(fault), _REMEDY, segment.place(1))
            return
        if kind not in found:
            found[kind] = day
            if found is self.dates:
                self.sources.setdefault(f"date {kind}", segment.place(1))

    def _reference(self, segment: Segment) -> None:
        kind, value = segment.get(1), clean_text(segment.get(1, 1), 80)
        if not value:
            return
        if self._line is None:
            self.references.setdefault(kind, value)
        elif kind in {"AVE", "AVO", "ATS"}:
            self._line.objects.append(value)

    def _object(self, segment: Segment) -> None:
        for element in range(2, len(segment.parts)):
            value = clean_text(segment.get(element), 80)
            if value:
                (self.objects if self._line is None else self._line.objects).append(value)

    def _party(self, segment: Segment) -> None:
        role = segment.get(1)
        name = clean_text(" ".join(segment.parts[4] if len(segment.parts) > 4 else []), 200)
        name = name if role in SITE_ROLES else clean_text(segment.get(4), 200)
        name = name or clean_text(segment.get(3), 200)
        if role in SITE_ROLES and role != "IV":
            place = clean_text(segment.get(2), 80) or name
            if self._line is not None:
                self._line.location = self._line.location or place
            elif role == "DP":
                self.location = self.location or place
        if self._line is None and (name or segment.get(2)):
            self.parties.setdefault(role, name or clean_text(segment.get(2), 80))
            if role in CARRIER_ROLES:
                self.sources.setdefault("carrier", segment.place(4))

    def _currency(self, segment: Segment) -> None:
        for element in range(1, len(segment.parts)):
            if segment.get(element, 1):
                self.currencies.setdefault(segment.get(element), segment.get(element, 1).upper())
                self.sources.setdefault("currency", segment.place(element))

    def _open_line(self, segment: Segment) -> None:
        self._line = Line(segment.get(1) or str(len(self.lines) + 1), segment.place())
        self._allowance = self._tax = None
        if segment.get(3):
            self._line.codes["LIN"] = clean_text(segment.get(3), 60)
        self.lines.append(self._line)

    def _code(self, segment: Segment) -> None:
        if self._line is not None:
            for element in range(2, len(segment.parts)):
                if segment.get(element):
                    kind = segment.get(element, 1) if segment.get(1) == "5" else "more"
                    self._line.codes.setdefault(kind, clean_text(segment.get(element), 60))

    def _words(self, segment: Segment) -> None:
        if self._line is not None:
            words = clean_text(" ".join((segment.get(3, 3), segment.get(3, 4))), 500) or clean_text(segment.get(3), 60)
            if words:
                self._line.words.setdefault(segment.get(1) or "F", words)

    def _quantity(self, segment: Segment) -> None:
        many = self._number(segment, segment.get(1, 1), RATE_DIGITS, RATE_PLACES)
        if many is not None and self._line is not None and self._allowance is None:
            self._line.quantities.setdefault(segment.get(1), (many, clean_text(segment.get(1, 2), 20)))

    def _price(self, segment: Segment) -> None:
        price = self._number(segment, segment.get(1, 1), RATE_DIGITS, RATE_PLACES)
        base = self._number(segment, segment.get(1, 4), RATE_DIGITS, RATE_PLACES)
        if price is not None and self._line is not None:
            self._line.prices.setdefault(segment.get(1), (price, base or D(1)))

    def _allow(self, segment: Segment) -> None:
        words = segment.get(5, 3) or segment.get(2) or segment.get(5)
        sign = {"A": -1, "C": 1}.get(segment.get(1), 0)
        made = Allowance(sign, clean_text(words, 200), segment.place())
        self._allowance, self._tax = made, None
        if self._summing:
            self.summary.append(made)
        elif self._line is not None:
            self._line.allowances.append(made)
        else:
            self.allowances.append(made)

    def _open_tax(self, segment: Segment) -> None:
        kind, rate, category = segment.get(2) or "Tax", segment.get(5, 3), segment.get(6)
        words = clean_text(" ".join(part for part in (kind, f"{rate} %" if rate else "", category) if part), 80)
        self._tax = Tax(words, segment.place())
        if self._summing:
            self._allowance = None
            self.taxes.append(self._tax)
        elif self._allowance is None:
            (self.header_taxes if self._line is None else self._line.taxes).append(self._tax)

    def _amount(self, segment: Segment) -> None:
        kind, currency = segment.get(1), segment.get(1, 2).upper()
        amount = self._number(segment, segment.get(1, 1), MONEY_DIGITS, MONEY_PLACES)
        if amount is None:
            return
        place = segment.place(1)
        own = self.currency
        if kind in _INFORMS or (currency and own and currency != own):
            self._inform(kind, amount, place)
        elif kind in _ALLOWED and self._allowance is not None and self._allowance.amount is None:
            self._allowance.amount, self._allowance.source = amount, place
            if self._allowance.sign == 0:
                self._inform(kind, amount, place)
        elif kind in {_TAX, _TAXED} and self._tax is not None:
            if kind == _TAX and self._tax.amount is None:
                self._tax.amount, self._tax.source = amount, place
        elif self._summing:
            if self.totals.setdefault(kind, (amount, place))[0] != amount:
                message = f"The bill names two different amounts of the kind MOA+{kind[:6]}."
                self.issues.warn("several-totals", message, "Compare them with the carrier's bill.", place)
        elif self._line is not None and self._allowance is None:
            self._line.amounts.setdefault(kind, (amount, place))
        else:
            self._inform(kind, amount, place)

    def _inform(self, kind: str, amount: Decimal, place: Source) -> None:
        total, count, first = self.informs.get(kind, (ZERO, 0, place))
        self.informs[kind] = (total + amount, count + 1, first)

    @property
    def currency(self) -> str:
        """The currency of the amounts: the reference currency, else the one of the charge."""
        return next((self.currencies[kind] for kind in ("2", "1", "4", "3") if kind in self.currencies), "")

    def _sum(self, segment: Segment) -> None:
        self._summing, self._line, self._allowance, self._tax = True, None, None, None

    def _count(self, segment: Segment) -> None:
        if segment.get(1) == "2":
            self.counted = self._number(segment, segment.get(1, 1), RATE_DIGITS, RATE_PLACES)
            self.sources["lines"] = segment.place(1)

    def _number(self, segment: Segment, written: str, digits: int, places: int) -> Decimal | None:
        """A number with the file's decimal sign, without groups; an ERROR where it is none."""
        if not written:
            return None
        found = re.fullmatch(
            rf"(-?)([0-9]{{0,15}})(?:{re.escape(self.message.marks.decimal)}([0-9]{{1,15}}))?(-?)", written
        )
        whole, after = (found[2].lstrip("0"), (found[3] or "").rstrip("0")) if found is not None else ("", "")
        bad = found is None or not (found[2] or found[3]) or bool(found[1] and found[4])
        if found is None or bad or len(whole) > digits or len(after) > places:
            mark = self.message.marks.decimal
            message = (
                f"'{clean_text(written, 40)}' is no number written with the decimal sign '{mark}', "
                f"of at most {digits} digits before and {places} after it."
            )
            self.issues.error("bad-number", message, _REMEDY, segment.place(1))
            return None
        value = D(f"{whole or '0'}.{after}" if after else whole or "0")
        return -value if (found[1] or found[4]) and value else value


_KNOWN_DATES = frozenset({"3", "137", "13", "35", "140", "167", "168", "194", "206", "263", "265"})
