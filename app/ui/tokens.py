"""Design tokens: the colours of the light and the dark theme, the sizes of type, the spaces between things.

Every pair of text and ground that the window uses has a contrast of at least 4.5:1; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a coloured thing says, whatever the theme makes of it."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours as #rrggbb. `soft` colours are grounds for chips and bars of the same name."""

    dark: bool
    window: str
    surface: str
    raised: str
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    selection: str
    rail: str
    rail_text: str
    rail_faint: str
    rail_hover: str
    rail_active: str
    rail_bright: str
    neutral: str
    neutral_soft: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    paper: str = "#FFFFFF"

    def ink(self, tone: Tone) -> str:
        """The colour of text and icons of that tone."""
        return str(getattr(self, tone.value))

    def soft(self, tone: Tone) -> str:
        """The ground on which `ink` of that tone stands."""
        return str(getattr(self, f"{tone.value}_soft"))


LIGHT = Tokens(
    dark=False,
    window="#F5F6F8",
    surface="#FFFFFF",
    raised="#FFFFFF",
    hover="#F2F5F8",
    border="#E2E6EB",
    border_strong="#C5CDD6",
    text="#16202A",
    muted="#4F5B68",
    faint="#5E6A77",
    accent="#0B6275",
    accent_hover="#084F5F",
    on_accent="#FFFFFF",
    accent_soft="#E0F0F3",
    selection="#DFF0F3",
    rail="#10232E",
    rail_text="#C3D0D9",
    rail_faint="#96AAB8",
    rail_hover="#18303D",
    rail_active="#1F3D4C",
    rail_bright="#FFFFFF",
    neutral="#48535F",
    neutral_soft="#ECEFF3",
    success="#17633A",
    success_soft="#E2F3E9",
    warning="#7D4B00",
    warning_soft="#FCF0D6",
    danger="#AB231B",
    danger_soft="#FCE9E7",
)

DARK = Tokens(
    dark=True,
    window="#11161C",
    surface="#182028",
    raised="#1E2831",
    hover="#202B35",
    border="#2A3540",
    border_strong="#41505E",
    text="#E7ECF1",
    muted="#A9B5C1",
    faint="#9AA7B3",
    accent="#58C4D8",
    accent_hover="#7AD3E3",
    on_accent="#05222A",
    accent_soft="#153944",
    selection="#193A45",
    rail="#0B1015",
    rail_text="#B8C4CE",
    rail_faint="#8595A3",
    rail_hover="#151D25",
    rail_active="#1A2A34",
    rail_bright="#FFFFFF",
    neutral="#B6C1CC",
    neutral_soft="#29343F",
    success="#76D3A0",
    success_soft="#15332A",
    warning="#F0BC5E",
    warning_soft="#382B12",
    danger="#FF9B92",
    danger_soft="#401F1F",
    paper="#F2F3F4",
)

# pixels at 100 % zoom; Qt multiplies by the screen's own ratio
TYPE = {"display": 28, "title": 22, "figure": 18, "heading": 15, "body": 13, "small": 12, "tiny": 11}

SPACE_XS = 4
SPACE_S = 8
SPACE_M = 12
SPACE_L = 16
SPACE_XL = 24
RADIUS = 8
ROW_HEIGHT = 36


def contrast(first: str, second: str) -> float:
    """The WCAG 2 contrast ratio of two #rrggbb colours, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
