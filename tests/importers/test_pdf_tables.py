"""Tables of a layout: headings, wrapped rows, page breaks, heads, subtotals, signs."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.money import D
from app.domain.parsed import ParsedCharge, ParsedDocument
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, Severity
from app.importers.pdf.declare import LayoutFault, read_layouts
from tests.importers.pdf_files import ROWS, TABLE_LAYOUT, Row, codes, make_pdf, make_table, read

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
DOCUMENT = read(make_pdf(make_table(ROWS, [])), TABLE_LAYOUT)


def told(document: ParsedDocument) -> list[tuple[str, str, str, object, object]]:
    """What a charge says, without its place."""
    return [(one.code, one.description, one.location, one.period, one.amount) for one in document.invoices[0].charges]


def changed(number: int, *row: tuple[int, str]) -> list[Row]:
    return [list(row) if index == number else one for index, one in enumerate(ROWS)]


def charges_of(rows: list[Row], layout: str = TABLE_LAYOUT) -> tuple[ParsedCharge, ...]:
    return read(make_pdf(make_table(rows, [])), layout).invoices[0].charges


def test_every_row_is_a_charge_with_its_cells_and_the_head_above_it() -> None:
    assert DOCUMENT.issues == ()
    assert told(DOCUMENT) == [
        ("DIA1", "Internet access with five addresses and a router", "SITE OAK1 Oak Street 1", SEPTEMBER, D("500.00")),
        ("DIA2", "Backup line", "SITE OAK1 Oak Street 1", Period(date(2026, 8, 17), date(2026, 9, 1)), D("99.00")),
        ("CR1", "Service credit", "SITE OAK1 Oak Street 1", None, D("-9.00")),
        ("DIA1", "Internet access", "SITE ELM2 Elm Street 2", SEPTEMBER, D("70.00")),
        ("CR2", "Goodwill", "SITE ELM2 Elm Street 2", None, D("-20.00")),
    ]
    first = DOCUMENT.invoices[0].charges[0]
    assert (first.quantity, first.charge_type) == (D(1), ChargeType.MRC)
    assert first.source.page == 1
    assert first.source.box is not None
    assert first.source.box.bottom - first.source.box.top > 3_000  # three lines


@pytest.mark.parametrize("cut", range(1, len(ROWS)))
def test_a_table_reads_the_same_wherever_a_page_ends(cut: int) -> None:
    document = read(make_pdf(make_table(ROWS, [cut])), TABLE_LAYOUT)
    assert document.issues == ()
    assert told(document) == told(DOCUMENT)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(1, len(ROWS) - 1), unique=True, max_size=5).map(sorted), step=st.integers(10, 15))
def test_a_table_cut_into_many_pages_reads_the_same(cuts: list[int], step: int) -> None:
    document = read(make_pdf(make_table(ROWS, cuts, step=step)), TABLE_LAYOUT)
    assert document.issues == ()
    assert told(document) == told(DOCUMENT)


def test_a_page_that_repeats_no_headings_goes_on_with_its_first_amount() -> None:
    first, second = make_table(ROWS, [8])
    bare = [text for text in second if text[1] != 60]
    document = read(make_pdf([first, bare]), TABLE_LAYOUT)
    assert told(document)[:3] == told(DOCUMENT)[:3]
    assert told(document)[-1] == told(DOCUMENT)[-1]


def test_a_subtotal_that_is_not_the_sum_of_its_rows_is_told_with_both_figures() -> None:
    document = read(make_pdf(make_table(changed(6, (50, "Subtotal OAK1"), (470, "591.00")), [])), TABLE_LAYOUT)
    (issue,) = document.issues
    assert (issue.severity, issue.code, issue.source.page) == (Severity.WARNING, "subtotal-differs", 1)
    assert "says 591.00, but its rows make 590.00, a difference of 1.00" in issue.message


def test_a_subtotal_of_another_name_sums_all_rows_since_the_last_of_its_own() -> None:
    layout = TABLE_LAYOUT.replace('end = ["Grand total"]', 'end = ["The end"]').replace(
        'subtotals = ["Subtotal"]', 'subtotals = ["Subtotal", "Grand total"]'
    )
    assert read(make_pdf(make_table(ROWS, [])), layout).issues == ()
    wrong = changed(11, (50, "Grand total"), (470, "650.00"))
    assert codes(read(make_pdf(make_table(wrong, [])), layout)) == ["subtotal-differs"]


def test_a_subtotal_that_cannot_be_read_is_told() -> None:
    document = read(make_pdf(make_table(changed(6, (50, "Subtotal OAK1"), (470, "5l0.00")), [])), TABLE_LAYOUT)
    assert codes(document) == ["subtotal-differs"]
    assert "cannot be compared" in document.issues[0].message


def test_an_amount_that_cannot_be_read_refuses_the_bill_with_its_place() -> None:
    document = read(
        make_pdf(make_table(changed(4, (50, "DIA2"), (110, "Backup line"), (470, "9,9.00")), [])), TABLE_LAYOUT
    )
    assert document.refused
    assert "bad-amount" in codes(document)


@pytest.mark.parametrize(
    ("printed", "amount"),
    [("9.00 CR", "-9.00"), ("9.00-", "-9.00"), ("(9.00)", "-9.00"), ("-9.00", "-9.00"), ("$9.00", "9.00")],
)
def test_credits_are_read_however_they_are_marked(printed: str, amount: str) -> None:
    charges = charges_of(changed(5, (50, "CR1"), (110, "Service credit"), (470, printed)))
    assert charges[2].amount == D(amount)


def test_numbers_are_read_as_the_layout_says() -> None:
    layout = TABLE_LAYOUT.replace('currency = "USD"', 'currency = "USD"\ndecimal = ","\ngroup = "."')
    rows = [[(left, text.replace(".", ",") if left == 470 else text) for left, text in row] for row in ROWS]
    pages = make_table(rows, [])
    pages[0] = [(left, top, words.replace("640.00", "640,00")) for left, top, words in pages[0]]
    assert told(read(make_pdf(pages), layout)) == told(DOCUMENT)


def test_rows_whose_text_stands_above_their_amount_wrap_below() -> None:
    rows: list[Row] = [
        [(110, "Internet access with")],
        [(50, "DIA1"), (110, "five addresses"), (470, "500.00")],
        [(50, "DIA2"), (110, "Backup line"), (470, "140.00")],
        [(50, "Grand total"), (470, "640.00")],
    ]
    layout = TABLE_LAYOUT.replace('heads = "location"', 'wrap = "below"')
    assert [one.description for one in charges_of(rows, layout)] == [
        "Internet access with five addresses",
        "Backup line",
    ]


def test_a_line_with_money_outside_the_amounts_is_told_and_not_dropped() -> None:
    rows = [*ROWS[:5], [(110, "Late fee 12.00 see page 2")], *ROWS[5:]]
    layout = TABLE_LAYOUT.replace('heads = "location"', 'wrap = "none"')
    assert "line-not-read" in codes(read(make_pdf(make_table(rows, [])), layout))


def test_headings_on_two_lines_begin_a_table_too() -> None:
    pages = make_table(ROWS, [])
    moved = [(left, 141 if words in {"Qty", "Period"} and top == 150 else top, words) for left, top, words in pages[0]]
    assert told(read(make_pdf([moved]), TABLE_LAYOUT)) == told(DOCUMENT)


def test_a_footer_far_below_the_last_row_is_not_its_description() -> None:
    pages = make_table(ROWS[:5], [])
    document = read(make_pdf(pages), TABLE_LAYOUT)
    assert document.invoices[0].charges[-1].description == "Backup line"


def test_only_the_pages_that_the_layout_names_are_looked_at() -> None:
    layout = TABLE_LAYOUT.replace('name = "Charges"', 'name = "Charges"\npages = "first"')
    document = read(make_pdf(make_table(ROWS, [7])), layout)
    assert [one.amount for one in document.invoices[0].charges] == [D("500.00"), D("99.00"), D("-9.00")]
    numbered = TABLE_LAYOUT.replace('name = "Charges"', 'name = "Charges"\npages = [1, 2]')
    assert told(read(make_pdf(make_table(ROWS, [7])), numbered)) == told(DOCUMENT)


def test_charges_without_a_printed_period_can_be_for_the_billing_period() -> None:
    dates = r"(?P<start>\d\d/\d\d/\d\d) - (?P<end>\d\d/\d\d/\d\d)"
    layout = TABLE_LAYOUT.replace('heads = "location"', 'heads = "location"\nperiod = "billing"')
    layout += f"\n[fields.billing_period]\nregion = [300, 90, 400, 105]\npage = 1\npattern = '{dates}'\n"
    pages = make_table(ROWS, [])
    pages[0] = [(left, top, words.replace("09/01/26", "09/01/26 - 09/30/26")) for left, top, words in pages[0]]
    layout = layout.replace('label = "Bill Date"', "pattern = 'Bill Date (?P<value>\\S+)'")
    (invoice,) = read(make_pdf(pages), layout).invoices
    assert invoice.billing_period == SEPTEMBER
    assert invoice.charges[2].period == SEPTEMBER


def test_a_tax_that_no_row_shows_is_a_charge_where_the_layout_says_so() -> None:
    layout = TABLE_LAYOUT + '\n[fields.tax_total]\nlabel = "Sales tax"\ncharge = true\n'
    pages = make_table(ROWS, [])
    pages[0] += [(50, 600, "Sales tax"), (300, 600, "12.50")]
    (invoice,) = read(make_pdf(pages), layout).invoices
    tax = invoice.charges[-1]
    assert (tax.description, tax.charge_type, tax.amount) == ("Sales tax", ChargeType.TAX, D("12.50"))
    assert tax.source == invoice.sources["tax_total"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('field = "amount"', 'field = "unit"', "tables.columns: a column with the field 'amount'"),
        ('field = "code"', 'field = "amount"', "tables.columns: two columns"),
        ('field = "code"', 'field = "colour"', "tables.columns.field: 'colour' is none of"),
        ("from = 100", "from = 90", "tables.columns: columns are wanted from left to right"),
        ("from = 100", "from = 400", "tables.columns.to: a column ends to the right"),
        ("from = 100", 'from = "left"', "tables.columns.from: a length in points"),
        ('heads = "location"', 'heads = "amount"', "tables.heads: 'amount' is none of"),
        ('heads = "location"', 'wrap = "sideways"', "tables.wrap: 'sideways' is none of"),
        ('heads = "location"', 'pages = "some"', "tables.pages: any, first, last"),
        ('heads = "location"', "pages = [0]", "tables.pages: any, first, last"),
        ('heads = "location"', "width = 5", "tables.width: no such key"),
        ('[[tables]]\nname = "Charges"', "[[tables]]", "tables.name: a text is wanted"),
    ],
)
def test_a_table_with_a_fault_is_refused_at_its_place(old: str, new: str, place: str) -> None:
    assert old in TABLE_LAYOUT
    with pytest.raises(LayoutFault) as caught:
        read_layouts([TABLE_LAYOUT.replace(old, new)])
    assert place in caught.value.message


def test_the_boxes_of_charges_stand_in_the_order_of_the_rows() -> None:
    tops = [one.source.box.top for one in DOCUMENT.invoices[0].charges if one.source.box is not None]
    assert len(tops) == 5
    assert all(above < below for above, below in pairwise(tops))


def test_amounts_of_another_currency_are_refused() -> None:
    row = [(50, "DIA1"), (110, "Internet access with"), (305, "09/01 - 09/30"), (425, "1"), (470, "€500.00")]
    document = read(make_pdf(make_table(changed(1, *row), [])), TABLE_LAYOUT)
    assert document.invoices == ()
    assert any(one.code == "bad-amount" and "'€' is no sign of USD" in one.message for one in document.issues)


def test_a_subtotal_and_a_total_of_another_currency_are_told() -> None:
    subtotal = read(make_pdf(make_table(changed(10, (50, "Subtotal ELM2"), (470, "€50.00")), [])), TABLE_LAYOUT)
    assert [(one.severity, one.code) for one in subtotal.issues] == [(Severity.WARNING, "subtotal-differs")]
    assert "'€' is no sign of USD" in subtotal.issues[0].message
    printed = TABLE_LAYOUT.replace('currency = "USD"', "") + "[fields.currency]\nregion = [400, 110, 500, 124]\n"
    pages = make_table(ROWS, [])
    pages[0].append((420, 120, "EUR"))
    total = read(make_pdf(pages), printed)
    assert total.invoices == ()
    assert any(one.code == "bad-field" and "'$' is no sign of EUR" in one.message for one in total.issues)
