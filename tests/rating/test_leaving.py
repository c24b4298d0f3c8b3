"""What a service that is left early had used of its term, and what a month of it cost, down to the fee."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.money import D
from app.domain.rated import RatedCharge
from app.domain.terms import RateElementTerms
from app.domain.vocabulary import ChargeType, PriceChange, PriceModel, RatingOutcome
from app.rating.engine import rate
from app.rating.ratebook import RateBook
from tests.rating.facts import charge, contract, element, invoice, service

TERM = {"start": date(2025, 1, 1), "end": date(2028, 1, 1)}  # 36 months
HALF = "method=percent; percent=50"


def leave(
    *prices: RateElementTerms, installed: str, left: str, parameters: str = HALF, terms: Any = None, **fields: Any
) -> RatedCharge:
    """The fee for leaving, as the engine rates it."""
    fee = element(
        "0", id=9, code="ETL", charge_type=ChargeType.NRC, model=PriceModel.EARLY_TERMINATION, parameters=parameters
    )
    days = {"installed": date.fromisoformat(installed), "disconnected": date.fromisoformat(left)}
    asked = charge("12000.00", code="ETL", charge_type=ChargeType.NRC, id=103)
    bill = invoice(asked, bill_date=days["disconnected"])
    known = service(code="DIA-100M", **days, **fields)
    return rate(asked, bill, known, RateBook([contract(fee, *prices, **(terms or TERM))]), None)


@pytest.mark.parametrize(
    ("installed", "left", "fee"),
    [
        ("2020-03-15", "2026-01-01", "12000.00"),  # older than its contract: 12 of 36 months used, 24 left
        ("2024-12-31", "2026-01-01", "12000.00"),
        ("2025-01-01", "2026-01-01", "12000.00"),
        ("2025-07-01", "2026-01-01", "12000.00"),  # younger: what is left is the contract's rest
        ("2025-12-31", "2026-01-01", "12000.00"),
        ("2025-07-15", "2026-01-02", "11500.00"),  # a month of the contract has begun
        ("2020-03-15", "2027-12-01", "500.00"),
        ("2020-03-15", "2028-01-01", "0.00"),
        ("2020-03-15", "2029-06-01", "0.00"),
    ],
)
def test_what_is_left_of_the_term_is_the_contracts_rest(installed: str, left: str, fee: str) -> None:
    rated = leave(element("1000.00"), installed=installed, left=left)
    assert rated.expected == D(fee)
    assert rated.proof is not None
    assert rated.proof.holds()


def test_bands_count_the_months_of_the_service_within_the_term() -> None:
    bands = "bands=12:100, 36:50"
    older = leave(element("1000.00"), installed="2020-03-15", left="2025-09-01", parameters=bands)
    assert older.expected == D("16000.00")  # 4 × 1000 + 24 × 500, as if it had begun with the contract
    younger = leave(element("1000.00"), installed="2026-01-01", left="2026-09-01", parameters=bands)
    assert younger.expected == D("10000.00")  # months 9 to 12 in full, 13 to 24 by half: the contract has no more


@pytest.mark.parametrize(
    ("installed", "left", "fee"),
    [
        ("2025-07-01", "2026-01-01", "15000.00"),  # 6 of 36 used
        ("2020-03-15", "2026-01-01", "0.00"),  # its own term ended long ago
        ("2024-07-15", "2026-01-01", "9000.00"),  # 18 begun
    ],
)
def test_a_term_of_the_services_own_runs_from_its_install(installed: str, left: str, fee: str) -> None:
    rated = leave(element("1000.00"), installed=installed, left=left, parameters=f"{HALF}; term=36")
    assert rated.expected == D(fee)


@pytest.mark.parametrize(("installed", "left"), [("2020-01-01", "2025-01-01"), ("2026-01-01", "2026-01-01")])
def test_a_service_that_left_before_its_term_began_has_no_fee_to_tell(installed: str, left: str) -> None:
    rated = leave(element("1000.00"), installed=installed, left=left)
    assert (rated.outcome, rated.expected) == (RatingOutcome.NO_PRICE, None)


def test_the_month_is_priced_as_it_was_on_the_last_day() -> None:
    risen = element("5", "2025-01-01", id=2, model=PriceModel.ESCALATOR, code="*")
    assert leave(element("1000.00"), risen, installed="2025-01-01", left="2026-07-01").expected == D("9450.00")
    less = element("10", "2025-01-01", id=3, model=PriceModel.DISCOUNT, code="*")
    assert leave(element("1000.00"), less, installed="2025-01-01", left="2026-07-01").expected == D("8100.00")
    assert leave(element("1000.00"), risen, less, installed="2025-01-01", left="2026-07-01").expected == D("8505.00")
    long = element("0", "2025-01-01", id=4, model=PriceModel.TERM_DISCOUNT, parameters="mrc=12:4, 36:10")
    assert leave(element("1000.00"), long, installed="2025-01-01", left="2026-07-01").expected == D("8100.00")


@pytest.mark.parametrize("change", [PriceChange.SPLIT, PriceChange.FIRST_DAY])
@pytest.mark.parametrize(("since", "fee"), [("2026-06-30", "10800.00"), ("2026-07-01", "9000.00")])
def test_a_price_that_changes_in_the_last_month_counts_if_the_last_day_had_it(
    change: PriceChange, since: str, fee: str
) -> None:
    before, after = element("1000.00", until=since), element("1200.00", since, id=2)
    terms = {**TERM, "price_change": change}
    assert leave(before, after, installed="2025-01-01", left="2026-07-01", terms=terms).expected == D(fee)


def test_the_month_is_priced_by_its_model_and_for_as_many_as_the_inventory_says() -> None:
    tiers = element("0", model=PriceModel.GRADUATED, parameters="tiers=10:20.00, above:15.00")
    rated = leave(tiers, installed="2025-01-01", left="2026-07-01", quantity=D("12"))
    assert rated.expected == D("2070.00")  # 18 months left × (10 × 20 + 2 × 15) × 50 %
    assert leave(element("100.00"), installed="2025-01-01", left="2026-07-01", quantity=D("3")).expected == D("2700.00")


@pytest.mark.parametrize(
    "price",
    [
        element("2.50", model=PriceModel.PERCENTILE, parameters="commit=200"),
        element("10", model=PriceModel.PERCENTAGE),
        element("1000.00", waived=True),
        element("1000.00", until="2026-06-30"),
        element("0", model=PriceModel.GRADUATED, parameters="tiers=nonsense"),
    ],
)
def test_a_month_that_only_a_bill_could_price_gives_no_fee(price: RateElementTerms) -> None:
    rated = leave(price, installed="2025-01-01", left="2026-07-01")
    assert (rated.outcome, rated.expected) == (RatingOutcome.NO_PRICE, None)
