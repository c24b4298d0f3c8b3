"""Accusations of a bill as a whole: A01, A02, A04, A05."""

from __future__ import annotations

from app.domain.money import D
from app.domain.vocabulary import Ledger
from tests.audit.documents import AuditDocument

NOTHING = D("0.00")


def test_a_total_above_the_sum_is_claimed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01  total 560.00
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
      TAX  51.25
    """
    assert audit_doc.findings == [("does_not_foot", D("8.75"))]
    assert audit_doc.messages == [
        "Total due is 560.00, but the 2 charges, previous balance and payments add up to 551.25: 8.75 too much."
    ]


def test_a_total_below_the_sum_is_only_pointed_out(audit_doc: AuditDocument) -> None:
    """
    invoice  BAN 555-0100  2024-03-01..2024-04-01  total 50.00
      TAX  51.25
    """
    assert audit_doc.findings == [("does_not_foot", NOTHING)]
    assert audit_doc.drafts[0].ledger is Ledger.CHECK


def test_a_bill_that_foots_to_the_cent_is_not_accused(audit_doc: AuditDocument) -> None:
    """
    invoice  BAN 555-0100  2024-03-01..2024-04-01  total 51.26
      TAX  51.25
    """
    assert audit_doc.findings == []


def test_footing_counts_rounding_balance_and_payments(audit_doc: AuditDocument) -> None:
    """
    invoice  BAN 555-0100  2024-03-01..2024-04-01  previous 100.00  payments -90.00  rounding -0.01  total 97.39
      TAX     80.40
      CREDIT  -3.00
      FEE     10.00
    """
    assert audit_doc.findings == []


def test_the_same_number_again_is_the_same_bill(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  00-4711  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
    invoice  4711  BAN 555-0100  2024-04-01..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
    """
    assert audit_doc.findings == [("invoice_billed_twice", D("500.00"))]
    assert audit_doc.messages == [
        "Bill 4711 of 2024-04-01 has the same number as bill 00-4711 of 2024-03-01: its 500.00 are billed twice."
    ]


def test_a_repeated_bill_is_claimed_whole_and_not_charge_by_charge(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
      TAX  50.00
    invoice  A2  BAN 555-0100  2024-03-01..2024-04-01  dated 2024-03-05
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
      TAX  50.01
    """
    assert audit_doc.findings == [("invoice_billed_twice", D("550.01"))]


def test_another_amount_for_the_same_period_is_another_bill(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  50.00
    invoice  A2  BAN 555-0100  2024-03-01..2024-04-01
      FEE  50.02
    """
    assert audit_doc.findings == []


def test_the_same_amount_every_month_is_no_repeat(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
    """
    assert audit_doc.findings == []


def test_two_accounts_may_have_bills_of_one_amount(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  50.00
    invoice  A2  BAN 555-0200  2024-03-01..2024-04-01
      FEE  50.00
    """
    assert audit_doc.findings == []


def test_bills_without_a_period_are_compared_by_their_date(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  dated 2024-03-05
      FEE  50.00
    invoice  A2  BAN 555-0100  dated 2024-04-05
      FEE  50.00
    invoice  A3  BAN 555-0100  dated 2024-04-05
      FEE  50.00
    """
    assert audit_doc.findings == [("invoice_billed_twice", D("50.00"))]


def test_a_credit_note_repeats_nothing(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      CREDIT  -50.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      CREDIT  -50.00
    """
    assert audit_doc.findings == []


def test_a_credit_note_may_bear_the_number_of_its_bill(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE     50.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      CREDIT  -50.00
    """
    assert audit_doc.findings == []


def test_a_bill_that_has_not_come_is_missed_after_its_grace_days(audit_doc: AuditDocument) -> None:
    """
    account  555-0100  bill_day 1  grace 3
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      FEE  50.00
    today    2024-04-05
    """
    assert audit_doc.findings == [("bill_missing", NOTHING)]
    assert audit_doc.drafts[0].key == "2024-04-01"
    assert audit_doc.messages == [
        (
            "Northbeam Communications account 555-0100: a bill was expected on 2024-04-01, after bill INV-1 of "
            "2024-03-01; it is 4 days late."
        )
    ]


def test_a_bill_is_not_missed_on_the_last_grace_day(audit_doc: AuditDocument) -> None:
    """
    account  555-0100  bill_day 1  grace 3
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      FEE  50.00
    today    2024-04-04
    """
    assert audit_doc.findings == []


def test_the_next_bill_is_expected_on_the_bill_day_nearest_to_a_month_later(audit_doc: AuditDocument) -> None:
    """
    account  555-0100  bill_day 1
    account  555-0200  bill_day 28
    account  555-0300
    invoice  BAN 555-0100  dated 2024-03-30
      FEE  50.00
    invoice  BAN 555-0200  dated 2024-04-01
      FEE  50.00
    invoice  BAN 555-0300  dated 2024-01-31
      FEE  50.00
    invoice  BAN 555-0300  dated 2024-02-29
      FEE  50.00
    today    2024-05-02
    """
    assert [draft.key for draft in audit_doc.drafts] == ["2024-04-28", "2024-03-31", "2024-04-30"]


def test_every_month_without_a_bill_is_missed_between_two_bills_and_after_the_last(audit_doc: AuditDocument) -> None:
    """
    account  555-0100  bill_day 5
    invoice  BAN 555-0100  dated 2024-01-05  2024-01-01..2024-02-01
      FEE  50.00
    invoice  BAN 555-0100  dated 2024-04-07  2024-04-01..2024-05-01
      FEE  50.00
    today    2024-06-30
    """
    assert [draft.key for draft in audit_doc.drafts] == ["2024-02-05", "2024-03-05", "2024-05-05", "2024-06-05"]


def test_an_account_that_bills_by_the_quarter_misses_no_month_between(audit_doc: AuditDocument) -> None:
    """
    account  555-0100  bill_day 1
    account  555-0200  bill_day 1
    invoice  BAN 555-0100  2024-01-01..2024-04-01
      FEE  50.00
    invoice  BAN 555-0200  dated 2023-04-01
      FEE  50.00
    invoice  BAN 555-0200  dated 2023-07-01
      FEE  50.00
    invoice  BAN 555-0200  dated 2023-10-01
      FEE  50.00
    invoice  BAN 555-0200  dated 2024-01-01
      FEE  50.00
    today    2024-04-05
    """
    assert [draft.key for draft in audit_doc.drafts] == ["2024-04-01", "2024-04-01"]


def test_an_account_that_has_been_silent_for_a_year_is_not_missed_for_ever(audit_doc: AuditDocument) -> None:
    """
    account  555-0100  bill_day 1
    invoice  BAN 555-0100  2020-03-01..2020-04-01
      FEE  50.00
    today    2024-06-30
    """
    assert len(audit_doc.drafts) == 12


def test_an_account_without_bills_misses_none(audit_doc: AuditDocument) -> None:
    """
    account  555-0100  bill_day 1
    today    2024-06-30
    """
    assert audit_doc.findings == []


def test_a_payment_that_was_not_posted_is_claimed(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 500.00
      FEE  500.00
    payment  500.00 on 2024-03-20 for A1
    """
    assert audit_doc.findings == [("balance_forward_wrong", D("500.00"))]
    assert audit_doc.messages == [
        (
            "Balance brought forward is 500.00, but bill A1 and our payments leave 0.00: 500.00 too much "
            "(payment not posted)."
        )
    ]


def test_a_payment_posted_in_part_is_misapplied(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 500.00  payments -420.00
      FEE  510.00
    payment  500.00 on 2024-03-20 for A1
    """
    assert audit_doc.findings == [("balance_forward_wrong", D("80.00"))]
    assert "(payment misapplied)" in audit_doc.messages[0]


def test_a_balance_that_the_last_bill_did_not_have_is_an_adjustment(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 525.00  payments -500.00
      FEE  510.00
    """
    assert audit_doc.findings == [("balance_forward_wrong", D("25.00"))]
    assert "(carrier adjustment)" in audit_doc.messages[0]


def test_a_disputed_amount_that_is_carried_again_is_named(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 575.00  payments -425.00
      FEE  510.00
    payment  425.00 on 2024-03-20 for A1
    withheld 75.00 on A1
    """
    assert audit_doc.findings == [("balance_forward_wrong", D("75.00"))]
    assert "(disputed amount carried)" in audit_doc.messages[0]


def test_what_we_withheld_may_be_carried_forward(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 500.00  payments -425.00
      FEE  510.00
    payment  425.00 on 2024-03-20 for A1
    withheld 75.00 on A1
    """
    assert audit_doc.findings == []


def test_a_carrier_may_show_the_balance_after_payments(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 75.00
      FEE  510.00
    payment  425.00 on 2024-03-20 for A1
    """
    assert audit_doc.findings == []


def test_a_lower_balance_is_only_pointed_out(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 450.00  payments -450.00
      FEE  510.00
    """
    assert audit_doc.findings == [("balance_forward_wrong", NOTHING)]
    assert audit_doc.drafts[0].ledger is Ledger.CHECK


def test_a_payment_made_on_the_bill_date_is_for_the_bill_after(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 500.00
      FEE  510.00
    payment  500.00 on 2024-04-01 for A1
    """
    assert audit_doc.findings == []


def test_without_a_payment_known_only_the_balances_are_compared(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 500.00  payments -480.00
      FEE  510.00
    """
    assert audit_doc.findings == []


def test_a_balance_is_not_judged_after_a_gap_in_the_bills(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A3  BAN 555-0100  2024-05-01..2024-06-01  previous 510.00
      FEE  520.00
    invoice  B1  BAN 555-0200  dated 2024-03-01
      FEE  500.00
    invoice  B3  BAN 555-0200  dated 2024-05-01  previous 510.00
      FEE  520.00
    """
    assert audit_doc.findings == []


def test_a_bill_that_carries_no_balance_is_not_judged_by_it(audit_doc: AuditDocument) -> None:
    """
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      FEE  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01
      FEE  510.00
    """
    assert audit_doc.findings == []
