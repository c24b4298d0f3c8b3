"""The e-invoice inside a PDF: found, bounded, compared with the page, and named where it is damaged."""

from __future__ import annotations

import pytest

from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.vocabulary import Severity
from app.importers.identify import look, read_document
from app.importers.pdf.quick import look_into_pdf
from app.importers.registry import Definitions
from app.importers.xml import attached
from app.importers.xml.cii import ROOT
from app.importers.xml.printed import find_amount
from tests.importers.pdf_files import LAYOUT
from tests.importers.xml_files import CII, UBL, attach, read_xml, swap

PRINTED = "Credit note G-8: 297.50 EUR"


UBL_NUMBER = read_xml(UBL).invoices[0].number


def read(content: bytes, *layouts: str, importer: str = "") -> ParsedDocument:
    return read_document("bill.pdf", content, Definitions(layouts, ()), importer=importer)


def test_the_e_invoice_in_a_pdf_is_what_is_read() -> None:
    document = read(attach(CII.encode(), PRINTED))
    (invoice,) = document.invoices
    (alone,) = read_xml(CII).invoices
    assert (document.importer, document.issues) == ("factur-x", ())
    assert (invoice.number, invoice.total_due, invoice.kind) == (alone.number, D("-297.50"), alone.kind)
    assert [one.amount for one in invoice.charges] == [one.amount for one in alone.charges]


def test_its_places_name_the_attachment_and_the_page_of_the_total() -> None:
    (invoice,) = read(attach(CII.encode(), PRINTED)).invoices
    source = invoice.sources["total_due"]
    assert (source.page, source.row) == (1, None)
    assert source.path.startswith("factur-x.xml:/CrossIndustryInvoice/")
    assert invoice.charges[0].source.path.startswith("factur-x.xml:/CrossIndustryInvoice/")


def test_the_head_of_such_a_pdf_tells_the_root_of_the_attachment() -> None:
    head = look("bill.pdf", attach(CII.encode(), PRINTED))
    assert (head.media, head.attachment, head.note) == ("pdf", ROOT, "")


@pytest.mark.parametrize("name", ["ZUGFeRD-invoice.xml", "xrechnung.xml", "K-100 (copy).xml"])
def test_it_is_found_by_its_name_or_its_root(name: str) -> None:
    document = read(
        attach(UBL.encode(), f"{UBL_NUMBER}: zu zahlen 509,00", name=name, more=(("logo.png", b"\x89PNG"),))
    )
    assert (document.importer, len(document.invoices)) == ("factur-x", 1)


def test_a_page_that_shows_another_total_needs_eyes() -> None:
    document = read(attach(CII.encode(), "Credit note G-8: 197.50 EUR"))
    (issue,) = document.issues
    assert (issue.severity, issue.code) == (Severity.REVIEW, "xml-differs-from-page")
    assert "factur-x.xml gives back 297.50 EUR" in issue.message
    assert document.needs_eyes
    assert len(document.invoices) == 1


@pytest.mark.parametrize(
    ("amount", "printed", "found"),
    [
        ("1234.56", "total 1,234.56", True),
        ("1234.56", "Summe 1.234,56 €", True),
        ("1234.56", "1 234,56", True),
        ("-1234.56", "-1'234.56", True),
        ("1234.56", "1234.56", True),
        ("1234.56", "11,234.56", False),
        ("1234.56", "1,234.567", False),
        ("1234.56", "1,234.65", False),
        ("234.56", "1,234.56", False),
        ("12.00", "12", True),
        ("12.00", "12,-", True),
        ("12.00", "12.00", True),
        ("12.00", "12.50", False),
        ("12.00", "112", False),
        ("1000000", "1.000.000,00", True),
        ("500.00", "12'500.00", False),
        ("500.00", "1 500,00", False),
        ("500.00", "1.500,00", False),
        ("500.00", "20 % 500,00", True),
        ("76.67", "19 76,67", True),
        ("19.00", "19,00 %", False),
        ("11.01", "11.01.2026", False),
        ("500.00", "500 000", False),
    ],
)
def test_an_amount_is_known_on_the_page_however_it_is_written(amount: str, printed: str, *, found: bool) -> None:
    assert bool(list(find_amount(f"Total: {printed} EUR", D(amount), "EUR"))) is found


@pytest.mark.parametrize("printed", ["Page 1 of 1", "2026-11-01", "1 x line", "Net 1 day", "EUR 1 000", "10 EUR", "1%"])
def test_digits_without_cents_or_currency_are_no_amount(printed: str) -> None:
    assert list(find_amount(printed, D("1.00"), "EUR")) == []
    assert list(find_amount(printed, D("2026.00"), "EUR")) == []


@pytest.mark.parametrize("printed", ["€1", "1 €", "EUR 1", "1 EUR", "1.00", "1,-", "(1 EUR)"])
def test_a_whole_amount_has_its_cents_or_a_currency(printed: str) -> None:
    assert len(list(find_amount(printed, D("1.00"), "EUR"))) == 1


@pytest.mark.parametrize(
    ("printed", "minus"),
    [
        ("500.00", [False]),
        ("-500.00", [True]),
        ("-€500.00", [True]),
        ("EUR -500.00", [True]),
        ("500.00-", [True]),
        ("(500.00)", [True]),
        ("500.00 CR", [True]),
        ("Total - 500.00", [True, False]),
    ],
)
def test_the_sign_of_a_printed_amount_is_read(printed: str, minus: list[bool]) -> None:
    assert list(find_amount(printed, D("-500.00"), "EUR")) == minus


AS_INVOICE = swap(CII, ">381<", ">380<")


@pytest.mark.parametrize(
    ("xml", "printed", "words"),
    [
        (AS_INVOICE, "Invoice G-8 of 2026-11-01 Total 500.00 EUR Page 1", "shows the amount of 297.50 EUR"),
        (AS_INVOICE, "Invoice G-9 Total 297.50 EUR", "shows the number G-8"),
        (AS_INVOICE, "Credit note G-8 of today", "shows the amount"),
        (AS_INVOICE, "Invoice G-8 Total -297.50 EUR", "the PDF shows a credit"),
        (CII, "Invoice G-8 Total 297.50 EUR", "the PDF shows no credit"),
        (AS_INVOICE, "Invoice G-8 Total 1 297.50 EUR", "shows the amount"),
        (AS_INVOICE, "Invoice G-8 Total 297.50 EUR", ""),
    ],
)
def test_a_page_that_is_of_another_bill_needs_eyes(xml: str, printed: str, words: str) -> None:
    found = [one.message for one in read(attach(xml.encode(), printed)).issues]
    assert len(found) == bool(words)
    assert not words or words in found[0]


def test_a_bill_that_is_paid_already_is_known_by_what_it_was_for() -> None:
    paid = swap(AS_INVOICE, "<ram:DuePayableAmount>297.50<", "<ram:DuePayableAmount>0.00<")
    paid = swap(
        paid, "<ram:DuePayableAmount>", "<ram:TotalPrepaidAmount>297.50</ram:TotalPrepaidAmount><ram:DuePayableAmount>"
    )
    assert read(attach(paid.encode(), "Invoice G-8 Total 297.50 EUR")).issues == ()
    (issue,) = read(attach(paid.encode(), "Invoice G-8 Total 500.00 EUR")).issues
    assert (issue.severity, issue.code) == (Severity.REVIEW, "xml-differs-from-page")


def test_text_that_cannot_be_seen_is_not_printed() -> None:
    white = attach(AS_INVOICE.encode(), "Invoice G-8 Total 500.00 EUR", unseen="Total 297.50 EUR")
    assert "xml-differs-from-page" in [one.code for one in read(white).issues]


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (CII.replace("UTF-8", "UTF-8-W/O-BOM", 1), "'factur-x.xml' is damaged: its XML is not well-formed"),
        (CII[:400], "'factur-x.xml' is damaged"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]>" + CII.partition("?>")[2], "DOCTYPE"),
        ("<Bill/>", "factur-x.xml has the root Bill, which is not read"),
        (swap(CII, "CrossIndustryInvoice:100", "CrossIndustryInvoice:99"), "which is not read"),
    ],
)
def test_an_attachment_that_cannot_be_read_is_named(xml: str, words: str) -> None:
    (issue,) = read(attach(xml.encode(), PRINTED)).issues
    assert issue.code == "no-importer"
    assert words in issue.message


def test_a_damaged_attachment_is_told_where_a_layout_reads_the_page() -> None:
    greedy = LAYOUT.replace('claims = ["Acme Telephone", "Account Number"]', 'claims = ["Credit note"]')
    issues = read(attach(b"<", PRINTED), greedy).issues
    assert "attachment-damaged" in [issue.code for issue in issues]


def test_the_e_invoice_counts_more_than_a_layout_that_claims_the_page() -> None:
    greedy = LAYOUT.replace('claims = ["Acme Telephone", "Account Number"]', 'claims = ["Credit note"]')
    content = attach(CII.encode(), PRINTED)
    assert read(content, greedy).importer == "factur-x"
    assert read(content, greedy, importer="pdf:acme").importer == "pdf:acme"


def test_of_two_e_invoices_in_one_pdf_none_is_read() -> None:
    content = attach(CII.encode(), PRINTED, more=(("xrechnung.xml", UBL.encode()),))
    (issue,) = read(content).issues
    assert "several e-invoices (factur-x.xml and xrechnung.xml)" in issue.message


def test_attachments_that_unpack_to_far_more_than_a_bill_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    content = attach(CII.encode() + b"<!--" + b" " * 300_000 + b"-->", PRINTED)
    assert look_into_pdf("bill.pdf", content).attachment == ROOT
    monkeypatch.setattr(attached, "MOST_STREAM", 1_000)
    assert "unpack to more than a bill can need" in look_into_pdf("bill.pdf", content).note
    monkeypatch.undo()
    monkeypatch.setattr(attached, "MOST_XML", 100_000)
    assert "no e-invoice is that large" in look_into_pdf("bill.pdf", content).note


def test_attachments_packed_twice_are_left_alone() -> None:
    content = attach(CII.encode(), PRINTED) + b"\n% /Filter [/FlateDecode /FlateDecode]\n"
    assert "left alone" in look_into_pdf("bill.pdf", content).note
