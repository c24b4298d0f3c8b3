"""Bills from CSV and XLSX by a mapping: the two mappings that the documentation shows, and what goes wrong."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.money import D
from app.domain.period import Period
from app.domain.source import Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.tabular.definition import MappingFault
from app.importers.tabular.importer import tabular_importers
from app.importers.verify import verify
from tests.importers.tables.table_files import documented_mappings, head_of, make_workbook, read_with, sample, told

BRIGHTWATER, LARKSPUR, _HIGHLAND = tabular_importers(documented_mappings("bill-mappings.md"))
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))

CSV = sample("brightwater.csv")


def summary(**changes: object) -> list[tuple[object, ...]]:
    """The rows of Larkspur's sheet Summary."""
    values: dict[str, object] = {
        "Invoice number": "L-9",
        "Account": "L-ACC-1",
        "Invoice date": date(2026, 5, 2),
        "Billing period": "2026-04-01 to 2026-04-30",
        "Previous balance": 0,
        "Due": date(2026, 6, 1),
        "Payments received": 25.5,
        "Current charges": 61.99,
        "Total due": 36.49,
    } | changes
    return [
        ("Larkspur Voice",),
        *((f"{label}:", None, value) if label != "Due" else ("x", value) for label, value in values.items()),
    ]


CHARGES = [
    ("Service Number", "Charge Code", "Description", "Quantity", "Unit", "Rate", "Amount", "State Tax"),
    ("312-555-0101", "LINE", "Business line", 1, "each", 40.1, 40.1, 3.3),
    ("312-555-0101", "MIN-US", "Minutes", 1234.5, "min", 0.0125, 15.43125, 0),
    ("312-555-0101", "PORT", "Port-in", 1, "each", 5, 5, None),
    ("312-555-0101", "X", "Rebate", None, None, None, -1.84125, None),
]


def larkspur(charges: list[tuple[object, ...]] = CHARGES, hidden: tuple[str, ...] = (), **changes: object) -> bytes:
    """A bill as Larkspur sends it; B7 holds the due date."""
    return make_workbook({"Summary": summary(**changes), "Charges": charges}, hidden)


def test_a_csv_bill_is_read_with_every_value_and_its_row() -> None:
    document = read_with(BRIGHTWATER, "april.csv", CSV)
    assert document.importer == "csv-bill:brightwater"
    assert document.issues == ()
    (bill,) = document.invoices
    assert (bill.carrier, bill.number, bill.ban, bill.currency) == ("Brightwater Fiber", "B-77", "900-1", "USD")
    assert (bill.bill_date, bill.due_date, bill.billing_period) == (date(2026, 4, 1), date(2026, 5, 1), APRIL)
    assert (bill.previous_balance, bill.payments_applied) == (D("100.00"), D("-40.00"))
    assert (bill.current_charges, bill.total_due) == (D("1351.84"), D("1411.84"))
    assert [(charge.charge_type, charge.amount, charge.source.row) for charge in bill.charges] == [
        (ChargeType.MRC, D("1250.00"), 4),
        (ChargeType.NRC, D("99.50"), 5),
        (ChargeType.TAX, D("12.34"), 6),
        (ChargeType.CREDIT, D("-10.00"), 7),
    ]
    wave = bill.charges[0]
    assert (wave.description, wave.code, wave.circuit_id, wave.location) == (
        "Wavelength 1 Gbit/s",
        "WAVE-1G",
        "BW/0042/A",
        "CHI-01",
    )
    assert (wave.quantity, wave.unit_price, wave.period) == (D("1"), D("1250"), APRIL)
    assert bill.charges[1].period is None
    assert bill.sources["previous_balance"] == Source(row=2)
    assert bill.sources["bill_date"] == Source(row=2)
    assert verify(bill) == ()


def test_several_bills_in_one_file_are_told_apart_by_their_number() -> None:
    second = CSV.splitlines()[3].replace("B-77", "B-78").replace("1,250.00", "7.00")
    document = read_with(BRIGHTWATER, "april.csv", CSV + second + "\n")
    assert [(bill.number, len(bill.charges), bill.total_due) for bill in document.invoices] == [
        ("B-77", 4, D("1411.84")),
        ("B-78", 1, D("7.00")),
    ]
    assert document.invoices[1].previous_balance == 0


def test_an_xlsx_bill_is_read_with_its_summary_sheet() -> None:
    document = read_with(LARKSPUR, "bill.xlsx", larkspur())
    assert document.importer == "xlsx-bill:larkspur"
    assert document.issues == ()
    (bill,) = document.invoices
    assert (bill.number, bill.ban, bill.bill_date, bill.due_date) == (
        "L-9",
        "L-ACC-1",
        date(2026, 5, 2),
        date(2026, 6, 1),
    )
    assert (bill.payments_applied, bill.current_charges, bill.total_due) == (D("-25.50"), D("61.99"), D("36.49"))
    assert bill.sources["total_due"] == Source(sheet="Summary", row=10)
    assert [(charge.charge_type, charge.amount, charge.period) for charge in bill.charges] == [
        (ChargeType.MRC, D("40.10"), APRIL),
        (ChargeType.TAX, D("3.30"), None),
        (ChargeType.USAGE, D("15.43125"), APRIL),
        (ChargeType.NRC, D("5.00"), None),
        (ChargeType.CREDIT, D("-1.84125"), None),
    ]
    usage = bill.charges[2]
    assert (usage.quantity, usage.unit, usage.unit_price, usage.tn) == (D("1234.5"), "min", D("0.0125"), "312-555-0101")
    assert bill.charges[1].description == "State tax"
    assert bill.charges[1].source == Source(sheet="Charges", row=2)
    assert verify(bill) == ()


def test_a_renamed_column_is_named_with_what_is_there_instead() -> None:
    document = read_with(BRIGHTWATER, "april.csv", CSV.replace(",Amount\n", ",Amt USD\n").replace("Qty", "Quantity"))
    assert document.invoices == ()
    assert told(document) == [("column-missing", "", 1), ("column-missing", "", 1)]
    amount, quantity = document.issues
    assert "'Qty' is missing" in quantity.message
    assert "'Amount' is missing" in amount.message
    assert "'Amt USD'" in amount.message
    assert amount.remedy == (
        "Rename 'Amt USD' to 'Amount' in the file, or change the name in the mapping 'brightwater'."
    )


def test_a_bad_amount_is_told_with_its_row_and_column_and_nothing_is_read() -> None:
    document = read_with(
        BRIGHTWATER, "april.csv", CSV.replace(",99.50\n", ",99..50\n").replace("04/30/2026,12", "x,12")
    )
    assert document.invoices == ()
    assert told(document) == [("bad-value", "", 5)]
    assert "Column 'Amount': '99..50'" in document.issues[0].message


def test_two_due_dates_in_one_bill_are_a_contradiction_that_names_both_rows() -> None:
    document = read_with(
        BRIGHTWATER,
        "april.csv",
        CSV.replace("B-77,900-1,04/01/2026,05/01/2026", "B-77,900-1,04/01/2026,05/02/2026", 3).replace(
            "05/02/2026", "05/01/2026", 2
        ),
    )
    assert told(document) == [("contradiction", "", 4)]
    assert "'05/02/2026' here, but '05/01/2026' in row 2" in document.issues[0].message


def test_an_unknown_charge_class_is_refused_with_the_key_to_add() -> None:
    document = read_with(BRIGHTWATER, "april.csv", CSV.replace(",One Time,", ",Once,"))
    assert told(document) == [("unknown-charge-type", "", 5)]
    assert "charges.types.values in the mapping 'brightwater'" in document.issues[0].remedy


def test_a_row_without_bill_number_is_not_lost_silently() -> None:
    document = read_with(
        BRIGHTWATER,
        "april.csv",
        CSV.replace("B-77,900-1,04/01/2026,05/01/2026,04/01/2026,04/30/2026,,TAX", ",,,,,,,TAX"),
    )
    assert told(document) == [("no-number", "", 6)]


def test_a_hidden_sheet_that_the_mapping_names_is_read_and_told() -> None:
    document = read_with(LARKSPUR, "bill.xlsx", larkspur(hidden=("Summary",)))
    assert [bill.number for bill in document.invoices] == ["L-9"]
    assert told(document) == [("hidden-sheet", "Summary", None)]
    assert document.issues[0].severity is Severity.WARNING


def test_a_missing_total_is_named_with_its_place() -> None:
    document = read_with(LARKSPUR, "bill.xlsx", larkspur(**{"Total due": None}))
    assert told(document) == [("field-missing", "Summary", None)]
    assert "the cell right of 'Total due'" in document.issues[0].message


def test_a_sixteen_digit_number_in_a_number_cell_is_refused() -> None:
    charges = [CHARGES[0], (1234567890123456, *CHARGES[1][1:])]
    document = read_with(LARKSPUR, "bill.xlsx", larkspur(charges))
    assert told(document) == [("bad-value", "Charges", 2)]
    assert "format the column as text" in document.issues[0].message


def test_a_third_is_no_amount() -> None:
    charges = [CHARGES[0], (*CHARGES[1][:6], 100 / 3, None)]
    document = read_with(LARKSPUR, "bill.xlsx", larkspur(charges))
    assert told(document) == [("bad-value", "Charges", 2)]


def test_a_binary_fraction_is_taken_to_the_amount_that_it_shows() -> None:
    charges = [CHARGES[0], (*CHARGES[1][:6], 0.1 + 0.2, None)]
    document = read_with(LARKSPUR, "bill.xlsx", larkspur(charges))
    assert document.invoices[0].charges[0].amount == D("0.30")


MINIMAL = """
kind = "bill-mapping"
name = "minimal"
carrier = "Quiet Hill Telephone"
currency = "EUR"
[claims]
columns = ["No", "Sum"]
[format]
date = ["DD.MM.YYYY", "D. MMMM YYYY"]
language = "de"
decimal = ","
group = "."
sign = "reversed"
period_end = "exclusive"
[invoice]
number = "No"
bill_date = { label = "Datum" }
kind = { column = "Art", values = { Gutschrift = "credit_note", Rechnung = "invoice" } }
total_due = { column = "Betrag", sheet = "", optional = true }
[charges.columns]
amount = "Sum"
period = { column = "Zeit", split = " - " }
[charges.types]
default = "MRC"
"""


def test_german_figures_above_a_header_further_down_and_reversed_signs() -> None:
    (importer,) = tabular_importers([MINIMAL])
    document = read_with(importer, "q.csv", sample("quiet_hill.csv"))
    assert document.issues == ()
    first, second = document.invoices
    assert (first.bill_date, first.currency, first.kind) == (date(2026, 4, 1), "EUR", DocumentKind.INVOICE)
    assert (first.total_due, first.charges[0].period) == (D("1234.50"), APRIL)
    assert first.charges[0].description == "MRC"
    assert (second.kind, second.total_due) == (DocumentKind.CREDIT_NOTE, D("-10.00"))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('number = "No"', "", "invoice.number"),
        ('default = "MRC"', 'default = "RENT"', "charges.types.default"),
        ('amount = "Sum"', 'amount = "Sum"\namuont = "x"', "charges.columns.amuont"),
        ('currency = "EUR"', "", "currency"),
        ('currency = "EUR"', 'currency = "euro"', "currency"),
        ('columns = ["No", "Sum"]', "", "claims"),
        ('decimal = ","', 'decimal = ";"', "format.decimal"),
        ('split = " - "', "optional = true", "charges.columns.period"),
        ('{ label = "Datum" }', '{ label = "Datum", cell = "B2" }', "invoice.bill_date"),
        ('date = ["DD.MM.YYYY", "D. MMMM YYYY"]', 'date = "%d.%m.%Y"', "format.date"),
        ('name = "minimal"', 'name = "Minimal 1"', "name"),
    ],
)
def test_a_faulty_mapping_is_refused_with_its_key(old: str, new: str, key: str) -> None:
    assert old in MINIMAL
    with pytest.raises(MappingFault) as caught:
        tabular_importers([MINIMAL.replace(old, new)])
    assert caught.value.key == key
    assert key in caught.value.message


def test_what_is_not_toml_is_refused_with_its_line() -> None:
    with pytest.raises(MappingFault, match="line 3"):
        tabular_importers(['kind = "bill-mapping"\nname = "x"\ncarrier = Calder\n'])


SEVERAL = """
kind = "bill-mapping"
name = "several"
carrier = "Quiet Hill Telephone"
currency = "USD"
[claims]
sheets = ["Invoices", "Monthly", "Calls"]
file = "QH_*.xlsx"
text = "quiet hill"
[invoice]
number = "Bill"
bill_date = { column = "Dated", sheet = "Invoices", match = "Bill No" }
total_due = { column = "Due", sheet = "Invoices", match = "Bill No" }
period = { column = "Month", sheet = "Invoices", match = "Bill No", month = true, date = "MMMM YYYY" }
[[charges]]
sheet = "Monthly"
period_of_bill = ["MRC"]
  [charges.columns]
  amount = "Sum"
  code = "Code"
  [charges.types]
  default = "MRC"
[[charges]]
sheet = "Calls"
  [charges.columns]
  amount = "Charge"
  tn = "Number"
  [charges.types]
  default = "USAGE"
"""


def several_bills(second_due: object = 7) -> bytes:
    return make_workbook(
        {
            "Invoices": [
                ("Quiet Hill Telephone",),
                ("Bill No", "Dated", "Due", "Month"),
                ("Q-1", date(2026, 5, 1), 12.5, "April 2026"),
                ("Q-2", date(2026, 5, 2), second_due, "April 2026"),
            ],
            "Monthly": [("Bill", "Code", "Sum"), ("Q-1", "LINE", 10), ("Q-2", "LINE", 7)],
            "Calls": [("Bill", "Number", "Charge"), ("Q-1", "3125550100", 2.5)],
        }
    )


def test_bills_with_a_sheet_of_totals_and_charges_on_two_sheets() -> None:
    (importer,) = tabular_importers([SEVERAL])
    document = read_with(importer, "qh_april.xlsx", several_bills())
    assert document.issues == ()
    first, second = document.invoices
    assert (first.number, first.bill_date, first.total_due) == ("Q-1", date(2026, 5, 1), D("12.50"))
    assert (second.number, second.bill_date, second.total_due) == ("Q-2", date(2026, 5, 2), D("7.00"))
    assert first.sources["total_due"] == Source(sheet="Invoices", row=3)
    assert [(charge.source.sheet, charge.charge_type, charge.period) for charge in first.charges] == [
        ("Monthly", ChargeType.MRC, APRIL),
        ("Calls", ChargeType.USAGE, None),
    ]


def test_a_bill_whose_total_is_missing_on_the_other_sheet_is_told() -> None:
    (importer,) = tabular_importers([SEVERAL])
    document = read_with(importer, "qh_april.xlsx", several_bills(second_due=None))
    assert told(document) == [("field-missing", "Invoices", None)]


def test_a_mapping_claims_only_its_own_files() -> None:
    (several,) = tabular_importers([SEVERAL])
    content = several_bills()
    assert several.claims(head_of("QH_2026.xlsx", content))
    assert not several.claims(head_of("other.xlsx", content))
    assert not LARKSPUR.claims(head_of("QH_2026.xlsx", content))
    assert not BRIGHTWATER.claims(head_of("QH_2026.xlsx", content))
    assert not LARKSPUR.claims(head_of("april.csv", CSV.encode()))


def test_a_label_that_stands_twice_with_two_values_is_refused() -> None:
    rows = [*summary(), ("Total due", 99)]
    content = make_workbook({"Summary": rows, "Charges": CHARGES})
    document = read_with(LARKSPUR, "bill.xlsx", content)
    assert told(document) == [("label-twice", "Summary", 10)]
    assert "sheet Summary, row 10 and sheet Summary, row 11" in document.issues[0].message


def test_types_that_a_mapping_does_not_tell_are_left_to_posting() -> None:
    text = documented_mappings("bill-mappings.md")[0]
    start, end = text.index("  [charges.types]"), text.index("  [[charges.rows]]")
    (importer,) = tabular_importers([text[:start] + text[end:]])
    (bill,) = read_with(importer, "april.csv", CSV).invoices
    assert {charge.charge_type for charge in bill.charges} == {None}


ROUNDED = """
kind = "bill-mapping"
name = "tiny"
carrier = "Cirrus Cloud"
currency = "USD"
[claims]
columns = ["No", "Net"]
[format]
round = true
empty = ["NULL"]
[invoice]
number = "No"
bill_date = { value = "2026-04-01" }
[charges.columns]
amount = "Net"
quantity = "Qty"
description = "What"
"""


def test_amounts_of_many_decimals_are_rounded_each_and_their_sum_once() -> None:
    (importer,) = tabular_importers([ROUNDED])
    rows = "".join(
        f"T-1,{amount},0.000000251457095,NULL\n" for amount in ("0.0000004", "0.0000004", "0.0000004", "1.5")
    )
    document = read_with(importer, "t.csv", "No,Net,Qty,What\n" + rows)
    (bill,) = document.invoices
    assert [charge.amount for charge in bill.charges] == [D("0.000000"), D("0.000000"), D("0.000000"), D("1.50")]
    assert (bill.rounding, bill.current_charges) == (D("0.000001"), D("1.500001"))
    assert bill.charges[0].quantity == D("0.0000002515")
    assert bill.charges[0].description == "charge"
    assert [issue.code for issue in document.issues] == ["amounts-rounded"]
    assert verify(bill) == ()


def test_without_being_told_to_round_such_an_amount_is_refused() -> None:
    (importer,) = tabular_importers([ROUNDED.replace("round = true\n", "")])
    document = read_with(importer, "t.csv", "No,Net,Qty,What\nT-1,0.0000004,1,x\n")
    assert told(document) == [("bad-value", "", 2)]


def test_a_column_of_another_sheet_that_says_two_things_is_told() -> None:
    mapping = SEVERAL.replace(', match = "Bill No"', "").replace(
        'number = "Bill"', 'number = { column = "Bill No", sheet = "Invoices" }'
    )
    (importer,) = tabular_importers([mapping])
    codes = {code for code, _sheet, _row in told(read_with(importer, "QH_1.xlsx", several_bills()))}
    assert "contradiction" in codes
