"""Files made to harm: each becomes a document with a message, within its limits, and the caller lives on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.parsed import ParsedDocument
from app.importers.registry import Definitions
from app.services.parsing import parse_file
from tests.importers.pdf_files import LAYOUT

SLOW = "TOLLBOOK_SLOW_TESTS"
MOST_SECONDS = 45
# claims whatever has a letter, so that every reader has to go all the way
GREEDY = LAYOUT.replace('claims = ["Acme Telephone", "Account Number"]', 'claims = ["t"]')


def read_all(files: list[Path]) -> Iterator[tuple[Path, ParsedDocument]]:
    assert files
    for path in files:
        started = time.monotonic()
        document = parse_file(path.name, path.read_bytes(), Definitions((GREEDY,), ()))
        assert time.monotonic() - started < MOST_SECONDS, path.name
        for issue in document.issues:
            assert issue.message, path.name
            assert issue.remedy, path.name
        yield path, document


def test_every_hostile_file_of_the_collection_gets_a_verdict(shared_data: Path) -> None:
    files = sorted(path for path in (shared_data / "hostile").rglob("*") if path.is_file())
    verdicts = {path.name: document.issues[0].code for path, document in read_all(files)}
    assert verdicts["xmlbomb.xml"] == verdicts["external.xml"] == verdicts["cyclic.xml"] == "doctype"
    assert verdicts["libreoffice-writer-password.pdf"] == verdicts["pdfminer_aes-256-r6.pdf"] == "encrypted"
    assert {verdicts[name] for name in ("pass_protected.xlsx", "OOM_alloc3.xls")} == {"old-workbook"}
    assert verdicts["qpdf_empty.pdf"] == "broken"
    assert "parser-died" not in verdicts.values()


@pytest.fixture(scope="session")
def generated(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """136 hostile files, made by the generators beside the sample data."""
    if os.environ.get(SLOW) != "1":
        pytest.skip(f"slow: set {SLOW}=1 to make and read the generated hostile files")
    folder = tmp_path_factory.mktemp("hostile")
    for kind in ("pdf", "tab"):
        generator = shared_data.parent / "tools" / "hostile" / f"gen_{kind}.py"
        subprocess.run([sys.executable, str(generator), str(folder / kind)], check=True, capture_output=True)
    return folder


@pytest.mark.timeout(900)
def test_every_generated_pdf_gets_a_verdict(generated: Path) -> None:
    verdicts = {path.name[:6]: document for path, document in read_all(sorted((generated / "pdf").iterdir()))}
    told = {name: [issue.code for issue in document.issues] for name, document in verdicts.items()}
    assert "hidden-text" in told["pdf_80"]
    assert "hidden-text" in told["pdf_81"]
    assert told["pdf_82"][0] == "text-differs-from-picture"
    assert "revised" in told["pdf_83"]
    assert {told[name][0] for name in ("pdf_24", "pdf_25")} == {"too-large"}


@pytest.mark.timeout(900)
def test_every_generated_table_and_xml_gets_a_verdict(generated: Path) -> None:
    for path, document in read_all(sorted((generated / "tab").iterdir())):
        assert document.invoices == (), path.name
        assert document.issues, path.name
