"""Every e-invoice of the sample data, XML or inside a PDF, says what the table of expected values says."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.money import ZERO, D
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.importers.verify import verify
from app.services.parsing import parse_file

LINES = ("InvoiceLine", "CreditNoteLine", "IncludedSupplyChainTradeLineItem", "DettaglioLinee")
# what these files, all of them well formed, rightly are looked at for
TOLD = {
    "CII_business_example_01.xml": ["base-quantity"] * 5,
    "Facture_FR_BASICWL.pdf": ["no-lines"],
    "fail_noNetPriceValidation.xml": ["line-does-not-multiply"],
    "ubl-tc434-example2.xml": ["line-does-not-multiply"],
    "zugferd_2p0_EN16931_1_Teilrechnung.pdf": ["line-does-not-multiply"],
    "zugferd_2p0_EXTENDED_Kostenrechnung.pdf": ["line-does-not-multiply"] * 2,
}


def rows(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "expected_docs.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["file"].startswith("e-invoices/")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each row; where the sample data is absent, one that is skipped and says so."""
    if "row" in metafunc.fixturenames:
        folder = Path(__file__).resolve().parents[2].parent / "shared" / "data"
        found = [row for row in rows(folder) if not row["parse_error"]] if folder.is_dir() else [{}]
        metafunc.parametrize("row", found, ids=[row.get("file", "absent").rpartition("/")[2] for row in found])


def day(text: str) -> date | None:
    """2018-03-05 or 20180305, as the syntaxes write it."""
    return date.fromisoformat(text) if text else None


def amount(text: str) -> Decimal:
    return D(text.removeprefix("+") or "0")


def test_an_e_invoice_says_what_the_table_says(shared_data: Path, row: dict[str, str]) -> None:
    path = shared_data / row["file"]
    document = read_document(path.name, path.read_bytes(), Definitions())
    (invoice,) = document.invoices
    sign = -1 if row["type"] == "381" else 1
    lines = [one for one in invoice.charges if one.source.path.rpartition("/")[2].partition("[")[0] in LINES]
    taxes = [one.amount for one in invoice.charges if one.charge_type is ChargeType.TAX]
    others = [one.amount for one in invoice.charges if one.charge_type is not ChargeType.TAX]
    assert (invoice.number, invoice.carrier, invoice.currency) == (row["number"], row["seller"], row["cur"])
    assert (invoice.bill_date, invoice.due_date) == (day(row["date"]), day(row["due"]))
    assert len(lines) == int(row["lines"])
    assert invoice.net_total == sum(others, ZERO) == sign * amount(row["net"])
    assert invoice.tax_total == sum(taxes, ZERO) == sign * amount(row["vat"])
    gross = amount(row["gross"]) if row["gross"] else amount(row["net"]) + amount(row["vat"])
    assert invoice.current_charges - invoice.rounding == sign * gross
    assert invoice.payments_applied == -sign * amount(row["prepaid"])
    assert invoice.rounding == sign * amount(row["rounding"])
    assert invoice.total_due == sign * amount(row["payable"])
    assert (invoice.kind is DocumentKind.CREDIT_NOTE) == (row["type"] == "381")
    assert verify(invoice) == ()
    assert [issue.code for issue in document.issues] == TOLD.get(path.name, [])


def test_the_table_has_all_syntaxes_in_it(shared_data: Path) -> None:
    kinds = {row["syntax"].partition(" (")[0] for row in rows(shared_data)}
    assert {"UBL Invoice", "UBL CreditNote", "CII", "ZUGFeRD1", "FatturaPA"} <= kinds
    assert sum(row["file"].endswith(".pdf") for row in rows(shared_data)) == 11


def test_the_damaged_attachment_is_named(shared_data: Path) -> None:
    name = "fail_factur-x-invalid-xml-encoding-attribute.pdf"
    content = (shared_data / "e-invoices/zugferd-corpus" / name).read_bytes()
    (issue,) = read_document(name, content, Definitions()).issues
    assert (issue.severity, issue.code) == (Severity.ERROR, "no-importer")
    assert "'factur-x.xml' is damaged: its XML is not well-formed" in issue.message


def test_a_bill_inside_a_pdf_comes_through_the_child(shared_data: Path) -> None:
    path = shared_data / "e-invoices/zugferd-corpus/ZUGFeRD_1p0_COMFORT_Einfach.pdf"
    document = parse_file(path.name, path.read_bytes(), Definitions())
    (invoice,) = document.invoices
    assert (document.importer, document.issues) == ("factur-x", ())
    assert invoice.sources["total_due"].page == 1
    assert invoice.charges[0].source.path == (
        "ZUGFeRD-invoice.xml:/CrossIndustryDocument/SpecifiedSupplyChainTradeTransaction/"
        "IncludedSupplyChainTradeLineItem[1]"
    )
