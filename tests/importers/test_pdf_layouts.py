"""PDF bills by layout: an invented carrier's bill over two pages, and what goes wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from app.domain.money import D
from app.domain.period import Period
from app.domain.source import Box, Source
from app.domain.vocabulary import ChargeType, DocumentKind, Severity
from app.importers.faults import DocumentFault
from app.importers.pdf.declare import LayoutFault, read_layouts
from app.importers.pdf.pages import read_lines
from app.importers.pdf.read import pdf_importers, read_from_lines
from app.importers.pdf.text import Line
from app.importers.registry import DocumentHead
from tests.importers.pdf_files import LAYOUT, PAGE_1, PAGE_2, PAGES, Text, changed, codes, make_pdf, read

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
DOCUMENT = read(make_pdf(PAGES))


def read_changed(old: str, new: str, layout: str = LAYOUT) -> list[tuple[str, str]]:
    """Codes and messages of the issues when one line of the bill is another."""
    pages = [changed(page, old, new) if any(old == words for _, _, words in page) else page for page in PAGES]
    return [(issue.code, issue.message) for issue in read(make_pdf(pages), layout).issues]


def test_the_header_is_read_with_its_dates_amounts_and_places() -> None:
    (invoice,) = DOCUMENT.invoices
    assert DOCUMENT.issues == ()
    assert DOCUMENT.importer == "pdf:acme"
    assert (invoice.carrier, invoice.number, invoice.ban) == ("Acme Telephone", "A-2041", "555-0100")
    assert (invoice.bill_date, invoice.due_date) == (date(2026, 9, 1), date(2026, 9, 21))
    assert invoice.billing_period == SEPTEMBER
    assert (invoice.previous_balance, invoice.payments_applied) == (D("1000.00"), D("-1000.00"))
    assert (invoice.current_charges, invoice.total_due) == (D("735.75"), D("735.75"))
    assert invoice.sources["due_date"] == Source(page=1, box=Box(40000, 7055, 42502, 8224))
    assert invoice.kind is DocumentKind.INVOICE


def test_every_charge_is_read_once_with_its_type_place_and_box() -> None:
    charges = DOCUMENT.invoices[0].charges
    assert [(one.charge_type, one.code, one.amount, one.location, one.circuit_id) for one in charges] == [
        (ChargeType.MRC, "DIA100", D("500.00"), "OAK1", "80/KXGS/000123//EX"),
        (ChargeType.NRC, "SETUP1", D("99.00"), "OAK1", "80/KXGS/000123//EX"),
        (ChargeType.MRC, "DIA200", D("200.00"), "OAK1", "80/KXGS/000123//EX"),
        (ChargeType.MRC, "DIA100", D("-75.25"), "OAK1", "80/KXGS/000123//EX"),
        (ChargeType.LPC, "LATE", D("6.00"), "ELM2", ""),
        (ChargeType.TAX, "", D("6.00"), "", ""),
    ]
    assert charges[0].description == "Internet 100 Mbps with five addresses"
    assert (charges[2].quantity, charges[2].unit_price) == (D(2), D("100.00"))
    assert [one.period for one in charges[:2]] == [SEPTEMBER, Period(date(2026, 8, 17), date(2026, 9, 1))]
    assert [one.source.page for one in charges] == [1, 1, 2, 2, 2, 2]
    # two lines of ten points, the second fifteen points below the first
    assert charges[0].source.box == Box(5000, 30055, 24179, 32724)


def test_a_first_line_that_repeats_on_the_next_page_keeps_the_circuit() -> None:
    repeated = DOCUMENT.invoices[0].charges[2]
    assert repeated.source.page == 2
    assert repeated.circuit_id == "80/KXGS/000123//EX"


def test_a_line_with_money_that_fits_no_pattern_is_reported_with_its_place() -> None:
    found = read_changed("Subtotal 599.00", "Surprise fee $ 12.00")
    assert [code for code, _ in found] == ["line-not-read"]
    assert "'Monthly service' was not read as a charge: 'Surprise fee $ 12.00'" in found[0][1]


def test_a_bill_whose_charges_do_not_sum_to_its_total_is_warned_of() -> None:
    ((code, message),) = read_changed("Federal excise tax 6.00", "Federal excise tax 7.00")
    assert code == "does-not-foot"
    assert "736.75 USD, but its current charges is 735.75 USD" in message


def test_a_total_that_is_missing_is_an_error_and_nothing_is_read() -> None:
    pages = [changed(PAGE_1, "Total Amount Due $735.75", ""), PAGE_2]
    document = read(make_pdf(pages))
    assert document.refused
    assert document.invoices == ()
    assert codes(document) == ["field-missing"]


def test_a_total_that_stands_twice_and_differs_is_an_error_that_names_both() -> None:
    pages = [PAGE_1, [*PAGE_2, (50, 300, "Total Amount Due $9.00")]]
    (issue,) = read(make_pdf(pages)).issues
    assert issue.code == "field-ambiguous"
    assert "'$735.75' on page 1 and '$9.00' on page 2" in issue.message


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Total Amount Due $735.75", "Total Amount Due $7,35.75", "bad-field"),
        ("09/01/26", "01.09.26", "bad-field"),
        ("Service from 09/01/26 to 09/30/26", "Service from 09/30/26 to 09/01/26", "bad-field"),
        ("DIA100 Internet 100 Mbps 1 500.00 500.00", "DIA100 Internet 100 Mbps 1 500.00 5oo.00", "bad-amount"),
        ("Invoice A-2041", "", "field-missing"),
    ],
)
def test_what_is_not_in_the_declared_format_is_an_error(old: str, new: str, code: str) -> None:
    assert read_changed(old, new)[0][0] == code


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("DIA100 Internet 100 Mbps 1 500.00 500.00", "DIA100 Internet 100 Mbps 1 5oo.00 500.00", "bad-unit-price"),
        ("08/17 - 08/31", "08/31 - 08/17", "bad-period"),
        ("08/17 - 08/31", "18/17 - 18/31", "bad-period"),
    ],
)
def test_a_price_or_period_that_cannot_be_read_is_left_out_with_a_warning(old: str, new: str, code: str) -> None:
    assert [found for found, _ in read_changed(old, new)] == [code]


def test_a_layout_that_no_longer_fits_the_bill_finds_no_charges_and_says_so() -> None:
    pages = [[line for line in page if "SERVICE" not in line[2] and "TAXES" not in line[2]] for page in PAGES]
    assert codes(read(make_pdf(pages))) == ["no-charges"]


def test_columns_tell_apart_what_a_pattern_cannot() -> None:
    page: list[Text] = [
        (50, 40, "Acme Telephone"), (50, 60, "Account Number 1"), (50, 80, "Date 09/01/26"), (50, 100, "Due 21.00"),
        (50, 120, "Item"), (200, 120, "Count"), (300, 120, "Price"),
        (50, 140, "Port 10 20"), (210, 140, "2"), (300, 140, "8.00"),
        (50, 160, "Port 30"), (300, 160, "5.00"),
    ]  # fmt: skip
    layout = """
kind = "pdf-layout"
name = "columns"
carrier = "Acme Telephone"
claims = "Acme Telephone"
currency = "USD"
dates = "MM/DD/YY"
fields.bill_date.pattern = 'Date (?P<value>\\S+)'
fields.total_due.pattern = 'Due (?P<value>\\S+)'
[[sections]]
name = "Items"
start = '^Item Count Price$'
columns = [190, 280]
lines.pattern = '(?P<description>.+)\\|(?P<quantity>\\d*)\\|(?P<amount>[\\d.]+)'
"""
    (invoice,) = read(make_pdf([page]), layout).invoices
    assert [(one.description, one.quantity, one.amount) for one in invoice.charges] == [
        ("Port 10 20", D(2), D("8.00")),
        ("Port 30", None, D("5.00")),
    ]


def test_a_credit_note_printed_without_signs_is_turned() -> None:
    layout = LAYOUT + "\n[credit_note]\npattern = '^Acme Telephone Credit$'\nnegate = true\n"
    pages = [changed(PAGE_1, "Acme Telephone", "Acme Telephone Credit"), PAGE_2]
    (invoice,) = read(make_pdf(pages), layout).invoices
    assert invoice.kind is DocumentKind.CREDIT_NOTE
    assert invoice.total_due == D("-735.75")
    assert sum(charge.amount for charge in invoice.charges) == D("-735.75")


def test_tax_that_is_printed_inside_an_amount_is_taken_out() -> None:
    layout = LAYOUT.replace(
        "pattern = '(?P<description>Late payment", "tax_percent = 20\n  pattern = '(?P<description>Late payment"
    )
    document = read(make_pdf(PAGES), layout)
    assert document.invoices[0].charges[4].amount == D("5.00")
    assert "tax-taken-out" in codes(document)


def test_doubled_letters_count_once() -> None:
    doubled = [[(left, top, words) for left, top, words in page for _ in range(2)] for page in PAGES]
    assert read(make_pdf(doubled)).invoices == DOCUMENT.invoices


@pytest.mark.parametrize("size", [3, 6, 10, 30])
def test_narrow_letters_side_by_side_are_not_doubles(size: int) -> None:
    def draw(canvas: object, number: int) -> None:
        canvas.setFont("Helvetica", size)  # type: ignore[attr-defined]
        canvas.drawString(50, 20, "illi..,,::||iill11")  # type: ignore[attr-defined]

    lines, _ = read_lines("bill.pdf", make_pdf([[]], decorate=draw))
    assert [line.text for line in lines] == ["illi..,,::||iill11"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('currency = "USD"', "", "currency: name the currency"),
        ('currency = "USD"', 'currency = "dollars"', "currency"),
        ('carrier = "Acme Telephone"', "", "carrier"),
        ('claims = ["Acme Telephone", "Account Number"]', "", "claims"),
        ('dates = ["MM/DD/YY", "MM/DD"]', 'dates = ["%m"]', "dates: '%m' is no date format"),
        ('name = "Taxes"', 'name = "Taxes"\ncolour = "red"', "sections.colour: no such key"),
        ("[fields.number]", "[fields.numbr]", "fields.numbr"),
        ('take = "sum"', 'take = "all"', "fields.payments_applied.take: 'all' is none of"),
        ('charge_type = "TAX"', 'charge_type = "VAT"', "sections.charge_type: 'VAT' is none of"),
        ("'Invoice (?P<value>", "'Invoice (?P<amount>", "fields.number.pattern: the group amount means nothing"),
        ("'Invoice (?P<value>", "'Invoice (?:", "fields.number.pattern: the pattern needs a group"),
        ("'Invoice (?P<value>\\S+)'", "'Invoice (?P<value>'", "is no regular expression"),
        ("start = '^TAXES", "stert = '^TAXES", "sections.start"),
        ("(?P<description>.+?) (?P<amount>", "(?P<description>.+?) (?P<amounts>", "the group amounts means nothing"),
        ("[fields.number]", "[fields.number]\ncharge = true", "only the total of taxes"),
        ("[fields.number]", "[fields.number]\nregion = [1, 2, 3]", "fields.number.region: four numbers"),
        ("[fields.number]", "[fields.number]\nregion = [5, 2, 3, 4]", "fields.number.region: its right and bottom"),
        ("kind =", "kind", "line 2"),
    ],
)
def test_a_layout_with_a_fault_is_refused_at_its_place(old: str, new: str, place: str) -> None:
    assert old in LAYOUT
    with pytest.raises(LayoutFault) as caught:
        read_layouts([LAYOUT.replace(old, new)])
    assert place in caught.value.message


def test_two_layouts_of_one_name_are_refused() -> None:
    with pytest.raises(LayoutFault, match="another layout has the same name"):
        read_layouts([LAYOUT, LAYOUT])


def test_definitions_of_other_kinds_are_not_read_as_layouts() -> None:
    assert read_layouts(['kind = "bill-mapping"\nname = "x"\n']) == ()


def test_a_password_is_told_as_such() -> None:
    document = read(make_pdf(PAGES, password="x"))  # noqa: S106 - a test file has no secrets
    assert codes(document) == ["encrypted"]
    assert "save it without one" in document.issues[0].remedy


def test_a_scan_is_told_as_such() -> None:
    def draw(canvas: object, number: int) -> None:
        canvas.rect(100, 100, 300, 300, fill=1)  # type: ignore[attr-defined]

    document = read(make_pdf([[]], decorate=draw), name="scan.pdf")
    assert codes(document) == ["image-only"]
    assert "'scan.pdf'" in document.issues[0].message


def test_half_a_file_is_told_as_broken() -> None:
    content = make_pdf(PAGES)
    assert codes(read(content[: len(content) // 2])) == ["broken"]


def test_a_file_whose_pages_two_readers_count_differently_is_broken() -> None:
    content = make_pdf(PAGES)
    kids = re.search(rb"/Kids \[ (\d+ 0 R) (\d+ 0 R) \]", content)
    assert kids is not None
    (issue,) = read(content.replace(kids[0], kids[0].replace(kids[2], kids[1]))).issues
    assert issue.code == "broken"
    assert "two readers do not agree how many pages it has" in issue.message


def test_a_fault_is_an_error_with_a_remedy() -> None:
    issue = DocumentFault(name="a.pdf", why="it is torn").as_issue()
    assert (issue.severity, issue.message) == (Severity.ERROR, "'a.pdf' cannot be read: it is torn.")
    assert issue.remedy


def test_a_bill_with_an_e_invoice_inside_is_left_to_the_reader_of_that() -> None:
    (importer,) = pdf_importers([LAYOUT])
    head = DocumentHead("bill.pdf", 1, "pdf", "Acme Telephone Account Number")
    assert importer.claims(head)
    assert not importer.claims(replace(head, attachment="factur-x.xml"))


def test_a_layout_reads_lines_wherever_they_come_from_and_keeps_their_confidence() -> None:
    found, _ = read_lines("bill.pdf", make_pdf(PAGES))
    doubtful = [
        Line(line.page, [replace(word, confidence=60 if "DIA200" in line.text else 90) for word in line.words])
        for line in found
    ]
    (layout,) = read_layouts([LAYOUT])
    (invoice,) = read_from_lines(layout, "ocr:acme", doubtful, []).invoices
    assert [one.source.confidence for one in invoice.charges] == [90, 90, 60, 90, 90, 90]
    assert {one.confidence for one in invoice.sources.values()} == {90}
