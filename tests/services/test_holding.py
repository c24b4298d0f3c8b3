"""What a person has to look at waits, is answered, corrected and posted; or it is discarded and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.review import Answer, Deed, QuestionKind
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, InvoiceStatus, MatchMethod, PaymentMethod, ReviewPolicy, Severity
from app.importers.values import BadValue
from app.models import Base
from app.models.documents import DocumentIssue
from app.models.intake import AccountAlias, ChargeCode, HeldDocument, QuarantinedFile
from app.models.inventory import BillingAccount, CarrierBankAccount, Service
from app.models.invoices import Charge, ChargeMatch, Invoice
from app.models.workspace import LogEntry, WorkspaceInfo
from app.queries.review import HeldDetail, fetch_detail, fetch_held
from app.services.charge_types import guess_charge_type
from app.services.corrections import Place, add_charge, drop_charge
from app.services.holding import StillAsked, WrongAnswer, answer, correct, discard_held, edit, post_held
from app.services.intake import receive
from app.services.pipeline import post_reviewed
from app.services.receipts import Outcome
from app.services.workspace import Workspace
from tests.services.drops import Drop
from tests.services.office import Office, bill, charge

LOOK = ParseIssue(Severity.REVIEW, "read-by-ocr", "It was read from a picture.", "Compare.", Source(page=1))
DAY = date(2026, 6, 1)


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    return Drop(tmp_path / "drop", monkeypatch)


def count(workspace: Workspace, table: type[Base]) -> int:
    with workspace.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def detail(workspace: Workspace, held_id: int) -> HeldDetail:
    with workspace.database.reading() as session:
        found = fetch_detail(session, held_id, guess_charge_type)
    assert found is not None
    return found


def hold(workspace: Workspace, drop: Drop, document: ParsedDocument) -> HeldDetail:
    (receipt,) = receive(workspace, [drop.add("scan.pdf", document)], "Dana")
    assert (receipt.outcome, receipt.document_id) == (Outcome.HELD, None)
    assert receipt.held_id is not None
    return detail(workspace, receipt.held_id)


def scanned(*charges: str) -> ParsedDocument:
    return ParsedDocument("pdf:calder", invoices=(bill(*(charge(one) for one in charges)),), issues=(LOOK,))


def test_a_document_that_needs_eyes_waits_and_nothing_is_posted(workspace: Workspace, drop: Drop) -> None:
    found = hold(workspace, drop, scanned("5.00"))
    assert [question.kind for question in found.questions] == [QuestionKind.EYES]
    assert (count(workspace, Invoice), count(workspace, HeldDocument)) == (0, 1)
    with pytest.raises(StillAsked, match="1 question is still"):
        post_held(workspace, found.id, "Dana")
    with workspace.database.reading() as session:
        (row,) = fetch_held(session)
    assert (row.number, row.total, row.currency, row.bills) == ("INV-1", D("5.00"), "USD", 1)


def test_the_same_file_again_says_that_it_waits(workspace: Workspace, drop: Drop) -> None:
    found = hold(workspace, drop, scanned("5.00"))
    (again,) = receive(workspace, [drop.folder / "scan.pdf"], "Omar")
    assert (again.outcome, again.held_id) == (Outcome.HELD, found.id)
    assert "waits for review" in again.message
    assert drop.read == ["scan.pdf"]


def test_what_was_looked_at_is_posted_and_says_by_whom(workspace: Workspace, drop: Drop) -> None:
    found = hold(workspace, drop, scanned("5.00"))
    answer(workspace, found.id, found.questions[0].key, Answer(Deed.SEEN, reason="as on paper"), "Omar")
    stored, _ = post_reviewed(workspace, found.id, "Omar", DAY)
    with workspace.database.reading() as session:
        invoice = session.get_one(Invoice, stored.invoice_ids[0])
        assert (invoice.status, invoice.total_due) == (InvoiceStatus.AUDITED, D("5.00"))
        told = session.scalars(select(DocumentIssue).where(DocumentIssue.code == "read-by-ocr")).one()
        assert (told.severity, told.message) == (
            Severity.WARNING,
            "It was read from a picture. Looked at by Omar: as on paper.",
        )
    assert (count(workspace, HeldDocument), drop.read) == (0, ["scan.pdf"])
    (again,) = receive(workspace, [drop.folder / "scan.pdf"], "Omar")
    assert again.outcome is Outcome.ALREADY_HERE


def test_a_misread_amount_is_corrected_and_both_stand_in_the_log(workspace: Workspace, drop: Drop) -> None:
    """The reader took 8.00 for 3.00: the charges do not make the total until a person types what the page shows."""
    misread = replace(bill(charge("5.00"), charge("3.00")), current_charges=D("13.00"), total_due=D("13.00"))
    found = hold(workspace, drop, ParsedDocument("pdf:calder", invoices=(misread,), issues=(LOOK,)))
    assert QuestionKind.FOOTING in {question.kind for question in found.questions}
    correct(workspace, found.id, Place("amount", 0, 1), "8.00", "Omar")
    after = detail(workspace, found.id)
    assert [question.kind for question in after.questions] == [QuestionKind.EYES]
    told = [issue.message for issue in after.document.issues if issue.code == "corrected-by-hand"]
    assert told == ["amount of charge 2 read as 3.00, now 8.00, by Omar."]
    with workspace.database.reading() as session:
        details = session.scalars(select(LogEntry.details).where(LogEntry.verb == "corrected")).one()
    assert "read as 3.00, now 8.00" in details
    assert after.document.invoices[0].charges[1].source == misread.charges[1].source


@pytest.mark.parametrize("typed", ["8,0,0", "1e3", "eight", "NaN"])
def test_a_value_that_cannot_be_read_corrects_nothing(workspace: Workspace, drop: Drop, typed: str) -> None:
    found = hold(workspace, drop, scanned("5.00"))
    with pytest.raises(BadValue):
        correct(workspace, found.id, Place("amount", 0, 0), typed, "Omar")
    assert detail(workspace, found.id).document == found.document


def test_a_charge_that_was_not_seen_is_added_and_one_that_is_none_is_dropped(workspace: Workspace, drop: Drop) -> None:
    found = hold(workspace, drop, scanned("5.00", "7.00"))
    edit(workspace, found.id, lambda document: add_charge(document, 0, "Port", "2.50"), "a charge", "Omar")
    edit(workspace, found.id, lambda document: drop_charge(document, 0, 1), "a charge", "Omar")
    after = detail(workspace, found.id)
    assert [charge.amount for charge in after.document.invoices[0].charges] == [D("5.00"), D("2.50")]
    assert QuestionKind.FOOTING in {question.kind for question in after.questions}


def test_an_account_written_otherwise_is_mapped_once_for_all(workspace: Workspace, drop: Drop) -> None:
    office = Office(workspace)
    account = office.account(office.carrier())
    document = ParsedDocument("pdf:calder", invoices=(bill(charge("5.00"), ban="1001/CF"),))
    found = hold(workspace, drop, document)
    (question,) = found.questions
    with pytest.raises(WrongAnswer, match="not in the inventory"):
        answer(workspace, found.id, question.key, Answer(Deed.MAP, "999"), "Dana")
    answer(workspace, found.id, question.key, Answer(Deed.MAP, str(account)), "Dana")
    post_held(workspace, found.id, "Dana")
    later = ParsedDocument("pdf:calder", invoices=(bill(charge("6.00"), ban="1001/CF", number="INV-2"),))
    (receipt,) = receive(workspace, [drop.add("may.pdf", later)], "Dana")
    assert receipt.outcome is Outcome.TAKEN
    with workspace.database.reading() as session:
        assert set(session.scalars(select(Invoice.account_id))) == {account}
        assert session.scalars(select(AccountAlias.ban)).all() == ["1001/CF"]
    assert count(workspace, BillingAccount) == 1


def test_an_unknown_account_may_be_ours(workspace: Workspace, drop: Drop) -> None:
    office = Office(workspace)
    office.account(office.carrier())
    found = hold(workspace, drop, ParsedDocument("x", invoices=(bill(charge("5.00"), ban="CF-2"),)))
    answer(workspace, found.id, found.questions[0].key, Answer(Deed.CREATE), "Dana")
    post_held(workspace, found.id, "Dana")
    assert count(workspace, BillingAccount) == 2


def test_a_code_is_learned_from_the_answer_and_known_from_then_on(workspace: Workspace, drop: Drop) -> None:
    unknown = charge("5.00", None, code="ZX-1", description="Zyx")
    document = ParsedDocument("x", invoices=(bill(unknown),), issues=(LOOK,))
    found = hold(workspace, drop, document)
    for question in found.questions:
        given = Answer(Deed.SEEN) if question.kind is QuestionKind.EYES else Answer(Deed.TYPE, "MRC")
        answer(workspace, found.id, question.key, given, "Dana")
    post_held(workspace, found.id, "Dana")
    later = ParsedDocument("y", invoices=(bill(unknown, number="INV-2"),))
    (receipt,) = receive(workspace, [drop.add("may.pdf", later)], "Dana")
    assert [issue.code for issue in receipt.issues] == []
    with workspace.database.reading() as session:
        assert set(session.scalars(select(Charge.charge_type))) == {ChargeType.MRC}
        assert session.scalars(select(ChargeCode.code)).all() == ["ZX-1"]


def test_a_code_is_learned_from_a_bill_that_says_what_it_is(workspace: Workspace, drop: Drop) -> None:
    said = ParsedDocument("csv:x", invoices=(bill(charge("5.00", code="ZX-1"), charge("1.00", code="ZX-2")),))
    unsaid = ParsedDocument("pdf:x", invoices=(bill(charge("5.00", None, code="ZX-1"), number="INV-2"),))
    credit = charge("-5.00", ChargeType.CREDIT, code="ZX-3")
    paths = [drop.add("1.csv", said), drop.add("2.pdf", unsaid)]
    paths.append(drop.add("3.pdf", ParsedDocument("x", invoices=(bill(credit, number="INV-3"),))))
    receipts = receive(workspace, paths, "Dana")
    assert {receipt.outcome for receipt in receipts} == {Outcome.TAKEN}
    with workspace.database.reading() as session:
        assert session.scalars(select(ChargeCode.code).order_by(ChargeCode.code)).all() == ["ZX-1", "ZX-2"]
        assert set(session.scalars(select(Charge.charge_type).where(Charge.code == "ZX-1"))) == {ChargeType.MRC}


def test_an_unknown_service_is_created_or_said_to_be_another_one(workspace: Workspace, drop: Drop) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    account = office.account(carrier)
    known = office.service(carrier, account_id=account, circuit="C-1")
    charges = (charge("5.00", circuit="C-2"), charge("6.00", circuit="OLD-1"), charge("7.00", circuit="OLD-1"))
    found = hold(workspace, drop, ParsedDocument("x", invoices=(bill(*charges),), issues=(LOOK,)))
    for question in found.questions:
        given = {
            "read-by-ocr": Answer(Deed.SEEN),
            "C-2": Answer(Deed.CREATE, "internet"),
            "OLD-1": Answer(Deed.MAP, str(known)),
        }[question.subject]
        answer(workspace, found.id, question.key, given, "Dana")
    post_reviewed(workspace, found.id, "Dana", DAY)
    with workspace.database.reading() as session:
        added = session.scalars(select(Service).where(Service.circuit_id == "C-2")).one()
        rows = session.execute(
            select(Charge.circuit_id, ChargeMatch.service_id, ChargeMatch.method)
            .join(ChargeMatch, ChargeMatch.charge_id == Charge.id)
            .order_by(Charge.seq)
        )
        assert [tuple(row) for row in rows] == [
            ("C-2", added.id, MatchMethod.CIRCUIT_ID),
            ("OLD-1", known, MatchMethod.BY_HAND),
            ("OLD-1", known, MatchMethod.BY_HAND),
        ]


def test_the_same_bill_in_another_format_is_kept_and_not_posted_again(workspace: Workspace, drop: Drop) -> None:
    first = ParsedDocument("pdf:x", invoices=(bill(charge("5.00")),))
    receive(workspace, [drop.add("april.pdf", first)], "Dana")
    (receipt,) = receive(workspace, [drop.add("april.xml", replace(first, importer="ubl"))], "Dana")
    assert receipt.outcome is Outcome.ALREADY_HERE
    assert "is here already, from april.pdf, with the same figures" in receipt.message
    assert count(workspace, Invoice) == 1
    assert count(workspace, Charge) == 1


def test_a_corrected_bill_takes_the_place_of_the_first_and_both_are_kept(workspace: Workspace, drop: Drop) -> None:
    receive(workspace, [drop.add("april.pdf", ParsedDocument("x", invoices=(bill(charge("5.00")),)))], "Dana")
    found = hold(workspace, drop, ParsedDocument("x", invoices=(bill(charge("4.00")),)))
    (question,) = found.questions
    with pytest.raises(WrongAnswer, match="why"):
        answer(workspace, found.id, question.key, Answer(Deed.SUPERSEDE), "Dana")
    answer(workspace, found.id, question.key, Answer(Deed.SUPERSEDE, reason="rebilled"), "Dana")
    post_held(workspace, found.id, "Dana")
    with workspace.database.reading() as session:
        old, new = session.scalars(select(Invoice).order_by(Invoice.id)).all()
        assert (old.status, new.status) == (InvoiceStatus.SUPERSEDED, InvoiceStatus.POSTED)
        assert (new.supersedes_id, new.total_due) == (old.id, D("4.00"))


def test_what_is_discarded_goes_into_quarantine_with_the_reason(workspace: Workspace, drop: Drop) -> None:
    found = hold(workspace, drop, scanned("5.00"))
    discard_held(workspace, found.id, "Omar", "not ours")
    with workspace.database.reading() as session:
        kept = session.scalars(select(QuarantinedFile)).one()
        assert (kept.name, "not ours" in kept.message) == ("scan.pdf", True)
        assert workspace.documents.path(kept.sha256).is_file()
    assert (count(workspace, HeldDocument), count(workspace, Invoice)) == (0, 0)


def test_every_bill_waits_where_the_workspace_says_so(workspace: Workspace, drop: Drop) -> None:
    with workspace.database.writing() as session:
        session.get_one(WorkspaceInfo, 1).review = ReviewPolicy.ALWAYS
    found = hold(workspace, drop, ParsedDocument("x", invoices=(bill(charge("5.00")),)))
    assert found.blocking == ()
    stored = post_held(workspace, found.id, "Dana")
    assert len(stored.invoice_ids) == 1


def test_two_bills_of_one_number_in_one_file_are_told_apart_by_their_dates(workspace: Workspace, drop: Drop) -> None:
    bills = (bill(charge("5.00")), bill(charge("6.00"), bill_date=date(2026, 5, 5)))
    (receipt,) = receive(workspace, [drop.add("two.edi", ParsedDocument("x12-810", invoices=bills))], "Dana")
    assert receipt.outcome is Outcome.TAKEN
    with workspace.database.reading() as session:
        assert sorted(session.scalars(select(Invoice.total_due))) == [D("5.00"), D("6.00")]


def test_a_bill_that_names_other_bank_details_waits_and_ours_stay(workspace: Workspace, drop: Drop) -> None:
    carrier = Office(workspace).carrier()
    with workspace.database.writing() as session:
        session.add(
            CarrierBankAccount(
                carrier_id=carrier,
                currency="EUR",
                method=PaymentMethod.SEPA_CREDIT,
                iban="DE02120300000000202051",
                created_by="Dana",
                created_at=datetime.now(UTC),
            )
        )
    theirs = replace(bill(charge("5.00")), pay_to=("DE89 3704 0044 0532 0130 00",))
    found = hold(workspace, drop, ParsedDocument("ubl", invoices=(theirs,)))
    assert [question.kind for question in found.questions] == [QuestionKind.BANK]
    answer(workspace, found.id, found.questions[0].key, Answer(Deed.SEEN, reason="called them"), "Omar")
    post_held(workspace, found.id, "Omar")
    with workspace.database.reading() as session:
        assert session.scalars(select(CarrierBankAccount.iban)).all() == ["DE02120300000000202051"]


def test_two_bills_of_one_number_and_day_in_one_file_are_not_both_posted(workspace: Workspace, drop: Drop) -> None:
    bills = (bill(charge("5.00")), bill(charge("6.00")))
    (receipt,) = receive(workspace, [drop.add("two.edi", ParsedDocument("x12-810", invoices=bills))], "Dana")
    assert (receipt.outcome, receipt.issues[-1].code) == (Outcome.REFUSED, "duplicate-bill")
    assert count(workspace, Invoice) == 0


def test_bills_told_apart_by_their_dates_are_recognised_in_another_format(workspace: Workspace, drop: Drop) -> None:
    bills = (bill(charge("5.00")), bill(charge("6.00"), bill_date=date(2026, 5, 5)))
    receive(workspace, [drop.add("two.edi", ParsedDocument("x12-810", invoices=bills))], "Dana")
    for number, one in enumerate(bills):
        name = f"{number}.xml"
        (receipt,) = receive(workspace, [drop.add(name, ParsedDocument("ubl", invoices=(one,)))], "Dana")
        assert receipt.outcome is Outcome.ALREADY_HERE, receipt.message
    assert count(workspace, Invoice) == 2


def test_a_bill_of_a_carrier_named_otherwise_waits(workspace: Workspace, drop: Drop) -> None:
    receive(workspace, [drop.add("april.pdf", ParsedDocument("x", invoices=(bill(charge("5.00")),)))], "Dana")
    other = bill(charge("5.00"), carrier="Calder Fiber Ltd")
    found = hold(workspace, drop, ParsedDocument("ubl", invoices=(other,)))
    assert [question.kind for question in found.questions] == [QuestionKind.TWIN]


def test_a_bill_in_no_currency_is_posted_in_the_one_that_a_person_names(workspace: Workspace, drop: Drop) -> None:
    found = hold(workspace, drop, ParsedDocument("edifact", invoices=(bill(charge("5.00"), currency="XXX"),)))
    (question,) = found.questions
    for wrong in ("XXX", "dollars", ""):
        with pytest.raises(WrongAnswer, match="three letters"):
            answer(workspace, found.id, question.key, Answer(Deed.TYPE, wrong), "Dana")
    answer(workspace, found.id, question.key, Answer(Deed.TYPE, "EUR"), "Dana")
    post_held(workspace, found.id, "Dana")
    with workspace.database.reading() as session:
        assert session.scalars(select(Invoice.currency)).all() == ["EUR"]
