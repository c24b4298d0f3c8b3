"""Accusations of a charge for what it is for: A03, A20, A21, A22, A36."""

from __future__ import annotations

from app.domain.money import D
from tests.audit.documents import AuditDocument


def test_a_charge_billed_twice_on_one_bill_is_claimed_once(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
      MRC  circuit 80.KXGS.000123  DIA-100M  500.00
    """
    assert audit_doc.findings == [("charge_billed_twice", D("500.00"))]
    assert audit_doc.drafts[0].charge_id == 102
    assert audit_doc.messages == [
        (
            "Billed 500.00 for DIA-100M (80.KXGS.000123), but an earlier charge of this bill already bills 500.00 for "
            "2024-03-01 to 2024-03-31: 31 days (2024-03-01 to 2024-03-31) billed twice, 500.00 too much."
        )
    ]


def test_a_charge_billed_on_two_accounts_is_claimed_from_the_later_bill(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  B1  BAN 555-0200  2024-03-01..2024-04-01  dated 2024-03-10
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
    """
    assert audit_doc.findings == [("charge_billed_twice", D("500.00"))]
    assert audit_doc.drafts[0].invoice_id == 1
    assert "bill A1 of another account already bills" in audit_doc.messages[0]


def test_only_the_days_in_both_periods_are_billed_twice(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  proration none  DIA-100M  MRC 620.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00  2024-03-22..2024-04-22
    """
    assert audit_doc.findings == [("charge_billed_twice", D("200.00"))]  # 620 × 10 ÷ 31


def test_the_smaller_charge_is_the_one_that_is_claimed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  proration actual_30  DIA-100M  MRC 600.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  300.00  2024-03-11..2024-03-26
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  600.00  2024-03-21..2024-04-21
    """
    assert audit_doc.findings == [("charge_billed_twice", D("100.00"))]  # 300 × 5 ÷ 15


def test_a_credit_of_the_same_amount_offsets_the_repeat(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      CREDIT  circuit 80/KXGS/000123  DIA-100M  -500.00
    """
    assert audit_doc.findings == []


def test_one_credit_offsets_one_of_two_repeats(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      MRC     circuit 80/KXGS/000123  DIA-100M  -500.00
    """
    assert audit_doc.findings == [("charge_billed_twice", D("500.00"))]


def test_a_charge_billed_three_times_is_claimed_twice(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
    """
    assert audit_doc.findings == [("charge_billed_twice", D("500.00")), ("charge_billed_twice", D("500.00"))]
    assert [draft.charge_id for draft in audit_doc.drafts] == [102, 103]


def test_two_halves_billed_before_are_both_claimed_from_the_whole(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  proration actual_30  DIA-100M  MRC 600.00
    invoice  A1  BAN 555-0100  2024-04-01..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  300.00  2024-04-01..2024-04-16
      MRC  circuit 80/KXGS/000123  DIA-100M  300.00  2024-04-16..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  600.00
    """
    assert audit_doc.findings == [("charge_billed_twice", D("300.00")), ("charge_billed_twice", D("300.00"))]
    assert {draft.charge_id for draft in audit_doc.drafts} == {103}


def test_days_billed_twice_before_are_claimed_once(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  proration actual_30  DIA-100M  MRC 600.00
    invoice  A1  BAN 555-0100  2024-04-01..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  300.00  2024-04-01..2024-04-16
      MRC  circuit 80/KXGS/000123  DIA-100M  300.00  2024-04-01..2024-04-16
      MRC  circuit 80/KXGS/000123  DIA-100M  600.00
    """
    assert audit_doc.findings == [("charge_billed_twice", D("300.00")), ("charge_billed_twice", D("300.00"))]
    assert [draft.charge_id for draft in audit_doc.drafts] == [102, 103]


def test_a_credit_without_days_offsets_on_either_bill(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  A1  BAN 555-0100  dated 2024-03-01
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00  2024-03-01..2024-04-01
      CREDIT  circuit 80/KXGS/000123  DIA-100M  -500.00
    invoice  B1  BAN 555-0200  dated 2024-03-02
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00  2024-03-01..2024-04-01
      CREDIT  circuit 80/KXGS/000124  DIA-100M  -500.00
    invoice  C1  BAN 555-0300  dated 2024-03-03
      CREDIT  circuit 80/KXGS/000125  DIA-100M  -500.00
    invoice  C2  BAN 555-0300  dated 2024-03-04
      MRC     circuit 80/KXGS/000125  DIA-100M  500.00  2024-03-01..2024-04-01
    invoice  D1  BAN 555-0400  dated 2024-03-05
      MRC     circuit 80/KXGS/000125  DIA-100M  500.00  2024-03-01..2024-04-01
    """
    assert audit_doc.findings == [("charge_billed_twice", D("500.00"))]
    assert audit_doc.drafts[0].invoice_id == 5


def test_a_credit_for_other_days_offsets_nothing(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      CREDIT  circuit 80/KXGS/000123  DIA-100M  -500.00  2024-02-01..2024-03-01
    """
    assert audit_doc.findings == [("charge_billed_twice", D("500.00"))]


def test_a_credit_of_another_code_offsets_nothing(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      CREDIT  circuit 80/KXGS/000123  PROMO  -500.00
    """
    assert audit_doc.findings == [("charge_billed_twice", D("500.00"))]


def test_a_service_that_moved_between_accounts_is_credited_on_the_old_one(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
      CREDIT  circuit 80/KXGS/000123  DIA-100M  -500.00
    invoice  B1  BAN 555-0200  2024-03-01..2024-04-01
      MRC     circuit 80/KXGS/000123  DIA-100M  500.00
    """
    assert audit_doc.findings == []


def test_a_price_changed_in_a_month_billed_in_advance_is_credited_and_billed_anew(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  DIA-100M  MRC  500.00  until 2024-03-16
      price  DIA-100M  MRC  700.00  since 2024-03-16
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01
      MRC  circuit 80/KXGS/000123  DIA-100M  -258.06  2024-03-16..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  361.29  2024-03-16..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  700.00
    """
    assert audit_doc.findings == []


def test_another_code_on_the_same_service_is_another_charge(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  PORT  MRC  300.00
      price  LOOP  MRC  300.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  PORT  300.00
      MRC  circuit 80/KXGS/000123  LOOP  300.00
    """
    assert audit_doc.findings == []


def test_where_no_code_is_printed_the_description_tells_charges_apart(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 300.00
    service  80/KXGS/000123  DIA-100M
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  300.00  "Port 100 Mbit/s"
      MRC  circuit 80/KXGS/000123  300.00  "Access loop"
      MRC  circuit 80/KXGS/000123  300.00  "Access  Loop"
    """
    assert audit_doc.findings == [("charge_billed_twice", D("300.00"))]
    assert audit_doc.drafts[0].charge_id == 103


def test_account_level_charges_without_a_service_are_not_compared(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  SUPPORT  MRC 20.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  SUPPORT  20.00
      MRC  SUPPORT  20.00
    """
    assert audit_doc.findings == []


def test_usage_of_one_number_may_be_billed_in_several_charges(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE  USAGE  0.05  per_minute 60/60
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  5.00  minutes 100
      USAGE  circuit 15550100200  VOICE  5.00  minutes 100
    """
    assert audit_doc.findings == []


def test_a_charge_for_a_service_that_is_not_in_the_inventory_is_claimed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    service  80/KXGS/000123  DIA-100M
    unknown  80/KXGS/000999
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000999  DIA-100M  500.00
    """
    assert audit_doc.findings == [("service_unknown", D("500.00"))]
    assert audit_doc.messages == ["Billed 500.00 for 80/KXGS/000999, which is not in the inventory."]


def test_an_unknown_service_is_not_accused_of_having_no_price_too(audit_doc: AuditDocument) -> None:
    """
    service  80/KXGS/000123  DIA-100M
    unknown  80/KXGS/000999
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      NRC  circuit 80/KXGS/000999  INSTALL  750.00
    """
    assert audit_doc.findings == [("service_unknown", D("750.00"))]


def test_nothing_is_claimed_while_the_inventory_of_the_carrier_is_empty(audit_doc: AuditDocument) -> None:
    """
    unknown  80/KXGS/000999
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000999  DIA-100M  500.00
    """
    assert audit_doc.findings == [("service_unknown", D("0"))]
    assert "the inventory has no service of" in audit_doc.messages[0]


def test_a_credit_or_nothing_for_an_unknown_service_is_not_claimed(audit_doc: AuditDocument) -> None:
    """
    unknown  80/KXGS/000999
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000999  DIA-100M  -500.00
      MRC  circuit 80/KXGS/000999  DIA-100M  0.00
    """
    assert audit_doc.findings == []


def test_a_charge_after_disconnect_is_claimed_in_part(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  disconnected 2024-03-22
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    """
    assert audit_doc.findings == [("billed_after_disconnect", D("200.00"))]  # 22 to 31 March: 10 of 31 days
    assert audit_doc.messages == [
        (
            "Billed 620.00 for 2024-03-01 to 2024-03-31, but 80/KXGS/000123 was disconnected on 2024-03-22: 10 days "
            "of 31 too many, 200.00 too much."
        )
    ]


def test_a_contract_may_bill_the_day_of_the_disconnect(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  disconnect_day_billed  DIA-100M  MRC 620.00
    service  80/KXGS/000123  disconnected 2024-03-22
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    """
    assert audit_doc.findings == [("billed_after_disconnect", D("180.00"))]


def test_a_charge_long_after_disconnect_is_claimed_whole(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  disconnected 2024-01-15
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    """
    assert audit_doc.findings == [("billed_after_disconnect", D("620.00"))]


def test_a_charge_up_to_the_disconnect_is_right(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  disconnected 2024-04-01
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    """
    assert audit_doc.findings == []


def test_usage_and_one_time_charges_may_follow_a_disconnect(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01
      price  VOICE   USAGE  0.05  per_minute 60/60
      price  DEINST  NRC    90.00
    service  15550100200  disconnected 2024-02-20  installed 2024-01-01
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      USAGE  circuit 15550100200  VOICE  5.00  minutes 100  2024-02-01..2024-03-01
      NRC    circuit 15550100200  DEINST  90.00  2024-03-01..2024-03-02
    """
    assert audit_doc.findings == []


def test_a_charge_before_the_install_is_claimed_in_part(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  installed 2024-03-11
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    """
    assert audit_doc.findings == [("billed_before_install", D("200.00"))]
    assert "installed on 2024-03-11: 10 days of 31 too many" in audit_doc.messages[0]


def test_one_time_charges_may_come_before_the_install(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  INSTALL  NRC 750.00
    service  80/KXGS/000123  installed 2024-03-11
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      NRC  circuit 80/KXGS/000123  INSTALL  750.00  2024-03-01..2024-03-02
    """
    assert audit_doc.findings == []


def test_the_day_of_the_install_may_be_billed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  installed 2024-03-01
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    """
    assert audit_doc.findings == []


def test_a_service_that_came_and_went_within_the_period_is_claimed_on_both_sides(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  installed 2024-03-11  disconnected 2024-03-22
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    """
    assert audit_doc.findings == [("billed_after_disconnect", D("200.00")), ("billed_before_install", D("200.00"))]


def test_a_one_time_charge_on_a_later_bill_is_a_repeat(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  INSTALL  NRC 750.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      NRC  circuit 80/KXGS/000123  INSTALL  750.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01
      NRC  circuit 80/KXGS/000123  INSTALL  750.00
    """
    assert audit_doc.findings == [("one_time_charge_repeated", D("750.00"))]
    assert audit_doc.messages == [
        "Billed 750.00 for INSTALL (80/KXGS/000123), for which 750.00 were billed before, on bill A1."
    ]


def test_a_waived_one_time_charge_is_claimed(audit_doc: AuditDocument) -> None:
    """
    contract NB-2024-17  2024-01-01
      price  INSTALL  NRC  750.00  waived  clause 4.2
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      NRC  circuit 80/KXGS/000123  INSTALL  750.00
    """
    assert audit_doc.findings == [("one_time_charge_repeated", D("750.00"))]
    assert audit_doc.messages == [
        "Billed 750.00 for INSTALL (80/KXGS/000123), contract NB-2024-17 clause 4.2 waives it from 2024-01-01."
    ]


def test_the_same_one_time_charge_of_another_service_is_no_repeat(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  INSTALL  NRC 750.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      NRC  circuit 80/KXGS/000123  INSTALL  750.00
      NRC  circuit 80/KXGS/000124  INSTALL  750.00
    """
    assert audit_doc.findings == []


def test_a_one_time_charge_that_was_credited_may_be_billed_again(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  INSTALL  NRC 750.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      NRC     circuit 80/KXGS/000123  INSTALL  750.00
      CREDIT  circuit 80/KXGS/000123  INSTALL  -750.00
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01
      NRC     circuit 80/KXGS/000123  INSTALL  750.00
    invoice  A3  BAN 555-0100  2024-05-01..2024-06-01
      NRC     circuit 80/KXGS/000123  INSTALL  750.00
    """
    assert audit_doc.findings == [("one_time_charge_repeated", D("750.00"))]
    assert audit_doc.drafts[0].invoice_id == 3


def test_account_level_one_time_charges_repeat_only_with_their_description(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  ADMIN  NRC 40.00
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      NRC  ADMIN  40.00  "Record change, order 7001"
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01
      NRC  ADMIN  40.00  "Record change, order 7002"
      NRC  ADMIN  40.00  "Record change, order 7001"
    invoice  B2  BAN 555-0200  2024-04-01..2024-05-01
      NRC  ADMIN  40.00  "Record change, order 7001"
    """
    assert audit_doc.findings == [("one_time_charge_repeated", D("40.00"))]
    assert audit_doc.drafts[0].charge_id == 103


def test_a_one_time_charge_of_zero_was_not_billed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  INSTALL  NRC 750.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      NRC  circuit 80/KXGS/000123  INSTALL  0.00
      NRC  circuit 80/KXGS/000123  INSTALL  750.00
    """
    assert audit_doc.findings == []
