"""A bill is checked against itself; what differs is said with the figures, and nothing is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.money import D
from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.period import Period
from app.domain.source import Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.verify import explain_rounding, verify


def charge(amount: str, kind: ChargeType | None = None) -> ParsedCharge:
    return ParsedCharge("Port", D(amount), Source(row=2), kind)


BILL = ParsedInvoice(
    carrier="Acme",
    number="A-1",
    bill_date=date(2026, 9, 1),
    currency="USD",
    current_charges=D("110.00"),
    total_due=D("150.00"),
    charges=(charge("60.00"), charge("40.00"), charge("10.00", ChargeType.TAX)),
    previous_balance=D("90.00"),
    payments_applied=D("-50.00"),
    net_total=D("100.00"),
    tax_total=D("10.00"),
    due_date=date(2026, 9, 21),
    billing_period=Period(date(2026, 9, 1), date(2026, 10, 1)),
    sources={"total_due": Source(page=1)},
)


def test_a_bill_that_foots_has_no_issues() -> None:
    assert verify(BILL) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"current_charges": D("110.01"), "total_due": D("150.01")}, "is 110.01 USD, a difference of 0.01 USD"),
        ({"total_due": D("151.00")}, "make 150.00 USD, but its total due is 151.00 USD"),
        ({"previous_balance": D("80.00")}, "a difference of 10.00 USD"),
        ({"rounding": D("-0.01")}, "rounding of -0.01 USD make 109.99 USD"),
        ({"net_total": D("100.02")}, "2 charges before tax of 100.00 USD"),
        ({"tax_total": D("12.00")}, "1 taxes of 10.00 USD"),
    ],
)  # fmt: skip
def test_a_bill_that_does_not_foot_gets_a_warning_with_the_figures(changes: dict[str, object], words: str) -> None:
    (issue,) = verify(replace(BILL, **changes))  # type: ignore[arg-type]
    assert (issue.severity, issue.code) == (Severity.WARNING, "does-not-foot")
    assert words in issue.message
    assert issue.remedy


def test_the_warning_names_the_place_of_the_total() -> None:
    (issue,) = verify(replace(BILL, total_due=D("1.00")))
    assert issue.source == Source(page=1)


def test_a_difference_of_half_a_cent_for_each_charge_is_rounding() -> None:
    eight = [charge(amount) for amount in ("41.18", "41.18", *["0.84"] * 6)]
    difference, note = explain_rounding([*eight, charge("16.61", ChargeType.TAX)], D("87.39"))
    assert difference == D("-0.01")
    assert note is not None
    assert "87.40" in note.message
    assert note.severity is Severity.INFO


@pytest.mark.parametrize(
    ("net", "explained"), [("99.99", "-0.01"), ("100.01", "0.01"), ("99.98", "0"), ("100.00", "0")]
)
def test_a_larger_difference_is_not_explained_away(net: str, explained: str) -> None:
    difference, note = explain_rounding([charge("60.00"), charge("40.00")], D(net))
    assert difference == D(explained)
    assert (note is not None) == (explained != "0")


def test_dates_that_cannot_be_right_are_warned_of() -> None:
    long = Period(date(2025, 1, 1), date(2026, 9, 1))
    late = replace(
        BILL, due_date=date(2026, 8, 1), billing_period=long, charges=(replace(BILL.charges[0], period=long),)
    )
    issues = [issue for issue in verify(late) if issue.code != "does-not-foot"]
    assert [issue.code for issue in issues] == ["due-before-bill", "long-period", "long-period"]
    assert issues[2].source == Source(row=2)


@pytest.mark.parametrize("currency", ["", "usd", "$", "EURO"])
def test_a_currency_that_is_no_code_is_an_error(currency: str) -> None:
    issue = verify(replace(BILL, currency=currency))[0]
    assert (issue.severity, issue.code) == (Severity.ERROR, "bad-currency")


def test_periods_that_begin_long_after_the_bill_are_warned_of() -> None:
    far, near = Period(date(2027, 2, 1), date(2027, 3, 1)), Period(date(2026, 10, 16), date(2026, 11, 1))
    (issue,) = verify(replace(BILL, charges=(replace(BILL.charges[0], period=far), *BILL.charges[1:])))
    assert (issue.severity, issue.code, issue.source) == (Severity.WARNING, "period-ahead", Source(row=2))
    assert "2027-02-01" in issue.message
    assert [one.code for one in verify(replace(BILL, billing_period=far))] == ["period-ahead"]
    assert verify(replace(BILL, billing_period=near)) == ()  # 45 days
    whole = replace(BILL, billing_period=far, charges=tuple(replace(one, period=far) for one in BILL.charges))
    assert [one.code for one in verify(whole)] == ["period-ahead"]  # told once


def test_a_credit_note_that_asks_for_money_is_looked_at() -> None:
    (issue,) = verify(replace(BILL, kind=DocumentKind.CREDIT_NOTE))
    assert (issue.severity, issue.code) == (Severity.REVIEW, "credit-note-asks-for-money")
    assert issue.source == Source(page=1)
    credit = replace(
        BILL,
        kind=DocumentKind.CREDIT_NOTE,
        charges=(charge("-10.00"),),
        current_charges=D("-10.00"),
        previous_balance=D("0"),
        payments_applied=D("0"),
        total_due=D("-10.00"),
        net_total=None,
        tax_total=None,
    )
    assert verify(credit) == ()
