"""Disputes: what is claimed from each carrier, the letter, the deadlines, the answer, the credit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QSplitter

from app.domain.vocabulary import DisputeStatus
from app.domain.workflow import DISPUTE_FLOW
from app.queries import disputes
from app.queries.disputes import UNANSWERED, Detail, Row
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.dialogs.money import AnswerQuestion, DayQuestion
from app.ui.pages.base import Page
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tables.data_table import total_of
from app.ui.tokens import Tone
from app.ui.widgets.dispute_card import DisputeCard
from app.ui.widgets.empty import Emptiness
from app.ui.wording import count, deadline_tone, moneys, until

VIEWS: tuple[View[Row], ...] = (
    View("all", "All", lambda _row: True),
    View("open", "Unanswered", lambda row: row.status in UNANSWERED),
    View("draft", "To file", lambda row: row.status is DisputeStatus.DRAFT),
    View("waiting", "Waiting", lambda row: row.status in (DisputeStatus.FILED, DisputeStatus.ACKNOWLEDGED)),
    View("granted", "Granted", lambda row: row.status in (DisputeStatus.APPROVED, DisputeStatus.CREDITED)),
    View("denied", "Denied", lambda row: row.status is DisputeStatus.DENIED),
    View("over", "Closed", lambda row: row.status in (DisputeStatus.CLOSED, DisputeStatus.WITHDRAWN)),
)


def _columns(page: DisputesPage) -> tuple[Column[Row], ...]:
    def next_day(row: Row) -> date | None:
        late = row.next_day is not None and row.next_day < page.ui.backend.today
        # the chance to withhold has passed, the right to claim has not
        return row.file_by if late and row.status is DisputeStatus.DRAFT else row.next_day

    def deadline(row: Row) -> Tone:
        return deadline_tone(next_day(row), page.ui.backend.today) if row.status in UNANSWERED else Tone.NEUTRAL

    def told(row: Row) -> str:
        step = "to be filed" if row.status is DisputeStatus.DRAFT else "answer due"
        return f"{step} {until(next_day(row), page.ui.backend.today)}"

    return (
        Column("number", "Dispute", lambda row: row.number, width=120, strong=True),
        Column("carrier", "Carrier", lambda row: row.carrier, width=190, stretch=True),
        Column("items", "Charges", lambda row: row.items, Kind.NUMBER, 76, hidden=True),
        Column(
            "claim", "Claim", lambda row: row.claim, Kind.MONEY, 110, currency=lambda row: row.currency, strong=True
        ),
        Column("next_day", "Next day", next_day, Kind.DATE, 104, tone=deadline, tooltip=told),
        Column("status", "Status", lambda row: row.status, Kind.CHIP, 110),
        Column(
            "granted",
            "Granted",
            lambda row: row.granted or None,
            Kind.MONEY,
            104,
            currency=lambda row: row.currency,
            tone=lambda row: Tone.SUCCESS if row.granted else Tone.NEUTRAL,
            hidden=True,
        ),
        Column("accounts", "Accounts", lambda row: row.accounts or None, width=150, hidden=True),
        Column(
            "credited",
            "Credited",
            lambda row: row.credited or None,
            Kind.MONEY,
            currency=lambda row: row.currency,
            hidden=True,
        ),
        Column("filed_on", "Filed", lambda row: row.filed_on, Kind.DATE, hidden=True),
        Column("withhold_by", "Withhold until", lambda row: row.withhold_by, Kind.DATE, hidden=True),
        Column("reference", "Carrier’s number", lambda row: row.reference or None, hidden=True),
        Column("opened_by", "Opened by", lambda row: row.opened_by, hidden=True),
    )


class DisputesPage(Page):
    """Read the letter, file it, record what the carrier answers."""

    key = "disputes"
    title = "Disputes"
    subtitle = "What is claimed from each carrier, and what came of it."
    place = "disputes"
    watches = Changes.DISPUTES | Changes.FINDINGS | Changes.INVOICES

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self._wanted: int | None = None
        self.withdraw = self.verb(
            "dispute_withdraw", "Withdraw", "dismiss", self._withdraw, tip="Take it back: its findings are open again"
        )
        self.answer = self.verb(
            "dispute_answer", "Record the answer…", "approve", self._answer, tip="What the carrier grants of the claim"
        )
        self.letter = self.verb(
            "dispute_letter", "Write the letter", "letter", self._letter, shortcut="Ctrl+L", tip="A PDF with all proofs"
        )
        self.file = self.verb(
            "dispute_file", "Mark as filed…", "next", self._file, tip="The letter has been sent", primary=True
        )
        self.list: DataTable[Row] = DataTable(
            ui,
            "disputes",
            _columns(self),
            key=lambda row: row.id,
            noun="dispute",
            empty=Emptiness(
                "Nothing is disputed. Open disputes from the overcharges.",
                "Show the overcharges",
                lambda: ui.go(Link("overcharges")),
                "disputes",
            ),
            views=VIEWS,
            total=lambda rows: f"claimed {moneys(total_of(rows, 'claim'), ui.backend.currency)}",
        )
        self.card = DisputeCard(ui)
        self.list.selected.connect(self._selected)
        self.body.addWidget(self.list.bar)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("disputes_splitter")
        splitter.addWidget(self.list)
        splitter.addWidget(self.card)
        splitter.setSizes([600, 406])
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        self.body.addWidget(splitter, 1)
        self._enable(None)

    def reload(self) -> None:
        self.fetch("disputes", disputes.fetch, then=self._show)

    def open(self, link: Link) -> None:
        if link.view or link.text:
            self.list.show_view(link.view or "all", link.text)
        if link.key is not None:
            self._wanted = link.key
            self.list.select_key(link.key)

    def _show(self, rows: list[Row]) -> None:
        self.list.load(rows)
        if self._wanted is not None:
            self.list.select_key(self._wanted)
            self._wanted = None
        self.list.take_first()
        self._selected(self.list.current())

    def _selected(self, row: Row | None) -> None:
        self._enable(row)
        if row is None:
            self.card.show_dispute(None)
        else:
            self.fetch("dispute", disputes.fetch_one, row.id, then=self._show_detail)

    def _show_detail(self, detail: Detail | None) -> None:
        self.card.show_dispute(detail)

    def _enable(self, row: Row | None) -> None:
        possible = DISPUTE_FLOW[row.status] if row is not None else frozenset()
        self.file.setEnabled(DisputeStatus.FILED in possible)
        self.file.setText("Appeal…" if row is not None and row.status is DisputeStatus.DENIED else "Mark as filed…")
        self.answer.setEnabled(DisputeStatus.APPROVED in possible)
        self.withdraw.setEnabled(DisputeStatus.WITHDRAWN in possible)
        self.letter.setEnabled(row is not None and row.status in UNANSWERED)

    def _letter(self) -> None:
        row = self.list.current()
        if row is None:
            return
        actor, do = self.ui.acting.name, self.ui.backend.do

        def show(result: tuple[Path, Changes]) -> None:
            self.ui.toast(f"Written: {result[0].name}")
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(result[0])))

        self.ui.command("Writing the letter", lambda: do.write_letter(row.id, actor), done=show)

    def _file(self) -> None:
        row = self.list.current()
        if row is None:
            return
        explanation = f"{count(row.items, 'charge')} of {row.carrier}. The carrier’s time to answer begins on this day."
        question = DayQuestion(
            self, f"When was {row.number} sent?", explanation, "Mark as filed", self.ui.backend.today
        )
        if question.exec() == QDialog.DialogCode.Accepted:
            filed_on, actor, do = question.chosen, self.ui.acting.name, self.ui.backend.do
            self.ui.command("Filing", lambda: do.file_dispute(row.id, actor, filed_on), f"{row.number} is filed.")

    def _answer(self) -> None:
        row = self.list.current()
        if row is None:
            return
        question = AnswerQuestion(self, row.number, row.claim, row.currency)
        if question.exec() == QDialog.DialogCode.Accepted:
            granted, reference = question.granted, question.reference.text().strip()
            actor, do = self.ui.acting.name, self.ui.backend.do
            note = f"The answer to {row.number} is recorded."
            self.ui.command("Recording", lambda: do.record_answer(row.id, granted, reference, actor), note)

    def _withdraw(self) -> None:
        row = self.list.current()
        if row is not None:
            actor, do = self.ui.acting.name, self.ui.backend.do
            note = f"{row.number} is withdrawn: its findings are open again."
            self.ui.command("Withdrawing", lambda: do.withdraw(row.id, actor), note)
