"""The page Bank: unexplained movements first, matched by hand, taken back; statements and answers beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.domain.vocabulary import AnswerKind, InvoiceStatus, PaymentStatus
from app.services.workspace import Workspace
from app.ui.dialogs.bank import MatchQuestion
from app.ui.launching import connect
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from tests.services.bank_books import DAY, Bank, answer, line, statement
from tests.services.money_books import Books
from tests.ui.conftest import NoLauncher
from tests.ui.driver import Driver


@pytest.fixture
def bank(sqlite_workspace: Workspace) -> Bank:
    """Four payments: one that a movement names, two alike, one that came back."""
    made = Bank(Books(sqlite_workspace).open())
    first, _second, _third, fourth = made.pay("600.00", "250.00", "250.00", "80.00")
    made.tell(
        statement(
            line("-600.00", f"TB-{first}", party="Calder Fiber"),
            line("-250.00", "B-1", party="Calder Fiber"),
            line("-19.90", "B-2", party="House bank", text="Account fee"),
            line("1000.00", "B-3", party="Customer"),
            opening=Decimal("5000.00"),
            closing=Decimal("5130.10"),
            opening_day=DAY - timedelta(days=1),
            closing_day=DAY,
            number="41",
        ),
        answer(AnswerKind.REJECTED, reference=f"TB-{fourth}", code="AC04", reason="account closed"),
        answer(AnswerKind.CHANGE, reference=f"TB-{first}", code="C01", change="99887766"),
    )
    return made


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, settings: QSettings, bank: Bank, tmp_path: Path) -> Iterator[Driver]:
    main = MainWindow(NoLauncher(tmp_path), theme, settings)
    qtbot.addWidget(main, before_close_func=lambda window: window.leave())  # closing asks about what is unsaved
    main.resize(1280, 800)
    main.show()
    main.show_backend(connect(bank.books.workspace))
    driver = Driver(qtbot, main)
    driver.settle()
    yield driver
    main.close()


def test_money_that_no_payment_explains_comes_first(window: Driver) -> None:
    page = window.go("bank")
    rows = window.rows(page.lines)
    assert [(row[1], row[2], row[5]) for row in rows] == [
        ("−$19.90", "House bank", "Unexplained"),
        ("−$250.00", "Calder Fiber", "Unexplained"),
    ]
    assert page.tabs.tabText(0) == "Movements  2"
    assert "out $269.90, in $0.00" in page.lines.foot()
    page.lines.show_view("all")
    assert "out $869.90, in $1,000.00" in page.lines.foot()


def test_a_movement_is_matched_by_hand_and_taken_back(
    window: Driver, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def choose(question: MatchQuestion) -> int:
        asked.append([question.payment.itemText(place) for place in range(question.payment.count())])
        return int(QDialog.DialogCode.Accepted.value)

    monkeypatch.setattr(MatchQuestion, "exec", choose)
    page = window.go("bank")
    window.choose(page.lines, 1)
    window.click("bank_match_button")
    assert [told.split(" · ")[:2] for told in asked[0]] == [["CAL-2", "Calder Fiber"], ["CAL-3", "Calder Fiber"]]
    assert bank.state(2) == (PaymentStatus.SETTLED, InvoiceStatus.PAID)
    assert page.tabs.tabText(0) == "Movements  1"
    page.lines.show_view("matched")
    assert [(row[1], row[4]) for row in window.rows(page.lines)] == [("−$250.00", "CAL-2"), ("−$600.00", "CAL-1")]
    window.choose(page.lines, 0)
    window.click("bank_back_button")
    assert page.tabs.tabText(0) == "Movements  2"
    assert [row[1] for row in window.rows(page.lines)] == ["−$600.00"]


def test_what_is_none_of_ours_is_set_aside(window: Driver) -> None:
    page = window.go("bank")
    window.choose(page.lines, 0)
    window.click("bank_aside_button")
    assert [row[1] for row in window.rows(page.lines)] == ["−$250.00"]


def test_the_bill_of_a_movement_is_one_click_away(window: Driver) -> None:
    page = window.go("bank")
    assert not page.bill.isEnabled()
    page.lines.show_view("matched")
    window.choose(page.lines, 0)
    window.click("bank_bill_button")
    assert window.page.key == "bill"


def test_statements_lead_to_their_movements(window: Driver) -> None:
    page = window.go("bank", view="statements")
    (row,) = window.rows(page.statements)
    assert row[2] == "41"
    assert row[4:8] == ["$5,000.00", "$130.10", "$5,130.10", "4"]
    page.statements.activated.emit(page.statements.model.shown[0])
    window.settle()
    assert page.tabs.currentIndex() == 0
    assert len(page.lines.model.shown) == 4


def test_answers_say_which_bill_and_why_and_what_to_correct(window: Driver) -> None:
    page = window.go("bank", view="answers")
    rows = window.rows(page.answers)
    assert [(row[1], row[3], row[4], row[7]) for row in rows] == [
        ("Change", "CAL-1", "C01", "99887766"),
        ("Rejected", "CAL-4", "AC04", "–"),
    ]
    page.answers.show_view("bad")
    assert [row[3] for row in window.rows(page.answers)] == ["CAL-4"]
    window.choose(page.answers, 0)
    window.trigger("bank_bill")
    assert window.page.key == "bill"


def test_without_a_statement_the_page_says_what_to_drop(
    qtbot: QtBot, theme: Theme, settings: QSettings, sqlite_workspace: Workspace, tmp_path: Path
) -> None:
    Books(sqlite_workspace).open()
    main = MainWindow(NoLauncher(tmp_path), theme, settings)
    qtbot.addWidget(main, before_close_func=lambda window: window.leave())  # closing asks about what is unsaved
    main.show()
    main.show_backend(connect(sqlite_workspace))
    driver = Driver(qtbot, main)
    driver.settle()
    page = driver.go("bank")
    told = page.lines.told()
    assert told is not None
    assert "drop an MT940" in " ".join(told)
    main.close()
