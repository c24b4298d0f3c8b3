"""An itemised bill of a thousand pages: its words with their boxes, and the whole of it as charges.

Compared with pdfplumber (on some of its pages) and with the shortest loop over pypdfium2 that yields word boxes, in
turn in one run. Every page prints a subtotal, and every one must be the sum of the charges that were read from it.
"""

from __future__ import annotations

import ctypes
import io
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

from app.domain.money import ZERO, D
from app.importers.pdf.pages import walk_pages
from app.importers.pdf.read import pdf_importers
from app.importers.registry import DocumentHead

PAGES, ROWS, PAGES_FOR_PDFPLUMBER, RUNS = 1_000, 60, 8, 5
LAYOUT = """
kind = "pdf-layout"
name = "thousand"
carrier = "Example Telephone"
claims = ["Example Telephone"]
currency = "USD"
dates = ["MM/DD/YY"]
fields.number.pattern = 'Invoice (?P<value>[A-Z]-[0-9]+)'
fields.bill_date.label = "Bill Date"
fields.total_due = { label = "Total Amount Due", page = "first" }

[[tables]]
name = "Itemised charges"
header = ["Circuit", "Description", "Code", "Period", "Amount"]
subtotals = ["Subtotal of page"]
charge_type = "MRC"
columns = [
  { field = "circuit_id", from = 36, to = 148 },
  { field = "description", from = 148, to = 328 },
  { field = "code", from = 328, to = 398 },
  { field = "period", from = 398, to = 500 },
  { field = "amount", from = 500, to = 575 },
]
"""


def cents_of(page: int, row: int) -> int:
    """What a charge costs: any amount will do, as long as no two pages have the same sum."""
    return (page * 7919 + row * 104_729) % 90_000 + 100


def say(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def make_bill(pages: int) -> bytes:
    """The bill as a PDF; a subtotal on every page, the total on the first."""
    from reportlab.lib.pagesizes import letter
    from reportlab.pdfgen.canvas import Canvas

    total = sum(cents_of(page, row) for page in range(pages) for row in range(ROWS))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=letter, invariant=1, pageCompression=1)
    for page in range(pages):
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawString(40, 760, "Example Telephone")
        canvas.drawString(300, 760, f"Invoice A-2041  Page {page + 1} of {pages}")
        canvas.setFont("Helvetica", 7.5)
        if page == 0:
            canvas.drawString(40, 748, "Bill Date 09/01/26")
            canvas.drawString(300, 748, f"Total Amount Due {say(total)}")
        for left, heading in ((40, "Circuit"), (150, "Description"), (330, "Code"), (400, "Period")):
            canvas.drawString(left, 733, heading)
        canvas.drawRightString(570, 733, "Amount")
        for row in range(ROWS):
            height = 721 - row * 11
            canvas.drawString(40, height, f"80/KXGS/{page * ROWS + row:06d}//EX")
            canvas.drawString(150, height, f"Dedicated internet port at site {row:03d}, 100 Mbps")
            canvas.drawString(330, height, f"DIA{row % 9}")
            canvas.drawString(400, height, "09/01/26 - 09/30/26")
            canvas.drawRightString(570, height, say(cents_of(page, row)))
        canvas.drawString(330, 721 - ROWS * 11, f"Subtotal of page {page + 1}")
        canvas.drawRightString(570, 721 - ROWS * 11, say(sum(cents_of(page, row) for row in range(ROWS))))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def words_of_ours(content: bytes) -> int:
    return sum(len(page.texts) for page in walk_pages("bill.pdf", content, []))


def words_of_bare_pdfium(content: bytes) -> int:
    """One text for a page, and the boxes of the first and the last character of each word: no check of anything."""
    import pypdfium2
    from pypdfium2 import raw

    document = pypdfium2.PdfDocument(content)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    count = 0
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        length = text_page.count_chars()
        buffer = (ctypes.c_ushort * (length + 1))()
        taken = raw.FPDFText_GetText(text_page, 0, length, buffer)
        words = []
        for match in re.finditer(r"\S+", bytes(buffer)[: 2 * (taken - 1)].decode("utf-16-le")):
            raw.FPDFText_GetCharBox(text_page, match.start(), left, right, bottom, top)
            x0, y1 = left.value, top.value
            raw.FPDFText_GetCharBox(text_page, match.end() - 1, left, right, bottom, top)
            words.append((match[0], x0, y1, right.value, bottom.value))
        count += len(words)
        text_page.close()
        page.close()
    document.close()
    return count


def words_of_pdfplumber(content: bytes) -> int:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(content)) as document:
        count = 0
        for page in document.pages[:PAGES_FOR_PDFPLUMBER]:
            count += len(page.extract_words())
            page.close()
        return count


def charges_of_ours(content: bytes) -> int:
    """Read the whole bill to charges, and tie each page to the subtotal that it prints."""
    (importer,) = pdf_importers([LAYOUT])
    document = importer.read(content, DocumentHead("bill.pdf", len(content), "pdf"))
    if document.issues:
        raise AssertionError(document.issues[0].message)
    (invoice,) = document.invoices
    sums: dict[int, Decimal] = {}
    for charge in invoice.charges:
        page = charge.source.page or 0
        sums[page] = sums.get(page, ZERO) + charge.amount
    for page, found in sums.items():
        if found != D(say(sum(cents_of(page - 1, row) for row in range(ROWS))).replace(",", "")):
            raise AssertionError(f"page {page} does not make its subtotal")
    if len(sums) != PAGES:
        raise AssertionError(f"only {len(sums)} pages have charges")
    return len(invoice.charges)


WAYS: dict[str, Callable[[bytes], int]] = {
    "bare": words_of_bare_pdfium,
    "words": words_of_ours,
    "whole": charges_of_ours,
    "pdfplumber": words_of_pdfplumber,
}


def run_alone(way: str, path: Path) -> int:
    """The peak memory, in MB, of a process that does nothing else."""
    run = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bench.thousand_pages", way, str(path)], check=True, capture_output=True, text=True
    )
    return int(run.stdout)


def peak_memory() -> int:
    """The most that this process has held, in MB. What the system counts for a child includes its parent's at first."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))[1]) >> 10  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main() -> None:
    """Time all ways in turn, per page of processor time, and print the ratios."""
    content = make_bill(PAGES)
    pages = {way: PAGES_FOR_PDFPLUMBER if way == "pdfplumber" else PAGES for way in WAYS}
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    counts: dict[str, int] = {}
    for _ in range(RUNS):
        for way, act in WAYS.items():
            start = time.process_time()
            counts[way] = act(content)
            seconds[way].append((time.process_time() - start) / pages[way])
    if counts["words"] != counts["bare"]:
        raise AssertionError(f"{counts['words']} words, and {counts['bare']} by the bare loop")
    each = {way: statistics.median(times) for way, times in seconds.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bill.pdf"
        path.write_bytes(content)
        memory = {way: f", {run_alone(way, path):4} MB at most" for way in ("bare", "words", "whole")}
    print(f"{PAGES} pages, {counts['words']:,} words, {counts['whole']:,} charges, {len(content) >> 20} MB")
    for way, median in each.items():
        print(f"  {way:<12} {median * 1000:8.2f} ms a page{memory.get(way, '')}")
    print(f"  words: {compare(seconds['pdfplumber'], seconds['words'])} times pdfplumber per core")
    print(f"  words: {compare(seconds['bare'], seconds['words'])} of the bare loop")
    print(f"  whole: {compare(seconds['whole'], seconds['words'])} times the time of the words")
    print("  every page ties to its subtotal")


def compare(times: Sequence[float], others: Sequence[float]) -> str:
    """The ratio of what was measured one after the other, run by run: the median, and the least and the most."""
    ratios = [one / other for one, other in zip(times, others, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    if len(sys.argv) == 3:
        WAYS[sys.argv[1]](Path(sys.argv[2]).read_bytes())
        print(peak_memory())
    else:
        main()
