"""The look: Fusion with our own palette, one small style sheet, one typeface with tabular figures; switched live."""

from __future__ import annotations

from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.tokens import DARK, LIGHT, TYPE, Tokens

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
FAMILY = "Inter"
ZOOM_STEPS = (80, 90, 100, 110, 125, 150)


class Theme(QObject):
    """The current colours and sizes. `changed` is emitted after the application looks different."""

    changed = Signal()

    def __init__(self, application: QApplication, *, dark: bool = False, zoom: int = 100) -> None:
        super().__init__(application)
        self._application = application
        self._template = Template((RESOURCES / "theme" / "tollbook.qss").read_text(encoding="utf-8"))
        self._family = _load_fonts()
        self.zoom = zoom
        self.tokens: Tokens = DARK if dark else LIGHT
        application.setStyle("Fusion")
        self._apply()

    @property
    def dark(self) -> bool:
        return self.tokens.dark

    def switch(self, dark: bool) -> None:
        """Show the light or the dark theme."""
        self.tokens = DARK if dark else LIGHT
        self._apply()

    def magnify(self, steps: int) -> None:
        """Make everything larger or smaller by `steps` of ZOOM_STEPS; 0 goes back to 100 %."""
        index = ZOOM_STEPS.index(100) if steps == 0 else ZOOM_STEPS.index(self.zoom) + steps
        self.zoom = ZOOM_STEPS[max(0, min(index, len(ZOOM_STEPS) - 1))]
        self._apply()

    def size(self, role: str) -> int:
        """The type size of a role of TYPE in pixels."""
        return round(TYPE[role] * self.zoom / 100)

    def scaled(self, pixels: int) -> int:
        """A length of the layout at the present zoom."""
        return round(pixels * self.zoom / 100)

    def font(self, role: str = "body", weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The typeface in that size and weight, figures all equally wide so that amounts align."""
        font = QFont(self._family)
        font.setPixelSize(self.size(role))
        font.setWeight(weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        return font

    def colour(self, name: str) -> QColor:
        """A token as a QColor."""
        return QColor(getattr(self.tokens, name))

    def _apply(self) -> None:
        self._application.setPalette(palette_of(self.tokens))
        self._application.setFont(self.font())
        names: dict[str, object] = {name: getattr(self.tokens, name) for name in Tokens.__slots__}
        names |= {f"size_{role}": f"{self.size(role)}px" for role in TYPE}
        names["icons"] = (RESOURCES / "icons" / ("dark" if self.dark else "light")).as_posix()
        self._application.setStyleSheet(self._template.substitute(names))
        self.changed.emit()


def palette_of(tokens: Tokens) -> QPalette:
    """The QPalette that Fusion and every standard widget draws with."""
    roles = {
        QPalette.ColorRole.Window: tokens.window,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.hover,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.faint,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.danger,
        QPalette.ColorRole.ToolTipBase: tokens.raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.Highlight: tokens.selection,
        QPalette.ColorRole.HighlightedText: tokens.text,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.LinkVisited: tokens.accent,
        QPalette.ColorRole.Light: tokens.border,
        QPalette.ColorRole.Midlight: tokens.border,
        QPalette.ColorRole.Mid: tokens.border_strong,
        QPalette.ColorRole.Dark: tokens.border_strong,
        QPalette.ColorRole.Shadow: tokens.border_strong,
    }
    palette = QPalette()
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.faint))
    return palette


def _load_fonts() -> str:
    """Load the typeface that is shipped; where Qt cannot read it, the system's own serves."""
    family = ""
    for file in sorted((RESOURCES / "theme" / "fonts").glob("*.otf")):
        number = QFontDatabase.addApplicationFont(str(file))
        names = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
        if FAMILY in names:
            family = FAMILY
    return family or QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
