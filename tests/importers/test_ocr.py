"""Scans of bills: pictures of PDFs whose text is known, read back and compared value by value."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.source import Source
from app.domain.vocabulary import Severity
from app.importers.identify import read_document
from app.importers.ocr.bounds import MEMORY_BYTES, seconds_for
from app.importers.ocr.read import read_scan
from app.importers.registry import Definitions
from app.services.child_process import Limits
from app.services.parsing import parse_file
from tests.importers.ocr_pictures import dirty, draw, save
from tests.importers.pdf_files import LAYOUT, PAGE_1, PAGES, make_pdf

DEFINITIONS = Definitions((LAYOUT,), ())


@cache
def from_text(pages: int = 2) -> ParsedInvoice:
    (invoice,) = read_document("acme.pdf", make_pdf(PAGES[:pages]), DEFINITIONS).invoices
    return invoice


@cache
def drawn(dots: int = 300) -> list[Image.Image]:
    return draw(make_pdf(PAGES), dots)


@cache
def scanned() -> ParsedDocument:
    """A scan of two pages, each askew by a degree and full of noise, as a PDF of pictures."""
    pictures = [dirty(drawn()[0], 1), dirty(drawn()[1], -1)]
    return read_scan("acme.pdf", save(pictures, "PDF"), DEFINITIONS)


def values_of(invoice: ParsedInvoice) -> ParsedInvoice:
    """The bill without its places: what its text says."""
    charges = tuple(replace(charge, source=Source()) for charge in invoice.charges)
    return replace(invoice, charges=charges, sources={})


def codes(document: ParsedDocument) -> list[str]:
    return [issue.code for issue in document.issues]


def test_a_skewed_and_noisy_scan_says_what_the_text_says() -> None:
    (invoice,) = scanned().invoices
    assert values_of(invoice) == values_of(from_text())
    assert len(invoice.charges) == 6


def test_a_scan_is_never_posted_before_somebody_has_looked() -> None:
    (told,) = [issue for issue in scanned().issues if issue.severity is Severity.REVIEW]
    assert told.code == "read-by-ocr"
    assert scanned().needs_eyes
    assert not scanned().refused


def test_every_value_of_a_scan_has_its_confidence() -> None:
    (invoice,) = scanned().invoices
    for place in [charge.source for charge in invoice.charges] + list(invoice.sources.values()):
        assert place.confidence is not None
        assert 25 <= place.confidence <= 100


def test_a_value_below_80_per_cent_is_told_with_its_place_and_no_other() -> None:
    (invoice,) = scanned().invoices
    places = [charge.source for charge in invoice.charges] + list(invoice.sources.values())
    unsure = {place.box for place in places if place.confidence is not None and place.confidence < 80}
    told = [issue for issue in scanned().issues if issue.code in {"doubtful-figures", "doubtful-text"}]
    assert {issue.source.box for issue in told} == unsure
    assert {issue.severity for issue in told} <= {Severity.WARNING}


def test_places_are_those_of_the_page_as_it_was_scanned() -> None:
    """A page that lies upside down is read upright, and its values are shown where they lie."""
    content = save([drawn()[0].rotate(180)], "PNG")
    (invoice,) = read_scan("acme.png", content, DEFINITIONS).invoices
    printed = from_text(1).sources["total_due"].box
    found = invoice.sources["total_due"].box
    assert printed is not None
    assert found is not None
    assert abs(found.x0 - (61_200 - printed.x1)) < 400
    assert abs(found.bottom - (79_200 - printed.top)) < 400


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_lies_on_its_side_or_head_is_turned(degrees: int) -> None:
    content = save([drawn()[0].rotate(degrees, expand=True)], "PNG")
    (invoice,) = read_scan("acme.png", content, DEFINITIONS).invoices
    assert values_of(invoice) == values_of(from_text(1))


def test_a_tiff_of_several_pages_is_one_bill() -> None:
    document = read_scan("acme.tif", save(drawn(), "TIFF", compression="tiff_lzw"), DEFINITIONS)
    assert values_of(document.invoices[0]) == values_of(from_text())
    assert {charge.source.page for charge in document.invoices[0].charges} == {1, 2}


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "BMP"])
def test_pictures_of_other_kinds_are_read(form: str) -> None:
    (invoice,) = read_scan("acme.jpg", save([drawn()[0]], form), DEFINITIONS).invoices
    assert values_of(invoice) == values_of(from_text(1))


def test_a_blank_page_is_told_and_the_rest_is_read() -> None:
    blank = Image.new("L", drawn()[0].size, 255)
    document = read_scan("acme.tif", save([blank, drawn()[0]], "TIFF"), DEFINITIONS)
    (told,) = [issue for issue in document.issues if issue.code == "page-without-text"]
    assert (told.severity, told.source.page) == (Severity.INFO, 1)
    assert {charge.source.page for charge in document.invoices[0].charges} == {2}


def test_a_picture_without_any_text_is_refused_by_name() -> None:
    document = read_scan("white.png", save([Image.new("L", (2550, 3300), 255)], "PNG"), DEFINITIONS)
    assert codes(document) == ["no-text"]
    assert "'white.png' shows no text" in document.issues[0].message


def test_a_scan_that_no_layout_knows_is_refused_with_its_first_words() -> None:
    picture = draw(make_pdf([[(50, 60, "Borealis Networks"), (50, 90, "Invoice 77"), *PAGE_1[10:14]]]))
    document = read_scan("borealis.png", save(picture, "PNG"), DEFINITIONS)
    assert codes(document) == ["read-by-ocr", "no-importer"]
    assert "begins with 'Borealis Networks Invoice 77" in document.issues[1].message


def test_a_person_may_choose_the_layout() -> None:
    other = LAYOUT.replace('name = "acme"', 'name = "other"').replace('"Acme Telephone", ', '"Nowhere", ')
    content = save([drawn()[0]], "PNG")
    both = Definitions((LAYOUT, other), ())
    assert read_scan("acme.png", content, both, importer="pdf:other").importer == "pdf:other"
    assert codes(read_scan("acme.png", content, both, importer="pdf:gone")) == ["read-by-ocr", "no-such-importer"]


def test_the_child_reads_a_scan_within_its_limits_and_tells_how_far_it_is() -> None:
    heard: list[tuple[int, int]] = []
    limits = Limits(memory_bytes=MEMORY_BYTES, cpu_seconds=seconds_for(1), wall_seconds=seconds_for(1))
    content = save([drawn()[0]], "PNG")
    document = parse_file(
        "acme.png",
        content,
        DEFINITIONS,
        do="ocr",
        limits=limits,
        progress=lambda done, total: heard.append((done, total)),
    )
    assert values_of(document.invoices[0]) == values_of(from_text(1))
    assert "read-by-ocr" in codes(document)
    assert (0, 1) in heard


def test_a_picture_is_first_answered_as_a_picture() -> None:
    document = parse_file("acme.png", save([drawn()[0]], "PNG"), DEFINITIONS)
    assert codes(document) == ["image-only"]
