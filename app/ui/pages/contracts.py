"""Contracts and their prices: what was agreed, from when, until when, and in which clause; offers beside them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QSplitter, QStackedWidget, QTabBar, QWidget

from app.domain.vocabulary import Severity
from app.queries import contracts, price_checks
from app.queries.contracts import PriceRow, Row
from app.queries.price_checks import Row as FaultRow
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.dialogs.offers import OfferQuestion, ask_discard
from app.ui.pages.base import Page
from app.ui.pages.contract_columns import FAULTS, contract_columns, details, price_columns, terms
from app.ui.tables import DataTable, View
from app.ui.tokens import SPACE_M, SPACE_S
from app.ui.widgets.basic import column, label, row
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.verbs import verb_button
from app.ui.wording import count, day


class ContractsPage(Page):
    """Choose a contract to see its prices; make an offer of it; see what the check of all prices found."""

    key = "contracts"
    title = "Contracts"
    subtitle = (
        "What was agreed with each carrier, and offers beside it: every price has the days between which it holds."
    )
    place = "contracts"
    watches = Changes.CONTRACTS | Changes.CHARGES | Changes.INVENTORY

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self._prices: list[PriceRow] = []
        self._wanted: int | None = None
        self._declare()
        self._make_tables()
        self.terms = label("", "muted", wrap=True)
        self.terms.setObjectName("contract_terms")
        self.chosen = label("Prices", "heading")
        self.details = label("", "muted", wrap=True)
        self.details.setObjectName("price_details")
        self.fault = label("", "muted", wrap=True)
        self.fault.setObjectName("price_fault")
        self.contracts.selected.connect(self._selected)
        self.prices.selected.connect(self._price_selected)
        self.faults.selected.connect(self._fault_selected)
        self.faults.activated.connect(self._show_contract)
        self.tabs = QTabBar()
        self.tabs.setObjectName("contracts_tabs")
        self.tabs.setAccessibleName("Prices or price checks")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.stack = QStackedWidget()
        head = QWidget()
        buttons = (verb_button(self.discard, ui.icons, "dismiss"), verb_button(self.compare, ui.icons, "what_if"))
        head.setLayout(row(self.chosen, None, *buttons))
        panes: tuple[tuple[str, tuple[QWidget, ...], DataTable[Any]], ...] = (
            ("Prices", (head, self.terms), self.prices),
            ("Price checks", (), self.faults),
        )
        for title, above, table in panes:
            pane = QWidget()
            layout = column(*above, table.bar, table, spacing=SPACE_S)
            layout.setStretch(len(above) + 1, 1)
            layout.addWidget(self.details if table is self.prices else self.fault)
            pane.setLayout(layout)
            self.tabs.addTab(title)
            self.stack.addWidget(pane)
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        below = QWidget()
        layout = column(self.tabs, self.stack, spacing=SPACE_M)
        layout.setStretch(1, 1)
        below.setLayout(layout)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.contracts)
        splitter.addWidget(below)
        splitter.setSizes([200, 460])
        splitter.setChildrenCollapsible(False)
        self.body.addWidget(splitter, 1)
        self._enable(None)

    def reload(self) -> None:
        backend = self.ui.backend

        def work() -> tuple[list[Row], list[PriceRow]]:
            return backend.query(contracts.fetch), backend.query(contracts.fetch_prices)

        self.ui.ops.query(self, "contracts", work, lambda found: self._show(*found))
        self.ui.ops.query(self, "checks", lambda: price_checks.arrange(backend.do.check_prices()), self._show_faults)

    def open(self, link: Link) -> None:
        if link.view == "checks":
            self.tabs.setCurrentIndex(1)
        if link.text:
            self.contracts.show_view("", link.text)
        if link.key is not None:
            self._choose(link.key)

    # how it is made

    def _declare(self) -> None:
        ui = self.ui
        self.discard = self.verb(
            "offer_discard",
            "Discard offer…",
            "dismiss",
            self._discard,
            tip="Delete the selected offer with its prices",
            shown=False,
        )
        self.compare = self.verb(
            "offer_compare",
            "Compare this offer",
            "what_if",
            self._compare,
            tip="What bills would have cost under this offer",
            shown=False,
        )
        self.offer = self.verb(
            "offer_make",
            "Make an offer…",
            "copy",
            self._make_offer,
            tip="Copy the selected contract as an offer, to compare its prices: an offer prices no bill",
        )
        self.check = self.verb(
            "contracts_check",
            "Check prices",
            "check",
            self._check,
            tip="What rating would stumble over: prices that overlap, never hold, or cannot be read",
        )
        self.verb("contracts_templates", "Templates…", "file", ui.write_templates, tip="Write the workbooks to fill in")
        self.verb(
            "contracts_import", "Import contracts…", "import", ui.pick_files, tip="Workbooks or CSV files", primary=True
        )

    def _make_tables(self) -> None:
        ui = self.ui
        self.contracts: DataTable[Row] = DataTable(
            ui,
            "contracts",
            contract_columns(ui),
            key=lambda row: row.id,
            noun="contract",
            empty=Emptiness(
                "No contract yet, so no price can be checked. Import the contracts workbook.",
                "Import files…",
                ui.pick_files,
                "contracts",
            ),
        )
        self.prices: DataTable[PriceRow] = DataTable(
            ui,
            "prices",
            price_columns(ui),
            key=lambda row: row.id,
            noun="price",
            empty=Emptiness("Choose a contract that has prices.", icon="contracts"),
            views=(
                View("all", "All", lambda _row: True),
                View("now", "In force", lambda row: row.state(ui.backend.today) == "in force"),
                View("later", "From later on", lambda row: row.state(ui.backend.today) == "from later on"),
                View("ended", "Ended", lambda row: row.state(ui.backend.today) == "ended"),
            ),
        )
        self.faults: DataTable[FaultRow] = DataTable(
            ui,
            "price_faults",
            FAULTS,
            key=lambda row: row.number,
            noun="fault",
            empty=Emptiness("All prices can be read, none overlap, and each can hold for something.", icon="check"),
            views=(
                View("all", "All", lambda _row: True),
                View("error", "Errors", lambda row: row.severity is Severity.ERROR),
                View("warning", "Warnings", lambda row: row.severity is Severity.WARNING),
            ),
        )

    # what it shows

    def _show(self, rows: list[Row], prices: list[PriceRow]) -> None:
        self._prices = prices
        self.contracts.load(rows)
        if self._wanted is not None:
            self.contracts.select_key(self._wanted)
            self._wanted = None
        self.contracts.take_first()
        self._selected(self.contracts.current())

    def _show_faults(self, rows: list[FaultRow]) -> None:
        self.faults.load(rows)
        self.faults.take_first()
        self._fault_selected(self.faults.current())
        told = f"  {len(rows):,}" if rows else ""
        self.tabs.setTabText(1, f"Price checks{told}")
        self.check.setText(f"Check prices{told}")
        found = [count(number, severity.value) for severity, number in price_checks.count(rows).items() if number]
        self.check.setToolTip(f"{self.check.statusTip()}. Found: {', '.join(found) or 'nothing'}")

    def _selected(self, row: Row | None) -> None:
        self._enable(row)
        self.terms.setVisible(row is not None)
        if row is None:
            self.chosen.setText("Prices")
            self.prices.load([])
            self._price_selected(None)
            return
        self.chosen.setText(
            f"Prices of {'offer ' if row.offer else ''}{row.number}, {row.carrier}, since {day(row.start)}"
        )
        self.terms.setText(terms(row))
        self.prices.load([price for price in self._prices if price.contract_id == row.id])
        self.prices.take_first()
        self._price_selected(self.prices.current())

    def _price_selected(self, row: PriceRow | None) -> None:
        self.details.setVisible(row is not None)
        self.details.setText("" if row is None else details(row))

    def _fault_selected(self, row: FaultRow | None) -> None:
        """What is wrong in full: a line of the table seldom has the room."""
        self.fault.setVisible(row is not None)
        self.fault.setText("" if row is None else row.message)

    def _show_contract(self, fault: FaultRow) -> None:
        """Go from a fault to the prices of its contract."""
        found = [
            row for row in self.contracts.model.all if (row.carrier, row.number) == (fault.carrier, fault.contract)
        ]
        if found:
            self._choose(found[0].id)
            self.tabs.setCurrentIndex(0)
            self.prices.show_view("all", fault.code)

    def _choose(self, contract_id: int) -> None:
        if any(row.id == contract_id for row in self.contracts.model.all):
            self.contracts.select_key(contract_id)
        else:
            self._wanted = contract_id

    def _enable(self, row: Row | None) -> None:
        offer = row is not None and row.offer
        self.offer.setEnabled(row is not None)
        for action in (self.discard, self.compare):
            action.setVisible(offer)
            action.setEnabled(offer)

    # what can be done

    def _check(self) -> None:
        self.tabs.setCurrentIndex(1)
        do = self.ui.backend.do

        def show(rows: list[FaultRow]) -> None:
            self._show_faults(rows)
            self.ui.toast(f"Prices checked: {count(len(rows), 'fault') if rows else 'no fault'}.")

        self.ui.ops.query(self, "checks", lambda: price_checks.arrange(do.check_prices()), show)

    def _make_offer(self) -> None:
        row = self.contracts.current()
        if row is None:
            return
        question = OfferQuestion(self, row.number)
        if question.exec() != QDialog.DialogCode.Accepted:
            return
        number, percent = question.chosen_number, question.chosen_percent
        actor, do = self.ui.acting.name, self.ui.backend.do

        def made(result: tuple[int, Changes]) -> None:
            self._choose(result[0])

        note = f"Offer {number} is made. Edit it by its workbook, or compare it."
        self.ui.command("Making an offer", lambda: do.copy_as_offer(row.id, number, percent, actor), note, made)

    def _discard(self) -> None:
        row = self.contracts.current()
        if row is not None and row.offer and ask_discard(self, row.number, row.prices):
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command("Discarding", lambda: do.discard_offer(row.id, actor), f"Offer {row.number} is discarded.")

    def _compare(self) -> None:
        row = self.contracts.current()
        if row is not None and row.offer:
            self.ui.go(Link("what_if", key=row.id))
