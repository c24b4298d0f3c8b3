"""Short ways to write calls, decks and moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.money import D
from app.rating.voice.call import Call, DeckRow

NEW_YORK = "America/New_York"


def at(text: str, zone: str = "UTC", fold: int = 0) -> int:
    """The UTC second at which clocks of `zone` show "2026-03-08 01:59"; the second time with fold 1."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def call(
    seconds: int = 60, number: str = "447700900123", started: str | int = "2026-03-04 12:00", **fields: Any
) -> Call:
    moment = at(started) if isinstance(started, str) else started
    return replace(Call("12125550100", number, moment, seconds), **fields)


def row(prefix: str = "44", price: str = "0.011", since: str = "2026-01-01", until: str = "", **fields: Any) -> DeckRow:
    end = date.fromisoformat(until) if until else None
    return replace(DeckRow(prefix, "UK", D(price), date.fromisoformat(since), end), **fields)
