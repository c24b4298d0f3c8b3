"""Contracts and their prices: what was agreed, from when, until when, and in which clause."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.domain.money import RoundingMode
from app.domain.vocabulary import ProrationMethod
from app.queries import contracts
from app.queries.contracts import PriceRow, Row
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.pages.base import Page
from app.ui.tables import Column, DataTable, Kind, View
from app.ui.tokens import SPACE_S, Tone
from app.ui.widgets.basic import label
from app.ui.widgets.empty import Emptiness
from app.ui.wording import count, day, deadline_tone, until, word

PRORATION = {
    ProrationMethod.ACTUAL: "by the days of the month",
    ProrationMethod.ACTUAL_30: "by days of thirty",
    ProrationMethod.STRICT_30_360: "by months of thirty days",
    ProrationMethod.MONTHS_AND_DAYS: "by months, then days",
    ProrationMethod.NONE: "never: full months",
}
ROUNDING = {
    RoundingMode.HALF_UP: "half up",
    RoundingMode.UP: "up",
    RoundingMode.HALF_EVEN: "half to even",
    RoundingMode.TRUNCATE: "cut off",
}


def _last_day(row: Row) -> object:
    return None if row.end is None else row.end.fromordinal(row.end.toordinal() - 1)


def _terms(row: Row) -> str:
    return (
        f"Parts of a month {PRORATION[row.proration]}; the day of disconnection is "
        f"{'billed' if row.disconnect_day_billed else 'not billed'}; rounded {ROUNDING[row.rounding]} to "
        f"{row.rounding_places} places per {word(row.rounding_scope).lower()}; paid in {row.payment_days} days, "
        f"disputed within {row.dispute_days}, withheld up to {row.withhold_days}; notice {row.notice_days} days."
    )


def _contract_columns(page: ContractsPage) -> tuple[Column[Row], ...]:
    def notice(row: Row) -> Tone:
        ahead = row.notice_by is not None and row.notice_by >= page.ui.backend.today
        return deadline_tone(row.notice_by, page.ui.backend.today) if ahead else Tone.NEUTRAL

    return (
        Column("carrier", "Carrier", lambda row: row.carrier, width=210, strong=True),
        Column("number", "Contract", lambda row: row.number, width=150, strong=True),
        Column("title", "Title", lambda row: row.title or None, stretch=True),
        Column("start", "From", lambda row: row.start, Kind.DATE, 104),
        Column("end", "Until", _last_day, Kind.DATE, 104),
        Column(
            "notice_by",
            "Notice by",
            lambda row: row.notice_by,
            Kind.DATE,
            104,
            tone=notice,
            tooltip=lambda row: until(row.notice_by, page.ui.backend.today),
        ),
        Column("proration", "Part of a month", lambda row: PRORATION[row.proration], width=170, hidden=True),
        Column("prices", "Prices", lambda row: row.prices, Kind.NUMBER, 72),
        Column(
            "payment",
            "Payment",
            lambda row: row.payment_days,
            Kind.NUMBER,
            84,
            text=lambda row: f"{row.payment_days} days",
        ),
        Column(
            "dispute",
            "Dispute in",
            lambda row: row.dispute_days,
            Kind.NUMBER,
            88,
            hidden=True,
            text=lambda row: f"{row.dispute_days} days",
        ),
        Column("currency", "Currency", lambda row: row.currency, width=84, hidden=True),
        Column("accounts", "Accounts", lambda row: ", ".join(row.accounts) or None, width=160, hidden=True),
    )


def _price_columns(page: ContractsPage) -> tuple[Column[PriceRow], ...]:
    tones = {"in force": Tone.SUCCESS, "from later on": Tone.ACCENT, "ended": Tone.NEUTRAL}

    def state(row: PriceRow) -> str:
        return row.state(page.ui.backend.today).capitalize()

    def last(row: PriceRow) -> object:
        return None if row.effective_to is None else row.effective_to.fromordinal(row.effective_to.toordinal() - 1)

    return (
        Column("code", "Code", lambda row: row.code, width=150, strong=True),
        Column("description", "Description", lambda row: row.description or None, width=190, stretch=True),
        Column("type", "Type", lambda row: row.charge_type, width=72),
        Column(
            "price",
            "Price",
            lambda row: row.price,
            Kind.MONEY,
            110,
            currency=lambda row: row.currency,
            strong=True,
            detail=lambda row: "waived" if row.waived else "",
        ),
        Column(
            "model",
            "Per",
            lambda row: "minute" if row.increments else "unit",
            width=104,
            detail=lambda row: row.increments,
        ),
        Column("scope", "For", lambda row: row.scope, width=150),
        Column("from", "From", lambda row: row.effective_from, Kind.DATE, 104),
        Column("to", "Until", last, Kind.DATE, 104),
        Column(
            "clause",
            "Clause",
            lambda row: row.clause or None,
            width=84,
            tooltip=lambda row: f"{row.clause}, page {row.page}" if row.page else row.clause,
        ),
        Column(
            "charges",
            "Charges",
            lambda row: row.charges or None,
            Kind.NUMBER,
            78,
            tooltip=lambda row: f"{count(row.charges, 'charge')} rated by this price",
        ),
        Column("state", "State", state, Kind.CHIP, 104, tone=lambda row: tones[row.state(page.ui.backend.today)]),
    )


class ContractsPage(Page):
    """Choose a contract to see its prices."""

    key = "contracts"
    title = "Contracts"
    subtitle = "What was agreed with each carrier: every price has the days between which it holds."
    place = "contracts"
    watches = Changes.CONTRACTS | Changes.CHARGES

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self._prices: list[PriceRow] = []
        self.verb("contracts_templates", "Templates…", "file", ui.write_templates, tip="Write the workbooks to fill in")
        self.verb(
            "contracts_import", "Import contracts…", "import", ui.pick_files, tip="Workbooks or CSV files", primary=True
        )
        self.contracts: DataTable[Row] = DataTable(
            ui,
            "contracts",
            _contract_columns(self),
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
            _price_columns(self),
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
        self.terms = label("", "muted", wrap=True)
        self.terms.setObjectName("contract_terms")
        self.chosen = label("Prices", "heading")
        self.contracts.selected.connect(self._selected)
        below = QWidget()
        layout = QVBoxLayout(below)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.chosen)
        layout.addWidget(self.terms)
        layout.addWidget(self.prices.bar)
        layout.addWidget(self.prices, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.contracts)
        splitter.addWidget(below)
        splitter.setSizes([260, 400])
        splitter.setChildrenCollapsible(False)
        self.body.addWidget(splitter, 1)

    def reload(self) -> None:
        def work() -> tuple[list[Row], list[PriceRow]]:
            return self.ui.backend.query(contracts.fetch), self.ui.backend.query(contracts.fetch_prices)

        self.ui.ops.query(self, "contracts", work, lambda found: self._show(*found))

    def open(self, link: Link) -> None:
        if link.text:
            self.contracts.show_view("", link.text)
        if link.key is not None:
            self.contracts.select_key(link.key)

    def _show(self, rows: list[Row], prices: list[PriceRow]) -> None:
        self._prices = prices
        self.contracts.load(rows)
        self.contracts.take_first()
        self._selected(self.contracts.current())

    def _selected(self, row: Row | None) -> None:
        self.terms.setVisible(row is not None)
        if row is None:
            self.chosen.setText("Prices")
            self.prices.load([])
            return
        self.chosen.setText(f"Prices of {row.number}, {row.carrier}, since {day(row.start)}")
        self.terms.setText(_terms(row))
        self.prices.load([price for price in self._prices if price.contract_id == row.id])
