"""Each row of README's table of formats stands on files that somebody else wrote, where the sample data has any."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.importers.registry import Definitions
from app.services.mappings import shipped_definitions
from app.services.parsing import parse_file

ROOT = Path(__file__).resolve().parents[2]
# a row's kind → files of the sample data, each with what the name of its reader begins with
SAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "PDF with text": (
        ("pdf-invoices/AmazonWebServices.pdf", "pdf:"),
        ("pdf-invoices/free_fiber.pdf", "pdf:"),
        ("pdf-invoices/hetzner_2016-01-19_R0005532486.pdf", "pdf:"),
    ),
    "Tables": (("usage/cdr-stats_import_cdr_100.txt", "call-records:"),),
    "X12": (("edi/edi/x12.810a.edi", "x12"),),
    "EDIFACT": (
        ("edi/edifact-invoic/EDIFACT_EXAMPLE1.TXT", "edifact"),
        ("edi/edi/staedi_invoic_d97b.edi", "edifact"),
    ),
    "E-invoices": (
        ("e-invoices/peppol/base-example.xml", "ubl"),
        ("e-invoices/xrechnung/01.01a-INVOICE_uncefact.xml", "cii"),
        ("e-invoices/zugferd-corpus/EN16931_Elektron.pdf", "factur-x"),
        ("e-invoices/zugferd-corpus/ZUGFeRD_1p0_COMFORT_Einfach.pdf", "factur-x"),
        ("e-invoices/zugferd-corpus/IT01234567890_FPA02.xml", "fatturapa"),
    ),
    "Usage": (("usage/cdr-stats_import_cdr.txt", "call-records:"),),
    "Master data": (("inventory/netbox_circuits_extract.csv", "inventory"),),
    "Bank": (
        ("payments/mt940/jejik_ing.sta", "mt940"),
        ("payments/camt/camt053.v4.xml", "camt"),
        ("payments/bai2/sample1.txt", "bai2"),
        ("payments/nacha/return-WEB.ach", "nacha"),
    ),
}
# rows of which nobody else's file is at hand, and where their tests stand instead
WITHOUT = {
    "Scans and pictures": "tests/importers/test_ocr_real_bills.py makes pictures of others' bills",
    "TMF678": "tests/importers/test_tmf678.py reads the examples inside the published schemas",
    "Containers": "tests/importers/test_containers.py packs files",
    "On paper": "tests/ui/test_typed_bill_page.py types",
}


def rows_of_readme() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## What is read")[2].partition("\n## ")[0]
    kinds = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    assert kinds[0] == "kind"
    return [kind for kind in kinds[1:] if not re.fullmatch(r"-*", kind)]


def test_every_row_of_the_table_has_its_tests() -> None:
    assert sorted(rows_of_readme()) == sorted([*SAMPLES, *WITHOUT])
    for told in WITHOUT.values():
        assert (ROOT / told.split()[0]).is_file()


@pytest.mark.parametrize(("file", "reader"), [pair for pairs in SAMPLES.values() for pair in pairs])
def test_a_file_that_somebody_else_wrote_gets_in(shared_data: Path, tmp_path: Path, file: str, reader: str) -> None:
    texts = shipped_definitions()
    layouts = tuple(text for text in texts if 'kind = "pdf-layout"' in text)
    known = Definitions(layouts, tuple(text for text in texts if text not in layouts))
    document = parse_file(Path(file).name, shared_data / file, known, folder=tmp_path)
    assert [issue.message for issue in document.issues if document.refused] == []
    assert document.importer.startswith(reader)
    brought = (
        document.invoices, document.records, document.usage, document.parts, document.statements, document.answers
    )  # fmt: skip
    assert any(brought)
