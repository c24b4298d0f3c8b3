"""Small archives and messages for the tests."""

from __future__ import annotations

import struct
import warnings
import zipfile
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

from app.domain.parsed import ParsedDocument
from app.importers.identify import read_document
from app.importers.registry import Definitions

PDF = b"%PDF-1.7 not really\n"
LOGO = b"\x89PNG\r\n\x1a\n" + bytes(300)


def take_out(content: bytes, name: str = "bills.zip") -> ParsedDocument:
    """What the reader of containers says of `content`; its members lie in the current folder."""
    return read_document(name, content, Definitions())


def names_of(document: ParsedDocument) -> list[str]:
    return [part.name for part in document.parts]


def contents_of(document: ParsedDocument) -> list[bytes]:
    return [Path(part.file).read_bytes() for part in document.parts]


def pack(*entries: tuple[str, bytes]) -> bytes:
    """A ZIP of these files."""
    buffer = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of names that stand twice
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def write_mail(*attachments: tuple[str, str, bytes], text: str = "Please find our bill.") -> bytes:
    """A message with these attachments: name, kind, bytes."""
    message = EmailMessage()
    message["From"], message["To"] = "billing@acme.example", "ap@meridian.example"
    message["Subject"], message["Date"] = "Bill S-77", "Tue, 01 Sep 2026 08:00:00 +0000"
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    for name, kind, content in attachments:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def write_outlook(*attachments: tuple[str, bytes]) -> bytes:
    """A message as Outlook saves it: the least of the container (OLE2) and of the message's own properties."""
    tree: list[tuple[str, bytes | None, int]] = [("Root Entry", None, -1)]
    header = bytes(8) + struct.pack("<4I", 0, len(attachments), 0, len(attachments)) + bytes(8)
    tree.append(("__properties_version1.0", header, 0))
    for number, (name, content) in enumerate(attachments):
        tree.append((f"__attach_version1.0_#{number:08X}", None, 0))
        above = len(tree) - 1
        title = name.encode("utf-16-le")
        rows = struct.pack("<HHII4x", 0x0102, 0x3701, 6, len(content))
        rows += struct.pack("<HHII4x", 0x001F, 0x3707, 6, len(title) + 2)
        tree.append(("__properties_version1.0", bytes(8) + rows, above))
        tree.append(("__substg1.0_37010102", content, above))
        tree.append(("__substg1.0_3707001F", title, above))
    return _write_ole2(tree)


def _write_ole2(tree: list[tuple[str, bytes | None, int]]) -> bytes:
    """A container of streams shorter than 4 KB, which lie in pieces of 64 bytes inside the stream of its root."""
    free, end, none = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF
    short, short_table = b"", []
    starts = []
    for _name, content, _above in tree:
        count = -(-len(content or b"") // 64)
        first = len(short) // 64
        starts.append(first if count else end)
        short += (content or b"").ljust(count * 64, b"\0")
        short_table += [end if number == count - 1 else first + number + 1 for number in range(count)]
    children = {above: [i for i, one in enumerate(tree) if one[2] == above] for above in range(-1, len(tree))}
    directory = b""
    for index, (name, content, above) in enumerate(tree):
        title = name.encode("utf-16-le") + b"\0\0"
        kind = 5 if index == 0 else (1 if content is None else 2)
        ordered = sorted(children[above], key=lambda i: (len(tree[i][0]), tree[i][0].upper()))
        after = ordered[ordered.index(index) + 1 :]
        inner = sorted(children[index], key=lambda i: (len(tree[i][0]), tree[i][0].upper()))
        links = none, (after or [none])[0], (inner or [none])[0]
        directory += title.ljust(64, b"\0") + struct.pack("<HBBIII", len(title), kind, 1, *links)
        # the root's stream begins in the first sector
        start, size = (0, len(short)) if index == 0 else (starts[index], len(content or b""))
        directory += bytes(36) + struct.pack("<IQ", start, size)
    parts = [short, directory, struct.pack(f"<{len(short_table)}I", *short_table)]
    padded = [part + bytes(-len(part) % 512) for part in parts]
    chain, firsts = [], []
    for part in padded:
        firsts.append(len(chain))
        count = len(part) // 512
        chain += [end if number == count - 1 else len(chain) + 1 for number in range(count)]
    chain = [one if one == end else place + 1 for place, one in enumerate(chain)]
    table = [*chain, 0xFFFFFFFD]
    assert len(table) <= 128
    assert max(len(content or b"") for _name, content, _above in tree) < 4096
    padded.append(struct.pack("<128I", *table, *[free] * (128 - len(table))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, 1, firsts[1], 0, 4096, firsts[2], len(padded[2]) // 512, end, 0, len(chain))
    return head.ljust(512, b"\xff") + b"".join(padded)
