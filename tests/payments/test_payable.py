"""What is payable of a bill, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.vocabulary import DisputeStatus
from app.payments.payable import ClaimFacts, PayableFacts, unpaid_by_finding, work_out

DAY = date(2026, 10, 6)
BEFORE, AFTER = date(2026, 10, 5), date(2026, 10, 7)
D = Decimal
BILL = PayableFacts(1, "INV-1", "USD", D("1000.00"), D("1000.00"), ((1, D("600.00")), (2, D("400.00"))))


def claim(status: DisputeStatus, **more: object) -> ClaimFacts:
    return ClaimFacts(1, D("100.00"), status, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("disputed", "withheld"),
    [
        (claim(DisputeStatus.DRAFT), "100.00"),
        (claim(DisputeStatus.DRAFT, withhold_by=DAY), "100.00"),
        (claim(DisputeStatus.DRAFT, withhold_by=BEFORE), "0"),
        (claim(DisputeStatus.FILED, withhold_by=BEFORE, filed_on=BEFORE), "100.00"),
        (claim(DisputeStatus.ACKNOWLEDGED, withhold_by=BEFORE, filed_on=DAY), "0"),
        (claim(DisputeStatus.FILED, filed_on=BEFORE), "100.00"),
        (claim(DisputeStatus.APPROVED, withheld=D("100.00"), granted=D("60.00")), "60.00"),
        (claim(DisputeStatus.CREDITED, withheld=D("100.00"), granted=D("100.00")), "100.00"),
        (claim(DisputeStatus.APPROVED, granted=D("100.00")), "0"),  # it was paid in full: the credit is ours
        (claim(DisputeStatus.DENIED, withheld=D("100.00"), granted=D("0")), "0"),
        (claim(DisputeStatus.WITHDRAWN, withheld=D("100.00")), "0"),
        (claim(DisputeStatus.DRAFT, outside=D("100.00")), "0"),  # a balance that we do not pay anyway
        (claim(DisputeStatus.FILED, filed_on=BEFORE, outside=D("30.00")), "70.00"),
        (claim(DisputeStatus.APPROVED, withheld=D("100.00"), granted=D("100.00"), outside=D("100.00")), "0"),
    ],
)
def test_what_a_dispute_withholds(disputed: ClaimFacts, withheld: str) -> None:
    payable = work_out(replace(BILL, claims=(disputed,)), DAY)
    assert (payable.withheld, payable.amount) == (D(withheld), D("1000.00") - D(withheld))


def test_opening_balance_restored_credit_and_payments_count() -> None:
    payable = work_out(replace(BILL, opening=D("50.00"), restored=D("20.00"), paid=D("300.00")), DAY)
    assert (payable.gross, payable.amount, payable.open) == (D("1070.00"), D("1070.00"), D("770.00"))


def test_more_than_the_bill_is_never_withheld() -> None:
    claims = (replace(claim(DisputeStatus.DRAFT), claim=D("900.00")), replace(claim(DisputeStatus.DRAFT), finding_id=2))
    facts = replace(BILL, current_charges=D("950.00"), claims=claims)
    assert work_out(facts, DAY).amount == 0
    assert unpaid_by_finding(facts, DAY) == {1: D("900.00"), 2: D("50.00")}


def test_a_credit_stays_negative() -> None:
    facts = replace(BILL, current_charges=D("-50.00"), claims=(claim(DisputeStatus.DRAFT),))
    assert (work_out(facts, DAY).amount, work_out(facts, DAY).withheld) == (D("-50.00"), 0)


@pytest.mark.parametrize(
    "change",
    [
        {"invoice_id": 2},
        {"currency": "EUR"},
        {"current_charges": D("1000.01")},
        {"total_due": D("1000.01")},
        {"opening": D("0.01")},
        {"charges": ((1, D("400.00")), (2, D("600.00")))},
        {"claims": (ClaimFacts(1, D("0.01"), DisputeStatus.DRAFT),)},
    ],
)
def test_the_payload_changes_with_everything_that_was_approved(change: dict[str, object]) -> None:
    assert work_out(replace(BILL, **change), DAY).payload != work_out(BILL, DAY).payload  # type: ignore[arg-type]


def test_the_payload_does_not_depend_on_how_an_amount_is_written_nor_on_what_is_paid() -> None:
    same = replace(BILL, current_charges=D("1E3"), charges=((2, D("400")), (1, D("600.0"))), paid=D("10"))
    assert work_out(same, DAY).payload == work_out(BILL, DAY).payload


cents = st.integers(0, 10**7).map(lambda number: Decimal(number) / 100)


@settings(max_examples=30, deadline=None)
@given(cents, st.lists(st.tuples(cents, st.sampled_from(list(DisputeStatus)), cents, cents), max_size=5))
def test_withheld_is_shared_out_to_the_cent(
    gross: Decimal, drawn: list[tuple[Decimal, DisputeStatus, Decimal, Decimal]]
) -> None:
    claims = tuple(
        ClaimFacts(place, amount, status, withheld=min(withheld, amount), granted=min(granted, amount))
        for place, (amount, status, withheld, granted) in enumerate(drawn)
    )
    facts = replace(BILL, current_charges=gross, claims=claims)
    payable = work_out(facts, DAY)
    assert 0 <= payable.withheld <= payable.gross
    assert payable.amount + payable.withheld == payable.gross == gross
    assert sum(unpaid_by_finding(facts, DAY).values()) == payable.withheld
