"""Bank: what moved on our accounts and which payment each movement is, statements, and the bank's answers."""

from __future__ import annotations

from typing import Any

from app.domain.money import ZERO
from app.domain.vocabulary import AnswerKind
from app.queries import bank
from app.queries.bank import AnswerRow, Candidate, LineState, Row, StatementRow
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.dialogs.bank import ask_payment
from app.ui.pages.bank_columns import ANSWERS, LINES, STATEMENTS
from app.ui.pages.base import Page
from app.ui.tables import DataTable, View
from app.ui.tables.data_table import total_of
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.tabs import tabbed_lists
from app.ui.wording import moneys

_PLACES = {"movements": 0, "statements": 1, "answers": 2}
_BAD = (AnswerKind.REJECTED, AnswerKind.RETURNED)


class BankPage(Page):
    """Three lists under tabs: movements, statements, answers."""

    key = "bank"
    title = "Bank"
    subtitle = "What moved on our accounts, and what it was."
    place = "bank"
    watches = Changes.BANK | Changes.PAYMENTS | Changes.INVOICES

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self._declare()
        self._make_tables()
        lists: tuple[tuple[str, DataTable[Any]], ...] = (
            ("Movements", self.lines),
            ("Statements", self.statements),
            ("Answers", self.answers),
        )
        self.tabs, self.stack = tabbed_lists("bank_tabs", "Lists of the bank", lists)
        for _title, table in lists:
            table.selected.connect(lambda _row: self._enable())
        self.tabs.currentChanged.connect(self._tab)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self._tab(0)

    def reload(self) -> None:
        self.fetch("lines", bank.fetch, then=self._show_lines)
        self.fetch("statements", bank.fetch_statements, then=self.statements.load)
        self.fetch("answers", bank.fetch_answers, then=self._show_answers)

    def open(self, link: Link) -> None:
        if link.view in _PLACES:
            self.tabs.setCurrentIndex(_PLACES[link.view])
        elif link.view:
            self.tabs.setCurrentIndex(0)
            self.lines.show_view(link.view, link.text)

    # how it is made

    def _declare(self) -> None:
        self.bill = self.verb("bank_bill", "Open the bill", "bills", self._open_bill, tip="The bill that was paid")
        self.aside = self.verb(
            "bank_aside", "None of ours", "dismiss", self._set_aside, tip="It is no payment of a bill: no longer shown"
        )
        self.back = self.verb("bank_back", "Take back", "send_back", self._take_back, tip="It is not that payment")
        self.again = self.verb(
            "bank_again", "Match again", "reload", self._match_again, tip="Look for the payments of what is open"
        )
        self.match = self.verb(
            "bank_match",
            "Match…",
            "check",
            self._match,
            primary=True,
            shortcut="Ctrl+M",
            tip="Say which payment the selected movement is",
        )

    def _make_tables(self) -> None:
        ui, own = self.ui, self.ui.backend.currency
        self.lines: DataTable[Row] = DataTable(
            ui,
            "bank_lines",
            LINES,
            key=lambda row: row.id,
            noun="movement",
            empty=Emptiness(
                "No statement of a bank has been imported yet: drop an MT940, camt, BAI2, OFX or CSV file on the "
                "window.",
                icon="bank",
            ),
            views=(
                View("unexplained", "Unexplained", lambda row: row.state is LineState.UNEXPLAINED),
                View("matched", "Matched", lambda row: row.state is LineState.MATCHED),
                View("returned", "Returned", lambda row: row.state is LineState.RETURNED or bool(row.returned)),
                View("all", "All", lambda _row: True),
            ),
            total=lambda rows: f"out {_sum(rows, False, own)}, in {_sum(rows, True, own)}",
        )
        self.statements: DataTable[StatementRow] = DataTable(
            ui,
            "bank_statements",
            STATEMENTS,
            key=lambda row: row.id,
            noun="statement",
            empty=Emptiness("No statement of a bank has been imported yet.", icon="bank"),
        )
        self.answers: DataTable[AnswerRow] = DataTable(
            ui,
            "bank_answers",
            ANSWERS,
            key=lambda row: row.id,
            noun="answer",
            empty=Emptiness(
                "No answer of a bank has been imported yet: pain.002 and NACHA return files come here.", icon="bank"
            ),
            views=(
                View("all", "All", lambda _row: True),
                View("bad", "Rejected and returned", lambda row: row.kind in _BAD),
                View("change", "To be corrected", lambda row: row.kind is AnswerKind.CHANGE),
            ),
        )
        self.lines.activated.connect(lambda row: self._go_to_bill(row.invoice_id))
        self.answers.activated.connect(lambda row: self._go_to_bill(row.invoice_id))
        self.statements.activated.connect(self._show_statement)

    # what it shows

    def _tab(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        for action in (self.match, self.back, self.aside):
            action.setVisible(place == 0)
        self.again.setVisible(place != 1)
        self.bill.setVisible(place != 1)
        self._enable()

    def _show_lines(self, rows: list[Row]) -> None:
        self.lines.load(rows)
        waiting = sum(1 for row in rows if row.state is LineState.UNEXPLAINED)
        self.tabs.setTabText(0, f"Movements  {waiting}" if waiting else "Movements")
        if rows and not self.lines.model.shown:
            self.lines.show_view("all")
        self._enable()

    def _show_answers(self, rows: list[AnswerRow]) -> None:
        self.answers.load(rows)
        self._enable()

    def _show_statement(self, row: StatementRow) -> None:
        keys = frozenset(line.id for line in self.lines.model.all if line.statement_id == row.id)
        self.tabs.setCurrentIndex(0)
        self.lines.show_view("all")
        self.lines.show_only(keys, f"Statement {row.number or ''} of {row.account}")

    def _enable(self) -> None:
        row = self.lines.current()
        is_open = row is not None and row.state in (LineState.UNEXPLAINED, LineState.CREDIT, LineState.SET_ASIDE)
        self.match.setEnabled(is_open)
        self.aside.setEnabled(row is not None and row.state is LineState.UNEXPLAINED)
        held = (LineState.MATCHED, LineState.RETURNED, LineState.SET_ASIDE)
        self.back.setEnabled(row is not None and row.state in held and bool(row.how))
        self.bill.setEnabled(self._bill_of_current() is not None)

    def _bill_of_current(self) -> int | None:
        current = self.answers.current() if self.tabs.currentIndex() == _PLACES["answers"] else self.lines.current()
        return None if current is None else current.invoice_id

    # what can be done

    def _open_bill(self) -> None:
        self._go_to_bill(self._bill_of_current())

    def _go_to_bill(self, invoice_id: int | None) -> None:
        if invoice_id is not None:
            self.ui.go(Link("bill", key=invoice_id))

    def _match(self) -> None:
        row = self.lines.current()
        if row is not None:
            self.fetch("candidates", bank.fetch_candidates, row.id, then=lambda found: self._ask(row, found))

    def _ask(self, row: Row, candidates: list[Candidate]) -> None:
        if not candidates:
            self.ui.toast("No payment that has left has this amount and currency.")
            return
        chosen = ask_payment(self, row, candidates)
        if chosen is not None:
            actor, do = self.ui.acting.name, self.ui.backend.do
            done = (
                "The payment is settled." if row.amount < ZERO else "The payment came back: its bill can be paid again."
            )
            self.ui.command("Matching", lambda: do.match_bank_line(row.id, chosen, actor), done)

    def _take_back(self) -> None:
        row = self.lines.current()
        if row is not None:
            actor, do = self.ui.acting.name, self.ui.backend.do
            done = "The movement is open again. What was recorded of the payment stays."
            self.ui.command("Taking back", lambda: do.take_bank_match_back(row.id, actor), done)

    def _set_aside(self) -> None:
        row = self.lines.current()
        if row is not None:
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command("Setting aside", lambda: do.set_bank_line_aside(row.id, actor), "Set aside.")

    def _match_again(self) -> None:
        actor, do = self.ui.acting.name, self.ui.backend.do
        self.ui.command("Matching", lambda: do.match_bank_again(actor), "Looked at all that is open.")


def _sum(rows: list[Row], incoming: bool, own: str) -> str:
    wanted = [row for row in rows if (row.amount > ZERO) == incoming and row.state is not LineState.ANNOUNCED]
    return moneys({key: abs(value) for key, value in total_of(wanted, "amount").items()}, own)
