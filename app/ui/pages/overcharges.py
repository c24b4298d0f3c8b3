"""What the audit found: the list by claim and deadline, and beside it why, with the proof of the expected amount."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from app.domain.money import ZERO
from app.domain.vocabulary import FindingStatus, Ledger
from app.queries import findings
from app.queries.findings import Row
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.dialogs.questions import ask_reason
from app.ui.pages.base import Page
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tables.data_table import total_of
from app.ui.tokens import Tone
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.finding_card import FindingCard
from app.ui.wording import count, deadline_tone, moneys, sentence, until

VIEWS: tuple[View[Row], ...] = (
    View("open", "Open", lambda row: row.status is FindingStatus.OPEN and row.ledger is Ledger.ERROR),
    View("check", "To check", lambda row: row.status is FindingStatus.OPEN and row.ledger is not Ledger.ERROR),
    View("disputed", "Disputed", lambda row: row.status is FindingStatus.DISPUTED),
    View("credited", "Credited", lambda row: row.status is FindingStatus.CREDITED),
    View("dismissed", "Dismissed", lambda row: row.status is FindingStatus.DISMISSED),
    View("all", "All", lambda _row: True),
)


def _columns(page: OverchargesPage) -> tuple[Column[Row], ...]:
    def deadline(row: Row) -> Tone:
        open_claim = row.status is FindingStatus.OPEN and row.ledger is Ledger.ERROR
        return deadline_tone(row.file_by, page.ui.backend.today) if open_claim else Tone.NEUTRAL

    return (
        Column(
            "claim",
            "Claim",
            lambda row: row.claim or None,
            Kind.MONEY,
            104,
            currency=lambda row: row.currency,
            strong=True,
            tone=lambda row: Tone.DANGER if row.claim and row.status is FindingStatus.OPEN else Tone.NEUTRAL,
        ),
        Column(
            "rule",
            "What is wrong",
            lambda row: sentence(row.rule_name),
            width=210,
            stretch=True,
            tooltip=lambda row: row.message,
            strong=True,
        ),
        Column("carrier", "Carrier", lambda row: row.carrier, width=160),
        Column("service", "Service", lambda row: row.service or None, width=150, hidden=True),
        Column("number", "Bill", lambda row: row.number or None, width=130, hidden=True),
        Column(
            "file_by",
            "Dispute by",
            lambda row: row.file_by,
            Kind.DATE,
            108,
            tone=deadline,
            tooltip=lambda row: until(row.file_by, page.ui.backend.today),
        ),
        Column("status", "Status", lambda row: row.status, Kind.CHIP, 100),
        Column("code", "Rule", lambda row: row.rule, width=60, hidden=True),
        Column(
            "billed", "Billed", lambda row: row.billed, Kind.MONEY, 104, currency=lambda row: row.currency, hidden=True
        ),
        Column(
            "expected",
            "Expected",
            lambda row: row.expected,
            Kind.MONEY,
            104,
            currency=lambda row: row.currency,
            hidden=True,
        ),
        Column("charge", "Charge", lambda row: row.charge or None, width=200, hidden=True),
        Column("ban", "Account", lambda row: row.ban, width=120, hidden=True),
        Column("dispute", "Dispute", lambda row: row.dispute or None, width=110, hidden=True),
        Column("message", "Message", lambda row: row.message, width=320, hidden=True),
    )


class OverchargesPage(Page):
    """Select a finding to read its proof; dispute or dismiss one or many."""

    key = "overcharges"
    title = "Overcharges"
    subtitle = "What the audit found in your bills, largest claim first, each with its proof."
    place = "overcharges"
    watches = Changes.FINDINGS | Changes.DISPUTES | Changes.INVOICES

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self._wanted: int | None = None
        self._first = True
        self.dismiss = self.verb(
            "finding_dismiss",
            "Dismiss…",
            "dismiss",
            self._dismiss,
            shortcut="Ctrl+Backspace",
            tip="Close as no overcharge",
        )
        self.reopen = self.verb("finding_reopen", "Open again", "reload", self._reopen, tip="Take the dismissal back")
        self.dispute = self.verb(
            "finding_dispute",
            "Dispute selected",
            "disputes",
            self._dispute,
            shortcut="Ctrl+D",
            tip="Open a dispute per carrier of the selected overcharges",
        )
        self.dispute_all = self.verb(
            "finding_dispute_all",
            "Dispute all open",
            "disputes",
            self._dispute_all,
            shortcut="Ctrl+Shift+D",
            tip="Open one dispute per carrier of everything that can be claimed",
            primary=True,
        )
        self.list: DataTable[Row] = DataTable(
            ui,
            "findings",
            _columns(self),
            key=lambda row: row.id,
            noun="finding",
            empty=Emptiness(
                "The audit has found nothing yet. Import bills and the contracts they are judged by.",
                "Import files…",
                ui.pick_files,
                "check",
            ),
            views=VIEWS,
            total=lambda rows: f"claims {moneys(total_of(rows, 'claim'), ui.backend.currency)}",
            several=True,
        )
        self.card = FindingCard(ui)
        self.list.selected.connect(self._selected)
        self.list.activated.connect(self._open_bill)
        self.body.addWidget(self.list.bar)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("overcharges_splitter")
        splitter.addWidget(self.list)
        splitter.addWidget(self.card)
        splitter.setStretchFactor(0, 5)
        splitter.setStretchFactor(1, 3)
        splitter.setSizes([640, 366])
        splitter.setChildrenCollapsible(False)
        self.body.addWidget(splitter, 1)
        self._enable()

    def reload(self) -> None:
        self.fetch("findings", findings.fetch, then=self._show)

    def open(self, link: Link) -> None:
        if link.view or link.text:
            self.list.show_view(link.view or "all", link.text)
        if link.key is not None:
            self._wanted = link.key
            self.list.select_key(link.key)

    def _show(self, rows: list[Row]) -> None:
        self.list.load(rows)
        if self._first and rows and not self.list.model.shown:
            self.list.show_view("all")  # everything is disputed already: do not greet with an empty list
        self._first = False
        if self._wanted is not None:
            self.list.select_key(self._wanted)
            self._wanted = None
        self.list.take_first()
        claimable = [row for row in rows if VIEWS[0].passes(row) and row.claim > ZERO]
        self.dispute_all.setEnabled(bool(claimable))
        self._selected(self.list.current())

    def _selected(self, row: Row | None) -> None:
        self.card.show_finding(row.id if row else None)
        self._enable()

    def _enable(self) -> None:
        chosen = self.list.selection()
        states = {row.status for row in chosen}
        claimable = bool(chosen) and all(row.claim > ZERO and row.status is FindingStatus.OPEN for row in chosen)
        self.dispute.setEnabled(claimable)
        self.dismiss.setEnabled(bool(chosen) and states == {FindingStatus.OPEN})
        self.reopen.setVisible(states == {FindingStatus.DISMISSED})
        self.reopen.setEnabled(len(chosen) == 1)

    def _open_bill(self, row: Row) -> None:
        if row.invoice_id is not None:
            self.ui.go(Link("bill", key=row.invoice_id, part=row.charge_id))

    def _dispute(self) -> None:
        ids, actor, do = [row.id for row in self.list.selection()], self.ui.acting.name, self.ui.backend.do
        self.ui.command("Opening the dispute", lambda: do.open_disputes(actor, finding_ids=ids), done=self._opened)

    def _dispute_all(self) -> None:
        actor, do = self.ui.acting.name, self.ui.backend.do
        self.ui.command("Opening disputes", lambda: do.open_disputes(actor), done=self._opened)

    def _opened(self, result: tuple[list[int], Changes]) -> None:
        self.ui.toast(f"{count(len(result[0]), 'dispute')} opened: read the letter and file it.")

    def _dismiss(self) -> None:
        chosen = self.list.selection()
        if not chosen:
            return
        told = count(len(chosen), "finding")
        explanation = "It is not claimed, and a later audit does not open it again. The reason is kept in the log."
        reason = ask_reason(self, f"Dismiss {told}?", explanation, "Dismiss")
        if reason:
            ids, actor, do = [row.id for row in chosen], self.ui.acting.name, self.ui.backend.do
            self.ui.command("Dismissing", lambda: do.dismiss(ids, actor, reason), f"{told} dismissed.")

    def _reopen(self) -> None:
        row = self.list.current()
        if row is not None:
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command("Opening again", lambda: do.reopen(row.id, actor), "The finding is open again.")
