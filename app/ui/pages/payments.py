"""Payments: the proposal of a run until a day, what is scheduled, the files that left, each step by its own person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QHBoxLayout

from app.domain.money import ZERO
from app.domain.vocabulary import PaymentStatus
from app.queries import payment_run, payments
from app.queries.payment_run import Row as ProposalRow
from app.queries.payments import BatchRow
from app.queries.payments import Row as PaymentRow
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.dialogs.money import day_field, day_of
from app.ui.dialogs.questions import ask_reason
from app.ui.pages.base import Page
from app.ui.pages.payment_columns import BATCHES, PAYMENTS, proposal_columns
from app.ui.tables import DataTable, View
from app.ui.tables.data_table import total_of
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.tabs import tabbed_lists
from app.ui.wording import count, moneys

RUN_DAYS = 30


class PaymentsPage(Page):
    """Three lists under tabs: to schedule, payments, files."""

    key = "payments"
    title = "Payments"
    subtitle = "One person schedules, another releases; nothing is paid twice, nothing that is disputed is paid."
    place = "payments"
    watches = (
        Changes.INVOICES | Changes.PAYMENTS | Changes.DISPUTES | Changes.APPROVALS | Changes.INVENTORY | Changes.USERS
    )

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self._declare()
        self.until = day_field("run_until", ui.backend.today + timedelta(days=RUN_DAYS))
        self.until.setAccessibleName("Due until")
        self.only_due = QCheckBox("Only what is due until")
        self.only_due.setObjectName("run_only_due")
        self._make_tables()
        lists: tuple[tuple[str, DataTable[Any]], ...] = (
            ("To schedule", self.proposal),
            ("Payments", self.payments),
            ("Files", self.batches),
        )
        self.tabs, self.stack = tabbed_lists("payments_tabs", "Lists of payments", lists)
        bar = self.proposal.bar.layout()
        if isinstance(bar, QHBoxLayout):
            for place, part in enumerate((self.only_due, self.until)):
                bar.insertWidget(place, part)
        self.until.dateChanged.connect(lambda _day: self._run_changed())
        self.only_due.toggled.connect(lambda _checked: self._run_changed())
        self.tabs.currentChanged.connect(self._tab)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self._tab(0)

    def reload(self) -> None:
        wanted = payment_run.Filter(self.ui.backend.today, day_of(self.until) if self.only_due.isChecked() else None)
        self.fetch("proposal", payment_run.fetch, wanted, then=self._show_proposal)
        self.fetch("payments", payments.fetch, then=self._show_payments)
        self.fetch("batches", payments.fetch_batches, then=self._show_batches)

    def open(self, link: Link) -> None:
        places = {"proposal": 0, "scheduled": 1, "released": 1, "settled": 1, "all": 1, "files": 2}
        if link.view in places:
            self.tabs.setCurrentIndex(places[link.view])
            if places[link.view] == 1:
                self.payments.show_view(link.view, link.text)

    # how it is made

    def _declare(self) -> None:
        self.void = self.verb("payment_void", "Take back…", "send_back", self._void, tip="The bill is approved again")
        self.folder = self.verb("batch_folder", "Show the file", "folder", self._show_file, tip="Where the file lies")
        self.settle = self.verb(
            "batch_settle",
            "Settled by the bank",
            "check",
            self._settle,
            primary=True,
            tip="The bank has carried it out",
        )
        self.release_file = self.verb(
            "payment_release",
            "Release as a file",
            "export",
            self._release,
            primary=True,
            shortcut="Ctrl+Shift+Return",
            tip="Write the payment file of the selected payments, else of all that are scheduled; a second person only",
        )
        self.schedule = self.verb(
            "payment_schedule",
            "Schedule",
            "calendar",
            self._schedule,
            primary=True,
            shortcut="Ctrl+Return",
            tip="Schedule the selected bills, else all that are shown",
        )

    def _make_tables(self) -> None:
        ui = self.ui
        own = ui.backend.currency
        self.proposal: DataTable[ProposalRow] = DataTable(
            ui,
            "proposal",
            proposal_columns(ui.backend),
            key=lambda row: row.invoice_id,
            noun="bill",
            several=True,
            empty=Emptiness(
                "Nothing is approved and unscheduled. Bills come here when a second person has approved them.",
                "Show bills in approval",
                lambda: ui.go(Link("bills", view="approval")),
                "payments",
            ),
            total=lambda rows: (
                f"to pay {moneys(total_of(rows, 'net'), own)}, withheld {moneys(total_of(rows, 'withheld'), own)}"
            ),
        )
        self.payments: DataTable[PaymentRow] = DataTable(
            ui,
            "payments",
            PAYMENTS,
            key=lambda row: row.id,
            noun="payment",
            several=True,
            empty=Emptiness(
                "Nothing is scheduled yet.", "Show what is to schedule", lambda: self.tabs.setCurrentIndex(0)
            ),
            views=(
                View("scheduled", "Scheduled", lambda row: row.status is PaymentStatus.SCHEDULED),
                View("released", "Released", lambda row: row.status is PaymentStatus.RELEASED),
                View("settled", "Settled", lambda row: row.status is PaymentStatus.SETTLED),
                View("back", "Returned", lambda row: row.status in (PaymentStatus.RETURNED, PaymentStatus.VOID)),
                View("all", "All", lambda _row: True),
            ),
            total=lambda rows: moneys(total_of(rows, "amount"), own),
        )
        self.batches: DataTable[BatchRow] = DataTable(
            ui,
            "batches",
            BATCHES,
            key=lambda row: row.id,
            noun="file",
            empty=Emptiness("No payment file has been written yet.", icon="payments"),
            total=lambda rows: moneys(total_of(rows, "total"), own),
        )
        self.proposal.activated.connect(lambda row: ui.go(Link("bill", key=row.invoice_id)))
        self.payments.activated.connect(lambda row: ui.go(Link("bill", key=row.invoice_id)))
        for table in (self.proposal, self.payments, self.batches):
            table.selected.connect(lambda _row: self._enable())

    # what it shows

    def _tab(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self.schedule.setVisible(place == 0)
        self.release_file.setVisible(place == 1)
        self.void.setVisible(place == 1)
        self.settle.setVisible(place == 2)
        self.folder.setVisible(place == 2)
        self._enable()

    def _run_changed(self) -> None:
        self.until.setEnabled(self.only_due.isChecked())
        self.reload()

    def _show_proposal(self, rows: list[ProposalRow]) -> None:
        self.until.setEnabled(self.only_due.isChecked())
        self.proposal.load(rows)
        self.tabs.setTabText(0, f"To schedule  {len(rows)}")
        self._enable()

    def _show_payments(self, rows: list[PaymentRow]) -> None:
        waiting = sum(1 for row in rows if row.status is PaymentStatus.SCHEDULED)
        self.payments.load(rows)
        self.tabs.setTabText(1, f"Payments  {waiting}" if waiting else "Payments")
        if rows and not self.payments.model.shown:
            self.payments.show_view("all")
        self._enable()

    def _show_batches(self, rows: list[BatchRow]) -> None:
        self.batches.load(rows)
        self.batches.take_first()
        self._enable()

    def _enable(self) -> None:
        chosen = self._chosen_bills()
        told = f"Schedule {count(len(chosen), 'bill')}" if chosen else "Schedule"
        self.schedule.setText(told)
        self.schedule.setEnabled(bool(chosen))
        waiting = self._chosen_payments()
        self.release_file.setText(f"Release {count(len(waiting), 'payment')}" if waiting else "Release as a file")
        self.release_file.setEnabled(bool(waiting))
        picked = self.payments.selection()
        self.void.setEnabled(len(picked) == 1 and picked[0].status is PaymentStatus.SCHEDULED)
        batch = self.batches.current()
        self.settle.setEnabled(batch is not None and bool(batch.waiting))
        self.folder.setEnabled(batch is not None)

    def _chosen_bills(self) -> list[int]:
        rows = self.proposal.selection() or self.proposal.model.shown
        return [row.invoice_id for row in rows if row.net > ZERO]

    def _chosen_payments(self) -> list[int]:
        rows = self.payments.selection() or self.payments.model.shown
        return [row.id for row in rows if row.status is PaymentStatus.SCHEDULED]

    # what can be done

    def _schedule(self) -> None:
        ids, actor, do = self._chosen_bills(), self.ui.acting.name, self.ui.backend.do
        note = f"{count(len(ids), 'bill')} scheduled: a second person releases the payments."
        self.ui.command("Scheduling", lambda: do.schedule(ids, actor), note)

    def _release(self) -> None:
        ids, actor, do = self._chosen_payments(), self.ui.acting.name, self.ui.backend.do

        def show(result: tuple[list[Path], Changes]) -> None:
            self.ui.toast(f"Written: {', '.join(path.name for path in result[0])}")
            self.tabs.setCurrentIndex(2)

        self.ui.command("Releasing", lambda: do.release(ids, actor), done=show)

    def _void(self) -> None:
        row = self.payments.current()
        if row is None:
            return
        reason = ask_reason(
            self, "Take this payment back?", "The bill is approved again and waits to be scheduled.", "Take back"
        )
        if reason:
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command("Taking back", lambda: do.void(row.id, actor, reason), "The payment is taken back.")

    def _settle(self) -> None:
        row = self.batches.current()
        if row is not None:
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command("Settling", lambda: do.settle(row.id, actor), f"Batch {row.number} is settled.")

    def _show_file(self) -> None:
        row = self.batches.current()
        if row is None:
            return

        def show(path: Path) -> None:
            self.ui.toast(str(path))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

        do = self.ui.backend.do
        self.ui.command("Checking the file", lambda: do.payment_file(row.id), done=show)
