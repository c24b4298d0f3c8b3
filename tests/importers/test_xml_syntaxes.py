"""What the syntaxes of e-invoices have beyond the common: profiles without lines, lines in lines, extensions."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.money import ZERO, D
from app.domain.vocabulary import ChargeType, Severity
from app.importers.verify import verify
from tests.importers.xml_files import CII, UBL, cut, read_xml, swap

PROFILE = (
    "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:factur-x.eu:1p0:{}"
    "</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>"
)
BARE = cut(CII, "<ram:IncludedSupplyChainTradeLineItem>", "</ram:IncludedSupplyChainTradeLineItem>")


def with_profile(text: str, profile: str) -> str:
    return swap(text, "<rsm:ExchangedDocument>", PROFILE.format(profile) + "<rsm:ExchangedDocument>")


def test_a_basic_wl_bill_is_charged_by_its_taxed_sums() -> None:
    text = swap(BARE, "<ram:TypeCode>VAT", "<ram:BasisAmount>250.00</ram:BasisAmount><ram:TypeCode>VAT")
    document = read_xml(with_profile(text, "basicwl"))
    (invoice,) = document.invoices
    assert [(one.description, one.amount) for one in invoice.charges] == [
        ("Sum taxed with VAT 19.00 %", D(-250)),
        ("VAT 19.00 %", D("-47.50")),
    ]
    assert [(issue.severity, issue.code) for issue in document.issues] == [(Severity.WARNING, "no-lines")]
    assert verify(invoice) == ()


def test_a_minimum_bill_is_charged_by_its_totals() -> None:
    text = with_profile(cut(BARE, "<ram:ApplicableTradeTax>", "</ram:ApplicableTradeTax>"), "minimum")
    (invoice,) = read_xml(text).invoices
    assert [(one.description, one.amount) for one in invoice.charges] == [("Net sum", D(-250)), ("Tax", D("-47.50"))]
    assert verify(invoice) == ()


@pytest.mark.parametrize("profile", ["en16931", "basic", "extended"])
def test_a_bill_whose_kind_must_have_lines_is_refused_without_them(profile: str) -> None:
    document = read_xml(with_profile(BARE, profile))
    assert [(issue.severity, issue.code) for issue in document.issues] == [(Severity.ERROR, "no-lines")]


@pytest.mark.parametrize("status", ["GROUP", "INFORMATION"])
def test_lines_that_group_or_explain_are_no_charges(status: str) -> None:
    line = CII[CII.index("<ram:Included") : CII.index("</ram:IncludedSupplyChainTradeLineItem>") + 39]
    label = "<ram:LineID>1</ram:LineID>"
    group = swap(line, label, f"{label}<ram:LineStatusReasonCode>{status}</ram:LineStatusReasonCode>")
    document = read_xml(swap(CII, line, group + line))
    assert [issue.code for issue in document.issues] == ["line-without-charge"]
    assert [one.source.path[-3:] for one in document.invoices[0].charges] == ["[2]", "Tax"]
    assert verify(document.invoices[0]) == ()


def sub_line(number: str, amount: str, name: str) -> str:
    return (
        f'<cac:SubInvoiceLine><cbc:ID>{number}</cbc:ID><cbc:InvoicedQuantity unitCode="MON">1</cbc:InvoicedQuantity>'
        f'<cbc:LineExtensionAmount currencyID="EUR">{amount}</cbc:LineExtensionAmount>'
        f"<cac:Item><cbc:Name>{name}</cbc:Name></cac:Item></cac:SubInvoiceLine>"
    )


def test_the_lines_inside_a_line_take_its_place() -> None:
    inside = sub_line("2.1", "30.00", "National") + sub_line("2.2", "6.84", "Mobile")
    text = swap(UBL, "<cac:Item><cbc:Name>Calls", f"{inside}<cac:Item><cbc:Name>Calls")
    document = read_xml(text)
    (invoice,) = document.invoices
    names = [(one.description, one.amount) for one in invoice.charges]
    assert names[1:3] == [("National", D(30)), ("Mobile", D("6.84"))]
    assert invoice.charges[2].source.path == "/Invoice/InvoiceLine[2]/SubInvoiceLine[2]"
    assert (document.issues, verify(invoice)) == ((), ())


def test_lines_inside_a_line_that_are_not_its_sum_are_told() -> None:
    text = swap(UBL, "<cac:Item><cbc:Name>Calls", f"{sub_line('2.1', '30.00', 'National')}<cac:Item><cbc:Name>Calls")
    document = read_xml(text)
    assert [issue.code for issue in document.issues] == ["sub-lines-differ"]
    assert [one.description for one in document.invoices[0].charges][1] == "Calls"


THIRD_PARTY = (
    '<cac:PrepaidPayment><cbc:PaidAmount currencyID="EUR">20.00</cbc:PaidAmount>'
    "<cbc:InstructionID>Roaming partner</cbc:InstructionID></cac:PrepaidPayment><cac:AllowanceCharge>"
)


def test_what_is_collected_for_others_is_due_where_the_profile_says_so() -> None:
    text = swap(UBL, "<cac:AllowanceCharge>", THIRD_PARTY)
    text = swap(text, ">509</cbc:PayableAmount>", ">529</cbc:PayableAmount>")
    assert "does-not-foot" in [issue.code for issue in read_xml(text).issues]
    custom = "<cbc:CustomizationID>urn:x#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0</cbc:CustomizationID>"
    document = read_xml(swap(text, "<cbc:ID>S-77", f"{custom}<cbc:ID>S-77"))
    (invoice,) = document.invoices
    assert (document.issues, invoice.total_due) == ((), D(529))
    (other,) = [one for one in invoice.charges if one.charge_type is ChargeType.ADJUSTMENT]
    assert (other.description, other.amount) == ("Roaming partner", D(20))


def old(text: str) -> str:
    """`text` in the words of ZUGFeRD 1."""
    words = (
        ("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", "urn:ferd:CrossIndustryDocument:invoice:1p0"),
        ("BusinessInformationEntity:100", "BusinessInformationEntity:12"),
        ("UnqualifiedDataType:100", "UnqualifiedDataType:15"),
        ("rsm:CrossIndustryInvoice", "rsm:CrossIndustryDocument"),
        ("rsm:ExchangedDocument", "rsm:HeaderExchangedDocument"),
        ("rsm:SupplyChainTradeTransaction", "rsm:SpecifiedSupplyChainTradeTransaction"),
        ("ApplicableHeaderTrade", "ApplicableSupplyChainTrade"),
        ("SpecifiedLineTrade", "SpecifiedSupplyChainTrade"),
        ("SettlementHeaderMonetary", "SettlementMonetary"),
        ("SettlementLineMonetary", "SettlementMonetary"),
        ("RateApplicablePercent", "ApplicablePercent"),
    )
    for new, before in words:
        assert new in text, new
        text = text.replace(new, before)
    return text


def test_zugferd_1_says_the_same_in_other_words() -> None:
    (new,), (before,) = read_xml(CII).invoices, read_xml(old(CII)).invoices
    assert (before.number, before.bill_date, before.ban) == (new.number, new.bill_date, new.ban)
    assert [(one.amount, one.circuit_id, one.period) for one in before.charges] == [
        (one.amount, one.circuit_id, one.period) for one in new.charges
    ]
    assert (before.total_due, before.net_total) == (new.total_due, new.net_total)


def test_lines_of_zugferd_1_without_amounts_are_texts() -> None:
    text = old(CII)
    amount = "<ram:LineTotalAmount>250.00</ram:LineTotalAmount>"
    assert [issue.code for issue in read_xml(swap(text, amount, "")).issues] == ["no-lines"]


def test_a_date_of_another_format_is_refused() -> None:
    (issue, *_rest) = read_xml(swap(CII, 'format="102">20260905', 'format="610">202609')).issues
    assert (issue.severity, issue.code) == (Severity.ERROR, "bad-date")


def test_a_tax_in_the_tax_offices_currency_is_not_counted() -> None:
    total = '<ram:TaxTotalAmount currencyID="EUR">47.50</ram:TaxTotalAmount>'
    extra = '<ram:TaxTotalAmount currencyID="SEK">520.00</ram:TaxTotalAmount>'
    document = read_xml(swap(CII, total, total + extra))
    assert (document.issues, document.invoices[0].tax_total) == ((), D("-47.50"))
    assert [issue.code for issue in read_xml(swap(CII, total, total * 2)).issues] == ["field-repeated"]


def test_shipping_is_a_fee() -> None:
    fee = (
        "<ram:SpecifiedLogisticsServiceCharge><ram:Description>Courier</ram:Description>"
        "<ram:AppliedAmount>3.00</ram:AppliedAmount></ram:SpecifiedLogisticsServiceCharge>"
    )
    (invoice,) = read_xml(swap(CII, "<ram:ApplicableTradeTax>", fee + "<ram:ApplicableTradeTax>")).invoices
    assert [(one.charge_type, one.description, one.amount) for one in invoice.charges][1] == (
        ChargeType.FEE,
        "Courier",
        D(-3),
    )


def test_a_period_with_one_end_is_left_out_with_a_warning() -> None:
    text = cut(UBL, "<cbc:EndDate>2026-09-30", "</cbc:EndDate>")
    document = read_xml(text)
    assert [(issue.severity, issue.code) for issue in document.issues] == [(Severity.WARNING, "bad-period")]
    assert (document.invoices[0].billing_period, document.invoices[0].bill_date) == (None, date(2026, 9, 1))


def test_amounts_that_sum_to_more_than_can_be_kept_are_refused() -> None:
    text = swap(swap(UBL, ">609.09<", ">999999999999<"), ">-0.09<", ">999999999999<")
    assert "bad-amount" in [issue.code for issue in read_xml(text).issues]


def test_a_price_for_next_to_nothing_is_no_price() -> None:
    text = swap(UBL, "<cbc:BaseQuantity>3000", "<cbc:BaseQuantity>0.0000000001")
    document = read_xml(text)
    calls = document.invoices[0].charges[1]
    assert (calls.unit_price, sum((one.amount for one in document.invoices[0].charges), ZERO)) == (None, D("609.09"))
