"""UBL 2.1 Invoice and CreditNote, as EN 16931 and Peppol BIS Billing 3 use them.

docs/formats/e-invoices.md says which element becomes which field.
"""

from __future__ import annotations

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

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE_ROOT = f"{{{_UBL}Invoice-2}}Invoice"
CREDIT_NOTE_ROOT = f"{{{_UBL}CreditNote-2}}CreditNote"
_NAMESPACES = {"cac": f"{_UBL}CommonAggregateComponents-2", "cbc": f"{_UBL}CommonBasicComponents-2"}
_BUYER = "cac:AccountingCustomerParty"
_ACCOUNT_REMARKS = ("cbc:BuyerReference", "cbc:AccountingCost")


class UblImporter:
    """Reads one UBL invoice or credit note."""

    name = "ubl"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "xml" and head.text in {INVOICE_ROOT, CREDIT_NOTE_ROOT}

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        root = parse_safely(head.name, content)
        nodes = Nodes(_NAMESPACES)
        bill = Bill(self.name)
        _read_header(nodes, root, bill)
        _read_totals(nodes, root, bill)
        objects = _read_objects(nodes, root, "cac:AdditionalDocumentReference")
        tag = "CreditNoteLine" if root.tag == CREDIT_NOTE_ROOT else "InvoiceLine"
        for number, element in enumerate(nodes.all(root, f"cac:{tag}"), start=1):
            source = Source(path=f"/{nodes.name(root)}/{tag}[{number}]", row=line_number(element))
            line = _read_line(nodes, element, bill, source)
            if line is not None:
                bill.charges.append(make_charge(line, objects, bill.issues))
        bill.charges += _read_allowances(nodes, root, bill)
        bill.charges += _read_taxes(nodes, root, bill)
        bill.issues[:0] = nodes.issues
        return make_document(bill)


def _read_header(nodes: Nodes, root: _Element, bill: Bill) -> None:
    number = nodes.only(root, "cbc:ID", required=True)
    issued = nodes.only(root, "cbc:IssueDate", required=True)
    currency = nodes.only(root, "cbc:DocumentCurrencyCode", required=True)
    due = nodes.first(root, "cbc:DueDate", "cac:PaymentMeans/cbc:PaymentDueDate", "cac:PaymentTerms/cbc:PaymentDueDate")
    seller = "cac:AccountingSupplierParty/cac:Party"
    carrier = nodes.first(
        root, f"{seller}/cac:PartyName/cbc:Name", f"{seller}/cac:PartyLegalEntity/cbc:RegistrationName"
    )
    account = _find_account(nodes, root)
    period = nodes.first(root, "cac:InvoicePeriod")
    corrected = nodes.first(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
    bill.number, bill.bill_date = nodes.text(number), nodes.day(issued)
    bill.currency, bill.due_date = nodes.text(currency), nodes.day(due)
    bill.carrier, bill.ban, bill.corrects = nodes.text(carrier), nodes.text(account), nodes.text(corrected)
    bill.type_code = nodes.text(nodes.first(root, "cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode"))
    if root.tag == CREDIT_NOTE_ROOT:
        bill.type_code = "381"
    bill.period = _read_period(nodes, period)
    if not bill.carrier:
        nodes.fail("field-missing", "The seller's name is missing", root)
    found = {"number": number, "bill_date": issued, "due_date": due, "carrier": carrier, "ban": account}
    found |= {"currency": currency, "billing_period": period, "corrects": corrected}
    bill.sources |= {name: nodes.source(element) for name, element in found.items() if element is not None}


def _find_account(nodes: Nodes, root: _Element) -> _Element | None:
    """What the seller calls the buyer; else the contract; else a number of the buyer that all the world uses."""
    assigned = nodes.first(root, f"{_BUYER}/cbc:SupplierAssignedAccountID")
    names = list(nodes.all(root, f"{_BUYER}/cac:Party/cac:PartyIdentification/cbc:ID"))
    own = [name for name in names if not name.get("schemeID") and nodes.text(name)]
    contract = nodes.first(root, "cac:ContractDocumentReference/cbc:ID")
    for found in (assigned, *own, contract, *names, nodes.first(root, *_ACCOUNT_REMARKS)):
        if found is not None:
            return found
    return None


def _read_period(nodes: Nodes, element: _Element | None) -> Period | None:
    start = nodes.day(nodes.only(element, "cbc:StartDate"))
    return nodes.period(start, nodes.day(nodes.only(element, "cbc:EndDate")), element)


def _read_totals(nodes: Nodes, root: _Element, bill: Bill) -> None:
    totals = nodes.only(root, "cac:LegalMonetaryTotal", required=True)
    if totals is None:
        return
    elements = {
        "net_total": nodes.only(totals, "cbc:TaxExclusiveAmount"),
        "current_charges": nodes.only(totals, "cbc:TaxInclusiveAmount"),
        "payments_applied": nodes.only(totals, "cbc:PrepaidAmount"),
        "rounding": nodes.only(totals, "cbc:PayableRoundingAmount"),
        "total_due": nodes.only(totals, "cbc:PayableAmount", required=True),
    }
    amounts = {name: nodes.amount(element, bill.currency) for name, element in elements.items()}
    bill.net, bill.gross, bill.payable = amounts["net_total"], amounts["current_charges"], amounts["total_due"]
    bill.prepaid, bill.rounding = amounts["payments_applied"] or ZERO, amounts["rounding"] or ZERO
    bill.sources |= {name: nodes.source(element) for name, element in elements.items() if element is not None}


def _read_objects(nodes: Nodes, parent: _Element, path: str) -> list[str]:
    """Identifiers of the objects that are billed, such as a telephone number or a circuit."""
    return [
        identifier
        for reference in nodes.all(parent, path)
        if nodes.text(nodes.first(reference, "cbc:DocumentTypeCode")) == INVOICED_OBJECT
        and (identifier := nodes.text(nodes.first(reference, "cbc:ID")))
    ]


def _read_line(nodes: Nodes, element: _Element, bill: Bill, source: Source) -> Line | None:
    amount = nodes.amount(nodes.only(element, "cbc:LineExtensionAmount", required=True), bill.currency)
    if amount is None:
        return None
    quantity = nodes.first(element, "cbc:InvoicedQuantity", "cbc:CreditedQuantity")
    item = nodes.only(element, "cac:Item")
    price = nodes.only(element, "cac:Price")
    label = nodes.text(nodes.first(element, "cbc:ID")) or source.path
    return Line(
        label=label,
        description=nodes.text(nodes.first(item, "cbc:Name", "cbc:Description")) or f"Line {label}",
        amount=amount,
        source=source,
        quantity=nodes.rate(quantity),
        unit=(quantity.get("unitCode") or "")[:20] if quantity is not None else "",
        price=nodes.rate(nodes.only(price, "cbc:PriceAmount")),
        base=nodes.rate(nodes.only(price, "cbc:BaseQuantity")),
        code=_read_code(nodes, item),
        period=_read_period(nodes, nodes.first(element, "cac:InvoicePeriod")),
        location=_read_location(nodes, element),
        objects=_read_objects(nodes, element, "cac:DocumentReference"),
        properties=[
            (nodes.text(nodes.first(one, "cbc:Name")), nodes.text(nodes.first(one, "cbc:Value")))
            for one in nodes.all(item, "cac:AdditionalItemProperty")
        ],
        adjustments=[
            (_reason(nodes, one), signed)
            for one in nodes.all(element, "cac:AllowanceCharge")
            if (signed := _read_signed(nodes, one, bill.currency))
        ],
    )


def _read_code(nodes: Nodes, item: _Element | None) -> str:
    kinds = ("Sellers", "Standard", "Buyers")
    return nodes.text(nodes.first(item, *(f"cac:{kind}ItemIdentification/cbc:ID" for kind in kinds)))


def _read_location(nodes: Nodes, element: _Element) -> str:
    """The delivery place of a line, else of the whole document."""
    path = "cac:Delivery/cac:DeliveryLocation/cbc:ID"
    return nodes.text(nodes.first(element, path)) or nodes.text(nodes.first(element.getparent(), path))


def _read_signed(nodes: Nodes, element: _Element, currency: str) -> Decimal | None:
    """The amount of an allowance (negative) or charge (positive)."""
    amount = nodes.amount(nodes.only(element, "cbc:Amount", required=True), currency)
    indicator = nodes.text(nodes.only(element, "cbc:ChargeIndicator", required=True))
    if amount is None or indicator in {"true", "1"}:
        return amount
    if indicator not in {"false", "0"}:
        nodes.fail("bad-indicator", f"ChargeIndicator is '{indicator[:20]}' and not true or false", element)
    return -amount


def _reason(nodes: Nodes, element: _Element) -> str:
    return nodes.text(nodes.first(element, "cbc:AllowanceChargeReason", "cbc:AllowanceChargeReasonCode"))


def _read_allowances(nodes: Nodes, root: _Element, bill: Bill) -> list[ParsedCharge]:
    """Allowances and charges on the document as a whole."""
    charges = []
    for element in nodes.all(root, "cac:AllowanceCharge"):
        amount = _read_signed(nodes, element, bill.currency)
        if amount:
            kind, title = (ChargeType.FEE, "Charge") if amount > 0 else (ChargeType.CREDIT, "Allowance")
            charges.append(ParsedCharge(_reason(nodes, element) or title, amount, nodes.source(element), kind))
    return charges


def _read_taxes(nodes: Nodes, root: _Element, bill: Bill) -> list[ParsedCharge]:
    """One TAX charge per category with an amount; a second total in the tax office's currency is not counted."""
    totals = [one for one in nodes.all(root, "cac:TaxTotal") if _is_in(nodes, one, bill.currency)]
    if len(totals) > 1:
        nodes.fail("field-repeated", f"TaxTotal stands {len(totals)} times in {bill.currency}", totals[1])
    if not totals:
        return []
    element = nodes.only(totals[0], "cbc:TaxAmount", required=True)
    bill.tax = nodes.amount(element, bill.currency)
    bill.sources["tax_total"] = nodes.source(element)
    charges = []
    for part in nodes.all(totals[0], "cac:TaxSubtotal"):
        amount = nodes.amount(nodes.only(part, "cbc:TaxAmount", required=True), bill.currency)
        if amount:
            category = nodes.only(part, "cac:TaxCategory")
            scheme = nodes.text(nodes.first(category, "cac:TaxScheme/cbc:ID")) or "Tax"
            percent = nodes.text(nodes.first(category, "cbc:Percent"))
            words = f"{scheme} {percent} %" if percent else scheme
            charges.append(ParsedCharge(words, amount, nodes.source(part), ChargeType.TAX))
    if not charges and bill.tax:
        charges.append(ParsedCharge("Tax", bill.tax, nodes.source(element), ChargeType.TAX))
    return charges


def _is_in(nodes: Nodes, total: _Element, currency: str) -> bool:
    amount = nodes.first(total, "cbc:TaxAmount")
    return amount is None or amount.get("currencyID", currency) == currency
