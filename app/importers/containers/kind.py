"""What a file that may hold others is: a workbook, a container of files, or an e-mail. Decided without unpacking it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from struct import error, unpack_from

from app.importers.faults import BrokenFile, TooLarge
from app.importers.registry import DocumentHead
from app.importers.tabular.ole2 import MAGIC, NotOle2, Ole2
from app.importers.values import clean_text
from app.importers.workbook_head import look_into_workbook

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")  # with and without entries
MOST_DIRECTORY = 4 * 1024 * 1024  # bytes of an archive's list of entries: some 40,000 of them
ZIP, EMAIL, MBOX, OUTLOOK = "zip", "email", "mbox", "outlook"
_HEADER_BYTES = 64 * 1024
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
# what programs write into archives that are documents; all else is a container of files
_OFFICE = ("[Content_Types].xml", "mimetype")
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t\r\n]")
_SENT = {b"from", b"received", b"return-path", b"sender"}
_MAIL = {b"to", b"date", b"subject", b"message-id", b"mime-version", b"content-type", b"delivered-to"} | _SENT
_MBOX = re.compile(rb"From [^\r\n]{1,200}[0-9]{2}:[0-9]{2}[^\r\n]{0,60}\r?\n")


def look_into_archive(name: str, content: bytes) -> DocumentHead:
    """The head of a ZIP: that of a workbook where it is one, else a container's, with the names of its entries.

    Raises BrokenFile or TooLarge, and what look_into_workbook raises.
    """
    names = list_entries(name, content)
    if any(one in names for one in _OFFICE):
        return look_into_workbook(name, content)
    return DocumentHead(name, len(content), "zip", "\n".join(clean_text(one, 200) for one in names[:20]))


def list_entries(name: str, content: bytes) -> list[str]:
    """The names of a ZIP's entries; raises BrokenFile or TooLarge."""
    if _directory_size(content) > MOST_DIRECTORY:
        raise TooLarge(name=name, size="too many entries", limit="40,000 entries")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, error) as fault:
        raise BrokenFile(name=name, why=f"its archive cannot be opened ({str(fault)[:80]})") from fault


def _directory_size(content: bytes) -> int:
    """How long the list of entries says it is, which is what a reader of archives believes."""
    end = content.rfind(_END, max(0, len(content) - 65_557))
    if end < 0 or len(content) - end < 22:
        return 0  # no archive at all: whoever opens it says so
    sizes = [int(unpack_from("<I", content, end + 12)[0])]
    long_end = content.rfind(_END_64, 0, end)
    if long_end >= 0 and len(content) - long_end >= 56 and sizes[0] == 0xFFFFFFFF:
        sizes = [int(unpack_from("<Q", content, long_end + 40)[0])]
    return sizes[0]


def mail_kind(content: bytes) -> str:
    """ "email", "mbox" or "outlook" for a message or a box of them, else ""."""
    if content.startswith(MAGIC):
        return OUTLOOK if _is_outlook(content) else ""
    if _MBOX.match(content):
        opening = content[:_HEADER_BYTES]
        return MBOX if _names_headers(opening[opening.find(b"\n") + 1 :]) else ""
    return EMAIL if _names_headers(content[:_HEADER_BYTES]) else ""


def container_kind(name: str, content: bytes) -> str:
    """What kind of container `content` is, "" for none; raises BrokenFile or TooLarge for an unsound archive."""
    if content.startswith(ZIP_STARTS):
        return "" if any(one in list_entries(name, content) for one in _OFFICE) else ZIP
    return mail_kind(content)


def look_into_mail(name: str, content: bytes) -> DocumentHead:
    """The head of an e-mail or a box of them; its columns are the kind alone, its text the beginning."""
    kind = mail_kind(content)
    if not kind:
        return DocumentHead(name, len(content), "unknown", note="it is neither a workbook nor a message")
    opening = "" if kind == OUTLOOK else content[:4096].decode("utf-8", "replace")
    return DocumentHead(name, len(content), "email", opening, (kind,))


def _is_outlook(content: bytes) -> bool:
    try:
        return Ole2(content).find("__properties_version1.0") is not None
    except (NotOle2, error):
        return False


def _names_headers(opening: bytes) -> bool:
    """Whether a text begins with the headers of an e-mail: at least three of them, one by its sender or a server."""
    found: set[bytes] = set()
    for line in opening.split(b"\n"):
        if not line.strip():
            break
        if line[:1] in {b" ", b"\t"}:
            continue  # a folded header goes on
        header = _HEADER.match(line + b"\n")
        if header is None:
            return False
        found.add(header[1].lower())
    return len(found & _MAIL) >= 3 and bool(found & _SENT)
