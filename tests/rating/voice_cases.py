"""Random decks, places, terms and calls that meet every rule of pricing calls, for comparing engines."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa

from app.domain.money import RoundingMode
from app.domain.vocabulary import RoundingScope
from app.rating.voice.call import Call, DeckRow, PlaceRow
from app.rating.voice.terms import HOLIDAY, Band, BandPolicy, VoiceTerms

FIRST = date(2026, 2, 1)
DAYS = 90
START = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp())
WEEK = frozenset(range(5))
LINES = ("12175550001", "13125550002", "18005550003", "reception")


def as_batch(calls: Sequence[Call]) -> pa.RecordBatch:
    """Calls in the schema of the store."""
    numbers = [call.number if 0 < len(call.number) <= 15 else "" for call in calls]
    billed = [None if call.billed is None else int(call.billed.scaleb(6)) for call in calls]
    return pa.RecordBatch.from_pydict(
        {
            "line": pa.array([call.line for call in calls], pa.string()),
            "number": pa.array([int(number.ljust(15, "0")) if number else -1 for number in numbers], pa.int64()),
            "digits": pa.array([len(number) for number in numbers], pa.int8()),
            "started": pa.array([call.started for call in calls], pa.int64()),
            "seconds": pa.array([call.seconds for call in calls], pa.int64()),
            "billed": pa.array(billed, pa.int64()),
            "payphone": pa.array([call.payphone for call in calls], pa.bool_()),
        }
    )


def make_prefix(chance: random.Random) -> str:
    """A prefix over few digits, so that prefixes nest."""
    return chance.choice(("1", "12", "44", "")) + "".join(chance.choice("0125") for _ in range(chance.randrange(5)))


def make_deck(chance: random.Random, terms: VoiceTerms, rows: int, kinds: bool) -> list[DeckRow]:
    """Rows that overlap, are withdrawn, come back, and have fees and increments of their own now and then."""
    bands = ["", "", *(band.name for band in terms.bands)]
    jurisdictions = ["", "", "", "interstate", "intrastate", "local", "international", "unknown"] if kinds else [""]
    made = []
    for _ in range(rows):
        begin = FIRST + timedelta(days=chance.randrange(-20, DAYS))
        rare = chance.random() < 0.2
        made.append(
            DeckRow(
                prefix=make_prefix(chance),
                zone=f"zone {chance.randrange(6)}",
                price=Decimal(chance.randrange(0, 90_000)).scaleb(-5),
                effective_from=begin,
                effective_to=begin + timedelta(days=chance.randrange(0, 50)) if chance.random() < 0.5 else None,
                jurisdiction=chance.choice(jurisdictions),
                band=chance.choice(bands),
                connect=Decimal(chance.randrange(0, 30)).scaleb(-2) if chance.random() < 0.2 else None,
                initial=chance.choice((0, 1, 18, 30)) if rare else None,
                increment=chance.choice((1, 6, 60)) if rare else None,
            )
        )
    return made


def make_places(chance: random.Random, rows: int) -> list[PlaceRow]:
    """Places of prefixes, some with nothing known but the country."""
    made = [
        PlaceRow(
            prefix=make_prefix(chance) or "1",
            country=chance.choice(("1", "1", "1", "44", "")),
            state=chance.choice(("IL", "IL", "MO", "")),
            lata=chance.choice(("358", "358", "360", "")),
            local=chance.choice(("a", "a", "b", "")),
            toll_free=chance.random() < 0.05,
        )
        for _ in range(rows)
    ]
    return [
        *made,
        PlaceRow("1217555", "1", "IL", "358", "a"),
        PlaceRow("1312555", "1", "IL", "358", "b"),
        PlaceRow("1800555", "1", toll_free=True),
    ]


def make_terms(chance: random.Random) -> VoiceTerms:
    """Terms with each rule switched on at random."""
    bands: tuple[Band, ...] = ()
    if chance.random() < 0.7:
        bands = (
            Band("day", WEEK, 8 * 60, 18 * 60),
            Band("night", frozenset(range(7)), 20 * 60, 6 * 60, weight=-1),
            Band("feast", frozenset({HOLIDAY}), weight=5),
            Band("spring", WEEK, 17 * 60, 20 * 60, frozenset({3}), 2),
        )
    groups: tuple[tuple[int, int], ...] = ()
    if chance.random() < 0.4:
        groups = ((0, 100), (60, 80), (chance.choice((61, 600)), 35))
    return VoiceTerms(
        initial=chance.choice((0, 1, 6, 30, 60)),
        increment=chance.choice((1, 6, 60)),
        connect=chance.choice((Decimal(0), Decimal("0.05"))),
        deductible=chance.random() < 0.4,
        time_zone=chance.choice(("UTC", "America/Chicago", "Europe/Berlin", "Asia/Kolkata")),
        band_policy=chance.choice(list(BandPolicy)),
        bands=bands,
        holidays=frozenset({date(2026, 2, 16), date(2026, 4, 3)}),
        piu=chance.choice((None, Decimal("0.37"), Decimal(0), Decimal(1), Decimal("0.333333"))),
        payphone=chance.choice((Decimal(0), Decimal("0.55"))),
        rate_groups=groups,
        rounding=chance.choice(list(RoundingMode)),
        places=chance.choice((0, 2, 3, 4, 6)),
        scope=chance.choice((RoundingScope.CALL, RoundingScope.CALL, RoundingScope.CHARGE)),
    )


def make_calls(chance: random.Random, count: int) -> list[Call]:
    """Calls to numbers of all lengths, at all hours, some not answered, some hours long."""
    made = []
    for _ in range(count):
        number = make_prefix(chance) + "".join(chance.choice("0125") for _ in range(chance.randrange(9)))
        if chance.random() < 0.02:
            number = chance.choice(("", "1" * 15, "1" * 16, "0", "1"))
        made.append(
            Call(
                line=chance.choice(LINES),
                number=number,
                started=START + chance.randrange(-86_400, DAYS * 86_400),
                seconds=chance.choice((0, 1, 5, 31, 61, 205, chance.randrange(4_000), chance.randrange(60_000))),
                billed=chance.choice((None, Decimal(chance.randrange(10_000)).scaleb(-4))),
                payphone=chance.random() < 0.1,
            )
        )
    return made
