"""Days that must not be missed, as a calendar file: all-day entries with a reminder three days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Deadline:
    """`key` is the same whenever the same deadline is written, so that a calendar replaces it."""

    key: str
    day: date
    text: str


def write_deadlines(deadlines: Sequence[Deadline], stamp: datetime) -> bytes:
    """The bytes of the `.ics` file; `stamp` is the moment since which the entries hold."""
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Tollbook//disputes//EN")
    for deadline in deadlines:
        event = Event()
        event.add("uid", f"{deadline.key}@tollbook")
        event.add("dtstamp", stamp)
        event.add("dtstart", deadline.day)
        event.add("dtend", deadline.day + timedelta(days=1))
        event.add("summary", deadline.text.replace("\u00a0", " "))
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", deadline.text.replace("\u00a0", " "))
        alarm.add("trigger", timedelta(days=-3))
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
