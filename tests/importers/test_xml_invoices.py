"""E-invoices: which element becomes which field, what is checked, and what is refused."""

from __future__ import annotations

import re
from datetime import date

import pytest

from app.domain.money import D
from app.domain.period import Period
from app.domain.source import Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.importers.xml.safe import DocumentTypeRefused, look_into_xml, parse_safely
from tests.importers.xml_files import CII, FATTURA, UBL, read_xml, swap

AUGUST = Period(date(2026, 8, 1), date(2026, 9, 1))


def fault(text: str | bytes) -> tuple[str, str]:
    """Code and place of the first ERROR."""
    issue = next(one for one in read_xml(text).issues if one.severity is Severity.ERROR)
    assert issue.message
    assert issue.remedy
    return issue.code, issue.source.path


def test_a_ubl_invoice_is_read_with_all_its_totals() -> None:
    document = read_xml(UBL)
    (invoice,) = document.invoices
    assert document.importer == "ubl"
    assert document.issues == ()
    assert (invoice.carrier, invoice.number, invoice.currency, invoice.ban) == ("Acme Colo", "S-77", "EUR", "K-100")
    assert (invoice.bill_date, invoice.due_date) == (date(2026, 9, 1), date(2026, 9, 30))
    assert invoice.billing_period == Period(date(2026, 9, 1), date(2026, 10, 1))
    assert (invoice.net_total, invoice.tax_total) == (D("511.84"), D("97.25"))
    assert (invoice.current_charges, invoice.rounding) == (D("609.00"), D("-0.09"))
    assert (invoice.payments_applied, invoice.total_due) == (D("-100"), D("509"))
    assert invoice.sources["total_due"].path == "/Invoice/LegalMonetaryTotal/PayableAmount"


def test_its_lines_allowances_charges_and_taxes_are_charges() -> None:
    (invoice,) = read_xml(UBL).invoices
    assert [(one.charge_type, one.description, one.amount) for one in invoice.charges] == [
        (ChargeType.MRC, "Cabinet", D("480")),
        (ChargeType.USAGE, "Calls", D("36.84")),
        (ChargeType.CREDIT, "Loyalty", D("-10")),
        (ChargeType.FEE, "Charge", D("5")),
        (ChargeType.TAX, "VAT 19 %", D("97.25")),
    ]
    assert sum(one.amount for one in invoice.charges) + invoice.rounding == invoice.current_charges


def test_a_line_knows_its_code_circuit_site_period_price_and_place() -> None:
    cabinet, calls = read_xml(UBL).invoices[0].charges[:2]
    assert (cabinet.code, cabinet.circuit_id, cabinet.location, cabinet.tn) == ("CAB42", "XC-9", "FRA1", "")
    assert (cabinet.quantity, cabinet.unit, cabinet.unit_price, cabinet.period) == (D(2), "MON", D(250), AUGUST)
    assert cabinet.source == Source(
        path="/Invoice/InvoiceLine[1]", row=UBL[: UBL.index("<cac:InvoiceLine>")].count("\n") + 1
    )
    assert (calls.tn, calls.circuit_id) == ("+49 69 555 0100", "")
    assert calls.unit_price == D("0.0333333333")


def test_an_allowance_of_a_line_lowers_its_charge_and_a_charge_on_it_is_one_of_its_own() -> None:
    """What is billed for the cabinet is 480.00: that is what a contract's price is compared with."""
    assert read_xml(UBL).invoices[0].charges[0].amount == D("480")
    reason = UBL.index("<cbc:AllowanceChargeReason>Volume")
    start = UBL.rindex("<cbc:ChargeIndicator>false", 0, reason)
    dearer = UBL[:start] + UBL[start:].replace("ChargeIndicator>false", "ChargeIndicator>true", 1)
    cabinet, volume = read_xml(dearer.replace(">480.00<", ">520.00<")).invoices[0].charges[:2]
    assert (cabinet.amount, volume.amount, volume.charge_type) == (D("500"), D("20"), ChargeType.FEE)
    assert (volume.circuit_id, volume.location, volume.period) == (cabinet.circuit_id, cabinet.location, cabinet.period)
    assert (volume.code, volume.quantity, volume.unit_price) == ("", None, None)
    assert volume.source.path == "/Invoice/InvoiceLine[1]/AllowanceCharge[1]"


@pytest.mark.parametrize(
    ("gone", "account"),
    [
        ("<cbc:ID>K-100</cbc:ID>", "C-5"),
        ("<cbc:ID>C-5</cbc:ID>", "7350000001228"),
        ('<cbc:ID schemeID="0088">7350000001228</cbc:ID>', "Network"),
        ("<cbc:BuyerReference>Network</cbc:BuyerReference>", "4711"),
    ],
)
def test_the_account_is_the_first_of_its_places_that_is_filled(gone: str, account: str) -> None:
    text = UBL
    for element in (
        "<cbc:ID>K-100</cbc:ID>", "<cbc:ID>C-5</cbc:ID>", '<cbc:ID schemeID="0088">7350000001228</cbc:ID>',
        "<cbc:BuyerReference>Network</cbc:BuyerReference>",
    ):  # fmt: skip
        text = swap(text, element, "")
        if element == gone:
            break
    assert read_xml(text).invoices[0].ban == account


def test_a_cii_credit_note_is_turned_into_credits() -> None:
    document = read_xml(CII)
    (invoice,) = document.invoices
    assert (document.importer, document.issues) == ("cii", ())
    assert invoice.kind is DocumentKind.CREDIT_NOTE
    assert (invoice.number, invoice.corrects, invoice.ban) == ("G-8", "S-70", "K-100")
    assert (invoice.net_total, invoice.tax_total, invoice.total_due) == (D("-250"), D("-47.5"), D("-297.5"))
    cabinet, tax = invoice.charges
    assert (cabinet.amount, cabinet.quantity, cabinet.unit_price) == (D("-250"), D("-1"), D("250"))
    assert (cabinet.code, cabinet.circuit_id, cabinet.location, cabinet.period) == ("CAB42", "XC-9", "FRA1", AUGUST)
    assert (tax.charge_type, tax.amount) == (ChargeType.TAX, D("-47.5"))
    assert (
        cabinet.source.path == "/CrossIndustryInvoice/SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem[1]"
    )


def test_a_ubl_credit_note_is_turned_as_well() -> None:
    text = UBL.replace("Invoice-2", "CreditNote-2").replace("InvoiceLine", "CreditNoteLine")
    text = text.replace("<Invoice ", "<CreditNote ").replace("</Invoice>", "</CreditNote>")
    text = text.replace("InvoicedQuantity", "CreditedQuantity").replace("InvoiceTypeCode>380", "CreditNoteTypeCode>381")
    (invoice,) = read_xml(text.replace("InvoiceTypeCode>", "CreditNoteTypeCode>")).invoices
    assert invoice.kind is DocumentKind.CREDIT_NOTE
    assert (invoice.total_due, invoice.payments_applied, invoice.rounding) == (D("-509"), D("100"), D("0.09"))
    assert [str(one.amount) for one in invoice.charges] == ["-480", "-36.84", "10", "-5", "-97.25"]


def test_an_invoice_with_negative_totals_stays_an_invoice() -> None:
    text = swap(CII, "<ram:TypeCode>381", "<ram:TypeCode>384").replace("297.50", "-297.50").replace("47.50", "-47.50")
    text = text.replace("--", "-").replace(">250.00<", ">-250.00<").replace(">1.0000<", ">-1.0000<")
    (invoice,) = read_xml(text).invoices
    assert invoice.kind is DocumentKind.INVOICE
    assert invoice.charges[0].amount == D("-250")


def negate(text: str, *names: str) -> str:
    """`text` with a minus before the amounts of these elements."""
    return re.sub(rf"(<(?:{'|'.join(names)})(?: [^>]*)?>)(?=[0-9])", r"\1-", text)


CII_AMOUNTS = ("ram:TaxBasisTotalAmount", "ram:TaxTotalAmount", "ram:GrandTotalAmount", "ram:DuePayableAmount")
CII_LINES = ("ram:LineTotalAmount", "ram:BilledQuantity", "ram:CalculatedAmount", "ram:BasisAmount")


def test_a_credit_note_that_writes_its_minus_stays_a_credit() -> None:
    document = read_xml(negate(CII, *CII_AMOUNTS, *CII_LINES))
    (invoice,) = document.invoices
    (plain,) = read_xml(CII).invoices
    assert (invoice.kind, invoice.total_due) == (DocumentKind.CREDIT_NOTE, D("-297.50"))
    assert [one.amount for one in invoice.charges] == [one.amount for one in plain.charges]
    assert (invoice.net_total, invoice.tax_total) == (plain.net_total, plain.tax_total)
    assert [(one.severity, one.code) for one in document.issues] == [(Severity.REVIEW, "credit-sign-doubled")]


def test_a_minus_on_what_is_due_alone_is_not_lost_either() -> None:
    document = read_xml(negate(CII, "ram:DuePayableAmount"))
    assert document.invoices[0].total_due == D("-297.50")
    assert "credit-sign-doubled" in [one.code for one in document.issues]


def test_an_allowance_on_a_credit_note_does_not_turn_it() -> None:
    (invoice,) = read_xml(negate(CII, "ram:LineTotalAmount", "ram:BilledQuantity")).invoices
    assert invoice.total_due == D("-297.50")  # its totals have no minus, whatever its line has


def test_an_italian_credit_note_that_writes_its_minus_stays_a_credit() -> None:
    head, mark, tail = FATTURA.rpartition("<FatturaElettronicaBody>")
    tail = negate(tail, "PrezzoTotale", "PrezzoUnitario", "ImponibileImporto", "Imposta")
    document = read_xml(head + mark + tail)
    assert [one.total_due for one in document.invoices] == [D("175"), D("-10.00")]
    assert document.invoices[1].current_charges == D("-12.20")
    assert [one.code for one in document.issues if one.severity is Severity.REVIEW] == ["credit-sign-doubled"]


def test_a_proforma_is_told_and_not_posted() -> None:
    for text in (swap(UBL, "TypeCode>380<", "TypeCode>325<"), swap(CII, "TypeCode>381<", "TypeCode>325<")):
        document = read_xml(text)
        assert document.invoices == ()
        assert [one.code for one in document.issues] == ["nothing-payable", "memo-document"]
        assert "a proforma invoice" in document.issues[1].message


def test_a_factored_invoice_needs_eyes() -> None:
    document = read_xml(swap(UBL, "TypeCode>380<", "TypeCode>393<"))
    assert [(one.severity, one.code) for one in document.issues] == [(Severity.REVIEW, "factored-invoice")]
    assert document.needs_eyes


@pytest.mark.parametrize(("said", "held"), [("true", True), ("1", True), ("false", False)])
def test_a_copy_needs_eyes(said: str, *, held: bool) -> None:
    ubl = swap(UBL, "<cbc:IssueDate>", f"<cbc:CopyIndicator>{said}</cbc:CopyIndicator><cbc:IssueDate>")
    indicator = f"<ram:CopyIndicator><udt:Indicator>{said}</udt:Indicator></ram:CopyIndicator>"
    cii = swap(CII, "<ram:TypeCode>381</ram:TypeCode>", f"<ram:TypeCode>381</ram:TypeCode>{indicator}")
    for text in (ubl, cii):
        document = read_xml(text)
        assert [one.code for one in document.issues] == ["not-an-original"] * held
        assert document.needs_eyes is held
        assert len(document.invoices) == 1


def test_a_line_that_does_not_multiply_is_warned_of() -> None:
    issues = read_xml(swap(UBL, ">250.00</cbc:PriceAmount>", ">260.00</cbc:PriceAmount>")).issues
    (issue,) = [one for one in issues if one.severity is Severity.WARNING]
    assert issue.code == "line-does-not-multiply"
    assert "Line 1: 2 × 260 is not the line's 500 before allowances and charges." in issue.message
    assert issue.source.path == "/Invoice/InvoiceLine[1]"


def test_a_base_quantity_that_repeats_the_price_is_left_out() -> None:
    price = "<ram:ChargeAmount>250.0000</ram:ChargeAmount>"
    document = read_xml(swap(CII, price, price + "<ram:BasisQuantity>250</ram:BasisQuantity>"))
    assert [issue.code for issue in document.issues] == ["base-quantity"]
    assert document.invoices[0].charges[0].unit_price == D("250")


def test_a_total_that_does_not_foot_is_warned_of_and_kept_as_it_is() -> None:
    document = read_xml(swap(UBL, ">509</cbc:PayableAmount>", ">519</cbc:PayableAmount>"))
    assert document.invoices[0].total_due == D("519")
    assert [one.code for one in document.issues if one.severity is Severity.WARNING] == ["does-not-foot"]


PAYABLE = "/Invoice/LegalMonetaryTotal/PayableAmount"
LINE_TOTAL = '<cbc:LineExtensionAmount currencyID="EUR">36.84</cbc:LineExtensionAmount>'
TOTAL = '<cbc:PayableAmount currencyID="EUR">509</cbc:PayableAmount>'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (TOTAL, "", ("field-missing", "/Invoice/LegalMonetaryTotal")),
        (TOTAL, TOTAL * 2, ("field-repeated", f"{PAYABLE}[2]")),
        (">509</cbc:PayableAmount>", ">5<b>0</b>9</cbc:PayableAmount>", ("mixed-content", PAYABLE)),
        (">509</cbc:PayableAmount>", ">5,09</cbc:PayableAmount>", ("bad-amount", PAYABLE)),
        (">509</cbc:PayableAmount>", ">5E2</cbc:PayableAmount>", ("bad-amount", PAYABLE)),
        (">509</cbc:PayableAmount>", ">NaN</cbc:PayableAmount>", ("bad-amount", PAYABLE)),
        (">509</cbc:PayableAmount>", ">5090000000000000</cbc:PayableAmount>", ("bad-amount", PAYABLE)),
        (">509</cbc:PayableAmount>", ">0.0000001</cbc:PayableAmount>", ("bad-amount", PAYABLE)),
        ('currencyID="EUR">509<', 'currencyID="USD">509<', ("wrong-currency", PAYABLE)),
        ("2026-09-01</cbc:IssueDate>", "2026-09-31</cbc:IssueDate>", ("bad-date", "/Invoice/IssueDate")),
        ("<cbc:ID>S-77</cbc:ID>", "", ("field-missing", "/Invoice")),
        ("<cbc:Name>Acme Colo</cbc:Name>", "", ("field-missing", "/Invoice")),
        (LINE_TOTAL, "", ("field-missing", "/Invoice/InvoiceLine[2]")),
        ("ChargeIndicator>false", "ChargeIndicator>maybe", ("bad-indicator", "/Invoice/AllowanceCharge[1]")),
        ('currencyID="SEK">1100', 'currencyID="EUR">1100', ("field-repeated", "/Invoice/TaxTotal[2]/TaxAmount")),
        ("<cbc:ID>S-77</cbc:ID>", "<cbc:ID/>", ("field-missing", "/Invoice/ID")),
        ("2026-09-01</cbc:IssueDate>", "</cbc:IssueDate>", ("field-missing", "/Invoice/IssueDate")),
        (">509</cbc:PayableAmount>", "></cbc:PayableAmount>", ("field-missing", PAYABLE)),
        (">36.84</cbc:LineExtensionAmount>", "/>", ("field-missing", "/Invoice/InvoiceLine[2]/LineExtensionAmount")),
        ("<cbc:ID>S-77", "<!DOCTYPE x><cbc:ID>S-77", ("broken", "")),
    ],
)  # fmt: skip
def test_a_document_with_a_fault_is_refused_at_its_place(old: str, new: str, expected: tuple[str, str]) -> None:
    text = swap(UBL, old, new)
    assert fault(text) == expected
    assert read_xml(text).invoices == ()


def test_a_comment_cannot_cut_an_amount_short() -> None:
    (invoice,) = read_xml(swap(UBL, ">509</cbc:PayableAmount>", ">5<!-- -->09</cbc:PayableAmount>")).invoices
    assert invoice.total_due == D("509")


def test_needless_zeros_and_byte_orders_do_not_count() -> None:
    plain = read_xml(UBL)
    assert read_xml(swap(UBL, ">509</cbc:PayableAmount>", ">0509.000000000</cbc:PayableAmount>")) == plain
    assert read_xml(UBL.replace("UTF-8", "UTF-16").encode("utf-16")) == plain


def declare(prologue: str) -> str:
    return swap(UBL, "<Invoice ", f"<!DOCTYPE Invoice {prologue}>\n<Invoice ")


@pytest.mark.parametrize(
    "prologue",
    [
        "",
        '[<!ENTITY e SYSTEM "file:///etc/passwd">]',
        'SYSTEM "http://127.0.0.1:9/x.dtd"',
        '[<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]',
    ],
)
def test_a_document_type_is_refused_whatever_it_declares(prologue: str) -> None:
    assert fault(declare(prologue)) == ("doctype", "")


def test_a_document_type_is_refused_at_the_first_look_and_again_when_reading() -> None:
    content = declare("").encode()
    for read in (look_into_xml, parse_safely):
        with pytest.raises(DocumentTypeRefused):
            read("bill.xml", content)


def test_nesting_without_end_is_refused() -> None:
    deep = "<b>" * 70 + "</b>" * 70
    assert fault(swap(UBL, "<cac:InvoiceLine>", f"{deep}<cac:InvoiceLine>")) == ("too-deep", "")
    endless = "<b>" * 300 + "</b>" * 300
    assert fault(swap(UBL, "<cac:InvoiceLine>", f"{endless}<cac:InvoiceLine>")) == ("broken", "")


def test_an_invoice_of_a_lookalike_namespace_is_not_read() -> None:
    assert fault(swap(UBL, "xsd:Invoice-2", "xsd:Invoice-3"))[0] == "no-importer"


def test_an_importer_that_a_person_chose_for_another_kind_of_xml_says_so() -> None:
    for text in (CII, "<Bill/>"):
        (issue,) = read_document("bill.xml", text.encode(), Definitions(), importer="ubl").issues
        assert issue.code == "broken"
        assert "is not one of ubl" in issue.message
