"""Stratum's bill as UBL 2.1 in the manner of EN 16931: no balance, VAT once for the whole."""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import escape

from tools.demo_company.arithmetic import cents
from tools.demo_company.carriers import CARRIER, STRATUM
from tools.demo_company.paper import last_day
from tools.demo_company.sites import COMPANY_LEGAL, SITE
from tools.demo_company.values import TAX, Bill, Charge

_UNITS = {"month": "MON", "once": "C62", "kWh": "KWH", "kW": "KWT", "h": "HUR", "": "C62"}
_NAMESPACES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
_NUMBERS = {"sc_fra": ("DE123456789", "DE"), "sc_ams": ("NL123456789B01", "NL")}


def write_stratum(bill: Bill) -> bytes:
    """The bill's XML."""
    vat = next(charge for charge in bill.charges if charge.kind == TAX)
    charges = [charge for charge in bill.charges if charge.kind != TAX]
    net = sum((charge.amount for charge in charges), Decimal(0))
    rate = SITE["FRA1" if bill.account.key == "sc_fra" else "AMS1"].state_tax
    parts = [
        _tag("CustomizationID", "urn:cen.eu:en16931:2017"),
        _tag("ID", bill.number),
        _tag("IssueDate", bill.bill_date),
        _tag("DueDate", bill.due),
        _tag("InvoiceTypeCode", "380"),
        _tag("DocumentCurrencyCode", "EUR"),
        _tag("BuyerReference", bill.account.ban),
        _group("InvoicePeriod", _tag("StartDate", bill.start), _tag("EndDate", last_day(bill.end))),
        _group("ContractDocumentReference", _tag("ID", bill.account.contract)),
        _seller(bill),
        _customer(bill),
        _group("Delivery", _group("DeliveryLocation", _tag("ID", "FRA1" if bill.account.key == "sc_fra" else "AMS1"))),
        _group(
            "PaymentMeans",
            _tag("PaymentMeansCode", "58"),
            _tag("PaymentID", bill.number),
            _group("PayeeFinancialAccount", _tag("ID", CARRIER[STRATUM].iban)),
        ),
        _group("PaymentTerms", _tag("Note", f"Payable by {bill.due:%d.%m.%Y} without deduction")),
        _group(
            "TaxTotal",
            _amount("TaxAmount", vat.amount),
            _group(
                "TaxSubtotal",
                _amount("TaxableAmount", net),
                _amount("TaxAmount", vat.amount),
                _vat("TaxCategory", rate),
            ),
        ),
        _group(
            "LegalMonetaryTotal",
            _amount("LineExtensionAmount", net),
            _amount("TaxExclusiveAmount", net),
            _amount("TaxInclusiveAmount", bill.current),
            _amount("PayableAmount", bill.total),
        ),
        *(_charge(number, charge, rate) for number, charge in enumerate(charges, start=1)),
    ]
    body = "\n".join(_indent(part, 1) for part in parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Invoice {_NAMESPACES}>\n{body}\n</Invoice>\n'.encode()


def _charge(number: int, charge: Charge, rate: str) -> str:
    quantity = charge.quantity or Decimal(1)
    # UBL wants price × quantity: part of a month is a price of its own
    price = charge.rate
    if price is None or abs(price * quantity - charge.amount) >= Decimal("0.01"):
        price = charge.amount / quantity
        if quantity != 1:
            price = cents(price, 10)  # power above a commitment: no price of a kW gives it
    parts = [
        _tag("ID", number),
        f'<cbc:InvoicedQuantity unitCode="{_UNITS[charge.unit]}">{quantity:f}</cbc:InvoicedQuantity>',
        _amount("LineExtensionAmount", charge.amount),
    ]
    if charge.start and charge.end:
        parts.append(_group("InvoicePeriod", _tag("StartDate", charge.start), _tag("EndDate", last_day(charge.end))))
    if charge.circuit:
        parts.append(_group("DocumentReference", _tag("ID", charge.circuit), _tag("DocumentTypeCode", "130")))
    parts.append(
        _group(
            "Item",
            _tag("Name", charge.description),
            _group("SellersItemIdentification", _tag("ID", charge.code)),
            _vat("ClassifiedTaxCategory", rate),
        )
    )
    parts.append(_group("Price", f'<cbc:PriceAmount currencyID="EUR">{price:f}</cbc:PriceAmount>'))
    return _group("InvoiceLine", *parts)


def _seller(bill: Bill) -> str:
    vat_number, country = _NUMBERS[bill.account.key]
    return _group(
        "AccountingSupplierParty",
        _group(
            "Party",
            _group("PartyName", _tag("Name", STRATUM)),
            _group(
                "PostalAddress",
                _tag("StreetName", "Beispielweg 10" if country == "DE" else "Voorbeeldkade 38"),
                _tag("CityName", "Frankfurt am Main" if country == "DE" else "Amsterdam"),
                _tag("PostalZone", "60327" if country == "DE" else "1042 AB"),
                _group("Country", _tag("IdentificationCode", country)),
            ),
            _group("PartyTaxScheme", _tag("CompanyID", vat_number), _group("TaxScheme", _tag("ID", "VAT"))),
            _group("PartyLegalEntity", _tag("RegistrationName", STRATUM)),
            _group("Contact", _tag("ElectronicMail", CARRIER[STRATUM].dispute_email)),
        ),
    )


def _customer(bill: Bill) -> str:
    site = SITE["FRA1" if bill.account.key == "sc_fra" else "AMS1"]
    return _group(
        "AccountingCustomerParty",
        _group(
            "Party",
            _group("PartyIdentification", _tag("ID", bill.account.ban)),
            _group("PartyName", _tag("Name", COMPANY_LEGAL)),
            _group(
                "PostalAddress",
                _tag("StreetName", site.street),
                _tag("CityName", site.city),
                _tag("PostalZone", site.postcode),
                _group("Country", _tag("IdentificationCode", site.country)),
            ),
            _group("PartyLegalEntity", _tag("RegistrationName", COMPANY_LEGAL)),
        ),
    )


def _vat(name: str, rate: str) -> str:
    return _group(name, _tag("ID", "S"), _tag("Percent", rate), _group("TaxScheme", _tag("ID", "VAT")))


def _tag(name: str, value: object) -> str:
    return f"<cbc:{name}>{escape(str(value))}</cbc:{name}>"


def _amount(name: str, amount: Decimal) -> str:
    return f'<cbc:{name} currencyID="EUR">{amount:.2f}</cbc:{name}>'


def _group(name: str, *parts: str) -> str:
    inner = "\n".join(_indent(part, 1) for part in parts)
    return f"<cac:{name}>\n{inner}\n</cac:{name}>"


def _indent(text: str, steps: int) -> str:
    return "\n".join("  " * steps + charge for charge in text.split("\n"))
