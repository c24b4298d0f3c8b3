"""The importer of bills in X12."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.faults import Acknowledgement, NotABill, TooLarge
from app.importers.registry import DocumentHead
from app.importers.tabular.issues import IssueList
from app.importers.x12.assemble import Sender, make_bill
from app.importers.x12.bill_set import BillSet
from app.importers.x12.codes import ACKNOWLEDGEMENTS, BILLS, name_of_set
from app.importers.x12.envelope import Envelopes, GroupReceipt, Interchange, SetReader, SetReceipt
from app.importers.x12.profile import Profile, find_profile, open_profiles
from app.importers.x12.segments import place
from app.importers.x12.set810 import ProductBill
from app.importers.x12.set811 import ServiceBill

MOST_BILLS = 10_000


@dataclass(slots=True)
class _Reading:
    """What is read of one file."""

    profiles: Sequence[Profile]
    issues: IssueList = field(default_factory=IssueList)
    bills: list[tuple[BillSet, Sender]] = field(default_factory=list)
    others: dict[str, Source] = field(default_factory=dict)

    def open_set(self, interchange: Interchange, group: GroupReceipt, found: SetReceipt) -> SetReader | None:
        """The reader of a set; None for one that is no bill."""
        if found.kind not in BILLS:
            self.others.setdefault(found.kind, place(found.segment, "ST", 1))
            return None
        sender = group.sender or interchange.elements[5]
        profile = find_profile(self.profiles, sender, interchange.elements[5])
        profile = profile.using(interchange.opening.separators.component)
        kind = ServiceBill if found.kind == "811" else ProductBill
        bill = kind(self.issues, profile, found.segment)
        told = Sender(interchange.elements[5] or sender, found.kind, found.control, found.segment)
        self.bills.append((bill, told))
        return bill


@dataclass(frozen=True, slots=True)
class X12Importer:
    """Reads the sets 810 and 811."""

    profiles: tuple[Profile, ...] = ()
    name: str = "x12"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "x12"

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        reading = _Reading(self.profiles)
        envelopes = Envelopes(head.name, reading.open_set, reading.issues)
        envelopes.read(content)
        issues = reading.issues
        invoices: list[ParsedInvoice] = []
        for bill, sender in reading.bills:
            invoice = make_bill(bill, sender, issues)
            if invoice is not None:
                invoices.append(invoice)
        if len(reading.bills) > MOST_BILLS:
            raise TooLarge(name=head.name, size=f"{len(reading.bills):,} bills", limit=f"{MOST_BILLS:,}")
        found = tuple(_tell_others(head.name, reading, envelopes))
        if not invoices and not issues.refused and not found and reading.bills:
            found = (_nothing_payable(),)
        told = (*found, *issues.close())
        refused = any(issue.severity is Severity.ERROR for issue in told)
        return ParsedDocument(self.name, invoices=() if refused else tuple(invoices), issues=told)


def read_sets(
    content: bytes, name: str, profiles: Sequence[Profile]
) -> tuple[list[Interchange], tuple[ParseIssue, ...]]:
    """The envelopes of a file with what was found in its bills, for the acknowledgement; raises a DocumentFault."""
    reading = _Reading(profiles)
    envelopes = Envelopes(name, reading.open_set, reading.issues)
    envelopes.read(content)
    for bill, sender in reading.bills:
        make_bill(bill, sender, reading.issues)
    return envelopes.interchanges, reading.issues.close()


def _tell_others(name: str, reading: _Reading, envelopes: Envelopes) -> list[ParseIssue]:
    """What else the file holds: the reason why it is refused, or, beside a bill, a warning."""
    kinds = dict(reading.others)
    if not reading.bills:
        for interchange in envelopes.interchanges:
            if interchange.answers:
                return [Acknowledgement(name=name, kind="TA1").as_issue(place(interchange.segment, "ISA"))]
        if not kinds:
            return [NotABill(name=name, what="an interchange without any transaction set").as_issue()]
        kind, source = next(iter(kinds.items()))
        if set(kinds) <= ACKNOWLEDGEMENTS:
            return [Acknowledgement(name=name, kind=kind).as_issue(source)]
        words = " and ".join(name_of_set(one) for one in list(kinds)[:5])
        return [NotABill(name=name, what=words).as_issue(source)]
    remedy = "Nothing needs to be done: only bills are taken in."
    return [
        ParseIssue(Severity.WARNING, "other-set", f"Beside bills the file holds {name_of_set(kind)}.", remedy, source)
        for kind, source in list(kinds.items())[:20]
    ]


def _nothing_payable() -> ParseIssue:
    remedy = "Nothing needs to be done: the bill that it explains comes by itself."
    return ParseIssue(Severity.ERROR, "nothing-payable", "No document in the file is payable.", remedy)


def x12_importers(definitions: Sequence[str]) -> tuple[X12Importer, ...]:
    """The importer of X12 with the EDI profiles among the TOML texts."""
    return (X12Importer(open_profiles(definitions)),)
