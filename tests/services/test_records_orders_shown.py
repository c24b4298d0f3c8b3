"""Orders as the page Inventory lists them: the latest first, each with where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.queries import orders
from app.queries.orders import OrderState
from app.services.workspace import Workspace
from tests.services.test_records_orders import ALL, ORDER, save


def test_an_order_stands_where_its_days_say(sqlite_workspace: Workspace) -> None:
    due = replace(ORDER, number="SO-119", foc=date(2026, 2, 27))
    done = replace(ORDER, number="SO-120", completed=date(2026, 3, 1))
    gone = replace(ORDER, number="SO-121", ordered=date(2026, 3, 2), cancelled=date(2026, 3, 5))
    save(sqlite_workspace, *ALL, due, done, gone)
    with sqlite_workspace.database.reading() as session:
        found = {day: orders.fetch(session, day) for day in (date(2026, 2, 27), date(2026, 2, 28))}
    before, after = found.values()
    assert [(row.number, row.state) for row in after] == [
        ("SO-121", OrderState.CANCELLED),
        ("SO-118", OrderState.ORDERED),
        ("SO-119", OrderState.LATE),
        ("SO-120", OrderState.COMPLETED),
    ]
    assert before[2].state is OrderState.ORDERED
    assert (after[1].carrier, after[1].ban, after[1].location) == ("Quiet Hill Telephone", "0077-12", "CHI-01")
