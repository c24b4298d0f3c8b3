"""Days on which money moves. Invented dates; the holidays are those of the Federal Reserve and of TARGET."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.vocabulary import PaymentMethod
from app.payments.calendar import CLEARING, is_business_day, move_business_days, payment_days

ACH, SEPA = PaymentMethod.ACH_CCD, PaymentMethod.SEPA_CREDIT


@pytest.mark.parametrize(
    ("due", "send_on", "pay_on"),
    [
        (date(2026, 10, 9), date(2026, 10, 7), date(2026, 10, 9)),  # a Friday
        (date(2026, 10, 11), date(2026, 10, 7), date(2026, 10, 9)),  # a Sunday: the Friday before
        (date(2026, 10, 12), date(2026, 10, 7), date(2026, 10, 9)),  # Columbus Day: banks are closed
        (date(2026, 10, 13), date(2026, 10, 8), date(2026, 10, 13)),  # lead days do not count the holiday
    ],
)
def test_ach_money_is_there_on_or_before_the_due_date(due: date, send_on: date, pay_on: date) -> None:
    days = payment_days(due, date(2026, 10, 1), ACH)
    assert (days.send_on, days.pay_on, days.late) == (send_on, pay_on, False)


def test_sepa_follows_the_target_calendar() -> None:
    days = payment_days(date(2026, 4, 6), date(2026, 3, 1), SEPA)  # Easter Monday; Good Friday is closed as well
    assert (days.send_on, days.pay_on) == (date(2026, 4, 1), date(2026, 4, 2))
    assert is_business_day(date(2026, 10, 12), SEPA)
    assert not is_business_day(date(2026, 10, 12), ACH)


def test_a_due_date_that_is_past_is_paid_as_soon_as_possible_and_flagged() -> None:
    days = payment_days(date(2026, 10, 1), date(2026, 10, 10), ACH)  # today is a Saturday, Monday a holiday
    assert (days.send_on, days.pay_on, days.late) == (date(2026, 10, 13), date(2026, 10, 15), True)


def test_a_due_date_too_near_is_late_although_it_is_not_past() -> None:
    days = payment_days(date(2026, 10, 7), date(2026, 10, 6), ACH)
    assert (days.send_on, days.pay_on, days.late) == (date(2026, 10, 6), date(2026, 10, 8), True)


@settings(max_examples=20, deadline=None)
@given(st.dates(date(2025, 1, 1), date(2028, 12, 1)), st.integers(-40, 40), st.sampled_from([ACH, SEPA]))
def test_days_are_business_days_a_lead_apart(due: date, ahead: int, method: PaymentMethod) -> None:
    today = due - timedelta(days=ahead)
    days = payment_days(due, today, method)
    assert is_business_day(days.send_on, method)
    assert is_business_day(days.pay_on, method)
    assert days.send_on >= today
    assert move_business_days(days.send_on, CLEARING[method].lead_days, method) == days.pay_on
    assert days.late == (days.pay_on > due)
    if not days.late:  # a day later would be too late, or would not be later
        later = move_business_days(days.send_on, 1, method)
        assert move_business_days(later, CLEARING[method].lead_days, method) > due
