"""Jurisdictions by the places of both ends."""

from __future__ import annotations

import pytest

from app.rating.voice.call import PlaceRow
from app.rating.voice.jurisdiction import Places, find_place, judge
from app.rating.voice.terms import Jurisdiction

MANHATTAN = PlaceRow("1212", "1", "NY", "132", "nyc")
BROOKLYN = PlaceRow("1718", "1", "NY", "132", "nyc")
WHITE_PLAINS = PlaceRow("1914", "1", "NY", "132", "west")
BUFFALO = PlaceRow("1716", "1", "NY", "140")
NEWARK = PlaceRow("1973", "1", "NJ", "224")
LONDON = PlaceRow("4420", "44")
FREE = PlaceRow("1800", "1", toll_free=True)
NOWHERE = PlaceRow("1500", "1")


@pytest.mark.parametrize(
    ("ours", "other", "kind"),
    [
        (MANHATTAN, BROOKLYN, Jurisdiction.LOCAL),
        (MANHATTAN, WHITE_PLAINS, Jurisdiction.INTRALATA),
        (MANHATTAN, BUFFALO, Jurisdiction.INTRASTATE),
        (MANHATTAN, NEWARK, Jurisdiction.INTERSTATE),
        (MANHATTAN, LONDON, Jurisdiction.INTERNATIONAL),
        (MANHATTAN, FREE, Jurisdiction.TOLL_FREE),
        (MANHATTAN, None, Jurisdiction.UNKNOWN),
        (None, FREE, Jurisdiction.TOLL_FREE),
        (MANHATTAN, NOWHERE, Jurisdiction.UNKNOWN),
        (LONDON, NOWHERE, Jurisdiction.INTERNATIONAL),
        (LONDON, LONDON, Jurisdiction.UNKNOWN),
        (BUFFALO, BUFFALO, Jurisdiction.INTRALATA),
    ],
)
def test_how_far_a_call_goes(ours: PlaceRow | None, other: PlaceRow | None, kind: Jurisdiction) -> None:
    assert judge(ours, other) is judge(other, ours) is kind


def test_a_number_is_where_its_longest_prefix_is() -> None:
    bronx = PlaceRow("1212555", "1", "NY", "132", "bronx")
    places = Places([MANHATTAN, bronx, NEWARK])
    assert find_place("12125550100", places) is bronx
    assert find_place("12124440100", places) is MANHATTAN
    assert find_place("1212", places) is MANHATTAN
    assert find_place("121", places) is None
    assert find_place("", places) is None
    assert Places().find("12125550100") is None
