"""Shares the room of a table among its columns: spare room to those that stretch, missing room from texts."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QTableView

from app.ui.tables.column import Kind
from app.ui.tables.model import RowsModel
from app.ui.theme import Theme

MEASURED_ROWS = 200
PADDING = 22
SORT_SIGN = 14
SHORTEST = 64  # only texts give room: amounts, dates and statuses are never cut off


class ColumnFitter:
    """Keeps widths that the user has drawn; all others follow what they show and the room there is."""

    def __init__(self, table: QTableView, model: RowsModel[Any], theme: Theme) -> None:
        self._table, self._model, self._theme = table, model, theme
        self._drawn: dict[int, int] = {}
        self._wanted: dict[int, int] = {}
        self._fitting = False
        table.horizontalHeader().sectionResized.connect(self._resized)

    def measure(self) -> None:
        """Look how wide each column's texts are."""
        plain, strong = QFontMetrics(self._theme.font()), QFontMetrics(self._theme.font("body", QFont.Weight.DemiBold))
        small = QFontMetrics(self._theme.font("small"))
        tiny = QFontMetrics(self._theme.font("tiny", QFont.Weight.DemiBold))
        for place, column in enumerate(self._model.columns):
            widest = tiny.horizontalAdvance(column.title) + SORT_SIGN
            for row in self._model.all[:MEASURED_ROWS]:
                text = column.written(row)
                if column.kind is Kind.CHIP:
                    width = tiny.horizontalAdvance(text) + 20
                else:
                    width = (strong if column.strong else plain).horizontalAdvance(text)
                    if column.detail is not None and (detail := column.detail(row)):
                        width += small.horizontalAdvance(detail) + 10
                widest = max(widest, width)
            most = self._theme.scaled(column.width)
            most = max(most, widest) if column.kind is not Kind.TEXT else most * 3 // 2
            self._wanted[place] = min(widest + PADDING, most + PADDING)

    def fit(self) -> None:
        """Set the width of every visible column."""
        if not self._wanted:
            self.measure()
        header, columns = self._table.horizontalHeader(), self._model.columns
        visible = [place for place in range(len(columns)) if not header.isSectionHidden(place)]
        widths = {place: self._drawn.get(place) or self._wanted[place] for place in visible}
        spare = self._table.viewport().width() - sum(widths.values())
        free = [place for place in visible if place not in self._drawn]
        if spare > 0:
            growing = [place for place in free if columns[place].stretch]
            # a third of what is left goes to the column that stretches, the rest is air for all
            for place in growing:
                widths[place] += spare // 3 // len(growing)
            air = (self._table.viewport().width() - sum(widths.values())) // max(len(visible), 1)
            for place in visible:
                widths[place] += air
        else:
            text = [place for place in free if columns[place].kind is Kind.TEXT]
            for names in (False, True):  # what names a row gives last
                group = [place for place in text if columns[place].strong is names]
                spare += self._take(widths, group, -spare)
        self._fitting = True
        for place, width in widths.items():
            header.resizeSection(place, width)
        self._fitting = False

    def _take(self, widths: dict[int, int], group: list[int], missing: int) -> int:
        """Make the columns of `group` narrower by `missing` together, wide ones more; returns what they gave."""
        giving = {place: max(0, widths[place] - self._theme.scaled(SHORTEST)) * 3 // 4 for place in group}
        most = sum(giving.values())
        if missing <= 0 or not most:
            return 0
        share = min(1.0, missing / most)
        given = 0
        for place, part in giving.items():
            cut = min(part, math.ceil(part * share))
            widths[place] -= cut
            given += cut
        return given

    def _resized(self, place: int, _old: int, new: int) -> None:
        if not self._fitting and new > 0 and self._table.isVisible():
            self._drawn[place] = new
