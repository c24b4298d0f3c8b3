"""Compiling a deck: nested and dated prefixes laid flat, and kept by what they were compiled from."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from app.rating.voice.call import Call, DeckRow
from app.rating.voice.deck import BlendTooFine, CompiledDeck, NotAnIncrement, PriceTooLarge, compile_deck
from app.rating.voice.deck_cache import open_deck
from app.rating.voice.frames import NotAPrefix, NotAPrice
from app.rating.voice.kernel import rate_batch
from app.rating.voice.prices import Deck
from app.rating.voice.terms import VoiceTerms
from tests.rating import voice_cases as cases

DAY = 86_400
ROW = DeckRow("44", "Britain", Decimal("0.02"), date(2026, 2, 1))
TERMS = VoiceTerms(1, 1)


def price_at(deck: CompiledDeck, number: str, moment: int, terms: VoiceTerms = TERMS) -> Decimal | None:
    batch = cases.as_batch([Call("1", number, moment, 60)])
    found = rate_batch(batch, deck, terms).to_pylist()[0]
    return None if found["zone"] < 0 else Decimal(found["price"]).scaleb(-10)


def test_the_longest_prefix_in_force_prices_a_number() -> None:
    deck = compile_deck([ROW, replace(ROW, prefix="447", price=Decimal("0.2"))], TERMS)
    assert price_at(deck, "447911", cases.START) == Decimal("0.2")
    assert price_at(deck, "442079", cases.START) == Decimal("0.02")
    assert price_at(deck, "45", cases.START) is None


def test_a_withdrawn_prefix_falls_back_to_the_shorter_one_and_may_come_back() -> None:
    gone = replace(ROW, prefix="447", price=Decimal("0.2"), effective_to=date(2026, 2, 3))
    back = replace(gone, price=Decimal("0.3"), effective_from=date(2026, 2, 5), effective_to=None)
    deck = compile_deck([ROW, gone, back], TERMS)
    found = [price_at(deck, "447911", cases.START + day * DAY) for day in range(6)]
    assert found == [Decimal(text) for text in ("0.2", "0.2", "0.02", "0.02", "0.3", "0.3")]


def test_of_two_rows_of_a_prefix_the_later_one_holds_while_it_is_in_force() -> None:
    later = replace(ROW, price=Decimal("0.5"), effective_from=date(2026, 2, 3), effective_to=date(2026, 2, 4))
    deck = compile_deck([later, ROW], TERMS)
    found = [price_at(deck, "44", cases.START + day * DAY) for day in (1, 2, 3)]
    assert found == [Decimal("0.02"), Decimal("0.5"), Decimal("0.02")]


def test_days_begin_at_midnight_of_the_contracts_zone() -> None:
    terms = replace(TERMS, time_zone="America/New_York")
    deck = compile_deck([replace(ROW, effective_from=date(2026, 3, 9))], terms)  # the day after the clocks changed
    begins = cases.START + 36 * DAY + 4 * 3600
    assert price_at(deck, "44", begins, terms) == Decimal("0.02")
    assert price_at(deck, "44", begins - 1, terms) is None


def test_a_number_shorter_than_a_prefix_is_not_priced_by_it() -> None:
    deck = compile_deck([ROW, replace(ROW, prefix="4400", price=Decimal(3))], TERMS)
    assert price_at(deck, "44", cases.START) == Decimal("0.02")
    assert price_at(deck, "4400", cases.START) == Decimal(3)


def test_an_unknown_number_is_priced_by_the_empty_prefix_only() -> None:
    deck = compile_deck([ROW, replace(ROW, prefix="", price=Decimal(7))], TERMS)
    assert price_at(deck, "", cases.START) == Decimal(7)
    assert price_at(compile_deck([ROW], TERMS), "", cases.START) is None


def test_an_override_goes_before_the_price_of_its_zone() -> None:
    deck = compile_deck([ROW, replace(ROW, prefix="49", zone="Germany")], TERMS, {"Britain": Decimal("0.01")})
    assert (price_at(deck, "44", cases.START), price_at(deck, "49", cases.START)) == (Decimal("0.01"), Decimal("0.02"))


def test_the_ranges_of_a_compiled_deck_ascend_and_every_timeline_is_without_a_gap() -> None:
    chance = random.Random(5)
    terms = cases.make_terms(chance)
    deck = compile_deck(cases.make_deck(chance, terms, 300, kinds=True), terms)
    assert (np.diff(deck.bounds) > 0).all()
    assert (np.diff(deck.moments) > 0).all()
    begins = deck.moments[np.diff(deck.moments >> 34, prepend=-1) > 0]
    assert (begins & (2**34 - 1) == 0).all()
    assert len(begins) == deck.owner.max() + 1


@pytest.mark.parametrize("seed", range(12))
def test_every_number_and_day_finds_the_row_that_a_search_through_the_rows_finds(seed: int) -> None:
    chance = random.Random(seed)
    rows = cases.make_deck(chance, TERMS, 200, kinds=False)
    calls = [
        Call("1", cases.make_prefix(chance) + str(chance.randrange(99)), cases.START + chance.randrange(80) * DAY, 60)
        for _ in range(400)
    ]
    found = rate_batch(cases.as_batch(calls), compile_deck(rows, TERMS), TERMS).column("segment").to_pylist()
    deck = Deck(rows)
    for call, place in zip(calls, found, strict=True):
        dated = deck.find(call.number, date(1970, 1, 1).toordinal() + call.started // DAY, "unknown", "")
        assert (None if dated is None else dated.row) == (rows[place] if place >= 0 else None), call


def test_a_frame_of_decimals_compiles_like_rows() -> None:
    frame = pl.DataFrame(
        {
            "prefix": ["44"],
            "zone": ["Britain"],
            "price": pl.Series([Decimal("0.02")], dtype=pl.Decimal(20, 12)),
            "effective_from": [date(2026, 2, 1)],
            "effective_to": pl.Series([None], dtype=pl.Date),
        }
    )
    assert price_at(compile_deck(frame, TERMS), "44", cases.START) == Decimal("0.02")
    wrong = frame.with_columns(pl.lit(Decimal("0.02000000001")).alias("price"))
    with pytest.raises(NotAPrice, match="at most 10 decimal places"):
        compile_deck(wrong, TERMS)


def test_what_cannot_be_counted_with_is_refused() -> None:
    with pytest.raises(NotAPrefix, match="'\\+44'"):
        compile_deck([replace(ROW, prefix="+44")], TERMS)
    with pytest.raises(NotAPrice, match="price '-"):
        compile_deck([replace(ROW, price=Decimal(-1))], TERMS)
    with pytest.raises(NotAnIncrement):
        compile_deck([replace(ROW, increment=0)], TERMS)
    with pytest.raises(PriceTooLarge, match="90000000"):
        compile_deck([replace(ROW, price=Decimal(90_000_000))], TERMS)
    with pytest.raises(BlendTooFine):
        compile_deck([replace(ROW, price=Decimal(9))], replace(TERMS, piu=Decimal("0.1234567891")))


def test_an_empty_deck_prices_nothing() -> None:
    assert price_at(compile_deck([], TERMS), "44", cases.START) is None


def test_an_unchanged_deck_is_not_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_deck([ROW], TERMS, folder=tmp_path)
    monkeypatch.setattr("app.rating.voice.deck.flatten", None)
    again = open_deck([ROW], TERMS, folder=tmp_path)
    assert again.fingerprint == first.fingerprint
    assert price_at(again, "447", cases.START) == Decimal("0.02")
    with pytest.raises(TypeError):
        open_deck([replace(ROW, price=Decimal("0.03"))], TERMS, folder=tmp_path)


def test_a_saved_deck_that_is_not_whole_is_compiled_again(tmp_path: Path) -> None:
    open_deck([ROW], TERMS, folder=tmp_path)
    (saved,) = tmp_path.glob("*.npz")
    saved.write_bytes(saved.read_bytes()[:100])
    assert price_at(open_deck([ROW], TERMS, folder=tmp_path), "44", cases.START) == Decimal("0.02")
    assert saved.stat().st_size > 100


def test_56_weekly_changes_of_a_prefix_are_56_pieces() -> None:
    rows = [
        replace(ROW, effective_from=cases.FIRST + timedelta(days=7 * week), price=Decimal(week)) for week in range(56)
    ]
    deck = compile_deck(rows, TERMS)
    assert len(deck.moments) == 57
    assert price_at(deck, "44", cases.START + 70 * DAY) == Decimal(10)
