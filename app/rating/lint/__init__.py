"""Checks of a price book: values only, each with its message and remedy; nothing is mended here."""

from __future__ import annotations

from app.rating.lint.escalators import RiseTwice, TwoEscalators, find_doubled_escalators
from app.rating.lint.gaps import PriceGap, find_gaps
from app.rating.lint.overlaps import PriceOverlap, find_overlaps
from app.rating.lint.prefixes import (
    UnknownZones,
    UnpricedPrefixes,
    UnpricedZones,
    find_unpriced_prefixes,
    find_unpriced_zones,
)
from app.rating.lint.settings import UnreadablePrice, find_unreadable
from app.rating.lint.unpriced import UnpricedService, find_unpriced_services
from app.rating.lint.unreachable import UnreachablePrice, find_unreachable

__all__ = [
    "PriceGap",
    "PriceOverlap",
    "RiseTwice",
    "TwoEscalators",
    "UnknownZones",
    "UnpricedPrefixes",
    "UnpricedService",
    "UnpricedZones",
    "UnreachablePrice",
    "UnreadablePrice",
    "find_doubled_escalators",
    "find_gaps",
    "find_overlaps",
    "find_unpriced_prefixes",
    "find_unpriced_services",
    "find_unpriced_zones",
    "find_unreachable",
    "find_unreadable",
]
