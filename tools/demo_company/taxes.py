"""Taxes, surcharges and fees that each carrier adds to what it bills. Rates are invented, not tax advice."""

from __future__ import annotations

from decimal import Decimal

from tools.demo_company.arithmetic import percent_of
from tools.demo_company.sites import SITE
from tools.demo_company.values import FEE, ONCE, RECURRING, SURCHARGE, TAX, USAGE, ZERO, Account, Line

_STATES = {"IL": "Illinois", "WI": "Wisconsin", "MN": "Minnesota", "MO": "Missouri", "CO": "Colorado", "TX": "Texas"}
_STATES |= {"GA": "Georgia", "OH": "Ohio", "IA": "Iowa", "NE": "Nebraska"}


def added_lines(account: Account, lines: list[Line]) -> list[Line]:
    """The taxes and surcharges on `lines`, none of them for one service."""
    return [line for line in _ADDERS[account.key[:2]](account, lines) if line.amount]


def row_tax(line: Line) -> Decimal:
    """Calder's tax column: state tax on loops and routers; ports are interstate and free of it."""
    if line.code not in ("ACC-FIB", "RTR-MGD"):
        return ZERO
    return percent_of(line.amount, SITE[line.site].state_tax)


def _sum(lines: list[Line], *kinds: str) -> Decimal:
    return sum((line.amount for line in lines if line.kind in kinds), ZERO)


def _northbeam(account: Account, lines: list[Line]) -> list[Line]:
    recurring = _sum(lines, RECURRING)
    if account.key == "nb_data":
        return [
            Line(SURCHARGE, "CRS", "Cost recovery surcharge", percent_of(recurring, "2.10")),
            Line(SURCHARGE, "PTA", "Property tax allotment surcharge", percent_of(recurring, "1.35")),
        ]
    added = [
        Line(SURCHARGE, "FUSF", "Federal universal service", percent_of(_sum(lines, USAGE), "33.40")),
        Line(SURCHARGE, "CRS", "Cost recovery surcharge", percent_of(recurring, "2.10")),
        Line(FEE, "E911", "E911 service fee", Decimal("1.10") * sum(1 for line in lines if line.code == "VL-BUS")),
    ]
    for state in sorted({SITE[line.site].region for line in lines if line.site}):
        there = [line for line in lines if line.site and SITE[line.site].region == state]
        rate = SITE[there[0].site].state_tax
        name = f"{_STATES[state]} telecommunications tax"
        added.append(Line(TAX, f"STX-{state}", name, percent_of(_sum(there, RECURRING, USAGE), rate)))
    return added


def _trilakes(account: Account, lines: list[Line]) -> list[Line]:
    numbers = len({line.tn for line in lines if line.kind == RECURRING})
    local = _sum(lines, RECURRING)
    return [
        Line(SURCHARGE, "FCCAC", "FCC ACCESS CHARGE", Decimal("6.50") * numbers),
        Line(SURCHARGE, "911", "911 TAP AND TACIP", Decimal("0.95") * numbers),
        Line(TAX, "FET", "FEDERAL EXCISE TAX", percent_of(local, "3")),
        Line(TAX, "MNTX", "MINNESOTA SALES TAX", percent_of(local, "6.88")),
    ]


def _calder(account: Account, lines: list[Line]) -> list[Line]:
    return [Line(SURCHARGE, "USF", "Federal universal service", percent_of(_sum(lines, RECURRING), "1.80"))]


def _halyard(account: Account, lines: list[Line]) -> list[Line]:
    channels = sum((line.quantity or ZERO for line in lines if line.code == "SIP-CH"), ZERO)
    return [
        Line(SURCHARGE, "FUSF", "Federal universal service", percent_of(_sum(lines, USAGE), "22.90")),
        Line(SURCHARGE, "RCR", "Regulatory cost recovery", percent_of(_sum(lines, RECURRING), "1.95")),
        Line(FEE, "E911", "E911 service fee", Decimal("0.40") * channels),
        Line(TAX, "SLT", "State and local taxes", percent_of(_sum(lines, RECURRING, USAGE), "5.20")),
    ]


def _stratum(account: Account, lines: list[Line]) -> list[Line]:
    rate = SITE["FRA1" if account.key == "sc_fra" else "AMS1"].state_tax
    return [Line(TAX, "VAT", f"VAT {rate} %", percent_of(_sum(lines, RECURRING, ONCE, USAGE), rate))]


_ADDERS = {"nb": _northbeam, "tl": _trilakes, "cf": _calder, "hv": _halyard, "sc": _stratum}
