"""What a person has to say before a bill is posted: questions about what was read, and the answers given so far.

Pure: `ask` compares what a document holds with what the workspace knows. A question is known by its key, so that an
answer holds for all bills of the document that raise it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.identifiers import ban_key, circuit_key, name_key, number_key, tn_key
from app.domain.known import Known, bank_key, dictionary_key
from app.domain.money import NO_CURRENCY, ZERO
from app.domain.parsed import ParsedCharge, ParsedDocument, ParsedInvoice
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, ReviewPolicy, Severity

Guess = Callable[[str, str], ChargeType | None]


class QuestionKind(StrEnum):
    EYES = "eyes"  # something in the document has to be looked at
    ACCOUNT = "account"  # the carrier's account is not known, though others of the carrier are
    DUPLICATE = "duplicate"  # a bill of that number is here, with other figures
    TWIN = "twin"  # it is here already as another carrier's
    BANK = "bank"  # it names a bank account that is not the carrier's as we know it
    CURRENCY = "currency"  # the document does not say in which currency it is
    FOOTING = "footing"  # the bill does not add up
    CODE = "code"  # nothing tells what kind of charge it is
    SERVICE = "service"  # the charge names a circuit or number that the inventory does not know


# these are answered before the bill can be posted; the others may stay open
BLOCKING = frozenset(
    {QuestionKind.EYES, QuestionKind.ACCOUNT, QuestionKind.DUPLICATE, QuestionKind.TWIN}
    | {QuestionKind.BANK, QuestionKind.CURRENCY, QuestionKind.FOOTING}
)
# these keep a bill from being posted by itself
HOLDING = BLOCKING - {QuestionKind.FOOTING}


class Deed(StrEnum):
    """What an answer does."""

    SEEN = "seen"  # looked at, and right as it stands
    CREATE = "create"
    MAP = "map"  # it is the one that `target` names
    TYPE = "type"  # it is of the kind, or in the currency, that `target` names
    IGNORE = "ignore"
    SUPERSEDE = "supersede"  # the bill here gives way to this one


DEEDS: Mapping[QuestionKind, tuple[Deed, ...]] = {
    QuestionKind.EYES: (Deed.SEEN,),
    QuestionKind.ACCOUNT: (Deed.CREATE, Deed.MAP),
    QuestionKind.DUPLICATE: (Deed.SUPERSEDE,),
    QuestionKind.TWIN: (Deed.SEEN,),
    QuestionKind.BANK: (Deed.SEEN,),
    QuestionKind.CURRENCY: (Deed.TYPE,),
    QuestionKind.FOOTING: (Deed.SEEN,),
    QuestionKind.CODE: (Deed.TYPE, Deed.IGNORE),
    QuestionKind.SERVICE: (Deed.CREATE, Deed.MAP, Deed.IGNORE),
}
# these say why
REASONED = frozenset({Deed.IGNORE, Deed.SUPERSEDE})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said: `target` is an id or a charge type, by what is done."""

    deed: Deed
    target: str = ""
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`subject` names what it is about, `text` says what is wrong and what can be done; `invoice` counts from 0."""

    kind: QuestionKind
    key: str
    subject: str
    text: str
    source: Source = Source()  # noqa: RUF009 - frozen, so one for all is safe
    invoice: int = 0
    charges: tuple[int, ...] = ()
    answer: Answer | None = None

    @property
    def blocks(self) -> bool:
        return self.kind in BLOCKING and self.answer is None


def ask(document: ParsedDocument, known: Known, guess: Guess, answers: Mapping[str, Answer]) -> tuple[Question, ...]:
    """All questions that the bills of `document` raise, each with its answer if there is one. `guess` tells the type of
    a charge by the words of its code and description, where nothing else does."""
    found: dict[str, Question] = {}
    for question in _ask_all(document, known, guess):
        first = found.get(question.key)
        found[question.key] = replace(first, charges=first.charges + question.charges) if first else question
    return tuple(replace(question, answer=answers.get(key)) for key, question in found.items())


def holds(questions: Sequence[Question], policy: ReviewPolicy) -> tuple[Question, ...]:
    """The unanswered questions for which a document waits: with the policy ALWAYS also those that need not be."""
    wanted = HOLDING if policy is ReviewPolicy.NEEDED else frozenset(QuestionKind)
    return tuple(question for question in questions if question.kind in wanted and question.answer is None)


def _ask_all(document: ParsedDocument, known: Known, guess: Guess) -> Iterator[Question]:
    for issue in document.issues:
        if issue.severity is Severity.REVIEW:
            text = f"{issue.message} {issue.remedy}".strip()
            yield Question(QuestionKind.EYES, eyes_key(issue), issue.code, text, issue.source)
    for position, invoice in enumerate(document.invoices):
        yield from _ask_account(position, invoice, known)
        yield from _ask_duplicate(position, invoice, known, document.importer)
        yield from _ask_twin(position, invoice, known)
        yield from _ask_bank(position, invoice, known)
        yield from _ask_currency(position, invoice)
        yield from _ask_footing(position, invoice)
        for place, charge in enumerate(invoice.charges):
            yield from _ask_code(position, place, invoice, charge, known, guess)
            yield from _ask_service(position, place, invoice, charge, known)


def eyes_key(issue: ParseIssue) -> str:
    """By what an issue that has to be looked at is known: what it says and where, so that an answer is for it alone."""
    said = f"{issue.code}|{issue.source}|{issue.message}"
    return f"eyes|{issue.code}|{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _ask_account(position: int, invoice: ParsedInvoice, known: Known) -> Iterator[Question]:
    """An account that nobody knows, of a carrier with others: a new carrier's first account is none of these."""
    others = known.accounts.get(name_key(invoice.carrier), {})
    if not others or known.account(invoice.carrier, invoice.ban) is not None:
        return
    shown = invoice.ban or "(no number printed)"
    yield Question(
        QuestionKind.ACCOUNT,
        f"account|{name_key(invoice.carrier)}|{ban_key(invoice.ban)}",
        shown,
        f"Account {shown} of {invoice.carrier} is not known, though others of this carrier are. If it is ours, create "
        "it; if it is another way to write one that is known, say which.",
        invoice.sources.get("ban", Source()),
        position,
    )


def _ask_duplicate(position: int, invoice: ParsedInvoice, known: Known, importer: str) -> Iterator[Question]:
    here = known.bill(invoice)
    if here is None or here.is_same(invoice, importer):
        return
    yield Question(
        QuestionKind.DUPLICATE,
        f"duplicate|{here.id}",
        invoice.number,
        f"Bill {here.number} is here already, from {here.file}, dated {here.bill_date} with a total of "
        f"{here.total_due:,.2f} {here.currency}. This one is dated {invoice.bill_date} with a total of "
        f"{invoice.total_due:,.2f} {invoice.currency}, and they are not alike. If the carrier has corrected it, let "
        "this one take its place: both are kept. Else discard this file.",
        invoice.sources.get("number", Source()),
        position,
    )


def _ask_twin(position: int, invoice: ParsedInvoice, known: Known) -> Iterator[Question]:
    """A bill of the same number, day and total that is here as another carrier's: two names of one, most often."""
    twin = known.twins.get((number_key(invoice.number), invoice.bill_date, invoice.total_due))
    if twin is None or not number_key(invoice.number):
        return
    carrier, file = twin
    yield Question(
        QuestionKind.TWIN,
        f"twin|{name_key(invoice.carrier)}|{number_key(invoice.number)}",
        invoice.number,
        f"A bill of this number, date and total is here already as one of {carrier}, from {file}; this one names "
        f"{invoice.carrier}. If both are one carrier, discard this file; if they are two bills, say so.",
        invoice.sources.get("carrier", Source()),
        position,
    )


def _ask_bank(position: int, invoice: ParsedInvoice, known: Known) -> Iterator[Question]:
    """A document that names other accounts than ours alone is how money is stolen; where we have none, nothing is
    said."""
    ours = known.banks.get(name_key(invoice.carrier), frozenset())
    others = [written for written in invoice.pay_to if bank_key(written)]
    if not ours or not others or any(bank_key(written) in ours for written in others):
        return
    yield Question(
        QuestionKind.BANK,
        f"bank|{name_key(invoice.carrier)}|{','.join(map(bank_key, others))}",
        ", ".join(f"…{bank_key(written)[-4:]}" for written in others),
        f"The bill asks to be paid to an account that is not the one under which {invoice.carrier} is known here. It "
        "is not taken over: payments go where the inventory says. Ask the carrier by a number that is not from this "
        "bill.",
        invoice.sources.get("pay_to", Source()),
        position,
    )


def _ask_currency(position: int, invoice: ParsedInvoice) -> Iterator[Question]:
    if invoice.currency != NO_CURRENCY:
        return
    yield Question(
        QuestionKind.CURRENCY,
        f"currency|{position}|{number_key(invoice.number)}",
        f"{invoice.number} of {invoice.bill_date}",
        f"Bill {invoice.number} of {invoice.bill_date} does not say in which currency it is. Say it: amounts of "
        "different currencies are never added.",
        invoice.sources.get("currency", Source()),
        position,
    )


def _ask_footing(position: int, invoice: ParsedInvoice) -> Iterator[Question]:
    billed = sum((charge.amount for charge in invoice.charges), ZERO) + invoice.rounding
    due = invoice.current_charges + invoice.previous_balance + invoice.payments_applied
    for field_name, found, printed in (
        ("current_charges", billed, invoice.current_charges),
        ("total_due", due, invoice.total_due),
    ):
        if found != printed:
            words = field_name.replace("_", " ")
            yield Question(
                QuestionKind.FOOTING,
                f"footing|{position}|{field_name}|{found}|{printed}",
                words,
                f"Bill {invoice.number} does not add up: its parts make {found:,.2f}, its {words} is {printed:,.2f}. "
                "Correct what was misread, or say that the carrier added up wrongly.",
                invoice.sources.get(field_name, Source()),
                position,
            )


def _ask_code(
    position: int, place: int, invoice: ParsedInvoice, charge: ParsedCharge, known: Known, guess: Guess
) -> Iterator[Question]:
    if charge.charge_type is not None or known.charge_type(invoice.carrier, charge.code, charge.description):
        return
    if guess(charge.code, charge.description) is not None:
        return
    shown = charge.code or charge.description
    yield Question(
        QuestionKind.CODE,
        "|".join(("code", name_key(invoice.carrier), *dictionary_key(charge.code, charge.description))),
        shown,
        f"Nothing tells what kind of charge '{shown}' is. Say it once, and it is known of {invoice.carrier} from then "
        "on; left open, it is kept as OCC (other charges and credits).",
        charge.source,
        position,
        (place,),
    )


def _ask_service(
    position: int, place: int, invoice: ParsedInvoice, charge: ParsedCharge, known: Known
) -> Iterator[Question]:
    keys = [key for key in (circuit_key(charge.circuit_id), tn_key(charge.tn)) if key]
    services = known.services.get(name_key(invoice.carrier), frozenset())
    if not keys or not services or any(key in services for key in keys):
        return
    shown = charge.circuit_id or charge.tn
    yield Question(
        QuestionKind.SERVICE,
        f"service|{name_key(invoice.carrier)}|{keys[0]}",
        shown,
        f"The inventory has no service {shown} of {invoice.carrier}. Create it if it is ours, say which one it is, or "
        "leave it for the audit to accuse.",
        charge.source,
        position,
        (place,),
    )
