"""The parameters of a CALLS element become terms, and faults name the parameter and the remedy."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.money import D, RoundingMode
from app.domain.parameters import BadParameters
from app.domain.vocabulary import PriceModel, RoundingScope
from app.rating.voice.read_terms import PARAMETERS, find_holidays, read_voice_terms
from app.rating.voice.terms import (
    HOLIDAY,
    Band,
    BandPolicy,
    Bundle,
    CallTier,
    CallTiers,
    Direction,
    TierMeasure,
    TierMode,
    VoiceTerms,
)
from tests.rating.facts import contract, element


def read(parameters: str, **fields: object) -> VoiceTerms:
    priced = element(model=PriceModel.CALLS, parameters=f"deck=Halyard; {parameters}")
    return read_voice_terms(priced, contract(priced, **fields))


def test_an_element_that_names_its_deck_only_counts_whole_minutes() -> None:
    assert read("") == VoiceTerms()


def test_every_parameter_finds_its_field() -> None:
    terms = read(
        "initial=18; increment=6; connect=0.05; deductible=yes; direction=inbound; band_policy=split; piu=37.5;"
        "bands=peak mon-fri 08:00-18:00 weight 10, offpeak all; holidays=2026-12-24, 2026-12-31; payphone=0.50;"
        "rate_groups=0:100, 60:50; places=North America; bundle_minutes=500; bundle_zones=UK, FR; bundle_pooled=yes;"
        "bundle_rolls=yes; bundle_waives_connect=no; tiers=1000:100, above:90; tier_measure=minutes;"
        "tier_mode=volume; tier_pooled=yes",
        time_zone="America/New_York",
        rounding=RoundingMode.UP,
        rounding_places=4,
        rounding_scope=RoundingScope.CALL,
    )
    assert terms == VoiceTerms(
        initial=18,
        increment=6,
        connect=D("0.05"),
        deductible=True,
        direction=Direction.INBOUND,
        time_zone="America/New_York",
        band_policy=BandPolicy.SPLIT,
        bands=(
            Band("peak", frozenset(range(5)), 480, 1080, weight=10),
            Band("offpeak", frozenset({*range(7), HOLIDAY})),
        ),
        holidays=frozenset({date(2026, 12, 24), date(2026, 12, 31)}),
        piu=D("0.375"),
        payphone=D("0.50"),
        rate_groups=((0, 100), (60, 50)),
        bundle=Bundle(30000, frozenset({"UK", "FR"}), pooled=True, rolls=True, waives_connect=False),
        tiers=CallTiers((CallTier(60000, 100), CallTier(None, 90)), TierMeasure.MINUTES, TierMode.VOLUME, pooled=True),
        rounding=RoundingMode.UP,
        places=4,
        scope=RoundingScope.CALL,
    )


def test_tiers_in_money_are_kept_to_ten_places() -> None:
    terms = read("tiers=1000.50:100, above:90; tier_measure=money")
    assert terms.tiers is not None
    assert terms.tiers.tiers == (CallTier(10_005_000_000_000, 100), CallTier(None, 90))


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("night all 22:00-06:00", Band("night", frozenset(range(8)), 1320, 360)),
        ("day", Band("day", frozenset(range(8)))),
        ("weekend sat sun hol", Band("weekend", frozenset({5, 6, 7}))),
        ("long Fri-Mon 00:00-24:00", Band("long", frozenset({4, 5, 6, 0}))),
        ("summer mon jun-aug", Band("summer", frozenset({0}), months=frozenset({6, 7, 8}))),
        ("winter mon nov-feb apr weight 3", Band("winter", frozenset({0}), 0, 1440, frozenset({11, 12, 1, 2, 4}), 3)),
    ],
)
def test_bands_are_written_as_people_say_them(text: str, band: Band) -> None:
    assert read(f"bands={text}").bands == (band,)


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ("bands=peak mon-fry", "bands: 'mon-fry' in 'peak mon-fry' is not understood; write a name, days"),
        ("bands=peak 08:00-25:00", "'08:00-25:00'"),
        ("bands=peak 08:00-12:00 13:00-18:00", "hours once"),
        ("bands=peak mon-", "'mon-'"),
        ("bands=peak weight heavy", "weight in 'peak weight heavy' wants a whole number"),
        ("bands=peak weight", "wants a whole number"),
        ("holidays=2026-02-30", "holidays: '2026-02-30' is no day"),
        ("holidays=ATLANTIS", "holidays: there is no calendar 'ATLANTIS'; write a country such as US"),
        ("rate_groups=60:50", "rate_groups: seconds have to ascend from 0"),
        ("rate_groups=0:100, 60:50, 30:10", "rate_groups: seconds have to ascend from 0"),
        ("rate_groups=0:99.5", "rate_groups: 99.5 is no whole per cent"),
        ("rate_groups=first:99", "rate_groups: 'first' is no number of seconds"),
        ("tiers=100:1.5, above:1", "tiers: 1.5 is no whole per cent"),
        ("tiers=100:100+5, above:90", "tiers: a volume discount has no fee"),
        ("tiers=0.001:100, above:90", "tiers: 0.001 is not counted in whole seconds"),
        ("bundle_minutes=0.001", "bundle_minutes: 0.001 is not counted in whole seconds"),
        ("connect=0.00000000001", "connect: 0.00000000001 has more than 10 decimal places"),
        ("piu=101", "piu = '101': 0 to 100 is wanted"),
        ("initial=0", "initial = '0': 1 to 3600 is wanted"),
        ("color=red", "there is no parameter color here"),
    ],
)
def test_a_fault_names_the_parameter_and_the_remedy(parameters: str, why: str) -> None:
    with pytest.raises(BadParameters, match=why.replace("(", r"\(")):
        read(parameters)


def test_an_element_without_a_deck_is_refused() -> None:
    priced = element(model=PriceModel.CALLS)
    with pytest.raises(BadParameters, match="deck is missing"):
        read_voice_terms(priced, contract(priced))


def test_a_time_zone_that_nobody_knows_is_refused() -> None:
    for zone in ("Mars/Olympus", "../etc"):
        with pytest.raises(BadParameters, match="time zone"):
            read("", time_zone=zone)


def test_a_country_names_its_public_holidays_for_the_contracts_years_and_on() -> None:
    days = read("holidays=US", end=date(2027, 12, 31)).holidays
    assert {date(2024, 7, 4), date(2027, 12, 25), date(2030, 11, 28)} <= days
    assert date(2026, 7, 5) not in days
    assert date(2026, 1, 6) in (find_holidays("DE-BY", 2026, 2026) or ())
    assert date(2026, 1, 6) not in (find_holidays("DE", 2026, 2026) or ())


def test_parameters_are_declared_once_each() -> None:
    names = [parameter.name for parameter in PARAMETERS]
    assert len(names) == len(set(names))
