"""Accusations of an amount: A30, A31, A37, A63."""

from __future__ import annotations

from app.domain.money import D
from app.domain.vocabulary import Ledger
from tests.audit.documents import AuditDocument

NOTHING = D("0.00")


def test_rate_above_contract(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  575.00
    """
    assert audit_doc.findings == [("rate_above_contract", D("75.00"))]


def test_the_message_names_contract_clause_price_and_difference(audit_doc: AuditDocument) -> None:
    """
    contract NB-2024-17  2024-01-01
      price  DIA-100M  MRC  480.00  until 2026-01-01
      price  DIA-100M  MRC  500.00  since 2026-01-01  clause 4.2
    invoice  BAN 555-0100  2026-03-01..2026-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  575.00
    """
    (draft,) = audit_doc.drafts
    assert draft.message == "Billed 575.00, contract NB-2024-17 clause 4.2 says 500.00 from 2026-01-01: 75.00 too much."
    assert (draft.billed, draft.expected, draft.ledger) == (D("575.00"), D("500.00"), Ledger.ERROR)
    assert draft.proof is not None
    assert [step.formula for step in draft.proof.steps] == ["500.00", "500.00", "575.00 − 500.00"]
    assert (draft.proof.contract, draft.proof.clause) == ("NB-2024-17", "4.2")


def test_a_cent_is_within_the_tolerance(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.01
      MRC  circuit 80/KXGS/000124  DIA-100M  500.02
    """
    assert audit_doc.findings == [("rate_above_contract", D("0.02"))]


def test_a_lower_price_is_no_finding(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  450.00
      MRC  circuit 80/KXGS/000124  DIA-100M  0.00
    """
    assert audit_doc.findings == []


def test_the_price_is_multiplied_by_the_quantity(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  TRUNK  MRC 25.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  TRUNK  600.00  x20
    """
    assert audit_doc.findings == [("rate_above_contract", D("100.00"))]
    assert "says 25.00 from 2024-01-01, which makes 500.00: 100.00 too much" in audit_doc.messages[0]


def test_a_quarter_billed_at_once_costs_three_months(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-15..2024-06-15
      MRC  circuit 80/KXGS/000123  DIA-100M  1510.00
    """
    assert audit_doc.findings == [("rate_above_contract", D("10.00"))]


def test_a_price_that_changes_within_the_period_holds_for_its_own_days(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  DIA-100M  MRC  500.00  until 2024-03-16
      price  DIA-100M  MRC  520.00  since 2024-03-16
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  520.00
    invoice  BAN 555-0100  2024-04-01..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  520.00
    """
    assert audit_doc.findings == [("rate_above_contract", D("9.68"))]


def test_where_the_contract_lets_the_first_day_decide_its_price_holds_for_the_whole_charge(
    audit_doc: AuditDocument,
) -> None:
    """
    contract 2024-01-01 price_change first_day
      price  DIA-100M  MRC  500.00  until 2024-03-16
      price  DIA-100M  MRC  520.00  since 2024-03-16
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  520.00
    """
    assert audit_doc.findings == [("rate_above_contract", D("20.00"))]


def test_a_uplift_billed_a_month_early_is_claimed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  DIA-100M  MRC  500.00  until 2025-01-01
      price  DIA-100M  MRC  515.00  since 2025-01-01
    invoice  BAN 555-0100  2024-12-01..2025-01-01
      MRC  circuit 80/KXGS/000123  DIA-100M  515.00
    invoice  BAN 555-0100  2025-01-01..2025-02-01
      MRC  circuit 80/KXGS/000123  DIA-100M  515.00
    """
    assert audit_doc.findings == [("rate_above_contract", D("15.00"))]


def test_the_narrowest_price_is_the_one_that_counts(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  DIA-100M  MRC  500.00
      price  DIA-100M  MRC  450.00  at Akron
      price  DIA-100M  MRC  400.00  circuit 80/KXGS/000123
    service  80/KXGS/000123  at Akron
    service  80/KXGS/000124  at Akron
    service  80/KXGS/000125  at Duluth
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
      MRC  circuit 80/KXGS/000124  DIA-100M  500.00
      MRC  circuit 80/KXGS/000125  DIA-100M  500.00
    """
    assert audit_doc.findings == [("rate_above_contract", D("100.00")), ("rate_above_contract", D("50.00"))]


def test_a_one_time_charge_above_its_price_is_claimed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  INSTALL  NRC 750.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      NRC  circuit 80/KXGS/000123  INSTALL  900.00  2024-03-05..2024-03-06
    """
    assert audit_doc.findings == [("rate_above_contract", D("150.00"))]


def test_a_recurring_charge_that_is_waived_is_claimed_whole(audit_doc: AuditDocument) -> None:
    """
    contract NB-1  2024-01-01
      price  CPE  MRC  waived
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  CPE  35.00
    """
    assert audit_doc.findings == [("rate_above_contract", D("35.00"))]
    assert audit_doc.messages == ["Billed 35.00, contract NB-1 waives it from 2024-01-01: 35.00 too much."]


def test_usage_at_a_higher_price_per_minute_is_claimed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.02  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  30.00  minutes 1000
    """
    assert audit_doc.findings == [("rate_above_contract", D("10.00"))]


def test_usage_has_a_tolerance_of_five_or_one_percent(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.02  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100201  VOICE  25.00    minutes 1000
      USAGE  circuit 15550100202  VOICE  25.01    minutes 1000
      USAGE  circuit 15550100203  VOICE  2020.00  minutes 100000
      USAGE  circuit 15550100204  VOICE  2020.01  minutes 100000
    """
    assert audit_doc.findings == [("rate_above_contract", D("5.01")), ("rate_above_contract", D("20.01"))]


def test_more_minutes_than_the_call_records_show_are_claimed(audit_doc: AuditDocument) -> None:
    """
    contract V-9  2024-01-01
      price  VOICE  USAGE  0.05  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  50.00  minutes 1000
    calls    15550100200  2024-03-01..2024-04-01  300x61s 100x60s 7x0s
    """
    assert audit_doc.findings == [("usage_not_in_records", D("15.00"))]  # 300 × 2 + 100 × 1 = 700 minutes
    assert audit_doc.messages == [
        (
            "Billed 50.00 for 1,000 minutes, our call records show 700, and contract V-9 says 0.05 from 2024-01-01 "
            "a minute: 15.00 too much."
        )
    ]


def test_price_and_minutes_are_told_apart(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.05  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  80.00  minutes 1000
    calls    15550100200  2024-03-01..2024-04-01  300x61s 100x60s
    """
    # billed 80.00; 1,000 minutes make 50.00 and the 700 recorded make 35.00: the claims add up to 45.00
    assert audit_doc.findings == [("rate_above_contract", D("30.00")), ("usage_not_in_records", D("15.00"))]


def test_usage_within_the_tolerance_of_the_records_is_right(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.05  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  50.00  minutes 1000
    calls    15550100200  2024-03-01..2024-04-01  450x61s
    """
    assert audit_doc.findings == []


def test_increments_of_the_contract_count_the_recorded_calls(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.10  per_minute 6/6
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  200.00  minutes 2000
    calls    15550100200  2024-03-01..2024-04-01  1000x61s
    """
    # a call of 61 seconds is 66 seconds: 1,100 minutes, where rounding up to minutes makes 2,000
    assert audit_doc.findings == [("usage_not_in_records", D("90.00"))]


def test_usage_without_minutes_is_compared_by_its_amount(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.05  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  50.00
    calls    15550100200  2024-03-01..2024-04-01  300x61s 100x60s
    """
    assert audit_doc.findings == [("usage_not_in_records", D("15.00"))]


def test_no_calls_on_record_at_all_claims_the_whole_usage(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.05  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  50.00  minutes 1000
    calls    15550100200  2024-03-01..2024-04-01
    """
    assert audit_doc.findings == [("usage_not_in_records", D("50.00"))]


def test_minutes_billed_below_the_price_are_not_claimed_beyond_what_is_overbilled(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.05  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  40.00  minutes 1000
      USAGE  circuit 15550100201  VOICE  30.00  minutes 1000
    calls    15550100200  2024-03-01..2024-04-01  300x61s 100x60s
    calls    15550100201  2024-03-01..2024-04-01  300x61s 100x60s
    """
    # 700 recorded minutes make 35.00: of 40.00 only 5.00 is too much, and of 30.00 nothing
    assert audit_doc.findings == [("usage_not_in_records", D("5.00"))]


def test_usage_without_minutes_or_records_cannot_be_checked(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.05  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  50.00
    """
    assert audit_doc.findings == [("no_contract_price", NOTHING)]
    assert "states no minutes" in audit_doc.messages[0]


def test_a_charge_without_a_price_is_pointed_out(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-200M  800.00
      MRC  SUPPORT  20.00
      NRC  circuit 80/KXGS/000123  DIA-100M  20.00
      TAX  51.25
    """
    assert audit_doc.findings == [("no_contract_price", NOTHING)] * 3
    assert {draft.ledger for draft in audit_doc.drafts} == {Ledger.CHECK}
    assert audit_doc.messages[0] == (
        "Billed 800.00 for DIA-200M (80/KXGS/000123) cannot be checked. "
        "No contract of this account prices MRC DIA-200M."
    )


def test_a_price_that_has_ended_is_named(audit_doc: AuditDocument) -> None:
    """
    contract NB-1  2024-01-01
      price  DIA-100M  MRC  500.00  until 2024-03-01
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  575.00
    """
    assert audit_doc.findings == [("no_contract_price", NOTHING)]
    assert "nearest: contract NB-1, from 2024-01-01 until 2024-03-01" in audit_doc.messages[0]


def test_two_prices_at_once_are_pointed_out(audit_doc: AuditDocument) -> None:
    """
    contract NB-1  2024-01-01
      price  DIA-100M  MRC  500.00  clause 4.1
      price  DIA-100M  MRC  520.00  clause 4.2
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  575.00
    """
    assert audit_doc.findings == [("no_contract_price", NOTHING)]
    assert "2 prices are in force at once" in audit_doc.messages[0]


def test_a_price_in_another_currency_is_no_price(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  currency EUR  RACK  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit RACK-07  RACK  575.00
    """
    assert audit_doc.findings == [("no_contract_price", NOTHING)]
    assert audit_doc.messages[0].endswith("The price of MRC RACK is agreed in EUR, but the bill is in USD.")


def test_a_contract_of_another_account_has_no_say(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  for 555-0200  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  575.00
    """
    assert audit_doc.findings == [("no_contract_price", NOTHING)]


def test_the_price_of_an_ended_contract_holds_until_it_is_ended(audit_doc: AuditDocument) -> None:
    """
    contract NB-1  2021-01-01..2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  575.00
    """
    assert audit_doc.findings == [("rate_above_contract", D("75.00"))]
    assert audit_doc.rated[101].note == "The term of contract NB-1 ended on 2024-01-01; its price still holds."


def test_part_of_a_month_is_judged_by_the_contracts_method(audit_doc: AuditDocument) -> None:
    """
    contract NB-1  2024-01-01  proration actual_30  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2025-02-01..2025-03-01
      MRC  circuit 80/KXGS/000123  DIA-100M  258.06  2025-01-16..2025-02-01
      MRC  circuit 80/KXGS/000124  DIA-100M  266.67  2025-01-16..2025-02-01
      MRC  circuit 80/KXGS/000125  DIA-100M  500.00  2025-01-16..2025-02-01
    """
    assert audit_doc.findings == [("proration_wrong", NOTHING), ("proration_wrong", D("233.33"))]
    assert [draft.ledger for draft in audit_doc.drafts] == [Ledger.CHECK, Ledger.ERROR]
    assert audit_doc.messages[1] == (
        "Billed 500.00 for 2025-01-16 to 2025-01-31, contract NB-1 says 500.00 from 2024-01-01 a month, which makes "
        "266.67 for these days: 233.33 too much."
    )


def test_proration_may_differ_by_a_cent(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2025-02-01..2025-03-01
      MRC  circuit 80/KXGS/000123  DIA-100M  258.05  2025-01-16..2025-02-01
      MRC  circuit 80/KXGS/000124  DIA-100M  258.07  2025-01-16..2025-02-01
      MRC  circuit 80/KXGS/000125  DIA-100M  258.08  2025-01-16..2025-02-01
    """
    assert audit_doc.findings == [("proration_wrong", D("0.02"))]


def test_a_free_part_of_a_month_is_no_finding(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2025-02-01..2025-03-01
      MRC  circuit 80/KXGS/000123  DIA-100M  0.00  2025-01-16..2025-02-01
    """
    assert audit_doc.findings == []


def test_a_full_month_for_a_part_is_right_where_the_contract_does_not_prorate(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  proration none  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2025-02-01..2025-03-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00  2025-01-16..2025-02-01
    """
    assert audit_doc.findings == []


def test_taxes_fees_and_credits_have_no_price(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      TAX        51.25
      SURCHARGE  3.10
      LPC        7.50
      CREDIT     circuit 80/KXGS/000123  DIA-100M  -500.00
      MRC        circuit 80/KXGS/000123  DIA-100M  -500.00
    """
    assert audit_doc.findings == []


def test_what_a_disconnect_leaves_of_a_part_month_is_claimed_too(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    service  80/KXGS/000123  disconnected 2024-04-16
    invoice  BAN 555-0100  2024-04-01..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00  2024-04-01..2024-04-17
    """
    assert audit_doc.findings == [("billed_after_disconnect", D("31.25")), ("proration_wrong", D("218.75"))]


def test_what_a_credit_for_the_same_days_gives_back_is_not_claimed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    service  80/KXGS/000123  disconnected 2024-04-16
    invoice  BAN 555-0100  2024-04-01..2024-05-01
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      CREDIT  circuit 80/KXGS/000123  DIA-100M  -250.00  2024-04-16..2024-05-01
      MRC     circuit 80/KXGS/000124  DIA-100M  575.00
      CREDIT  circuit 80/KXGS/000124  DIA-100M  -75.00
      CREDIT  circuit 80/KXGS/000124  DIA-100M  -75.00  2024-03-01..2024-04-01
    """
    assert audit_doc.findings == [("rate_above_contract", D("75.00"))]
