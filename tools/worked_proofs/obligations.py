"""What follows from other charges, from time and from failures: minimums, shortfalls, leaving, credits, fees."""

from __future__ import annotations

from datetime import date

from app.domain.evidence import BalanceFacts, BalanceLine, Outage, OutageFacts, SpendFacts, SpendLine
from app.domain.money import D
from tools.worked_proofs.case import MARCH, SERVICE, Case, billed, moment, period, price

_YEAR = "2025-03-01..2026-03-01"
_FEES = "fee_codes=ADM, CCR, REG; applies_on_fees=yes; base_types=USAGE; kind=mandated"
_ETL = "bands=12:100, 36:50, 60:25"

CASES = (
    Case(
        "A per cent of other charges",
        "Management costs 4 per cent of the routers that are managed, 25.00 at least and 60.00 at most. The carrier "
        "left the 60.00 out of account.",
        (
            price("MGT", "NRC", "percentage", "4", "base_codes=RTR; least=25; most=60", clause="8.4", page=7),
            price("RTR", "MRC", "flat", "65.00", clause="Order form, line 9", page=4),
        ),
        (
            billed("1820.00", "RTR", quantity="28", words="Managed router"),
            billed("72.80", "MGT", "NRC", words="Management of routers"),
        ),
    ),
    Case(
        "A minimum bill",
        "The contract bills at least 100.00 a month; what the bill's charges lack to it is a charge of its own.",
        (
            price("MIN", "NRC", "minimum", "100.00", "base_types=USAGE", clause="4.2", page=4),
            price("LD-US", "USAGE", "flat", "0.039", clause="Schedule B 3.1", page=16),
        ),
        (
            billed("68.25", "LD-US", "USAGE", quantity="1750", words="Long distance"),
            billed("41.75", "MIN", "NRC", MARCH, words="Minimum monthly usage"),
        ),
    ),
    Case(
        "Shortfall of a yearly commitment",
        "120,000.00 were committed for the year; of what is missing half is due. The carrier billed all of it.",
        (price("SHORT", "NRC", "commitment", "120000.00", "percent=50", clause="5.1", page=4),),
        (billed("24000.00", "SHORT", "NRC", _YEAR, words="Annual commitment shortfall"),),
        "Monthly and usage charges of the twelve bills of the year: 96,000.00.",
        {1: SpendFacts(period(_YEAR), (SpendLine("twelve bills", D("96000.00")),))},
    ),
    Case(
        "Leaving early, by bands",
        "The circuit was in use for 8 of 36 months. The months left up to the twelfth cost 100 per cent of the "
        "monthly charge, those up to the 36th 50 per cent. The carrier asked for all months left in full.",
        (
            price("ETL", "NRC", "early_termination", "0", _ETL, clause="9.3", page=7),
            price("WAVE-10G", "MRC", "flat", "1000.00", clause="Exhibit 1", page=6),
        ),
        (billed("28000.00", "ETL", "NRC", "", words="Early termination"),),
        "Installed on 1 July 2025, disconnected on 1 March 2026; the contract is for 36 months.",
        contract={"start": date(2025, 7, 1), "end": date(2028, 7, 1)},
        service={"code": "WAVE-10G", "installed": date(2025, 7, 1), "disconnected": date(2026, 3, 1)},
    ),
    Case(
        "A credit for an outage",
        "99.90 per cent of availability were agreed on; for each tenth of a point below it, begun, 1 per cent of the "
        "monthly charge comes back. The carrier gave one step.",
        (
            price(
                "SLA", "CREDIT", "sla_credit", "1", "method=steps; target=99.90; step=0.1", clause="Annex S 3", page=21
            ),
        ),
        (billed("-20.00", "SLA", "CREDIT", words="Service level credit"),),
        "Two outages: 7,200 seconds on 12 March that count, and 3,600 seconds of maintenance that do not.",
        {
            1: OutageFacts(
                SERVICE,
                period(MARCH),
                (
                    Outage("T-8812", moment("2026-03-12T04:00+00:00"), 7200),
                    Outage("T-8850", moment("2026-03-22T02:00+00:00"), 3600, "maintenance"),
                ),
                D("2000.00"),
                ("tickets-2026-03.csv",),
            )
        },
    ),
    Case(
        "A late charge",
        "1.5 per cent for each month begun, of what was overdue and not disputed. The carrier took it of the "
        "disputed 400.00 too.",
        (price("LPC", "LPC", "late_charge", "1.5", clause="7.2", page=6),),
        (billed("42.00", "LPC", "LPC", "", words="Late payment charge"),),
        "INV-0 of 1,400.00 was due on 31 January; 400.00 of it are in dispute, 1,000.00 were paid on 1 March.",
        {1: BalanceFacts((BalanceLine("INV-0", D("1000.00"), date(2026, 1, 31), date(2026, 3, 1)),))},
    ),
    Case(
        "Stacked surcharges",
        "Three fees of the carrier are taken of the usage, and the federal fund of the usage and the fees: "
        "100.00 of calls cost 143.90.",
        (
            price("LD-US", "USAGE", "flat", "0.0400", clause="Schedule B 3.1", page=16),
            price("ADM", "SURCHARGE", "surcharge", "0.38", "base_types=USAGE", clause="Guide 2.1"),
            price("CCR", "SURCHARGE", "surcharge", "3.45", "base_types=USAGE", clause="Guide 2.2"),
            price("REG", "SURCHARGE", "surcharge", "0.75", "base_types=USAGE", clause="Guide 2.3"),
            price("FUSF", "SURCHARGE", "surcharge", "37.6", _FEES, clause="Guide 2.4"),
        ),
        (
            billed("100.00", "LD-US", "USAGE", quantity="2500", words="Long distance"),
            billed("0.38", "ADM", "SURCHARGE", words="Administrative expense"),
            billed("3.45", "CCR", "SURCHARGE", words="Carrier cost recovery"),
            billed("0.75", "REG", "SURCHARGE", words="Regulatory fee"),
            billed("39.32", "FUSF", "SURCHARGE", words="Federal universal service"),
        ),
        "The charges of the bill, as billed.",
    ),
)
