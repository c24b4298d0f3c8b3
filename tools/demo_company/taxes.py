"""Taxes, surcharges and fees that each carrier adds to what it bills. Rates are invented, not tax advice."""

from __future__ import annotations

from decimal import Decimal

from tools.demo_company.arithmetic import percent_of
from tools.demo_company.sites import SITE
from tools.demo_company.values import FEE, ONCE, RECURRING, SURCHARGE, TAX, USAGE, ZERO, Account, Charge

_STATES = {"IL": "Illinois", "WI": "Wisconsin", "MN": "Minnesota", "MO": "Missouri", "CO": "Colorado", "TX": "Texas"}
_STATES |= {"GA": "Georgia", "OH": "Ohio", "IA": "Iowa", "NE": "Nebraska"}


def added_charges(account: Account, charges: list[Charge]) -> list[Charge]:
    """The taxes and surcharges on `charges`, none of them for one service."""
    return [charge for charge in _ADDERS[account.key[:2]](account, charges) if charge.amount]


def row_tax(charge: Charge) -> Decimal:
    """Calder's tax column: state tax on loops and routers; ports are interstate and free of it."""
    if charge.code not in ("ACC-FIB", "RTR-MGD"):
        return ZERO
    return percent_of(charge.amount, SITE[charge.site].state_tax)


def _sum(charges: list[Charge], *kinds: str) -> Decimal:
    return sum((charge.amount for charge in charges if charge.kind in kinds), ZERO)


def _northbeam(account: Account, charges: list[Charge]) -> list[Charge]:
    recurring = _sum(charges, RECURRING)
    if account.key == "nb_data":
        return [
            Charge(SURCHARGE, "CRS", "Cost recovery surcharge", percent_of(recurring, "2.10")),
            Charge(SURCHARGE, "PTA", "Property tax allotment surcharge", percent_of(recurring, "1.35")),
        ]
    added = [
        Charge(SURCHARGE, "FUSF", "Federal universal service", percent_of(_sum(charges, USAGE), "33.40")),
        Charge(SURCHARGE, "CRS", "Cost recovery surcharge", percent_of(recurring, "2.10")),
        Charge(
            FEE, "E911", "E911 service fee", Decimal("1.10") * sum(1 for charge in charges if charge.code == "VL-BUS")
        ),
    ]
    for state in sorted({SITE[charge.site].region for charge in charges if charge.site}):
        there = [charge for charge in charges if charge.site and SITE[charge.site].region == state]
        rate = SITE[there[0].site].state_tax
        name = f"{_STATES[state]} telecommunications tax"
        added.append(Charge(TAX, f"STX-{state}", name, percent_of(_sum(there, RECURRING, USAGE), rate)))
    return added


def _trilakes(account: Account, charges: list[Charge]) -> list[Charge]:
    numbers = len({charge.tn for charge in charges if charge.kind == RECURRING})
    local = _sum(charges, RECURRING)
    return [
        Charge(SURCHARGE, "FCCAC", "FCC ACCESS CHARGE", Decimal("6.50") * numbers),
        Charge(SURCHARGE, "911", "911 TAP AND TACIP", Decimal("0.95") * numbers),
        Charge(TAX, "FET", "FEDERAL EXCISE TAX", percent_of(local, "3")),
        Charge(TAX, "MNTX", "MINNESOTA SALES TAX", percent_of(local, "6.88")),
    ]


def _calder(account: Account, charges: list[Charge]) -> list[Charge]:
    return [Charge(SURCHARGE, "USF", "Federal universal service", percent_of(_sum(charges, RECURRING), "1.80"))]


def _halyard(account: Account, charges: list[Charge]) -> list[Charge]:
    channels = sum((charge.quantity or ZERO for charge in charges if charge.code == "SIP-CH"), ZERO)
    return [
        Charge(SURCHARGE, "FUSF", "Federal universal service", percent_of(_sum(charges, USAGE), "22.90")),
        Charge(SURCHARGE, "RCR", "Regulatory cost recovery", percent_of(_sum(charges, RECURRING), "1.95")),
        Charge(FEE, "E911", "E911 service fee", Decimal("0.40") * channels),
        Charge(TAX, "SLT", "State and local taxes", percent_of(_sum(charges, RECURRING, USAGE), "5.20")),
    ]


def _stratum(account: Account, charges: list[Charge]) -> list[Charge]:
    rate = SITE["FRA1" if account.key == "sc_fra" else "AMS1"].state_tax
    return [Charge(TAX, "VAT", f"VAT {rate} %", percent_of(_sum(charges, RECURRING, ONCE, USAGE), rate))]


_ADDERS = {"nb": _northbeam, "tl": _trilakes, "cf": _calder, "hv": _halyard, "sc": _stratum}
