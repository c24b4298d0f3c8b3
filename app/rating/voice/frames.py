"""Deck rows as columns of integers, from objects or from a frame with DeckRow's fields as its columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.money import RATE_SCALE, to_scaled
from app.errors import UserError
from app.rating.voice.flatten import ALWAYS, DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    import polars as pl

    from app.rating.voice.call import DeckRow
    from app.rating.voice.flatten import Ints, Mask

ANY = ""
NONE = -1
FIELDS = (
    "prefix",
    "zone",
    "price",
    "effective_from",
    "effective_to",
    "jurisdiction",
    "band",
    "connect",
    "initial",
    "increment",
)


class NotAPrefix(UserError):
    """The rate deck's prefix '{prefix}' is not a beginning of a number: write up to 15 digits, with the country's code
    and without '+'."""


class NotAPrice(UserError):
    """The rate deck's {column} '{value}' cannot be used: prices are not negative and have at most 10 decimal places."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A deck's rows as columns: the first 15-digit number of each prefix and its length, UTC seconds [start, end),
    names as places in the tuples, and NONE where the contract's own connect, initial or increment holds."""

    low: Ints
    length: Ints
    start: Ints
    end: Ints
    price: Ints
    connect: Ints
    initial: Ints
    increment: Ints
    zone: Ints
    jurisdiction: Ints
    band: Ints
    zones: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    bands: tuple[str, ...]

    def named(self, jurisdiction: str, band: str) -> Mask:
        """A mask of the rows that are for calls of `jurisdiction` and `band`: those that name them or none."""
        ours, theirs = self.jurisdictions.index(jurisdiction), self.bands.index(band)
        fits = (self.jurisdiction == 0) | (self.jurisdiction == ours)
        mask: Mask = fits & ((self.band == 0) | (self.band == theirs))
        return mask


def read_rows(rows: Iterable[DeckRow] | pl.DataFrame, zone: ZoneInfo) -> Source:
    """Read `rows`; days begin at midnight of `zone`. Raises NotAPrefix and NotAPrice."""
    import polars as pl

    frame = rows if isinstance(rows, pl.DataFrame) else _as_frame(rows)
    prefix = frame.get_column("prefix").cast(pl.String)
    wrong = prefix.filter(~prefix.str.contains(rf"^[0-9]{{0,{DIGITS}}}$"))
    if len(wrong):
        raise NotAPrefix(prefix=str(wrong[0])[:40])
    zones, zone_codes = _coded(frame, "zone", first=None)
    jurisdictions, jurisdiction_codes = _coded(frame, "jurisdiction", first=ANY)
    bands, band_codes = _coded(frame, "band", first=ANY)
    return Source(
        low=_ints(prefix.str.pad_end(DIGITS, "0").cast(pl.Int64)),
        length=_ints(prefix.str.len_bytes().cast(pl.Int64)),
        start=_moments(frame, "effective_from", zone, ALWAYS[0]),
        end=_moments(frame, "effective_to", zone, ALWAYS[1]),
        price=_scaled(frame, "price"),
        connect=_scaled(frame, "connect"),
        initial=_whole(frame, "initial"),
        increment=_whole(frame, "increment"),
        zone=zone_codes,
        jurisdiction=jurisdiction_codes,
        band=band_codes,
        zones=zones,
        jurisdictions=jurisdictions,
        bands=bands,
    )


def _as_frame(rows: Iterable[DeckRow]) -> pl.DataFrame:
    import polars as pl

    def scaled(value: Decimal | None) -> int | None:
        return None if value is None else to_scaled(value, RATE_SCALE)

    listed = list(rows)
    return pl.DataFrame(
        {
            "prefix": [row.prefix for row in listed],
            "zone": [row.zone for row in listed],
            "price": [scaled(row.price) for row in listed],
            "effective_from": [row.effective_from for row in listed],
            "effective_to": [row.effective_to for row in listed],
            "jurisdiction": [row.jurisdiction for row in listed],
            "band": [row.band for row in listed],
            "connect": [scaled(row.connect) for row in listed],
            "initial": [row.initial for row in listed],
            "increment": [row.increment for row in listed],
        },
        schema={
            "prefix": pl.String,
            "zone": pl.String,
            "price": pl.Int64,
            "effective_from": pl.Date,
            "effective_to": pl.Date,
            "jurisdiction": pl.String,
            "band": pl.String,
            "connect": pl.Int64,
            "initial": pl.Int64,
            "increment": pl.Int64,
        },
    )


def _ints(series: pl.Series) -> Ints:
    import numpy as np

    return series.to_numpy().astype(np.int64, copy=False)


def _coded(frame: pl.DataFrame, column: str, first: str | None) -> tuple[tuple[str, ...], Ints]:
    """The distinct names of a column in order, `first` before them, and each row's place among them."""
    import numpy as np
    import polars as pl

    if column not in frame.columns:
        return (ANY,), np.zeros(frame.height, dtype=np.int64)
    series = frame.get_column(column).cast(pl.String).fill_null(ANY)
    names = sorted(set(series.unique().to_list()) - ({first} if first is not None else set()))
    every = tuple(names) if first is None else (first, *names)
    places = pl.Series(range(len(every)), dtype=pl.Int64)
    return every, _ints(series.replace_strict(pl.Series(every, dtype=pl.String), places, return_dtype=pl.Int64))


def _moments(frame: pl.DataFrame, column: str, zone: ZoneInfo, default: int) -> Ints:
    """UTC seconds of the midnights at which the days of a column begin; `default` for no day."""
    import polars as pl

    series = frame.get_column(column)
    days = [day for day in series.unique().to_list() if day is not None]
    seconds = pl.Series([midnight(day, zone) for day in days], dtype=pl.Int64)
    known = series.replace_strict(pl.Series(days, dtype=pl.Date), seconds, default=default, return_dtype=pl.Int64)
    return _ints(known)


def midnight(day: date, zone: ZoneInfo) -> int:
    """The UTC second at which `day` begins in `zone`."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).timestamp())


def _scaled(frame: pl.DataFrame, column: str) -> Ints:
    """A column of money as integers at scale 10; NONE where it is empty. Raises NotAPrice for what does not fit."""
    import numpy as np
    import polars as pl

    if column not in frame.columns:
        return np.full(frame.height, NONE, dtype=np.int64)
    series = frame.get_column(column)
    if series.dtype == pl.Decimal:
        at_ten = series.cast(pl.Decimal(38, RATE_SCALE))
        wrong = series.filter((at_ten != series).fill_null(False))
        if len(wrong):
            raise NotAPrice(column=column, value=wrong[0])
        series = at_ten.to_physical().cast(pl.Int64, strict=True)
    series = series.cast(pl.Int64, strict=True)
    negative = series.filter((series < 0).fill_null(False))
    if len(negative):
        raise NotAPrice(column=column, value=negative[0])
    return _ints(series.fill_null(NONE))


def _whole(frame: pl.DataFrame, column: str) -> Ints:
    import numpy as np
    import polars as pl

    if column not in frame.columns:
        return np.full(frame.height, NONE, dtype=np.int64)
    return _ints(frame.get_column(column).cast(pl.Int64, strict=True).fill_null(NONE))
