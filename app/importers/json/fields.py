"""Reading values out of JSON objects: each checked, each with the path at which it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.domain.period import Period
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity
from app.importers.json.strict import Odd
from app.importers.values import MONEY_DIGITS, MONEY_PLACES, BadDate, clean_text, parse_date

REMEDY = "Ask the carrier for a corrected file; the path is where to look in this one."
Object = Mapping[str, Any]
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?P<time>[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")


class Fields:
    """The fields of objects, and the faults met while reading them."""

    def __init__(self) -> None:
        self.issues: list[ParseIssue] = []

    def fail(self, code: str, message: str, path: str) -> None:
        """Note an ERROR at a path."""
        self.issues.append(ParseIssue(Severity.ERROR, code, f"{message}.", REMEDY, Source(path=path)))

    def text(self, parent: Object, key: str, path: str) -> str:
        """The text at `key`, "" where it is absent; a whole number counts as text, anything else is an ERROR."""
        value = parent.get(key)
        if value is None:
            return ""
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return f"{value:f}"
        if not isinstance(value, str):
            self.fail("bad-text", f"{key} is no text", f"{path}/{key}")
            return ""
        return clean_text(value)

    def object(self, parent: Object, key: str, path: str) -> Object:
        """The object at `key`, an empty one where it is absent; anything else is an ERROR."""
        value = parent.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.fail("bad-object", f"{key} is no object", f"{path}/{key}")
        return {}

    def objects(self, parent: Object, key: str, path: str) -> list[tuple[Object, str]]:
        """The objects in the list at `key`, each with its path; a lone object counts as a list of one."""
        value = parent.get(key)
        if value is None:
            return []
        if isinstance(value, Mapping):
            return [(value, f"{path}/{key}")]
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self.fail("bad-list", f"{key} is no list of objects", f"{path}/{key}")
            return []
        return [(one, f"{path}/{key}/{index}") for index, one in enumerate(value)]

    def money(self, parent: Object, key: str, path: str, currency: str) -> Decimal | None:
        """The amount at `key`, in `currency`; None where it is absent, an ERROR where it cannot be read."""
        money = self.object(parent, key, path)
        if not money:
            return None
        place = f"{path}/{key}"
        unit = self.text(money, "unit", place)
        if unit and currency and unit != currency:
            self.fail("wrong-currency", f"{key} is in {unit[:10]}, the bill in {currency[:10]}", place)
        return self.number(money, "value", place)

    def number(self, parent: Object, key: str, path: str) -> Decimal | None:
        """The number at `key`, as exact as it is written; likewise. A number written as a text is none."""
        value = parent.get(key)
        place = f"{path}/{key}"
        if value is None:
            return None
        if not isinstance(value, Decimal):
            written = value.text if isinstance(value, Odd) else clean_text(str(value), 40)
            self.fail("bad-amount", f"'{written}' is not a plain number", place)
            return None
        exponent = value.as_tuple().exponent
        whole = value.adjusted() < MONEY_DIGITS or value == 0
        trimmed = value.normalize() if isinstance(exponent, int) and -exponent > MONEY_PLACES else value
        places = trimmed.as_tuple().exponent
        if not whole or (isinstance(places, int) and -places > MONEY_PLACES):
            self.fail("bad-amount", f"{str(value)[:40]} has more digits than can be kept", place)
            return None
        return trimmed + Decimal(0)

    def day(self, parent: Object, key: str, path: str) -> date | None:
        """The day at `key`, in the time zone in which it is written."""
        found = self._moment(parent, key, path)
        return found[0] if found else None

    def period(self, parent: Object, key: str, path: str) -> Period | None:
        """The period at `key`. An end at midnight is not part of it; an end at any other time, or a bare day, is."""
        written = self.object(parent, key, path)
        if not written:
            return None
        place = f"{path}/{key}"
        start, end = (self._moment(written, f"{edge}DateTime", place) for edge in ("start", "end"))
        if start is None or end is None:
            self._leave_out(f"The {key} lacks an end", place)
            return None
        after = end[0] if end[1] else end[0] + timedelta(days=1)
        if after <= start[0]:
            self._leave_out(f"The {key} ends on {end[0]}, before it starts", place)
            return None
        return Period(start[0], after)

    def _leave_out(self, message: str, place: str) -> None:
        self.issues.append(
            ParseIssue(Severity.WARNING, "bad-period", f"{message}: it is left out.", REMEDY, Source(path=place))
        )

    def _moment(self, parent: Object, key: str, path: str) -> tuple[date, bool] | None:
        """The day at `key`, and whether it is its very beginning that is meant."""
        text = self.text(parent, key, path)
        if not text:
            return None
        found = _MOMENT.fullmatch(text)
        if found is None:
            self.fail("bad-date", f"'{text[:40]}' is not a date and time as ISO 8601 writes it", f"{path}/{key}")
            return None
        try:
            day = parse_date(found["day"], "YYYY-MM-DD")
        except BadDate as fault:
            self.fail("bad-date", str(fault).rstrip("."), f"{path}/{key}")
            return None
        return day, bool(found["time"] and _MIDNIGHT.fullmatch(found["time"]))
