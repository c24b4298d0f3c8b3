"""The program that spark-submit starts: rate calls under a deck and terms that are given in words (docs/scale.md).

    spark-submit [Spark's settings] submit.py --calls s3://bucket/usage/calls --month 2026-03 --deck deck.parquet \
        --parameters "initial=6; increment=6" --scope call --decimals 4 --by zone,cause --totals totals.json
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession

from app.domain.money import ZERO, RoundingMode
from app.domain.terms import ContractTerms, RateElementTerms
from app.domain.vocabulary import ChargeType, PriceModel, RoundingScope
from app.errors import UserError
from app.rating.voice.call import PlaceRow
from app.rating.voice.deck_cache import open_deck
from app.rating.voice.expressions import final_denominator
from app.rating.voice.read_terms import read_voice_terms
from app.rating.voice.totals import Key
from app.usage.cluster.rate import SUMS, RatedOnCluster, rate_on_cluster
from app.usage.cluster.storage import put_whole
from app.usage.cluster.work import to_rows

if TYPE_CHECKING:
    from app.rating.voice.terms import VoiceTerms

_START = date(2000, 1, 1)


def main(argv: Sequence[str]) -> int:
    """Rate, and write the sums; what went wrong is said in words, with exit code 1."""
    asked = read_arguments(argv)
    spark = SparkSession.builder.appName("tollbook").getOrCreate()
    try:
        found = run(spark, asked)
    except UserError as fault:
        sys.stderr.write(f"{fault.message}\n")
        return fault.exit_code
    finally:
        spark.stop()
    sys.stdout.write(f"{found.rated} files rated, {found.kept} were rated already; sums in {asked.totals}\n")
    return 0


def run(spark: SparkSession, asked: argparse.Namespace) -> RatedOnCluster:
    """Open the deck, rate, write the sums."""
    import polars as pl

    terms = read_terms(asked)
    places: tuple[PlaceRow, ...] = ()
    if asked.places:
        columns = [field.name for field in fields(PlaceRow)]
        places = tuple(PlaceRow(**row) for row in pl.read_parquet(asked.places, columns=columns).iter_rows(named=True))
    deck = open_deck(pl.read_parquet(asked.deck), terms, places=places)
    found = rate_on_cluster(
        spark, asked.calls, deck, terms, asked.by, asked.write_to, not asked.afresh, asked.month or ()
    )
    with put_whole(asked.totals) as file:
        file.write(json.dumps(as_document(found, terms, asked.by), indent=1).encode())
    return found


def read_terms(asked: argparse.Namespace) -> VoiceTerms:
    """The terms that the arguments say, as a CALLS element of a contract says them. Raises BadParameters."""
    parameters = asked.parameters if "deck=" in asked.parameters else f"deck=given; {asked.parameters}".rstrip("; ")
    element = RateElementTerms(1, 1, "", ChargeType.USAGE, PriceModel.CALLS, ZERO, _START, parameters=parameters)
    contract = ContractTerms(
        1, 1, "", _START, None, "", (element,),
        rounding=asked.rounding, rounding_places=asked.decimals, rounding_scope=asked.scope, time_zone=asked.time_zone,
    )  # fmt: skip
    return read_voice_terms(element, contract)


def as_document(found: RatedOnCluster, terms: VoiceTerms, by: tuple[Key, ...]) -> dict[str, object]:
    """Sums for a file: numbers as text, `exact` a numerator over `denominator`, amounts in millionths."""
    names = [*(key.value for key in by), *SUMS]
    rows = sorted(to_rows(found.totals))
    return {
        "denominator": str(final_denominator(terms)),
        "files": {"rated": found.rated, "kept": found.kept},
        "sums": [dict(zip(names, row, strict=True)) for row in rows],
        "counters": {
            account: {
                "left": dict(stands.left),
                "counted": {line: str(units) for line, units in stands.counted.items()},
            }
            for account, stands in found.counters.items()
        },
    }


def read_keys(text: str) -> tuple[Key, ...]:
    return tuple(Key(word.strip()) for word in text.split(",") if word.strip())


def read_arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="submit.py", description="Rate calls on a Spark cluster.")
    parser.add_argument("--calls", action="append", required=True, help="a folder or file of the store, path or URI")
    parser.add_argument("--month", action="append", help="yyyy-mm: only this month; may be given again")
    parser.add_argument("--deck", required=True, help="the rate deck's rows, Parquet, as the usage folder keeps them")
    parser.add_argument("--places", help="the table of places, Parquet, where prices depend on jurisdictions")
    parser.add_argument("--parameters", default="", help="as in the contract: 'initial=6; increment=6; bands=...'")
    parser.add_argument("--time-zone", default="UTC", help="the contract's")
    parser.add_argument("--rounding", type=RoundingMode, choices=list(RoundingMode), default=RoundingMode.HALF_UP)
    parser.add_argument("--decimals", type=int, default=2, help="places that the contract rounds to")
    parser.add_argument("--scope", type=RoundingScope, choices=list(RoundingScope), default=RoundingScope.CHARGE)
    parser.add_argument("--by", type=read_keys, default=(), help=f"keys of the sums: {', '.join(Key)}")
    parser.add_argument("--write-to", help="where rated rows go; without it only sums are kept")
    parser.add_argument("--afresh", action="store_true", help="rate again what an earlier run finished")
    parser.add_argument("--totals", required=True, help="the file to write the sums to, JSON")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
