"""Parameters of a rate element: declared by the charge model that reads them, written by people in one cell.

    commit=200; overage=3.25; direction=larger; tiers=100:1.00, 200:0.50, above:0.10

A name, an equals sign and a value; semicolons between them. Tiers are "upper bound:price", in ascending order, with an
optional fee of the tier ("100:1.00+10"); tables are "key:value". All is text until a declaration says what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar, cast

from app.domain.money import ZERO, D, NotAnAmount
from app.errors import BugError, UserError

ABOVE = "above"
Word = TypeVar("Word", bound=StrEnum)


class BadParameters(UserError):
    """The parameters '{text}' cannot be read: {why}."""


class Form(StrEnum):
    """What a parameter holds."""

    DECIMAL = "number"
    WHOLE = "whole number"
    WORD = "word"
    YES_NO = "yes or no"
    DATE = "date"
    TEXT = "text"
    TEXTS = "texts, separated by commas"
    TIERS = "tiers"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier of quantities up to and with `upto` (None: all above), its unit price and a fee for reaching it."""

    upto: Decimal | None
    price: Decimal
    fee: Decimal = ZERO


Table = tuple[tuple[str, Decimal], ...]
Value = Decimal | int | bool | date | str | StrEnum | tuple[str, ...] | tuple[Tier, ...] | Table | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as a charge model declares it.

    `default` is written as people write it; None: it has to be given; "": it may be absent. `words` lists what a WORD
    may be; numbers are at least `least` and, where given, at most `most`.
    """

    name: str
    form: Form
    meaning: str
    default: str | None = None
    words: type[StrEnum] | None = None
    least: int = 0
    most: int | None = None


class Settings:
    """The values of a rate element's parameters, by name; each getter gives the declared form."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def has(self, name: str) -> bool:
        """Whether the parameter has a value, given or by default."""
        return self._values[name] is not None

    def decimal(self, name: str) -> Decimal:
        return cast(Decimal, self._given(name))

    def whole(self, name: str) -> int:
        return cast(int, self._given(name))

    def flag(self, name: str) -> bool:
        return bool(self._values[name])

    def day(self, name: str) -> date | None:
        return cast("date | None", self._values[name])

    def text(self, name: str) -> str:
        return cast(str, self._values[name] or "")

    def texts(self, name: str) -> tuple[str, ...]:
        return cast("tuple[str, ...]", self._values[name] or ())

    def word(self, name: str, words: type[Word]) -> Word:
        return words(cast(str, self._given(name)))

    def tiers(self, name: str) -> tuple[Tier, ...]:
        return cast("tuple[Tier, ...]", self._values[name] or ())

    def table(self, name: str) -> Table:
        return cast(Table, self._values[name] or ())

    def _given(self, name: str) -> Value:
        value = self._values[name]
        if value is None:
            raise BugError(f"parameter {name} has no value: ask has() first")
        return value


def split_parameters(text: str) -> dict[str, str]:
    """Names and values as written; raises BadParameters where a part is no `name=value` or a name comes twice."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name or not value:
            raise BadParameters(text=text[:80], why=f"'{part.strip()[:40]}' should read name=value")
        if name in found:
            raise BadParameters(text=text[:80], why=f"{name} is given twice")
        found[name] = value
    return found


@lru_cache(maxsize=4096)  # a book of prices repeats its parameters, and a bill asks for them charge by charge
def read_settings(text: str, declared: tuple[Parameter, ...]) -> Settings:
    """The settings that `text` gives to the declared parameters; raises BadParameters with the name and the remedy."""
    given = split_parameters(text)
    known = {parameter.name for parameter in declared}
    if unknown := sorted(given.keys() - known):
        may = ", ".join(sorted(known)) or "none"
        raise BadParameters(text=text[:80], why=f"there is no parameter {unknown[0]} here; there may be: {may}")
    values: dict[str, Value] = {}
    for parameter in declared:
        written = given.get(parameter.name, parameter.default)
        if written is None:
            raise BadParameters(text=text[:80], why=f"{parameter.name} is missing ({parameter.meaning})")
        try:
            values[parameter.name] = _read(written, parameter) if written else None
        except (ValueError, NotAnAmount) as fault:
            raise BadParameters(text=text[:80], why=f"{parameter.name} = '{written[:40]}': {fault}") from fault
    return Settings(values)


def write_parameters(settings: Mapping[str, str]) -> str:
    """The text of parameters given as written values, in their order."""
    return "; ".join(f"{name}={value}" for name, value in settings.items())


def _read(written: str, parameter: Parameter) -> Value:
    match parameter.form:
        case Form.DECIMAL:
            return _bounded(D(written), parameter)
        case Form.WHOLE:
            number = D(written)
            if number != number.to_integral_value():
                raise ValueError("a whole number is wanted")
            return int(_bounded(number, parameter))
        case Form.WORD:
            return _word(written, parameter)
        case Form.YES_NO:
            if written.casefold() not in ("yes", "no"):
                raise ValueError("yes or no is wanted")
            return written.casefold() == "yes"
        case Form.DATE:
            return date.fromisoformat(written)
        case Form.TEXT:
            return written
        case Form.TEXTS:
            return tuple(part.strip() for part in written.split(",") if part.strip())
        case Form.TIERS:
            return tuple(_tiers(written))
        case Form.TABLE:
            return tuple(_table(written))


def _bounded(number: Decimal, parameter: Parameter) -> Decimal:
    if number < parameter.least or (parameter.most is not None and number > parameter.most):
        most = f" to {parameter.most}" if parameter.most is not None else " or more"
        raise ValueError(f"{parameter.least}{most} is wanted")
    return number


def _word(written: str, parameter: Parameter) -> StrEnum:
    words = parameter.words
    if words is None:
        raise BugError(f"parameter {parameter.name} declares no words")
    if written not in {word.value for word in words}:
        raise ValueError(f"one of {', '.join(word.value for word in words)} is wanted")
    return words(written)


def _tiers(written: str) -> Iterator[Tier]:
    last, parts = ZERO, written.split(",")
    for place, part in enumerate(parts):
        bound, colon, rest = (piece.strip() for piece in part.partition(":"))
        price, _, fee = rest.partition("+")
        if not colon:
            raise ValueError(f"'{part.strip()}' should read upper bound:price")
        if (bound == ABOVE) is not (place == len(parts) - 1):
            raise ValueError(f"the last tier, and no other, is written {ABOVE}:price")
        upto = None if bound == ABOVE else D(bound)
        if upto is not None and upto <= last:
            raise ValueError("upper bounds have to ascend from above 0")
        last = last if upto is None else upto
        yield Tier(upto, D(price.strip()), D(fee.strip()) if fee else ZERO)


def _table(written: str) -> Iterator[tuple[str, Decimal]]:
    seen = set()
    for part in written.split(","):
        key, colon, value = (piece.strip() for piece in part.partition(":"))
        if not colon or not key or key in seen:
            raise ValueError(f"'{part.strip()}' should read key:value, each key once")
        seen.add(key)
        yield key, D(value)
