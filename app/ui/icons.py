"""Icons by what they mean, in the theme's colours. A bound icon is drawn again when the theme changes."""

from __future__ import annotations

import weakref
from typing import Protocol

from PySide6.QtGui import QIcon
from shiboken6 import isValid

from app.ui.theme import RESOURCES, Theme

# what it means → Phosphor's name in qtawesome
NAMES = {
    "today": "ph.sun-horizon",
    "review": "ph.eye",
    "bills": "ph.receipt",
    "overcharges": "ph.warning-octagon",
    "disputes": "ph.scales",
    "payments": "ph.money",
    "bank": "ph.bank",
    "inventory": "ph.hard-drives",
    "contracts": "ph.file-text",
    "what_if": "ph.arrows-left-right",
    "imports": "ph.tray",
    "import": "ph.download-simple",
    "export": "ph.export",
    "search": "ph.magnifying-glass",
    "columns": "ph.columns",
    "filter": "ph.funnel",
    "person": "ph.user-circle",
    "light": "ph.sun",
    "dark": "ph.moon",
    "close": "ph.x",
    "back": "ph.arrow-left",
    "next": "ph.caret-right",
    "previous": "ph.caret-left",
    "down": "ph.caret-down",
    "zoom_in": "ph.magnifying-glass-plus",
    "zoom_out": "ph.magnifying-glass-minus",
    "fit": "ph.arrows-out-line-horizontal",
    "check": "ph.check-circle",
    "approve": "ph.check",
    "dismiss": "ph.prohibit",
    "hold": "ph.pause-circle",
    "send_back": "ph.arrow-u-up-left",
    "letter": "ph.envelope-simple",
    "file": "ph.file",
    "folder": "ph.folder-open",
    "warning": "ph.warning",
    "error": "ph.x-circle",
    "info": "ph.info",
    "clock": "ph.clock",
    "calendar": "ph.calendar-blank",
    "demo": "ph.buildings",
    "new": "ph.plus",
    "command": "ph.command",
    "proof": "ph.calculator",
    "location": "ph.map-pin",
    "internet": "ph.globe-simple",
    "wan": "ph.share-network",
    "voice": "ph.phone",
    "colocation": "ph.hard-drives",
    "chart": "ph.chart-bar",
    "copy": "ph.copy",
    "reload": "ph.arrow-clockwise",
    "point": "ph.crosshair-simple",
    "table": "ph.table",
    "undo": "ph.arrow-counter-clockwise",
    "redo": "ph.arrow-clockwise",
    "layout": "ph.bounding-box",
    "save": "ph.floppy-disk",
    "take_away": "ph.eraser",
    "split": "ph.columns",
    "join": "ph.arrows-in-line-horizontal",
    "mend": "ph.wrench",
    "write": "ph.pencil-simple",
}


class HasIcon(Protocol):
    """A button or an action."""

    def setIcon(self, icon: QIcon, /) -> None: ...


class Icons:
    """Draws icons and keeps bound ones in the theme's colours."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._bound: list[tuple[weakref.ref[HasIcon], str, str]] = []
        theme.changed.connect(self._draw_again)

    def icon(self, name: str, colour: str = "muted") -> QIcon:
        """The icon of that meaning in a token's colour."""
        import qtawesome

        tokens = self._theme.tokens
        return QIcon(qtawesome.icon(NAMES[name], color=getattr(tokens, colour), color_disabled=tokens.border_strong))

    def bind(self, owner: HasIcon, name: str, colour: str = "muted") -> None:
        """Give `owner` the icon now and after each change of theme."""
        self._bound.append((weakref.ref(owner), name, colour))
        owner.setIcon(self.icon(name, colour))

    def _draw_again(self) -> None:
        living = []
        for reference, name, colour in self._bound:
            owner = reference()
            if owner is not None and isValid(owner):
                owner.setIcon(self.icon(name, colour))
                living.append((reference, name, colour))
        self._bound = living


def application_icon() -> QIcon:
    """Tollbook's own sign."""
    return QIcon(str(RESOURCES / "icons" / "tollbook.svg"))
