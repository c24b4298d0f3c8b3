"""What currency signs can mean: "$" stands for many currencies, "€" for one."""

from __future__ import annotations

import re

CURRENCY_SIGN = r"(?:[$€£¥₹₩₽]|(?:US|CA|C|AU|A|NZ|HK|S)\$|[A-Z]{3}|kr\.?|zł|Kč|Fr\.|Rs\.?)"
"""A pattern that each sign or code fits; it has no groups."""

_CODE = re.compile(r"[A-Z]{3}")
_DOLLARS = """ARS AUD BBD BMD BND BRL BSD BZD CAD CLP COP CVE DOP FJD GYD HKD JMD KYD LRD MOP MXN NAD NIO NZD SBD SGD
SRD TOP TTD TWD USD UYU WST XCD ZWL"""
_MEANT = {
    "$": _DOLLARS,
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD NIO",
    "AU$": "AUD",
    "A$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "€": "EUR",
    "£": "GBP EGP FKP GIP LBP SDG SHP SSP SYP",
    "¥": "JPY CNY",
    "₹": "INR",
    "₩": "KRW KPW",
    "₽": "RUB",
    "kr": "SEK NOK DKK ISK",
    "zł": "PLN",
    "Kč": "CZK",
    "Fr": "CHF BIF CDF DJF GNF KMF RWF XAF XOF XPF",
    "Rs": "INR LKR MUR NPR PKR SCR",
}
_CURRENCIES = {sign: frozenset(codes.split()) for sign, codes in _MEANT.items()}


def may_mean(sign: str, currency: str) -> bool:
    """Whether a printed sign or code can stand for `currency`, an ISO code; nothing is compared with another text."""
    if not _CODE.fullmatch(currency):
        return True
    return sign == currency if _CODE.fullmatch(sign) else currency in _CURRENCIES[sign.rstrip(".")]
