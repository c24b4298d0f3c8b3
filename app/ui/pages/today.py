"""The day at a glance: four figures that link, the next steps by their deadlines, what is due, what arrived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from app.domain.money import ZERO
from app.domain.vocabulary import DisputeStatus, FindingStatus, InvoiceStatus, Ledger
from app.queries import bills, disputes, findings, today
from app.queries.today import Kind, Row
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.pages.base import Page
from app.ui.pages.bills import REVIEW
from app.ui.tables.data_table import total_of
from app.ui.tokens import SPACE_L, Tone
from app.ui.widgets.agenda import Agenda, Entry
from app.ui.widgets.bars import Bar, Bars
from app.ui.widgets.basic import Card, label
from app.ui.widgets.tile import Tile
from app.ui.wording import count, day, deadline_tone, money, moneys, until, word

# what is to be done, in the words of the list of next steps
STEPS = {
    Kind.OVERCHARGED: ("Dispute the overcharges of {subject}", "overcharges"),
    Kind.DISPUTE: ("File dispute {subject}", "disputes"),
    Kind.WAITING: ("Approve bill {subject}", "approve"),
    Kind.TO_SEND: ("Release the payment of {subject}", "payments"),
    Kind.MISSING: ("Ask for the missing bill of {subject}", "info"),
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STANDING = (FindingStatus.OPEN, FindingStatus.DISPUTED)


@dataclass(frozen=True, slots=True)
class Answers:
    """What the page asks for, all of one moment."""

    rows: list[Row]
    claims: list[findings.Row]
    disputes: list[disputes.Row]
    to_review: int


def link_of(row: Row) -> Link:
    """Where a line leads."""
    if row.kind is Kind.DISPUTE:
        return Link("disputes", key=row.dispute_id)
    if row.kind is Kind.TO_SEND:
        return Link("payments", view="scheduled")
    if row.kind is Kind.MISSING:
        return Link("overcharges", view="check", text=row.subject)
    return Link("bill", key=row.invoice_id)


class TodayPage(Page):
    """Every number links to the rows behind it."""

    key = "today"
    title = "Today"
    place = "today"
    watches = (
        Changes.INVOICES | Changes.FINDINGS | Changes.DISPUTES | Changes.APPROVALS | Changes.PAYMENTS | Changes.CHARGES
    )

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.note.show()
        self._due_bills: frozenset[int] = frozenset()
        self.verb("today_import", "Import files…", "import", ui.pick_files, tip="Or drop them anywhere", primary=True)
        theme, icons = ui.theme, ui.icons
        self.review = Tile(
            "tile_review", "To review", "bills", "Bills that came in and that nobody has submitted yet", theme, icons
        )
        self.over = Tile(
            "tile_overcharged", "Overcharged, not disputed", "overcharges", "Open findings with a claim", theme, icons
        )
        self.disputed = Tile("tile_disputed", "In dispute", "disputes", "Claims that wait for an answer", theme, icons)
        self.due = Tile(
            "tile_due",
            "Due in 31 days",
            "payments",
            "Payable of unpaid bills, without what is withheld",
            theme,
            icons,
        )
        self.review.clicked.connect(lambda _checked=False: ui.go(Link("bills", view="review", text="")))
        self.over.clicked.connect(lambda _checked=False: ui.go(Link("overcharges", view="open", text="")))
        self.disputed.clicked.connect(lambda _checked=False: ui.go(Link("disputes", view="open", text="")))
        self.due.clicked.connect(
            lambda _checked=False: ui.go(Link("bills", text="Due in 31 days", only=self._due_bills))
        )
        tiles = QHBoxLayout()
        tiles.setSpacing(SPACE_L)
        for tile in (self.review, self.over, self.disputed, self.due):
            tiles.addWidget(tile, 1)
        self.steps = Agenda("step", "Next steps", "Nothing waits for you. Well done.", theme, icons, ui.go)
        self.dues = Agenda("due", "Due when", "Nothing is due in the next 31 days.", theme, icons, ui.go)
        self.arrived = Agenda(
            "arrived", "What arrived", "No bill in the last 31 days. Drop files on this window.", theme, icons, ui.go
        )
        self.bars = Bars("bars_carrier", "Overcharged by carrier", theme)
        self.bars.chosen.connect(lambda name: ui.go(Link("overcharges", view="all", text=name)))
        self.by_carrier = Card("Overcharged by carrier")
        self.by_carrier.heading.addWidget(label("open and disputed claims", "small"))
        self.by_carrier.body.addWidget(self.bars)
        self.no_claims = label("No claim stands. Findings show here as soon as an audit has some.", "muted", wrap=True)
        self.by_carrier.body.addWidget(self.no_claims)
        self.by_carrier.body.addStretch(1)
        grid = QGridLayout()
        grid.setSpacing(SPACE_L)
        grid.addWidget(self.steps, 0, 0)
        grid.addWidget(self.dues, 0, 1)
        grid.addWidget(self.arrived, 1, 0)
        grid.addWidget(self.by_carrier, 1, 1)
        for place in (0, 1):
            grid.setColumnStretch(place, 1)
        grid.setRowStretch(0, 5)
        grid.setRowStretch(1, 4)
        self.body.addLayout(tiles)
        self.body.addLayout(grid, 1)

    def reload(self) -> None:
        backend = self.ui.backend
        wanted = today.Filter(backend.today)

        def work() -> Answers:
            standing = findings.Filter(statuses=STANDING, ledgers=(Ledger.ERROR,), claimable=True)
            return Answers(
                backend.query(today.fetch, wanted),
                backend.query(findings.fetch, standing),
                backend.query(disputes.fetch, disputes.Filter(statuses=disputes.UNANSWERED)),
                len(backend.query(bills.fetch, bills.Filter(statuses=tuple(REVIEW)))),
            )

        self.ui.ops.query(self, "today", work, self._show)

    def _show(self, found: Answers) -> None:
        rows = found.rows
        now = self.ui.backend.today
        written = f"{WEEKDAYS[now.weekday()]}, {day(now)}"
        self.note.setText(written)
        self._show_tiles(found)
        steps = [row for row in rows if row.kind in STEPS]
        steps.sort(key=lambda row: (row.days_left is None, row.days_left or 0))
        self.steps.show_entries([self._step(row) for row in steps], count(len(steps), "step") if steps else "")
        dues = [row for row in rows if row.kind is Kind.DUE]
        self.dues.show_entries([self._due(row) for row in dues], self._sum(rows, Kind.DUE))
        arrived = [row for row in rows if row.kind is Kind.ARRIVED]
        self.arrived.show_entries([self._arrival(row) for row in arrived], self._sum(rows, Kind.ARRIVED))
        self._show_bars(found.claims)

    def _show_tiles(self, found: Answers) -> None:
        rows, to_review = found.rows, found.to_review
        waiting = [row for row in rows if row.kind is Kind.WAITING]
        note = f"{count(len(waiting), 'bill')} waiting for approval" if waiting else "none waiting for approval"
        self.review.show_figure(str(to_review), note, Tone.ACCENT if to_review else Tone.NEUTRAL)
        over = [row for row in rows if row.kind is Kind.OVERCHARGED]
        number = sum(row.count for row in over)
        told = (
            f"{count(number, 'finding')}, {self._first(over)}"
            if over
            else "everything found is disputed"
            if found.disputes
            else "nothing found"
        )
        self._figure(self.over, today.total(list(over), Kind.OVERCHARGED), told, Tone.DANGER if over else Tone.SUCCESS)
        drafts = sum(1 for dispute in found.disputes if dispute.status is DisputeStatus.DRAFT)
        told = f"{count(drafts, 'letter')} to file" if drafts else "none to file"
        self._figure(self.disputed, total_of(found.disputes, "claim"), told, Tone.WARNING if drafts else Tone.NEUTRAL)
        due = [row for row in rows if row.kind is Kind.DUE]
        told = f"{count(len(due), 'bill')}, {self._first(due)}" if due else "nothing"
        self._due_bills = frozenset(row.invoice_id for row in due if row.invoice_id is not None)
        self._figure(self.due, today.total(list(due), Kind.DUE), told, Tone.NEUTRAL)

    def _figure(self, tile: Tile, sums: Mapping[str, Decimal], told: str, tone: Tone) -> None:
        """The workspace's own currency large, others in the note: sums of two currencies are never added."""
        own = self.ui.backend.currency
        amounts = {currency: amount for currency, amount in sums.items() if amount}
        main = own if own in amounts or not amounts else next(iter(amounts))
        others = moneys({currency: amount for currency, amount in amounts.items() if currency != main}, main)
        more = f"+ {others} · " if len(amounts) > 1 else ""
        tile.show_figure(money(amounts.get(main, ZERO), main), more + told, tone)

    def _first(self, rows: Sequence[Row]) -> str:
        days = [row.day for row in rows if row.day is not None]
        return f"first {until(min(days), self.ui.backend.today)}" if days else "no deadline"

    def _sum(self, rows: list[Row], kind: Kind) -> str:
        return moneys(today.total(rows, kind), self.ui.backend.currency) if rows else ""

    def _step(self, row: Row) -> Entry:
        title, icon = STEPS[row.kind]
        if row.kind is Kind.DISPUTE and row.status != DisputeStatus.DRAFT:
            title = "Answer to {subject} is awaited"
        now = self.ui.backend.today
        detail = row.detail if row.kind is Kind.MISSING else f"{row.carrier}  ·  {row.detail}"
        return Entry(
            title.format(subject=row.subject),
            detail,
            money(row.amount, row.currency) if row.amount is not None else "",
            until(row.day, now) if row.day is not None else "to check",
            deadline_tone(row.day, now) if row.day is not None else Tone.WARNING,
            icon,
            link_of(row),
        )

    def _due(self, row: Row) -> Entry:
        now = self.ui.backend.today
        state = word(InvoiceStatus(row.status)).lower()
        amount = money(row.amount, row.currency)
        tone = deadline_tone(row.day, now)
        return Entry(
            row.carrier, f"Bill {row.subject}  ·  {state}", amount, until(row.day, now), tone, "calendar", link_of(row)
        )

    def _arrival(self, row: Row) -> Entry:
        found = row.count > 0
        chip = count(row.count, "finding") if found else ""
        tone = Tone.DANGER if found else Tone.NEUTRAL
        state = word(InvoiceStatus(row.status)).lower()
        return Entry(
            row.carrier,
            f"Bill {row.subject}  ·  {state}",
            money(row.amount, row.currency),
            chip,
            tone,
            "bills",
            link_of(row),
        )

    def _show_bars(self, claims: Sequence[findings.Row]) -> None:
        sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        numbers: dict[tuple[str, str], int] = defaultdict(int)
        for claim in claims:
            sums[claim.carrier, claim.currency] += claim.claim
            numbers[claim.carrier, claim.currency] += 1
        self.no_claims.setVisible(not sums)
        self.bars.setVisible(bool(sums))
        ranked = sorted(sums.items(), key=lambda pair: -pair[1])
        self.bars.show_bars(
            [
                Bar(carrier, amount, money(amount, currency), count(numbers[carrier, currency], "finding"), Tone.DANGER)
                for (carrier, currency), amount in ranked[:8]
            ]
        )
