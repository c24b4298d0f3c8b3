"""What the bank says settles payments and gives them back: by reference, by file, by payee, by hand; never guessed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain.vocabulary import AnswerKind, InvoiceStatus, PaymentStatus
from app.models.inventory import CarrierBankAccount
from app.models.payments import Payment
from app.services import bank_matching, payments
from app.services.bank_matching import AlreadyMatched, NotFitting, PaymentTaken
from app.services.changes import Changes
from app.services.duties import RoleMayNot
from app.services.log import verify_log
from app.services.workspace import Workspace
from tests.services.bank_books import DAY, Bank, answer, line, statement, told
from tests.services.money_books import APPROVER, AUDITOR, CLERK, TODAY, Books

OUT = (PaymentStatus.RELEASED, InvoiceStatus.SCHEDULED)
SETTLED = (PaymentStatus.SETTLED, InvoiceStatus.PAID)
BACK = (PaymentStatus.RETURNED, InvoiceStatus.APPROVED)


@pytest.fixture
def bank(workspace: Workspace) -> Bank:
    return Bank(Books(workspace).open())


def test_a_movement_with_our_reference_settles_its_payment(bank: Bank) -> None:
    first, second = bank.pay("600.00", "600.00")
    issues = bank.tell(statement(line("-600.00", f"TB-{second}")))
    assert told(issues) == ["payments-matched"]
    assert (bank.state(first), bank.state(second)) == (OUT, SETTLED)
    (stored,) = bank.lines()
    assert (stored.payment_id, stored.matched_how, stored.matched_by) == (second, "reference", "")
    with bank.books.workspace.database.reading() as session:
        assert verify_log(session) is None


def test_the_reference_may_stand_in_the_text(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(line("-600.00", "B-77", text=f"CCD TELECOM TB-{payment} CALDER")))
    assert bank.state(payment) == SETTLED


def test_another_amount_than_the_payments_is_told_and_not_matched(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    issues = bank.tell(statement(line("-600.01", f"TB-{payment}")))
    assert told(issues) == ["amount-differs"]
    assert bank.state(payment) == OUT
    assert bank.lines()[0].payment_id is None


@pytest.mark.parametrize("named", [True, False])
def test_one_movement_for_a_whole_file_settles_all_its_payments(bank: Bank, named: bool) -> None:
    ids = bank.pay("600.00", "250.50")
    reference = f"MSG {bank.batch(ids[0])}" if named else "ACH settlement"
    bank.tell(statement(line("-850.50", reference)))
    assert [bank.state(one) for one in ids] == [SETTLED, SETTLED]
    assert bank.lines()[0].matched_how == f"batch {bank.batch(ids[0])}"


def test_a_file_with_another_sum_is_told(bank: Bank) -> None:
    ids = bank.pay("600.00", "250.50")
    issues = bank.tell(statement(line("-850.51", bank.batch(ids[0]))))
    assert told(issues) == ["amount-differs"]
    assert [bank.state(one) for one in ids] == [OUT, OUT]


def test_amount_day_and_payee_are_enough_where_one_payment_fits(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(line("-600.00", "X", party="CALDER FIBER LLC")))
    assert bank.state(payment) == SETTLED
    assert bank.lines()[0].matched_how == "amount, day and payee"


@pytest.mark.parametrize(
    "movement",
    [
        line("-600.00", "X", party="Somebody else"),
        line("-600.00", "X", party="Calder Fiber", booked=DAY + timedelta(days=30)),
        line("-600.01", "X", party="Calder Fiber"),
        line("-600.00", "X", party="Calder Fiber", booked=None),
    ],
)
def test_a_movement_that_does_not_fit_explains_no_payment(bank: Bank, movement: object) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(movement))  # type: ignore[arg-type]
    assert bank.state(payment) == OUT
    assert bank.lines()[0].matched_how == ""


def test_where_two_payments_fit_nothing_is_guessed(bank: Bank) -> None:
    first, second = bank.pay("600.00", "600.00")
    bank.tell(statement(line("-600.00", "X", party="Calder Fiber")))
    assert (bank.state(first), bank.state(second)) == (OUT, OUT)


def test_where_two_movements_fit_one_payment_nothing_is_guessed(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(line("-600.00", "X", party="Calder Fiber"), line("-600.00", "Y", party="Calder Fiber")))
    assert bank.state(payment) == OUT


def test_a_movement_in_another_currency_is_not_our_payment(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(line("-600.00", f"TB-{payment}"), currency="EUR"))
    assert bank.state(payment) == OUT


def test_a_credit_with_our_reference_gives_the_payment_back(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(line("-600.00", f"TB-{payment}")))
    issues = bank.tell(statement(line("600.00", f"TB-{payment}", booked=DAY + timedelta(days=3), returned="R03")))
    assert bank.state(payment) == BACK
    assert told(issues) == ["payments-matched", "payment-returned"]
    assert "R03" in issues[1].message


def test_a_bill_whose_payment_came_back_can_be_paid_again(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(answer(AnswerKind.REJECTED, reference=f"TB-{payment}", code="AC04"))
    assert bank.state(payment) == BACK
    with bank.books.workspace.database.reading() as session:
        bill = session.get_one(Payment, payment).invoice_id
    changes = payments.schedule(bank.books.workspace, [bill], CLERK, TODAY)
    assert changes == Changes.INVOICES | Changes.PAYMENTS


def test_an_answer_on_somebody_elses_file_is_of_no_payment_of_ours(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    (other,) = bank.pay("250.50", carrier="Northbeam")
    for file in ("SEPA-20260506-1", bank.batch(other), "THEIRS-7", "999999990000001"):
        bank.tell(answer(AnswerKind.REJECTED, reference=f"TB-{payment}", file_reference=file, code="AC04"))
        assert bank.state(payment) == OUT, file
    bank.tell(answer(AnswerKind.REJECTED, reference=f"TB-{payment}", file_reference=bank.batch(payment), code="AC04"))
    assert (bank.state(payment), bank.state(other)) == (BACK, OUT)


def test_a_rejection_turns_no_settled_payment_back_and_a_return_of_its_amount_does(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(line("-600.00", f"TB-{payment}")))
    issues = bank.tell(answer(AnswerKind.REJECTED, reference=f"TB-{payment}", code="AC04"))
    assert bank.state(payment) == SETTLED
    assert "settled-and-rejected" in told(issues)
    bank.tell(answer(AnswerKind.RETURNED, reference=f"TB-{payment}", code="R03"))
    assert bank.state(payment) == SETTLED
    back = answer(
        AnswerKind.RETURNED, reference=f"TB-{payment}", amount=Decimal("600.00"), currency="USD", code="R03", reason="x"
    )
    bank.tell(back)
    assert bank.state(payment) == BACK


def test_a_return_without_a_reference_is_matched_where_one_payment_fits(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(line("600.00", "Z", party="Calder Fiber")))
    assert bank.state(payment) == OUT  # it does not say that it is a return
    bank.tell(statement(line("600.00", "Z2", party="Calder Fiber", returned="AC04")))
    assert bank.state(payment) == BACK


def test_answers_by_trace_number_are_of_the_entry_at_that_place(bank: Bank) -> None:
    first, second = bank.pay("600.00", "250.50")
    kind = AnswerKind.RETURNED
    bank.tell(
        answer(kind, file_reference="031300010000002", amount=Decimal("250.50"), currency="USD", code="R02"),
        answer(kind, file_reference="999999990000001", amount=Decimal("600.00"), currency="USD", code="R02"),
    )
    assert (bank.state(first), bank.state(second)) == (OUT, BACK)


def test_a_trace_number_of_two_files_is_not_guessed(bank: Bank) -> None:
    (first,), (second,) = bank.pay("600.00"), bank.pay("600.00", carrier="Northbeam")
    bank.tell(answer(AnswerKind.RETURNED, file_reference="031300010000001", amount=Decimal(600), currency="USD"))
    assert (bank.state(first), bank.state(second)) == (OUT, OUT)


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        (AnswerKind.ACCEPTED, OUT),
        (AnswerKind.PENDING, OUT),
        (AnswerKind.SETTLED, SETTLED),
        (AnswerKind.REJECTED, BACK),
    ],
)
def test_an_answer_on_a_whole_file_is_of_all_its_payments(bank: Bank, kind: AnswerKind, after: object) -> None:
    ids = bank.pay("600.00", "250.50")
    bank.tell(answer(kind, file_reference=bank.batch(ids[0]), code="X"))
    assert [bank.state(one) for one in ids] == [after, after]


def test_a_notice_of_change_is_told_and_takes_nothing_over(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    issues = bank.tell(answer(AnswerKind.CHANGE, reference=f"TB-{payment}", code="C01", change="1918171614"))
    assert told(issues) == ["bank-details-change", "payments-matched"]
    assert "1918171614" not in issues[0].message
    assert bank.state(payment) == OUT
    with bank.books.workspace.database.reading() as session:
        assert session.scalars(select(CarrierBankAccount.account)).all() == ["744-5678-99"]


def test_the_same_answers_again_change_nothing(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    one = answer(AnswerKind.REJECTED, reference=f"TB-{payment}", code="AC04")
    bank.tell(one)
    assert told(bank.tell(one)) == ["answers-known"]
    assert bank.state(payment) == BACK


def test_whoever_may_not_record_what_the_bank_did_matches_nothing(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    issues = bank.tell(statement(line("-600.00", f"TB-{payment}")), actor=AUDITOR)
    assert told(issues) == ["not-matched"]
    assert bank.state(payment) == OUT
    with pytest.raises(RoleMayNot):
        bank_matching.match_again(bank.books.workspace, AUDITOR)
    assert bank_matching.match_again(bank.books.workspace, CLERK) == bank_matching.CHANGED
    assert bank.state(payment) == SETTLED
    assert bank_matching.match_again(bank.books.workspace, CLERK) == Changes.NONE


def test_a_person_matches_and_takes_it_back(bank: Bank) -> None:
    first, second = bank.pay("600.00", "600.00")
    bank.tell(statement(line("-600.00", "X"), line("-600.00", "Y"), line("-1.00", "Z")))
    x, y, z = (one.id for one in bank.lines())
    work = bank.books.workspace
    assert bank_matching.match_by_hand(work, x, first, APPROVER) == bank_matching.CHANGED
    assert (bank.state(first), bank.state(second)) == (SETTLED, OUT)
    with pytest.raises(PaymentTaken):
        bank_matching.match_by_hand(work, y, first, APPROVER)
    with pytest.raises(AlreadyMatched):
        bank_matching.match_by_hand(work, x, second, APPROVER)
    with pytest.raises(NotFitting):
        bank_matching.match_by_hand(work, z, second, APPROVER)
    assert bank_matching.set_aside(work, z, APPROVER) == Changes.BANK
    bank_matching.take_match_back(work, x, APPROVER)
    stored = bank.lines()[0]
    assert (stored.payment_id, stored.matched_how, stored.matched_by) == (None, "taken back", APPROVER)
    bank_matching.match_again(work, CLERK)
    assert bank.lines()[0].payment_id is None


def test_movements_before_the_payment_left_are_others(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(line("-600.00", "X", party="Calder Fiber", booked=date(2026, 9, 1))))
    assert bank.state(payment) == OUT


def test_what_a_person_has_taken_back_is_not_matched_again_by_itself(bank: Bank) -> None:
    (payment,) = bank.pay("600.00")
    bank.tell(statement(line("-600.00", f"TB-{payment}")))
    work = bank.books.workspace
    bank_matching.take_match_back(work, bank.lines()[0].id, APPROVER)
    assert bank_matching.match_again(work, CLERK) == Changes.NONE
    assert bank.lines()[0].matched_how == "taken back"
    assert bank.state(payment) == SETTLED  # what was recorded stays
    bank_matching.match_by_hand(work, bank.lines()[0].id, payment, APPROVER)
    assert bank.lines()[0].matched_how == "by hand"
