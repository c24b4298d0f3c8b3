"""What the parameters of a CALLS element say about calls: read into the terms that both engines are given.

deck=Halyard 2026; initial=6; increment=6; bands=peak mon-fri 08:00-18:00 weight 10, offpeak all; holidays=US;
bundle_minutes=500; tiers=10000:100, above:90
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.money import RATE_SCALE, fits
from app.domain.parameters import BadParameters, Form, Parameter, Settings, Tier, read_settings
from app.domain.terms import ContractTerms, RateElementTerms
from app.rating.voice.read_bands import read_band
from app.rating.voice.terms import (
    BandPolicy,
    Bundle,
    CallTier,
    CallTiers,
    Direction,
    TierMeasure,
    TierMode,
    VoiceTerms,
)

PARAMETERS = (
    Parameter("deck", Form.TEXT, "name of the rate deck"),
    Parameter("places", Form.TEXT, "name of the table of places that jurisdictions come from", ""),
    Parameter("initial", Form.WHOLE, "least seconds billed of an answered call", "60", least=1, most=3600),
    Parameter("increment", Form.WHOLE, "seconds in whose steps the rest of a call is billed", "60", least=1, most=3600),
    Parameter("connect", Form.DECIMAL, "fee for each answered call", "0"),
    Parameter("deductible", Form.YES_NO, "whether the connect fee is a least charge instead of an extra one", "no"),
    Parameter("direction", Form.WORD, "who calls: outbound, we; inbound, the others", "outbound", Direction),
    Parameter("band_policy", Form.WORD, "the price of the band at the start, or split by bands", "start", BandPolicy),
    Parameter("bands", Form.TEXTS, "time bands such as peak mon-fri 08:00-18:00 weight 10", ""),
    Parameter("holidays", Form.TEXTS, "days such as 2026-12-25, or a country such as US or DE-BY", ""),
    Parameter("piu", Form.DECIMAL, "per cent of calls of unknown jurisdiction that are interstate", "", most=100),
    Parameter("payphone", Form.DECIMAL, "surcharge for each answered call from a payphone", "0"),
    Parameter("rate_groups", Form.TABLE, "from which second on which per cent of the price: 0:100, 60:50", ""),
    Parameter("bundle_minutes", Form.DECIMAL, "free minutes of a period", ""),
    Parameter("bundle_zones", Form.TEXTS, "zones that the free minutes are for; without it, all", ""),
    Parameter("bundle_pooled", Form.YES_NO, "whether all numbers share the free minutes", "no"),
    Parameter("bundle_rolls", Form.YES_NO, "whether minutes left over go to the next period", "no"),
    Parameter("bundle_waives_connect", Form.YES_NO, "whether a wholly free call costs no connect fee", "yes"),
    Parameter("tiers", Form.TIERS, "volume discount, upper bound:per cent of the price: 1000:100, above:90", ""),
    Parameter("tier_measure", Form.WORD, "what the bounds count", "minutes", TierMeasure),
    Parameter("tier_mode", Form.WORD, "each call at its own tier, or all at that of the total", "graduated", TierMode),
    Parameter("tier_pooled", Form.YES_NO, "whether all numbers count together", "no"),
)
YEARS_AHEAD = 20  # of holidays, for a contract without an end
_PER_CENT = 100


def read_voice_terms(element: RateElementTerms, contract: ContractTerms) -> VoiceTerms:
    """The terms of a CALLS element under its contract; raises BadParameters with the parameter and the remedy."""
    settings = read_settings(element.parameters, PARAMETERS)
    reader = _Reader(element, contract, settings)
    return VoiceTerms(
        initial=settings.whole("initial"),
        increment=settings.whole("increment"),
        connect=reader.rate("connect"),
        deductible=settings.flag("deductible"),
        direction=settings.word("direction", Direction),
        time_zone=reader.time_zone(),
        band_policy=settings.word("band_policy", BandPolicy),
        bands=tuple(read_band(text, element.parameters) for text in settings.texts("bands")),
        holidays=reader.holidays(),
        piu=settings.decimal("piu") / _PER_CENT if settings.has("piu") else None,
        payphone=reader.rate("payphone"),
        rate_groups=read_rate_groups(settings, element.parameters),
        bundle=reader.bundle(),
        tiers=reader.tiers(),
        rounding=contract.rounding,
        places=contract.rounding_places,
        scope=contract.rounding_scope,
    )


class _Reader:
    """Reads the parameters that are more than a number or a word."""

    def __init__(self, element: RateElementTerms, contract: ContractTerms, settings: Settings) -> None:
        self._element, self._contract, self._settings = element, contract, settings

    def rate(self, name: str) -> Decimal:
        value = self._settings.decimal(name)
        if not fits(value, RATE_SCALE):
            raise self._fault(name, f"{value:f} has more than {RATE_SCALE} decimal places")
        return value

    def time_zone(self) -> str:
        zone = self._contract.time_zone
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as fault:
            why = f"the contract's time zone '{zone}' is not known; write one such as America/New_York or UTC"
            raise BadParameters(text=self._element.parameters[:80], why=why) from fault
        return zone

    def holidays(self) -> frozenset[date]:
        days: set[date] = set()
        for text in self._settings.texts("holidays"):
            if text[:1].isdigit():
                try:
                    days.add(date.fromisoformat(text))
                except ValueError as fault:
                    raise self._fault("holidays", f"'{text}' is no day; write it as 2026-12-25") from fault
                continue
            first = self._element.effective_from.year
            ends = [day.year for day in (self._element.effective_to, self._contract.end) if day is not None]
            found = find_holidays(text, first, min(ends, default=first) + YEARS_AHEAD)
            if found is None:
                why = f"there is no calendar '{text}'; write a country such as US or DE-BY, or days such as 2026-12-25"
                raise self._fault("holidays", why)
            days |= found
        return frozenset(days)

    def bundle(self) -> Bundle | None:
        settings = self._settings
        if not settings.has("bundle_minutes"):
            return None
        return Bundle(
            seconds=self._times("bundle_minutes", settings.decimal("bundle_minutes"), 60, "whole seconds"),
            zones=frozenset(settings.texts("bundle_zones")),
            pooled=settings.flag("bundle_pooled"),
            rolls=settings.flag("bundle_rolls"),
            waives_connect=settings.flag("bundle_waives_connect"),
        )

    def tiers(self) -> CallTiers | None:
        settings = self._settings
        if not settings.has("tiers"):
            return None
        measure = settings.word("tier_measure", TierMeasure)
        return CallTiers(
            tiers=tuple(self._tier(tier, measure) for tier in settings.tiers("tiers")),
            measure=measure,
            mode=settings.word("tier_mode", TierMode),
            pooled=settings.flag("tier_pooled"),
        )

    def _tier(self, tier: Tier, measure: TierMeasure) -> CallTier:
        if tier.fee:
            raise self._fault("tiers", "a volume discount has no fee; write upper bound:per cent")
        percent = _read_per_cent("tiers", tier.price, self._element.parameters)
        if tier.upto is None:
            return CallTier(None, percent)
        if measure is TierMeasure.MINUTES:
            return CallTier(self._times("tiers", tier.upto, 60, "whole seconds"), percent)
        return CallTier(self._times("tiers", tier.upto, 10**RATE_SCALE, f"{RATE_SCALE} decimal places"), percent)

    def _times(self, name: str, value: Decimal, factor: int, unit: str) -> int:
        product = value * factor
        if product != product.to_integral_value():
            raise self._fault(name, f"{value:f} is not counted in {unit}")
        return int(product)

    def _fault(self, name: str, why: str) -> BadParameters:
        return _name_fault(name, why, self._element.parameters)


def read_rate_groups(settings: Settings, parameters: str) -> tuple[tuple[int, int], ...]:
    """The parameter `rate_groups`: (from this billable second on, per cent of the price), ascending from 0."""
    groups = []
    for key, percent in settings.table("rate_groups"):
        if not (key.isascii() and key.isdigit()):
            raise _name_fault("rate_groups", f"'{key}' is no number of seconds", parameters)
        groups.append((int(key), _read_per_cent("rate_groups", percent, parameters)))
    starts = [start for start, _ in groups]
    if groups and (starts[0] != 0 or starts != sorted(set(starts))):
        raise _name_fault("rate_groups", "seconds have to ascend from 0, as in 0:100, 60:50", parameters)
    return tuple(groups)


def _read_per_cent(name: str, value: Decimal, parameters: str) -> int:
    if value != value.to_integral_value() or value < 0:
        raise _name_fault(name, f"{value:f} is no whole per cent of 0 or more", parameters)
    return int(value)


def _name_fault(name: str, why: str, parameters: str) -> BadParameters:
    return BadParameters(text=parameters[:80], why=f"{name}: {why}")


@lru_cache(maxsize=64)
def find_holidays(calendar: str, first: int, last: int) -> frozenset[date] | None:
    """The public holidays of a country ("US") or one of its parts ("DE-BY") in the years `first` to `last`; None where
    there is no such calendar."""
    import holidays

    country, _, part = calendar.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=part or None, years=range(first, last + 1)))
    except NotImplementedError:
        return None
