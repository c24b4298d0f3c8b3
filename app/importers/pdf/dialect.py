"""How a bill writes its numbers and dates, told from the bill itself: language, decimal sign, order of a date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.source import Box
from app.importers.pdf.labels import CURRENCIES, LANGUAGES
from app.importers.pdf.text import Line
from app.importers.values import PLAIN, BadValue, NumberFormat, parse_date

_AMERICAN, _WORLD = ("MM/DD/YYYY", "MM/DD/YY"), ("DD/MM/YYYY", "DD/MM/YY")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?![\d/])")
_FORMATS = (
    *("DD.MM.YYYY", "DD.MM.YY", "YYYY-MM-DD", "DD-MM-YYYY", "D. MMMM YYYY", "D MMMM YYYY", "D MMM YY"),
    *("MMMM D, YYYY", "MMMM D , YYYY", "MMM D, YYYY", "DD-MMM-YYYY", "DD-MMM-YY", "DD MMM, YYYY", "YYYY/MM/DD"),
    *("D.M.YYYY", "DD.MM.", "MMMM YYYY"),
)
_NUMBER = re.compile(r"(?<![\d.,])-?\d{1,3}(?:[., ’']\d{3})*[.,]\d{2,4}(?![\d.,%])")
_LONGEST_DATE = 4  # words
YEARLESS = ("MMMM D", "MMM D", "D MMMM", "MM/DD", "DD.MM.", "DD/MM", "Der", "D")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a bill's own figures and words say of how they are to be read; `sure` is False where two readings remain."""

    language: str
    currency: str
    numbers: NumberFormat
    dates: tuple[str, ...]
    sure: bool


def guess_dialect(lines: Sequence[Line]) -> Dialect:
    """The dialect of a bill by its first few hundred lines."""
    texts = [line.text for line in lines[:600]]
    words = Counter(word.casefold().strip(":.,") for text in texts for word in text.split())
    language = max(LANGUAGES, key=lambda one: sum(words[word] for word in LANGUAGES[one]))
    whole = "\n".join(texts)
    counts = [(len(re.findall(pattern, whole)), code) for pattern, code in CURRENCIES]
    currency = max(counts, key=lambda one: one[0])[1] if any(count for count, _ in counts) else ""
    slashed, sure = _order_of_slashes(whole, language, currency)
    found = tuple(form for form in (*slashed, *_FORMATS) if _fits_any(form, texts, language))
    return Dialect(language, currency, _guess_numbers(whole, language), found or (*slashed, *_FORMATS[:1]), sure)


def _order_of_slashes(text: str, language: str, currency: str) -> tuple[tuple[str, str], bool]:
    """Month or day first: told by a day beyond the twelfth, else by language and currency, and then not for sure."""
    found = [(int(one), int(other)) for one, other, _ in _SLASHED.findall(text)]
    american = any(other > 12 for _, other in found)
    world = any(one > 12 for one, _ in found)
    if american != world:
        return (_AMERICAN if american else _WORLD), True
    likely = _AMERICAN if language == "en" and currency in {"USD", ""} else _WORLD
    return likely, not found


def _guess_numbers(text: str, language: str) -> NumberFormat:
    """By the sign before the last two digits of its amounts, and the mark between the groups of the large ones."""
    written = _NUMBER.findall(text)
    commas = sum(re.search(r",\d{2}$", one) is not None for one in written)
    points = sum(re.search(r"\.\d{2}$", one) is not None for one in written)
    decimal = "," if commas > points else "."
    marks = Counter(mark for one in written for mark in re.findall(r"(?<=\d)[., ’'](?=\d{3}[.,])", one))
    marks.pop(decimal, None)
    if decimal == ".":  # two columns side by side ("2 187.50") look like that, and hardly anybody groups so
        marks.pop(" ", None)
    default = " " if language == "fr" else {".": ",", ",": "."}[decimal]
    group = marks.most_common(1)[0][0].replace("’", "'") if marks else default
    return NumberFormat(decimal, group) if written else PLAIN


def _fits_any(form: str, texts: Iterable[str], language: str) -> bool:
    pattern = re.compile(_loose(form), re.IGNORECASE)
    return any(_is_date(match[0], form, language) for text in texts for match in pattern.finditer(text))


def _loose(form: str) -> str:
    """A pattern of what might be written in this format."""
    parts = {
        "YYYY": r"\d{4}",
        "YY": r"\d{2}",
        "MMMM": r"[^\W\d_]{3,12}\.?",
        "MMM": r"[^\W\d_]{3,12}\.?",
        "MM": r"\d{2}",
    }
    parts |= {"DD": r"\d{2}", "D": r"\d{1,2}", "M": r"\d{1,2}", " ": r"\s?"}
    body = re.sub(r"YYYY|YY|MMMM|MMM|MM|M|DD|D| |[^\w ]", lambda one: parts.get(one[0], re.escape(one[0])), form)
    return rf"(?<![\d./-]){body}(?![\d/-])(?!\.\d)"


def _is_date(text: str, form: str, language: str) -> bool:
    try:
        parse_date(text, form, language=language)
    except BadValue:
        return False
    return True


def find_date(text: str, dialect: Dialect, start: int = 0) -> tuple[int, int] | None:
    """Where in `text` the first date with a year stands, from `start` on; the longest that begins there."""
    starts = [match.start() for match in re.finditer(r"(?<!\S)\S", text) if match.start() >= start]
    for begin in starts:
        ends = [match.end() for match in re.finditer(r"\S(?!\S)", text[begin : begin + 40])][:_LONGEST_DATE]
        for end in reversed(ends):
            if is_date(text[begin : begin + end].rstrip(".,;"), dialect):
                return begin, begin + len(text[begin : begin + end].rstrip(".,;"))
    return None


def is_date(text: str, dialect: Dialect) -> bool:
    """Whether it is a date with its year in one of the formats of the bill."""
    return any(_is_date(text, form, dialect.language) for form in dialect.dates if "YY" in form)


def points(box: Box) -> list[object]:
    """A box in points, as layouts and answers give it: whole numbers where they are whole."""
    return [side // 100 if side % 100 == 0 else side / 100 for side in (box.x0, box.top, box.x1, box.bottom)]
