"""Real EDIFACT files: those that are whole give the values that stand in them, the others are refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from app.domain.money import ZERO, D
from app.domain.parsed import ParsedDocument
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, Severity
from tests.importers.edi_files import codes, issue, only, read


@pytest.fixture
def edi(shared_data: Path) -> Path:
    return shared_data / "edi" / "edi"


def sample(folder: Path, name: str) -> ParsedDocument:
    return read((folder / name).read_bytes(), name)


class Rendering:
    """The XML that stands beside an example: the same message, written by others."""

    def __init__(self, file: Path) -> None:
        self.root = etree.parse(str(file), etree.XMLParser(resolve_entities=False)).getroot()

    def segments(self, tag: str, under: etree._Element | None = None) -> Iterator[list[str]]:
        """The data elements of every segment `tag`, in order."""
        for segment in (self.root if under is None else under).iter(f"S_{tag}"):
            yield [one.text or "" for one in segment.iter() if one.tag.startswith("D_")]

    def pair(self, tag: str, qualifier: str, under: etree._Element | None = None) -> str:
        """The second element of the first segment `tag` with the qualifier, "" where there is none."""
        return next((one[1] for one in self.segments(tag, under) if one[0] == qualifier), "")


def day(text: str) -> date | None:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if text else None


@pytest.mark.parametrize("number", [1, 3, 5, 7, 9])
def test_an_example_says_what_its_rendering_as_xml_says(shared_data: Path, number: int) -> None:
    folder = shared_data / "edi" / "edifact-invoic"
    xml = Rendering(folder / f"EDIFACT_EXAMPLE{number}.xml")
    invoice = only(sample(folder, f"EDIFACT_EXAMPLE{number}.TXT"))
    seller = next(one for one in xml.root.iter("S_NAD") if one.findtext("D_3035") == "SE")
    assert invoice.carrier == seller.findtext("C_C080/D_3036")
    assert invoice.number == xml.root.findtext("S_BGM/C_C106/D_1004")
    assert invoice.currency == xml.pair("CUX", "2")
    assert (invoice.bill_date, invoice.due_date) == (day(xml.pair("DTM", "137")), day(xml.pair("DTM", "13")))
    assert invoice.total_due == D(xml.pair("MOA", "9"))
    assert invoice.current_charges == D(xml.pair("MOA", "388"))
    assert invoice.payments_applied == -D(xml.pair("MOA", "113") or "0")
    taxes = sum((one.amount for one in invoice.charges if one.charge_type is ChargeType.TAX), ZERO)
    assert taxes == D(xml.pair("MOA", "176") or "0")
    assert sum((one.amount for one in invoice.charges), ZERO) == invoice.current_charges
    lines = [one for one in xml.root.iter() if one.tag.startswith("G_SG") and one.find("S_LIN") is not None]
    own = [one for one in invoice.charges if one.quantity is not None]
    assert len(own) == len(lines) > 0
    for charge, line in zip(own, lines, strict=True):
        words = [one.findtext(".//D_7008") for one in line.iter("S_IMD") if one.findtext("D_7077") == "F"]
        assert charge.description == " ".join((words[0] or "").split())
        assert (charge.quantity, charge.unit_price) == (D(xml.pair("QTY", "47", line)), D(xml.pair("PRI", "AAA", line)))


def test_the_amounts_of_the_lines_of_an_example_with_allowances(shared_data: Path) -> None:
    """EXAMPLE5, read by hand: line 1 is 1,000 with −100 and +100 on it; −150 and +150 on the bill; half is prepaid."""
    document = sample(shared_data / "edi" / "edifact-invoic", "EDIFACT_EXAMPLE5.TXT")
    invoice = only(document)
    assert [one.amount for one in invoice.charges] == [1000, -100, 100, 500, 2500, -150, 150, 375, 300]
    assert (invoice.current_charges, invoice.payments_applied, invoice.total_due) == (4675, D("-2337.5"), D("2337.5"))
    assert invoice.billing_period == Period(date(2013, 3, 10), date(2013, 4, 11))
    assert (invoice.charges[0].circuit_id, invoice.charges[0].code) == ("Object2", "JB007")
    assert invoice.corrects == "TOSL109"
    assert "does-not-foot" not in codes(document)


def test_a_line_that_takes_goods_back(shared_data: Path) -> None:
    """EXAMPLE1, line 20: 6 × 18.33 is billed as −109.98."""
    document = sample(shared_data / "edi" / "edifact-invoic", "EDIFACT_EXAMPLE1.TXT")
    invoice = only(document)
    assert [one.amount for one in invoice.charges[:3]] == [D("19.9"), D("9.85"), D("8.29")]
    assert invoice.charges[19].amount == D("-109.98")
    assert [one.amount for one in invoice.charges[20:]] == [D("10.99"), D("9.74")]
    assert issue(document, "line-does-not-multiply").severity is Severity.WARNING
    assert issue(document, "edi-control-number").severity is Severity.WARNING


def test_an_invoice_of_1999_with_decimal_commas(edi: Path) -> None:
    """staedi_invoic_d93a_una: 750 + 19,9 + 7,5 = 777,4; tax 124,38; 901,78. It names no currency."""
    document = sample(edi, "staedi_invoic_d93a_una.edi")
    invoice = only(document)
    assert (invoice.carrier, invoice.number, invoice.bill_date) == ("Fahrradhandel Pedal", "9908001", date(1999, 8, 2))
    assert [(one.description, one.amount, one.quantity, one.unit_price) for one in invoice.charges] == [
        ("Fahrrad, Damen", 750, 1, 750),
        ("Luftpumpe, Stand-", D("19.9"), 1, D("19.9")),
        ("Ersatzventil", D("7.5"), 3, D("2.5")),
        ("VAT 16 % S", D("124.38"), None, None),
    ]
    assert (invoice.current_charges, invoice.total_due) == (D("901.78"), D("901.78"))
    assert codes(document) == ["currency-missing"]
    assert document.needs_eyes


def test_an_invoice_with_a_charge_below_its_lines(edi: Path) -> None:
    """staedi_invoic_d97b: 1202.58 + 410 + 525 = 2137.58."""
    document = sample(edi, "staedi_invoic_d97b.edi")
    invoice = only(document)
    assert (invoice.carrier, invoice.number, invoice.currency) == ("BÜTTNER WIDGET COMPANY", "342459", "USD")
    assert invoice.bill_date == date(2006, 5, 15)
    assert [one.amount for one in invoice.charges] == [D("1202.58"), Decimal(410), Decimal(525)]
    assert [one.unit_price for one in invoice.charges] == [D("1.179"), D("20.5"), None]
    assert [one.code for one in invoice.charges[:2]] == ["157870", "157871"]
    assert invoice.total_due == D("2137.58")
    assert document.issues == ()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("edifact.01.multi-message.edi", "a quotation (QUOTES)"),
        ("tradacoms.utilitybill.edi", "a TRADACOMS file (UTLHDR)"),
    ],
)
def test_what_is_no_bill_is_refused_by_its_name(edi: Path, name: str, words: str) -> None:
    document = sample(edi, name)
    assert words in issue(document, "not-a-bill").message
    assert document.invoices == ()
