"""Time bands in the clock of the contract's zone: which holds at a moment, and where one follows another.

A band holds by what a clock on the wall shows. On the night when the clock goes forward the hour that is left out is in
no band; on the night when it goes back the hour that comes twice is twice in its band.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.rating.voice.terms import HOLIDAY, Band, VoiceTerms

DAY = 86_400
MINUTES_OF_A_DAY = 1_440
NO_BAND = ""
_EPOCH = date(1970, 1, 1).toordinal()


class Stretch(NamedTuple):
    """Moments [start, end) in UTC seconds with one offset from UTC, or with one band."""

    start: int
    end: int
    value: int


class Clock:
    """The clock and the bands of a contract, with what it has found out about days; make one for many calls."""

    __slots__ = ("_bands", "_days", "_holidays", "_offsets", "_zone")

    def __init__(self, terms: VoiceTerms) -> None:
        self._zone = ZoneInfo(terms.time_zone)
        self._bands = tuple(sorted(terms.bands, key=_by_precedence))
        named = any(HOLIDAY in band.days for band in terms.bands)
        self._holidays = terms.holidays if named else frozenset()
        self._offsets: dict[int, tuple[Stretch, ...]] = {}  # by day since 1970 in UTC
        self._days: dict[int, tuple[tuple[int, ...], tuple[str, ...]]] = {}  # by day since 1970 on the wall

    def wall(self, moment: int) -> int:
        """What the zone's clock shows, as seconds since it showed 1970."""
        return moment + self._offset(moment).value

    def day(self, moment: int) -> date:
        """The day in the contract's zone."""
        return date.fromordinal(_EPOCH + self.wall(moment) // DAY)

    def look(self, moment: int) -> tuple[int, str]:
        """The ordinal of the day in the contract's zone, and the name of the band that holds, "" where none does."""
        day, second = divmod(self.wall(moment), DAY)
        if not self._bands:
            return _EPOCH + day, NO_BAND
        starts, names = self._of_day(day)
        return _EPOCH + day, names[bisect_right(starts, second) - 1]

    def band_at(self, moment: int) -> str:
        """The name of the band that holds at `moment` (UTC seconds), "" where none does."""
        return self.look(moment)[1]

    def boundaries(self, start: int, end: int) -> tuple[tuple[int, str], ...]:
        """The bands of [start, end): each with the moment (UTC seconds) from which it holds, the first at `start`."""
        found: list[tuple[int, str]] = []
        for moment, name in self._pieces(start, end):
            if not found or found[-1][1] != name:
                found.append((moment, name))
        return tuple(found)

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        moment = start
        while moment < end:
            same = self._offset(moment)
            day, second = divmod(moment + same.value, DAY)
            starts, names = self._of_day(day)
            place = bisect_right(starts, second)
            yield moment, names[place - 1]
            cut = starts[place] if place < len(starts) else DAY
            moment = min(day * DAY + cut - same.value, same.end)

    def _offset(self, moment: int) -> Stretch:
        day = moment // DAY
        stretches = self._offsets.get(day)
        if stretches is None:
            stretches = self._offsets[day] = tuple(self._split_day(day * DAY, (day + 1) * DAY))
        return stretches[0] if moment < stretches[0].end else stretches[-1]

    def _split_day(self, start: int, end: int) -> Iterator[Stretch]:
        """The day's stretches of one offset: two where the clock is changed, found by halving."""
        before, after = self._look_up(start), self._look_up(end - 1)
        if before == after:
            yield Stretch(start, end, before)
            return
        low, high = start, end - 1  # the offset is `before` at low, and no longer at high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._look_up(middle) == before else (low, middle)
        yield Stretch(start, high, before)
        yield Stretch(high, end, after)

    def _look_up(self, moment: int) -> int:
        offset = datetime.fromtimestamp(moment, UTC).astimezone(self._zone).utcoffset()
        return 0 if offset is None else offset.days * DAY + offset.seconds

    def _of_day(self, day: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """Seconds of the day on the wall from which bands hold, from 0 on, and their names."""
        known = self._days.get(day)
        if known is None:
            minutes = {0} | {edge % MINUTES_OF_A_DAY for band in self._bands for edge in (band.start, band.end)}
            cuts = sorted(minutes)
            known = self._days[day] = (tuple(cut * 60 for cut in cuts), tuple(self._choose(day, cut) for cut in cuts))
        return known

    def _choose(self, day: int, minute: int) -> str:
        """The heaviest band at a minute of a day; a band that runs past midnight belongs to the day that it began on,
        but does not reach into a holiday that it does not name."""
        today, yesterday = date.fromordinal(_EPOCH + day), date.fromordinal(_EPOCH + day - 1)
        for band in self._bands:
            if today in self._holidays and HOLIDAY not in band.days:
                continue
            over_night = band.end <= band.start
            begun = band.start <= minute and (over_night or minute < band.end)
            if begun and self._is_for(band, today):
                return band.name
            if over_night and minute < band.end and self._is_for(band, yesterday):
                return band.name
        return NO_BAND

    def _is_for(self, band: Band, day: date) -> bool:
        kind = HOLIDAY if day in self._holidays else day.weekday()
        return kind in band.days and (not band.months or day.month in band.months)


def band_at(moment: int, terms: VoiceTerms) -> str:
    """The name of the band that holds at `moment` (UTC seconds), "" where none does. For many moments make a Clock."""
    return Clock(terms).band_at(moment)


def boundaries(start: int, end: int, terms: VoiceTerms) -> tuple[tuple[int, str], ...]:
    """The bands of [start, end) in UTC seconds, each with the moment from which it holds; neighbours differ."""
    return Clock(terms).boundaries(start, end)


def _by_precedence(band: Band) -> tuple[int, str]:
    """The heavier band goes first; of two of one weight the one whose name comes first in the alphabet."""
    return -band.weight, band.name
