"""Bills that real companies sent, read through the parsing child, number by number.

The files and the table of what they say are not part of the repository; without them these tests are skipped.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from app.domain.money import ZERO, D
from app.domain.parsed import ParsedCharge, ParsedDocument, ParsedInvoice
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, Severity
from app.importers.identify import read_document
from app.importers.pdf.guess import guess_layout
from app.importers.pdf.pages import read_lines
from app.importers.pdf.revisions import tell_revisions
from app.importers.registry import Definitions
from app.importers.verify import verify
from app.services.parsing import parse_file

CARRIERS = Path(__file__).resolve().parents[2] / "resources" / "carriers"
SHIPPED = ("aws", "coolblue", "envato", "free", "hetzner", "maystone", "netpresse", "oyo")
LAYOUTS = Definitions(tuple((CARRIERS / f"{name}.toml").read_text(encoding="utf-8") for name in SHIPPED), ())
PDFS = {
    "free": "pdf-invoices/free_fiber.pdf",
    "hetzner": "pdf-invoices/hetzner_2016-01-19_R0005532486.pdf",
    "aws": "pdf-invoices/AmazonWebServices.pdf",
    "netpresse": "pdf-invoices/NetpresseInvoice.pdf",
    "coolblue": "pdf-invoices/coolblue1.pdf",
    "envato": "pdf-invoices/ENVATO.pdf",
    "maystone": "pdf-invoices/SammyMaystoneLinesTest.pdf",
    "oyo": "pdf-invoices/oyo.pdf",
}


@cache
def read_file(path: Path) -> ParsedDocument:
    return parse_file(path.name, path.read_bytes(), LAYOUTS)


def read_pdf(shared_data: Path, name: str) -> ParsedInvoice:
    (invoice,) = read_file(shared_data / PDFS[name]).invoices
    return invoice


def rows_of(table: Path) -> Iterator[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def split(invoice: ParsedInvoice) -> tuple[list[ParsedCharge], list[ParsedCharge]]:
    """Charges before tax, and taxes."""
    taxes = [charge for charge in invoice.charges if charge.charge_type is ChargeType.TAX]
    return [charge for charge in invoice.charges if charge not in taxes], taxes


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_bill_says_what_the_table_says(shared_data: Path, name: str) -> None:
    (row,) = (row for row in rows_of(shared_data / "expected_pdf.csv") if row["file"] == PDFS[name])
    invoice = read_pdf(shared_data, name)
    charges, taxes = split(invoice)
    assert invoice.number == row["invoice_number"]
    assert invoice.bill_date.isoformat() == row["invoice_date"]
    assert (invoice.due_date.isoformat() if invoice.due_date else "") == row["due_date"]
    assert invoice.currency == row["currency"]
    if row["net"]:  # a receipt prints none
        assert sum((charge.amount for charge in charges), ZERO) + invoice.rounding == D(row["net"])
        assert sum((tax.amount for tax in taxes), ZERO) == D(row["tax"])
    assert invoice.current_charges == D(row["gross_new_charges"])
    assert invoice.previous_balance == D(row["previous_balance"])
    assert invoice.total_due == D(row["amount_due"].split()[0])
    # one of six lines is a levy that the line above it includes
    assert len(charges) == (5 if name == "coolblue" else int(row["lines"].split()[0]))
    period = invoice.billing_period
    printed = (period.start.isoformat(), period.last.isoformat()) if period else ("", "")
    assert printed == (row["period_from"], row["period_to"])
    assert invoice.carrier.startswith(row["vendor"].split(" (")[0])
    assert verify(invoice) == ()


@pytest.mark.parametrize("name", PDFS)
def test_every_value_of_a_pdf_bill_has_its_place_on_a_page(shared_data: Path, name: str) -> None:
    invoice = read_pdf(shared_data, name)
    places = [charge.source for charge in invoice.charges] + list(invoice.sources.values())
    assert {"number", "bill_date", "total_due"} <= set(invoice.sources)
    for place in places:
        assert place.page in {1, 2}
        assert place.box is not None
        assert 0 <= place.box.x0 < place.box.x1 <= 61_200
        assert 0 <= place.box.top < place.box.bottom <= 84_200


def test_servers_keep_their_ids_addresses_and_prices_of_four_decimals(shared_data: Path) -> None:
    document = read_file(shared_data / PDFS["hetzner"])
    invoice = read_pdf(shared_data, "hetzner")
    charges, taxes = split(invoice)
    assert invoice.ban == "K0100077603"
    assert [(one.code, one.circuit_id, one.unit_price, one.amount) for one in charges] == [
        ("EQ4", "#57811", D("41.1765"), D("41.18")),
        ("IP", "78.46.77.91", D("0.8403"), D("0.84")),
        ("IP", "178.63.90.222", D("0.8403"), D("0.84")),
        ("IP", "178.63.90.221", D("0.8403"), D("0.84")),
        ("EX40", "#253154", D("41.1765"), D("41.18")),
        ("IP", "144.76.122.90", D("0.8403"), D("0.84")),
        ("IP", "144.76.212.187", D("0.8403"), D("0.84")),
        ("IP", "144.76.212.186", D("0.8403"), D("0.84")),
    ]
    month = Period(date(2016, 1, 17), date(2016, 2, 17))
    assert {(one.period, one.quantity, one.charge_type) for one in charges} == {(month, D(1), ChargeType.MRC)}
    assert [tax.amount for tax in taxes] == [D("16.61")]
    assert (invoice.net_total, invoice.rounding) == (D("87.39"), D("-0.01"))
    (note,) = document.issues
    assert (note.severity, note.code) == (Severity.INFO, "rounding-explained")
    assert "87.40" in note.message


def test_services_that_repeat_their_charges_below_their_names_are_counted_once(shared_data: Path) -> None:
    invoice = read_pdf(shared_data, "aws")
    (told,) = json.loads((shared_data / PDFS["aws"]).with_suffix(".json").read_text(encoding="utf-8"))
    assert invoice.ban == "296664039561"
    assert [(one.description, str(one.amount)) for one in invoice.charges] == [
        (line["name"], line["price_unit"]) for line in told["lines"]
    ]
    assert {one.period for one in invoice.charges} == {Period(date(2014, 7, 1), date(2014, 8, 1))}


def test_a_line_is_read_without_its_tax_in_spite_of_overlapping_letters(shared_data: Path) -> None:
    invoice = read_pdf(shared_data, "free")
    (told,) = json.loads((shared_data / PDFS["free"]).with_suffix(".json").read_text(encoding="utf-8"))
    (line,), (tax,) = split(invoice)
    assert (invoice.ban, line.circuit_id) == (told["client_id"], told["line_number"])
    assert (line.amount, tax.amount) == (D("24.99"), D("5.00"))
    assert line.period == invoice.billing_period == Period(date(2015, 7, 1), date(2015, 8, 1))
    assert (invoice.net_total, invoice.tax_total) == (D("24.99"), D("5.00"))


def test_a_line_that_costs_nothing_is_kept(shared_data: Path) -> None:
    charges, _ = split(read_pdf(shared_data, "netpresse"))
    assert [(one.quantity, one.unit_price, one.amount) for one in charges] == [
        (None, None, D("45.93")),
        (D(1), D("0.75"), D("0.75")),
        (D(0), D("3.50"), D("0")),
    ]


def test_rows_of_several_lines_keep_them_in_their_description(shared_data: Path) -> None:
    charges, _ = split(read_pdf(shared_data, "maystone"))
    assert [(one.quantity, one.unit_price, one.amount) for one in charges] == [
        (D(12), D("10.00"), D("120.00")),
        (D(5), D("1.50"), D("7.50")),
    ]
    assert charges[0].description == (
        "Service A Description: Repair Notes: Replaced capacitor Parts: 1 x cap_a Tax: 0.2%"
    )


def test_a_levy_that_the_line_above_includes_is_no_charge_of_its_own(shared_data: Path) -> None:
    charges, _ = split(read_pdf(shared_data, "coolblue"))
    assert [one.amount for one in charges] == [D("329.75"), D("57.84"), D("156.20"), D("12.39"), D("37.18")]
    assert "Thuiskopieheffing" in charges[0].description


def test_a_receipt_that_is_paid_keeps_what_was_paid(shared_data: Path) -> None:
    invoice = read_pdf(shared_data, "oyo")
    assert (invoice.current_charges, invoice.payments_applied, invoice.total_due) == (D(1939), D(-1939), D(0))


def test_no_honest_pdf_asks_for_eyes(shared_data: Path) -> None:
    bills = sorted((CARRIERS.parent / "demo" / "bills").glob("*/*.pdf"))
    assert len(bills) >= 20
    for path in [*bills, *(shared_data / file for file in PDFS.values())]:
        _, issues = read_lines(path.name, path.read_bytes())
        told = {issue.severity for issue in [*issues, *tell_revisions(path.name, path.read_bytes())]}
        assert told <= {Severity.INFO}, path.name


@pytest.mark.parametrize("name", PDFS)
def test_the_first_guess_finds_number_date_and_total_of_a_real_bill(shared_data: Path, name: str) -> None:
    """Without a layout, and without pointing."""
    (row,) = (row for row in rows_of(shared_data / "expected_pdf.csv") if row["file"] == PDFS[name])
    lines, _ = read_lines(name, (shared_data / PDFS[name]).read_bytes())
    found = guess_layout(lines)["found"]
    assert found["number"]["value"] == row["invoice_number"]
    assert found["bill_date"]["value"] == row["invoice_date"]
    assert D(found["total_due"]["value"]) == D(row["gross_new_charges"])


def test_bills_that_no_layout_knows_are_refused_by_name(shared_data: Path) -> None:
    for file in PDFS.values():
        (issue,) = read_document(file, (shared_data / file).read_bytes(), Definitions()).issues
        assert issue.code == "no-importer"
        assert f"'{file}'" in issue.message


def expected_xml(shared_data: Path) -> dict[str, dict[str, str]]:
    """The rows of the table that are about UBL and CII files."""
    rows = [row for row in rows_of(shared_data / "expected_docs.csv") if row["file"].startswith("e-invoices/")]
    return {row["file"]: row for row in rows if row["file"].endswith(".xml") and row["syntax"][:3] in {"UBL", "CII"}}


def as_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def as_amount(text: str) -> Decimal:
    return D(text or "0")


def test_the_telephone_bill_keeps_its_calls_minutes_and_megabytes(shared_data: Path) -> None:
    (invoice,) = read_file(shared_data / "e-invoices/en16931/BIS_Billing_30-Telefoni.xml").invoices
    charges, _ = split(invoice)
    assert invoice.ban == "ABC1234"
    assert {charge.tn for charge in charges} == {"0765123456"}
    assert [(one.quantity, one.unit, one.unit_price, one.amount) for one in charges][:7] == [
        (D("77"), "EA", D("0.7"), D("53.9")),
        (D("693.8"), "MIN", D("0"), D("0")),
        (D("104"), "EA", D("0.7"), D("22.8")),
        (D("411.5"), "MIN", D("0.5"), D("205.75")),
        (D("30"), "EA", D("1.5"), D("45")),
        (D("75.3"), "MIN", D("2.55"), D("192.02")),
        (D("5.311"), "4L", D("15"), D("79.67")),
    ]
    assert charges[0].period == Period(date(2006, 11, 5), date(2007, 2, 5))
    assert charges[-1].period == Period(date(2007, 2, 5), date(2007, 5, 5))
    assert (invoice.rounding, invoice.total_due) == (D("0.22"), D("1039"))


@pytest.mark.parametrize(
    ("file", "code", "words"),
    [
        ("fail_factur-x-invalid-xml-encoding-attribute.pdf", "no-importer", "factur-x.xml"),
    ],
)
def test_what_is_not_read_is_refused_in_plain_words(shared_data: Path, file: str, code: str, words: str) -> None:
    (issue,) = read_file(shared_data / "e-invoices/zugferd-corpus" / file).issues
    assert (issue.severity, issue.code) == (Severity.ERROR, code)
    assert words in issue.message


def test_an_e_invoice_whose_price_is_wrong_is_read_with_a_warning(shared_data: Path) -> None:
    document = read_file(shared_data / "e-invoices/zugferd-corpus/fail_noNetPriceValidation.xml")
    (issue,) = document.issues
    assert (issue.severity, issue.code) == (Severity.WARNING, "line-does-not-multiply")
    assert "400 × 0.1 is not the line's 316" in issue.message
