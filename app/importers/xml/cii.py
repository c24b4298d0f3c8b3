"""UN/CEFACT Cross Industry Invoice D16B (EN 16931, Factur-X, ZUGFeRD 2, XRechnung) and its forerunner, ZUGFeRD 1.0.

docs/formats/e-invoices.md says which element becomes which field.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.importers.xml.nodes import Nodes
from app.importers.xml.syntax import AdjustmentPaths, LinePaths, ObjectPaths, PeriodPaths, Syntax, TaxPaths

if TYPE_CHECKING:
    from lxml.etree import _Element

_CII = "urn:un:unece:uncefact:data:standard:"
ROOT = f"{{{_CII}CrossIndustryInvoice:100}}CrossIndustryInvoice"
OLD_ROOT = "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument"
_NAMES = "ReusableAggregateBusinessInformationEntity"
_DAY = ("udt:DateTimeString", "udt:DateTime", "qdt:DateTimeString")
_REASONS = ("ram:Reason", "ram:ReasonCode")
_PERIOD = "ram:BillingSpecifiedPeriod"
_BUYER = "ram:BuyerTradeParty"
_LINE = "IncludedSupplyChainTradeLineItem"


def _find_account(agreement: str, settlement: str, nodes: Nodes, root: _Element) -> _Element | None:
    """What the seller calls the buyer; else the contract; else a number of the buyer that all the world uses."""
    account = nodes.first(
        root,
        f"{agreement}/{_BUYER}/ram:ID",
        f"{agreement}/ram:ContractReferencedDocument/ram:IssuerAssignedID",
        f"{agreement}/ram:ContractReferencedDocument/ram:ID",
        f"{agreement}/{_BUYER}/ram:GlobalID",
        f"{agreement}/ram:BuyerReference",
    )
    if account is not None:
        return account
    return nodes.first(root, f"{settlement}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID")


def _adjustments(settlement: str) -> AdjustmentPaths:
    element = f"{settlement}/ram:SpecifiedTradeAllowanceCharge"
    return AdjustmentPaths(element, "ram:ActualAmount", _REASONS, "ram:ChargeIndicator/udt:Indicator")


def _objects(parent: str) -> ObjectPaths:
    return ObjectPaths(f"{parent}/ram:AdditionalReferencedDocument", "ram:IssuerAssignedID", "ram:TypeCode")


def _lines(trade: str, names: tuple[str, str, str], summation: str) -> LinePaths:
    """The lines; `names` are those of a line's agreement, delivery and settlement."""
    agreement, delivery, settlement = (f"ram:{name}" for name in names)
    product = "ram:SpecifiedTradeProduct"
    return LinePaths(
        elements=(f"{trade}/ram:{_LINE}",),
        parts=(),
        label="ram:AssociatedDocumentLineDocument/ram:LineID",
        status="ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode",
        amount=f"{settlement}/ram:{summation}/ram:LineTotalAmount",
        quantities=(f"{delivery}/ram:BilledQuantity",),
        names=(f"{product}/ram:Name", f"{product}/ram:Description"),
        price=f"{agreement}/ram:NetPriceProductTradePrice/ram:ChargeAmount",
        base=f"{agreement}/ram:NetPriceProductTradePrice/ram:BasisQuantity",
        codes=tuple(f"{product}/ram:{kind}" for kind in ("SellerAssignedID", "GlobalID", "BuyerAssignedID")),
        period=f"{settlement}/{_PERIOD}",
        locations=(f"{delivery}/ram:ShipToTradeParty/ram:ID",),
        objects=_objects(settlement),
        property=f"{product}/ram:ApplicableProductCharacteristic",
        property_names=("ram:Description",),
        property_values=("ram:Value", "ram:ValueMeasure"),
        adjustments=_adjustments(settlement),
    )


def _make(
    root: str,
    namespaces: dict[str, str],
    context: str,
    document: str,
    trade: str,
    parts: tuple[str, str, str],
    summation: str,
    lines: LinePaths,
    *,
    old: bool,
) -> Syntax:
    agreement, delivery, settlement = (f"{trade}/ram:{part}" for part in parts)
    return Syntax(
        importer="cii",
        roots=(root,),
        namespaces={"rsm": root[1:].partition("}")[0], **namespaces},
        once=(document, trade, agreement, settlement, f"{agreement}/ram:SellerTradeParty"),
        profile=f"{context}/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
        linefree=("minimum", "basicwl", "1p0:basic") if old else ("minimum", "basicwl"),
        number=f"{document}/ram:ID",
        bill_date=f"{document}/ram:IssueDateTime",
        currency=f"{settlement}/ram:InvoiceCurrencyCode",
        due_dates=(f"{settlement}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime",),
        carriers=(f"{agreement}/ram:SellerTradeParty/ram:Name",),
        period=f"{settlement}/{_PERIOD}",
        pay_to=tuple(
            f"{settlement}/ram:SpecifiedTradeSettlementPaymentMeans/ram:PayeePartyCreditorFinancialAccount/ram:{name}"
            for name in ("IBANID", "ProprietaryID")
        ),
        corrects=tuple(f"{settlement}/ram:InvoiceReferencedDocument/ram:{name}" for name in ("IssuerAssignedID", "ID")),
        type_codes=(f"{document}/ram:TypeCode",),
        copy=f"{document}/ram:CopyIndicator/udt:Indicator",
        account=partial(_find_account, agreement, settlement),
        totals=f"{settlement}/ram:{summation}",
        net="ram:TaxBasisTotalAmount",
        gross="ram:GrandTotalAmount",
        prepaid="ram:TotalPrepaidAmount",
        rounding="ram:RoundingAmount",
        payable="ram:DuePayableAmount",
        tax=TaxPaths(
            group=settlement,
            total=f"ram:{summation}/ram:TaxTotalAmount",
            part="ram:ApplicableTradeTax",
            amount="ram:CalculatedAmount",
            base="ram:BasisAmount",
            kind="ram:TypeCode",
            percents=("ram:RateApplicablePercent", "ram:ApplicablePercent"),
        ),
        adjustments=(
            _adjustments(settlement),
            AdjustmentPaths(
                f"{settlement}/ram:SpecifiedLogisticsServiceCharge",
                "ram:AppliedAmount",
                ("ram:Description",),
                title="Shipping",
            ),
        ),
        objects=_objects(agreement),
        locations=(f"{delivery}/ram:ShipToTradeParty/ram:ID",),
        ends=PeriodPaths("ram:StartDateTime", "ram:EndDateTime", _DAY),
        lines=lines,
        line_amounts_optional=old,
    )


_TRADE = "rsm:SupplyChainTradeTransaction"
CII = _make(
    ROOT,
    {
        "ram": f"{_CII}{_NAMES}:100",
        "udt": f"{_CII}UnqualifiedDataType:100",
        "qdt": f"{_CII}QualifiedDataType:100",
    },
    "rsm:ExchangedDocumentContext",
    "rsm:ExchangedDocument",
    _TRADE,
    ("ApplicableHeaderTradeAgreement", "ApplicableHeaderTradeDelivery", "ApplicableHeaderTradeSettlement"),
    "SpecifiedTradeSettlementHeaderMonetarySummation",
    _lines(
        _TRADE,
        ("SpecifiedLineTradeAgreement", "SpecifiedLineTradeDelivery", "SpecifiedLineTradeSettlement"),
        "SpecifiedTradeSettlementLineMonetarySummation",
    ),
    old=False,
)


def _prefix(word: str) -> tuple[str, str, str]:
    """What ZUGFeRD 1 calls the three parts of a trade, or of a line of it."""
    return f"{word}SupplyChainTradeAgreement", f"{word}SupplyChainTradeDelivery", f"{word}SupplyChainTradeSettlement"


_OLD_TRADE = "rsm:SpecifiedSupplyChainTradeTransaction"
ZUGFERD_1 = _make(
    OLD_ROOT,
    {
        "ram": f"{_CII}{_NAMES}:12",
        "udt": f"{_CII}UnqualifiedDataType:15",
        "qdt": f"{_CII}QualifiedDataType:12",
    },
    "rsm:SpecifiedExchangedDocumentContext",
    "rsm:HeaderExchangedDocument",
    _OLD_TRADE,
    _prefix("Applicable"),
    "SpecifiedTradeSettlementMonetarySummation",
    _lines(
        _OLD_TRADE,
        _prefix("Specified"),
        "SpecifiedTradeSettlementMonetarySummation",
    ),
    old=True,
)
