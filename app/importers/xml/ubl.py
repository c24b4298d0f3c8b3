"""UBL 2.1 Invoice and CreditNote, as EN 16931, Peppol BIS Billing 3 and XRechnung use them.

docs/formats/e-invoices.md says which element becomes which field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.importers.xml.nodes import Nodes
from app.importers.xml.syntax import AdjustmentPaths, LinePaths, ObjectPaths, PeriodPaths, Syntax, TaxPaths

if TYPE_CHECKING:
    from lxml.etree import _Element

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE_ROOT = f"{{{_UBL}Invoice-2}}Invoice"
CREDIT_NOTE_ROOT = f"{{{_UBL}CreditNote-2}}CreditNote"
_SELLER = "cac:AccountingSupplierParty/cac:Party"
_BUYER = "cac:AccountingCustomerParty"
_PLACE = "cac:Delivery/cac:DeliveryLocation/cbc:ID"
_ALLOWANCE = AdjustmentPaths(
    "cac:AllowanceCharge",
    "cbc:Amount",
    ("cbc:AllowanceChargeReason", "cbc:AllowanceChargeReasonCode"),
    "cbc:ChargeIndicator",
)


def _find_account(nodes: Nodes, root: _Element) -> _Element | None:
    """What the seller calls the buyer; else the contract; else a number of the buyer that all the world uses."""
    assigned = nodes.first(root, f"{_BUYER}/cbc:SupplierAssignedAccountID")
    names = list(nodes.all(root, f"{_BUYER}/cac:Party/cac:PartyIdentification/cbc:ID"))
    own = [name for name in names if not name.get("schemeID") and nodes.text(name)]
    contract = nodes.first(root, "cac:ContractDocumentReference/cbc:ID")
    for found in (assigned, *own, contract, *names, nodes.first(root, "cbc:BuyerReference", "cbc:AccountingCost")):
        if found is not None:
            return found
    return None


UBL = Syntax(
    importer="ubl",
    roots=(INVOICE_ROOT, CREDIT_NOTE_ROOT),
    namespaces={"cac": f"{_UBL}CommonAggregateComponents-2", "cbc": f"{_UBL}CommonBasicComponents-2"},
    once=("cac:LegalMonetaryTotal", "cac:AccountingSupplierParty"),
    profile="cbc:CustomizationID",
    linefree=(),
    number="cbc:ID",
    bill_date="cbc:IssueDate",
    currency="cbc:DocumentCurrencyCode",
    due_dates=("cbc:DueDate", "cac:PaymentMeans/cbc:PaymentDueDate", "cac:PaymentTerms/cbc:PaymentDueDate"),
    carriers=(f"{_SELLER}/cac:PartyName/cbc:Name", f"{_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName"),
    period="cac:InvoicePeriod",
    pay_to=("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID",),
    corrects=("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",),
    type_codes=("cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode"),
    copy="cbc:CopyIndicator",
    account=_find_account,
    totals="cac:LegalMonetaryTotal",
    net="cbc:TaxExclusiveAmount",
    gross="cbc:TaxInclusiveAmount",
    prepaid="cbc:PrepaidAmount",
    rounding="cbc:PayableRoundingAmount",
    payable="cbc:PayableAmount",
    tax=TaxPaths(
        group="cac:TaxTotal",
        total="cbc:TaxAmount",
        part="cac:TaxSubtotal",
        amount="cbc:TaxAmount",
        base="cbc:TaxableAmount",
        kind="cac:TaxCategory/cac:TaxScheme/cbc:ID",
        percents=("cac:TaxCategory/cbc:Percent",),
    ),
    adjustments=(_ALLOWANCE,),
    objects=ObjectPaths("cac:AdditionalDocumentReference", "cbc:ID", "cbc:DocumentTypeCode"),
    locations=(_PLACE,),
    ends=PeriodPaths("cbc:StartDate", "cbc:EndDate"),
    lines=LinePaths(
        elements=("cac:InvoiceLine", "cac:CreditNoteLine"),
        parts=("cac:SubInvoiceLine", "cac:SubCreditNoteLine"),
        label="cbc:ID",
        status="",
        amount="cbc:LineExtensionAmount",
        quantities=("cbc:InvoicedQuantity", "cbc:CreditedQuantity"),
        names=("cac:Item/cbc:Name", "cac:Item/cbc:Description"),
        price="cac:Price/cbc:PriceAmount",
        base="cac:Price/cbc:BaseQuantity",
        codes=tuple(f"cac:Item/cac:{kind}ItemIdentification/cbc:ID" for kind in ("Sellers", "Standard", "Buyers")),
        period="cac:InvoicePeriod",
        locations=(_PLACE,),
        objects=ObjectPaths("cac:DocumentReference", "cbc:ID", "cbc:DocumentTypeCode"),
        property="cac:Item/cac:AdditionalItemProperty",
        property_names=("cbc:Name",),
        property_values=("cbc:Value",),
        adjustments=_ALLOWANCE,
    ),
    # XRechnung's extension: sums that the seller collects for others are due beside the invoice's own total
    third_party=AdjustmentPaths(
        "cac:PrepaidPayment", "cbc:PaidAmount", ("cbc:InstructionID", "cbc:ID"), title="Payment collected for others"
    ),
    third_party_profile="extension:xrechnung",
)
