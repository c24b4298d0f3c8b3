"""PDFs written by hand, object by object, so that nothing in them is tidied up."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
LINES = (
    b"Greedy Telephone", b"Invoice A-1", b"Account 555-0100", b"Date 09/01/26", b"Port 1 100.00", b"Port 2 23.45",
    b"Total due 123.45",
)  # fmt: skip
TOP = 740
AMOUNT = b"200 640 60 -14 re"  # nothing stands there
OVER_PORT_1 = b"48 637 100 13 re"  # the line "Port 1 100.00"


def write(text: bytes, x: int = 50, y: int = 500, size: int = 10, more: bytes = b"") -> bytes:
    """The operators that print a text."""
    return b"BT /F1 %d Tf %s 1 0 0 1 %d %d Tm (%s) Tj ET\n" % (size, more, x, y, text)


def printed(lines: Sequence[bytes] = LINES, step: int = 25) -> bytes:
    """The operators that print a bill, a line each."""
    return b"".join(write(text, y=TOP - step * number) for number, text in enumerate(lines))


def assemble(objects: Sequence[bytes], *, version: bytes = b"1.7", trailer: bytes = b"") -> bytes:
    """The file of these objects, the first of which is the catalogue."""
    made, places = b"%PDF-" + version + b"\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(made))
    return made + head + table + end


def stream(body: bytes, words: bytes = b"", *, packed: bool = False) -> bytes:
    """A stream object."""
    if packed:
        body, words = zlib.compress(body, 9), words + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (words, len(body), body)


def bill(
    after: bytes = b"",
    *,
    before: bytes = b"",
    lines: Sequence[bytes] = LINES,
    page: bytes = b"",
    resources: bytes = b"",
    catalogue: bytes = b"",
    objects: Sequence[bytes] = (),
    font: bytes = FONT,
    content: bytes | None = None,
    box: bytes = b"[0 0 612 792]",
) -> bytes:
    """A bill of one page; `objects` are numbered from 6 on."""
    body = before + printed(lines) + after if content is None else content
    return assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%s>>%s>>"
            % (box, resources, page),
            stream(body),
            font,
            *objects,
        ]
    )
