"""All bills: what each carrier billed, what is wrong with it, where it stands."""

from __future__ import annotations

from app.domain.money import ZERO
from app.domain.vocabulary import DocumentKind, InvoiceStatus
from app.queries import bills
from app.queries.bills import Row
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.dialogs.questions import ask_reason
from app.ui.pages.base import Page
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tables.data_table import total_of
from app.ui.tokens import Tone
from app.ui.widgets.empty import Emptiness
from app.ui.wording import count, deadline_tone, moneys, until

REVIEW = frozenset(
    {InvoiceStatus.POSTED, InvoiceStatus.MATCHED, InvoiceStatus.RATED, InvoiceStatus.AUDITED, InvoiceStatus.RETURNED}
)
DONE = frozenset({InvoiceStatus.PAID, InvoiceStatus.RECONCILED})
SETTLED = DONE | {InvoiceStatus.SCHEDULED}

VIEWS: tuple[View[Row], ...] = (
    View("all", "All", lambda _row: True),
    View("review", "To review", lambda row: row.status in REVIEW),
    View("overcharged", "Overcharged", lambda row: row.overcharged > ZERO),
    View("approval", "In approval", lambda row: row.status is InvoiceStatus.IN_APPROVAL),
    View("approved", "Approved", lambda row: row.status in (InvoiceStatus.APPROVED, InvoiceStatus.SCHEDULED)),
    View("hold", "On hold", lambda row: row.status is InvoiceStatus.ON_HOLD),
    View("paid", "Paid", lambda row: row.status in DONE),
)


def _detail(row: Row) -> str:
    return "credit note" if row.kind is DocumentKind.CREDIT_NOTE else row.ban


def _whole(row: Row) -> str:
    return f"{row.number}, account {row.ban}\n{row.document}"


def _columns(page: BillsPage) -> tuple[Column[Row], ...]:
    def due_tone(row: Row) -> Tone:
        return Tone.NEUTRAL if row.status in SETTLED else deadline_tone(row.due_date, page.ui.backend.today)

    def due_tip(row: Row) -> str:
        return until(row.due_date, page.ui.backend.today)

    return (
        Column("bill_date", "Bill date", lambda row: row.bill_date, Kind.DATE, 104),
        Column("carrier", "Carrier", lambda row: row.carrier, width=180, stretch=True, strong=True),
        Column("number", "Bill", lambda row: row.number, width=170, detail=_detail, tooltip=_whole),
        Column("ban", "Account", lambda row: row.ban, width=130, hidden=True),
        Column(
            "billed",
            "Billed",
            lambda row: row.billed,
            Kind.MONEY,
            112,
            currency=lambda row: row.currency,
            tooltip=lambda _row: "Current charges of this bill, with taxes",
        ),
        Column(
            "expected",
            "Expected",
            lambda row: row.expected,
            Kind.MONEY,
            112,
            currency=lambda row: row.currency,
            tooltip=lambda _row: "What is billed without what is overcharged",
            hidden=True,
        ),
        Column(
            "overcharged",
            "Overcharged",
            lambda row: row.overcharged or None,
            Kind.MONEY,
            112,
            currency=lambda row: row.currency,
            tone=lambda row: Tone.DANGER if row.overcharged else Tone.NEUTRAL,
            tooltip=lambda row: count(row.findings, "finding"),
            strong=True,
        ),
        Column("total_due", "Total due", lambda row: row.total_due, Kind.MONEY, 112, currency=lambda row: row.currency),
        Column("due_date", "Due", lambda row: row.due_date, Kind.DATE, 104, tone=due_tone, tooltip=due_tip),
        Column(
            "unmatched",
            "No service",
            lambda row: row.unmatched or None,
            Kind.NUMBER,
            92,
            hidden=True,
            tone=lambda row: Tone.WARNING if row.unmatched else Tone.NEUTRAL,
            tooltip=lambda row: f"{count(row.unmatched, 'charge')} on the worklist",
        ),
        Column("status", "Status", lambda row: row.status, Kind.CHIP, 118),
        Column("document", "File", lambda row: row.document, width=200, hidden=True),
    )


class BillsPage(Page):
    """Enter opens a bill beside its source page."""

    key = "bills"
    title = "Bills"
    subtitle = "Every bill that came in, from its arrival to its payment."
    place = "bills"
    watches = (
        Changes.INVOICES | Changes.CHARGES | Changes.FINDINGS | Changes.APPROVALS | Changes.PAYMENTS | Changes.USERS
    )

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.verb(
            "bills_type",
            "Type a bill in…",
            "write",
            lambda: ui.go(Link("typed_bill")),
            shortcut="Ctrl+T",
            tip="For a bill on paper: type it in, with a check that it adds up",
        )
        self.hold = self.verb("bills_hold", "Hold…", "hold", self._hold, tip="Stop the selected bill")
        self.approve = self.verb(
            "bills_approve",
            "Approve",
            "approve",
            self._approve,
            shortcut="Ctrl+Return",
            tip="Approve the selected bills",
        )
        self.submit = self.verb(
            "bills_submit", "Submit for approval", "next", self._submit, tip="Hand the selected bills on", primary=True
        )
        self.list: DataTable[Row] = DataTable(
            ui,
            "bills",
            _columns(self),
            key=lambda row: row.id,
            noun="bill",
            empty=Emptiness(
                "No bill has come in yet. Import the carriers’ files, or drop them anywhere on this window.",
                "Import files…",
                ui.pick_files,
                "bills",
            ),
            views=VIEWS,
            total=self._total,
            several=True,
        )
        self.list.activated.connect(lambda row: ui.go(Link("bill", key=row.id)))
        self.list.selected.connect(lambda _row: self._enable())
        self.body.addWidget(self.list.bar)
        self.body.addWidget(self.list, 1)
        self._enable()

    def reload(self) -> None:
        self.fetch("bills", bills.fetch, then=self._show)

    def open(self, link: Link) -> None:
        if link.only:
            self.list.show_only(frozenset(link.only), link.text)
        elif link.view or link.text:
            self.list.show_view(link.view or "all", link.text)
        if link.key is not None:
            self.list.select_key(link.key)

    def _show(self, rows: list[Row]) -> None:
        self.list.load(rows)
        self._enable()

    def _total(self, rows: list[Row]) -> str:
        over = total_of(rows, "overcharged")
        own = self.ui.backend.currency
        told = f"billed {moneys(total_of(rows, 'billed'), own)}"
        return f"{told}, overcharged {moneys(over, own)}" if any(over.values()) else told

    def _enable(self) -> None:
        chosen = self.list.selection()
        states = {row.status for row in chosen}
        self.submit.setEnabled(bool(chosen) and states <= {InvoiceStatus.AUDITED, InvoiceStatus.RETURNED})
        self.approve.setEnabled(bool(chosen) and states <= {InvoiceStatus.IN_APPROVAL})
        holdable = {InvoiceStatus.AUDITED, InvoiceStatus.IN_APPROVAL, InvoiceStatus.APPROVED, InvoiceStatus.SCHEDULED}
        self.hold.setEnabled(len(chosen) == 1 and states <= holdable)

    def _submit(self) -> None:
        ids, actor, do = [row.id for row in self.list.selection()], self.ui.acting.name, self.ui.backend.do
        self.ui.command(
            "Submitting",
            lambda: do.submit(ids, actor),
            f"{count(len(ids), 'bill')} submitted: a second person approves.",
        )

    def _approve(self) -> None:
        ids, actor, do = [row.id for row in self.list.selection()], self.ui.acting.name, self.ui.backend.do
        self.ui.command("Approving", lambda: do.approve(ids, actor), f"{count(len(ids), 'bill')} approved.")

    def _hold(self) -> None:
        row = self.list.current()
        if row is None:
            return
        reason = ask_reason(
            self, f"Hold bill {row.number}?", "Nothing of it is paid until the hold is released.", "Hold"
        )
        if reason:
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command("Holding", lambda: do.hold(row.id, actor, reason), f"Bill {row.number} is on hold.")
