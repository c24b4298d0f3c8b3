"""Real X12 files: those that are whole give the values that stand in them, the others are refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.vocabulary import ChargeType, Severity
from tests.importers.edi_files import codes, issue, only, read


@pytest.fixture
def edi(shared_data: Path) -> Path:
    return shared_data / "edi" / "edi"


def sample(folder: Path, name: str) -> ParsedDocument:
    return read((folder / name).read_bytes(), name)


def test_the_invoice_with_repeated_charges_in_its_summary(edi: Path) -> None:
    """x12.810a: two lines, a shipping charge on each, and their sum once more below the total."""
    document = sample(edi, "x12.810a.edi")
    invoice = only(document)
    assert (invoice.number, invoice.bill_date, invoice.currency) == ("DO091003TESTINV01", date(2003, 3, 10), "USD")
    assert (invoice.current_charges, invoice.total_due, invoice.due_date) == (D("365.96"), D("365.96"), None)
    assert [(one.amount, one.quantity, one.unit_price, one.code) for one in invoice.charges] == [
        (D("199.98"), D("2"), D("99.99"), "ID001"),
        (D("3.00"), None, None, "G830"),
        (D("159.98"), D("2"), D("79.99"), "ID002"),
        (D("3.00"), None, None, "G830"),
    ]
    assert invoice.charges[0].description == "Power Cord"
    assert invoice.charges[1].source.path == "segment 31, SAC*05"
    assert "does-not-foot" not in codes(document)
    assert {"amounts-repeat", "edi-short-isa", "carrier-missing"} <= set(codes(document))


def test_the_invoice_whose_total_is_before_its_discount(edi: Path) -> None:
    """x12.810c: 359.96 − 41.19 + 6.00 + 10.00 + 35.96 is its net amount; TDS leaves the discount out."""
    document = sample(edi, "x12.810c.edi")
    invoice = only(document)
    assert [(one.amount, one.charge_type) for one in invoice.charges] == [
        (D("359.96"), None),
        (D("-41.19"), ChargeType.CREDIT),
        (D("6.00"), None),
        (D("10.00"), None),
        (D("35.96"), ChargeType.TAX),
    ]
    assert invoice.total_due == D("370.73")
    assert "411.92" in issue(document, "total-before-allowances").message
    assert "does-not-foot" not in codes(document)


def test_two_invoices_beside_an_order(edi: Path) -> None:
    """staedi_invoice810_po850_dual: seven lines and two lines at 12.34; the second one's total is wrong in the file."""
    document = sample(edi, "staedi_invoice810_po850_dual.edi")
    first, second = document.invoices
    assert {one.carrier for one in document.invoices} == {"FOODSELLER"}
    assert [one.number for one in document.invoices] == ["00001", "00001"]
    assert (first.bill_date, second.bill_date) == (date(1997, 12, 11), date(1997, 12, 15))
    assert (first.due_date, second.due_date) == (date(1997, 12, 27), date(1997, 12, 31))
    assert [one.quantity for one in first.charges] == [16, 13, 32, 51, 9, 85, 1]
    assert sum(one.amount for one in first.charges) == first.total_due == D("2554.38")
    assert [one.amount for one in second.charges] == [D("617.00"), D("1234.00")]
    assert second.total_due == D("2554.38")
    assert [one.description for one in second.charges] == ["CRUNCHY CHIPS LSS", "BBQ CHIPS"]
    assert "703.38" in issue(document, "does-not-foot").message
    assert "a purchase order (850)" in issue(document, "other-set").message
    assert codes(document).count("currency-missing") == 2


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("x12.214.edi", "not-a-bill", "a shipment status (214)"),
        ("x12.820.issue140.edi", "not-a-bill", "a payment order or remittance advice (820)"),
        ("staedi_ts210_80char.edi", "not-a-bill", "a motor carrier's freight invoice (210)"),
        ("staedi_empty997.edi", "acknowledgement", "(997)"),
        ("staedi_invalid997_min.edi", "acknowledgement", "(997)"),
    ],
)
def test_what_is_no_bill_is_refused_by_its_name(edi: Path, name: str, code: str, words: str) -> None:
    document = sample(edi, name)
    assert words in issue(document, code).message
    assert issue(document, code).severity is Severity.ERROR
    assert document.invoices == ()


def test_the_envelope_of_an_invalid_acknowledgement_is_accused_as_well(edi: Path) -> None:
    assert "edi-control-number" in codes(sample(edi, "staedi_invalid997_min.edi"))
    assert "edi-control-number" not in codes(sample(edi, "staedi_empty997.edi"))
