"""The lists of a comparison: a line for each service, and the charges that one side cannot price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from app.domain.money import ZERO
from app.services.what_if import NO_SERVICE, Row, WithoutPrice
from app.ui.tables import Column, Kind, View
from app.ui.tokens import Tone
from app.ui.wording import count


def difference_tone(amount: Decimal) -> Tone:
    """Green where the offer is cheaper, red where it is dearer."""
    return Tone.SUCCESS if amount < 0 else Tone.DANGER if amount else Tone.NEUTRAL


def sum_differences(rows: Iterable[Row]) -> dict[str, Decimal]:
    """What the offer changes, by currency."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        sums[row.currency] += row.sums.difference
    return sums


SERVICES: tuple[Column[Row], ...] = (
    Column("carrier", "Carrier", lambda row: row.carrier, width=170, hidden=True),
    Column("ban", "Account", lambda row: row.ban, width=130),
    Column("label", "Service", lambda row: row.label.capitalize() if row.service_id is None else row.label,
           width=170, stretch=True, strong=True),
    Column("charges", "Charges", lambda row: row.sums.charges, Kind.NUMBER, 84),
    Column("billed", "Billed", lambda row: row.sums.billed, Kind.MONEY, 118, currency=lambda row: row.currency),
    Column("expected", "Today’s contracts", lambda row: row.sums.expected, Kind.MONEY, 140,
           currency=lambda row: row.currency),
    Column("other", "The offer", lambda row: row.sums.other, Kind.MONEY, 118, currency=lambda row: row.currency),
    Column("difference", "Difference", lambda row: row.sums.difference, Kind.MONEY, 118, strong=True,
           currency=lambda row: row.currency, tone=lambda row: difference_tone(row.sums.difference),
           tooltip=lambda row: "The offer less today’s contracts: below 0 where the offer is cheaper"),
    Column("against_billed", "Offer − billed", lambda row: row.sums.against_billed, Kind.MONEY, 118, hidden=True,
           currency=lambda row: row.currency),
    Column("currency", "Currency", lambda row: row.currency, width=84, hidden=True),
    Column("left_out", "Not compared", lambda row: row.left_out or None, Kind.NUMBER, 118,
           tone=lambda row: Tone.WARNING if row.left_out else Tone.NEUTRAL,
           tooltip=lambda row: f"{count(row.left_out, 'charge')} in no sum: one side has no price"
           if row.left_out else ""),
)  # fmt: skip

SERVICE_VIEWS: tuple[View[Row], ...] = (
    View("all", "All", lambda _row: True),
    View("cheaper", "Cheaper", lambda row: row.sums.difference < 0),
    View("dearer", "Dearer", lambda row: row.sums.difference > 0),
)


def _side(row: WithoutPrice) -> str:
    if row.under_other is None:
        return "Not owed"
    return "The offer" if row.under_other else "Today’s contracts"


WITHOUT: tuple[Column[WithoutPrice], ...] = (
    Column("invoice", "Bill", lambda row: row.invoice, width=140, strong=True),
    Column("label", "Service", lambda row: row.label.capitalize() if row.label == NO_SERVICE else row.label,
           width=170),
    Column("description", "Charge", lambda row: row.description, width=200),
    Column("code", "Code", lambda row: row.code or None, width=100, hidden=True),
    Column("amount", "Billed", lambda row: row.amount, Kind.MONEY, 104, currency=lambda row: row.currency),
    Column("side", "Not priced by", _side, width=140),
    Column("reason", "Why", lambda row: row.reason, width=260, stretch=True, tooltip=lambda row: row.reason),
)  # fmt: skip

WITHOUT_VIEWS: tuple[View[WithoutPrice], ...] = (
    View("offer", "By the offer", lambda row: row.under_other is True),
    View("today", "By today’s contracts", lambda row: row.under_other is False),
    View("not_owed", "Not owed", lambda row: row.under_other is None),
    View("all", "All", lambda _row: True),
)
