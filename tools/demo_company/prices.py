"""The price schedules of the contracts, and which price holds for a charge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tools.demo_company.arithmetic import cents, next_month
from tools.demo_company.carriers import CONTRACT
from tools.demo_company.catalogue import name_of
from tools.demo_company.rate_deck import NAME as DECK
from tools.demo_company.traffic import PERCENTILE
from tools.demo_company.values import ONCE, RECURRING, USAGE, Price, Service

NB, TL, CF, WAVE, HV, ABROAD, SC = (
    "NBC-MSA-2024-117",
    "TLT-BUS-2025",
    "CF-2023-118",
    "CF-2025-044",
    "HV-2025-0911",
    "HV-2026-0102",
    "STR-2024-051",
)
RISE = "escalator"
AMENDED = date(2026, 7, 1)  # from here Northbeam's 500 Mbit/s and Halyard's outbound minutes are cheaper


def _monthly(contract: str, code: str, amount: str, clause: str, page: int, **scope: str) -> Price:
    start = CONTRACT[contract].start
    return Price(contract, code, RECURRING, Decimal(amount), start, clause=clause, page=page, **scope)  # type: ignore[arg-type]


def _once(contract: str, code: str, amount: str, clause: str, page: int, *, waived: bool = False) -> Price:
    start = CONTRACT[contract].start
    return Price(contract, code, ONCE, Decimal(amount), start, clause=clause, page=page, waived=waived)


def _minutes(
    contract: str, code: str, amount: str, steps: tuple[int, int], clause: str, page: int, *dates: date | None
) -> Price:
    start, end = dates if dates else (CONTRACT[contract].start, None)
    return Price(
        contract,
        code,
        USAGE,
        Decimal(amount),
        start or CONTRACT[contract].start,
        end,
        model="per_minute",
        parameters=f"initial={steps[0]}; increment={steps[1]}",
        steps=steps,
        clause=clause,
        page=page,
    )


def _rise(contract: str, code: str, percent: str, clause: str, page: int) -> Price:
    """A per cent by which a monthly price rises on each anniversary of the contract."""
    start = CONTRACT[contract].start
    return Price(contract, code, RECURRING, Decimal(percent), start, model=RISE, clause=clause, page=page)


@dataclass(frozen=True)
class Burst:
    """Committed Mbit/s at a price, and the price of those above them."""

    commit: int
    price: Decimal
    overage: Decimal


@dataclass(frozen=True)
class Power:
    """Committed kW at a price, and the per cent on it that those above them cost more."""

    commit: int
    price: Decimal
    premium: int


BURST = Burst(200, Decimal("0.40"), Decimal("0.65"))
POWER = Power(4, Decimal("168.00"), 25)

PRICES = (
    _monthly(NB, "DIA-100M", "540.00", "Schedule A 1.1", 11),
    _monthly(NB, "DIA-200M", "690.00", "Schedule A 1.2", 11),
    _monthly(NB, "DIA-200M", "645.00", "Schedule A 1.2 (b)", 11, key="12/DIAX/104453//NBC"),
    Price(NB, "DIA-500M", RECURRING, Decimal("985.00"), date(2024, 3, 1), AMENDED, clause="Schedule A 1.3", page=11),
    Price(NB, "DIA-500M", RECURRING, Decimal("905.00"), AMENDED, clause="Amendment 2, item 4", page=2),
    _monthly(NB, "DIA-1G", "1480.00", "Schedule A 1.4", 11),
    _monthly(NB, "DIA-1G", "1395.00", "Schedule A 1.4 (a)", 11, site="CHI1"),
    Price(
        NB,
        "BURST-95",
        RECURRING,
        BURST.price,
        AMENDED,
        model="percentile",
        parameters=f"commit={BURST.commit}; overage={BURST.overage}; percentile={PERCENTILE}; mbps=places; places=2",
        clause="Amendment 3, item 1",
        page=1,
    ),
    _monthly(NB, "IPB-29", "25.00", "Schedule A 2.1", 12),
    _monthly(NB, "BBI-300", "89.00", "Schedule A 3.1", 12),
    _monthly(NB, "BBI-300", "84.00", "Schedule A 3.1 (c)", 12, site="DEN1"),
    _once(NB, "INST-BB", "150.00", "Schedule A 4.1", 13),
    _once(NB, "INST-DIA", "750.00", "Schedule A 4.2", 13, waived=True),
    _monthly(NB, "VL-BUS", "32.50", "Schedule B 1.1", 15),
    _monthly(NB, "VF-PKG", "6.95", "Schedule B 1.4", 15),
    _monthly(NB, "PRI-23", "412.00", "Schedule B 2.1", 15),
    _minutes(NB, "LD-US", "0.0390", (60, 60), "Schedule B 3.1", 16),
    _monthly(TL, "1FB", "38.50", "Item 4", 2),
    _monthly(TL, "1FB", "36.25", "Item 4, note 2", 2, site="BRD1"),
    _monthly(TL, "FTR", "9.25", "Item 6", 2),
    _monthly(TL, "ALM", "29.75", "Item 9", 3),
    _monthly(TL, "ALM", "27.00", "Item 9, note 1", 3, key="218-555-0149"),
    _monthly(TL, "DSL25", "64.00", "Item 12", 3),
    _once(TL, "SVO", "45.00", "Item 20", 4),
    _monthly(CF, "EPL-100", "340.00", "Order form line 1", 3),
    _monthly(CF, "EPL-200", "455.00", "Order form line 2", 3),
    _monthly(CF, "EPL-500", "610.00", "Order form line 3", 3),
    _monthly(CF, "EPL-1G", "820.00", "Order form line 4", 3),
    _monthly(CF, "ACC-FIB", "210.00", "Order form line 7", 4),
    _monthly(CF, "ACC-FIB", "185.00", "Order form line 7, on-net", 4, site="MKE1"),
    _monthly(CF, "RTR-MGD", "65.00", "Order form line 9", 4),
    _once(CF, "INST-EPL", "900.00", "Order form line 12", 5, waived=True),
    _monthly(WAVE, "WAVE-10G", "2150.00", "Exhibit 1", 6),
    _monthly(WAVE, "DKF-PAIR", "1280.00", "Exhibit 2", 7),
    _rise(WAVE, "WAVE-10G", "3", "Exhibit 1 (c)", 6),
    _rise(WAVE, "DKF-PAIR", "3", "Exhibit 2 (c)", 7),
    _monthly(HV, "SIP-CH", "7.50", "Rate sheet A", 9),
    _monthly(HV, "DID-STD", "1.50", "Rate sheet B", 9),
    _monthly(HV, "TFN-STD", "4.00", "Rate sheet B", 9),
    _minutes(HV, "LD-OUT", "0.0180", (6, 6), "Rate sheet C 1", 10, None, AMENDED),
    _minutes(HV, "LD-OUT", "0.0165", (6, 6), "Rate sheet C 1, revision 1", 10, AMENDED, None),
    _minutes(HV, "TF-IN", "0.0390", (60, 60), "Rate sheet C 4", 10),
    _once(HV, "PORT-NUM", "12.00", "Rate sheet D", 11),
    _monthly(ABROAD, "DID-STD", "1.50", "Rate sheet B", 3),
    Price(
        ABROAD,
        "LD-INTL",
        USAGE,
        Decimal("0"),
        CONTRACT[ABROAD].start,
        model="calls",
        parameters=f"deck={DECK}; initial=6; increment=6",
        clause="Rate sheet C",
        page=4,
    ),
    _monthly(SC, "RACK-47U", "690.00", "Annex 1, no. 1", 8),
    _monthly(SC, "RACK-47U", "640.00", "Annex 1, no. 1 (AMS)", 8, site="AMS1"),
    _monthly(SC, "PWR-32A", "1050.00", "Annex 1, no. 4", 8),
    _monthly(SC, "XC-SM", "185.00", "Annex 1, no. 7", 9),
    _once(SC, "XC-INST", "250.00", "Annex 1, no. 8", 9),
    Price(SC, "KWH", USAGE, Decimal("0.2450"), CONTRACT[SC].start, clause="Annex 2, no. 1", page=10),
    Price(
        SC,
        "PWR-KW",
        USAGE,
        POWER.price,
        CONTRACT[SC].start,
        model="committed_power",
        parameters=f"commit={POWER.commit}; premium={POWER.premium}",
        clause="Annex 2, no. 3",
        page=10,
    ),
    Price(SC, "RH-STD", USAGE, Decimal("95.00"), CONTRACT[SC].start, clause="Annex 2, no. 5", page=10),
)


def price_for(contract: str, code: str, kind: str, service: Service, day: date) -> Price:
    """The price in force on `day` of the narrowest scope (the service's own, its site's, anybody's), with its rises."""
    fitting = [
        price
        for price in PRICES
        if (price.contract, price.code, price.kind) == (contract, code, kind)
        and price.model != RISE
        and price.start <= day
        and (price.end is None or day < price.end)
        and price.key in ("", service.key)
        and price.site in ("", service.site)
    ]
    by_scope = {"service" if price.key else "site" if price.site else "any": price for price in fitting}
    for scope in ("service", "site", "any"):
        if scope in by_scope:
            return _raise(by_scope[scope], day)
    raise LookupError(f"{contract} has no price of {code} for {service.key} on {day}")


def _raise(price: Price, day: date) -> Price:
    """The price with the rises of its contract up to `day`, each year's rounded to cents."""
    for rise in PRICES:
        if (rise.contract, rise.code, rise.model) == (price.contract, price.code, RISE):
            anniversary = next_month(rise.start, 12)
            while anniversary <= day:
                price = replace(price, amount=cents(Fraction(price.amount) * (1 + Fraction(rise.amount) / 100)))
                anniversary = next_month(anniversary, 12)
    return price


def describe(price: Price) -> str:
    """What the price schedule calls it."""
    return price.description or name_of(price.code)
