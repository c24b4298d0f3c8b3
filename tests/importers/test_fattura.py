"""FatturaPA: several bills in a file, tax that is withheld, stamp duty, credit notes."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.money import ZERO, D
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.verify import verify
from tests.importers.xml_files import FATTURA, cut, read_xml, swap


def test_each_body_of_a_fattura_is_a_bill_of_the_one_seller() -> None:
    document = read_xml(FATTURA)
    first, second = document.invoices
    assert document.importer == "fatturapa"
    assert (first.carrier, first.number, first.ban, first.corrects) == ("Acme Reti", "F-1", "CL-100", "F-0")
    assert (second.carrier, second.number, second.ban) == ("Acme Reti", "N-2", "K-7")
    assert (first.bill_date, first.due_date, first.currency) == (date(2026, 9, 1), date(2026, 10, 1), "EUR")
    assert [issue.code for issue in document.issues] == ["tax-withheld", "tax-withheld"]


def test_its_lines_discount_stamp_duty_and_taxes_make_its_total() -> None:
    first = read_xml(FATTURA).invoices[0]
    assert [(one.charge_type, one.description, one.amount) for one in first.charges] == [
        (None, "Accesso Internet", D(140)),
        (ChargeType.USAGE, "Traffico", D(15)),
        (ChargeType.CREDIT, "Sconto", D(-5)),
        (ChargeType.TAX, "IVA 22.00 %", D(33)),
        (ChargeType.FEE, "Imposta di bollo", D(2)),
    ]
    assert (first.net_total, first.tax_total, first.current_charges) == (D(152), D(33), D(185))
    assert verify(first) == ()


def test_a_line_keeps_its_code_period_and_circuit() -> None:
    access = read_xml(FATTURA).invoices[0].charges[0]
    assert (access.code, access.circuit_id, access.quantity, access.unit_price) == ("DIA100", "80/KX/1", D(1), D(140))
    assert access.period == Period(date(2026, 9, 1), date(2026, 10, 1))
    assert access.source.path == "/FatturaElettronica/FatturaElettronicaBody[1]/DatiBeniServizi/DettaglioLinee[1]"


def test_what_is_paid_to_the_tax_office_is_not_owed_to_the_carrier() -> None:
    first, second = read_xml(FATTURA).invoices
    assert (first.payments_applied, first.total_due) == (D(-10), D(175))
    # split payment: the tax on the credit goes the other way as well
    assert (second.payments_applied, second.total_due) == (D("2.20"), D(-10))


def test_a_credit_note_of_a_fattura_is_turned() -> None:
    second = read_xml(FATTURA).invoices[1]
    assert second.kind is DocumentKind.CREDIT_NOTE
    assert [one.amount for one in second.charges] == [D(-10), D("-2.20")]
    assert (second.net_total, second.current_charges) == (D(-10), D("-12.20"))
    assert verify(second) == ()


def test_a_rounding_in_or_beside_the_printed_total_foots() -> None:
    for total in ("185.03", "185.00"):
        rounded = f"<Arrotondamento>0.03</Arrotondamento><ImportoTotaleDocumento>{total}</ImportoTotaleDocumento>"
        text = swap(FATTURA, "<ImportoTotaleDocumento>185.00</ImportoTotaleDocumento>", rounded)
        first = read_xml(swap(text, ">75.00<", ">75.03<")).invoices[0]
        assert (first.rounding, first.current_charges, first.total_due) == (D("0.03"), D("185.03"), D("175.03"))
        assert verify(first) == ()


def test_without_a_printed_total_the_sums_of_the_taxes_are_taken() -> None:
    text = cut(FATTURA, "<ImportoTotaleDocumento>", "</ImportoTotaleDocumento>")
    text = cut(cut(text, "<DatiBollo>", "</DatiBollo>"), "<DatiPagamento>", "</DatiPagamento>")
    first = read_xml(text).invoices[0]
    assert (first.current_charges, first.total_due, first.due_date) == (D(183), D(173), None)
    assert sum((one.amount for one in first.charges), ZERO) == first.current_charges


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("<Numero>F-1</Numero>", "", "field-missing", "DatiGeneraliDocumento"),
        ("<Divisa>EUR</Divisa>", "<Divisa>EUR</Divisa><Divisa>USD</Divisa>", "field-repeated", "Divisa[2]"),
        ("<Data>2026-09-01</Data>", "<Data>2026-09-31</Data>", "bad-date", "Data"),
        (">140.00</PrezzoTotale>", ">140,00</PrezzoTotale>", "bad-amount", "DettaglioLinee[1]/PrezzoTotale"),
        ("<Denominazione>Acme Reti</Denominazione>", "", "field-missing", "DatiGeneraliDocumento"),
        ("<Imposta>33.00</Imposta>", "", "field-missing", "DatiRiepilogo"),
    ],
)
def test_a_fault_in_one_bill_keeps_the_whole_file_out(old: str, new: str, code: str, place: str) -> None:
    document = read_xml(swap(FATTURA, old, new))
    fault = next(issue for issue in document.issues if issue.severity is Severity.ERROR)
    assert document.invoices == ()
    assert (fault.code, fault.source.path.endswith(place)) == (code, True), fault


def test_a_fattura_without_lines_or_bodies_is_refused() -> None:
    text = FATTURA
    for _ in range(2):
        text = cut(text, "<FatturaElettronicaBody>", "</FatturaElettronicaBody>")
    assert [issue.code for issue in read_xml(text).issues] == ["field-missing"]
    bare = cut(cut(FATTURA, "<DettaglioLinee>", "</DettaglioLinee>"), "<DettaglioLinee>", "</DettaglioLinee>")
    assert "no-lines" in [issue.code for issue in read_xml(bare).issues]


@pytest.mark.parametrize(
    "content",
    [
        bytes.fromhex("3082 1234 06092a864886f70d010702 a082 1000") + b"<?xml version='1.0'?>",
        b"MIISNAYJKoZIhvcNAQcCoIIQ" + b"AAAA" * 50,
        b"-----BEGIN PKCS7-----\nMIISNAYJKoZIhvcNAQcCoIIQ\nAAAA\n-----END PKCS7-----\n",
    ],
)
def test_a_signed_fattura_is_refused_with_the_way_out_of_it(content: bytes) -> None:
    (issue,) = read_xml(content, "IT01234567890_00001.xml.p7m").issues
    assert issue.code == "signed"
    assert "signature program" in issue.remedy
