"""Rating on a cluster: the embedded engine's sums, by the same kernel, from files that many machines see."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import mmap
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.domain.vocabulary import RoundingScope
from app.rating.voice.call import Call
from app.rating.voice.deck import CompiledDeck, compile_deck
from app.rating.voice.deck_cache import open_deck
from app.rating.voice.expressions import final_denominator
from app.rating.voice.kernel import rate_batch
from app.rating.voice.terms import Band, BandPolicy, Bundle, CallTier, CallTiers, TierMeasure, VoiceTerms
from app.rating.voice.totals import Key, Totals, add_up
from app.usage.cluster.shipping import DeckDamaged, pack_deck, unpack_deck
from app.usage.cluster.storage import GivenTwice, NoCalls, find_calls, join
from app.usage.cluster.work import Job, Order, do, from_rows, mark_of, share_out, to_rows
from app.usage.rerate import rate_files
from tests.rating import voice_cases as cases

ALL_KEYS = tuple(Key)
HOW = "needs PySpark and Java 17: `python3 dev.py test --cluster tests/usage/test_cluster.py`"


def make_case(seed: int = 5, count: int = 600) -> tuple[VoiceTerms, CompiledDeck, list[Call]]:
    """Terms with every feature at once that prices calls one by one, their deck, and calls."""
    chance = random.Random(seed)
    terms = replace(
        cases.make_terms(chance),
        bands=(
            Band("day", cases.WEEK, 8 * 60, 18 * 60),
            Band("night", frozenset(range(7)), 20 * 60, 6 * 60, weight=-1),
        ),
        band_policy=BandPolicy.SPLIT,
        piu=Decimal("0.6"),
        payphone=Decimal("0.30"),
        rate_groups=((0, 100), (60, 50)),
        scope=RoundingScope.CALL,
        places=4,
    )
    rows = cases.make_deck(chance, terms, 80, kinds=True)
    return terms, open_deck(rows, terms, places=cases.make_places(chance, 30)), cases.make_calls(chance, count)


def store_calls(folder: Path, calls: list[Call]) -> Path:
    """Calls as the usage store lays them: two accounts of three months, some months in several files."""
    for place in range(12):
        some = calls[place::12]
        file = folder / f"account={place % 2}/month=2026-0{place % 3 + 2}/{place:02d}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_batches([cases.as_batch(some)]), file)
    return folder


def do_all(calls: Path, deck: CompiledDeck, terms: VoiceTerms, order: Order) -> tuple[Totals, int, int]:
    """All jobs, here and now."""
    jobs = share_out(find_calls([str(calls)]), cumulative=False)
    done = [do(job, deck, terms, order) for job in jobs]
    return add_up(each.totals for each in done), sum(each.rated for each in done), sum(each.kept for each in done)


def lies_in(array: Any) -> object:
    """What holds an array's numbers."""
    while isinstance(array, np.ndarray):
        array = array.base
    return memoryview(array).obj


# ---- without Spark: what a task does


def test_a_deck_that_was_sent_prices_as_the_one_at_home(tmp_path: Path) -> None:
    terms, deck, calls = make_case()
    found, same_terms = unpack_deck(str(pack_deck(deck, terms, tmp_path)))
    batch = cases.as_batch(calls)
    assert same_terms == terms
    assert rate_batch(batch, found, terms).equals(rate_batch(batch, deck, terms))
    assert isinstance(lies_in(found.bounds), mmap.mmap)  # shared by all workers of a machine, not copied


def test_a_deck_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    terms, deck, _ = make_case()
    packed = pack_deck(deck, terms, tmp_path)
    assert packed.name == f"{hashlib.sha256(packed.read_bytes()).hexdigest()}.deck"
    assert [file.name for file in tmp_path.iterdir()] == [packed.name]


def test_a_deck_that_did_not_arrive_whole_is_refused(tmp_path: Path) -> None:
    terms, deck, _ = make_case()
    packed = pack_deck(deck, terms, tmp_path)
    packed.write_bytes(packed.read_bytes()[:-64])
    with pytest.raises(DeckDamaged, match="did not arrive whole"):
        unpack_deck(str(packed))


@pytest.mark.parametrize("by", [(), ALL_KEYS])
def test_the_sums_of_all_tasks_are_those_of_the_embedded_engine(by: tuple[Key, ...], tmp_path: Path) -> None:
    terms, deck, calls = make_case()
    folder = store_calls(tmp_path / "calls", calls)
    ours = rate_files(sorted(folder.rglob("*.parquet")), deck, terms, by).totals
    assert do_all(folder, deck, terms, Order(by))[0] == ours
    assert sum(sums.calls for sums in ours.values()) == len(calls)


def test_sums_survive_being_written(tmp_path: Path) -> None:
    terms, deck, calls = make_case()
    folder = store_calls(tmp_path / "calls", calls)
    totals, _, _ = do_all(folder, deck, terms, Order(ALL_KEYS))
    assert from_rows(json.loads(json.dumps(to_rows(totals))), ALL_KEYS) == totals


def test_rated_rows_are_the_kernels_beside_their_checksum(tmp_path: Path) -> None:
    terms, deck, calls = make_case()
    folder = store_calls(tmp_path / "calls", calls)
    do_all(folder, deck, terms, Order((), str(tmp_path / "out")))
    parts = sorted((tmp_path / "out").rglob("*.parquet"))
    assert [part.relative_to(tmp_path / "out") for part in parts] == [
        file.relative_to(folder) for file in sorted(folder.rglob("*.parquet"))
    ]
    for part in parts:
        calls_of_part = pq.read_table(folder / part.relative_to(tmp_path / "out"), partitioning=None)
        rated = rate_batch(calls_of_part.combine_chunks().to_batches()[0], deck, terms)
        kept = pq.read_table(part, partitioning=None)
        assert kept.column("expected").combine_chunks().equals(rated.column("expected"))
        assert kept.column("segment").combine_chunks().equals(rated.column("segment"))
        done = json.loads(part.with_suffix(".done").read_text())
        assert done["sha256"] == hashlib.sha256(part.read_bytes()).hexdigest()


def test_what_was_finished_is_not_rated_again_and_what_was_damaged_is(tmp_path: Path) -> None:
    terms, deck, calls = make_case()
    folder, out = store_calls(tmp_path / "calls", calls), tmp_path / "out"
    order = Order((Key.ZONE,), str(out), mark="these terms")
    first = do_all(folder, deck, terms, order)
    assert first[1:] == (12, 0)
    assert do_all(folder, deck, terms, order) == (first[0], 0, 12)
    part = next(iter(sorted(out.rglob("*.parquet"))))
    part.write_bytes(part.read_bytes()[:-1])
    assert do_all(folder, deck, terms, order) == (first[0], 1, 11)
    assert do_all(folder, deck, terms, replace(order, mark="other terms"))[1:] == (12, 0)
    assert do_all(folder, deck, terms, replace(order, mark="other terms", resume=False))[1:] == (12, 0)


def test_a_file_that_changed_is_rated_again(tmp_path: Path) -> None:
    terms, deck, calls = make_case()
    folder, order = store_calls(tmp_path / "calls", calls), Order((), str(tmp_path / "out"))
    before = do_all(folder, deck, terms, order)[0][()].calls
    changed = next(iter(sorted(folder.rglob("*.parquet"))))
    pq.write_table(pq.read_table(changed, partitioning=None).slice(1), changed)
    totals, rated, _ = do_all(folder, deck, terms, order)
    assert (totals[()].calls, rated) == (before - 1, 1)


def test_the_mark_of_finished_parts_is_that_of_deck_terms_and_keys() -> None:
    terms, deck, _ = make_case()
    marks = {
        mark_of(deck, terms, (), "one"),
        mark_of(deck, replace(terms, places=3), (), "one"),
        mark_of(deck, terms, (Key.ZONE,), "one"),
        mark_of(replace(deck, fingerprint=""), terms, (), "one"),
        mark_of(replace(deck, fingerprint=""), terms, (), "two"),
    }
    assert len(marks) == 5
    assert mark_of(deck, terms, (), "one") == mark_of(deck, terms, (), "two")  # packed differently, the same deck


def test_calls_are_found_by_folder_file_address_and_month(tmp_path: Path) -> None:
    folder = store_calls(tmp_path / "usage" / "calls", make_case()[2])
    everything = find_calls([str(folder)])
    assert len(everything) == 12
    assert find_calls([folder.as_uri()])[3].part == everything[3].part
    one = find_calls([str(folder / "account=1")], ["2026-03"])
    assert [file.part for file in one] == [f"account=1/month=2026-03/{name}.parquet" for name in ("01", "07")]
    assert find_calls([str(folder / one[0].part)])[0].part == one[0].part
    (folder / "account=1/month=2026-03/00.partial").touch()
    assert len(find_calls([str(folder)])) == 12


def test_no_calls_and_the_same_calls_twice_are_said(tmp_path: Path) -> None:
    folder = store_calls(tmp_path, make_case()[2])
    with pytest.raises(NoCalls, match="no call records"):
        find_calls([str(folder)], ["2030-01"])
    with pytest.raises(NoCalls):
        find_calls([str(tmp_path / "nowhere")])
    with pytest.raises(GivenTwice, match="account=1/month=2026-03"):
        find_calls([str(folder), str(folder / "account=1" / "month=2026-03")])


def test_small_files_share_a_task_and_an_account_that_is_used_up_in_order_is_one(tmp_path: Path) -> None:
    files = find_calls([str(store_calls(tmp_path, make_case()[2]))])
    assert [len(job) for job in share_out(files, cumulative=False)] == [12]
    large = [replace(file, size=9_000_000) for file in files]
    assert [len(job) for job in share_out(large, cumulative=False)] == [1] * 12
    assert [len(job) for job in share_out(large, cumulative=True)] == [6, 6]


def test_an_address_keeps_what_stands_behind_its_question_mark() -> None:
    assert join("s3://bucket/out/?region=eu-1", "a/b.parquet") == "s3://bucket/out/a/b.parquet?region=eu-1"
    assert join("/srv/what?", "a") == "/srv/what?/a"


def used_up() -> tuple[VoiceTerms, CompiledDeck, list[Call]]:
    """A case whose calls cost what the calls before them leave: a bundle that rolls over, and tiers by money."""
    terms, _, calls = make_case(8, 900)
    tiers = CallTiers((CallTier(50 * 10**10, 100), CallTier(200 * 10**10, 60), CallTier(None, 30)), TierMeasure.MONEY)
    terms = replace(terms, rate_groups=(), bundle=Bundle(40_000, rolls=True), tiers=tiers)
    chance = random.Random(8)
    rows = cases.make_deck(chance, terms, 80, kinds=True)
    return terms, compile_deck(rows, terms, places=cases.make_places(chance, 30)), calls


def embedded_by_account(folder: Path, deck: CompiledDeck, terms: VoiceTerms, by: tuple[Key, ...]) -> tuple[Any, Any]:
    runs = {
        account.name: rate_files(sorted(account.rglob("*.parquet")), deck, terms, by)
        for account in sorted(folder.iterdir())
    }
    return add_up(run.totals for run in runs.values()), {name: run.counters for name, run in runs.items()}


def test_bundles_and_tiers_are_used_up_by_account_and_month(tmp_path: Path) -> None:
    terms, deck, calls = used_up()
    folder, out = store_calls(tmp_path / "calls", calls), tmp_path / "out"
    jobs: list[Job] = share_out(find_calls([str(folder)]), cumulative=True)
    done = [do(job, deck, terms, Order(ALL_KEYS, str(out))) for job in jobs]
    totals, counters = embedded_by_account(folder, deck, terms, ALL_KEYS)
    assert add_up(each.totals for each in done) == totals
    assert {name: stands for each in done for name, stands in each.counters.items()} == counters
    for account in sorted(folder.iterdir()):
        home = tmp_path / account.name
        rate_files(sorted(account.rglob("*.parquet")), deck, terms, (), home)
        for part in sorted((out / account.name).rglob("*.parquet")):
            theirs = pq.read_table(home / f"{part.parent.name}-{part.name}", columns=["expected", "free"])
            assert pq.read_table(part, columns=["expected", "free"], partitioning=None).equals(theirs)
    assert sum(pq.read_metadata(part).num_rows for part in out.rglob("*.parquet")) == len(calls)


# ---- with Spark on this machine


def with_spark(test: Any) -> Any:
    """One session for all of them, which may take long to start."""
    return pytest.mark.timeout(240)(test)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two workers on loopback; skipped, with the command that brings what is missing, where it cannot be had."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip(HOW)
    folder = tmp_path_factory.mktemp("spark")
    with importlib.import_module("app.usage.cluster.session").open_here(2, folder) as session:
        yield session
    shutil.rmtree(folder)


def rate(spark: Any, calls: Path, deck: CompiledDeck, terms: VoiceTerms, *rest: Any) -> Any:
    return importlib.import_module("app.usage.cluster.rate").rate_on_cluster(spark, [str(calls)], deck, terms, *rest)


@with_spark
@pytest.mark.parametrize("by", [(), ALL_KEYS])
def test_spark_finds_the_sums_of_the_embedded_engine(spark: Any, by: tuple[Key, ...], tmp_path: Path) -> None:
    terms, deck, calls = make_case()
    folder, out = store_calls(tmp_path / "calls", calls), tmp_path / "out"
    expected = rate_files(sorted(folder.rglob("*.parquet")), deck, terms, by).totals
    assert rate(spark, folder, deck, terms, by).totals == expected
    first = rate(spark, folder, deck, terms, by, str(out))
    again = rate(spark, folder, deck, terms, by, str(out))
    assert (first.rated, first.kept, again.rated, again.kept) == (12, 0, 0, 12)
    assert first.totals == again.totals == expected
    assert not [*out.rglob("*.partial")]


@with_spark
def test_spark_uses_up_bundles_and_tiers_as_the_embedded_engine(spark: Any, tmp_path: Path) -> None:
    terms, deck, calls = used_up()
    folder = store_calls(tmp_path / "calls", calls)
    found = rate(spark, folder, deck, terms, (Key.LINE, Key.DAY))
    assert (found.totals, dict(found.counters)) == embedded_by_account(folder, deck, terms, (Key.LINE, Key.DAY))


@with_spark
def test_spark_adds_up_beyond_64_bits(spark: Any, tmp_path: Path) -> None:
    terms = VoiceTerms(1, 1)
    deck = compile_deck([cases.DeckRow("1", "far", Decimal(50), cases.FIRST)], terms)
    folder = store_calls(tmp_path, [Call("1", "12", cases.START, 2_000_000)] * 600)
    for by, group in (((), ()), ((Key.ZONE,), ("far",))):
        exact = rate(spark, folder, deck, terms, by).totals[group].exact
        assert exact == 5 * 10**11 * 2_000_000 * 600 > 2**63


@with_spark
def test_what_the_user_is_to_be_told_comes_from_the_worker(spark: Any, tmp_path: Path) -> None:
    terms, deck, _ = make_case()
    folder = store_calls(tmp_path, [Call("1", "12", cases.START * 1000, 60)] * 12)
    refused = importlib.import_module("app.usage.cluster.rate").CallsRefused
    with pytest.raises(refused, match=r"account=0/month=2026-02.* is not a time between the years 1700 and 2500"):
        rate(spark, folder, deck, terms)


@with_spark
def test_what_spark_submit_starts_reads_deck_and_terms_from_words(spark: Any, tmp_path: Path) -> None:
    submit = importlib.import_module("app.usage.cluster.submit")
    _, _, calls = make_case()
    folder = store_calls(tmp_path / "calls", calls)
    deck = {"prefix": ["1", "44"], "zone": ["near", "far"], "price": [10**8, 25 * 10**8]}
    days = {"effective_from": [cases.FIRST] * 2, "effective_to": [None] * 2}
    frame = pl.DataFrame({**deck, **days}, schema_overrides={"effective_to": pl.Date})
    frame.write_parquet(tmp_path / "deck.parquet")
    parameters = "initial=30; increment=6; bands=day mon-fri 08:00-18:00, night all; band_policy=split; payphone=0.30"
    words = ["--calls", str(folder), "--month", "2026-03", "--deck", str(tmp_path / "deck.parquet")]
    words += ["--parameters", parameters, "--time-zone", "America/Chicago", "--scope", "call", "--decimals", "3"]
    asked = submit.read_arguments([*words, "--by", "zone, cause", "--totals", str(tmp_path / "totals.json")])
    submit.run(spark, asked)
    terms = submit.read_terms(asked)
    assert (terms.initial, terms.places, terms.scope, len(terms.bands)) == (30, 3, RoundingScope.CALL, 2)
    written = json.loads((tmp_path / "totals.json").read_text())
    months = sorted(folder.glob("*/month=2026-03/*.parquet"))
    expected = rate_files(months, open_deck(frame, terms), terms, (Key.ZONE, Key.CAUSE)).totals
    assert from_rows([[*row.values()] for row in written["sums"]], (Key.ZONE, Key.CAUSE)) == expected
    assert written["files"] == {"rated": 4, "kept": 0}
    assert written["denominator"] == str(final_denominator(terms))


@with_spark
def test_spark_listens_on_loopback_and_shows_no_page(spark: Any) -> None:
    settings = dict(spark.sparkContext.getConf().getAll())
    assert settings["spark.driver.bindAddress"] == settings["spark.driver.host"] == "127.0.0.1"
    assert spark.sparkContext.uiWebUrl is None
