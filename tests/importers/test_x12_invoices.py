"""The set 810: lines, allowances and charges, terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.money import D
from app.domain.parsed import ParsedInvoice
from app.domain.vocabulary import ChargeType
from tests.importers.edi_files import bill, codes, only, read

HEAD = ("BIG*20260930*PR-810*****DI*00", "CUR*SE*USD", "N1*SE*PINE RIDGE SUPPLY")
LINE = "IT1*1*3*EA*10.00**VP*P-1"


def invoice(*segments: str) -> ParsedInvoice:
    return only(read(bill(*segments, head=HEAD, kind="810")))


def charged(*segments: str) -> list[Decimal]:
    return [one.amount for one in invoice(*segments).charges]


def test_allowances_and_charges_of_lines_and_of_the_bill_count() -> None:
    lines = ("SAC*C*D240***500**********FREIGHT", LINE, "SAC*A*C310***300", "TDS*3400", "SAC*C*G830***200")
    assert charged(*lines) == [D("5.00"), D("30.00"), D("-3.00"), D("2.00")]


def test_taxes_written_as_services_are_taxes() -> None:
    found = invoice(LINE, "TDS*3180", "SAC*C*H850***180**********STATE TAX")
    assert (found.charges[1].charge_type, found.charges[1].description) == (ChargeType.TAX, "STATE TAX")


def test_a_percentage_without_its_amount_is_told() -> None:
    document = read(bill(LINE, "SAC*A*C310****3*10", "TDS*3000", head=HEAD, kind="810"))
    assert "segment-not-read" in codes(document)


@pytest.mark.parametrize(("basis", "amount"), [("", "30.00"), ("PE", "30.00"), ("HP", "0.30"), ("TP", "0.03")])
def test_a_price_may_be_for_a_hundred_or_a_thousand(basis: str, amount: str) -> None:
    assert charged(f"IT1*1*3*EA*10.00*{basis}", "TDS*3000") == [D(amount)]


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("ITD*01*3*****30", date(2026, 10, 30)),
        ("ITD*01*3****20261015*30", date(2026, 10, 15)),
        ("ITD*01*2*****30", None),
        ("ITD*01*3*2.0**10", None),
    ],
)
def test_the_due_date_is_written_or_reckoned_from_the_date_of_the_bill(terms: str, due: date | None) -> None:
    assert invoice(terms, LINE, "TDS*3000").due_date == due


def test_the_seller_is_the_carrier_and_bank_details_are_not_taken() -> None:
    bank = ("N1*RI*XYZ BANK", "REF*RT*123456789", "REF*AP*00-111")
    found = invoice(*bank, LINE, "TDS*3000")
    assert found.carrier == "PINE RIDGE SUPPLY"
    assert not any(word in repr(found) for word in ("XYZ BANK", "123456789", "00-111"))


def test_the_place_of_a_line_is_where_it_was_installed() -> None:
    found = invoice(LINE, "N1*IA*PLANT*92*S-4", "IT1*2*1*EA*5", "N1*ST*SHIP*92*S-5", "TDS*3500")
    assert [one.location for one in found.charges] == ["S-4", ""]
