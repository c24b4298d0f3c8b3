"""The errors that the carriers make: every one of them is written down here, and nowhere else is anything wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


def _month(number: int) -> date:
    return date(2026, number, 1)


@dataclass(frozen=True)
class WrongLife:
    """A22 or A21: the carrier bills as if the service had begun earlier, or ended later, than it did."""

    key: str
    note: str
    installed: date | None = None
    disconnected: date | None = None


@dataclass(frozen=True)
class WrongRate:
    """A30: a price above the contract's."""

    account: str
    months: tuple[date, ...]
    key: str
    code: str
    rate: Decimal
    note: str


@dataclass(frozen=True)
class WrongPercentile:
    """A30: another percentile of a circuit's traffic than the contract's."""

    account: str
    month: date
    key: str
    percentile: int
    note: str


@dataclass(frozen=True)
class WrongPremium:
    """A30: power above the commitment at another premium than the contract's."""

    account: str
    month: date
    key: str
    premium: int
    note: str


@dataclass(frozen=True)
class WrongSteps:
    """A30: a number's calls counted in other steps of seconds than the contract's."""

    account: str
    month: date
    key: str
    note: str


@dataclass(frozen=True)
class TwiceOnOneBill:
    """A03: a recurring charge stands on the bill twice; `days` if the second is for other, overlapping days."""

    account: str
    month: date
    key: str
    code: str
    note: str
    days: tuple[date, date] | None = None


@dataclass(frozen=True)
class Stranger:
    """A20: a charge for a service that is not ours."""

    account: str
    months: tuple[date, ...]
    key: str
    code: str
    amount: Decimal
    site: str
    note: str


@dataclass(frozen=True)
class Unpriced:
    """A31: a charge on our service for which the contract has no price."""

    account: str
    months: tuple[date, ...]
    key: str
    code: str
    amount: Decimal
    recurring: bool
    note: str


@dataclass(frozen=True)
class OnceTooOften:
    """A36: a one-time charge that is waived, or was billed before."""

    account: str
    month: date
    key: str
    code: str
    amount: Decimal
    note: str


@dataclass(frozen=True)
class WrongPart:
    """A37: part of a month, charged as another part of it than the contract's."""

    account: str
    month: date
    key: str
    code: str
    amount: Decimal
    note: str


@dataclass(frozen=True)
class MoreMinutes:
    """A63: more minutes than were spoken."""

    account: str
    month: date
    key: str
    minutes: Decimal
    note: str


@dataclass(frozen=True)
class Misfooting:
    """A01: the total of current charges is above the sum of the charges."""

    account: str
    month: date
    amount: Decimal
    note: str


@dataclass(frozen=True)
class SecondBill:
    """A02: the same charges again, on `day`, under another number."""

    account: str
    month: date
    day: int
    note: str


@dataclass(frozen=True)
class NeverSent:
    """A04: the bill of the month does not come."""

    account: str
    month: date
    note: str


@dataclass(frozen=True)
class WrongBalance:
    """A05: of the payments `lost` is not shown (None: all of it), or the previous balance is `raised`."""

    account: str
    month: date
    note: str
    lost: Decimal | None = Decimal(0)
    raised: Decimal = Decimal(0)


WRONG_LIVES = (
    WrongLife("12/BBIX/208103//NBC", "billed on after the disconnect", disconnected=date(2026, 8, 14)),
    WrongLife("CF/ETH/20413/OMA1", "last month billed in full", disconnected=date(2026, 9, 1)),
    WrongLife("AMS1-R0113-PA", "power feed billed on after its removal", disconnected=date(2026, 10, 1)),
    WrongLife("HV-TG-3130", "billed from the first of the month, not from acceptance", installed=date(2026, 7, 1)),
    WrongLife("CF/ACC/20423/DEN1", "billed from the first of the month, not from turn-up", installed=date(2026, 9, 1)),
)

JULY_AUGUST = (_month(7), _month(8))
OLD_PRICE = "price before Amendment 2 still billed"
EARLY = "yearly rise of June taken in May"
WHOLE_MINUTES = "calls counted 60/60, not 6/6"
EDITS = (
    WrongRate("nb_data", JULY_AUGUST, "12/DIAX/104418//NBC", "DIA-500M", Decimal("985.00"), OLD_PRICE),
    WrongRate("nb_data", JULY_AUGUST, "12/DIAX/104481//NBC", "DIA-500M", Decimal("985.00"), OLD_PRICE),
    WrongRate("hv", (_month(6),), "800-555-0163", "TF-IN", Decimal("0.0450"), "toll-free minutes at the list price"),
    WrongRate("nb_voice", (_month(9),), "612-555-0107", "LD-US", Decimal("0.0590"), "long distance at the list price"),
    WrongRate("sc_fra", (_month(6),), "XC-FRA2-02258", "XC-INST", Decimal("350.00"), "installation above Annex 1"),
    WrongRate("cf_wave", (_month(5),), "CF/WAV/31007/CHI-DFW", "WAVE-10G", Decimal("2214.50"), EARLY),
    WrongRate("cf_wave", (_month(5),), "CF/WAV/31011/CHI-ATL", "WAVE-10G", Decimal("2214.50"), EARLY),
    WrongRate("cf_wave", (_month(5),), "CF/WAV/31016/CHI-DEN", "WAVE-10G", Decimal("2214.50"), EARLY),
    WrongRate("cf_wave", (_month(5),), "CF/DKF/31102/CHI-MKE", "DKF-PAIR", Decimal("1318.40"), EARLY),
    WrongPercentile("nb_data", _month(8), "12/DIAX/104411//NBC", 98, "98th percentile for the 95th"),
    WrongPremium("sc_fra", _month(7), "FRA2-R0419", 50, "power above the commitment at 50 % more, not 25 %"),
    WrongSteps("hv_intl", _month(7), "312-555-0180", WHOLE_MINUTES),
    WrongSteps("hv_intl", _month(7), "312-555-0181", WHOLE_MINUTES),
    WrongSteps("hv_intl", _month(7), "312-555-0182", WHOLE_MINUTES),
    TwiceOnOneBill("nb_data", _month(5), "12/DIAX/104446//NBC", "DIA-200M", "circuit billed twice on one bill"),
    TwiceOnOneBill(
        "cf_wave",
        _month(8),
        "CF/WAV/31007/CHI-DFW",
        "WAVE-10G",
        "second charge overlaps the month already billed",
        (date(2026, 8, 16), date(2026, 9, 16)),
    ),
    Stranger(
        "nb_data",
        (_month(7), _month(8), _month(9)),
        "12/DIAX/198820//NBC",
        "DIA-100M",
        Decimal("540.00"),
        "OMA1",
        "circuit is not in the inventory",
    ),
    Stranger(
        "tl_brainerd", (_month(5),), "218-555-0190", "1FB", Decimal("36.25"), "BRD1", "number is not in the inventory"
    ),
    Stranger(
        "sc_fra", (_month(5),), "XC-FRA2-09914", "XC-SM", Decimal("185.00"), "FRA1", "cross-connect of another tenant"
    ),
    Unpriced(
        "nb_data", (_month(8), _month(9)), "12/DIAX/104467//NBC", "IPB-28", Decimal("45.00"), True, "not in Schedule A"
    ),
    Unpriced("tl_duluth", (_month(7),), "218-555-0143", "IWM", Decimal("4.95"), True, "not in the contract"),
    Unpriced("hv", (_month(5),), "HV-TG-3121", "EXP-ORD", Decimal("60.00"), False, "not on a rate sheet"),
    OnceTooOften("cf_wan", _month(6), "CF/ETH/20431/CMH1", "INST-EPL", Decimal("900.00"), "waived by the contract"),
    OnceTooOften("nb_data", _month(7), "12/BBIX/208151//NBC", "INST-BB", Decimal("150.00"), "billed in June already"),
    OnceTooOften("hv", _month(9), "404-555-0162", "PORT-NUM", Decimal("12.00"), "billed in August already"),
    WrongPart("tl_brainerd", _month(8), "218-555-0178", "1FB", Decimal("36.25"), "14 days charged as a whole month"),
    WrongPart("nb_data", _month(8), "12/BBIX/208139//NBC", "BBI-300", Decimal("30.80"), "11 days of 30, not of 31"),
    MoreMinutes("hv", _month(5), "312-555-0151", Decimal("1400.0"), "minutes above the call records"),
    MoreMinutes("hv", _month(8), "888-555-0164", Decimal("520"), "minutes above the call records"),
    Misfooting("tl_duluth", _month(6), Decimal("18.50"), "total above the sum of the charges"),
    Misfooting("cf_wan", _month(7), Decimal("96.40"), "total above the sum of the rows"),
)

SECOND_BILLS = (
    SecondBill("nb_voice", _month(6), 24, "same charges under a second number"),
    SecondBill("sc_fra", _month(9), 25, "same charges under a second number"),
)
NEVER_SENT = (
    NeverSent("tl_brainerd", _month(9), "September's bill has not come"),
    NeverSent("cf_wave", _month(9), "September's bill has not come"),
)
WRONG_BALANCES = (
    WrongBalance("tl_duluth", _month(8), "July's payment is not posted", lost=None),
    WrongBalance("nb_data", _month(9), "August's payment is posted short", lost=Decimal("250.00")),
    WrongBalance("hv", _month(7), "balance brought forward is above June's total", raised=Decimal("214.60")),
)
