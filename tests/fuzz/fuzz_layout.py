"""Layouts of PDF bills: any TOML is a layout or a fault with its place, and any words on pages make a document."""

from __future__ import annotations

from tests.fuzz.running import fuzz, watched

with watched(__name__):
    from app.domain.source import Box
    from app.errors import UserError
    from app.importers.pdf.declare import LayoutFault, read_layouts
    from app.importers.pdf.guess import guess_layout
    from app.importers.pdf.read import read_from_lines
    from app.importers.pdf.text import Line, Word
    from app.importers.verify import verify
    from app.importers.wire import from_json, to_json
    from tests.importers.pdf_files import LAYOUT, PAGES, ROWS, TABLE_LAYOUT, Text, make_table, page_of

BILLS: list[tuple[str, list[list[Text]]]] = [(LAYOUT, PAGES), (TABLE_LAYOUT, make_table(ROWS, [6]))]
LAYOUTS = [read_layouts([text])[0] for text, _pages in BILLS]
WORDS = (
    "", "0.00", "-5.00", "(5.00)", "5.00 CR", "1,234.56", "1.234,56", "999,999,999,999.99", "NaN", "09/31/26",
    "02/29", "$",
    "Total Amount Due", "MONTHLY SERVICE", "Total Monthly Service", "Subtotal", "SITE", "CIRCUIT", "Code", "Amount",
    "\u202e1.00",
    "Grand total", "\ufffe", "x" * 3000, "1 2 3", "|", "Invoice", "Page 1",
)  # fmt: skip
SEEDS = (
    *(b"\x00" + layout.encode() for layout, _pages in BILLS),
    *(bytes([kind, 3, 0, 1, 9, 2, 5, 4, 20, 1, 3, 1]) for kind in (1, 2, 3)),
    b"\x01", b"\x02", b"\x03",
)  # fmt: skip
TOKENS = (
    "[[sections]]", "[[tables]]", "[[anchors]]", "[fields.number]", "region = [0, 0, 9, 9]", "page = ", "pattern = ",
    "label = ",
    "'(?P<amount>.+)'", "columns = [", "{ field = ", "from = ", "to = ", "inf", "nan", "-1", "99999999999999999999",
    "true", '"""',
    "1979-05-27", "{1000000000}", "(((((", "\\\\d+", "subtotals", "wrap = ", "heads = ", "negative = ",
    "anchor_tolerance = ",
)  # fmt: skip


def one_input(data: bytes) -> None:
    """Raises where a layout or the words under it make anything but a document or a LayoutFault."""
    if not data:
        return
    kind = data[0] % 4
    if kind == 0:
        try:
            read_layouts([data[1:].decode("utf-8", "replace")])
        except LayoutFault:
            return
        return
    lines = change([line for page in BILLS[kind % 2][1] for line in page], data[1:])
    if kind == 3:
        try:
            guess_layout(lines)
        except UserError:
            return
        return
    document = read_from_lines(LAYOUTS[kind % 2], "pdf:fuzz", lines, [])
    for invoice in document.invoices:
        verify(invoice)
    assert from_json(to_json(document)) == document


def change(texts: list[Text], edits: bytes) -> list[Line]:
    """The lines of a bill after these edits of three bytes: which line, what, and how far or with which word."""
    changed = list(texts)
    for start in range(0, min(len(edits), 60) - 2, 3):
        which, what, value = edits[start : start + 3]
        left, top, words = changed[which % len(changed)]
        word = WORDS[value % len(WORDS)]
        fresh: Text = (
            (left, top, word),
            (left, top, f"{words} {word}"),
            (left + 4 * value - 500, top, words),
            (left, top + value - 128, words),
            (left, top, " ".join([*words.split()[:-1], word])),
        )[what % 5]
        changed[which % len(changed)] = fresh
        if what & 64:
            changed.append((left, top + value, words))
    pages: dict[int, list[Word]] = {1: [], 2: []}
    for number, (left, top, words) in enumerate(changed):
        x = 100 * left
        for word in words.split():
            box = Box(x, 100 * top - 800, x + 500 * len(word), 100 * top)
            pages[1 + 2 * number // (len(changed) + 1)].append(Word(word, box))
            x = box.x1 + 300
    return [line for number, page in pages.items() for line in page_of(number, page).lines]


if __name__ == "__main__":
    fuzz("layout", one_input, SEEDS, TOKENS)
