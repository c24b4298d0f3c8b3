"""The columns and views of the list of service orders."""

from __future__ import annotations

from app.queries.orders import OrderState, Row
from app.ui.tables import Column, Kind, View
from app.ui.tokens import Tone
from app.ui.wording import sentence

_TONES = {
    OrderState.ORDERED: Tone.ACCENT,
    OrderState.LATE: Tone.DANGER,
    OrderState.COMPLETED: Tone.SUCCESS,
    OrderState.CANCELLED: Tone.NEUTRAL,
}

ORDERS: tuple[Column[Row], ...] = (
    Column("number", "Order", lambda row: row.number, width=140, strong=True),
    Column("action", "Action", lambda row: row.action, width=104),
    Column("carrier", "Carrier", lambda row: row.carrier, width=180),
    Column(
        "identifier",
        "Service",
        lambda row: row.identifier or row.description or None,
        width=200,
        stretch=True,
        detail=lambda row: row.description if row.identifier else "",
    ),
    Column("code", "Code", lambda row: row.code or None, width=100, hidden=True),
    Column("location", "Location", lambda row: row.location or None, width=100),
    Column("ordered", "Ordered", lambda row: row.ordered, Kind.DATE, 104),
    Column("foc", "Committed", lambda row: row.foc, Kind.DATE, 104, tooltip=lambda _row: "Firm order commitment"),
    Column("completed", "Completed", lambda row: row.completed, Kind.DATE, 104),
    Column("cancelled", "Cancelled", lambda row: row.cancelled, Kind.DATE, 104, hidden=True),
    Column("ban", "Account", lambda row: row.ban or None, width=120, hidden=True),
    Column("contract", "Contract", lambda row: row.contract or None, width=120, hidden=True),
    Column(
        "state",
        "State",
        lambda row: sentence(row.state.value),
        Kind.CHIP,
        110,
        tone=lambda row: _TONES[row.state],
    ),
)

ORDER_VIEWS: tuple[View[Row], ...] = (
    View("all", "All", lambda _row: True),
    View("open", "Open", lambda row: row.state in (OrderState.ORDERED, OrderState.LATE)),
    View("late", "Late", lambda row: row.state is OrderState.LATE),
)
