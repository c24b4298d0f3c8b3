"""The columns of service orders, budgets and published surcharge factors."""

from __future__ import annotations

from app.domain.parsed_records import ParsedBudget, ParsedOrder, ParsedSurchargeFactor
from app.domain.vocabulary import OrderAction, ServiceKind
from app.importers.records.layout import Column, Form, SheetLayout

_T, _D = Form.TEXT, Form.DATE

ORDERS = SheetLayout(
    "Orders",
    ParsedOrder,
    "What you asked of carriers, and when it was done. An order is known by carrier and order number together with the "
    "circuit ID, telephone number and charge code that it names.",
    (
        Column("carrier", "Carrier", _T, "The carrier's name.", "Northbeam", True, ("Carrier name",)),
        Column("number", "Order number", _T, "Your number of the order, or the carrier's. Format the column as text.",
               "SO-2026-118", True, ("Order", "Service order", "PON")),
        Column("action", "Action", Form.WORD, "What it asks for.", "install", True, ("Order type", "Activity"),
               words=OrderAction),
        Column("ordered", "Ordered on", _D, "Day of the order.", "2026-02-02", True, ("Order date",)),
        Column("ban", "Account number", _T, "The billing account, from the sheet Accounts.", "", False,
               ("BAN", "Billing account", "Billing account number")),
        Column("circuit_id", "Circuit ID", _T, "The circuit that it is about.", "80/KXGS/000123", False,
               ("Circuit", "CID")),
        Column("tn", "Telephone number", _T, "The number that it is about.", "", False,
               ("TN", "Working number", "Phone number")),
        Column("code", "Charge code", _T, "The carrier's code of what was ordered.", "DIA-100M", False, ("Code",)),
        Column("description", "Description", _T, "For people.", "Internet 100 Mbit/s"),
        Column("location", "Location", _T, "Code of the location, from the sheet Locations.", "", False,
               ("Location code", "Site code")),
        Column("contract", "Contract number", _T, "The contract that prices it.", "NB-2025-01", False, ("Contract",)),
        Column("foc", "FOC date", _D, "The day that the carrier has committed to (firm order commitment).",
               "2026-02-27", False, ("Due date", "Committed on")),
        Column("completed", "Completed on", _D, "The day on which it was done; from then on it may be billed.",
               "2026-03-01", False, ("Completion date",)),
        Column("cancelled", "Cancelled on", _D, "The day on which you took it back.", "", False,
               ("Canceled on", "Cancellation date")),
    ),
    (("Carrier", "Order number", "Action"), ("Order number", "Action", "Ordered on")),
)  # fmt: skip

BUDGETS = SheetLayout(
    "Budgets",
    ParsedBudget,
    "What a cost centre may spend in a month. A carrier or a kind of service narrows it; a budget is known by cost "
    "centre, month, currency, carrier and kind.",
    (
        Column("cost_centre", "Cost centre", _T, "As in the sheet Services. Format the column as text.", "4410", True,
               ("Cost center",)),
        Column("month", "Month", Form.MONTH, "As 2026-03, or any day of it.", "2026-03-01", True, ("Period",)),
        Column("amount", "Amount", Form.AMOUNT, "What may be spent, taxes with it.", "12500.00", True, ("Budget",)),
        Column("currency", "Currency", Form.CURRENCY, "What the amount is in, an ISO 4217 code.", "USD", True),
        Column("carrier", "Carrier", _T, "Holds for this carrier alone.", "", False, ("Carrier name",)),
        Column("service_kind", "Service kind", Form.WORD, "Holds for this family of services alone.", "",
               words=ServiceKind),
    ),
    (("Cost centre", "Month", "Amount"),),
)  # fmt: skip

SURCHARGE_FACTORS = SheetLayout(
    "SurchargeFactors",
    ParsedSurchargeFactor,
    "Percentages that authorities publish and carriers may charge from a day on, such as a universal service fund's "
    "factor. A factor is known by its name, region and first day, and holds until the next one.",
    (
        Column("name", "Surcharge", _T, "Its name, as bills and authorities call it.", "Universal service fund", True,
               ("Factor name",)),
        Column("effective_from", "First day", _D, "First day on which it holds.", "2026-04-01", True,
               ("Valid from", "Effective from")),
        Column("percent", "Percent", Form.RATE, "Of what it is taken of; up to ten decimals.", "36.6", True,
               ("Factor",)),
        Column("region", "Region", _T, "Code of the country or state; empty: everywhere.", "US", False, ("State",)),
        Column("base", "Base", _T, "Types of charges that it is taken of, such as MRC, USAGE.", "MRC, USAGE"),
        Column("said_by", "Source", _T, "Who published it.", "Public notice of the authority"),
    ),
    (("Surcharge", "First day", "Percent"),),
)  # fmt: skip
