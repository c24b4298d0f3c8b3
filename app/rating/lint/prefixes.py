"""Telephone numbers and zones without a price: a rate deck beside the prefixes and zones that are wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = "0123456789"
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class UnpricedPrefixes:
    """Numbers that begin with `prefixes` are called, or are known places, and no row of `deck` covers them."""

    deck: str
    prefixes: tuple[str, ...]

    @property
    def message(self) -> str:
        named = _name(self.prefixes)
        return f"Rate deck {self.deck} has no price for numbers that begin with {named}. Add rows for them to the deck."


@dataclass(frozen=True, slots=True)
class UnpricedZones:
    """`zones` of `deck` that have a price neither there nor in the contract."""

    deck: str
    zones: tuple[str, ...]

    @property
    def message(self) -> str:
        named = _name(self.zones)
        return f"Neither rate deck {self.deck} nor a price of the contract prices {named}. Add a price for each zone."


@dataclass(frozen=True, slots=True)
class UnknownZones:
    """Prices of the contract are for `zones` that `deck` does not have: they never hold."""

    deck: str
    zones: tuple[str, ...]

    @property
    def message(self) -> str:
        named = _name(self.zones)
        return (
            f"The contract prices {named}, which rate deck {self.deck} does not have. Write the zones as the deck does."
        )


def find_unpriced_prefixes(deck: str, priced: Collection[str], wanted: Iterable[str]) -> tuple[UnpricedPrefixes, ...]:
    """The prefixes (or whole numbers) of `wanted` that the prefixes `priced` do not cover: at most one fault.

    A prefix is covered by itself, by a shorter one, or by longer ones that together hold all numbers under it.
    """
    known = set(priced)
    inner = {prefix[:length] for prefix in known for length in range(len(prefix))}
    open_ones = sorted({prefix for prefix in wanted if prefix and not _is_covered(prefix, known, inner)})
    return (UnpricedPrefixes(deck, tuple(open_ones)),) if open_ones else ()


def find_unpriced_zones(
    deck: str, zones: Mapping[str, Decimal | None], zone_prices: Iterable[str]
) -> tuple[UnpricedZones | UnknownZones, ...]:
    """`zones` of a deck with their prices there (None: none), beside the zones that the contract itself prices."""
    ours = {_key(zone): zone for zone in zone_prices}
    bare = sorted(zone for zone, price in zones.items() if price is None and _key(zone) not in ours)
    theirs = {_key(zone) for zone in zones}
    strange = sorted(zone for key, zone in ours.items() if key not in theirs)
    faults: list[UnpricedZones | UnknownZones] = []
    if bare:
        faults.append(UnpricedZones(deck, tuple(bare)))
    if strange:
        faults.append(UnknownZones(deck, tuple(strange)))
    return tuple(faults)


def _is_covered(prefix: str, known: set[str], inner: set[str]) -> bool:
    if any(prefix[:length] in known for length in range(1, len(prefix) + 1)):
        return True
    return prefix in inner and all(_is_covered(prefix + digit, known, inner) for digit in _DIGITS)


def _key(zone: str) -> str:
    return zone.strip().casefold()


def _name(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
