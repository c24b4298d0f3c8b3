"""Colours that can be read, type that is shipped, themes and sizes that change while the window is open."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPushButton

from app.ui.icons import NAMES, Icons
from app.ui.theme import Theme
from app.ui.tokens import DARK, LIGHT, Tokens, Tone, contrast

TEXTS = ("text", "muted", "faint", "accent", "danger", "success", "warning", "neutral")
GROUNDS = ("window", "surface", "raised", "hover")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_its_ground(tokens: Tokens) -> None:
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [(tone.value, f"{tone.value}_soft") for tone in Tone]
    pairs += [("text", "selection"), ("text", "danger_soft"), ("text", "warning_soft"), ("text", "accent_soft")]
    pairs += [("on_accent", "accent"), ("on_accent", "accent_hover"), ("danger", "selection"), ("faint", "selection")]
    rails = ("rail", "rail_hover", "rail_active")
    pairs += [(text, rail) for text in ("rail_text", "rail_bright", "rail_faint") for rail in rails]
    faint = {f"{text} on {ground}": contrast(getattr(tokens, text), getattr(tokens, ground)) for text, ground in pairs}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


def test_contrast_is_the_ratio_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_the_theme_changes_while_the_window_is_open(qapp: QApplication, theme: Theme) -> None:
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.dark))
    theme.switch(dark=True)
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.window
    assert DARK.accent in qapp.styleSheet()
    theme.switch(dark=False)
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == LIGHT.window
    assert told == [True, False]


def test_the_typeface_is_shipped_with_tabular_figures(theme: Theme) -> None:
    font = theme.font()
    assert font.family() == "Inter"
    assert font.featureTags(), "figures of equal width are a feature that has to be switched on"


def test_everything_grows_and_shrinks(theme: Theme) -> None:
    theme.magnify(2)
    assert theme.size("body") == 16
    theme.magnify(99)
    assert theme.zoom == 150
    theme.magnify(0)
    assert theme.size("body") == 13


def test_a_bound_icon_follows_the_theme(qapp: QApplication, theme: Theme) -> None:
    icons, button = Icons(theme), QPushButton()
    icons.bind(button, "bills")
    light = button.icon().pixmap(24, 24).toImage()
    theme.switch(dark=True)
    assert button.icon().pixmap(24, 24).toImage() != light


def test_every_icon_exists(theme: Theme) -> None:
    icons = Icons(theme)
    assert [name for name in NAMES if icons.icon(name).pixmap(16, 16).isNull()] == []
