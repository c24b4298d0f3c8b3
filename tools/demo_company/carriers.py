"""The five carriers, their accounts and what was agreed with them. All invented, down to the banks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tools.demo_company.values import Account, Carrier, Contract

NORTHBEAM, TRILAKES, CALDER = "Northbeam Communications", "Tri-Lakes Telephone", "Calder Fiber"
HALYARD, STRATUM = "Halyard Voice", "Stratum Colocation"

# routing numbers and IBANs have right check digits, and begin with digits that no bank's begin with
CARRIERS = (
    Carrier(
        NORTHBEAM, "USD", "disputes@northbeam.example", "PO Box 88120, Columbus OH 43218", "501207713", "4400718202"
    ),
    Carrier(
        TRILAKES, "USD", "billing@tri-lakes.example", "12 Exchange St, Pine River MN 56474", "502208847", "00318807"
    ),
    Carrier(CALDER, "USD", "billing.inquiry@calder.example", "700 Splice Way, Omaha NE", "503309952", "771002385"),
    Carrier(HALYARD, "USD", "claims@halyard.example", "2901 Mainsail Blvd, Dallas TX", "504401163", "9920017712"),
    Carrier(
        STRATUM,
        "EUR",
        "rechnung@stratum.example",
        "Beispielweg 10, 60327 Frankfurt am Main",
        iban="DE36900911000081220417",
        bic="ZQSBDEFFXXX",
    ),
)

ACCOUNTS = (
    Account("nb_data", NORTHBEAM, "441722-0601", "NBC-MSA-2024-117", "USD", 14, 25, "cycle", "Internet, all sites"),
    Account("nb_voice", NORTHBEAM, "441722-0602", "NBC-MSA-2024-117", "USD", 17, 24, "cycle", "Business voice lines"),
    Account(
        "tl_duluth",
        TRILAKES,
        "218-555-0140-311",
        "TLT-BUS-2025",
        "USD",
        19,
        22,
        "cycle",
        "Duluth Cannery",
    ),
    Account("tl_brainerd", TRILAKES, "218-555-0170-284", "TLT-BUS-2025", "USD", 19, 22, "cycle", "Brainerd Creamery"),
    Account(
        "cf_wan",
        CALDER,
        "CF-100238",
        "CF-2023-118",
        "USD",
        15,
        26,
        "calendar",
        "Ethernet WAN and managed routers",
        first_balance=Decimal("10862.40"),
        first_payment=Decimal("-10552.40"),
    ),
    Account("cf_wave", CALDER, "CF-100961", "CF-2025-044", "USD", 18, 24, "calendar", "Wavelengths and dark fibre"),
    Account("hv", HALYARD, "HV-77120", "HV-2025-0911", "USD", 12, 27, "calendar", "SIP trunks and numbers"),
    Account("hv_intl", HALYARD, "HV-77244", "HV-2026-0102", "USD", 12, 27, "calendar", "Calls abroad"),
    Account("sc_fra", STRATUM, "DE-20817-M", "STR-2024-051", "EUR", 22, 28, "next", "Frankfurt cage", open_item=True),
    Account("sc_ams", STRATUM, "NL-20931-M", "STR-2024-051", "EUR", 22, 28, "next", "Amsterdam cage", open_item=True),
)

CONTRACTS = (
    Contract(
        "NBC-MSA-2024-117",
        NORTHBEAM,
        "Master services agreement, internet and voice",
        date(2024, 3, 1),
        date(2027, 3, 1),
        "USD",
        "actual",
        payment_days=25,
        withhold_days=45,
    ),
    Contract(
        "TLT-BUS-2025",
        TRILAKES,
        "Business exchange service",
        date(2025, 1, 1),
        date(2028, 1, 1),
        "USD",
        "strict_30_360",
        disconnect_day_billed=True,
        payment_days=22,
        withhold_days=30,
        notice_days=30,
    ),
    Contract(
        "CF-2023-118",
        CALDER,
        "Ethernet WAN order, eleven sites",
        date(2023, 11, 1),
        date(2026, 11, 1),
        "USD",
        "actual_30",
        payment_days=26,
        dispute_days=120,
        withhold_days=30,
        notice_days=90,
    ),
    Contract(
        "CF-2025-044",
        CALDER,
        "Wavelength services",
        date(2025, 6, 1),
        date(2028, 6, 1),
        "USD",
        "actual",
        payment_days=24,
        dispute_days=120,
        withhold_days=30,
        notice_days=90,
    ),
    Contract(
        "HV-2025-0911",
        HALYARD,
        "SIP trunking and toll-free",
        date(2025, 9, 1),
        date(2027, 9, 1),
        "USD",
        "none",
        payment_days=27,
        withhold_days=45,
    ),
    Contract(
        "HV-2026-0102",
        HALYARD,
        "Calls abroad by rate deck",
        date(2026, 1, 1),
        date(2028, 1, 1),
        "USD",
        "none",
        time_zone="America/Chicago",
        payment_days=27,
        withhold_days=45,
    ),
    Contract(
        "STR-2024-051",
        STRATUM,
        "Colocation, Frankfurt and Amsterdam",
        date(2024, 5, 1),
        date(2029, 5, 1),
        "EUR",
        "months_and_days",
        payment_days=28,
        withhold_days=30,
        notice_days=180,
    ),
)

ACCOUNT = {account.key: account for account in ACCOUNTS}
CONTRACT = {contract.number: contract for contract in CONTRACTS}
CARRIER = {carrier.name: carrier for carrier in CARRIERS}
