"""Colocation: racks, committed power, metered energy, remote hands."""

from __future__ import annotations

from app.domain.evidence import MeterFacts, Work, WorkFacts
from app.domain.money import D
from tools.worked_proofs.case import MARCH, SERVICE, Case, billed, moment, period, price

_READINGS = ((moment("2026-03-01T00:00+00:00"), D("48210.4")), (moment("2026-04-01T00:00+00:00"), D("50330.4")))
_JOBS = (
    Work("RH-5511", 20),
    Work("RH-5523", 95),
    Work("RH-5530", 40, after_hours=True, expedited=True),
)

CASES = (
    Case(
        "Racks",
        "Two racks at the monthly price.",
        (price("RACK-47U", "MRC", "flat", "690.00", clause="Annex 1, no. 1", page=8),),
        (billed("1380.00", "RACK-47U", quantity="2", words="Rack 47U, monthly rental"),),
    ),
    Case(
        "Breaker circuits, A and B feed",
        "Two circuits of 30 A. The A feed costs the whole price, the B feed, which stands by, half of it. The carrier "
        "billed both feeds in full.",
        (price("CKT-30A", "MRC", "breaker", "420.00", "a=1; b=1; fraction=0.5", clause="Annex 1, no. 3", page=8),),
        (billed("1680.00", "CKT-30A", quantity="2", words="Power circuit 30 A, A and B feed"),),
    ),
    Case(
        "Committed power with a premium on what lies above it",
        "4 kW are paid in any case. What is drawn above them costs the same price and a premium of 25 per cent; "
        "the carrier took 50 per cent.",
        (price("PWR-KW", "MRC", "committed_power", "200.00", "commit=4; premium=25", clause="Annex 1, no. 5", page=8),),
        (billed("1160.00", "PWR-KW", quantity="5.2", words="Power, committed 4 kW"),),
    ),
    Case(
        "Metered energy with PUE",
        "What the meter advanced by, times the factor of the building that the contract names. The carrier took 1.45.",
        (price("KWH", "USAGE", "metered_energy", "0.2450", "pue=1.35", clause="Annex 2, no. 1", page=10),),
        (billed("753.13", "KWH", "USAGE", quantity="2120", words="Metered power, kWh"),),
        "Readings of the rack's meter: 48,210.4 on 1 March and 50,330.4 on 1 April.",
        {1: MeterFacts(SERVICE, period(MARCH), _READINGS, batches=("meter-2026-03.csv",))},
    ),
    Case(
        "Remote hands",
        "Each job counts at least 30 minutes, then in steps of 15; the first hour of the month is free, after "
        "hours an hour costs more, and an expedited job has a fee. The carrier did not take the free hour off.",
        (
            price(
                "RH-STD",
                "USAGE",
                "remote_hands",
                "95.00",
                "minimum=30; increment=15; included=1; after_hours=142.50; expedite=50",
                clause="Annex 2, no. 5",
                page=10,
            ),
        ),
        (billed("394.38", "RH-STD", "USAGE", quantity="155", words="Remote hands"),),
        "Three jobs: 20 and 95 minutes in business hours, 40 minutes after hours and expedited.",
        {1: WorkFacts(SERVICE, period(MARCH), _JOBS, ("tickets-2026-03.csv",))},
    ),
)
