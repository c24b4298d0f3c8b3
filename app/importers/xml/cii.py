"""UN/CEFACT Cross Industry Invoice (D16B), as EN 16931, Factur-X, ZUGFeRD 2 and XRechnung use it.

docs/formats/e-invoices.md says which element becomes which field.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.money import ZERO
from app.domain.parsed import ParsedCharge, ParsedDocument
from app.domain.period import Period
from app.domain.source import Source
from app.domain.vocabulary import ChargeType
from app.importers.registry import DocumentHead
from app.importers.xml.bill import INVOICED_OBJECT, Bill, Line, make_charge, make_document
from app.importers.xml.nodes import Nodes, line_number
from app.importers.xml.safe import parse_safely

if TYPE_CHECKING:
    from lxml.etree import _Element

_CII = "urn:un:unece:uncefact:data:standard:"
ROOT = f"{{{_CII}CrossIndustryInvoice:100}}CrossIndustryInvoice"
_NAMESPACES = {
    "rsm": f"{_CII}CrossIndustryInvoice:100",
    "ram": f"{_CII}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}UnqualifiedDataType:100",
    "qdt": f"{_CII}QualifiedDataType:100",
}
_TRADE = "rsm:SupplyChainTradeTransaction"
_LINE = "IncludedSupplyChainTradeLineItem"


class CiiImporter:
    """Reads one Cross Industry Invoice."""

    name = "cii"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "xml" and head.text == ROOT

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        root = parse_safely(head.name, content)
        nodes = Nodes(_NAMESPACES)
        bill = Bill(self.name)
        trade = nodes.only(root, _TRADE, required=True)
        agreement = nodes.only(trade, "ram:ApplicableHeaderTradeAgreement", required=True)
        settlement = nodes.only(trade, "ram:ApplicableHeaderTradeSettlement", required=True)
        delivery = nodes.only(trade, "ram:ApplicableHeaderTradeDelivery")
        if trade is not None and agreement is not None and settlement is not None:
            _read_header(nodes, root, agreement, settlement, bill)
            _read_totals(nodes, settlement, bill)
            place = nodes.text(nodes.first(delivery, "ram:ShipToTradeParty/ram:ID"))
            objects = _read_objects(nodes, agreement)
            for number, element in enumerate(nodes.all(trade, f"ram:{_LINE}"), start=1):
                path = f"/CrossIndustryInvoice/SupplyChainTradeTransaction/{_LINE}[{number}]"
                line = _read_line(nodes, element, bill, Source(path=path, row=line_number(element)), place)
                if line is not None:
                    bill.charges.append(make_charge(line, objects, bill.issues))
            bill.charges += _read_allowances(nodes, settlement, bill)
            bill.charges += _read_taxes(nodes, settlement, bill)
        bill.issues[:0] = nodes.issues
        return make_document(bill)


def _read_header(nodes: Nodes, root: _Element, agreement: _Element, settlement: _Element, bill: Bill) -> None:
    document = nodes.only(root, "rsm:ExchangedDocument", required=True)
    buyer = "ram:BuyerTradeParty"
    number = nodes.only(document, "ram:ID", required=True)
    issued = nodes.only(document, "ram:IssueDateTime", required=True)
    currency = nodes.only(settlement, "ram:InvoiceCurrencyCode", required=True)
    due = nodes.first(settlement, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime")
    carrier = nodes.only(agreement, "ram:SellerTradeParty/ram:Name", required=True)
    account = nodes.first(
        agreement,
        f"{buyer}/ram:ID",
        "ram:ContractReferencedDocument/ram:IssuerAssignedID",
        f"{buyer}/ram:GlobalID",
        "ram:BuyerReference",
    )
    if account is None:
        account = nodes.first(settlement, "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID")
    period = nodes.first(settlement, "ram:BillingSpecifiedPeriod")
    corrected = nodes.first(settlement, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID")
    bill.number, bill.type_code = nodes.text(number), nodes.text(nodes.first(document, "ram:TypeCode"))
    bill.bill_date, bill.due_date = _read_date(nodes, issued), _read_date(nodes, due)
    if bill.bill_date is None:
        nodes.fail("field-missing", "The date of the invoice is missing", issued if issued is not None else document)
    bill.currency, bill.carrier, bill.ban = nodes.text(currency), nodes.text(carrier), nodes.text(account)
    bill.period, bill.corrects = _read_period(nodes, period), nodes.text(corrected)
    found = {"number": number, "bill_date": issued, "due_date": due, "carrier": carrier, "ban": account}
    found |= {"currency": currency, "billing_period": period, "corrects": corrected}
    bill.sources |= {name: nodes.source(element) for name, element in found.items() if element is not None}


def _read_date(nodes: Nodes, element: _Element | None) -> date | None:
    """A date is YYYYMMDD with format 102; no other is in use in EN 16931."""
    text = nodes.first(element, "udt:DateTimeString", "udt:DateTime", "qdt:DateTimeString")
    if text is not None and text.get("format", "102") != "102":
        nodes.fail("bad-date", f"The date has the format {text.get('format', '')[:10]}, and only 102 is read", text)
        return None
    return nodes.day(text, "YYYYMMDD")


def _read_period(nodes: Nodes, element: _Element | None) -> Period | None:
    start = _read_date(nodes, nodes.first(element, "ram:StartDateTime"))
    return nodes.period(start, _read_date(nodes, nodes.first(element, "ram:EndDateTime")), element)


def _read_totals(nodes: Nodes, settlement: _Element, bill: Bill) -> None:
    totals = nodes.only(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation", required=True)
    if totals is None:
        return
    elements = {
        "net_total": nodes.only(totals, "ram:TaxBasisTotalAmount"),
        "current_charges": nodes.only(totals, "ram:GrandTotalAmount"),
        "payments_applied": nodes.only(totals, "ram:TotalPrepaidAmount"),
        "rounding": nodes.only(totals, "ram:RoundingAmount"),
        "total_due": nodes.only(totals, "ram:DuePayableAmount", required=True),
    }
    # the tax may stand a second time, in the currency of the tax office
    taxes = [
        one for one in nodes.all(totals, "ram:TaxTotalAmount") if one.get("currencyID", bill.currency) == bill.currency
    ]
    if len(taxes) > 1:
        nodes.fail("field-repeated", f"TaxTotalAmount stands {len(taxes)} times in {bill.currency}", taxes[1])
    elements["tax_total"] = taxes[0] if taxes else None
    amounts = {name: nodes.amount(element, bill.currency) for name, element in elements.items()}
    bill.net, bill.gross, bill.payable = amounts["net_total"], amounts["current_charges"], amounts["total_due"]
    bill.tax = amounts["tax_total"]
    bill.prepaid, bill.rounding = amounts["payments_applied"] or ZERO, amounts["rounding"] or ZERO
    bill.sources |= {name: nodes.source(element) for name, element in elements.items() if element is not None}


def _read_objects(nodes: Nodes, parent: _Element | None) -> list[str]:
    """Identifiers of the objects that are billed, such as a telephone number or a circuit."""
    return [
        identifier
        for reference in nodes.all(parent, "ram:AdditionalReferencedDocument")
        if nodes.text(nodes.first(reference, "ram:TypeCode")) == INVOICED_OBJECT
        and (identifier := nodes.text(nodes.first(reference, "ram:IssuerAssignedID")))
    ]


def _read_line(nodes: Nodes, element: _Element, bill: Bill, source: Source, place: str) -> Line | None:
    settlement = nodes.only(element, "ram:SpecifiedLineTradeSettlement", required=True)
    total = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    amount = nodes.amount(nodes.only(settlement, total, required=True), bill.currency)
    if amount is None:
        return None
    product = nodes.only(element, "ram:SpecifiedTradeProduct")
    price = nodes.only(element, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice")
    delivery = nodes.only(element, "ram:SpecifiedLineTradeDelivery")
    quantity = nodes.only(delivery, "ram:BilledQuantity")
    label = nodes.text(nodes.first(element, "ram:AssociatedDocumentLineDocument/ram:LineID")) or source.path
    return Line(
        label=label,
        description=nodes.text(nodes.first(product, "ram:Name", "ram:Description")) or f"Line {label}",
        amount=amount,
        source=source,
        quantity=nodes.rate(quantity),
        unit=(quantity.get("unitCode") or "")[:20] if quantity is not None else "",
        price=nodes.rate(nodes.only(price, "ram:ChargeAmount")),
        base=nodes.rate(nodes.only(price, "ram:BasisQuantity")),
        code=nodes.text(nodes.first(product, "ram:SellerAssignedID", "ram:GlobalID", "ram:BuyerAssignedID")),
        period=_read_period(nodes, nodes.first(settlement, "ram:BillingSpecifiedPeriod")),
        location=nodes.text(nodes.first(delivery, "ram:ShipToTradeParty/ram:ID")) or place,
        objects=_read_objects(nodes, settlement),
        properties=[
            (nodes.text(nodes.first(one, "ram:Description")), nodes.text(nodes.first(one, "ram:Value")))
            for one in nodes.all(product, "ram:ApplicableProductCharacteristic")
        ],
        adjustments=[
            (_reason(nodes, one), signed)
            for one in nodes.all(settlement, "ram:SpecifiedTradeAllowanceCharge")
            if (signed := _read_signed(nodes, one, bill.currency))
        ],
    )


def _read_signed(nodes: Nodes, element: _Element, currency: str) -> Decimal | None:
    """The amount of an allowance (negative) or charge (positive)."""
    amount = nodes.amount(nodes.only(element, "ram:ActualAmount", required=True), currency)
    indicator = nodes.text(nodes.only(element, "ram:ChargeIndicator/udt:Indicator", required=True))
    if amount is None or indicator in {"true", "1"}:
        return amount
    if indicator not in {"false", "0"}:
        nodes.fail("bad-indicator", f"ChargeIndicator is '{indicator[:20]}' and not true or false", element)
    return -amount


def _reason(nodes: Nodes, element: _Element) -> str:
    return nodes.text(nodes.first(element, "ram:Reason", "ram:ReasonCode"))


def _read_allowances(nodes: Nodes, settlement: _Element, bill: Bill) -> list[ParsedCharge]:
    """Allowances, charges and logistics fees on the document as a whole."""
    charges = []
    for element in nodes.all(settlement, "ram:SpecifiedTradeAllowanceCharge"):
        amount = _read_signed(nodes, element, bill.currency)
        if amount:
            kind, title = (ChargeType.FEE, "Charge") if amount > 0 else (ChargeType.CREDIT, "Allowance")
            charges.append(ParsedCharge(_reason(nodes, element) or title, amount, nodes.source(element), kind))
    for element in nodes.all(settlement, "ram:SpecifiedLogisticsServiceCharge"):
        amount = nodes.amount(nodes.only(element, "ram:AppliedAmount", required=True), bill.currency)
        if amount:
            words = nodes.text(nodes.first(element, "ram:Description")) or "Shipping"
            charges.append(ParsedCharge(words, amount, nodes.source(element), ChargeType.FEE))
    return charges


def _read_taxes(nodes: Nodes, settlement: _Element, bill: Bill) -> list[ParsedCharge]:
    """One TAX charge per category with an amount."""
    charges = []
    for part in nodes.all(settlement, "ram:ApplicableTradeTax"):
        amount = nodes.amount(nodes.only(part, "ram:CalculatedAmount", required=True), bill.currency)
        if amount:
            scheme = nodes.text(nodes.first(part, "ram:TypeCode")) or "Tax"
            percent = nodes.text(nodes.first(part, "ram:RateApplicablePercent"))
            words = f"{scheme} {percent} %" if percent else scheme
            charges.append(ParsedCharge(words, amount, nodes.source(part), ChargeType.TAX))
    if not charges and bill.tax:
        charges.append(ParsedCharge("Tax", bill.tax, bill.sources["tax_total"], ChargeType.TAX))
    return charges
