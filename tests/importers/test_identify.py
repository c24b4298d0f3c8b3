"""Exactly one importer reads a file; none or two is a message that names the file, what was seen, and the remedy."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from app.domain.vocabulary import Severity
from app.importers.faults import BrokenFile, NoImporter, SeveralImporters, TooLarge
from app.importers.identify import all_importers, identify, look, read_document
from app.importers.pdf import quick
from app.importers.registry import Definitions, Importer
from tests.importers.pdf_files import LAYOUT, PAGES, make_pdf, read

NOTHING = Definitions()


def make_workbook(rows: list[list[object]]) -> bytes:
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Charges"
    for row in rows:
        sheet.append(row)
    workbook.create_sheet("Summary").append(["Total", 5])
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_a_csv_is_known_by_its_columns() -> None:
    head = look("bill.csv", '\n\nAccount;Circuit;"Amount; net"\n1;2;3\n'.encode("utf-8-sig"))
    assert (head.media, head.columns) == ("csv", ("Account", "Circuit", "Amount; net"))
    assert head.text.startswith("\n\nAccount;")


def test_a_workbook_is_known_by_its_sheets_and_their_first_rows() -> None:
    head = look("bill.xlsx", make_workbook([[], [None, "Circuit", "Amount"], [None, "80/KX", 5.25]]))
    assert (head.media, head.sheets) == ("xlsx", ("Charges", "Summary"))
    assert head.columns == ("", "Circuit", "Amount", "Total", "5")
    assert "80/KX\t5.25" in head.text


def test_an_xml_is_known_by_its_root() -> None:
    assert look("a.xml", b'\xef\xbb\xbf<?xml version="1.0"?><!-- x --><a:Bill xmlns:a="urn:x"/>').text == "{urn:x}Bill"
    assert look("a.xml", "<?xml version='1.0' encoding='utf-16'?><Bill/>".encode("utf-16")).text == "Bill"


def test_a_pdf_is_known_by_the_text_of_its_first_page() -> None:
    head = look("a.pdf", make_pdf(PAGES))
    assert head.media == "pdf"
    assert "Account Number 555-0100" in head.text
    assert "TAXES" not in head.text


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"", "it is empty"),
        (b"\x00\x01\x02\xff", "neither text nor a known kind of document"),
        (b"Name,Town\nA,B\n", "its columns are Name, Town"),
        (b"<Bill xmlns='urn:x'/>", "with the root {urn:x}Bill"),
        (make_pdf([[(50, 50, "Dear customer")]]), "begins with 'Dear customer'"),
        (make_workbook([["Name", "Town"]]), "in the sheets Charges, Summary, its columns are Name, Town"),
    ],
)
def test_a_file_that_nobody_knows_is_refused_with_what_was_seen_of_it(content: bytes, seen: str) -> None:
    document = read_document("strange.bin", content, NOTHING)
    (issue,) = document.issues
    assert (issue.severity, issue.code) == (Severity.ERROR, "no-importer")
    assert "'strange.bin'" in issue.message
    assert seen in issue.message
    assert "docs/formats" in issue.remedy


def test_a_file_that_two_importers_claim_is_refused_with_both_names() -> None:
    twin = LAYOUT.replace('name = "acme"', 'name = "acme-too"')
    (issue,) = read(make_pdf(PAGES), LAYOUT, twin).issues
    assert issue.code == "several-importers"
    assert "pdf:acme and pdf:acme-too" in issue.message


def test_what_identify_raises_is_ready_for_the_user() -> None:
    head = look("x.csv", b"Name,Town\n")
    with pytest.raises(NoImporter, match=r"'x\.csv' is not taken in"):
        identify(head, all_importers(NOTHING))

    class Greedy:
        name = "greedy"

        def claims(self, head: object) -> bool:
            return True

        read = None

    greedy: Importer = Greedy()  # type: ignore[assignment]
    assert identify(head, [greedy]) is greedy
    with pytest.raises(SeveralImporters):
        identify(head, [greedy, greedy])


def test_a_layout_that_is_not_well_formed_is_named() -> None:
    broken = Definitions(('kind = "pdf-layout"\nname = "acme"\n',), ())
    (issue,) = read_document("a.pdf", make_pdf(PAGES), broken).issues
    assert issue.code == "bad-definition"
    assert "The PDF layout acme has a fault at carrier" in issue.message
    (issue,) = read_document("a.csv", b"Name\n", broken).issues
    assert issue.code == "no-importer"  # a table needs no layout


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), BrokenFile),
        (b"PK\x03\x04" + b"x" * 50, BrokenFile),
        (b"<a><b>", None),
        (b"<", BrokenFile),
        (b"%PDF-1.7\n", BrokenFile),
    ],
)
def test_a_damaged_file_is_refused_before_it_is_read(content: bytes, fault: type[Exception] | None) -> None:
    if fault is None:
        assert look("a", content).text == "a"
    else:
        with pytest.raises(fault):
            look("a", content)


def test_an_archive_that_is_no_workbook_is_a_container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # its files are left in the current folder, which is the child's own
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("letter.txt", "Dear customer")
    document = read_document("a.xlsx", buffer.getvalue(), NOTHING)
    assert [(part.kind, part.name) for part in document.parts] == [("member", "letter.txt")]


def test_a_pdf_with_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "MOST_PAGES", 1)
    with pytest.raises(TooLarge, match="it has 2 pages, and at most 1 pages are read"):
        look("a.pdf", make_pdf(PAGES))


def test_every_layout_that_is_shipped_is_well_formed() -> None:
    folder = Path(__file__).resolve().parents[2] / "resources" / "carriers"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))]
    names = {importer.name for importer in all_importers(Definitions(tuple(texts), tuple(texts)))}
    assert {"ubl", "cii", "pdf:hetzner", "pdf:aws", "pdf:free", "pdf:netpresse"} <= names
