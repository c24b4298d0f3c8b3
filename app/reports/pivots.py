"""Figures of a report by month, rule and week. Amounts are whole millionths of the currency unit all the way: exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.money import MONEY_SCALE, to_scaled

if TYPE_CHECKING:
    from app.reports.data import CurrencySummary, SpendCell

OTHERS = "Other carriers"


@dataclass(frozen=True, slots=True)
class Pivot:
    """A table of micro units: a row per name, a column per label."""

    labels: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]  # [name][label]

    @property
    def total(self) -> int:
        return sum(sum(row) for row in self.values)


def spend_by_month(cells: Sequence[SpendCell], currency: str, most: int = 7) -> Pivot:
    """Current charges per month and carrier, the largest carrier first; beyond `most` they are OTHERS. A month without
    bills between two others is there, with zeros."""
    import pandas as pd

    rows = [
        {"month": cell.month, "carrier": cell.carrier, "micro": to_scaled(cell.amount, MONEY_SCALE)}
        for cell in cells
        if cell.currency == currency
    ]
    if not rows:
        return Pivot((), (), ())
    frame = pd.DataFrame(rows)
    sizes = frame.groupby("carrier")["micro"].sum()
    ranked = sorted(sizes.index, key=lambda name: (-int(sizes[name]), name))
    if len(ranked) > most:
        kept = set(ranked[: most - 1])
        frame["carrier"] = [name if name in kept else OTHERS for name in frame["carrier"]]
        ranked = [*ranked[: most - 1], OTHERS]
    months = pd.period_range(min(frame["month"]), max(frame["month"]), freq="M")
    frame["month"] = pd.PeriodIndex([pd.Period(month, freq="M") for month in frame["month"]])
    # unstack and reindex with a filling keep whole numbers, where a pivot table would pass through binary fractions
    table = frame.groupby(["carrier", "month"])["micro"].sum().unstack(fill_value=0)
    table = table.reindex(index=ranked, columns=months, fill_value=0)
    return _pivot(table, [f"{month:%b %Y}" for month in months])


def due_by_week(summary: CurrencySummary, as_of: date, least: int = 6) -> Pivot:
    """What is to be paid per week, from Monday on, without gaps and at least `least` weeks ahead; what is overdue
    stands in a first column of its own, "overdue"."""
    import pandas as pd

    if not summary.due:
        return Pivot((), (), ())
    frame = pd.DataFrame(
        {"day": [due.due for due in summary.due], "micro": [to_scaled(due.amount, MONEY_SCALE) for due in summary.due]}
    )
    overdue = [day < as_of for day in frame["day"]]
    frame["week"] = [None if late else _monday(day) for late, day in zip(overdue, frame["day"], strict=True)]
    weeks = [_monday(as_of) + timedelta(weeks=place) for place in range(least)]
    last = max([weeks[-1], *(week for week in frame["week"] if week is not None)])
    while weeks[-1] < last:
        weeks.append(weeks[-1] + timedelta(weeks=1))
    ahead = frame[[not late for late in overdue]].groupby("week")["micro"].sum().reindex(weeks, fill_value=0)
    labels = [f"week of {week.day} {week:%b}" for week in weeks]
    values = [int(value) for value in ahead.to_list()]
    if any(overdue):
        labels, values = ["overdue", *labels], [int(frame[overdue]["micro"].sum()), *values]
    return Pivot(tuple(labels), ("To pay",), (tuple(values),))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _pivot(table: Any, labels: Sequence[str]) -> Pivot:
    return Pivot(
        labels=tuple(labels),
        names=tuple(str(name) for name in table.index),
        values=tuple(tuple(int(value) for value in row) for row in table.to_numpy().tolist()),
    )
