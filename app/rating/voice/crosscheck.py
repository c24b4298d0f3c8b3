"""The second engine: the same sums by DuckDB, from the rows of the deck as they are written.

It shares nothing with `deck` and `flatten`: SQL finds the times in which a row of each prefix is in force, and joins
calls to prefixes by hashing, once per prefix length. Both engines' sums are to be the same integers. It is for terms
without jurisdictions, bands, bundles and tiers; for those the scalar engine is the one to compare with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.money import MONEY_SCALE, RATE_SCALE, RoundingMode, to_scaled
from app.domain.vocabulary import RoundingScope
from app.errors import BugError
from app.rating.voice.expressions import PER_CENT, denominator
from app.rating.voice.totals import Sums

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    import polars as pl
    import pyarrow as pa

    from app.rating.voice.terms import VoiceTerms

MEMORY = "384MB"

# Of the rows of one prefix the one effective latest is in force, of two alike the last: at each day on which one begins
# or ends. Days are counted in the contract's zone; `since` and `until` are UTC seconds, by the zone rules that the rest
# of the program goes by: a second set of rules, with other versions of them, would be a difference of clocks.
_IN_FORCE = """
create temp table in_force as
with rows as (
    select prefix, place, effective_from as since, coalesce(effective_to, date '9999-12-31') as until
    from deck where effective_to is null or effective_from < effective_to),
edges as (select prefix, since as day from rows union select prefix, until from rows),
pieces as (
    select prefix, day, lead(day) over (partition by prefix order by day) as next from edges),
won as (
    select pieces.prefix, pieces.day, pieces.next, arg_max(rows.place, (rows.since, rows.place)) as place
    from pieces join rows
      on rows.prefix = pieces.prefix and rows.since <= pieces.day and pieces.day < rows.until
    where pieces.next is not null
    group by all)
select length(won.prefix)::int as digits,
       coalesce(try_cast(won.prefix as bigint), 0) as head, won.place,
       first.second as since, following.second as until,
       deck.price, coalesce(deck.connect, $connect) as connect,
       coalesce(deck.initial, $initial) as initial, coalesce(deck.increment, $increment) as increment
from won join deck on deck.place = won.place
     join midnights as first on first.day = won.day join midnights as following on following.day = won.next
"""


def total_by_sql(
    paths: Sequence[Path], rows: pl.DataFrame, terms: VoiceTerms, overrides: Mapping[str, Decimal] | None = None
) -> Sums:
    """The sums of all calls in `paths` (store schema) under `rows` (a frame as for `compile_deck`, money as integers at
    scale 10). Raises BugError for terms that this engine does not know."""
    import duckdb
    import polars as pl

    if not can_check(rows, terms):
        raise BugError("the second engine knows no bands, jurisdictions, PIU, bundles and tiers")
    wanted = ("connect", "initial", "increment", "effective_to")
    rows = rows.with_columns(pl.lit(None, pl.Int64).alias(name) for name in wanted if name not in rows.columns)
    for zone, price in (overrides or {}).items():
        own = pl.when(pl.col("zone") == zone).then(to_scaled(price, RATE_SCALE)).otherwise(pl.col("price"))
        rows = rows.with_columns(own.alias("price"))
    arrow = rows.with_row_index("place").to_arrow()
    with duckdb.connect(config={"memory_limit": MEMORY}) as base:
        base.register("given", arrow)
        base.execute(
            "create temp table deck as select place, prefix, price, connect, initial, increment,"
            " effective_from::date as effective_from, effective_to::date as effective_to from given"
        )
        days = base.execute(
            "select distinct unnest([effective_from, coalesce(effective_to, date '9999-12-31')]) from deck"
        )
        base.register("midnights", _find_midnights([day for (day,) in days.fetchall()], terms.time_zone))
        facts = {
            "connect": to_scaled(terms.connect, RATE_SCALE),
            "initial": terms.initial,
            "increment": terms.increment,
        }
        base.execute(_IN_FORCE, facts)
        lengths = [length for (length,) in base.execute("select distinct digits from in_force").fetchall()]
        query = _write_query(sorted(lengths, reverse=True), terms)
        sums = [base.execute(query.format(file=_quote(path))).fetchone() for path in paths]
    whole = Sums()
    for found in sums:
        whole += Sums(*(int(value or 0) for value in found or ()))
    return whole


def can_check(rows: pl.DataFrame, terms: VoiceTerms) -> bool:
    """Whether the second engine knows prices and terms of this kind."""
    import polars as pl

    if terms.bands or terms.piu is not None or terms.bundle is not None or terms.tiers is not None:
        return False
    named = [pl.col(name).fill_null("") != "" for name in ("jurisdiction", "band") if name in rows.columns]
    return not named or not rows.select(pl.any_horizontal(named).any()).item()


def _find_midnights(days: Sequence[date], zone: str) -> pa.Table:
    """The UTC second at which each day begins in the zone; where its midnight comes twice, the first of them."""
    import pyarrow as pa

    clock = ZoneInfo(zone)
    seconds = [int(datetime(day.year, day.month, day.day, tzinfo=clock).timestamp()) for day in days]
    return pa.table({"day": pa.array(days, pa.date32()), "second": pa.array(seconds, pa.int64())})


def _quote(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _write_query(lengths: Sequence[int], terms: VoiceTerms) -> str:
    """One SELECT over one file: a join per prefix length, the longest hit first, then the arithmetic."""
    joins = "\n".join(
        f"left join (select * from in_force where digits = {length}) as p{length}"  # noqa: S608 - whole numbers only
        f" on c.digits >= {length} and c.head // {10 ** (15 - length)} = p{length}.head"
        f" and c.started >= p{length}.since and c.started < p{length}.until"
        for length in lengths
    )

    def first(name: str) -> str:
        return f"coalesce({', '.join(f'p{length}.{name}' for length in lengths)}, null)"

    picked = ", ".join(f"{first(name)} as {name}" for name in ("price", "connect", "initial", "increment"))
    scale = PER_CENT if terms.rate_groups else 1
    places = terms.places if terms.scope is RoundingScope.CALL else MONEY_SCALE
    unit = denominator(terms) // 10**places
    payphone = to_scaled(terms.payphone, RATE_SCALE)
    fee = f"connect * {60 * scale}"
    cost = f"greatest({fee}, usage)" if terms.deductible else f"{fee} + usage"
    surcharge = f"case when payphone then {payphone * 60 * scale} else 0 end" if payphone else "0"
    flag = "coalesce(payphone, false)" if payphone else "false"
    return f"""
    with calls as (
        select greatest(number, 0) as head, case when number < 0 then 0 else digits end as digits, started,
               seconds::bigint as seconds, billed, {flag} as payphone
        from read_parquet({{file}})),
    priced as (select c.seconds, c.billed, c.payphone, {picked} from calls as c {joins}),
    counted as (
        select *, case when price is null or seconds <= 0 then 0 when seconds <= initial then initial
            else initial + (seconds - initial + increment - 1) // increment * increment end as billable
        from priced),
    used as (select *, ({_weigh(terms)})::bigint * price as usage from counted),
    costs as (
        select *, case when billable > 0 then {cost} + {surcharge} else 0 end as exact from used),
    rounded as (select *, {_round(terms.rounding, unit)} * {10 ** (MONEY_SCALE - places)} as expected from costs)
    select count(*), sum(billable), sum(exact::hugeint), sum(expected::hugeint), sum(billed::hugeint),
           count(*) filter (where price is not null and billed <> expected), count(*) filter (where price is null)
    from rounded
    """  # noqa: S608 - made of our own integers and names


def _weigh(terms: VoiceTerms) -> str:
    if not terms.rate_groups:
        return "billable"
    starts = [start for start, _ in terms.rate_groups]
    parts = []
    for (start, percent), end in zip(terms.rate_groups, [*starts[1:], None], strict=True):
        until = "billable" if end is None else f"least(billable, {end})"
        parts.append(f"greatest({until} - {start}, 0) * {percent}")
    return " + ".join(parts)


def _round(mode: RoundingMode, unit: int) -> str:
    if mode is RoundingMode.TRUNCATE:
        return f"(exact // {unit})"
    if mode is RoundingMode.UP:
        return f"((exact + {unit - 1}) // {unit})"
    if mode is RoundingMode.HALF_UP:
        return f"((exact + {unit // 2}) // {unit})"
    half, rest = unit // 2, f"exact % {unit}"
    return (
        f"(exact // {unit} + case when {rest} > {half} or ({rest} = {half} and exact // {unit} % 2 = 1)"
        " then 1 else 0 end)"
    )
