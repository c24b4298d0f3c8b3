"""The set 811: which amounts are charges, what they are for, whether the bill foots."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.money import D
from app.domain.parsed import ParsedCharge
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from tests.importers.edi_files import HEAD, ONE_LINE, PROFILE, bill, codes, issue, only, read, x12
from tools.make_811 import CARRIER, Expected, Marks, make


def amounts(*segments: str, **kwargs: Any) -> list[Decimal]:
    """The amounts of the charges of a bill of these segments."""
    return [charge.amount for charge in only(read(bill(*segments, **kwargs))).charges]


def as_expected(charge: ParsedCharge) -> Expected:
    return Expected(
        charge.amount, charge.charge_type, charge.description, charge.quantity, charge.unit_price, charge.tn,
        charge.circuit_id, charge.location, charge.period,
    )  # fmt: skip


marks = st.sampled_from(
    [
        Marks(),
        Marks("|", ">", "^", ""),
        Marks("*", ":", "\n", ""),
        Marks("+", ";", "\x15", "\r\n"),
        Marks("\x1d", "<", "!", "  "),
    ]
)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6), sites=st.integers(1, 3), services=st.integers(0, 5), calls=st.integers(0, 4), used=marks
)
def test_a_made_bill_reads_back_as_it_was_made(seed: int, sites: int, services: int, calls: int, used: Marks) -> None:
    made = make(seed, sites, services, calls)
    document = read(made.text(used))
    invoice = only(document)
    assert Counter(map(as_expected, invoice.charges)) == Counter(made.expected)
    assert (invoice.current_charges, invoice.carrier, invoice.ban) == (made.total, CARRIER, "406-555-0100-811")
    assert (invoice.previous_balance, invoice.payments_applied) == (made.previous, -made.paid)
    assert invoice.total_due == made.previous - made.paid + made.total
    assert invoice.due_date == date(2026, 10, 30)
    assert invoice.billing_period == Period(date(2026, 9, 1), date(2026, 10, 1))
    assert {one.severity for one in document.issues} <= {Severity.INFO}


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_the_order_of_the_levels_does_not_change_the_charges(seed: int, data: st.DataObject) -> None:
    made = make(seed, 2, 4, 2)
    order = data.draw(st.permutations(range(len(made.blocks))))
    invoice = only(read(made.text(order=order)))
    assert Counter(map(as_expected, invoice.charges)) == Counter(made.expected)
    assert invoice.total_due == made.previous - made.paid + made.total


def test_what_is_left_out_is_told_with_its_sum() -> None:
    made = make(5, 3, 6, 4)
    told = [one.message for one in read(made.text()).issues if one.code in {"amounts-included", "amounts-supporting"}]
    sums = [Decimal(one.split(" in all")[0].rsplit(" ", 1)[1].replace(",", "")) for one in told]
    assert made.left_out > 0
    assert sum(sums) == made.left_out


def test_a_line_is_quantity_times_price_rounded_to_cents() -> None:
    invoice = only(read(bill(*ONE_LINE, total="2001")))
    (charge,) = invoice.charges
    assert (charge.amount, charge.quantity, charge.unit_price) == (D("20.01"), D("2"), D("10.005"))
    assert (charge.charge_type, charge.description, charge.unit) == (ChargeType.MRC, "ACCESS", "EA")
    assert charge.source.path == "segment 9, IT1*04"


def test_a_difference_that_the_rounding_of_lines_explains_is_kept_as_rounding() -> None:
    document = read(bill("HL*1**8*0", *["IT1**1*EA*1.005"] * 3, total="302"))
    assert only(document).rounding == D("-0.01")
    assert "rounding-explained" in codes(document)
    assert "does-not-foot" not in codes(document)


def test_a_difference_that_rounding_does_not_explain_is_told() -> None:
    document = read(bill("HL*1**8*0", "IT1**1*EA*1.00", total="101"))
    assert issue(document, "does-not-foot").severity is Severity.WARNING
    assert only(document).rounding == 0


@pytest.mark.parametrize(
    ("line", "counted"),
    [
        ("SLN*2**A*1*EA*5**A", True),
        ("SLN*2**I*1*EA*5**I", False),
        ("SLN*2**I*1*EA*5", False),
        ("SLN*2**A*1*EA*5**O", False),
    ],
)
def test_a_sub_line_counts_only_if_it_adds(line: str, counted: bool) -> None:
    assert amounts(*ONE_LINE, line) == [D("20.01")] + [D("5.00")] * counted


@pytest.mark.parametrize("line", ["SLN*2**A*1*EA*5", "SLN*2**A*1*EA*5**S", "USD*D*****1**5.00"])
def test_an_amount_of_which_nothing_says_whether_it_adds_is_told_and_left_out(line: str) -> None:
    document = read(bill(*ONE_LINE, line))
    assert [one.amount for one in only(document).charges] == [D("20.01")]
    found = issue(document, "amounts-unclear")
    assert (found.severity, "5.00" in found.message) == (Severity.WARNING, True)


def test_a_tax_of_an_included_sub_line_is_included_as_well() -> None:
    assert amounts(*ONE_LINE, "SLN*2**I*1*EA*5**I", "TXI*ST*0.40", "ITA*C***06***100") == [D("20.01")]


def test_a_tax_that_says_it_is_included_is_not_charged_again() -> None:
    assert amounts(*ONE_LINE, "TXI*ST*0.40*****I", "TXI*ST*0.30") == [D("20.01"), D("0.30")]


def test_a_sub_line_takes_section_and_circuit_from_the_line_it_names() -> None:
    invoice = only(
        read(
            bill(
                "HL*1**8*0",
                *("IT1*1*1*EA*1**SV*0200", "SI*TI*CN*AA/1"),
                *("IT1*2*1*EA*2**SV*0400", "SI*TI*CN*BB/2"),
                "SLN*9*1*A*1*EA*3**A",
            )
        )
    )
    last = invoice.charges[-1]
    assert (last.circuit_id, last.charge_type) == ("AA/1", ChargeType.MRC)


CALL = "TCD*1*20260902*1015*TN*3125550100*IL*TN*4065550100*MT*2.5**1.20"


def test_calls_are_charges_where_nothing_sums_them() -> None:
    (charge,) = only(read(bill("HL*1**8*0", CALL))).charges
    assert (charge.amount, charge.charge_type) == (D("1.20"), ChargeType.USAGE)
    assert (charge.quantity, charge.unit) == (D("2.5"), "MIN")
    assert charge.description == "Call 2026-09-02 10:15 to 3125550100 IL"


@pytest.mark.parametrize(
    "levels",
    [
        (*ONE_LINE, CALL),
        (*ONE_LINE, "HL*2*1*9*0", CALL),
        (*ONE_LINE, "HL*2*1*7*0", CALL),
        ("HL*2*1*9*0", CALL, *ONE_LINE),
    ],
    ids=["same level", "detail", "below", "before"],
)
def test_calls_whose_sum_is_a_charge_are_detail(levels: tuple[str, ...]) -> None:
    document = read(bill(*levels))
    assert [one.amount for one in only(document).charges] == [D("20.01")]
    assert "1.20" in " ".join(one.message for one in document.issues)


def test_calls_that_say_that_they_add_are_charges_beside_a_line() -> None:
    assert amounts(*ONE_LINE, f"{CALL}****A") == [D("20.01"), D("1.20")]


def test_lines_of_supporting_detail_are_no_charges() -> None:
    assert amounts(*ONE_LINE, "HL*2*1*9*0", "IT1*2*1*EA*7", "TXI*ST*1.00", "ITA*C***06***100") == [D("20.01")]


def test_the_net_amount_of_a_call_counts_and_a_second_pair_is_told() -> None:
    document = read(bill("HL*1**8*0", f"{CALL}*1.00*9.00*8.00"))
    assert [one.amount for one in only(document).charges] == [D("1.00")]
    assert len([one for one in document.issues if one.code == "amounts-inform"]) == 2


def test_the_amount_of_usage_wins_over_its_price() -> None:
    assert amounts("HL*1**8*0", "USD*A**0.05**MJ*100**4.50", "USD*A**0.05**MJ*100") == [D("4.50"), D("5.00")]


def test_a_discount_of_usage_is_told() -> None:
    assert "USD*09" in issue(read(bill("HL*1**8*0", "USD*A**0.05**MJ*100**4.50*50")), "amounts-inform").message


def test_an_allowance_is_a_credit_and_a_charge_is_none() -> None:
    charges = only(read(bill(*ONE_LINE, "ITA*A***06***250******Discount", "ITA*C***06***125"))).charges
    assert [one.amount for one in charges] == [D("20.01"), D("-2.50"), D("1.25")]
    assert charges[1].charge_type is ChargeType.CREDIT


def test_an_allowance_with_a_minus_sign_is_told() -> None:
    document = read(bill(*ONE_LINE, "ITA*A***06***-250"))
    assert only(document).charges[1].amount == D("2.50")
    assert issue(document, "signed-allowance").severity is Severity.WARNING


def test_allowances_for_information_and_unread_segments_with_money_are_told() -> None:
    document = read(bill(*ONE_LINE, "ITA*N***06***300", "ITA*C***15***400", "AMT*TT*99", "XYZ*1"))
    assert [one.amount for one in only(document).charges] == [D("20.01")]
    told = " ".join(one.message for one in document.issues)
    assert all(words in told for words in ("3.00", "4.00", "AMT*TT (total) of 99.00", "segments XYZ"))


def test_taxes_below_the_detail_that_repeat_it_count_once() -> None:
    lines = (*ONE_LINE, "TXI*ST*0.40", "IT1**1*EA*1", "TXI*ST*0.60")
    document = read(bill(*lines, "TDS*2201", "TXI*ST*1.00"))
    assert only(document).current_charges == D("22.01") == sum(one.amount for one in only(document).charges)
    assert "amounts-repeat" in codes(document)


def test_taxes_below_the_detail_that_add_to_it_count() -> None:
    document = read(bill(*ONE_LINE, "TXI*ST*1.00", "TDS*2201", "TXI*ST*1.00"))
    assert sum(one.amount for one in only(document).charges) == D("22.01")
    assert "amounts-repeat" not in codes(document)


def test_services_places_and_periods_are_handed_down_from_the_levels_above() -> None:
    invoice = only(
        read(
            bill(
                *("HL*1**4*1", "LX*1", "DTM*150*20260901", "DTM*151*20260930"),
                *("NM1*77*2*PLANT*****92*S-9", "N3*1 ROAD", "HL*2*1*8*0", "LX*1", "SI*TI*CN*DH/1*TN*4065550111"),
                "IT1*1*1*EA*5",
                *("IT1*2*1*EA*6", "SI*TI*CN*DH/2", "DTM*150*20260910", "DTM*151*20260919"),
            )
        )
    )
    first, second = invoice.charges
    assert (first.circuit_id, first.tn, first.location) == ("DH/1", "4065550111", "S-9")
    assert first.period == Period(date(2026, 9, 1), date(2026, 10, 1))
    assert (second.circuit_id, second.tn, second.location) == ("DH/2", "", "S-9")
    assert second.period == Period(date(2026, 9, 10), date(2026, 9, 20))


def test_a_period_may_be_written_as_a_range() -> None:
    (charge,) = only(read(bill("HL*1**8*0", "IT1*1*1*EA*5", "DTM*150****RD8*20260901-20260930"))).charges
    assert charge.period == Period(date(2026, 9, 1), date(2026, 10, 1))


def test_a_period_that_ends_before_it_begins_is_told_and_left_out() -> None:
    document = read(bill("HL*1**8*0", "IT1*1*1*EA*5", "DTM*150*20260930", "DTM*151*20260901"))
    assert only(document).charges[0].period is None
    assert issue(document, "bad-period").source.path == "segment 9, IT1"


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        (("HL*1*2*8*0", "HL*2*1*8*0"), "hl-cycle"),
        (("HL*1*1*8*0",), "hl-cycle"),
        (("HL*1*7*8*0",), "hl-orphan"),
        (("HL*1**8*0", "HL*1**8*0"), "hl-repeated"),
        (("HL***8*0",), "hl-repeated"),
        (("HL*1**4*1", *(f"HL*{n}*{n - 1}*4*1" for n in range(2, 70))), "hl-too-deep"),
    ],
)
def test_levels_that_make_no_tree_keep_the_bill_out(levels: tuple[str, ...], code: str) -> None:
    document = read(bill(*levels))
    assert issue(document, code).severity is Severity.ERROR
    assert issue(document, code).source.path.startswith("segment ")
    assert document.invoices == ()


def test_balances_make_what_is_due() -> None:
    summary = ("TDS*2001", "BAL*P*PB*100", "BAL*M*C4*60", "BAL*M*BM*-5", "BAL*M*TT*55.01")
    document = read(bill(*ONE_LINE, *summary))
    invoice = only(document)
    assert (invoice.previous_balance, invoice.payments_applied, invoice.total_due) == (100, -65, D("55.01"))
    assert "does-not-foot" not in codes(document)
    assert "adjustments-applied" in codes(document)


def test_balances_that_do_not_add_up_are_told() -> None:
    document = read(bill(*ONE_LINE, "TDS*2001", "BAL*P*PB*100", "BAL*M*TT*20.01"))
    assert "previous balance" in issue(document, "does-not-foot").message


def test_what_was_billed_this_month_is_not_taken_for_what_is_due() -> None:
    invoice = only(read(bill(*ONE_LINE, "TDS*2001", "BAL*P*PB*100", "BAL*M*PB*20.01")))
    assert invoice.total_due == D("120.01")


@pytest.mark.parametrize("kind", ["CM", "ME"])
def test_a_memo_beside_a_bill_is_told_and_not_posted(kind: str) -> None:
    memo = (f"BIG*20260930*MEMO-1*****{kind}*00", *HEAD[1:], *ONE_LINE, "TDS*2001")
    document = read(x12((*HEAD, *ONE_LINE, "TDS*2001"), memo))
    assert only(document).number == "PRT-7"
    assert "MEMO-1" in issue(document, "memo-document").message


def test_a_memo_alone_is_refused_as_not_payable() -> None:
    document = read(bill(*ONE_LINE, head=("BIG*20260930*MEMO-1*****CM", *HEAD[1:])))
    assert codes(document) == ["nothing-payable", "memo-document"]
    assert document.refused


@pytest.mark.parametrize("total", ["2001", "-2001"])
def test_a_credit_is_negative_however_its_amounts_are_written(total: str) -> None:
    price = "10.005" if total == "2001" else "-10.005"
    lines = ("HL*1**8*0", f"IT1*1*2*EA*{price}", f"TDS*{total}")
    invoice = only(read(bill(*lines, head=("BIG*20260930*CN-1*****CN*00", *HEAD[1:]))))
    assert invoice.kind is DocumentKind.CREDIT_NOTE
    assert invoice.current_charges == invoice.total_due == D("-20.01") == invoice.charges[0].amount


def test_a_bill_of_vehicles_is_refused_politely() -> None:
    assert issue(read(bill("HL*1**19*0", "VEH*1")), "other-trade").severity is Severity.ERROR


def test_what_is_not_named_is_held_for_a_person() -> None:
    document = read(bill(*ONE_LINE, head=("BIG*20260930*PRT-8",)))
    assert document.needs_eyes
    assert not document.refused
    assert {"carrier-missing", "currency-missing", "total-missing"} <= set(codes(document))
    assert (only(document).carrier, only(document).currency) == ("PINERIDGE", "USD")


def test_a_bill_that_is_no_original_is_held_for_a_person() -> None:
    document = read(bill(*ONE_LINE, total="2001", head=("BIG*20260930*PRT-7*****CI*05", *HEAD[1:])))
    assert issue(document, "not-an-original").severity is Severity.REVIEW


def test_a_profile_says_what_the_files_leave_out() -> None:
    body = (
        "BIG*20260930*PRT-8",
        "REF*12*1",
        "REF*14*M-1",
        "REF*AP*M-2",
        "HL*1**8*0",
        "IT1*1*1*EA*4**SV*0900",
        "SI*TI*ZX*C-1",
        "TDS*400",
    )
    invoice = only(read(x12(body), profiles=[PROFILE]))
    assert (invoice.carrier, invoice.currency, invoice.ban) == ("Pine Ridge Telephone Cooperative", "CAD", "M-2")
    assert (invoice.charges[0].charge_type, invoice.charges[0].circuit_id) == (ChargeType.FEE, "C-1")
    assert not read(x12(body), profiles=[PROFILE]).needs_eyes


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('senders = ["PINERIDGE", "4000001"]', "", "senders"),
        ('ZX = "circuit_id"', 'ZX = "circuit"', "services.ZX"),
        ('"0900" = "FEE"', '"0900" = "FEES"', "sections.0900"),
        ('currency = "CAD"', 'currency = "cad"', "currency"),
        ('accounts = ["AP"', 'acounts = ["AP"', "acounts"),
    ],
)
def test_a_profile_with_a_fault_names_the_key(old: str, new: str, key: str) -> None:
    assert old in PROFILE
    (found,) = read(bill(*ONE_LINE), profiles=[PROFILE.replace(old, new)]).issues
    assert key in found.message


def test_two_accounts_below_a_bill_that_names_none_are_held_for_a_person() -> None:
    document = read(bill("HL*1**2*1", "REF*12*A", "HL*2**2*1", "REF*12*B", head=(HEAD[0], HEAD[1], HEAD[3])))
    assert issue(document, "several-accounts").severity is Severity.REVIEW
    assert only(document).ban == ""


def test_the_account_of_the_only_billing_level_is_taken() -> None:
    assert only(read(bill("HL*1**2*1", "LX*1", "REF*12*A-9", head=(HEAD[0], HEAD[1], HEAD[3])))).ban == "A-9"


def test_an_amount_in_another_currency_keeps_the_bill_out() -> None:
    assert (
        issue(read(bill(*ONE_LINE, "SLN*1**A*1*EA*5**A", "CUR*SE*CAD")), "several-currencies").severity
        is Severity.ERROR
    )


def test_a_number_of_lines_that_differs_is_told() -> None:
    assert "line-count" in codes(read(bill(*ONE_LINE, "TDS*2001", "CTT*7")))
    assert "line-count" not in codes(read(bill(*ONE_LINE, "TDS*2001", "CTT*1")))


def test_a_price_without_a_quantity_keeps_the_bill_out() -> None:
    assert issue(read(bill("HL*1**8*0", "IT1*1***5.00")), "quantity-missing").source.path == "segment 9, IT1*02"


def test_two_totals_keep_the_bill_out() -> None:
    assert "several-totals" in codes(read(bill(*ONE_LINE, "TDS*2001", "TDS*2002")))


def test_an_amount_larger_than_any_bill_keeps_it_out() -> None:
    assert "amount-too-large" in codes(read(bill("HL*1**8*0", "IT1*1*99999999*EA*99999999")))


@pytest.mark.parametrize(
    ("balances", "previous", "paid", "due"),
    [
        (("BAL*P*PB*500",), "500", "0", "479.99"),
        (("BAL*P*PB*500", "BAL*M*TT*479.99"), "500", "0", "479.99"),
        (("BAL*P*PB*500", "BAL*M*C4*500"), "500", "-500", "-20.01"),
        (("BAL*P*PB*0", "BAL*M*TT*20.01"), "0", "0", "-20.01"),
    ],
)
def test_a_credit_turns_its_own_amounts_and_not_the_accounts_balances(
    balances: tuple[str, ...], previous: str, paid: str, due: str
) -> None:
    head = ("BIG*20260930*CN-1*****CR*00", *HEAD[1:])
    document = read(bill(*ONE_LINE, "TDS*2001", *balances, head=head))
    invoice = only(document)
    assert (invoice.current_charges, invoice.charges[0].amount) == (D("-20.01"), D("-20.01"))
    assert (invoice.previous_balance, invoice.payments_applied) == (D(previous), D(paid))
    assert invoice.total_due == D(due)
    assert "does-not-foot" not in codes(document)


@pytest.mark.parametrize(
    ("due", "paid", "words"),
    [
        ((), "-500", "as no balance due shows"),
        (("BAL*M*TT*520.01",), "500", "given back, as the balance due shows"),
        (("BAL*M*TT*-479.99",), "-500", ""),
    ],
)
def test_a_payment_with_a_minus_is_told_unless_the_balance_shows_what_it_is(
    due: tuple[str, ...], paid: str, words: str
) -> None:
    document = read(bill(*ONE_LINE, "TDS*2001", "BAL*P*PB*0", "BAL*M*C4*-500", *due))
    assert only(document).payments_applied == D(paid)
    assert "does-not-foot" not in codes(document)
    found = [one for one in document.issues if one.code == "payment-signed"]
    assert [one.severity for one in found] == [Severity.WARNING] * bool(words)
    assert all(words in one.message for one in found)


def test_a_second_currency_of_the_bill_is_told_and_the_first_is_taken() -> None:
    document = read(bill(*ONE_LINE, head=(HEAD[0], "CUR*SE*USD", "CUR*BY*CAD", *HEAD[2:]), total="2001"))
    assert only(document).currency == "USD"
    assert issue(document, "two-currencies").severity is Severity.WARNING
    again = read(bill(*ONE_LINE, head=(HEAD[0], "CUR*SE*USD", "CUR*BY*USD", *HEAD[2:]), total="2001"))
    assert "two-currencies" not in codes(again)
