"""The columns of our own workbooks, declared once: what the importers read, the templates show and the docs list."""

from __future__ import annotations

from app.domain.money import RoundingMode
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedBankAccount,
    ParsedCarrier,
    ParsedContract,
    ParsedExchangeRate,
    ParsedLocation,
    ParsedRateElement,
    ParsedService,
)
from app.domain.vocabulary import (
    BillingMode,
    ChargeType,
    ExchangeDay,
    PriceChange,
    PriceModel,
    ProrationMethod,
    RoundingScope,
    ServiceKind,
    ServiceStatus,
)
from app.importers.records.layout import EXAMPLE_MARK, Column, Form, SheetLayout
from app.importers.records.order_columns import BUDGETS, ORDERS, SURCHARGE_FACTORS

__all__ = ["ALL_SHEETS", "CONTRACT_SHEETS", "EXAMPLE_MARK", "INVENTORY_SHEETS", "Column", "Form", "SheetLayout"]

_T, _D, _L, _W = Form.TEXT, Form.DATE, Form.LAST_DAY, Form.WHOLE
_CARRIER = Column("carrier", "Carrier", _T, "The carrier's name.", "Northbeam", True, ("Carrier name",))
_BAN = ("BAN", "Billing account", "Billing account number")
_SITE = "Code of the location"

CARRIERS = SheetLayout(
    "Carriers",
    ParsedCarrier,
    "Who bills you. Two spellings that differ in case, blanks or punctuation are one carrier.",
    (
        Column("name", "Carrier", _T, "The carrier's name.", "Northbeam", True, ("Carrier name", "Name")),
        Column("currency", "Currency", Form.CURRENCY, "What it bills in, as an ISO 4217 code.", "USD"),
        Column(
            "dispute_email",
            "Dispute e-mail",
            _T,
            "Where disputes are sent.",
            "disputes@example.com",
            False,
            ("Dispute email",),
        ),
        Column("address", "Address", _T, "Postal address for letters.", "1 Main Street, Springfield"),
    ),
    (("Carrier", "Dispute e-mail"), ("Carrier", "Address")),
)  # fmt: skip

ACCOUNTS = SheetLayout(
    "Accounts",
    ParsedAccount,
    "The billing accounts, as they are printed on the bills.",
    (
        _CARRIER,
        Column("ban", "Account number", _T, "As printed on the bill. Format the column as text.", "555-0100-77",
               True, _BAN),
        Column("currency", "Currency", Form.CURRENCY, "What it bills in; else the carrier's.", "USD"),
        Column("billing_mode", "Billing mode", Form.WORD, "When it is paid.", "postpaid", words=BillingMode),
        Column("bill_day", "Bill day", _W, "Day of the month on which bills are dated.", "5", least=1, most=31),
        Column("contract", "Contract number", _T, "The contract that prices it; it may be imported later.",
               "NB-2025-01", False, ("Contract",)),
        Column("description", "Description", _T, "For people.", "Head office internet"),
    ),
    (("Carrier", "Account number"),),
)  # fmt: skip

LOCATIONS = SheetLayout(
    "Locations",
    ParsedLocation,
    "Your sites. Other sheets name them by their code.",
    (
        Column("code", "Location code", _T, "Short and unique, as used in the other sheets.", "CHI-01", True,
               ("Code", "Site code", "Location")),
        Column("name", "Name", _T, "What people call it.", "Chicago plant", True, ("Site name", "Location name")),
        Column("address", "Address", _T, "Street and number.", "100 Lake Street"),
        Column("city", "City", _T, "City.", "Chicago"),
        Column("region", "Region", _T, "State or province.", "IL", False, ("State", "Province")),
        Column("country", "Country", _T, "Country.", "US"),
        Column("closed", "Closed on", _D, "First day on which the site is closed."),
    ),
    (("Location code", "Name"),),
)  # fmt: skip

SERVICES = SheetLayout(
    "Services",
    ParsedService,
    "What the carriers provide: circuits, numbers, racks. A service is known by its circuit ID, else its telephone "
    "number, else by account, charge code and location A.",
    (
        _CARRIER,
        Column("kind", "Kind", Form.WORD, "The family of services.", "internet", True, ("Service kind",),
               words=ServiceKind),
        Column("ban", "Account number", _T, "The billing account, from the sheet Accounts.", "555-0100-77", False,
               _BAN),
        Column("circuit_id", "Circuit ID", _T, "As printed on bills. Format the column as text.", "80/KXGS/000123",
               False,
               ("Circuit", "CID")),
        Column("tn", "Telephone number", _T, "As printed on bills. Format the column as text.", "", False,
               ("TN", "Working number", "Phone number")),
        Column("code", "Charge code", _T, "The carrier's code of its monthly charge.", "DIA-100M", False, ("Code",)),
        Column("description", "Description", _T, "For people.", "Internet 100 Mbit/s"),
        Column("location_a", "Location A", _T, f"{_SITE} (of its first end).", "CHI-01", False, ("Location", "Site A")),
        Column("location_z", "Location Z", _T, f"{_SITE} of the other end.", "", False, ("Site Z",)),
        Column("status", "Status", Form.WORD, "Where it stands in its life; else active.", "active",
               words=ServiceStatus),
        Column("quantity", "Quantity", Form.RATE, "How many are billed on one line; else 1.", "1"),
        Column("bandwidth_kbps", "Bandwidth kbps", _W, "In thousand bits a second.", "100000", most=10**12),
        Column("ordered", "Ordered on", _D, "Date of the order."),
        Column("installed", "Installed on", _D, "First day that may be billed.", "2025-03-01"),
        Column("disconnect_requested", "Disconnect requested on", _D, "When you asked for the disconnect."),
        Column("disconnected", "Disconnected on", _D,
               "Day of the disconnect. Whether that day itself is billed stands in the contract."),
        Column("cost_centre", "Cost centre", _T, "For allocation.", "4410", False, ("Cost center",)),
    ),
    (("Carrier", "Kind"),),
)  # fmt: skip

BANK_ACCOUNTS = SheetLayout(
    "BankAccounts",
    ParsedBankAccount,
    "Where carriers are paid: routing and account number for ACH, or IBAN for SEPA. A second person verifies each one "
    "before it is paid; changed details are a new bank account.",
    (
        _CARRIER,
        Column("currency", "Currency", Form.CURRENCY, "What is paid there.", "USD", True),
        Column("holder", "Holder", _T, "Name of the account's holder.", "Northbeam LLC", False, ("Account holder",)),
        Column("routing", "Routing number", _T, "ABA routing number, nine digits. Format as text.", "021000021"),
        Column("account", "Bank account", _T, "The account's number at its bank. Format as text.", "000123456789",
               False,
               ("Bank account number",)),
        Column("iban", "IBAN", _T, "Instead of routing number and account.", ""),
        Column("bic", "BIC", _T, "With an IBAN, where the bank needs it.", ""),
    ),
    (("Carrier", "Routing number"), ("Carrier", "IBAN")),
)  # fmt: skip

CONTRACTS = SheetLayout(
    "Contracts",
    ParsedContract,
    "What was agreed. Where a field is left empty, the value in its note holds.",
    (
        _CARRIER,
        Column("number", "Contract number", _T, "As printed on the contract.", "NB-2025-01", True, ("Contract",)),
        Column("title", "Title", _T, "For people.", "Internet access agreement"),
        Column("start", "First day", _D, "First day of the term.", "2025-01-01", True, ("Start", "Start date")),
        Column("end", "Last day", _L, "Last day of the term; empty: open.", "2027-12-31", False, ("End", "End date")),
        Column("currency", "Currency", Form.CURRENCY, "What its prices are in.", "USD", True),
        Column("proration", "Proration", Form.WORD, "How part of a month is charged; else actual.", "actual",
               words=ProrationMethod),
        Column("disconnect_day_billed", "Disconnect day billed", Form.YES_NO,
               "Whether the day of a disconnect is billed; else no.", "no"),
        Column("rounding", "Rounding", Form.WORD, "How amounts are rounded; else half_up.", "half_up",
               words=RoundingMode),
        Column("rounding_places", "Rounding places", _W, "Decimal places after rounding; else 2.", "2", most=6),
        Column("rounding_scope", "Rounding scope", Form.WORD, "What is rounded; else charge.", "charge",
               words=RoundingScope),
        Column("price_change", "Price change", Form.WORD,
               "What a price that changes within a charge's period does; else split.", "split", words=PriceChange),
        Column("time_zone", "Time zone", _T,
               "The zone whose days and hours count for calls and traffic; else UTC.", "America/Chicago"),
        Column("exchange", "Exchange rate of", Form.WORD,
               "Whose day's rate converts prices to the bill's currency; else none.", "none", words=ExchangeDay),
        Column("offer", "Offer", Form.YES_NO, "Whether it is only an offer, for comparing; else no.", "no"),
        Column("payment_days", "Payment days", _W, "Days from bill date to due date; else 30.", "30", most=365),
        Column("dispute_days", "Dispute days", _W, "Days in which a dispute may be filed; else 60.", "60", most=3650),
        Column("withhold_days", "Withhold days", _W, "Days for which a disputed amount may be withheld; else 30.", "30",
               most=3650),
        Column("notice_days", "Notice days", _W, "Days of notice before the term ends; else 60.", "60", most=3650),
    ),
    (("Carrier", "Contract number", "First day"),),
)  # fmt: skip

PRICES = SheetLayout(
    "Prices",
    ParsedRateElement,
    "The prices of the contracts, each with the days on which it holds. For one contract, charge code, charge type, "
    "scope and day of agreement the days must not overlap. The scope is the narrowest that is filled in: service, else "
    "location, else service kind, else all; a zone narrows it further.",
    (
        Column("contract", "Contract number", _T, "From the sheet Contracts.", "NB-2025-01", True, ("Contract",)),
        Column("carrier", "Carrier", _T, "Needed where two carriers number their contracts alike.", "", False,
               ("Carrier name",)),
        Column("code", "Charge code", _T, "The carrier's code, as printed on bills.", "DIA-100M", True, ("Code",)),
        Column("charge_type", "Charge type", Form.WORD, "What kind of charge it prices.", "MRC", True,
               words=ChargeType),
        Column("model", "Model", Form.WORD, "How quantity becomes an amount; else flat.", "flat", words=PriceModel,
               default=PriceModel.FLAT),
        Column("price", "Price", Form.RATE, "What one unit of the model costs; up to ten decimals.", "500.00", True),
        Column("effective_from", "First day", _D, "First day on which it holds.", "2025-01-01", True,
               ("Valid from", "Effective from")),
        Column("effective_to", "Last day", _L, "Last day on which it holds; empty: until further notice.", "", False,
               ("Valid to", "Valid through")),
        Column("description", "Description", _T, "For people.", "Internet 100 Mbit/s"),
        Column("circuit_id", "Circuit ID", _T, "Holds for this circuit alone.", "", False, ("Circuit",)),
        Column("tn", "Telephone number", _T, "Holds for this number alone.", "", False, ("TN",)),
        Column("location", "Location", _T, f"{_SITE} for whose services alone it holds.", "", False,
               ("Location code",)),
        Column("service_kind", "Service kind", Form.WORD, "Holds for this family of services alone.", "",
               words=ServiceKind),
        Column("zone", "Zone", _T, "Holds for calls to this zone alone.", ""),
        Column("waived", "Waived", Form.YES_NO, "Whether the contract waives the charge; else no.", "no"),
        Column("parameters", "Parameters", _T,
               "What the model needs besides the price, as name=value; name=value (pricing-models.md lists them).", ""),
        Column("clause", "Clause", _T, "Where it stands in the contract.", "Schedule A, 2.1"),
        Column("page", "Page", _W, "Page of the contract.", "7", least=1, most=100_000),
        Column("amendment", "Amendment", _T, "The amendment that brought this price.", ""),
        Column("agreed", "Agreed on", _D,
               "Day on which it was agreed on: bills dated earlier were billed without it.", ""),
        Column("reason", "Reason", _T, "Why it was changed.", ""),
    ),
    (("Contract number", "Price"), ("Contract number", "Charge code", "Charge type")),
)  # fmt: skip

EXCHANGE_RATES = SheetLayout(
    "ExchangeRates",
    ParsedExchangeRate,
    "What one unit of a currency was worth in another, day by day: for contracts whose prices are in another currency "
    "than their bills.",
    (
        Column("base", "From", Form.CURRENCY, "The currency of which one unit is meant, an ISO 4217 code.", "EUR", True,
               ("From currency",)),
        Column("quote", "To", Form.CURRENCY, "The currency in which its worth is said.", "USD", True,
               ("To currency",)),
        Column("day", "Day", _D, "The day of the rate.", "2026-03-31", True),
        Column("rate", "Rate", Form.RATE, "How many units of To one unit of From was worth; up to ten decimals.",
               "1.0815", True),
        Column("said_by", "Source", _T, "Who published it.", "Reference rate of the central bank"),
    ),
    (("From", "To", "Day", "Rate"),),
)  # fmt: skip

INVENTORY_SHEETS = (CARRIERS, ACCOUNTS, LOCATIONS, SERVICES, BANK_ACCOUNTS, ORDERS, BUDGETS, SURCHARGE_FACTORS)
CONTRACT_SHEETS = (CONTRACTS, PRICES, EXCHANGE_RATES)
ALL_SHEETS = INVENTORY_SHEETS + CONTRACT_SHEETS
