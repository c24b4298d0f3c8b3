"""The rail at the left: whose workspace it is, the pages with their counts, importing, the theme, and who is acting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from app.domain.vocabulary import Role
from app.services.users import Person
from app.ui.context import Acting
from app.ui.icons import Icons, application_icon
from app.ui.theme import Theme
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Tone
from app.ui.widgets.basic import label, row, tool
from app.ui.wording import initials, word

RAIL_WIDTH = 216
COMPACT_WIDTH = 68
IMPORT = " Import files…"  # Qt sets an icon too close to its text


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail."""

    key: str
    title: str
    icon: str
    shortcut: str
    tip: str


LOUD = "#E5584C"  # the same on both rails: 4.5:1 with its own dark figures

PLACES = (
    Place("today", "Today", "today", "Ctrl+1", "What arrived, what is overcharged, what is due"),
    Place("review", "Review", "review", "Ctrl+Shift+R", "What was read and waits for a person"),
    Place("imports", "Imports", "imports", "Ctrl+Shift+I", "Every file that came, and those kept in quarantine"),
    Place("bills", "Bills", "bills", "Ctrl+2", "All bills, and each beside its source page"),
    Place("overcharges", "Overcharges", "overcharges", "Ctrl+3", "What the audit found, with the proof"),
    Place("disputes", "Disputes", "disputes", "Ctrl+4", "What is claimed from carriers, and what they answered"),
    Place("payments", "Payments", "payments", "Ctrl+5", "What is due when, scheduled and released"),
    Place("bank", "Bank", "bank", "Ctrl+9", "What the bank says: statements, returns, answers"),
    Place("inventory", "Inventory", "inventory", "Ctrl+6", "Carriers, accounts, locations and services"),
    Place("contracts", "Contracts", "contracts", "Ctrl+7", "Contracts and their dated prices"),
    Place("what_if", "What if", "what_if", "Ctrl+8", "What bills would have cost under an offer"),
)


class PlaceButton(QAbstractButton):
    """A page's entry: icon, title, count; painted, so that it looks the same on every system."""

    def __init__(self, place: Place, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.place = place
        self._theme, self._icons = theme, icons
        self.count = 0
        self.tone = Tone.NEUTRAL
        self.compact = False
        self.setObjectName(f"go_{place.key}")
        self.setText(place.title)
        self.setAccessibleName(place.title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setToolTip(
            f"{place.tip} ({QKeySequence(place.shortcut).toString(QKeySequence.SequenceFormat.NativeText)})"
        )
        self.setStatusTip(place.tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_count(self, number: int, tone: Tone = Tone.NEUTRAL) -> None:
        """How many things wait there."""
        self.count, self.tone = number, tone
        self.setAccessibleDescription(f"{number} waiting" if number else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(RAIL_WIDTH - 2 * SPACE_M, self._theme.scaled(38))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5)
        if self.isChecked() or self.underMouse() or self.hasFocus():
            painter.setPen(QColor(tokens.rail_text) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.rail_active if self.isChecked() else tokens.rail_hover))
            painter.drawRoundedRect(area, 7, 7)
        colour = "rail_bright" if self.isChecked() else "rail_text"
        size = self._theme.scaled(18)
        middle = self.height() // 2
        left = (self.width() - size) // 2 if self.compact else 12
        self._icons.icon(self.place.icon, colour).paint(painter, QRect(left, middle - size // 2, size, size))
        if self.compact:
            if self.count:
                self._paint_dot(painter, left + size)
            painter.end()
            return
        painter.setFont(self._theme.font("body", QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium))
        painter.setPen(QColor(getattr(tokens, colour)))
        text = QRect(24 + size, 0, self.width() - size - 30, self.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.count:
            self._paint_count(painter)
        painter.end()

    def _paint_dot(self, painter: QPainter, right: int) -> None:
        loud = self.tone is Tone.DANGER
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LOUD if loud else self._theme.tokens.rail_faint))
        painter.drawEllipse(QRectF(right - 3, self.height() / 2 - 12, 8, 8))

    def _paint_count(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        font = self._theme.font("tiny", QFont.Weight.DemiBold)
        written = f"{self.count:,}" if self.count < 10_000 else "9,999+"
        width = max(QFontMetrics(font).horizontalAdvance(written) + 12, 22)
        badge = QRectF(self.width() - width - 8, self.height() / 2 - 9, width, 18)
        loud = self.tone is Tone.DANGER
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LOUD if loud else tokens.rail_hover if self.isChecked() else tokens.rail_active))
        if not loud and self.isChecked():
            painter.setBrush(QColor(tokens.rail))
        painter.drawRoundedRect(badge, 9, 9)
        painter.setFont(font)
        painter.setPen(QColor("#1A0503" if loud else tokens.rail_bright))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, written)


class PersonButton(PlaceButton):
    """Who is acting: initials, name, role; opens the list of people."""

    def __init__(self, acting: Acting, theme: Theme, icons: Icons) -> None:
        super().__init__(Place("person", acting.name, "person", "", "Act as another person"), theme, icons)
        self.setObjectName("acting_person")
        self.setCheckable(False)
        self.setToolTip("Who is acting. Approval needs a second person: click to act as someone else.")
        self._acting = acting
        acting.changed.connect(self._renew)
        self._renew()

    def sizeHint(self) -> QSize:
        return QSize(RAIL_WIDTH - 2 * SPACE_M, self._theme.scaled(50))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(tokens.rail_text) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.rail_active if self.underMouse() else tokens.rail_hover))
        painter.drawRoundedRect(area, 8, 8)
        side = self._theme.scaled(32)
        circle = QRectF((self.width() - side) / 2 if self.compact else 9, (self.height() - side) / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent))
        painter.drawEllipse(circle)
        painter.setPen(QColor(tokens.on_accent))
        painter.setFont(self._theme.font("small", QFont.Weight.DemiBold))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, initials(self._acting.name))
        if self.compact:
            painter.end()
            return
        left = side + 18
        room = self.width() - left - 28
        for font, colour, text, flag in (
            (self._theme.font("body", QFont.Weight.DemiBold), "rail_bright", self._acting.name, 0),
            (self._theme.font("tiny"), "rail_faint", word(self._acting.role), 1),
        ):
            painter.setFont(font)
            painter.setPen(QColor(getattr(tokens, colour)))
            half = self.height() // 2
            line = QRect(left, half if flag else 4, room, half - 4)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            side_flag = Qt.AlignmentFlag.AlignTop if flag else Qt.AlignmentFlag.AlignBottom
            painter.drawText(line, side_flag | Qt.AlignmentFlag.AlignLeft, shown)
        sign = QRect(self.width() - 24, self.height() // 2 - 7, 14, 14)
        self._icons.icon("down", "rail_faint").paint(painter, sign)
        painter.end()

    def _renew(self) -> None:
        self.setAccessibleName(f"Acting as {self._acting.name}, {word(self._acting.role)}")
        self.update()


class Rail(QWidget):
    """`chosen` carries the key of a page, `person` a Person."""

    chosen = Signal(str)
    person = Signal(object)
    import_wanted = Signal()
    theme_wanted = Signal()
    person_wanted = Signal()

    def __init__(self, company: str, acting: Acting, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Pages")
        self.setFixedWidth(RAIL_WIDTH)
        self._people: list[Person] = []
        self.buttons = {place.key: PlaceButton(place, theme, icons) for place in PLACES}
        sign = QLabel()
        sign.setPixmap(application_icon().pixmap(QSize(30, 30)))
        self.brand = QWidget()
        brand = QVBoxLayout(self.brand)
        brand.setContentsMargins(0, 0, 0, 0)
        brand.setSpacing(0)
        brand.addWidget(label("Tollbook", "brand"))
        self.company = label(company, "company")
        self.company.setToolTip(company)
        self.company.setText(QFontMetrics(theme.font("small")).elidedText(company, Qt.TextElideMode.ElideRight, 140))
        brand.addWidget(self.company)
        head = row(sign, spacing=10)
        head.addWidget(self.brand, 1)
        self.import_button = QPushButton(IMPORT)
        self.import_button.setObjectName("import_files")
        self.import_button.setAccessibleName("Import files")
        self.import_button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.import_button.setToolTip(
            "Bills, contracts, inventory and call records; or drop files anywhere on the window"
        )
        icons.bind(self.import_button, "import", "rail_bright")
        self.import_button.clicked.connect(lambda _checked=False: self.import_wanted.emit())
        self.theme_button = tool("Switch between light and dark", "switch_theme", icons, "dark")
        icons.bind(self.theme_button, "dark", "rail_text")
        self.theme_button.clicked.connect(lambda _checked=False: self.theme_wanted.emit())
        self.person_button = PersonButton(acting, theme, icons)
        self.person_button.clicked.connect(lambda _checked=False: self.show_people())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_L, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_XS // 2)
        layout.addLayout(head)
        layout.addSpacing(SPACE_L)
        for key, button in self.buttons.items():
            if key == "inventory":
                layout.addSpacing(SPACE_S)
            button.clicked.connect(partial(self._chosen, key))
            layout.addWidget(button)
        layout.addStretch(1)
        foot = row(self.import_button, spacing=SPACE_S)
        foot.setStretch(0, 1)
        foot.addWidget(self.theme_button)
        layout.addLayout(foot)
        layout.addSpacing(SPACE_S)
        layout.addWidget(self.person_button)
        self._acting = acting

    def show_compact(self, compact: bool) -> None:
        """Only icons, where a page needs the room."""
        self.setFixedWidth(COMPACT_WIDTH if compact else RAIL_WIDTH)
        self.brand.setVisible(not compact)
        self.theme_button.setVisible(not compact)
        self.import_button.setText("" if compact else IMPORT)
        for button in (*self.buttons.values(), self.person_button):
            button.compact = compact
            button.update()

    def mark(self, key: str) -> None:
        """Show which page is open."""
        if key in self.buttons:
            self.buttons[key].setChecked(True)

    def know(self, people: list[Person]) -> None:
        """The people one can act as."""
        self._people = people

    def show_people(self) -> None:
        """Open the list of people above the button."""
        menu = self.people_menu()
        place = self.person_button.mapToGlobal(QPoint(0, 0))
        menu.popup(QPoint(place.x(), place.y() - menu.sizeHint().height() - 4))

    def people_menu(self) -> QMenu:
        """Everyone, the acting one marked."""
        menu = QMenu(self)
        menu.setObjectName("people_menu")
        for known in self._people:
            action = menu.addAction(f"{known.name}  ·  {word(known.role)}")
            action.setCheckable(True)
            action.setChecked(known.name == self._acting.name)
            action.triggered.connect(partial(self._become, known))
        menu.addSeparator()
        menu.addAction("Add a person…").triggered.connect(lambda _checked=False: self.person_wanted.emit())
        return menu

    def _become(self, known: Person, _checked: bool = False) -> None:
        self.person.emit(known)

    def _chosen(self, key: str, _checked: bool = False) -> None:
        self.chosen.emit(key)


def default_person() -> Person:
    """Who acts in a workspace in which nobody is known yet."""
    return Person("Me", Role.IT_MANAGER)
