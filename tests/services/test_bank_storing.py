"""Each movement is stored once, whatever files tell of it, and statements that do not join up are told."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.domain.vocabulary import StatementKind
from app.models.bank import BankStatement
from app.services.bank_storing import account_key
from app.services.workspace import Workspace
from tests.importers.bank_files import MT940, camt, part, read_bank
from tests.services.bank_books import DAY, Bank, line, statement, told
from tests.services.money_books import Books

NUMBERS = itertools.count(1)  # documents of all examples of a property are told apart by them


@pytest.fixture
def bank(workspace: Workspace) -> Bank:
    return Bank(Books(workspace).open())


def statements(bank: Bank) -> int:
    with bank.books.workspace.database.reading() as session:
        return session.scalar(select(func.count()).select_from(BankStatement)) or 0


def test_the_same_statement_in_two_formats_is_stored_once(bank: Bank) -> None:
    first = read_bank("s.sta", MT940.encode()).statements[0]
    second = read_bank("s.xml", camt(part("TB-1", "600.00"))).statements[0]
    assert told(bank.tell(first)) == []
    assert told(bank.tell(second)) == ["statement-known"]
    assert (statements(bank), len(bank.lines())) == (1, 1)


def test_what_was_reported_today_is_not_counted_again_tomorrow(bank: Bank) -> None:
    bank.tell(statement(line("-5.00", "A"), kind=StatementKind.INTRADAY))
    issues = bank.tell(statement(line("-5.00", "A", text="Fee"), line("-7.00", "B")))
    assert told(issues) == ["movements-known"]
    stored = bank.lines()
    assert [(one.amount, one.text) for one in stored] == [(Decimal("-5.00"), "Fee"), (Decimal("-7.00"), "")]
    assert len({one.statement_id for one in stored}) == 1  # the booked statement has taken the reported one over


def test_two_equal_movements_of_one_file_are_two(bank: Bank) -> None:
    both = (line("-5.00", "A"), line("-5.00", "A"))
    bank.tell(statement(*both))
    assert len(bank.lines()) == 2
    assert told(bank.tell(statement(*both))) == ["movements-known"]
    assert len(bank.lines()) == 2
    bank.tell(statement(*both, line("-5.00", "A")))
    assert len(bank.lines()) == 3


def test_a_movement_that_only_looks_like_a_known_one_is_counted_and_told(bank: Bank) -> None:
    bank.tell(statement(line("-5.00", "A")))
    assert told(bank.tell(statement(line("-5.00", "B")))) == ["movements-alike"]
    assert len(bank.lines()) == 2


def test_another_account_has_movements_of_its_own(bank: Bank) -> None:
    bank.tell(statement(line("-5.00", "A")))
    assert told(bank.tell(statement(line("-5.00", "A"), account="DE02120300000000202051"))) == []
    assert len(bank.lines()) == 2


def test_statements_that_do_not_join_up_are_told(bank: Bank) -> None:
    days = {"opening_day": DAY, "closing_day": DAY}
    bank.tell(statement(line("-5.00", "A"), opening=Decimal(100), closing=Decimal(95), number="1", **days))
    later = {"opening_day": date(2026, 10, 12), "closing_day": date(2026, 10, 12)}
    joined = statement(opening=Decimal(95), closing=Decimal(95), number="2", **later)
    assert told(bank.tell(joined)) == []
    gap = statement(
        opening=Decimal(90), closing=Decimal(90), number="4", **{**later, "closing_day": date(2026, 10, 13)}
    )
    issues = bank.tell(gap)
    assert told(issues) == ["statements-do-not-join"]
    assert "begins with 90.00 USD" in issues[0].message
    assert "(2) ended with 95.00" in issues[0].message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DE89 3704 0044 0532 0130 00", "37040044/0532013000"),
        ("DE89370400440532013000", "37040044/532013000"),
        ("1291.99.348EUR", "1291.99.348"),
        ("nl26 vayb 8060 4768 90", "NL26VAYB8060476890"),
    ],
)
def test_an_account_is_known_in_all_its_forms(one: str, other: str) -> None:
    assert account_key(one) == account_key(other)


def test_a_statement_that_says_nothing_new_is_not_listed_twice(bank: Bank) -> None:
    bank.tell(statement(line("-5.00", "A"), line("-7.00", "B")))
    assert told(bank.tell(statement(line("-7.00", "B", text="Fee")))) == ["movements-known"]
    assert statements(bank) == 1
    assert [one.text for one in bank.lines()] == ["", "Fee"]
    with_balances = statement(line("-5.00", "A"), opening=Decimal(9), closing=Decimal(4), closing_day=DAY)
    bank.tell(with_balances)
    assert statements(bank) == 2  # balances were not known before


def test_movements_of_one_file_are_never_one_another(bank: Bank) -> None:
    both = (statement(line("-5.00", "A")), statement(line("-5.00", "A")))
    assert told(bank.tell(*both)) == []
    assert len(bank.lines()) == 2


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["-5.00", "-7.00", "5.00"]), st.sampled_from(["", "A", "B"])), min_size=1, max_size=6
    )
)
def test_the_same_movements_again_are_never_counted_again(
    sqlite_workspace: Workspace, movements: list[tuple[str, str]]
) -> None:
    bank = Bank(Books(sqlite_workspace))
    bank.documents = next(NUMBERS) * 10
    account = f"ACC{bank.documents}"
    lines = [line(amount, reference) for amount, reference in movements]
    before = len(bank.lines())
    bank.tell(statement(*lines, account=account))
    assert len(bank.lines()) == before + len(lines)
    bank.tell(statement(*reversed(lines), account=account))
    assert len(bank.lines()) == before + len(lines)
