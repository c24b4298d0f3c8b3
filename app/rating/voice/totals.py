"""Sums of rated calls by line, zone, jurisdiction, band, day and cause: exact, and the same however batches are cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.domain.money import MONEY_SCALE
from app.rating.voice.expressions import final_denominator, round_costs
from app.rating.voice.frames import midnight
from app.rating.voice.placing import JURISDICTIONS, UNKNOWN
from app.rating.voice.slices import band_names

if TYPE_CHECKING:
    import pyarrow as pa

    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.flatten import Ints, Mask
    from app.rating.voice.terms import VoiceTerms

_EPOCH = date(1970, 1, 1)
_LOW = 32
_DAY = 86_400


class Key(StrEnum):
    """What sums are kept by."""

    LINE = "line"
    ZONE = "zone"
    JURISDICTION = "jurisdiction"
    BAND = "band"
    DAY = "day"  # of the contract's time zone
    CAUSE = "cause"


class Cause(StrEnum):
    """How what the carrier charges for a call stands to what it should cost."""

    AGREES = "agrees"
    TOO_MUCH = "too_much"
    TOO_LITTLE = "too_little"
    NOT_SAID = "not_said"  # the record has no charge
    UNPRICED = "unpriced"


CAUSES = tuple(Cause)
Group = tuple[str | date, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of some calls. `exact` is a numerator over `final_denominator(terms)`; `expected` and `billed` are in
    millionths: each call's cost rounded as the contract rounds calls (elsewhere to 6 places, as the carrier prints it)
    and what the carrier charges. `differing` calls have both and they are not the same; `unpriced` have no price."""

    calls: int = 0
    seconds: int = 0
    exact: int = 0
    expected: int = 0
    billed: int = 0
    differing: int = 0
    unpriced: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(ours + theirs for ours, theirs in zip(astuple(self), astuple(other), strict=True)))


Totals = dict[Group, Sums]


def add_up(parts: Iterable[Mapping[Group, Sums]]) -> Totals:
    """The sums of several batches together."""
    whole: Totals = {}
    for part in parts:
        for group, sums in part.items():
            whole[group] = whole[group] + sums if group in whole else sums
    return whole


def total_batch(
    calls: pa.RecordBatch, rated: pa.RecordBatch, deck: CompiledDeck, terms: VoiceTerms, by: tuple[Key, ...] = ()
) -> Totals:
    """The sums of a rated batch by the keys asked for; without any, one sum under ()."""
    import numpy as np

    if not calls.num_rows:
        return {}
    exact = rated.column("exact").to_numpy()
    billed, said = _billed(calls)
    priced = rated.column("segment").to_numpy() >= 0
    expected = _expected(rated, exact, terms)
    differs = (billed != expected) & priced & said
    columns = (rated.column("billable").to_numpy(), exact >> _LOW, exact & (2**_LOW - 1), expected, billed)
    if not by:
        seconds, high, low, due, charged = (int(column.sum(dtype=np.int64)) for column in columns)
        wrong, known = int(np.count_nonzero(differs)), int(np.count_nonzero(priced))
        return {(): Sums(len(exact), seconds, (high << _LOW) + low, due, charged, wrong, len(exact) - known)}
    codes, names = _encode(calls, rated, deck, terms, by, np.where(said, billed, expected) - expected, said, priced)
    return _group(codes, names, (*columns, differs, ~priced))


def _billed(calls: pa.RecordBatch) -> tuple[Ints, Mask | bool]:
    """What the carrier charges, 0 where it does not say; and where it does."""
    import numpy as np

    column = calls.column("billed")
    if not column.null_count:
        return column.to_numpy().astype(np.int64, copy=False), True
    said = column.is_valid().to_numpy(zero_copy_only=False)
    return column.fill_null(0).to_numpy().astype(np.int64, copy=False), said


def _expected(rated: pa.RecordBatch, exact: Ints, terms: VoiceTerms) -> Ints:
    if "expected" in rated.schema.names:
        found: Ints = rated.column("expected").to_numpy()
        return found
    return round_costs(exact, final_denominator(terms), MONEY_SCALE, terms.rounding)


def _encode(
    calls: pa.RecordBatch,
    rated: pa.RecordBatch,
    deck: CompiledDeck,
    terms: VoiceTerms,
    by: tuple[Key, ...],
    over: Ints,
    said: Mask | bool,
    priced: Mask,
) -> tuple[list[Ints], list[list[str | date]]]:
    """Each key as codes, and what the codes mean."""
    import numpy as np
    import pyarrow as pa

    def stored(name: str, default: int) -> Ints:
        if name in rated.schema.names:
            column: Ints = rated.column(name).to_numpy().astype(np.int64)
            return column
        return np.full(len(over), default, dtype=np.int64)

    codes: list[Ints] = []
    names: list[list[str | date]] = []
    for key in by:
        if key is Key.LINE:
            coded = calls.column("line")
            coded = coded if pa.types.is_dictionary(coded.type) else coded.dictionary_encode()
            codes.append(coded.indices.to_numpy(zero_copy_only=False).astype(np.int64))
            names.append(coded.dictionary.to_pylist())
        elif key is Key.ZONE:
            codes.append(stored("zone", -1) + 1)
            names.append(["", *deck.zones])
        elif key is Key.JURISDICTION:
            codes.append(stored("jurisdiction", UNKNOWN))
            names.append([kind.value for kind in JURISDICTIONS])
        elif key is Key.BAND:
            codes.append(stored("band", 0))
            names.append([*band_names(terms)])
        elif key is Key.DAY:
            days, found = _days(calls.column("started").to_numpy(), ZoneInfo(terms.time_zone))
            codes.append(found)
            names.append([*days])
        else:
            kinds = np.where(over > 0, 1, np.where(over < 0, 2, 0))
            codes.append(np.where(priced, np.where(said, kinds, 3), 4))
            names.append([cause.value for cause in CAUSES])
    return codes, names


def _days(started: Ints, zone: ZoneInfo) -> tuple[list[date], Ints]:
    """The days of the contract's zone that the calls start on, and which is whose."""
    import numpy as np

    first = _EPOCH + timedelta(days=int(started.min()) // _DAY - 1)
    count = (int(started.max()) - int(started.min())) // _DAY + 4
    days = [first + timedelta(days=place) for place in range(count)]
    moments = np.array([midnight(day, zone) for day in days], dtype=np.int64)
    return days, np.searchsorted(moments, started, side="right") - 1


def _group(codes: list[Ints], names: list[list[str | date]], columns: tuple[Ints, ...]) -> Totals:
    import polars as pl

    group = codes[0].astype("int64")
    for code, meanings in zip(codes[1:], names[1:], strict=True):
        group = group * len(meanings) + code
    frame = pl.DataFrame({"group": group, **{str(place): column for place, column in enumerate(columns)}})
    sums = [pl.col(str(place)).cast(pl.Int64).sum() for place in range(len(columns))]
    found: Totals = {}
    for place, calls, seconds, high, low, due, billed, wrong, unpriced in (
        frame.group_by("group").agg(pl.len(), *sums).iter_rows()
    ):
        rest, meaning = place, []
        for meanings in reversed(names):
            rest, code = divmod(rest, len(meanings))
            meaning.append(meanings[code])
        found[tuple(reversed(meaning))] = Sums(calls, seconds, (high << _LOW) + low, due, billed, wrong, unpriced)
    return found
