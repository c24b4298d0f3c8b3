"""Names of the months in the languages of the bills that are read."""

from __future__ import annotations

import unicodedata

_NAMES = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
}
# what is printed short and is not the beginning of the name, or would begin two of them
_SHORT = {
    "en": {"sept": 9},
    "de": {"jänner": 1, "jan": 1, "feb": 2, "mrz": 3, "jun": 6, "jul": 7, "okt": 10, "dez": 12},
    "fr": {"janv": 1, "févr": 2, "avr": 4, "juil": 7, "sept": 9},
    "nl": {"mrt": 3, "okt": 10},
    "es": {"ene": 1, "set": 9, "dic": 12},
}


def _fold(name: str) -> str:
    """Case and accents do not count: some bills drop them."""
    plain = unicodedata.normalize("NFKD", name.casefold().rstrip("."))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


_TABLES: dict[str, dict[str, int]] = {}
for _language, _names in _NAMES.items():
    _table = _TABLES.setdefault(_language, {})
    _months = [_fold(name) for name in _names.split()]
    for _number, _name in enumerate(_months, start=1):
        for _length in range(3, len(_name) + 1):
            _beginning = _name[:_length]
            if sum(other.startswith(_beginning) for other in _months) == 1 and _length in {3, 4, len(_name)}:
                _table[_beginning] = _number
        _table[_name] = _number
    _table.update({_fold(name): number for name, number in _SHORT.get(_language, {}).items()})


def languages() -> tuple[str, ...]:
    """Codes of the languages whose months are known."""
    return tuple(_TABLES)


def month_number(name: str, language: str) -> int | None:
    """1 to 12, or None where `name` is no month (in full, or its usual short form) in `language`."""
    return _TABLES.get(language, {}).get(_fold(name))
