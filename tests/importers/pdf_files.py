"""Small PDFs for the tests: bills of invented carriers, and what somebody may hide in them."""

from __future__ import annotations

from array import array
from io import BytesIO
from itertools import pairwise
from typing import Any

from app.domain.parsed import ParsedDocument
from app.importers.identify import read_document
from app.importers.pdf.text import PageText, Word
from app.importers.registry import Definitions

Text = tuple[int, int, str]  # points from the left and from the top, and the words

LAYOUT = """
kind = "pdf-layout"
name = "acme"
carrier = "Acme Telephone"
claims = ["Acme Telephone", "Account Number"]
currency = "USD"
dates = ["MM/DD/YY", "MM/DD"]
ignore = ['^Account Number', '^Page \\d+$', '^Subtotal']

[fields.number]
pattern = 'Invoice (?P<value>\\S+)'
[fields.ban]
pattern = '^Account Number (?P<value>[\\d-]+)'
[fields.bill_date]
label = "Bill Date"
[fields.due_date]
label = "Pay By"
where = "below"
[fields.billing_period]
pattern = 'Service from (?P<start>\\S+) to (?P<end>\\S+)'
[fields.previous_balance]
pattern = '^Previous Balance (?P<value>\\S+(?: CR)?)$'
[fields.payments_applied]
pattern = '^Payment Received .*?(?P<value>\\$[\\d.,]+)'
negative = true
take = "sum"
[fields.total_due]
pattern = '^Total Amount Due (?P<value>\\S+(?: CR)?)$'

[charge_codes]
"SETUP1" = "NRC"

[[charges]]
pattern = '^Late payment'
charge_type = "LPC"
code = "LATE"

[[contexts]]
pattern = 'SITE (?P<location>\\S+) .*'

[[sections]]
name = "Monthly service"
start = '^MONTHLY SERVICE'
stop = '^Total Monthly Service'
charge_type = "MRC"
period = "billing"
  [[sections.contexts]]
  pattern = 'CIRCUIT (?P<circuit_id>\\S+)'
  [[sections.lines]]
  pattern = '(?P<code>[A-Z]+\\d+) (?P<description>.+) (?P<quantity>\\d+) (?P<unit_price>\\S+) (?P<amount>\\S+( CR)?)'
  more = ['(?P<period_start>[\\d/]+) - (?P<period_end>[\\d/]+)', '(?P<description>[a-z].+)']
  [[sections.lines]]
  pattern = '(?P<description>Late payment .+) (?P<amount>[\\d,.]+)'

[[sections]]
name = "Taxes"
start = '^TAXES AND SURCHARGES'
stop = '^Total Taxes'
charge_type = "TAX"
  [[sections.lines]]
  pattern = '(?P<description>.+?) (?P<amount>[\\d,.]+)'
  set = { location = "", circuit_id = "" }
"""

PAGE_1: list[Text] = [
    (50, 40, "Acme Telephone"),
    (50, 60, "Account Number 555-0100"),
    (50, 80, "Invoice A-2041"),
    (50, 100, "Bill Date"),
    (300, 100, "09/01/26"),
    (400, 60, "Pay By"),
    (400, 80, "09/21"),
    (50, 130, "Service from 09/01/26 to 09/30/26"),
    (50, 150, "Previous Balance $1,000.00"),
    (50, 170, "Payment Received 08/15 - Thank you $600.00"),
    (50, 190, "Payment Received 08/20 - Thank you $400.00"),
    (50, 210, "Total Amount Due $735.75"),
    (50, 250, "SITE OAK1 Oak Street 1"),
    (50, 270, "MONTHLY SERVICE"),
    (50, 290, "CIRCUIT 80/KXGS/000123//EX"),
    (50, 310, "DIA100 Internet 100 Mbps 1 500.00 500.00"),
    (60, 325, "with five addresses"),
    (50, 345, "SETUP1 Installation 1 99.00 99.00"),
    (60, 360, "08/17 - 08/31"),
    (50, 380, "Subtotal 599.00"),
    (50, 700, "Page 1"),
]
PAGE_2: list[Text] = [
    (50, 60, "Account Number 555-0100"),
    (50, 80, "MONTHLY SERVICE"),
    (50, 100, "DIA200 Internet 200 Mbps 2 100.00 200.00"),
    (50, 120, "DIA100 Service credit 1 75.25 75.25 CR"),
    (50, 140, "SITE ELM2 Elm Street 2"),
    (50, 160, "Late payment charge 6.00"),
    (50, 180, "Total Monthly Service 729.75"),
    (50, 220, "TAXES AND SURCHARGES"),
    (50, 240, "Federal excise tax 6.00"),
    (50, 260, "Total Taxes 6.00"),
    (50, 700, "Page 2"),
]
PAGES = [PAGE_1, PAGE_2]


# the same bill as a table, by columns
TABLE_LAYOUT = """
kind = "pdf-layout"
name = "tabled"
carrier = "Acme Telephone"
claims = ["Acme Telephone", "Account Number"]
currency = "USD"
dates = ["MM/DD/YY", "MM/DD"]

[fields.number]
region = [100, 70, 300, 84]
[fields.bill_date]
label = "Bill Date"
[fields.total_due]
label = "Total Amount Due"

[[tables]]
name = "Charges"
header = ["Code", "Description", "Period", "Qty", "Amount"]
end = ["Grand total"]
subtotals = ["Subtotal"]
heads = "location"
charge_type = "MRC"
columns = [
  { field = "code", from = 40, to = 100 },
  { field = "description", from = 100, to = 300 },
  { field = "period", from = 300, to = 420 },
  { field = "quantity", from = 420, to = 460 },
  { field = "amount", from = 460, to = 560 },
]
"""
TOP: list[Text] = [
    (50, 40, "Acme Telephone"),
    (50, 60, "Account Number 555-0100"),
    (50, 80, "Number"),
    (110, 80, "A-2041"),
    (50, 100, "Bill Date"),
    (300, 100, "09/01/26"),
    (50, 120, "Total Amount Due"),
    (300, 120, "$ 640.00"),
]
HEADINGS: list[tuple[int, str]] = [(50, "Code"), (110, "Description"), (305, "Period"), (425, "Qty"), (470, "Amount")]
Row = list[tuple[int, str]]
ROWS: list[Row] = [
    [(50, "SITE OAK1 Oak Street 1")],
    [(50, "DIA1"), (110, "Internet access with"), (305, "09/01 - 09/30"), (425, "1"), (470, "500.00")],
    [(110, "five addresses and")],
    [(110, "a router")],
    [(50, "DIA2"), (110, "Backup line"), (305, "08/17 - 08/31"), (425, "2"), (470, "99.00")],
    [(50, "CR1"), (110, "Service credit"), (470, "9.00 CR")],
    [(50, "Subtotal OAK1"), (470, "590.00")],
    [(50, "SITE ELM2 Elm Street 2")],
    [(50, "DIA1"), (110, "Internet access"), (305, "09/01 - 09/30"), (425, "1"), (470, "70.00")],
    [(50, "CR2"), (110, "Goodwill"), (470, "(20.00)")],
    [(50, "Subtotal ELM2"), (470, "50.00")],
    [(50, "Grand total"), (470, "640.00")],
]


def make_table(rows: list[Row], cuts: list[int], *, step: int = 12) -> list[list[Text]]:
    """The bill's pages with its table cut before each of these rows; every page repeats the headings."""
    bounds = [0, *cuts, len(rows)]
    pages: list[list[Text]] = []
    for number, (start, end) in enumerate(pairwise(bounds), start=1):
        above = 150 if number == 1 else 60
        page: list[Text] = list(TOP) if number == 1 else [(50, 30, "Account Number 555-0100 500.00")]
        page += [(left, above, heading) for left, heading in HEADINGS]
        page += [(left, above + step * line, text) for line, row in enumerate(rows[start:end], 1) for left, text in row]
        pages.append([*page, (50, 760, f"Page {number} of {len(bounds) - 1}")])
    return pages


def make_pdf(pages: list[list[Text]], *, password: str = "", decorate: Any = None) -> bytes:
    """A PDF with these texts; `decorate(canvas, page number)` may draw more on each page."""
    from reportlab.lib.pagesizes import letter
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=letter, encrypt=password or None, invariant=1)
    for number, texts in enumerate(pages, start=1):
        canvas.setFont("Helvetica", 10)
        for left, top, words in texts:
            canvas.drawString(left, letter[1] - top, words)
        if decorate is not None:
            decorate(canvas, number)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def changed(texts: list[Text], old: str, new: str) -> list[Text]:
    """`texts` with one line replaced; "" leaves it out."""
    assert any(words == old for _, _, words in texts), old
    return [(left, top, new if words == old else words) for left, top, words in texts if words != old or new]


def read(content: bytes, *layouts: str, name: str = "bill.pdf") -> ParsedDocument:
    """The document as the one layout (or `layouts`) reads it."""
    return read_document(name, content, Definitions(layouts or (LAYOUT,), ()))


def codes(document: ParsedDocument) -> list[str]:
    """The codes of a document's issues."""
    return [issue.code for issue in document.issues]


def page_of(number: int, words: list[Word]) -> PageText:
    """The page on which `words` stand."""
    sides = [side for word in words for side in (word.box.x0, word.box.top, word.box.x1, word.box.bottom)]
    return PageText(number, 60_000, 80_000, [word.text for word in words], array("i", sides))
