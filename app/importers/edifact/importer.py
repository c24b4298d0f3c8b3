"""The importer of bills in EDIFACT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.edifact.assemble import make_bill
from app.importers.edifact.envelope import Envelopes, Message, MessageReader
from app.importers.edifact.invoic import Invoic
from app.importers.faults import Acknowledgement, NotABill, TooLarge
from app.importers.registry import DocumentHead
from app.importers.tabular.issues import IssueList
from app.importers.x12.profile import Profile, find_profile, open_profiles

MOST_BILLS = 10_000
BILL = "INVOIC"
_ACKNOWLEDGEMENTS = frozenset({"CONTRL", "APERAK"})
_OTHER_MESSAGES = {
    "APERAK": "an application's answer",
    "CONTRL": "an acknowledgement",
    "CREMUL": "a credit advice of a bank",
    "DESADV": "a despatch advice",
    "FINSTA": "a statement of a bank",
    "MSCONS": "a report of meter readings",
    "ORDERS": "an order",
    "ORDRSP": "an answer to an order",
    "PAYMUL": "a payment order",
    "PRICAT": "a price catalogue",
    "QUOTES": "a quotation",
    "REMADV": "a remittance advice",
    "UTILMD": "a utility's master data",
}


@dataclass(frozen=True, slots=True)
class EdifactImporter:
    """Reads INVOIC."""

    profiles: tuple[Profile, ...] = ()
    name: str = "edifact"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "edifact"

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        if content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"STX="):
            kind = head.text.split(" ")[0] if head.text else "of an unknown kind"
            raise NotABill(name=head.name, what=f"a TRADACOMS file ({kind}), which is another standard than EDIFACT")
        issues = IssueList()
        bills: list[Invoic] = []
        others: dict[str, Source] = {}

        def open_message(message: Message) -> MessageReader | None:
            if message.kind != BILL:
                others.setdefault(message.kind, message.opening.place(2))
                return None
            bills.append(Invoic(message, issues))
            return bills[-1]

        Envelopes(head.name, open_message, issues).read(content)
        if len(bills) > MOST_BILLS:
            raise TooLarge(name=head.name, size=f"{len(bills):,} bills", limit=f"{MOST_BILLS:,}")
        invoices: list[ParsedInvoice] = []
        for bill in bills:
            invoice = make_bill(bill, find_profile(self.profiles, bill.message.sender), issues)
            if invoice is not None:
                invoices.append(invoice)
        found = tuple(_tell_others(head.name, bool(bills), others))
        if bills and not invoices and not issues.refused:
            remedy = "Nothing needs to be done."
            found = (
                *found,
                ParseIssue(Severity.ERROR, "nothing-payable", "No message in the file is payable.", remedy),
            )
        told = (*found, *issues.close())
        refused = any(issue.severity is Severity.ERROR for issue in told)
        return ParsedDocument(self.name, invoices=() if refused else tuple(invoices), issues=told)


def name_of_message(kind: str) -> str:
    """A message in words: "a quotation (QUOTES)"."""
    words = _OTHER_MESSAGES.get(kind)
    return f"{words} ({kind})" if words else f"a message {kind[:6]}, which is no bill"


def _tell_others(name: str, bills: bool, others: dict[str, Source]) -> list[ParseIssue]:
    """What else the file holds: the reason why it is refused, or, beside a bill, a warning."""
    if bills:
        remedy = "Nothing needs to be done: only bills are taken in."
        return [
            ParseIssue(
                Severity.WARNING, "other-set", f"Beside bills the file holds {name_of_message(kind)}.", remedy, at
            )
            for kind, at in list(others.items())[:20]
        ]
    if not others:
        return [NotABill(name=name, what="an interchange without any message").as_issue()]
    kind, source = next(iter(others.items()))
    if set(others) <= _ACKNOWLEDGEMENTS:
        return [Acknowledgement(name=name, kind=kind).as_issue(source)]
    words = " and ".join(name_of_message(one) for one in list(others)[:5])
    return [NotABill(name=name, what=words).as_issue(source)]


def edifact_importers(definitions: Sequence[str]) -> tuple[EdifactImporter, ...]:
    """The importer of EDIFACT with the EDI profiles among the TOML texts."""
    return (EdifactImporter(open_profiles(definitions)),)
