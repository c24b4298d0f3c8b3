"""Inventory and contracts from our workbooks, from single CSVs and from foreign files by a mapping."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.domain.money import D, RoundingMode
from app.domain.parsed import ParsedDocument
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedBankAccount,
    ParsedBudget,
    ParsedCarrier,
    ParsedContract,
    ParsedExchangeRate,
    ParsedLocation,
    ParsedOrder,
    ParsedRateElement,
    ParsedService,
    ParsedSurchargeFactor,
)
from app.domain.source import Source
from app.domain.vocabulary import (
    ChargeType,
    OrderAction,
    PriceModel,
    ProrationMethod,
    ServiceKind,
    ServiceStatus,
    Severity,
)
from app.importers.records.columns import ALL_SHEETS, CONTRACT_SHEETS, INVENTORY_SHEETS
from app.importers.records.importer import recognise, record_importers
from app.importers.records.templates import contracts_template, inventory_template
from app.importers.registry import Importer
from app.importers.tabular.definition import MappingFault
from tests.importers.tables.table_files import ROOT, Rows, documented_mappings, head_of, make_workbook, told

IMPORTERS = record_importers()

QUIET = "Quiet Hill Telephone"

INVENTORY: dict[str, Rows] = {
    "Carriers": [("Carrier", "Currency", "Dispute e-mail"), ("Quiet Hill Telephone", "usd", "d@quiethill.example")],
    "Accounts": [("Carrier", "BAN", "Bill day", "Contract"), ("Quiet Hill Telephone", "0077-12", 5, "QH-1")],
    "Locations": [("Location code", "Name", "Closed on"), ("CHI-01", "Chicago plant", date(2026, 9, 30))],
    "Services": [
        ("Carrier", "Kind", "Account number", "Circuit ID", "Location A", "Status", "Quantity", "Installed on"),
        (
            "Quiet Hill Telephone",
            "Internet",
            "0077-12",
            "80/KXGS/000123",
            "CHI-01",
            "disconnect requested",
            2,
            "2026-03-01",
        ),
    ],
    "BankAccounts": [
        ("Carrier", "Currency", "Holder", "Routing number", "Bank account"),
        ("Quiet Hill Telephone", "USD", "Quiet Hill LLC", "021000021", "000 123 456"),
    ],
    "Orders": [
        ("Carrier", "Order number", "Action", "Ordered on", "FOC date", "Completed on", "Circuit ID", "Location"),
        (QUIET, "SO-118", "Install", date(2026, 2, 2), date(2026, 2, 27), "2026-03-01", "80/KXGS/000123", "CHI-01"),
    ],
    "Budgets": [
        ("Cost centre", "Month", "Amount", "Currency", "Carrier", "Service kind"),
        ("4410", "2026-03", "12500.50", "usd", QUIET, "internet"),
        ("4410", date(2026, 4, 17), "123456789012.25", "USD", "", ""),
    ],
    "SurchargeFactors": [
        ("Surcharge", "First day", "Percent", "Region", "Base", "Source"),
        ("Universal service fund", date(2026, 4, 1), "36.6", "US", "MRC", "Public notice"),
    ],
}
CONTRACTS: dict[str, Rows] = {
    "Contracts": [
        ("Contract number", "Carrier", "First day", "Last day", "Currency", "Proration", "Disconnect day billed"),
        ("QH-1", "Quiet Hill Telephone", date(2025, 1, 1), date(2027, 12, 31), "USD", "actual_30", True),
    ],
    "Prices": [
        ("Contract number", "Charge code", "Charge type", "Price", "First day", "Last day", "Model", "Waived"),
        ("QH-1", "DIA", "MRC", 500.1, "2025-01-01", "2025-12-31", None, None),
        ("QH-1", "MIN", "usage", "0.0125", "2025-01-01", None, "per minute", "no"),
    ],
    "ExchangeRates": [
        ("From", "To", "Day", "Rate", "Source"),
        ("eur", "USD", date(2026, 3, 31), "1.0815", "Central bank"),
    ],
}


def read(name: str, content: bytes, importers: tuple[Importer, ...] = IMPORTERS) -> ParsedDocument:
    """What the one importer that claims the file reads."""
    head = head_of(name, content)
    (importer,) = [importer for importer in importers if importer.claims(head)]
    return importer.read(content, head)


def csv_of(rows: Rows) -> bytes:
    return "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows).encode()


def test_the_inventory_workbook_is_read_record_by_record() -> None:
    document = read("inventory.xlsx", make_workbook(INVENTORY))
    assert (document.importer, document.issues) == ("inventory-workbook", ())
    carrier, account, location, service, bank, *_orders = document.records
    assert carrier == ParsedCarrier(
        "Quiet Hill Telephone",
        Source(sheet="Carriers", row=2),
        currency="USD",
        dispute_email="d@quiethill.example",
        given=("name", "currency", "dispute_email"),
    )
    assert isinstance(account, ParsedAccount)
    assert (account.ban, account.bill_day, account.contract) == ("0077-12", 5, "QH-1")
    assert isinstance(location, ParsedLocation)
    assert location.closed == date(2026, 9, 30)
    assert isinstance(service, ParsedService)
    assert (service.kind, service.status) == (ServiceKind.INTERNET, ServiceStatus.DISCONNECT_REQUESTED)
    assert (service.quantity, service.installed, service.location_a) == (D(2), date(2026, 3, 1), "CHI-01")
    assert bank == ParsedBankAccount(
        "Quiet Hill Telephone",
        "USD",
        Source(sheet="BankAccounts", row=2),
        holder="Quiet Hill LLC",
        routing="021000021",
        account="000123456",
    )


def test_the_contracts_workbook_is_read_and_last_days_become_half_open() -> None:
    document = read("contracts.xlsx", make_workbook(CONTRACTS))
    assert (document.importer, document.issues) == ("contracts-workbook", ())
    contract, fixed, usage, rate = document.records
    assert isinstance(contract, ParsedContract)
    assert (contract.start, contract.end) == (date(2025, 1, 1), date(2028, 1, 1))
    assert (contract.proration, contract.disconnect_day_billed) == (ProrationMethod.ACTUAL_30, True)
    assert (contract.rounding, contract.dispute_days) == (RoundingMode.HALF_UP, 60)
    assert isinstance(fixed, ParsedRateElement)
    assert (fixed.price, fixed.effective_to) == (D("500.10"), date(2026, 1, 1))
    assert isinstance(usage, ParsedRateElement)
    assert (usage.charge_type, usage.model) == (ChargeType.USAGE, PriceModel.PER_MINUTE)
    assert (usage.price, usage.effective_to) == (D("0.0125"), None)
    assert rate == ParsedExchangeRate(
        "EUR",
        "USD",
        date(2026, 3, 31),
        D("1.0815"),
        Source(sheet="ExchangeRates", row=2),
        "Central bank",
        given=("base", "quote", "day", "rate", "said_by"),
    )


def test_orders_budgets_and_factors_are_read_record_by_record() -> None:
    sheets = {name: INVENTORY[name] for name in ("Orders", "Budgets", "SurchargeFactors")}
    document = read("orders.xlsx", make_workbook(sheets))
    assert document.issues == ()
    order, budget, other, factor = document.records
    assert order == ParsedOrder(
        QUIET,
        "SO-118",
        OrderAction.INSTALL,
        date(2026, 2, 2),
        Source(sheet="Orders", row=2),
        circuit_id="80/KXGS/000123",
        location="CHI-01",
        foc=date(2026, 2, 27),
        completed=date(2026, 3, 1),
        given=("carrier", "number", "action", "ordered", "foc", "completed", "circuit_id", "location"),
    )
    assert isinstance(budget, ParsedBudget)
    assert (budget.month, budget.amount, budget.currency) == (date(2026, 3, 1), D("12500.50"), "USD")
    assert (budget.carrier, budget.service_kind) == (QUIET, ServiceKind.INTERNET)
    assert isinstance(other, ParsedBudget)
    assert (other.month, other.amount, other.service_kind) == (date(2026, 4, 1), D("123456789012.25"), None)
    assert isinstance(factor, ParsedSurchargeFactor)
    assert (factor.effective_from, factor.percent, factor.base) == (date(2026, 4, 1), D("36.6"), "MRC")


@pytest.mark.parametrize(
    ("sheet", "column", "value", "code"),
    [
        ("Orders", "Action", "remove", "bad-value"),
        ("Orders", "FOC date", date(2026, 1, 1), "bad-record"),
        ("Orders", "Completed on", "2026-02-30", "bad-value"),
        ("Orders", "Order number", "--", "bad-record"),
        ("Budgets", "Month", "2026-13", "bad-value"),
        ("Budgets", "Amount", "-1", "bad-record"),
        ("Budgets", "Amount", "1e3", "bad-value"),
        ("Budgets", "Amount", "٣", "bad-value"),
        ("SurchargeFactors", "Percent", "1000.1", "bad-record"),
        ("SurchargeFactors", "Percent", "NaN", "bad-value"),
    ],
)
def test_a_faulty_order_budget_or_factor_keeps_the_file_out(sheet: str, column: str, value: object, code: str) -> None:
    header, first, *_rest = INVENTORY[sheet]
    row = [value if name == column else cell for name, cell in zip(header, first, strict=True)]
    document = read("orders.xlsx", make_workbook({sheet: [header, row]}))  # type: ignore[list-item]
    assert document.records == ()
    assert [issue.code for issue in document.issues] == [code]


@pytest.mark.parametrize("layout", ALL_SHEETS, ids=lambda layout: layout.name)
def test_each_sheet_comes_as_a_csv_of_its_own_too(layout: object) -> None:
    name = next(one.name for one in ALL_SHEETS if one is layout)
    rows = (INVENTORY | CONTRACTS)[name]
    texts = [[str(cell) if cell not in (None, True) else {True: "yes"}.get(cell, "") for cell in row] for row in rows]
    document = read("anything.csv", csv_of(texts))
    assert document.importer == f"{name.casefold()}-csv"
    assert document.issues == ()
    assert len(document.records) == len(rows) - 1


def test_each_sheet_is_told_from_the_others_by_all_its_columns() -> None:
    for layout in ALL_SHEETS:
        assert recognise([column.header for column in layout.columns]) is layout


def test_a_bill_is_none_of_our_sheets() -> None:
    assert recognise(["Invoice No", "Account", "Amount", "Circuit"]) is None
    assert recognise(["Carrier", "Amount"]) is None


@pytest.mark.parametrize(
    ("sheet", "row", "code", "says"),
    [
        (
            "Services",
            ("Quiet Hill Telephone", "internat", "1", "C1", "", "", "", ""),
            "bad-value",
            "one of internet, wan",
        ),
        ("Services", ("Quiet Hill Telephone", "wan", "", "", "", "", "", ""), "bad-record", "tells this service"),
        ("Services", ("", "wan", "", "C1", "", "", "", ""), "value-missing", "column 'Carrier' is empty"),
        ("Services", ("Q", "wan", "", "C1", "", "", "", "31.02.2026"), "bad-value", "column 'Installed on'"),
        ("Services", ("Q", "wan", "", 1234567890123456, "", "", "", ""), "bad-value", "format the column as text"),
        ("BankAccounts", ("Q", "USD", "", "021000022", "1"), "bad-record", "not a routing number"),
        ("BankAccounts", ("Q", "USD", "", "", ""), "bad-record", "IBAN, or else"),
        ("Accounts", ("Q", "1", 32, ""), "bad-value", "from 1 to 31"),
    ],
)
def test_a_faulty_row_is_told_with_its_place_and_keeps_the_whole_file_out(
    sheet: str, row: tuple[object, ...], code: str, says: str
) -> None:
    faulty = INVENTORY | {sheet: [*INVENTORY[sheet], row]}
    document = read("inventory.xlsx", make_workbook(faulty))
    assert document.records == ()
    assert told(document) == [(code, sheet, 3)]
    assert says in document.issues[0].message
    assert document.issues[0].remedy


def test_a_price_that_ends_before_it_begins_is_refused() -> None:
    prices = [CONTRACTS["Prices"][0], ("QH-1", "DIA", "MRC", 500, "2025-02-01", "2025-01-31", None, None)]
    document = read("contracts.xlsx", make_workbook(CONTRACTS | {"Prices": prices}))
    assert told(document) == [("bad-record", "Prices", 2)]


def test_an_amendment_needs_the_day_on_which_it_was_agreed_on() -> None:
    header = (*CONTRACTS["Prices"][0], "Amendment", "Agreed on")
    row = ("QH-1", "DIA", "MRC", 500, "2025-02-01", None, None, None, "No. 2")
    without = read("contracts.xlsx", make_workbook(CONTRACTS | {"Prices": [header, (*row, None)]}))
    assert told(without) == [("bad-record", "Prices", 2)]
    assert "Agreed on" in without.issues[0].remedy
    assert read("contracts.xlsx", make_workbook(CONTRACTS | {"Prices": [header, (*row, "2025-01-20")]})).issues == ()


@pytest.mark.parametrize(
    ("zone", "remedy"),
    [
        ("america/chicago", "Write America/Chicago."),
        ("Central Time", "such as America/Chicago"),
        ("../UTC", "such as America/Chicago"),
    ],
)
def test_a_time_zone_that_nobody_knows_is_refused_with_its_row(zone: str, remedy: str) -> None:
    rows = [("Contract number", "Carrier", "First day", "Currency", "Time zone"), ("Q", "Q", "2025-01-01", "USD", zone)]
    document = read("contracts.xlsx", make_workbook({"Contracts": rows}))
    assert (told(document), document.records) == ([("bad-record", "Contracts", 2)], ())
    assert remedy in document.issues[0].remedy


@pytest.mark.parametrize(("to", "rate"), [("USD", "0"), ("USD", "-1.1"), ("EUR", "1")])
def test_a_rate_that_is_none_is_refused_with_its_row(to: str, rate: str) -> None:
    rows = [CONTRACTS["ExchangeRates"][0], ("EUR", to, "2026-03-31", rate, "")]
    document = read("rates.csv", csv_of(rows))
    assert (document.importer, [issue.code for issue in document.issues]) == ("exchangerates-csv", ["bad-record"])


def test_a_misspelled_column_is_an_error_that_names_both() -> None:
    header, *rows = INVENTORY["Services"]
    wrong = [tuple("Circit ID" if name == "Circuit ID" else name for name in header), *rows]
    document = read("inventory.xlsx", make_workbook(INVENTORY | {"Services": wrong}))
    assert told(document) == [("column-unknown", "Services", 1)]
    assert document.records == ()
    assert "'Circit ID' is not known; 'Circuit ID'" in document.issues[0].message


def test_a_missing_column_is_an_error_that_names_what_is_there() -> None:
    header, *rows = CONTRACTS["Prices"]
    wrong = [tuple("Cost" if name == "Price" else name for name in header), *rows]
    document = read("prices.csv", csv_of(wrong))
    assert [issue.code for issue in document.issues if issue.severity is Severity.ERROR] == ["column-missing"]
    assert "'Price' is missing from Prices; there are 'Contract number'" in document.issues[0].message


def test_a_column_of_the_users_own_is_left_out_with_a_warning() -> None:
    header, row = INVENTORY["Locations"]
    document = read("locations.csv", csv_of([(*header, "Janitor"), (*row, "Ann")]))
    assert [(issue.severity, issue.code) for issue in document.issues] == [(Severity.WARNING, "column-unknown")]
    assert len(document.records) == 1


def test_a_sheet_that_is_none_of_ours_is_told() -> None:
    document = read("inventory.xlsx", make_workbook(INVENTORY | {"Scratch": [("x",)]}))
    assert [(issue.severity, issue.code) for issue in document.issues] == [(Severity.WARNING, "sheet-unknown")]
    assert len(document.records) == 9


def test_an_absent_column_is_not_given_and_an_empty_cell_is() -> None:
    document = read("locations.csv", b"Location code,Name,City\nCHI-01,Chicago,\n")
    (location,) = document.records
    assert isinstance(location, ParsedLocation)
    assert location.given == ("code", "name", "city")


@pytest.mark.parametrize(
    ("template", "layouts"), [(inventory_template, INVENTORY_SHEETS), (contracts_template, CONTRACT_SHEETS)]
)
def test_a_template_has_every_column_with_a_note_and_no_formula(template: object, layouts: object) -> None:
    content = inventory_template() if template is inventory_template else contracts_template()
    expected = INVENTORY_SHEETS if layouts is INVENTORY_SHEETS else CONTRACT_SHEETS
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    assert workbook.sheetnames == [layout.name for layout in expected]
    for layout in expected:
        sheet = workbook[layout.name]
        assert [cell.value for cell in sheet[1]] == [column.header for column in layout.columns]
        assert all(cell.comment is not None for cell in sheet[1])
        assert sheet.freeze_panes == "A2"
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        lists = {str(one.sqref).split(":")[0][:-1] for one in sheet.data_validations.dataValidation}
        worded = {cell.column_letter for cell, column in zip(sheet[1], layout.columns, strict=True) if column.words}
        assert worded <= lists


@pytest.mark.parametrize("template", [inventory_template, contracts_template])
def test_a_template_that_is_filled_in_below_its_example_imports_without_the_example(template: object) -> None:
    content = inventory_template() if template is inventory_template else contracts_template()
    filled = INVENTORY if template is inventory_template else CONTRACTS
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    for name, (header, *rows) in filled.items():
        sheet = workbook[name]
        places = {
            column.header: place
            for layout in ALL_SHEETS
            if layout.name == name
            for place, column in enumerate(layout.columns, 1)
        }
        synonyms = {"BAN": "Account number", "Contract": "Contract number"}
        for number, row in enumerate(rows, start=3):
            for title, value in zip(header, row, strict=True):
                sheet.cell(row=number, column=places[synonyms.get(str(title), str(title))], value=value)  # type: ignore[arg-type]
    buffer = io.BytesIO()
    workbook.save(buffer)
    document = read("filled.xlsx", buffer.getvalue())
    assert {issue.code for issue in document.issues} == {"example-left-out"}
    assert len(document.records) == sum(len(rows) - 1 for rows in filled.values())


def test_the_example_row_of_a_template_would_be_a_right_record() -> None:
    for template, layouts in ((inventory_template, INVENTORY_SHEETS), (contracts_template, CONTRACT_SHEETS)):
        workbook = openpyxl.load_workbook(io.BytesIO(template()))
        for layout in layouts:
            cell = workbook[layout.name]["A2"]
            cell.value = str(cell.value).removeprefix("Example: ")
        buffer = io.BytesIO()
        workbook.save(buffer)
        document = read("example.xlsx", buffer.getvalue())
        assert document.issues == ()
        assert len(document.records) == len(layouts)


def test_an_untouched_template_says_that_it_holds_no_records() -> None:
    document = read("template.xlsx", inventory_template())
    assert [issue.code for issue in document.issues if issue.severity is Severity.ERROR] == ["no-records"]


def test_every_column_is_documented_with_its_synonyms_and_words() -> None:
    pages = "".join(
        (ROOT / "docs/formats" / page).read_text(encoding="utf-8")
        for page in ("inventory.md", "contracts.md", "orders.md", "budgets.md", "surcharge-factors.md")
    )
    for layout in ALL_SHEETS:
        assert f"## {layout.name}\n\n{layout.note}" in pages
        for column in layout.columns:
            for word in (column.header, *column.synonyms, *(column.words or ())):
                assert f"`{word}`" in pages
            assert column.note in pages


ASSETS = b"Asset,Supplier,Line type,Building,Live since\nC-1,Quiet Hill,MPLS,CHI-01,01.03.2026\n"
NETBOX = (ROOT / "resources/carriers/netbox_circuits.toml").read_text(encoding="utf-8")


def test_circuits_from_netbox_import_through_the_saved_mapping(shared_data: Path) -> None:
    path = shared_data / "inventory" / "netbox_circuits_extract.csv"
    document = read(path.name, path.read_bytes(), record_importers([NETBOX]))
    assert (document.importer, document.issues) == ("inventory:netbox_circuits", ())
    services = [one for one in document.records if isinstance(one, ParsedService)]
    carriers = [one.name for one in document.records if isinstance(one, ParsedCarrier)]
    locations = [one.code for one in document.records if isinstance(one, ParsedLocation)]
    assert (len(services), len(carriers), len(locations)) == (29, 3, 17)
    kinds = [service.kind for service in services]
    assert (kinds.count(ServiceKind.WAN), kinds.count(ServiceKind.INTERNET)) == (16, 13)
    assert services[13].circuit_id == "1002847289"
    assert (services[-1].location_a, services[-1].location_z) == ("MDF", "Butler Communications")
    assert {service.status for service in services} == {ServiceStatus.ACTIVE}


def test_a_foreign_word_that_the_mapping_does_not_know_is_an_error() -> None:
    (asset_list,) = documented_mappings("inventory.md")
    content = ASSETS + b"C-2,Quiet Hill,Smoke,CHI-01,\n"
    document = read("assets.csv", content, record_importers([asset_list]))
    assert document.records == ()
    assert told(document) == [("bad-value", "", 3)]
    assert "'Smoke' cannot be read: the mapping's values do not say what it means" in document.issues[0].message


def test_what_a_foreign_row_names_is_created_once_before_it() -> None:
    (asset_list,) = documented_mappings("inventory.md")
    content = ASSETS + b"C-2,QUIET HILL,DIA,CHI-01,\n"
    document = read("assets.csv", content, record_importers([asset_list]))
    assert document.issues == ()
    assert [type(one).__name__ for one in document.records] == [
        "ParsedCarrier",
        "ParsedLocation",
        "ParsedService",
        "ParsedService",
    ]
    service = document.records[2]
    assert isinstance(service, ParsedService)
    assert (service.installed, service.status) == (date(2026, 3, 1), ServiceStatus.ACTIVE)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('record = "Services"', 'record = "Bridges"', "record"),
        ('"Circuit ID" = "Asset"', '"Circut ID" = "Asset"', "columns.Circut ID"),
        ('"Carrier" = "Supplier"', "", "columns.Carrier"),
        ('create = ["Carriers", "Locations"]', 'create = ["Accounts"]', "create"),
    ],
)
def test_a_faulty_inventory_mapping_is_refused_with_its_key(old: str, new: str, key: str) -> None:
    (asset_list,) = documented_mappings("inventory.md")
    assert old in asset_list
    with pytest.raises(MappingFault) as caught:
        record_importers([asset_list.replace(old, new)])
    assert caught.value.key == key


@pytest.mark.parametrize("row", ["QH-1,DIA,MRC,2,50,2026-01-01", "QH-1,DIA,MRC,2.50,2026-01-01,more"])
def test_a_row_of_more_cells_than_columns_is_refused_and_no_value_goes_unread(row: str) -> None:
    content = f"Contract number,Charge code,Charge type,Price,First day\n{row}\n".encode()
    document = read("prices.csv", content)
    assert document.records == ()
    assert next((issue.code, issue.source.row) for issue in document.issues) == ("cells-beyond-columns", 2)


def test_call_records_are_not_taken_for_accounts() -> None:
    calls = ["Carrier", "Account number", "Number", "Other party", "Started", "Seconds", "Billed"]
    assert recognise(calls) is None
    assert recognise(["Carrier", "Account number", "Bill day"]) is not None
