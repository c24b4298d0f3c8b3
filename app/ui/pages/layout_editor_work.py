"""The workplace of the layout editor: the page to point at, and beside it what the bill says, live."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.services import layouts
from app.services.layout_columns import edges_of, join_columns, split_column
from app.services.layout_desk import Opened
from app.services.layout_draft import Draft, Numbers
from app.services.layout_words import find_claims
from app.services.layouts import FoundTable, Reading
from app.ui.context import Ui
from app.ui.pages.layout_editor_boxes import boxes_of, columns_of, confidences_of, places_of, values_of
from app.ui.pages.layout_editor_charges import ChargesPane
from app.ui.pages.layout_editor_footing import FootingStrip
from app.ui.pages.layout_editor_form import LayoutForm
from app.ui.pages.layout_editor_hand import CHARGES, NOTES, SAYS, TABLE, Hand, table_key
from app.ui.pages.layout_editor_scan import ScanStrip
from app.ui.pages.layout_editor_table import TablePane
from app.ui.tokens import SPACE_M
from app.ui.widgets.issue_list import FileIssue, IssueList
from app.ui.widgets.pdf_pages import PdfPages
from app.ui.widgets.pointing_fields import COLUMNS, FIELDS
from app.ui.widgets.pointing_view import PointingView
from app.ui.wording import count

_SOON = 120  # milliseconds until a change is read: several steps at once are read once
_TALL = 30.0  # points, above which a box is more likely a table than a value


class LayoutWork(QWidget):
    """`changed` comes after each change of the draft and each reading."""

    changed = Signal()

    def __init__(self, ui: Ui) -> None:
        super().__init__()
        self.ui = ui
        self.hand = Hand(ui, self)
        self.reading = Reading()
        self.armed = ""
        self.scanned = False
        self._turn = 0
        self.view = PointingView(ui.ops, ui.theme, ui.icons)
        self.recognised = ScanStrip(ui.theme)
        self.recognised.wanted.connect(self.view.next_doubt)
        self.form = LayoutForm(ui.icons)
        self.table = TablePane(ui.theme, ui.icons)
        self.charges = ChargesPane(ui)
        self.notes = IssueList(ui.theme, "Nothing to note: every value was read.")
        for area in self.notes.findChildren(QScrollArea):
            area.setAccessibleName("Notes on the bill")
        self.footing = FootingStrip(ui.theme)
        self.tabs = QTabBar()
        self.panes = QStackedWidget()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SOON)
        self._later.timeout.connect(self._read)
        self._build()
        self._connect()

    @property
    def draft(self) -> Draft:
        """The present draft."""
        return self.hand.draft

    def begin(self, name: str, opened: Opened, draft: Draft) -> None:
        """Start to work on a bill with a first draft."""
        self.reading = Reading()
        self.footing.show_reading(self.reading)
        self._arm("")
        self.view.show_words(PdfPages(opened.shown), opened.pages)
        self.scanned = opened.scanned
        self.recognised.show_scan(opened)
        self.tabs.setCurrentIndex(SAYS)
        self.hand.begin(name, opened, draft)

    def settled(self) -> bool:
        """Whether what is shown is the reading of the present draft."""
        return not self._later.isActive() and not self.ui.ops.busy

    def release(self) -> None:
        """Close the document."""
        self.view.release()

    # how it is made

    def _build(self) -> None:
        self.tabs.setObjectName("layout_tabs")
        self.tabs.setAccessibleName("What was read of the bill")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for title, pane in (
            ("What it says", self.form),
            ("Table", self.table),
            ("Charges", self.charges),
            ("Notes", self.notes),
        ):
            self.tabs.addTab(title)
            self.panes.addWidget(pane)
        paper = QFrame()
        paper.setObjectName("card")
        inner = QVBoxLayout(paper)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.setSpacing(0)
        inner.addWidget(self.recognised)
        inner.addWidget(self.view, 1)
        card = QFrame()
        card.setObjectName("card")
        within = QVBoxLayout(card)
        within.setContentsMargins(1, 0, 1, 1)
        within.setSpacing(0)
        tabs = QVBoxLayout()
        tabs.setContentsMargins(16, 0, 16, 0)
        tabs.addWidget(self.tabs)
        within.addLayout(tabs)
        within.addWidget(self.panes, 1)
        side = QWidget()
        beside = QVBoxLayout(side)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(SPACE_M)
        beside.addWidget(self.footing)
        beside.addWidget(card, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(paper)
        splitter.addWidget(side)
        side.setMinimumWidth(480)
        splitter.setStretchFactor(0, 5)
        splitter.setStretchFactor(1, 4)
        splitter.setSizes([640, 520])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self.panes.setCurrentIndex)
        self.hand.history.changed.connect(self._draft_changed)
        self.hand.let_go.connect(self._let_go)
        self.hand.turned.connect(self.tabs.setCurrentIndex)
        self.view.pointed.connect(self._pointed)
        self.view.named.connect(self._box_clicked)
        self.view.picked.connect(self._mark_clicked)
        self.view.column.connect(self._column_menu)
        self.view.border_moved.connect(self.hand.move_border)
        self.form.pointing.connect(self._arm)
        self.form.edited.connect(self.hand.edited)
        self.form.forgotten.connect(self.hand.forget)
        self.table.named.connect(self.hand.name_column)
        self.table.edited.connect(self.hand.table_edited)
        self.table.nudged.connect(self.hand.nudge)
        self.table.split.connect(lambda table, at: self.hand.reshape("Split a column", table, split_column, at))
        self.table.joined.connect(lambda table, at: self.hand.reshape("Join columns", table, join_columns, at))
        self.table.dropped.connect(lambda at: self.hand.step("Take a table away", self.draft.without_table(at)))
        self.table.turned.connect(lambda at: self._show_table(at))
        self.charges.chosen.connect(self.view.choose)
        self.charges.told.connect(self.hand.charge_told)

    # pointing

    def menu_for(self, page: int, box: Numbers) -> QMenu:
        """What a box can be."""
        menu = QMenu(self)
        menu.setObjectName("say_what_it_is")
        menu.setAccessibleName("What is in this box")
        table = menu.addAction("The table of charges", lambda: self.hand.take_table(page, box))
        table.setObjectName("say_table")
        more = menu.addAction("A further table", lambda: self.hand.take_table(page, box, further=True))
        more.setObjectName("say_further_table")
        ends = menu.addAction("A line before which the table ends", lambda: self.hand.add_line("end", page, box))
        ends.setObjectName("say_end")
        sums = menu.addAction("A line that is a sum", lambda: self.hand.add_line("subtotals", page, box))
        sums.setObjectName("say_subtotals")
        for action in (more, ends, sums):
            action.setVisible(bool(self.draft.layout.get("tables")))
        group = ""
        for field in FIELDS:
            if field.group != group:
                group = field.group
                menu.addSeparator()
            menu.addAction(field.title, partial(self.hand.point_at, field.key, page, box)).setObjectName(
                f"say_{field.key}"
            )
        menu.addSeparator()
        words = menu.addAction("Words that recognise this carrier", lambda: self.hand.add_claim(page, box))
        words.setObjectName("say_claims")
        if box[3] - box[1] > _TALL:
            menu.setActiveAction(table)
        return menu

    def _let_go(self) -> None:
        self._arm("")
        self.view.pointing.let_go()

    def _pointed(self, page: int, box: Numbers) -> None:
        if self.armed:
            self.hand.point_at(self.armed, page, box)
            return
        menu = self.menu_for(page, box)
        menu.aboutToHide.connect(self.view.pointing.let_go)
        corner = self.view.at(box[2], box[3])
        inside = self.view.canvas.viewport().rect()
        place = QPoint(min(corner.x(), inside.right() - 20), min(corner.y(), inside.bottom() - 20))
        menu.popup(self.view.canvas.viewport().mapToGlobal(place))

    def _column_menu(self, table: int, place: int) -> None:
        menu = QMenu(self)
        menu.setObjectName("column_menu")
        now = self.draft.table(table)["columns"][place].get("field", "")
        for key, title in COLUMNS:
            action = menu.addAction(title, partial(self.hand.name_column, table, place, key))
            action.setObjectName(f"column_{key or 'none'}")
            action.setCheckable(True)
            action.setChecked(key == now)
        at = self.view.at(edges_of(self.draft.table(table))[place], places_of(self.draft, self.reading)[table].box[1])
        menu.popup(self.view.canvas.viewport().mapToGlobal(at))

    def _arm(self, field: str) -> None:
        self.armed = field
        self.form.arm(field)

    # showing it

    def _draft_changed(self) -> None:
        self._show()
        self._later.start()
        self.changed.emit()

    def _read(self) -> None:
        opened, name, draft = self.hand.opened, self.hand.name, self.draft
        if opened is None:
            return
        self._turn += 1
        turn = self._turn
        self.footing.show_busy()

        def done(reading: Reading) -> None:
            self.reading = reading
            self._show_reading()
            self.changed.emit()

        def stale() -> bool:
            return turn != self._turn

        self.hand.ask("read", lambda: layouts.read_draft(name, opened.content, draft, cancelled=stale), done)

    def _read_rows(self) -> None:
        """Ask for the rows of each table whose columns have changed."""
        opened, name = self.hand.opened, self.hand.name
        for number, place in places_of(self.draft, self.reading).items():
            key = table_key(self.draft, number, place)
            if opened is None or (number in self.hand.rows and self.hand.rows[number][0] == key):
                continue
            edges = edges_of(self.draft.table(number))

            def done(found: FoundTable, number: int = number, key: object = key) -> None:
                self.hand.rows[number] = (key, found)
                self._show_table(self.table.number)

            work = partial(layouts.find_table, name, opened.content, place.page, place.box, self.draft, edges)
            self.hand.ask(f"rows {number}", work, done)

    def _show_reading(self) -> None:
        self._read_rows()
        self.footing.show_reading(self.reading)
        marks = self.charges.show_reading(self.reading)
        self.view.show_marks(marks)
        self.notes.show_issues([FileIssue(self.hand.name, issue) for issue in self.reading.issues])
        self.tabs.setTabText(CHARGES, f"Charges ({len(marks)})" if marks else "Charges")
        self.tabs.setTabText(NOTES, f"Notes ({len(self.reading.issues)})" if self.reading.issues else "Notes")
        self._show()

    def _show(self) -> None:
        pages = self.hand.opened.pages if self.hand.opened is not None else ()
        claims = find_claims(pages, self.draft.texts("claims"))
        self.form.show_draft(
            self.draft,
            values_of(self.draft, self.reading),
            {key: bool(at) for key, at in claims.items()},
            confidences_of(self.draft, self.reading),
        )
        self._show_table(self.table.number)
        self.view.show_boxes(
            boxes_of(self.draft, self.reading, claims, self.hand.loud), columns_of(self.draft, self.reading)
        )

    def _show_table(self, number: int) -> None:
        known = self.hand.rows.get(number)
        rows, problem = (known[1].rows, known[1].problem) if known is not None else ((), "")
        self.table.show_table(self.draft, number, rows, problem)
        tables = len(self.draft.layout.get("tables", []))
        self.tabs.setTabText(TABLE, "Table" if tables < 2 else count(tables, "table").capitalize())

    def _box_clicked(self, key: str) -> None:
        if key.startswith("issue:"):
            self.tabs.setCurrentIndex(NOTES)
        row = self.form.rows.get(key)
        if row is not None:
            self.tabs.setCurrentIndex(SAYS)
            self.hand.loud = key
            row.point.setFocus()
            self.form.ensureWidgetVisible(row.value)
            self._show()

    def _mark_clicked(self, key: int) -> None:
        self.tabs.setCurrentIndex(CHARGES)
        self.charges.table.select_key(key)
