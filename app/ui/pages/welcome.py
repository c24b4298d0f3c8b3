"""The first start: look at the demo company, make a workspace, or open one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.ui.icons import Icons, application_icon
from app.ui.theme import Theme
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from app.ui.widgets.basic import button, clear, label


class Choice(QAbstractButton):
    """A plate with an icon, a title and a sentence."""

    def __init__(self, name: str, title: str, sentence: str, icon: str, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setText(title)
        self.setToolTip(sentence)
        self.sentence, self._icon, self._theme, self._icons = sentence, icon, theme, icons
        self.primary = icon == "demo"
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(QSize(248, 196))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.hasFocus()
        painter.setPen(QColor(tokens.accent if lit else tokens.border))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 10, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent if self.primary else tokens.accent_soft))
        painter.drawRoundedRect(22, 22, 44, 44, 10, 10)
        colour = "on_accent" if self.primary else "accent"
        self._icons.icon(self._icon, colour).paint(
            painter, self.rect().adjusted(32, 32, -self.width() + 56, -self.height() + 56)
        )
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.faint))
        painter.setFont(self._theme.font("heading", QFont.Weight.DemiBold))
        painter.drawText(self.rect().adjusted(22, 82, -18, 0), Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setPen(QColor(tokens.muted))
        painter.setFont(self._theme.font("small"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(22, 108, -18, -14), flags, self.sentence)
        painter.end()


class WelcomePage(QWidget):
    """Emits what the user chose; shows how far the demo company is built."""

    demo_wanted = Signal()
    create_wanted = Signal()
    open_wanted = Signal()
    recent_wanted = Signal(str)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName("Welcome")
        self.demo = Choice(
            "load_demo",
            "Load the demo company",
            "Meridian Foods: five carriers, six months of bills, and overcharges waiting to be found. Takes a minute.",
            "demo",
            theme,
            icons,
        )
        self.create_choice = Choice(
            "create_workspace",
            "Create a workspace",
            "Start with your own bills. Everything stays in one folder on this computer.",
            "new",
            theme,
            icons,
        )
        self.open_choice = Choice(
            "open_workspace",
            "Open a workspace",
            "Go on with a folder that Tollbook made before.",
            "folder",
            theme,
            icons,
        )
        self.demo.clicked.connect(lambda _checked=False: self.demo_wanted.emit())
        self.create_choice.clicked.connect(lambda _checked=False: self.create_wanted.emit())
        self.open_choice.clicked.connect(lambda _checked=False: self.open_wanted.emit())
        sign = QLabel()
        sign.setPixmap(application_icon().pixmap(QSize(64, 64)))
        choices = QHBoxLayout()
        choices.setSpacing(SPACE_L)
        for choice in (self.demo, self.create_choice, self.open_choice):
            choices.addWidget(choice)
        self.stage = label("", "muted")
        self.stage.setAccessibleName("Progress")
        self.bar = QProgressBar()
        self.bar.setObjectName("demo_progress")
        self.bar.setAccessibleName("Progress of the demo company")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(480)
        self.cancel_button: QPushButton = button("Cancel", "demo_cancel", lambda: None, quiet=True)
        self.cancel_button.hide()
        self.recent = QVBoxLayout()
        self.recent.setSpacing(SPACE_XS)
        middle = Qt.AlignmentFlag.AlignHCenter
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACE_S)
        layout.addStretch(3)
        layout.addWidget(sign, 0, middle)
        layout.addSpacing(SPACE_M)
        layout.addWidget(label("Welcome to Tollbook", "display"), 0, middle)
        layout.addWidget(
            label(
                "Check every carrier’s bill against your contracts, prove each overcharge, pay what is owed.", "muted"
            ),
            0,
            middle,
        )
        layout.addSpacing(SPACE_XL)
        holder = QHBoxLayout()
        holder.addStretch(1)
        holder.addLayout(choices)
        holder.addStretch(1)
        layout.addLayout(holder)
        layout.addSpacing(SPACE_L)
        layout.addWidget(self.stage, 0, middle)
        layout.addWidget(self.bar, 0, middle)
        layout.addLayout(self.recent)
        layout.addStretch(4)
        self.busy(False)

    def busy(self, running: bool, stage: str = "") -> None:
        """While a workspace is being made nothing else can be chosen."""
        for choice in (self.demo, self.create_choice, self.open_choice):
            choice.setEnabled(not running)
        self.stage.setText(stage)
        self.stage.setVisible(running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0)

    def tell(self, done: int, of: int, what: str) -> None:
        """Show how far it is."""
        self.bar.setRange(0, of)
        self.bar.setValue(done)
        self.stage.setText(what)

    def show_recent(self, folders: list[Path]) -> None:
        """Offer workspaces that were open before."""
        clear(self.recent)
        for folder in folders:
            again = button(f"Open {folder.name} again", f"recent_{folder.name}", lambda: None, quiet=True)
            again.setToolTip(str(folder))
            again.clicked.connect(lambda _checked=False, path=str(folder): self.recent_wanted.emit(path))
            self.recent.addWidget(again, 0, Qt.AlignmentFlag.AlignHCenter)
