"""Sums of rated calls: exact, the same however files are cut, and taken up again where a run stopped."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.domain.vocabulary import RoundingScope
from app.rating.voice.call import Call
from app.rating.voice.cumulative import rate_calls
from app.rating.voice.deck import CompiledDeck, compile_deck
from app.rating.voice.deck_cache import open_deck
from app.rating.voice.expressions import final_denominator
from app.rating.voice.jurisdiction import Places
from app.rating.voice.kernel import rate_batch
from app.rating.voice.prices import Deck
from app.rating.voice.rated import DENOMINATOR
from app.rating.voice.scalar import Rater
from app.rating.voice.terms import Bundle, VoiceTerms
from app.rating.voice.totals import Group, Key, add_up, total_batch
from app.usage import rerate
from app.usage.rerate import rate_files
from tests.rating import voice_cases as cases

ALL_KEYS = tuple(Key)


def make_case(seed: int, count: int = 300) -> tuple[VoiceTerms, list[cases.DeckRow], list[cases.PlaceRow], list[Call]]:
    chance = random.Random(seed)
    terms = replace(cases.make_terms(chance), scope=RoundingScope.CALL)
    rows = cases.make_deck(chance, terms, 80, kinds=True)
    return terms, rows, cases.make_places(chance, 30), cases.make_calls(chance, count)


def write(folder: Path, calls: list[Call], size: int) -> list[Path]:
    folder.mkdir(parents=True)
    paths = []
    for start in range(0, len(calls), size):
        paths.append(folder / f"{start}.parquet")
        pq.write_table(pa.Table.from_batches([cases.as_batch(calls[start : start + size])]), paths[-1])
    return paths


def name_cause(billed: int | None, expected: int, priced: bool) -> str:
    if not priced:
        return "unpriced"
    if billed is None:
        return "not_said"
    return "agrees" if billed == expected else "too_much" if billed > expected else "too_little"


@pytest.mark.parametrize("seed", range(6))
def test_each_group_has_the_sums_of_its_calls(seed: int) -> None:
    terms, rows, places, calls = make_case(seed)
    deck = compile_deck(rows, terms, places=places)
    batch = cases.as_batch(calls)
    found = total_batch(batch, rate_batch(batch, deck, terms), deck, terms, ALL_KEYS)
    rater = Rater(Deck(rows), Places(places), terms)
    expected: dict[Group, list[int]] = defaultdict(lambda: [0] * 7)
    for call in calls:
        rated = rater.rate(call)
        due = 0 if rated.expected is None else int(rated.expected.scaleb(6))
        billed = None if call.billed is None else int(call.billed.scaleb(6))
        cause = name_cause(billed, due, not rated.unpriced)
        day = datetime.fromtimestamp(call.started, UTC).astimezone(ZoneInfo(terms.time_zone)).date()
        sums = expected[call.line, rated.zone, rated.jurisdiction.value, rated.band, day, cause]
        differs = cause in ("too_much", "too_little")
        exact = rated.numerator * final_denominator(terms) // DENOMINATOR
        for place, value in enumerate((1, rated.seconds, exact, due, billed or 0, differs, cause == "unpriced")):
            sums[place] += value
    assert {group: [*map(int, rerate.astuple(sums))] for group, sums in found.items()} == dict(expected)


@pytest.mark.parametrize("by", [(), (Key.LINE, Key.DAY), (Key.ZONE, Key.CAUSE, Key.BAND)])
def test_sums_are_the_same_however_the_calls_are_cut(by: tuple[Key, ...], tmp_path: Path) -> None:
    terms, rows, places, calls = make_case(11)
    deck = compile_deck(rows, terms, places=places)
    found = [rate_files(write(tmp_path / str(size), calls, size), deck, terms, by).totals for size in (7, 100, 300)]
    assert found[0] == found[1] == found[2]
    assert sum(sums.calls for sums in found[0].values()) == len(calls)


def test_sums_beyond_64_bits_are_exact() -> None:
    terms = VoiceTerms(1, 1)
    row = cases.DeckRow("1", "far", cases.Decimal(50), cases.FIRST)
    deck = compile_deck([row], terms)
    batch = cases.as_batch([Call("1", "12", cases.START, 2_000_000)] * 200)
    rated = rate_batch(batch, deck, terms)
    whole = add_up([total_batch(batch, rated, deck, terms)] * 3)
    exact = 5 * 10**11 * 2_000_000 * 600
    assert exact > 2**63
    assert whole[()].exact == exact
    by_line = add_up([total_batch(batch, rated, deck, terms, (Key.LINE,))] * 3)
    assert by_line[("1",)] == whole[()]


def open_case(tmp_path: Path) -> tuple[CompiledDeck, VoiceTerms, list[Path]]:
    terms, rows, places, calls = make_case(3)
    return open_deck(rows, terms, places=places), terms, write(tmp_path / "calls", calls, 100)


def test_a_run_goes_on_where_the_one_before_stopped(tmp_path: Path) -> None:
    deck, terms, paths = open_case(tmp_path)
    by, out = (Key.LINE, Key.DAY), tmp_path / "out"
    rate_files(paths[:2], deck, terms, by, out)
    whole = rate_files(paths, deck, terms, by, out)
    assert (whole.rated, whole.kept) == (1, 2)
    assert whole.totals == rate_files(paths, deck, terms, by).totals
    rows = [pq.read_metadata(part).num_rows for part in sorted(out.glob("*.parquet"))]
    assert rows == [100, 100, 100]


def test_a_part_that_was_damaged_or_is_for_other_terms_is_rated_again(tmp_path: Path) -> None:
    deck, terms, paths = open_case(tmp_path)
    out = tmp_path / "out"
    whole = rate_files(paths, deck, terms, (), out)
    part = sorted(out.glob("*.parquet"))[0]
    part.write_bytes(part.read_bytes()[:-1])
    assert rate_files(paths, deck, terms, (), out).rated == 1
    assert rate_files(paths, deck, replace(terms, deductible=not terms.deductible), (), out).rated == 3
    assert rate_files(paths, deck, terms, (), out).totals == whole.totals


def test_a_bundle_is_used_up_over_all_files_of_a_period_and_begins_again_with_the_next(tmp_path: Path) -> None:
    terms, rows, places, calls = make_case(4, 400)
    terms = replace(terms, bundle=Bundle(500_000, pooled=True, rolls=True))
    deck = compile_deck(rows, terms, places=places)
    calls.sort(key=lambda call: (call.line, call.number))  # not in the order of time, as a store by line is not
    first, second = calls[::2], calls[1::2]
    paths = write(tmp_path / "month=2026-02", first, 60) + write(tmp_path / "month=2026-03", second, 60)
    found = rate_files(paths, deck, terms, (), tmp_path / "out")
    one, counters = rate_calls(first, Deck(rows), Places(places), terms)
    two, stands = rate_calls(second, Deck(rows), Places(places), terms, counters.turn(terms))
    exact = sum(each.numerator for each in (*one, *two))
    assert found.totals[()].exact * (DENOMINATOR // final_denominator(terms)) == exact
    assert found.counters == stands
    assert sum(pq.read_metadata(part).num_rows for part in (tmp_path / "out").glob("*.parquet")) == len(calls)
