"""Typing a bill in, as a clerk does it: with the keyboard alone, watching it add up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.domain.money import D
from app.models.documents import DocumentIssue
from app.models.invoices import Charge, Invoice
from app.services.workspace import Workspace
from app.ui.dialogs.questions import ReasonQuestion
from app.ui.pages.typed_bill import DiscardQuestion, TypedBillPage
from app.ui.widgets.bill_form_values import formats_of
from tests.ui.driver import Driver

HEAD = {
    "carrier": "Northbeam Communications",
    "ban": "NB-7781",
    "number": "NB-PAPER-1",
    "bill_date": "2026-10-01",
    "due_date": "2026-10-31",
    "first": "2026-10-01",
    "last": "2026-10-31",
    "currency": "USD",
    "previous_balance": "100.00",
    "payments_applied": "100.00",
    "current_charges": "1,060.00",
    "total_due": "1,060.00",
}
ROWS = (
    ("Internet 1 Gbps", "mrc", "DIA1G", "80/KXGS/000123//NB", "", "2", "500.00", "1,000.00"),
    ("Excise tax", "tax", "", "", "", "", "", "60.00"),
)


@pytest.fixture
def page(window: Driver) -> TypedBillPage:
    with window.qtbot.waitActive(window.window):  # the keyboard goes to the window that is active
        window.window.activateWindow()
    opened = window.go("bills")
    window.trigger("bills_type")
    assert window.page.key == "typed_bill" != opened.key
    assert isinstance(window.page, TypedBillPage)
    return window.page


def keys(window: Driver, text: str, *more: Qt.Key) -> None:
    """Type where the cursor is, then press keys; the first letter may open a cell, which takes the others."""
    for letter in text:
        window.qtbot.keyClick(QApplication.focusWidget(), letter)
    for key in more:
        window.qtbot.keyClick(QApplication.focusWidget(), key)


def type_head(window: Driver, **other: str) -> None:
    """The head from field to field by Tab, from the carrier on."""
    window.find(QLineEdit, "typed_carrier").setFocus()
    for name, text in {**HEAD, **other}.items():
        line = window.find(QLineEdit, f"typed_{name}")
        assert QApplication.focusWidget() is line, f"Tab does not lead to {name}"
        line.selectAll()
        keys(window, text, Qt.Key.Key_Escape, Qt.Key.Key_Tab)


def type_rows(window: Driver, page: TypedBillPage, rows: tuple[tuple[str, ...], ...] = ROWS) -> None:
    """The rows from cell to cell, alternately by Tab and Enter."""
    page.form.grid.begin()
    for row in rows:
        for place, text in enumerate((*row, "", "")):
            keys(window, text, Qt.Key.Key_Tab if place % 2 else Qt.Key.Key_Return)


def sums(window: Driver) -> dict[str, str]:
    names = ("charges", "current_charges", "current_difference", "balance", "total_due", "total_difference")
    return {name: window.text(f"typed_sum_{name}") for name in names}


def put_on_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def test_a_whole_bill_is_typed_with_the_keyboard_and_posted(
    window: Driver, page: TypedBillPage, filled: Workspace
) -> None:
    type_head(window)
    type_rows(window, page)
    assert [list(row.values())[:8] for row in page.form.model.typed()] == [
        ["Internet 1 Gbps", "MRC", "DIA1G", "80/KXGS/000123//NB", "", "2", "500.00", "1,000.00"],
        ["Excise tax", "TAX", "", "", "", "", "", "60.00"],
    ]
    assert window.text("typed_verdict") == "It adds up."
    window.press("S", Qt.KeyboardModifier.ControlModifier)
    assert window.page.key == "bill"
    with filled.database.reading() as session:
        bill = session.scalars(select(Invoice).where(Invoice.number == "NB-PAPER-1")).one()
        charges = session.scalars(select(Charge).where(Charge.invoice_id == bill.id).order_by(Charge.id)).all()
        assert (bill.total_due, bill.payments_applied) == (D("1060.00"), D("-100.00"))
        assert [(charge.description, charge.quantity, charge.amount) for charge in charges] == [
            ("Internet 1 Gbps", D("2"), D("1000.00")),
            ("Excise tax", None, D("60.00")),
        ]
    assert not page.form.touched


def test_the_sums_follow_every_keystroke(window: Driver, page: TypedBillPage) -> None:
    window.type("typed_current_charges", "75")
    assert sums(window)["current_difference"] == "$75.00"
    page.form.grid.setCurrentIndex(page.form.model.index(0, 7))
    page.form.grid.setFocus()
    keys(window, "7")
    assert sums(window)["charges"] == "$7.00"
    keys(window, "5")
    assert (sums(window)["charges"], sums(window)["current_difference"]) == ("$75.00", "$0.00")
    assert window.find(QLabel, "typed_sum_current_difference").property("tone") == "success"
    keys(window, "x")
    assert sums(window)["charges"] == "?"
    keys(window, "", Qt.Key.Key_Escape)
    assert sums(window)["charges"] == "$0.00"


def test_what_cannot_be_read_is_told_beside_its_field(window: Driver, page: TypedBillPage) -> None:
    window.type("typed_bill_date", "03/04/26")
    window.type("typed_total_due", "1.000,00")
    assert window.text("typed_bill_date_fault").startswith("As ")
    assert "As 1,234.56, please" in window.text("typed_total_due_fault")
    assert not page.save.isEnabled()
    assert window.text("typed_verdict").startswith("Missing: Carrier, Bill number")


def test_quantity_times_price_that_is_not_the_amount_is_marked_and_not_changed(
    window: Driver, page: TypedBillPage
) -> None:
    type_rows(window, page, (("Internet", "MRC", "", "", "", "2", "500.00", "900.00"),))
    model = page.form.model
    amount = model.index(0, 7)
    assert model.data(amount) == "900.00"
    assert model.data(amount, Qt.ItemDataRole.ToolTipRole) == "2 × 500.00 = 1,000.00, not 900.00"
    assert model.data(amount, Qt.ItemDataRole.BackgroundRole) is not None
    model.setData(amount, "-1,000.00")
    assert model.data(amount, Qt.ItemDataRole.BackgroundRole) is None


def test_rows_of_a_spreadsheet_are_pasted_and_taken_back(window: Driver, page: TypedBillPage) -> None:
    put_on_clipboard("Line A\tMRC\t\t\t\t1\t10.00\t10.00\r\nLine B\tNRC\t\t\t\t\t\t(2.50)\r\n")
    page.form.grid.begin()
    window.press("V", Qt.KeyboardModifier.ControlModifier)
    assert [row["description"] for row in page.form.model.rows] == ["Line A", "Line B", ""]  # type: ignore[index]
    assert sums(window)["charges"] == "$7.50"
    page.form.grid.selectRow(0)
    window.click("typed_delete_row_button")
    assert sums(window)["charges"] == "−$2.50"
    window.click("typed_undo_button")
    window.click("typed_undo_button")
    assert page.form.model.typed() == []
    assert not page.form.undo.isEnabled()


def test_rows_are_pasted_into_a_cell_that_is_being_edited(window: Driver, page: TypedBillPage) -> None:
    put_on_clipboard("Line A\tMRC\nLine B\tNRC")
    page.form.grid.begin()
    keys(window, "half")
    window.press("V", Qt.KeyboardModifier.ControlModifier)
    assert [row["description"] for row in page.form.model.typed()] == ["Line A", "Line B"]  # type: ignore[index]


def test_tab_on_an_empty_row_leaves_the_charges(window: Driver, page: TypedBillPage) -> None:
    page.form.grid.begin()
    window.press("Tab")
    assert QApplication.focusWidget() is not page.form.grid


def test_a_bill_that_is_here_already_is_told_and_stays_typed(window: Driver, page: TypedBillPage) -> None:
    for _ in range(2):
        page = window.go("typed_bill")
        type_head(window)
        type_rows(window, page)
        window.click("typed_save_button")
    assert window.page.key == "typed_bill"
    assert "already here" in window.window.message.text.text()
    assert page.form.touched
    page.form.clear()


def test_a_bill_that_does_not_add_up_is_saved_with_a_reason(
    window: Driver, page: TypedBillPage, filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(question: ReasonQuestion) -> int:
        question.findChild(QPlainTextEdit, "reason_text").setPlainText("So it is printed")
        return int(QDialog.DialogCode.Accepted.value)

    type_head(window, current_charges="1,061.00", total_due="1,061.00")
    type_rows(window, page)
    assert sums(window)["current_difference"] == "$1.00"
    assert window.find(QLabel, "typed_sum_current_difference").property("tone") == "danger"
    assert page.save.text() == "Save with a reason…"
    monkeypatch.setattr(ReasonQuestion, "exec", lambda _question: int(QDialog.DialogCode.Rejected.value))
    window.click("typed_save_button")
    assert window.page.key == "typed_bill"
    monkeypatch.setattr(ReasonQuestion, "exec", answer)
    window.click("typed_save_button")
    assert window.page.key == "bill"
    with filled.database.reading() as session:
        messages = session.scalars(select(DocumentIssue.message).where(DocumentIssue.code == "typed-with-reason")).all()
    assert [message.endswith("So it is printed") for message in messages] == [True]


def test_leaving_asks_before_what_is_typed_is_lost(
    window: Driver, page: TypedBillPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def answer(accept: bool) -> None:
        def exec_(_question: DiscardQuestion) -> int:
            asked.append(accept)
            code = QDialog.DialogCode.Accepted if accept else QDialog.DialogCode.Rejected
            return int(code.value)

        monkeypatch.setattr(DiscardQuestion, "exec", exec_)

    window.type("typed_number", "X-1")
    answer(accept=False)
    window.go("bills")
    assert (window.page.key, page.form.header.lines["number"].text()) == ("typed_bill", "X-1")
    answer(accept=True)
    window.go("bills")
    assert (window.page.key, page.form.header.lines["number"].text()) == ("bills", "")
    assert asked == [False, True]


def test_known_carriers_and_their_accounts_are_offered(window: Driver, page: TypedBillPage) -> None:
    carriers = page.form.header.lines["carrier"].completer().model()
    assert "Northbeam Communications" in [carriers.index(row, 0).data() for row in range(carriers.rowCount())]
    window.type("typed_carrier", "Northbeam Communications")
    accounts = page.form.header.lines["ban"].completer().model()
    offered = [accounts.index(row, 0).data() for row in range(accounts.rowCount())]
    assert "NB-7781" in offered
    assert all(ban.startswith("NB-") for ban in offered)


def test_every_field_has_a_name_for_those_who_do_not_see_it(page: TypedBillPage) -> None:
    for line in page.form.header.lines.values():
        assert line.accessibleName()
    assert page.form.grid.accessibleName() == "Charges"


@pytest.mark.parametrize(
    ("locale", "shown", "decimal"),
    [
        ("C", "YYYY-MM-DD", "."),
        ("en_US", "M/D/YYYY", "."),
        ("de_DE", "DD.MM.YYYY", ","),
        ("fr_FR", "DD/MM/YYYY", ","),
        ("sv_SE", "YYYY-MM-DD", ","),
    ],
)
def test_days_and_sums_are_typed_as_the_computers_locale_writes_them(
    qtbot: QtBot, locale: str, shown: str, decimal: str
) -> None:
    formats = formats_of(QLocale(locale))
    assert (formats.dates[0], formats.numbers.decimal) == (shown, decimal)
    assert formats.dates[-1] == "YYYY-MM-DD"
    assert formats.amount(f"1234{decimal}50") == D("1234.50")


def test_an_empty_form_accuses_nothing(page: TypedBillPage) -> None:
    assert page.form.header.wrong() == []
