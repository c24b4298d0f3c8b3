"""Pictures of bills that real companies sent, read back and compared with what their text says.

The files are not part of the repository; without them these tests are skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.money import ZERO
from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.vocabulary import ChargeType
from app.importers.ocr.read import read_scan, recognise
from tests.importers.ocr_pictures import draw, save
from tests.importers.test_real_bills import LAYOUTS, PDFS, rows_of

# printed on the page, in words that hold no blank
PRINTED = {
    "pdf-invoices/SammyMaystoneLinesTest.pdf": ("invoice_number_1", "127.50", "120.00", "7.50"),
    "pdf-invoices/ENVATO.pdf": ("12429647", "101.00", "20.20", "80.80"),
    "pdf-invoices/coolblue1.pdf": ("993548900", "717,97", "593,36", "124,61"),
}


def scan(path: Path) -> bytes:
    return save(draw(path.read_bytes()), "PDF")


def values_of(document: ParsedDocument) -> dict[str, str]:
    """The bill's values as the table of expected ones writes them; none where the bill was not read."""
    if not document.invoices:
        return {}
    invoice: ParsedInvoice = document.invoices[0]
    taxes = [charge.amount for charge in invoice.charges if charge.charge_type is ChargeType.TAX]
    others = [charge.amount for charge in invoice.charges if charge.charge_type is not ChargeType.TAX]
    period = invoice.billing_period
    return {
        "invoice_number": invoice.number,
        "invoice_date": invoice.bill_date.isoformat(),
        "due_date": invoice.due_date.isoformat() if invoice.due_date else "",
        "period_from": period.start.isoformat() if period else "",
        "period_to": period.last.isoformat() if period else "",
        "currency": invoice.currency,
        "net": f"{sum(others, ZERO) + invoice.rounding:.2f}",
        "tax": f"{sum(taxes, ZERO):.2f}",
        "gross_new_charges": f"{invoice.current_charges:.2f}",
        "amount_due": f"{invoice.total_due:.2f}",
        "lines": str(len(others)),
    }


# how many of the eleven values are read from the picture, and what a person is told of the others
@pytest.mark.parametrize(
    ("name", "right", "told"),
    [
        ("aws", 11, set()),
        ("hetzner", 10, {"doubtful-figures"}),  # R000… is read as RO00…, in doubt
        ("netpresse", 10, {"line-not-read"}),  # a charge of 0 €, read as "O0€"
        ("free", 0, {"field-missing"}),  # "Somme à payer 29.99 € TTC" is read as "€TIC"
    ],
)
def test_a_scan_of_a_real_bill_says_what_the_table_says(
    shared_data: Path, name: str, right: int, told: set[str]
) -> None:
    (row,) = (row for row in rows_of(shared_data / "expected_pdf.csv") if row["file"] == PDFS[name])
    row["lines"] = row["lines"].split()[0]
    document = read_scan(name, scan(shared_data / PDFS[name]), LAYOUTS)
    found = values_of(document)
    wrong = {field: value for field, value in found.items() if value != row[field]}
    assert len(found) - len(wrong) >= right, wrong
    assert told <= {issue.code for issue in document.issues}
    assert document.needs_eyes


@pytest.mark.parametrize("file", PRINTED)
def test_the_figures_of_a_real_bill_are_recognised(shared_data: Path, file: str) -> None:
    words = {
        word.text.strip("$€") for page in recognise(file, scan(shared_data / file)).words.values() for word in page
    }
    assert set(PRINTED[file]) <= words
