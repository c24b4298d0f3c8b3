"""What bills would have cost under an offer: service by service, with the totals, and nothing stored."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QStackedWidget, QTabBar, QWidget

from app.domain.period import add_months
from app.queries import bill, what_if
from app.queries.what_if import Choices
from app.services.changes import Changes
from app.services.what_if import Row, Sums, Wanted, WhatIf, WithoutPrice
from app.ui.context import Link, Ui
from app.ui.ops import Fault
from app.ui.pages.base import Page
from app.ui.pages.what_if_columns import (
    SERVICE_VIEWS,
    SERVICES,
    WITHOUT,
    WITHOUT_VIEWS,
    difference_tone,
    sum_differences,
)
from app.ui.tables import DataTable
from app.ui.tokens import SPACE_L, SPACE_M, Tone
from app.ui.widgets.basic import clear, column
from app.ui.widgets.empty import Emptiness, EmptyState
from app.ui.widgets.tile import Tile
from app.ui.widgets.verbs import verb_button
from app.ui.widgets.what_if_form import WhatIfForm, month
from app.ui.wording import count, money, moneys, number

TILES = (
    ("billed", "Billed", "bills", "What the carrier billed, of charges that have a price on both sides"),
    ("expected", "Today’s contracts", "contracts", "What these charges should cost under the contracts in force"),
    ("other", "The offer", "what_if", "What they would cost under the offer"),
    ("difference", "Difference", "chart", "The offer less today’s contracts: below 0 where the offer is cheaper"),
)


class WhatIfPage(Page):
    """Choose an offer and months, compare, read the difference."""

    key = "what_if"
    title = "What if"
    subtitle = "What your bills would have cost under an offer, rated charge by charge. Nothing is stored."
    place = "what_if"
    watches = Changes.CONTRACTS | Changes.INVOICES | Changes.CHARGES | Changes.INVENTORY | Changes.USAGE

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.result: WhatIf | None = None
        self._compared: Wanted | None = None
        self._offer_wanted: int | None = None
        self._choices = Choices((), (), (), ())
        self.compare = self.verb(
            "what_if_compare",
            "Compare",
            "what_if",
            self._compare,
            shortcut="Ctrl+Return",
            tip="Rate the bills of these months under the offer and under today’s contracts",
            shown=False,
        )
        self.form = WhatIfForm(verb_button(self.compare, ui.icons, "what_if", primary=True))
        self.form.changed.connect(self._described)
        self.nothing = EmptyState(ui.icons, "what_if", Emptiness("Choose an offer, then compare.", icon="what_if"))
        self._make_tables()
        self.tiles = QGridLayout()
        self.tiles.setSpacing(SPACE_L)
        self.tabs = QTabBar()
        self.tabs.setObjectName("what_if_tabs")
        self.tabs.setAccessibleName("Lists of the comparison")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.lists = QStackedWidget()
        tables: tuple[tuple[str, DataTable[Any]], ...] = (("Services", self.services), ("", self.without))
        for title, table in tables:
            self.tabs.addTab(title)
            holder = QWidget()
            layout = column(table.bar, table, spacing=SPACE_M)
            layout.setStretch(1, 1)
            holder.setLayout(layout)
            self.lists.addWidget(holder)
        self.tabs.currentChanged.connect(self.lists.setCurrentIndex)
        found = QWidget()
        below = column(self.tabs, self.lists, spacing=SPACE_M)
        below.insertLayout(0, self.tiles)
        below.setStretch(2, 1)
        found.setLayout(below)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(found)
        self.body.addWidget(self.form)
        self.body.addWidget(self.stack, 1)

    def reload(self) -> None:
        self.fetch("choices", what_if.fetch, then=self._show_choices)

    def open(self, link: Link) -> None:
        if link.key is not None:
            self._offer_wanted = link.key
            self.form.choose_offer(link.key)

    # how it is made

    def _make_tables(self) -> None:
        ui = self.ui
        self.services: DataTable[Row] = DataTable(
            ui,
            "what_if",
            SERVICES,
            key=lambda row: (row.carrier, row.ban, row.service_id, row.label, row.currency),
            noun="service",
            empty=Emptiness(
                "No bill of these months has a charge that needs a price. Choose other months.", icon="bills"
            ),
            views=SERVICE_VIEWS,
            total=lambda rows: f"difference {moneys(sum_differences(rows), ui.backend.currency)}",
        )
        self.without: DataTable[WithoutPrice] = DataTable(
            ui,
            "what_if_without",
            WITHOUT,
            key=lambda row: (row.charge_id, row.under_other),
            noun="charge",
            empty=Emptiness("Both sides price every charge that needs a price.", icon="check"),
            views=WITHOUT_VIEWS,
        )
        self.without.activated.connect(self._open_bill)

    # what it shows

    def _show_choices(self, choices: Choices) -> None:
        self._choices = choices
        self.form.show_choices(choices)
        if self._offer_wanted is not None:
            self.form.choose_offer(self._offer_wanted)
            self._offer_wanted = None
        if self.result is not None and self.form.wanted == self._compared:
            self._compare()  # what it was compared with has changed

    def _described(self) -> None:
        """The form describes a comparison: is it the one that is shown?"""
        wanted = self.form.wanted
        self.form.setVisible(bool(self._choices.offers and self._choices.months))
        self.compare.setEnabled(wanted is not None)
        if wanted is not None and wanted == self._compared and self.result is not None:
            self.stack.setCurrentIndex(1)
            return
        self.nothing.show_as(self._what_to_do())
        self.stack.setCurrentIndex(0)

    def _what_to_do(self) -> Emptiness:
        offer, wanted = self.form.chosen_offer, self.form.wanted
        if not self._choices.months:
            return Emptiness(
                "No bill to compare yet. Import bills first.", "Import files…", self.ui.pick_files, "bills"
            )
        if offer is None or wanted is None:
            return Emptiness(
                "No offer to compare yet. Choose a contract and make an offer from it, or import the workbook of one.",
                "Show the contracts",
                lambda: self.ui.go(Link("contracts")),
                "contracts",
            )
        first, last = month(wanted.start), month(add_months(wanted.end, -1))
        span = first if first == last else f"{first} to {last}"
        told = f"See what the bills of {span} would have cost under {offer.number}."
        return Emptiness(told, "Compare", self._compare, "what_if")

    def _compare(self) -> None:
        wanted, do = self.form.wanted, self.ui.backend.do
        if wanted is None:
            return
        self.compare.setEnabled(False)
        self.compare.setText("Comparing…")

        def ended() -> None:
            self.compare.setText("Compare")
            self.compare.setEnabled(self.form.wanted is not None)

        def show(result: WhatIf) -> None:
            ended()
            self._show(wanted, result)

        def fail(fault: Fault) -> None:
            ended()
            self.ui.fault(fault)

        self.ui.ops.query(self, "compare", lambda: do.compare(wanted), show, fail)

    def _show(self, wanted: Wanted, result: WhatIf) -> None:
        self.result, self._compared = result, wanted
        clear(self.tiles)
        for line, (currency, sums) in enumerate(result.totals.items()):
            self._add_tiles(line, currency, sums, several=len(result.totals) > 1)
        self.services.load(result.rows)
        self.without.load(result.without_price)
        if result.without_price and not self.without.model.shown:
            self.without.show_view("all")
        missing = len({row.charge_id for row in result.without_price})
        self.tabs.setTabText(0, f"Services  {len(result.rows):,}")
        self.tabs.setTabText(1, f"Charges not compared  {missing:,}" if missing else "Charges not compared")
        self._described()

    def _add_tiles(self, line: int, currency: str, sums: Sums, *, several: bool) -> None:
        notes = {
            "billed": f"{count(sums.charges, 'charge')} on {count(self.result.invoices if self.result else 0, 'bill')}",
            "expected": f"{money(sums.expected - sums.billed, currency)} against billed",
            "other": f"{money(sums.against_billed, currency)} against billed",
            "difference": _told(sums),
        }
        for place, (key, title, icon, meaning) in enumerate(TILES):
            name = f"what_if_{key}_{currency}"
            tile = Tile(name, f"{title}, {currency}" if several else title, icon, meaning, self.ui.theme, self.ui.icons)
            amount: Decimal = getattr(sums, key)
            ink = difference_tone(amount) if key == "difference" else Tone.NEUTRAL
            tile.show_figure(money(amount, currency), notes[key], ink)
            view = "all" if key != "difference" or not amount else "cheaper" if amount < 0 else "dearer"
            tile.clicked.connect(partial(self._show_services, view))
            self.tiles.addWidget(tile, line, place)

    def _show_services(self, view: str, _checked: bool = False) -> None:
        self.tabs.setCurrentIndex(0)
        self.services.show_view(view)

    def _open_bill(self, row: WithoutPrice) -> None:
        def show(invoice_id: int | None) -> None:
            if invoice_id is not None:
                self.ui.go(Link("bill", key=invoice_id, part=row.charge_id))

        self.fetch("bill", bill.find_bill, row.charge_id, then=show)


def _told(sums: Sums) -> str:
    """'10.0 % cheaper than today’s contracts'."""
    if not sums.difference:
        return "the same as today’s contracts"
    word = "cheaper" if sums.difference < 0 else "dearer"
    if not sums.expected:
        return f"{word} than today’s contracts"
    share = (abs(sums.difference) * 100 / abs(sums.expected)).quantize(Decimal("0.1"))
    return f"{number(share)} % {word} than today’s contracts"
