"""DataTable: a list with views, filter, sorting, chosen columns, copy and export, and a sentence where it is empty."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QMenu,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
)

from app.ui.tables.bar import TableBar, View
from app.ui.tables.clipboard import mime_of, put_on_clipboard
from app.ui.tables.column import Column
from app.ui.tables.delegate import CellDelegate
from app.ui.tables.export import export_rows
from app.ui.tables.fitting import ColumnFitter
from app.ui.tables.model import RowsModel
from app.ui.tokens import ROW_HEIGHT, SPACE_M, SPACE_S
from app.ui.widgets.basic import label, line, row
from app.ui.widgets.empty import Emptiness, EmptyState
from app.ui.wording import count

if TYPE_CHECKING:
    from app.ui.context import Ui

Row = TypeVar("Row")


class DataTable(QFrame, Generic[Row]):
    """`activated` carries the row that was opened, `selected` the current one or None.

    Its `bar` (views, filter, columns, export) is a widget of its own: the page puts it above the table.
    """

    activated = Signal(object)
    selected = Signal(object)
    viewed = Signal(str)

    def __init__(
        self,
        ui: Ui,
        name: str,
        columns: Sequence[Column[Row]],
        *,
        key: Callable[[Row], Hashable],
        noun: str,
        empty: Emptiness,
        views: Sequence[View[Row]] = (),
        total: Callable[[list[Row]], str] | None = None,
        several: bool = False,
        plural: str = "",
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self._ui, self._name, self._key, self._noun, self._plural = ui, name, key, noun, plural
        self._views, self._total, self._empty = tuple(views), total, empty
        self._view = self._views[0] if self._views else None
        self._loaded = False
        self._only: frozenset[Hashable] = frozenset()
        self.model: RowsModel[Row] = RowsModel(columns, self)
        self.table = QTableView()
        self.bar = TableBar(name, plural or f"{noun}s", self._views, ui.theme, ui.icons)
        self.search = self.bar.search
        self._count = label("", "small")
        self._nothing = EmptyState(ui.icons, name, empty)
        self._stack = QStackedWidget()
        self._build_table(several)
        self._build_frame()
        self.model.filter("", self._passes)
        ui.theme.changed.connect(self._restyle)

    # what a page asks of its table

    def load(self, rows: Sequence[Row]) -> None:
        """Show these rows; the selection stays on the same ones where they are still there."""
        chosen = {self._key(row) for row in self.selection()}
        bar = self.table.verticalScrollBar().value()
        self._loaded = True
        self.model.load(rows)
        self._fitter.measure()
        self._fitter.fit()
        self._counted()
        self._select(chosen)
        self.table.verticalScrollBar().setValue(bar)

    def selection(self) -> list[Row]:
        """The selected rows, from top to bottom."""
        rows = [self.model.row(index) for index in self.table.selectionModel().selectedRows()]
        order = {id(row): place for place, row in enumerate(self.model.shown)}
        return sorted((row for row in rows if row is not None), key=lambda row: order[id(row)])

    def current(self) -> Row | None:
        """The row that was selected last."""
        chosen = self.selection()
        return chosen[0] if chosen else None

    def select_key(self, key: Hashable) -> None:
        """Select the row of that identity and scroll to it."""
        if all(self._key(row) != key for row in self.model.shown) and any(
            self._key(row) == key for row in self.model.all
        ):
            self.show_view(self._views[0].key if self._views else "", "")
        self._select({key})

    def show_view(self, view: str, text: str | None = None) -> None:
        """Show the view of that key, filtered by `text`."""
        self._view = next((known for known in self._views if known.key == view), self._view)
        self._only = frozenset()
        self.bar.show_only("")
        self.bar.mark(view)
        if text is not None:
            self.search.setText(text)
        self._filter()

    def show_only(self, keys: frozenset[Hashable], told: str) -> None:
        """Show just these rows, of whatever view; `told` says which they are."""
        self._only = keys
        self.bar.show_only(told if keys else "")
        if keys and self._views:
            self.bar.mark("all")
            self._view = next((view for view in self._views if view.key == "all"), self._views[0])
        self.search.clear()
        self._filter()

    def take_first(self) -> None:
        """Select the first row where none is selected, so that a detail beside the list is never blank."""
        if self.model.shown and not self.selection():
            self.table.selectRow(0)

    def foot(self) -> str:
        """What the line below the table says."""
        return self._count.text()

    def told(self) -> tuple[str, str] | None:
        """The sentence and the button that stand in place of rows, if they do."""
        nothing = self._nothing
        shown = self._stack.currentWidget() is nothing
        return (nothing.sentence.text(), nothing.button.text()) if shown else None

    def show_column(self, key: str, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        place = next(place for place, column in enumerate(self.model.columns) if column.key == key)
        if shown or len(self.shown_columns()) > 1:
            self.table.setColumnHidden(place, not shown)
            self._fitter.fit()
            self._keep()

    # how it is made

    def _build_table(self, several: bool) -> None:
        table = self.table
        table.setObjectName(f"{self._name}_table")
        table.setAccessibleName(f"List of {self._plural or self._noun + 's'}")
        table.setModel(self.model)
        self._delegate = CellDelegate(self._ui.theme, table)
        table.setItemDelegate(self._delegate)
        table.setShowGrid(False)
        table.setMouseTracking(True)
        table.setTabKeyNavigation(False)  # Tab leaves the table; arrows move within it
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        table.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(self._ui.theme.scaled(ROW_HEIGHT))
        header = table.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda _point: self._choose_columns())
        for place, column in enumerate(self.model.columns):
            header.setSectionHidden(place, column.hidden)
        saved = self._ui.settings.value(self._kept_as)
        if saved is not None:
            header.restoreState(saved)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        header.sectionMoved.connect(lambda *_: self._keep())
        self._fitter = ColumnFitter(table, self.model, self._ui.theme)
        table.doubleClicked.connect(self._activate)
        table.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit(self.current()))
        table.entered.connect(self._hover)
        table.viewport().installEventFilter(self)
        table.installEventFilter(self)
        table.customContextMenuRequested.connect(self._menu)

    def _build_frame(self) -> None:
        self.bar.filtered.connect(lambda _text: self._filter())
        self.bar.viewed.connect(self._choose_view)
        self.bar.columns_wanted.connect(self._fill_columns)
        self.bar.exported.connect(self.export)
        self.bar.everything.connect(lambda: self.show_only(frozenset(), ""))
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        foot = row(self._count, None)
        foot.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(line())
        layout.addLayout(foot)

    # what happens in it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                self._activate(self.table.currentIndex())
                return True
            if event.matches(QKeySequence.StandardKey.Copy):
                self.copy(headers=True)
                return True
        elif watched is self.table.viewport() and event.type() is QEvent.Type.Leave:
            self._hover(QModelIndex())
        elif watched is self.table.viewport() and event.type() is QEvent.Type.Resize:
            self._fitter.fit()
        return super().eventFilter(watched, event)

    def copy(self, *, headers: bool) -> None:
        """Put the selected rows, as shown, on the clipboard: TSV and HTML."""
        put_on_clipboard(mime_of(self.shown_columns(), self.selection(), headers=headers))

    def shown_columns(self) -> list[Column[Row]]:
        """The visible columns in the order in which they stand."""
        header = self.table.horizontalHeader()
        order = sorted(range(len(self.model.columns)), key=header.visualIndex)
        return [self.model.columns[place] for place in order if not header.isSectionHidden(place)]

    def _activate(self, index: QModelIndex) -> None:
        found = self.model.row(index)
        if found is not None:
            self.activated.emit(found)

    def _choose_view(self, key: str) -> None:
        self.show_view(key)
        self.viewed.emit(key)

    def _filter(self) -> None:
        chosen = {self._key(row) for row in self.selection()}
        self.model.filter(self.search.text(), self._passes)
        self._counted()
        self._select(chosen)
        if not self.selection():
            self.selected.emit(None)

    def _passes(self, row: Row) -> bool:
        if self._only and self._key(row) not in self._only:
            return False
        return self._view is None or self._view.passes(row)

    def _counted(self) -> None:
        shown = self.model.shown
        told = count(len(shown), self._noun, self._plural)
        if len(shown) != len(self.model.all):
            told += f" of {len(self.model.all):,}"
        if self._total is not None and shown:
            told += f"   ·   {self._total(shown)}"
        self._count.setText(told)
        if self._loaded:
            for view in self._views:
                self.bar.count(view.key, sum(1 for item in self.model.all if view.passes(item)))
        if shown or not self._loaded:
            self._stack.setCurrentIndex(0)
            return
        if self.model.all and self.search.text():
            self._nothing.show_as(
                Emptiness(
                    f"No {self._noun} contains “{self.search.text()}”.", "Clear the filter", self.search.clear, "search"
                )
            )
        elif self.model.all and self._view is not None:
            title = self._view.title.lower()
            first = next((view for view in self._views if view.key == "all"), self._views[0])
            self._nothing.show_as(
                Emptiness(
                    f"Nothing under “{title}”.",
                    f"Show {first.title.lower()}",
                    lambda: self._choose_view(first.key),
                    "check",
                )
            )
        else:
            self._nothing.show_as(self._empty)
        self._stack.setCurrentIndex(1)

    def _select(self, keys: set[Hashable]) -> None:
        if not keys:
            return
        model = self.table.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        first = True
        for place, item in enumerate(self.model.shown):
            if self._key(item) in keys:
                index = self.model.index(place, 0)
                if first:
                    model.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
                    self.table.scrollTo(index)
                    first = False
                model.select(index, flags.Select | flags.Rows)

    def _hover(self, index: QModelIndex) -> None:
        self._delegate.hovered = index.row() if index.isValid() else -1
        self.table.viewport().update()

    def _menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        open_action = menu.addAction("Open")
        open_action.triggered.connect(lambda: self._activate(self.table.currentIndex()))
        menu.addSeparator()
        menu.addAction("Copy").triggered.connect(lambda: self.copy(headers=True))
        menu.addAction("Copy without headers").triggered.connect(lambda: self.copy(headers=False))
        menu.popup(self.table.viewport().mapToGlobal(point))

    def _choose_columns(self) -> None:
        menu = QMenu(self)
        self._fill_columns(menu)
        menu.popup(QCursor.pos())

    def _fill_columns(self, menu: QMenu) -> None:
        header = self.table.horizontalHeader()
        for place, column in enumerate(self.model.columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(place))
            action.toggled.connect(partial(self.show_column, column.key))

    def export(self, form: str) -> None:
        """Ask for a file and write the rows that are shown, in the order and columns that are shown."""
        export_rows(self, self._ui, self._name, form, self.shown_columns(), list(self.model.shown))

    def _keep(self) -> None:
        self._ui.settings.setValue(self._kept_as, self.table.horizontalHeader().saveState())

    @property
    def _kept_as(self) -> str:
        """Other columns have another key: a header's state fits only the columns that it was saved with."""
        return f"tables/{self._name}-{len(self.model.columns)}"

    def _restyle(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(self._ui.theme.scaled(ROW_HEIGHT))
        self._fitter.measure()
        self._fitter.fit()
        self.table.viewport().update()


def total_of(rows: Sequence[Any], amount: str) -> dict[str, Any]:
    """The sums of an attribute by currency."""
    sums: dict[str, Any] = {}
    for item in rows:
        value = getattr(item, amount)
        if value is not None:
            sums[item.currency] = sums.get(item.currency, 0) + value
    return sums
