"""What a hand does to a draft: point at a value or a table, move a border, say what a column is. Each can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.services import layouts
from app.services.layout_columns import edges_of, move_border, name_column
from app.services.layout_desk import Opened
from app.services.layout_draft import Draft, Numbers, Place
from app.services.layouts import FoundTable, Pointed
from app.ui.context import Ui
from app.ui.ops import Fault
from app.ui.pages.layout_editor_boxes import words_in
from app.ui.pages.layout_editor_history import History
from app.ui.tokens import Tone
from app.ui.widgets.pointing_fields import FIELD

SAYS, TABLE, CHARGES, NOTES = range(4)


class Hand(QObject):
    """`let_go`: the drawn box is done with; `turned` carries the tab on which the result is seen."""

    let_go = Signal()
    turned = Signal(int)

    def __init__(self, ui: Ui, parent: QObject) -> None:
        super().__init__(parent)
        self.ui = ui
        self.history = History(self)
        self.opened: Opened | None = None
        self.name = ""
        self.loud = ""  # the field that was pointed at last
        self.rows: dict[int, tuple[object, FoundTable]] = {}

    @property
    def draft(self) -> Draft:
        """The present draft."""
        return self.history.draft

    def begin(self, name: str, opened: Opened, draft: Draft) -> None:
        """Start with a bill and a first draft."""
        self.name, self.opened, self.loud, self.rows = name, opened, "", {}
        self.history.begin(draft)

    def point_at(self, field: str, page: int, box: Numbers) -> None:
        """Say that the box holds that field: its rule and value appear, or what is wrong with it."""
        opened, name = self.opened, self.name
        if opened is None:
            return

        def done(pointed: Pointed) -> None:
            self.let_go.emit()
            self.turned.emit(SAYS)
            self.loud = field
            if pointed.rule:
                after = self.draft.with_rule(field, pointed.rule, pointed.place)
            else:
                problem = pointed.place.problem or "Nothing that can be read stands in this box."
                after = replace(
                    self.draft, places={**self.draft.places, field: replace(pointed.place, problem=problem)}
                )
            self.step(f"Point at the {FIELD[field].title.lower()}", after)

        self.ask("point", lambda: layouts.point(name, opened.content, field, page, box, self.draft), done)

    def take_table(self, page: int, box: Numbers, *, further: bool = False) -> None:
        """Say that the box holds the table of charges; a box over a table that is known takes its place."""
        opened, name = self.opened, self.name
        if opened is None:
            return

        def done(found: FoundTable) -> None:
            self.let_go.emit()
            self.turned.emit(TABLE)
            if not found.table.get("columns"):
                self.ui.say(
                    found.problem or "No table was found in this box: draw it around headings and rows.", Tone.WARNING
                )
                return
            count_now = len(self.draft.layout.get("tables", []))
            number = count_now if further else self._table_under(page, box)
            known = self.draft.table(number)
            kept = {key: known[key] for key in ("name", "charge_type", "period", "heads") if key in known}
            after = self.draft.with_table(number, {**found.table, **kept}, found.place)
            self.rows[number] = (table_key(after, number, found.place), found)
            self.step("Point at the table", after)

        self.ask("table", lambda: layouts.find_table(name, opened.content, page, box, self.draft), done)

    def add_claim(self, page: int, box: Numbers) -> None:
        """Say that the words in the box recognise this carrier's bills."""
        self.let_go.emit()
        told = words_in(self.opened.pages if self.opened else (), page, box)
        if told:
            known = self.draft.texts("claims")
            self.step(
                "Recognise by words", self.draft.with_value("claims", (*(one for one in known if one != told), told))
            )

    def add_line(self, key: str, page: int, box: Numbers) -> None:
        """Say that lines which begin with the words in the box end the table ("end") or are its sums ("subtotals")."""
        self.let_go.emit()
        told = words_in(self.opened.pages if self.opened else (), page, box)
        number = next((at for at, place in self.draft.tables.items() if place.page == page), 0)
        table = self.draft.table(number)
        if told and table:
            known = [table[key]] if isinstance(table.get(key), str) else list(table.get(key, []))
            self.table_edited(number, key, [*(one for one in known if one != told), told])

    def move_border(self, table: int, place: int, x: float) -> None:
        """Move a border of a column; its rows are read again."""
        self.reshape("Move a border", table, move_border, place, x)

    def name_column(self, table: int, place: int, field: str) -> None:
        """Say what a column is."""
        self.reshape("Name a column", table, name_column, place, field)

    def _table_under(self, page: int, box: Numbers) -> int:
        """The table that the box lies over, or is the continuation of; else the first, or the next."""
        tables = self.draft.layout.get("tables", [])
        for number, place in self.draft.tables.items():
            if place.page == page and place.box[1] < box[3] and box[1] < place.box[3]:
                return number
        return 0 if len(tables) <= 1 else len(tables)

    def step(self, title: str, after: Draft) -> None:
        self.history.step(title, after)

    def edited(self, key: str, value: Any) -> None:
        if key == "numbers":
            decimal, group = value
            self.step(
                "Change how numbers are written", self.draft.with_value("decimal", decimal).with_value("group", group)
            )
        elif value != (self.draft.texts(key) if isinstance(value, tuple) else self.draft.text(key)):
            self.step(f"Change the {key}", self.draft.with_value(key, value))

    def forget(self, field: str) -> None:
        self.step(f"Take the {FIELD[field].title.lower()} away", self.draft.without_rule(field))

    def table_edited(self, number: int, key: str, value: Any) -> None:
        table = {**self.draft.table(number), key: value}
        if value in ("", []):
            del table[key]
        self.step("Change how rows are taken", self.draft.with_table(number, table))

    def reshape(self, title: str, number: int, change: Callable[..., dict[str, Any]], *args: Any) -> None:
        self.step(title, self.draft.with_table(number, change(self.draft.table(number), *args)))

    def nudge(self, number: int, place: int, points: float) -> None:
        edges = edges_of(self.draft.table(number))
        if place < len(edges):
            self.move_border(number, place, edges[place] + points)

    def charge_told(self, description: str, kind: str) -> None:
        if kind:
            self.step("Say what charges are", self.draft.with_kind(description, kind))

    def ask(self, name: str, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        def failed(fault: Fault) -> None:
            self.let_go.emit()
            self.ui.fault(fault)

        self.ui.ops.query(self, name, work, done, failed)


def table_key(draft: Draft, number: int, place: Place) -> object:
    """What the rows of a table depend on."""
    return (place.page, place.box, str(draft.table(number)), str(draft.written()))
