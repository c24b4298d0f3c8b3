"""No money is claimed twice, and better explanations go first."""

from __future__ import annotations

from app.domain.money import D
from tests.audit.documents import AuditDocument

NOTHING = D("0.00")


def test_a_repeat_at_a_higher_price_is_claimed_whole_by_both(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  500.00
      MRC  circuit 80/KXGS/000123  DIA-100M  575.00
    """
    assert audit_doc.findings == [("charge_billed_twice", D("500.00")), ("rate_above_contract", D("75.00"))]


def test_two_repeats_at_a_higher_price_leave_no_price_to_claim(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 500.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  575.00
      MRC  circuit 80/KXGS/000123  DIA-100M  575.00
    """
    assert audit_doc.findings == [("rate_above_contract", D("75.00")), ("charge_billed_twice", D("575.00"))]


def test_too_high_a_price_is_claimed_only_for_days_that_are_owed(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 310.00
    service  80/KXGS/000123  disconnected 2024-03-22
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    """
    # 21 days are owed at 310 a month: 210. Of 620 that leaves 410, of which the days after disconnect are 200.
    assert audit_doc.findings == [("billed_after_disconnect", D("200.00")), ("rate_above_contract", D("210.00"))]
    assert audit_doc.messages[1].endswith(
        "310.00 too much. 200.00 of the charge is already claimed by A21; 210.00 is left to claim."
    )


def test_a_repeat_after_disconnect_is_claimed_once(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  disconnected 2024-03-01
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
    """
    assert audit_doc.findings == [("billed_after_disconnect", D("620.00")), ("charge_billed_twice", D("620.00"))]


def test_days_billed_twice_and_after_disconnect_are_claimed_once(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  proration none
      price  DIA-100M  MRC  620.00
    service  80/KXGS/000123  disconnected 2024-03-27
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00  2024-02-22..2024-03-22
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00  2024-03-17..2024-04-17
    """
    # the first 5 of the later charge's 31 days are billed twice (620 × 5 ÷ 31), the last 21 come after disconnect
    assert audit_doc.findings == [("charge_billed_twice", D("100.00")), ("billed_after_disconnect", D("420.00"))]


def test_the_same_days_are_not_claimed_by_two_rules(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  proration none  DIA-100M  MRC 620.00
    service  80/KXGS/000123  disconnected 2024-03-19
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00  2024-02-24..2024-03-24
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00  2024-03-17..2024-04-17
    """
    first, second, third = audit_doc.findings
    assert first == ("billed_after_disconnect", D("106.90"))  # the earlier charge: 620 × 5 ÷ 29
    assert second == ("charge_billed_twice", D("140.00"))  # 17 to 23 March: 7 of 31 days
    # 29 of 31 days come after disconnect, 5 of them are among the 7: 24 days are left
    assert third == ("billed_after_disconnect", D("480.00"))


def test_days_that_were_claimed_as_a_smaller_repeat_are_not_claimed_again(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  disconnected 2024-03-19
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  290.00  2024-02-24..2024-03-24
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00  2024-03-17..2024-04-17
    """
    assert audit_doc.findings == [
        ("billed_after_disconnect", D("50.00")),  # 290 × 5 ÷ 29
        ("charge_billed_twice", D("70.00")),  # 290 × 7 ÷ 29
        ("billed_after_disconnect", D("480.00")),  # 620 × 24 ÷ 31, although 550 are not claimed yet
    ]


def test_after_a_disconnect_proration_leaves_the_right_amount_of_the_right_days(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  disconnected 2024-03-11
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00  2024-03-01..2024-03-21
    """
    # 620.00 × 10 ÷ 31 = 200.00 are owed
    assert audit_doc.findings == [("billed_after_disconnect", D("310.00")), ("proration_wrong", D("110.00"))]


def test_a_charge_that_the_disconnect_explains_gets_no_remark_on_its_proration(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  DIA-100M  MRC 620.00
    service  80/KXGS/000123  disconnected 2024-03-11
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  200.00  2024-03-01..2024-03-21
    """
    assert audit_doc.findings == [("billed_after_disconnect", D("100.00"))]


def test_a_repeated_one_time_charge_is_not_accused_of_its_price_too(audit_doc: AuditDocument) -> None:
    """
    contract 2024-01-01  INSTALL  NRC 750.00
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      NRC  circuit 80/KXGS/000123  INSTALL  750.00
      NRC  circuit 80/KXGS/000123  INSTALL  900.00
    """
    assert audit_doc.findings == [("one_time_charge_repeated", D("900.00"))]


def test_a_charge_claimed_whole_needs_no_price(audit_doc: AuditDocument) -> None:
    """
    service  80/KXGS/000123  disconnected 2024-02-01
    service  80/KXGS/000124  disconnected 2024-03-22
    invoice  BAN 555-0100  2024-03-01..2024-04-01
      MRC  circuit 80/KXGS/000123  DIA-100M  620.00
      MRC  circuit 80/KXGS/000124  DIA-100M  620.00
    """
    assert audit_doc.findings == [
        ("billed_after_disconnect", D("620.00")),
        ("billed_after_disconnect", D("200.00")),
        ("no_contract_price", NOTHING),
    ]


def test_a_right_bill_has_no_finding(audit_doc: AuditDocument) -> None:
    """
    contract NB-2024-17  2024-01-01..2027-01-01
      price  DIA-100M  MRC    500.00  clause 4.2
      price  INSTALL   NRC    750.00
      price  VOICE     USAGE  0.02  per_minute 6/6
    service  80/KXGS/000123  DIA-100M  installed 2024-02-15
    account  555-0100  bill_day 1
    invoice  A1  BAN 555-0100  2024-03-01..2024-04-01
      MRC    circuit 80/KXGS/000123  DIA-100M  258.62  2024-02-15..2024-03-01
      MRC    circuit 80/KXGS/000123  DIA-100M  500.00
      NRC    circuit 80/KXGS/000123  INSTALL   750.00
      TAX    41.10
    invoice  A2  BAN 555-0100  2024-04-01..2024-05-01  previous 1549.72  payments -1549.72
      MRC    circuit 80/KXGS/000123  DIA-100M  500.00
      USAGE  circuit 15550100200     VOICE     22.00  minutes 1100  2024-03-01..2024-04-01
      TAX    14.10
    payment  1549.72 on 2024-03-28 for A1
    calls    15550100200  2024-03-01..2024-04-01  1000x61s
    today    2024-05-02
    """
    assert audit_doc.findings == []
