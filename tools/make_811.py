"""Make an X12 811 of an invented carrier, with what has to be read from it.

    python -m tools.make_811 [--seed 811] [--sites 3] [--services 4] [--calls 5] > bill.edi

The same seed makes the same file. It has a tree of levels, services with circuits and telephone numbers, taxes at every
level, included and added sub-lines, allowances, calls as charges and calls as detail, usage, and balances.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from app.domain.money import EXACT, ZERO, round_amount
from app.domain.period import Period
from app.domain.vocabulary import ChargeType

CARRIER, ACCOUNT, NUMBER = "PINE RIDGE TELEPHONE", "406-555-0100-811", "PRT-2026-09"
BILLED = Period(date(2026, 9, 1), date(2026, 10, 1))
Segments = list[list[str]]


@dataclass(frozen=True, slots=True)
class Marks:
    """Separators of the file."""

    element: str = "*"
    component: str = ":"
    terminator: str = "~"
    line_end: str = "\n"


@dataclass(frozen=True, slots=True)
class Expected:
    """A charge that has to be read."""

    amount: Decimal
    charge_type: ChargeType | None
    description: str
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    tn: str = ""
    circuit_id: str = ""
    location: str = ""
    period: Period | None = None


@dataclass(slots=True)
class Block:
    """The segments of one level."""

    id: int
    parent: int | None
    segments: Segments


@dataclass(slots=True)
class Made:
    """A bill and what has to be read from it."""

    head: Segments = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    left_out: Decimal = ZERO  # amounts in it that are not charges
    lines: int = 0
    previous: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return sum((one.amount for one in self.expected), ZERO)

    def tail(self) -> Segments:
        """The summary: total, balances, number of lines."""
        due = self.previous - self.paid + self.total
        return [
            ["TDS", str(int(self.total * 100))],
            ["BAL", "P", "PB", f"{self.previous:.2f}"],
            ["BAL", "P", "C4", f"{self.paid:.2f}"],
            ["BAL", "M", "TT", f"{due:.2f}"],
            ["CTT", str(self.lines)],
        ]

    def body(self, order: Sequence[int] | None = None) -> Segments:
        """The set from BIG to CTT, its levels in `order` (positions among the blocks)."""
        blocks = self.blocks if order is None else [self.blocks[place] for place in order]
        return [*self.head, *(segment for block in blocks for segment in block.segments), *self.tail()]

    def text(self, marks: Marks | None = None, order: Sequence[int] | None = None) -> str:
        """The whole interchange."""
        return envelop([self.body(order)], marks or Marks())


def envelop(bodies: Sequence[Segments], marks: Marks, kind: str = "811", group: str = "CI") -> str:
    """ISA to IEA around sets of `kind`."""
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{'PINERIDGE':<15}", "ZZ", f"{'MERIDIAN':<15}"]
    isa += ["260930", "0615", "U", "00401", "000000042", "0", "P", marks.component]
    segments: Segments = [isa, ["GS", group, "PINERIDGE", "MERIDIAN", "20260930", "0615", "42", "X", "004010"]]
    for number, body in enumerate(bodies, start=1):
        control = f"{number:04d}"
        segments += [["ST", kind, control], *body, ["SE", str(len(body) + 2), control]]
    segments += [["GE", str(len(bodies)), "42"], ["IEA", "1", "000000042"]]
    end = marks.terminator + marks.line_end
    return "".join(marks.element.join(segment) + end for segment in segments)


class Maker:
    """Makes one bill."""

    def __init__(self, seed: int, sites: int, services: int, calls: int) -> None:
        self.random = random.Random(seed)
        self.made = Made()
        self.calls = calls
        self._head()
        provider = self._block(None, "1", [])
        account = self._block(provider, "2", [["LX", "1"], ["REF", "12", ACCOUNT]])
        for site in range(sites):
            self._site(account, site, services)

    def _cents(self, most: int) -> Decimal:
        return EXACT.scaleb(Decimal(self.random.randint(1, most)), -2)

    def _head(self) -> None:
        made = self.made
        made.previous, made.paid = self._cents(500_000), self._cents(500_000)
        made.head = [
            ["BIG", "20260930", NUMBER, "", "", "", "", "CI", "00"],
            ["CUR", "SE", "USD"],
            ["REF", "12", ACCOUNT],
            ["REF", "14", "MASTER-7"],
            ["ITD", "18", "3", "", "", "", "20261030"],
            ["DTM", "186", "20260901"],
            ["DTM", "187", "20260930"],
            self._tax("FD", Expected(ZERO, ChargeType.TAX, "Federal tax")),
            ["N1", "PE", CARRIER, "1", "123456789"],
            ["N3", "1 RELAY ROAD"],
            ["N4", "PINE RIDGE", "MT", "59001"],
            ["N1", "PR", "MERIDIAN FOODS"],
        ]

    def _tax(self, kind: str, like: Expected) -> list[str]:
        """A TXI that counts, for what `like` is about."""
        amount = self._cents(900)
        words = {"FD": "Federal tax", "LO": "Local tax", "SL": "State and local tax"}[kind]
        self._expect(amount, ChargeType.TAX, words, like)
        return ["TXI", kind, f"{amount:f}"]

    def _expect(
        self,
        amount: Decimal,
        charge_type: ChargeType | None,
        words: str,
        like: Expected,
        quantity: Decimal | None = None,
        price: Decimal | None = None,
    ) -> None:
        self.made.expected.append(
            Expected(amount, charge_type, words, quantity, price, like.tn, like.circuit_id, like.location, like.period)
        )

    def _block(self, parent: int | None, level: str, segments: Segments, children: bool = True) -> int:
        number = len(self.made.blocks) + 1
        head = ["HL", str(number), "" if parent is None else str(parent), level, "1" if children else "0"]
        self.made.blocks.append(Block(number, parent, [head, *segments]))
        return number

    def _site(self, account: int, site: int, services: int) -> None:
        where = Expected(ZERO, None, "", location=f"SITE-{site:03d}")
        segments: Segments = [["LX", "1"], self._tax("LO", where), ["NM1", "77", "2", "PLANT", "", "", "", "", "92"]]
        segments[-1].append(where.location)
        segments.append(self._allowance("C", "Site charge", where))
        parent = self._block(account, "4", segments)
        for service in range(services):
            kind = self.random.choice(("circuit", "lines", "calls", "usage"))
            if kind == "circuit":
                self._circuit(parent, site, service, where)
            elif kind == "lines":
                self._numbers(parent, site, service, where)
            elif kind == "calls":
                self._calls(parent, site, service, where)
            else:
                self._usage(parent, site, service, where)

    def _allowance(self, sign: str, words: str, like: Expected) -> list[str]:
        amount = self._cents(5_000)
        self._expect(amount if sign == "C" else -amount, None if sign == "C" else ChargeType.CREDIT, words, like)
        return ["ITA", sign, "", "", "06", "", "", str(int(amount * 100)), "", "", "", "", "", words]

    def _line(self, section: str, words: str, like: Expected) -> Segments:
        """A priced IT1, with its description."""
        self.made.lines += 1
        many, each = Decimal(self.random.randint(1, 12)), EXACT.scaleb(Decimal(self.random.randint(1, 10**7)), -4)
        kinds = {"0200": ChargeType.MRC, "0400": ChargeType.OCC, "0500": ChargeType.USAGE}
        self._expect(round_amount(EXACT.multiply(many, each), 2), kinds[section], words, like, many, each)
        number = str(self.made.lines)
        return [["IT1", number, str(many), "EA", f"{each:f}", "", "SV", section], ["PID", "F", "", "", "", words]]

    def _circuit(self, parent: int, site: int, service: int, where: Expected) -> None:
        """A circuit: monthly charge with tax and credit, an added and an included sub-line."""
        period = Period(BILLED.start, BILLED.end - timedelta(days=self.random.randint(0, 9)))
        own = Expected(
            ZERO, None, "", circuit_id=f"{site:02d}/KXGS/{service:06d}/PRT", location=where.location, period=period
        )
        segments: Segments = [
            ["LX", "1"],
            ["SI", "TI", "CN", own.circuit_id],
            ["DTM", "150", f"{period.start:%Y%m%d}"],
            ["DTM", "151", f"{period.last:%Y%m%d}"],
        ]
        segments += self._line("0200", "ETHERNET ACCESS 100M", own)
        segments += [self._tax("SL", own), self._allowance("A", "Term discount", own), self._tax("FD", own)]
        included, added = self._cents(9_000), self._cents(9_000)
        self.made.left_out += included
        segments.append(["SLN", "1", "", "I", "1", "EA", f"{included:f}", "", "I"])
        segments.append(["TXI", "SL", "0.07"])
        self.made.left_out += Decimal("0.07")
        segments.append(["SLN", "2", "", "A", "2", "EA", f"{added:f}", "", "A"])
        segments.append(["PID", "F", "", "", "", "ROUTER RENTAL"])
        self._expect(added * 2, ChargeType.MRC, "ROUTER RENTAL", own, Decimal(2), added)
        self._block(parent, "8", segments, children=False)

    def _numbers(self, parent: int, site: int, service: int, where: Expected) -> None:
        """A telephone line with one-time charges."""
        own = Expected(ZERO, None, "", tn=f"406555{site:02d}{service % 100:02d}", location=where.location)
        segments: Segments = [["LX", "1"], ["SI", "TI", "TN", own.tn]]
        segments += self._line("0200", "BUSINESS LINE", own)
        segments += self._line("0400", "RECORD CHANGE", own)
        segments.append(self._tax("LO", own))
        self._block(parent, "8", segments, children=False)

    def _calls(self, parent: int, site: int, service: int, where: Expected) -> None:
        """Calls whose sum is a charge, as detail below it, or calls that are charges themselves."""
        own = Expected(ZERO, None, "", tn=f"406556{site:02d}{service % 100:02d}", location=where.location)
        summed = self.random.random() < 0.5
        segments: Segments = [["LX", "1"], ["SI", "TI", "TN", own.tn]]
        if summed:
            segments += self._line("0500", "ITEMIZED CALLS", own)
            at = self._block(parent, "8", segments)
            detail: Segments = [["LX", "1"]]
            for number in range(self.calls):
                amount = self._cents(200)
                self.made.left_out += amount
                detail.append(self._call(number, amount))
            self._block(at, "9", detail, children=False)
            return
        for number in range(self.calls):
            amount = self._cents(200)
            segments.append(self._call(number, amount))
            words = f"Call 2026-09-{number % 28 + 1:02d} 10:15 to 3125550{number % 1000:03d} IL"
            self._expect(amount, ChargeType.USAGE, words, own, Decimal("2.5"))
        self._block(parent, "8", segments, children=False)

    def _call(self, number: int, amount: Decimal) -> list[str]:
        day = f"202609{number % 28 + 1:02d}"
        to, origin = f"3125550{number % 1000:03d}", "4065550100"
        return ["TCD", str(number + 1), day, "1015", "TN", to, "IL", "TN", origin, "MT", "2.5", "", f"{amount:f}"]

    def _usage(self, parent: int, site: int, service: int, where: Expected) -> None:
        """Usage by its price, by its amount, and included."""
        own = Expected(ZERO, None, "", tn=f"406557{site:02d}{service % 100:02d}", location=where.location)
        many, amount, included = Decimal(self.random.randint(1, 5_000)), self._cents(40_000), self._cents(40_000)
        price = EXACT.scaleb(Decimal(self.random.randint(1, 999)), -4)
        self.made.left_out += included
        segments: Segments = [
            ["LX", "1"],
            ["SI", "TI", "TN", own.tn],
            ["USD", "A", "", f"{price:f}", "", "MJ", f"{many}"],
            ["USD", "A", "", f"{price:f}", "", "MJ", f"{many}", "", f"{amount:f}"],
            ["USD", "I", "", f"{price:f}", "", "MJ", f"{many}", "", f"{included:f}"],
        ]
        self._expect(round_amount(EXACT.multiply(price, many), 2), ChargeType.USAGE, "Usage", own, many, price)
        self._expect(amount, ChargeType.USAGE, "Usage", own, many, price)
        self._block(parent, "8", segments, children=False)


def make(seed: int = 811, sites: int = 3, services: int = 4, calls: int = 5) -> Made:
    """A bill with `sites` sites of `services` services each; services with calls have `calls` of them."""
    return Maker(seed, sites, services, calls).made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("seed", 811), ("sites", 3), ("services", 4), ("calls", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    wanted = parser.parse_args()
    sys.stdout.write(make(wanted.seed, wanted.sites, wanted.services, wanted.calls).text())


if __name__ == "__main__":
    main()
