"""A report's data for tests: two currencies, five carriers, six months, and texts that try to be formulas or tags."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from app.reports.data import (
    BillLine,
    CurrencySummary,
    DisputeLine,
    DueAmount,
    NamedAmount,
    OverchargeLine,
    PaymentLine,
    ReportData,
    SpendCell,
)

AS_OF = date(2026, 10, 6)
CARRIERS = ("Northbeam Communications", "Calder Fiber & <Sons>", "Halyard Voice", "Tri-Lakes $ Telephone")
HOSTILE = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "<script>alert(1)</script>", "'quoted", "＝1")


def money(text: str) -> Decimal:
    return Decimal(text)


def sample() -> ReportData:
    """Fixed figures."""
    months = [date(2026, month, 1) for month in range(4, 10) if month != 6]
    spend = [
        SpendCell("USD", month, carrier, money(f"{1000 * (place + 1) + month.month}.10"))
        for month in months
        for place, carrier in enumerate(CARRIERS)
    ]
    spend += [SpendCell("EUR", month, "Stratum Colocation", money("5000.01")) for month in months]
    dollars = CurrencySummary(
        currency="USD",
        bills=20,
        billed=money("50000.00"),
        expected=money("49000.00"),
        overcharged=money("1000.00"),
        disputed=money("600.00"),
        credited=money("10.00"),
        by_rule=(
            NamedAmount("A30 Rate above contract", 3, money("700.00")),
            NamedAmount("A21 Billed after disconnect", 1, money("300.00")),
        ),
        by_carrier=(NamedAmount(CARRIERS[1], 3, money("700.00")), NamedAmount(CARRIERS[0], 1, money("300.00"))),
        due=(
            DueAmount(date(2026, 10, 1), 1, money("100.00")),
            DueAmount(date(2026, 10, 14), 2, money("200.00")),
            DueAmount(date(2026, 10, 16), 1, money("50.50")),
            DueAmount(date(2026, 12, 1), 1, money("7.00")),
        ),
    )
    euros = CurrencySummary(
        currency="EUR",
        bills=5,
        billed=money("25000.05"),
        expected=money("25000.05"),
        overcharged=money("0"),
        disputed=money("0"),
        credited=money("0"),
        by_rule=(),
        by_carrier=(),
        due=(),
    )
    overcharges = tuple(
        OverchargeLine(
            rule="A30",
            name="Rate above contract",
            carrier=CARRIERS[1],
            ban=text,
            number=f"INV-{place}",
            bill_date=date(2026, 9, 1),
            service=text,
            description=text,
            currency="USD",
            billed=money("575.00"),
            expected=money("500.00"),
            claim=money("75.125"),
            status="Disputed",
            file_by=date(2026, 11, 1),
            message=f"Billed too much: {text}",
            proof=f"Price in force: 500.00 × 1 = 500.00\n{text}",
        )
        for place, text in enumerate(HOSTILE)
    )
    bills = tuple(
        BillLine(
            carrier=carrier,
            ban=f"CF-{place}",
            number=f"INV-{place}{month.month}",
            bill_date=month,
            due_date=month + timedelta(days=30),
            currency="USD",
            current_charges=money("10234.50"),
            total_due=money("-10234.50"),
            overcharged=money("75.00"),
            withheld=money("0"),
            payable=money("10234.50"),
            status="Paid",
        )
        for place, carrier in enumerate(CARRIERS)
        for month in months
    )
    disputes = (
        DisputeLine(
            "D-2026-0001", CARRIERS[1], "Draft", "USD", money("600.00"), money("0"), date(2026, 11, 1),
            date(2026, 10, 15), None, 8,
        ),
        DisputeLine(
            "D-2026-0002", CARRIERS[0], "Acknowledged", "USD", money("10.00"), money("10.00"), date(2026, 11, 1),
            date(2026, 10, 2), date(2026, 9, 30), 2,
        ),
    )  # fmt: skip
    payments = (
        PaymentLine(
            carrier=CARRIERS[0],
            ban="CF-0",
            number="INV-09",
            due_date=date(2026, 10, 15),
            currency="USD",
            gross=money("10234.50"),
            withheld=money("75.00"),
            credit=money("0"),
            net=money("10159.50"),
            send_on=date(2026, 10, 13),
            pay_on=date(2026, 10, 15),
            late=True,
            status="Proposed",
        ),
    )
    return ReportData("Meridian <Foods>", AS_OF, (dollars, euros), bills, overcharges, disputes, payments, tuple(spend))
