"""What the codes of X12 mean: kinds of sets, kinds of bills, taxes, sections."""

from __future__ import annotations

from app.domain.vocabulary import ChargeType

BILLS = frozenset({"810", "811"})
ACKNOWLEDGEMENTS = frozenset({"997", "999"})
OTHER_SETS = {
    "104": "an air shipment notice",
    "110": "an air freight invoice",
    "210": "a motor carrier's freight invoice",
    "214": "a shipment status",
    "270": "an eligibility inquiry",
    "271": "an eligibility answer",
    "812": "a credit or debit adjustment",
    "820": "a payment order or remittance advice",
    "822": "an account analysis",
    "823": "a lockbox report",
    "824": "an application advice",
    "832": "a price catalogue",
    "835": "a health care claim payment",
    "837": "a health care claim",
    "840": "a request for quotation",
    "843": "an answer to a request for quotation",
    "850": "a purchase order",
    "855": "a purchase order acknowledgement",
    "856": "a shipping notice",
    "860": "a purchase order change",
    "864": "a text message",
    "867": "a transfer and resale report",
    "997": "an acknowledgement",
    "999": "an acknowledgement",
}

# BIG07 (element 640): what a document is
CREDITS = {
    "CE": "consolidated credit",
    "CG": "consolidated credit",
    "CN": "credit invoice",
    "CR": "credit memo",
}
MEMOS = {
    "CM": "call detail memorandum",
    "DS": "disclosure",
    "ME": "memorandum",
    "MM": "memorandum",
    "PF": "proforma invoice",
}
# BIG08 (element 353): anything but an original asks for a look
ORIGINALS = frozenset({"", "00", "22"})
PURPOSES = {
    "01": "a cancellation",
    "04": "a change",
    "05": "a replacement",
    "06": "a confirmation",
    "07": "a duplicate",
    "15": "a re-submission",
    "18": "a reissue",
}

# elements 661 and 662: whether an amount adds to the bill or stands in another one already
ADDED, INCLUDED, INFORMATION = "A", "I", "O"

SECTIONS = {  # element 234 with the qualifier SV (TCIF)
    "0200": ChargeType.MRC,
    "0400": ChargeType.OCC,
    "0500": ChargeType.USAGE,
    "0700": ChargeType.USAGE,
}

TAXES = {  # element 963
    "CA": "City tax",
    "CG": "Federal value-added tax",
    "CP": "County or parish tax",
    "CT": "County tax",
    "EX": "Excise tax",
    "FD": "Federal tax",
    "GS": "Goods and services tax",
    "LO": "Local tax",
    "LS": "State and local sales tax",
    "LT": "Local sales tax",
    "MT": "Metropolitan transit tax",
    "SL": "State and local tax",
    "SP": "State or provincial tax",
    "ST": "State sales tax",
    "SU": "Sales and use tax",
    "TT": "Telecommunications tax",
    "UT": "Utility users' tax",
    "VA": "Value-added tax",
}

# SAC02 (element 1300) that are taxes and not fees
TAX_SERVICES = frozenset({"H620", "H630", "H640", "H650", "H660", "H670", "H680", "H690", "H700", "H740", "H750",
                          "H770", "H780", "H790", "H800", "H810", "H820", "H830", "H840", "H850", "H855"})  # fmt: skip

BASIS = {"HP": 100, "TP": 1000}  # IT105 (element 639): a price for a hundred, for a thousand

AMOUNTS = {  # element 522, as far as bills use it
    "1": "line item total",
    "5": "invoice total",
    "BM": "adjustments",
    "C4": "prior payment",
    "N": "net",
    "NR": "nonrecurring",
    "PB": "billed",
    "TT": "total",
    "ZT": "prorated",
}


def name_of_set(kind: str) -> str:
    """A set in words: "a shipment status (214)"."""
    words = OTHER_SETS.get(kind)
    return f"{words} ({kind})" if words else f"a set {kind[:6]}, which is no bill"
