"""Charts as SVG to stand inside a page. Drawn on a bare Figure: no window system, the same bytes for the same data."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.domain.money import MONEY_SCALE

if TYPE_CHECKING:
    from app.reports.data import NamedAmount
    from app.reports.pivots import Pivot

COLOURS = ("#0B6275", "#E08E45", "#5B7DB1", "#8AB17D", "#B5577A", "#C9B458", "#8C9AA8")
_INK, _QUIET, _GRID, _DANGER = "#16202A", "#4F5B68", "#E2E6EB", "#B3402F"
_UNIT = 10**MONEY_SCALE
_STYLE = {
    "svg.hashsalt": "tollbook",  # else element ids differ from run to run
    "font.size": "10",
    "axes.edgecolor": _GRID,
    "axes.labelcolor": _QUIET,
    "text.color": _INK,
    "xtick.color": _QUIET,
    "ytick.color": _QUIET,
    "xtick.major.size": "0",
    "ytick.major.size": "0",
}


def draw_stacked(pivot: Pivot, currency: str) -> str:
    """Columns per label, stacked by name, with a legend."""
    with _figure(9, 4) as (figure, axes):
        places = range(len(pivot.labels))
        below = [0] * len(pivot.labels)
        for colour, name, values in zip(_colours(len(pivot.names)), pivot.names, pivot.values, strict=True):
            axes.bar(places, values, bottom=below, color=colour, label=_short(name, 34), width=7 / 10)
            below = [low + value for low, value in zip(below, values, strict=True)]
        axes.set_xticks(list(places), pivot.labels)
        _measure(axes.yaxis, currency)
        axes.yaxis.grid(True, color=_GRID)
        axes.margins(y=1 / 8)
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4), frameon=False, fontsize=9)
        return _svg(figure)


def draw_ranked(parts: Sequence[NamedAmount]) -> str:
    """A bar per part, the largest on top, each with its amount."""
    with _figure(9, (5 + 5 * len(parts)) / 10) as (figure, axes):
        shown = list(reversed(parts))
        values = [int(part.amount * _UNIT) for part in shown]
        bars = axes.barh(range(len(shown)), values, color=_DANGER, height=6 / 10)
        axes.set_yticks(range(len(shown)), [_short(part.name, 40) for part in shown])
        axes.bar_label(bars, [f"{part.amount:,.2f}" for part in shown], padding=6, color=_INK, fontsize=9)
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)
        axes.margins(x=1 / 6)
        return _svg(figure)


def draw_columns(pivot: Pivot, currency: str) -> str:
    """A column per label, each with its amount; an "overdue" one stands out."""
    with _figure(9, 3) as (figure, axes):
        (values,) = pivot.values
        colours = [_DANGER if label == "overdue" else COLOURS[0] for label in pivot.labels]
        bars = axes.bar(range(len(values)), values, color=colours, width=6 / 10)
        amounts = [f"{value / _UNIT:,.0f}" if value else "" for value in values]
        axes.bar_label(bars, amounts, padding=4, color=_INK, fontsize=9)
        axes.set_xticks(range(len(values)), [label.replace("week of ", "week of\n") for label in pivot.labels])
        _measure(axes.yaxis, currency)
        axes.yaxis.grid(True, color=_GRID)
        axes.margins(y=1 / 6)
        return _svg(figure)


@contextmanager
def _figure(width: int, height: Any) -> Iterator[tuple[Any, Any]]:
    """A figure of so many inches with one axes, in our style; no setting of it outlives the drawing."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]  # every setting may be written as text
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
        axes.set_axisbelow(True)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        yield figure, axes


def _measure(axis: Any, currency: str) -> None:
    """Amounts in whole units along an axis, the currency at its end."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(6))
    axis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value / _UNIT:,.0f}"))
    axis.set_label_text(currency)


def _colours(count: int) -> list[str]:
    return [COLOURS[place % len(COLOURS)] for place in range(count)]


def _short(name: str, most: int) -> str:
    plain = name.replace("$", r"\$")  # or it would be set as mathematics
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _svg(figure: Any) -> str:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = io.StringIO()
    figure.set_canvas(FigureCanvasSVG(figure))
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]  # without the XML head, which does not belong inside a page
    head, tail = text.split(">", 1)
    fluid = re.sub(r' (?:width|height)="[^"]*"', "", head)  # the page sets the width, the view box the height
    return f'{fluid} role="img">{tail}'
