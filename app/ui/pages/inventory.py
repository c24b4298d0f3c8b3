"""The inventory: services, billing accounts, locations, where carriers are paid, and what was ordered."""

from __future__ import annotations

from typing import Any

from app.domain.vocabulary import ServiceKind, ServiceStatus
from app.queries import inventory, orders
from app.queries.inventory import AccountRow, BankAccountRow, LocationRow, Row
from app.queries.orders import Row as OrderRow
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.pages.base import Page
from app.ui.pages.order_columns import ORDER_VIEWS, ORDERS
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tables.data_table import total_of
from app.ui.tokens import Tone
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.tabs import tabbed_lists
from app.ui.wording import day, moneys, word

SERVICES: tuple[Column[Row], ...] = (
    Column(
        "identifier",
        "Service",
        lambda row: row.identifier or row.description,
        width=200,
        strong=True,
        stretch=True,
        detail=lambda row: row.description if row.identifier else "",
    ),
    Column("kind", "Kind", lambda row: row.kind, width=90),
    Column("carrier", "Carrier", lambda row: row.carrier, width=180),
    Column(
        "location",
        "Location",
        lambda row: row.location or None,
        width=150,
        tooltip=lambda row: f"{row.location_code} {row.location}".strip(),
    ),
    Column("far_end", "Far end", lambda row: row.far_end or None, width=140, hidden=True),
    Column("code", "Code", lambda row: row.code or None, width=100),
    Column(
        "bandwidth",
        "Bandwidth",
        lambda row: row.bandwidth_kbps,
        Kind.NUMBER,
        96,
        text=lambda row: _speed(row.bandwidth_kbps),
    ),
    Column(
        "monthly",
        "Monthly",
        lambda row: row.monthly,
        Kind.MONEY,
        104,
        currency=lambda row: row.currency,
        tooltip=lambda row: (
            f"Recurring charges on the bill of {day(row.billed_on)}" if row.billed_on else "Not billed yet"
        ),
    ),
    Column(
        "claim",
        "Overcharged",
        lambda row: row.claim or None,
        Kind.MONEY,
        104,
        currency=lambda row: row.currency,
        tone=lambda row: Tone.DANGER if row.claim else Tone.NEUTRAL,
    ),
    Column("installed", "Installed", lambda row: row.installed, Kind.DATE, 104, hidden=True),
    Column("disconnected", "Disconnected", lambda row: row.disconnected, Kind.DATE, 104, hidden=True),
    Column("ban", "Account", lambda row: row.ban or None, width=120, hidden=True),
    Column("quantity", "Quantity", lambda row: row.quantity, Kind.NUMBER, 80, hidden=True),
    Column("ordered", "Ordered", lambda row: row.ordered, Kind.DATE, 104, hidden=True),
    Column("cost_centre", "Cost centre", lambda row: row.cost_centre or None, width=100, hidden=True),
    Column("status", "Status", lambda row: row.status, Kind.CHIP, 130),
)

ACCOUNTS: tuple[Column[AccountRow], ...] = (
    Column("carrier", "Carrier", lambda row: row.carrier, width=200, strong=True),
    Column("ban", "Account", lambda row: row.ban, width=170),
    Column("description", "Description", lambda row: row.description or None, stretch=True),
    Column("contract", "Contract", lambda row: row.contract or None, width=140),
    Column("mode", "Billing", lambda row: row.mode, width=90),
    Column("bill_day", "Bill day", lambda row: row.bill_day, Kind.NUMBER, 76),
    Column("currency", "Currency", lambda row: row.currency, width=84),
    Column("services", "Services", lambda row: row.services, Kind.NUMBER, 84),
    Column("bills", "Bills", lambda row: row.bills, Kind.NUMBER, 70),
    Column("last_bill", "Latest bill", lambda row: row.last_bill, Kind.DATE, 104),
)

LOCATIONS: tuple[Column[LocationRow], ...] = (
    Column("code", "Code", lambda row: row.code, width=110, strong=True),
    Column("name", "Name", lambda row: row.name, width=230),
    Column("address", "Address", lambda row: row.address or None, stretch=True),
    Column("city", "City", lambda row: row.city or None, width=140),
    Column("region", "Region", lambda row: row.region or None, width=90),
    Column("country", "Country", lambda row: row.country or None, width=80),
    Column("services", "Live services", lambda row: row.services, Kind.NUMBER, 104),
    Column("closed", "Closed", lambda row: row.closed, Kind.DATE, 104),
)


def _bank_state(row: BankAccountRow) -> str:
    return "Retired" if row.retired else "Verified" if row.verified_by else "To verify"


def _bank_tone(row: BankAccountRow) -> Tone:
    return Tone.NEUTRAL if row.retired else Tone.SUCCESS if row.verified_by else Tone.WARNING


BANK_ACCOUNTS: tuple[Column[BankAccountRow], ...] = (
    Column("carrier", "Carrier", lambda row: row.carrier, width=220, strong=True),
    Column("holder", "Holder", lambda row: row.holder or None, stretch=True),
    Column("number", "Account", lambda row: row.number, width=120),
    Column("method", "Paid by", lambda row: row.method, width=170),
    Column("currency", "Currency", lambda row: row.currency, width=90),
    Column("created_by", "Entered by", lambda row: row.created_by, width=150),
    Column("verified_by", "Verified by", lambda row: row.verified_by, width=150),
    Column("state", "State", _bank_state, Kind.CHIP, 110, tone=_bank_tone),
)


def _of_kind(kind: ServiceKind) -> View[Row]:
    return View(kind.value, word(kind), lambda row: row.kind is kind)


SERVICE_VIEWS: tuple[View[Row], ...] = (
    View("all", "All", lambda _row: True),
    *(_of_kind(kind) for kind in ServiceKind),
    View("overcharged", "Overcharged", lambda row: bool(row.claim)),
    View("gone", "Disconnected", lambda row: row.status is ServiceStatus.DISCONNECTED),
)


def _speed(kbps: int | None) -> str:
    if kbps is None:
        return "–"
    if kbps >= 1_000_000 and kbps % 1_000_000 == 0:
        return f"{kbps // 1_000_000} Gbit/s"
    return f"{kbps / 1000:g} Mbit/s" if kbps >= 1000 else f"{kbps} kbit/s"


class InventoryPage(Page):
    """Five lists under tabs."""

    key = "inventory"
    title = "Inventory"
    subtitle = "What your carriers provide, where, and since when: the facts that bills are judged by."
    place = "inventory"
    watches = Changes.INVENTORY | Changes.CHARGES | Changes.FINDINGS | Changes.INVOICES

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.verify = self.verb(
            "bank_verify",
            "Verify bank details",
            "check",
            self._verify,
            tip="Confirm them after asking the carrier on a number that is not from a bill; a second person only",
        )
        self.verb("inventory_templates", "Templates…", "file", ui.write_templates, tip="Write the workbooks to fill in")
        self.verb(
            "inventory_import", "Import inventory…", "import", ui.pick_files, tip="Workbooks or CSV files", primary=True
        )
        empty = Emptiness(
            "No {} yet. Import the inventory workbook; “Templates” writes an empty one to fill in.",
            "Import files…",
            ui.pick_files,
            "inventory",
        )
        self.services: DataTable[Row] = DataTable(
            ui,
            "services",
            SERVICES,
            key=lambda row: row.id,
            noun="service",
            views=SERVICE_VIEWS,
            empty=_say(empty, "services"),
            total=lambda rows: f"monthly {moneys(total_of(rows, 'monthly'), ui.backend.currency)}",
        )
        self.accounts: DataTable[AccountRow] = DataTable(
            ui, "accounts", ACCOUNTS, key=lambda row: row.id, noun="account", empty=_say(empty, "billing accounts")
        )
        self.locations: DataTable[LocationRow] = DataTable(
            ui, "locations", LOCATIONS, key=lambda row: row.id, noun="location", empty=_say(empty, "locations")
        )
        self.banks: DataTable[BankAccountRow] = DataTable(
            ui,
            "bank_accounts",
            BANK_ACCOUNTS,
            key=lambda row: row.id,
            noun="bank account",
            empty=_say(empty, "bank details"),
        )
        self.orders: DataTable[OrderRow] = DataTable(
            ui,
            "orders",
            ORDERS,
            key=lambda row: row.id,
            noun="order",
            views=ORDER_VIEWS,
            empty=_say(empty, "service orders"),
        )
        self.services.activated.connect(lambda row: ui.go(Link("bills", view="all", text=row.carrier)))
        self.accounts.activated.connect(lambda row: ui.go(Link("bills", view="all", text=row.ban)))
        self.locations.activated.connect(self._show_location)
        self.banks.selected.connect(lambda _row: self._enable())
        lists: tuple[tuple[str, DataTable[Any]], ...] = (
            ("Services", self.services),
            ("Accounts", self.accounts),
            ("Locations", self.locations),
            ("Bank details", self.banks),
            ("Orders", self.orders),
        )
        self.tabs, self.stack = tabbed_lists("inventory_tabs", "Lists of the inventory", lists)
        self.tabs.currentChanged.connect(self._tab)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self._tab(0)

    def reload(self) -> None:
        self.fetch("services", inventory.fetch, then=self.services.load)
        self.fetch("accounts", inventory.fetch_accounts, then=self.accounts.load)
        self.fetch("locations", inventory.fetch_locations, then=self.locations.load)
        self.fetch("banks", inventory.fetch_bank_accounts, then=self._show_banks)
        self.fetch("orders", orders.fetch, self.ui.backend.today, then=self.orders.load)

    def open(self, link: Link) -> None:
        if link.view == "banks":
            self.tabs.setCurrentIndex(3)
        elif link.view == "orders":
            self.tabs.setCurrentIndex(4)
        elif link.view or link.text:
            self.tabs.setCurrentIndex(0)
            self.services.show_view(link.view or "all", link.text)
        if link.key is not None:
            self.tabs.setCurrentIndex(0)
            self.services.select_key(link.key)

    def _tab(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        self.verify.setVisible(place == 3)
        self._enable()

    def _show_banks(self, rows: list[BankAccountRow]) -> None:
        self.banks.load(rows)
        self._enable()

    def _enable(self) -> None:
        chosen = self.banks.current()
        self.verify.setEnabled(chosen is not None and chosen.verified_by is None and not chosen.retired)

    def _show_location(self, row: LocationRow) -> None:
        self.tabs.setCurrentIndex(0)
        self.services.show_view("all", row.name)

    def _verify(self) -> None:
        row = self.banks.current()
        if row is not None:
            actor, do = self.ui.acting.name, self.ui.backend.do
            note = f"The bank details of {row.carrier} are verified."
            self.ui.command("Verifying", lambda: do.verify_bank_account(row.id, actor), note)


def _say(empty: Emptiness, what: str) -> Emptiness:
    return Emptiness(empty.sentence.format(what), empty.action, empty.act, empty.icon)
