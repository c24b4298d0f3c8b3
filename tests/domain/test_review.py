"""Which questions a document raises before it is posted, and which of them keep it waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.known import Known, KnownBill, lines_of
from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.review import Answer, Deed, QuestionKind, ask, holds
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, DocumentKind, ReviewPolicy, Severity
from tests.services.office import bill, charge

HERE = KnownBill(
    7,
    "INV-1",
    date(2026, 4, 5),
    "USD",
    D("5.00"),
    D("5.00"),
    "april.pdf",
    "pdf:x",
    due_date=date(2026, 5, 5),
    lines=lines_of(bill(charge("5.00", description="Port"))),
)
LOOK = ParseIssue(Severity.REVIEW, "read-by-ocr", "It was read from a picture.", "Compare.", Source(page=1))
KNOWN = Known(
    accounts={"calderfiber": {"CF1001": 3}},
    services={"calderfiber": frozenset({"C1"})},
    bills={("calderfiber", 3, "INV1"): HERE},
)


def know_nothing(_code: str, _description: str) -> ChargeType | None:
    return None


def kinds(document: ParsedDocument, known: Known = KNOWN) -> list[QuestionKind]:
    return [question.kind for question in ask(document, known, know_nothing, {})]


def test_a_bill_of_a_known_account_raises_no_question() -> None:
    document = ParsedDocument("pdf:x", invoices=(bill(charge("5.00"), number="INV-2"),))
    assert kinds(document) == []


def test_the_first_account_of_a_new_carrier_is_no_question_but_another_one_is() -> None:
    document = ParsedDocument("pdf:x", invoices=(bill(charge("5.00"), ban="CF-9"),))
    assert kinds(document, Known()) == []
    assert kinds(document) == [QuestionKind.ACCOUNT]


def test_a_bill_without_an_account_number_belongs_to_the_only_account() -> None:
    document = ParsedDocument("pdf:x", invoices=(bill(charge("5.00"), ban="", number="INV-2"),))
    assert kinds(document) == []


def test_the_same_bill_in_another_format_is_no_question_and_a_corrected_one_is() -> None:
    same = ParsedDocument("ubl", invoices=(bill(charge("5.00")),))
    assert kinds(same) == []
    other = ParsedDocument("ubl", invoices=(bill(charge("6.00")),))
    (question,) = ask(other, KNOWN, know_nothing, {})
    assert (question.kind, question.key) == (QuestionKind.DUPLICATE, "duplicate|7")
    assert "total of 5.00 USD" in question.text
    assert "total of 6.00 USD" in question.text


def test_in_the_same_format_other_words_are_a_correction_and_in_another_one_they_are_not() -> None:
    reworded = bill(charge("5.00", description="Port, corrected"))
    assert kinds(ParsedDocument("pdf:x", invoices=(reworded,))) == [QuestionKind.DUPLICATE]
    assert kinds(ParsedDocument("ubl", invoices=(reworded,))) == []
    assert kinds(ParsedDocument("pdf:x", invoices=(bill(charge("5.00", description="Port")),))) == []


def test_another_due_day_or_kind_is_not_the_same_bill_in_any_format() -> None:
    later = replace(bill(charge("5.00")), due_date=date(2026, 6, 5))
    note = replace(bill(charge("5.00")), kind=DocumentKind.CREDIT_NOTE)
    for other in (later, note):
        assert QuestionKind.DUPLICATE in kinds(ParsedDocument("ubl", invoices=(other,)))
    untold = replace(bill(charge("5.00")), due_date=None)
    assert kinds(ParsedDocument("ubl", invoices=(untold,))) == []


def test_a_bill_that_is_here_as_another_carriers_is_asked_about() -> None:
    known = replace(KNOWN, twins={("INV2", date(2026, 4, 5), D("5.00")): ("Calder Fiber Ltd", "april.pdf")})
    document = ParsedDocument("x", invoices=(bill(charge("5.00"), number="INV-2"),))
    (question,) = holds(ask(document, known, know_nothing, {}), ReviewPolicy.NEEDED)
    assert (question.kind, "as one of Calder Fiber Ltd" in question.text) == (QuestionKind.TWIN, True)


def test_two_remarks_of_one_kind_are_two_questions_and_each_keeps_its_answer() -> None:
    other = replace(LOOK, source=Source(page=7))
    document = ParsedDocument("x", invoices=(bill(charge("5.00"), number="INV-2"),), issues=(LOOK, other))
    first, second = ask(document, KNOWN, know_nothing, {})
    assert first.key != second.key
    turned = replace(document, issues=(other, LOOK))
    answered = ask(turned, KNOWN, know_nothing, {first.key: Answer(Deed.SEEN)})
    assert [(question.source.page, question.answer is not None) for question in answered] == [(7, False), (1, True)]


def test_an_answer_about_the_footing_is_for_these_figures_alone() -> None:
    wrong = replace(bill(charge("5.00"), number="INV-2"), total_due=D("7.00"))
    (question,) = ask(ParsedDocument("x", invoices=(wrong,)), KNOWN, know_nothing, {})
    worse = ParsedDocument("x", invoices=(replace(wrong, total_due=D("5000.00")),))
    (again,) = ask(worse, KNOWN, know_nothing, {question.key: Answer(Deed.SEEN)})
    assert again.blocks


def test_a_bill_that_does_not_add_up_is_asked_about_with_both_figures() -> None:
    wrong = replace(bill(charge("5.00"), number="INV-2"), current_charges=D("7.00"))
    found = ask(ParsedDocument("x", invoices=(wrong,)), KNOWN, know_nothing, {})
    assert [question.subject for question in found] == ["current charges", "total due"]
    assert "its parts make 5.00, its current charges is 7.00" in found[0].text


def test_an_unknown_code_is_asked_once_for_all_its_charges_unless_the_dictionary_or_its_words_tell() -> None:
    unknown = charge("5.00", None, code="ZX-1", description="Zyx")
    document = ParsedDocument("x", invoices=(bill(unknown, charge("1.00"), unknown, number="INV-2"),))
    (question,) = ask(document, KNOWN, know_nothing, {})
    assert (question.kind, question.subject, question.charges) == (QuestionKind.CODE, "ZX-1", (0, 2))
    taught = replace(KNOWN, codes={"calderfiber": {("zx1", ""): ChargeType.MRC}})
    assert kinds(document, taught) == []
    assert ask(document, KNOWN, lambda _code, _words: ChargeType.FEE, {}) == ()


def test_a_service_that_the_inventory_lacks_is_asked_about_only_where_there_is_an_inventory() -> None:
    document = ParsedDocument("x", invoices=(bill(charge("5.00", circuit="C-2"), number="INV-2"),))
    assert kinds(document) == [QuestionKind.SERVICE]
    assert kinds(document, replace(KNOWN, services={})) == []
    known = ParsedDocument("x", invoices=(bill(charge("5.00", circuit="C-1"), number="INV-2"),))
    assert kinds(known) == []


def test_another_bank_account_than_ours_is_asked_about_and_an_unknown_one_is_not() -> None:
    invoice = replace(bill(charge("5.00"), number="INV-2"), pay_to=("DE02 1203 0000 0000 2020 51",))
    document = ParsedDocument("x", invoices=(invoice,))
    assert kinds(document) == []
    ours = replace(KNOWN, banks={"calderfiber": frozenset({"DE02120300000000202051"})})
    assert kinds(document, ours) == []
    other = replace(KNOWN, banks={"calderfiber": frozenset({"DE99"})})
    (question,) = holds(ask(document, other, know_nothing, {}), ReviewPolicy.NEEDED)
    assert (question.kind, question.subject) == (QuestionKind.BANK, "…2051")


def test_only_what_has_to_be_looked_at_holds_a_bill_unless_every_bill_is_looked_at() -> None:
    unknown = charge("5.00", None, code="ZX-1", description="Zyx")
    document = ParsedDocument("x", invoices=(bill(unknown, number="INV-2"),), issues=(LOOK,))
    found = ask(document, KNOWN, know_nothing, {})
    assert [question.kind for question in holds(found, ReviewPolicy.NEEDED)] == [QuestionKind.EYES]
    assert [question.kind for question in holds(found, ReviewPolicy.ALWAYS)] == [QuestionKind.EYES, QuestionKind.CODE]


def test_an_answer_belongs_to_its_question_and_ends_its_hold() -> None:
    document = ParsedDocument("x", invoices=(bill(charge("5.00"), number="INV-2"),), issues=(LOOK,))
    (question,) = ask(document, KNOWN, know_nothing, {})
    assert question.blocks
    answered = ask(document, KNOWN, know_nothing, {question.key: Answer(Deed.SEEN, by="Dana")})
    assert not answered[0].blocks
    assert holds(answered, ReviewPolicy.NEEDED) == ()
