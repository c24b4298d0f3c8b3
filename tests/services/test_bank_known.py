"""Movements of two files: the same one, one announced and then booked, one in a sum and in parts, or two."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.domain.parsed_bank import ParsedStatement
from app.domain.vocabulary import InvoiceStatus, PaymentStatus, StatementKind
from app.services.workspace import Workspace
from tests.services.bank_books import DAY, Bank, line, statement, told
from tests.services.money_books import Books

SETTLED = (PaymentStatus.SETTLED, InvoiceStatus.PAID)
D = Decimal


@pytest.fixture
def bank(sqlite_workspace: Workspace) -> Bank:
    return Bank(Books(sqlite_workspace).open())


def booked(opening: str, *amounts: str, number: str = "", reference: str = "", day: date = DAY) -> ParsedStatement:
    """A booked statement of one day with both balances."""
    lines = [line(amount, reference, booked=day, text="ACCOUNT FEE") for amount in amounts]
    closing = D(opening) + sum(map(D, amounts))
    return statement(
        *lines, opening=D(opening), closing=closing, opening_day=day, closing_day=day, day=day, number=number
    )


def amounts(bank: Bank) -> list[Decimal]:
    return [one.amount for one in bank.lines()]


@pytest.mark.parametrize("reference", ["", "4711"])
def test_statements_of_one_day_with_other_balances_have_movements_of_their_own(bank: Bank, reference: str) -> None:
    first, second = booked("1000", "-5.00", reference=reference), booked("995", "-5.00", reference=reference)
    assert told(bank.tell(first)) == []
    assert told(bank.tell(second)) == []
    assert amounts(bank) == [D("-5.00"), D("-5.00")]
    assert told(bank.tell(second)) == ["statement-known"]
    assert told(bank.tell(first)) == ["statement-known"]
    assert len(bank.lines()) == 2


def test_an_account_that_comes_back_to_its_balance_twice_has_moved_twice(bank: Bank) -> None:
    bank.tell(booked("1000", "-5.00", "5.00", number="7"))
    bank.tell(booked("1000", "-5.00", "5.00", number="8"))
    assert len(bank.lines()) == 4
    assert told(bank.tell(booked("1000", "-5.00", "5.00", number="0007/1"))) == ["statement-known"]


def test_a_statement_of_a_month_holds_those_of_its_days(bank: Bank) -> None:
    bank.tell(booked("1000", "-5.00", reference="A"))
    month = statement(
        line("-2.00", "B", booked=DAY - timedelta(days=3)),
        line("-5.00", "A"),
        opening=D("1002"),
        closing=D("995"),
        opening_day=DAY - timedelta(days=8),
        closing_day=DAY + timedelta(days=20),
    )
    assert "movements-known" in told(bank.tell(month))
    assert amounts(bank) == [D("-5.00"), D("-2.00")]


@pytest.mark.parametrize("away", [-3, 0, 10])
def test_what_was_announced_for_another_day_is_booked_once(bank: Bank, away: int) -> None:
    (payment,) = bank.pay("600.00")
    announced = line("-600.00", f"TB-{payment}", booked=None)
    bank.tell(statement(announced, kind=StatementKind.INTRADAY))
    day = DAY + timedelta(days=away)
    issues = bank.tell(statement(line("-600.00", f"TB-{payment}", booked=day)))
    assert told(issues) == ["movements-known", "payments-matched"]
    (stored,) = bank.lines()
    assert (stored.booked, stored.valued, stored.payment_id) == (day, day, payment)
    assert bank.state(payment) == SETTLED
    assert told(bank.tell(statement(announced, kind=StatementKind.INTRADAY))) == ["movements-known"]
    assert len(bank.lines()) == 1


def test_an_announcement_of_long_ago_is_another_movement(bank: Bank) -> None:
    bank.tell(statement(line("-600.00", "A", booked=None), kind=StatementKind.INTRADAY))
    bank.tell(statement(line("-600.00", "A", booked=DAY + timedelta(days=11))))
    assert len(bank.lines()) == 2


def test_parts_of_what_is_booked_in_one_sum_are_details(bank: Bank) -> None:
    ids = bank.pay("600.00", "250.50")
    parts = statement(*(line(f"-{amount}", f"TB-{one}") for amount, one in zip(("600.00", "250.50"), ids, strict=True)))
    notice = statement(*parts.lines, kind=StatementKind.NOTICE)
    bank.tell(statement(line("-850.50", bank.batch(ids[0]))))
    for _again in range(2):
        assert told(bank.tell(notice)) == ["movements-in-parts"]
        assert amounts(bank) == [D("-850.50")]
    assert [bank.state(one) for one in ids] == [SETTLED, SETTLED]


def test_a_sum_whose_parts_a_notice_has_told_is_not_counted_beside_them(bank: Bank) -> None:
    ids = bank.pay("600.00", "250.50")
    parts = [line(f"-{amount}", f"TB-{one}") for amount, one in zip(("600.00", "250.50"), ids, strict=True)]
    bank.tell(statement(line("-9.00", "X"), *parts, kind=StatementKind.NOTICE))
    lump = booked("1000", "-850.50", "-9.00", reference="")
    for _again in range(2):
        assert "movements-known" in told(bank.tell(lump))
        assert sorted(amounts(bank)) == [D("-600.00"), D("-250.50"), *([D("-9.00")] * 2)]
    assert [bank.state(one) for one in ids] == [SETTLED, SETTLED]
    own = {one.statement_id for one in bank.lines() if one.amount != D("-9.00")}
    assert len(own) == 1  # the booked statement has taken the parts over, so that its balances foot


def test_parts_that_do_not_make_the_sum_are_movements(bank: Bank) -> None:
    bank.tell(statement(line("-850.50", "F")))
    bank.tell(statement(line("-600.00", "A"), line("-250.00", "B"), kind=StatementKind.NOTICE))
    assert len(bank.lines()) == 3


def test_parts_of_another_day_are_details_where_they_name_the_sum(bank: Bank) -> None:
    bank.tell(statement(line("-850.50", "F", bank_reference="2026-77")))
    later = DAY + timedelta(days=1)
    named = [line(amount, amount, booked=later, bank_reference="2026-77") for amount in ("-600.00", "-250.50")]
    assert told(bank.tell(statement(*named, kind=StatementKind.NOTICE))) == ["movements-in-parts"]
    others = [line(amount, amount, booked=later, bank_reference="2026-78") for amount in ("-600.00", "-250.50")]
    assert told(bank.tell(statement(*others, kind=StatementKind.NOTICE))) == []
    assert len(bank.lines()) == 3
