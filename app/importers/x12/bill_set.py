"""A set that is a bill, as it is read: what the sets 810 and 811 have in common."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from app.domain.money import EXACT, round_amount
from app.domain.vocabulary import ChargeType
from app.importers.tabular.issues import IssueList
from app.importers.values import MONEY_DIGITS
from app.importers.x12.codes import BASIS, INCLUDED, INFORMATION, TAXES
from app.importers.x12.drafts import Draft, Level, Place
from app.importers.x12.elements import Elements, text
from app.importers.x12.header import (
    Header,
    Party,
    open_party,
    take_beginning,
    take_reference,
    take_terms,
)
from app.importers.x12.levels import Tree
from app.importers.x12.profile import Profile
from app.importers.x12.segments import Segment
from app.importers.x12.tallies import Tallies

_LARGEST = Decimal(10) ** MONEY_DIGITS
_WITHIN = frozenset({INCLUDED, INFORMATION})
SITES = frozenset({"77", "IA"})  # element 98: where a service is
_NO_MONEY = frozenset({
    "N2", "PER", "MEA", "NTE", "MSG", "PKG", "PO4", "PWK", "CAD", "FOB", "ISS", "CTP", "FA1", "FA2",
    "III", "INC", "TRF", "DMG", "QTY", "L7", "SR", "SDQ", "LM", "LQ", "N9", "YNQ", "PAM", "V1",
    "R4", "DIS", "PCT", "BCT", "TC2", "G61", "LS", "LE",
})  # fmt: skip


class BillSet:
    """Takes the segments of one set and keeps what they say. Subclasses add the segments of their own."""

    def __init__(self, issues: IssueList, profile: Profile, number: int) -> None:
        self.issues, self.profile, self.number = issues, profile, number
        self.elements = Elements(issues)
        self.header = Header()
        self.tree = Tree(issues)
        self.level: Level = self.tree.root
        self.drafts: list[Draft] = []
        self.tallies = Tallies()
        self.party: Party | None = None
        self.line: Draft | None = None  # the IT1 that is open
        self.open_lines: dict[str, Draft] = {}  # those of the level, by their numbers
        self.target: Draft | None = None  # what SI, DTM, PID and REF are about
        self.summing = False  # after TDS
        self.lines = 0
        self.foreign = False  # it is a bill of another trade
        self.handlers: dict[str, Callable[[Segment], None]] = {
            "BIG": self._begin, "CUR": self._currency, "REF": self._reference, "N1": self._name, "N3": self._street,
            "N4": self._town, "ITD": self._terms, "DTM": self._date, "TXI": self._tax, "IT1": self._line,
            "SLN": self._sub, "PID": self._words, "AMT": self._amount, "TDS": self._total, "CTT": self._count,
            "MSG": self._message, "SI": self._service,
        }  # fmt: skip

    def take(self, segment: Segment) -> None:
        """The next segment."""
        handler = self.handlers.get(segment.elements[0])
        if handler is not None:
            handler(segment)
        elif segment.elements[0] not in _NO_MONEY:
            self.tallies.unread(segment)

    @property
    def place(self) -> Place:
        """Where services and dates belong that stand here."""
        return self.target.place if self.target is not None else self.level.place

    @property
    def apart(self) -> bool:
        """Whether this stands above or below the detail."""
        return self.summing or (self.level is self.tree.root and self.line is None)

    def _begin(self, segment: Segment) -> None:
        take_beginning(self.header, segment, self.elements)

    def _terms(self, segment: Segment) -> None:
        if self.line is None:
            take_terms(self.header, segment, self.elements)

    def _currency(self, segment: Segment) -> None:
        code = segment.get(2).upper()
        if self.line is None and self.level is self.tree.root:
            if code != (self.header.currency or code):
                message = (
                    f"The bill names two currencies, {self.header.currency[:3]} and {code[:3]}; the first is taken."
                )
                remedy = "Ask the carrier in which currency the bill is to be paid."
                self.issues.warn("two-currencies", message, remedy, segment.place(2))
                return
            self.header.currency = code
            self.header.sources["currency"] = segment.place(2)
        elif code != (self.header.currency or code):
            message = f"An amount is in {code[:3]}, the bill is in {self.header.currency}."
            remedy = "Amounts of two currencies are never added: ask the carrier for a bill in each."
            self.issues.error("several-currencies", message, remedy, segment.place(2))

    def _reference(self, segment: Segment) -> None:
        if segment.get(1) == "LU":
            self.place.location = self.place.location or text(segment, 2, 80)
        elif self.line is None and self.level is self.tree.root:
            take_reference(self.header, segment, self.profile.accounts)
        elif segment.get(1) in self.profile.accounts and self.line is None:
            self.level.accounts.setdefault(segment.get(1), text(segment, 2, 60))

    def _name(self, segment: Segment) -> None:
        self.party = open_party(segment)
        if self.target is not None and self.target.tag in {"ITA", "SAC"}:
            self.target = self.target.owner  # a place is the line's, not its allowance's
        if not self.apart or self.party.role in SITES:
            self._settle()
        elif not self.summing:
            self.header.parties.setdefault(self.party.role, self.party)
            if self.party.role == "PE":
                self.header.sources["carrier"] = segment.place(2)

    def _settle(self) -> None:
        """Keep the party as the site, where it is one."""
        if self.party is not None and self.party.role in SITES and not self.place.location:
            self.place.location = self.party.as_location()

    def _street(self, segment: Segment) -> None:
        self._address(text(segment, 1))

    def _town(self, segment: Segment) -> None:
        self._address(" ".join(part for part in (text(segment, 1), text(segment, 2), text(segment, 3)) if part))

    def _address(self, words: str) -> None:
        if self.party is not None and words:
            self.party.address.append(words)
            if not (self.party.id or self.party.name) and self.party.role in SITES:
                self.place.location = self.party.as_location()

    def _date(self, segment: Segment) -> None:
        kind = segment.get(1)
        starts, ends = kind in {"150", "154", "186"}, kind in {"151", "155", "187"}
        if not starts and not ends:
            return
        first, last = self.elements.days(segment)
        if last is None and ends:
            first, last = None, first
        if kind in {"186", "187"} and self.apart:
            self.header.first = self.header.first or first
            self.header.last = self.header.last or last
            self.header.sources.setdefault("billing_period", segment.place())
        else:
            place = self.place
            place.first, place.last = place.first or first, place.last or last

    def _service(self, segment: Segment) -> None:
        """SI: pairs of a qualifier and an identification, from the second element on."""
        elements = segment.elements
        for position in range(2, len(elements) - 1, 2):
            field, value = self.profile.services.get(segment.get(position), ""), text(segment, position + 1, 80)
            if not value:
                continue
            if field == "tn":
                self.place.tn = self.place.tn or value
            elif field == "circuit_id":
                self.place.circuit_id = self.place.circuit_id or value
            elif field == "words" and self.target is not None:
                self.target.say(value)

    def _words(self, segment: Segment) -> None:
        if self.target is not None:
            self.target.say(text(segment, 5))

    def _message(self, segment: Segment) -> None:
        if self.target is not None and not self.target.words:
            self.target.say(text(segment, 1))

    def _tax(self, segment: Segment) -> None:
        amount = self.elements.amount(segment, 2)
        if not amount:
            return  # the rate alone, or an exemption
        kind = segment.get(1)
        draft = Draft(segment.number, "TXI", 2, self.level, amount, ChargeType.TAX, segment.get(7))
        draft.code, draft.summary = kind, self.apart
        draft.owner = None if draft.summary else self.target
        percent = segment.get(3)
        draft.say(TAXES.get(kind, f"Tax {kind}") + (f" {percent} %" if percent and percent != "0" else ""))
        self.keep(draft)

    def _line(self, segment: Segment) -> None:
        self.lines += 1
        draft = self._priced(segment, "IT1", quantity=2, unit=3, price=4, pairs=6)
        self.line = self.target = draft
        self.open_lines[segment.get(1)] = draft
        self.party = None
        self.keep(draft)

    def _sub(self, segment: Segment) -> None:
        draft = self._priced(segment, "SLN", quantity=4, unit=5, price=6, pairs=9)
        draft.relation = segment.get(8) or (INCLUDED if segment.get(3) == INCLUDED else "")
        line = self.open_lines.get(segment.get(2), self.line) if segment.get(2) else self.line
        draft.owner, self.target, self.party = line, draft, None
        if line is not None:
            draft.section, draft.kind = draft.section or line.section, draft.kind or line.kind
        self.keep(draft)

    def _priced(self, segment: Segment, tag: str, *, quantity: int, unit: int, price: int, pairs: int) -> Draft:
        """A draft of quantity × price, rounded to cents; without a price it is only a heading."""
        many, each = self.elements.rate(segment, quantity), self.elements.rate(segment, price)
        amount = None
        if each is not None and many is not None:
            exact = EXACT.divide(EXACT.multiply(many, each), BASIS.get(segment.get(price + 1), 1))
            amount = self._in_cents(exact, segment, price)
        elif each and not segment.get(quantity):
            message = f"{tag} has a price and no quantity, so its amount is not known."
            remedy = "Ask the carrier for a corrected file."
            self.issues.error("quantity-missing", message, remedy, segment.place(quantity))
        draft = Draft(segment.number, tag, price, self.level, amount)
        draft.quantity, draft.unit_price = many, each
        draft.unit = segment.get(unit).split(self.profile.component)[0]
        for position in range(pairs, len(segment.elements) - 1, 2):
            kind, value = segment.get(position), text(segment, position + 1, 60)
            if kind == "SV" and value in self.profile.sections:
                draft.section, draft.kind = value, self.profile.sections[value]
            elif kind and value and not draft.code:
                draft.code = value
        return draft

    def _in_cents(self, exact: Decimal, segment: Segment, position: int) -> Decimal | None:
        """`exact` rounded half up to cents; an ERROR where it is larger than any bill."""
        if abs(exact) >= _LARGEST:
            message = f"Quantity × price makes {exact:,.0f}, more than can be kept."
            self.issues.error(
                "amount-too-large", message, "Ask the carrier for a corrected file.", segment.place(position)
            )
            return None
        amount = round_amount(exact, 2)
        self.tallies.rounded += amount != exact
        return amount

    def _amount(self, segment: Segment) -> None:
        amount = self.elements.amount(segment, 2)
        if amount is None:
            return
        if self.summing:
            self.header.amounts.setdefault(segment.get(1), amount)
        else:
            self.tallies.told("AMT", segment, amount)

    def _total(self, segment: Segment) -> None:
        total = self.elements.cents(segment, 1)
        if self.header.total is not None and total != self.header.total:
            remedy = "Ask the carrier which one holds."
            self.issues.error("several-totals", "The bill names two different totals (TDS).", remedy, segment.place(1))
        self.header.total = total
        self.header.sources["current_charges"] = segment.place(1)
        self.summing, self.target, self.party = True, None, None

    def _count(self, segment: Segment) -> None:
        self.header.lines = self.elements.rate(segment, 1)
        self.header.sources["lines"] = segment.place(1)

    def keep(self, draft: Draft) -> None:
        """Keep an amount; of those that stand in others already only the sum."""
        within = draft.relation in _WITHIN and draft.amount is not None
        if within or (draft.owner is not None and draft.owner.relation in _WITHIN):
            self.tallies.left_out("included", draft)
        else:
            self.drafts.append(draft)

    def allow(self, segment: Segment, amount: Decimal | None, code: str, words: str) -> Draft | None:
        """The draft of an allowance or charge (ITA, SAC); the indicator gives its sign."""
        indicator = segment.get(1)
        if indicator not in {"A", "C"} or not amount:
            if amount:
                self.tallies.told(f"{segment.tag}*{indicator[:2]}", segment, amount)
            return None
        if amount < 0:
            message = f"{segment.tag} is an {'allowance' if indicator == 'A' else 'charge'} with a minus sign."
            remedy = "It is read as the opposite: compare it with the carrier's bill."
            self.issues.warn("signed-allowance", message, remedy, segment.place())
        draft = Draft(segment.number, segment.tag, 0, self.level, -amount if indicator == "A" else amount)
        draft.kind = ChargeType.CREDIT if indicator == "A" else None
        draft.code, draft.summary = code, self.apart
        draft.owner = None if draft.summary else self.target
        draft.say(words or f"{'Allowance' if indicator == 'A' else 'Charge'} {code}".strip())
        return draft
