"""E-invoices: bytes as they come, and sound invoices whose elements are changed, doubled, moved or lost."""

from __future__ import annotations

from tests.fuzz.running import fuzz, watched

with watched(__name__):
    import re

    from app.importers.faults import DocumentFault
    from app.importers.verify import verify
    from app.importers.wire import from_json, to_json
    from app.importers.xml.importer import XML_IMPORTERS
    from app.importers.xml.safe import look_into_xml
    from tests.importers.xml_files import CII, FATTURA, UBL

INVOICES = (UBL, CII, FATTURA)
PIECES = [re.findall(r"<[^>]*>|[^<]+", text) for text in INVOICES]
VALUES = (
    "", "0", "-1", "0.01", "1.005", "99999999999999", "1E9", "NaN", "1,5", "2026-02-30", "20260230", "2026-09-01",
    "XXX", "USD",
    "380", "381", "S", "AE", "true", "\u202e5", "<!-- -->", "<![CDATA[5]]>", "<x/>", "&#8203;", "٣",
)  # fmt: skip
SEEDS = (
    *(b"\x00" + text.encode() for text in INVOICES),
    *(bytes([1 + kind, 10, 0, 3, 40, 0, 8, 90, 1, 2, 20, 2, 0]) for kind in range(3)),
    b"\x01", b"\x02", b"\x03",
)  # fmt: skip
TOKENS = ("<!DOCTYPE x>", "<!--", "-->", "<![CDATA[", "]]>", "<?x?>", "&#0;", "xmlns", 'encoding="utf-7"', "\ufeff")


def one_input(data: bytes) -> None:
    """Raises where a reader raises anything but a DocumentFault, or where its answer does not pass to the parent."""
    if not data:
        return
    kind = data[0] % (1 + len(PIECES))
    content = data[1:] if kind == 0 else change(PIECES[kind - 1], data[1:])
    try:
        head = look_into_xml("a.xml", content)
        for reader in XML_IMPORTERS:
            if reader.claims(head):
                document = reader.read(content, head)
                for invoice in document.invoices:
                    verify(invoice)
                assert from_json(to_json(document)) == document
    except DocumentFault:
        return


def change(pieces: list[str], edits: bytes) -> bytes:
    """The invoice after these edits, each of four bytes: where (two), what, and with which value."""
    changed = list(pieces)
    for start in range(0, min(len(edits), 48) - 3, 4):
        high, low, what, value = edits[start : start + 4]
        place = (high << 8 | low) % len(changed)
        if what % 4 == 0:
            changed[place] = VALUES[value % len(VALUES)]
        elif what % 4 == 1:
            changed[place] = ""
        elif what % 4 == 2:
            end = place + 1 + value % 12
            changed[place:place] = changed[place:end]
        else:
            other = (place + 1 + value) % len(changed)
            changed[place], changed[other] = changed[other], changed[place]
    return "".join(changed).encode()


if __name__ == "__main__":
    fuzz("xml", one_input, SEEDS, TOKENS)
