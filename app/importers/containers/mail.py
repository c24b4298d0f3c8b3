"""E-mails (.eml) and boxes of them (mbox): their attachments. What is written in the message itself is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import EmailPolicy
from typing import Any

from app.domain.vocabulary import Severity
from app.importers.containers.members import Member, Members, clean_name
from app.importers.faults import BrokenFile, TooLarge

MOST_BYTES = 100 << 20
MOST_MESSAGES = 1_000
MOST_PARTS = 2_000
_LONGEST_HEADER = 2_000  # the reader of headers takes long over long ones
SMALL_PICTURE = 20_000  # bytes: a logo; a page that was scanned has more
_POSTMARK = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\r\n]{1,200}\r?\n")
_NO_BILLS = {
    "text/calendar": "it is a calendar entry",
    "text/vcard": "it is a business card",
    "text/x-vcard": "it is a business card",
    "text/directory": "it is a business card",
    "application/pkcs7-signature": "it is the signature of the message",
    "application/x-pkcs7-signature": "it is the signature of the message",
    "application/pgp-signature": "it is the signature of the message",
    "application/pgp-keys": "it is a key",
    "message/delivery-status": "it tells of the delivery",
    "message/disposition-notification": "it tells of the delivery",
}
_ENDINGS = {
    ".ics": "it is a calendar entry",
    ".vcf": "it is a business card",
    ".p7s": "it is the signature of the message",
    ".asc": "it is the signature of the message",
    ".sig": "it is the signature of the message",
}
_DATA = {"application/pdf": ".pdf", "application/xml": ".xml", "text/xml": ".xml", "text/csv": ".csv"}


class _Bounded(EmailPolicy):
    """The usual policy, but no header is looked at beyond its first 2,000 characters."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return super().header_fetch_parse(name, value[:_LONGEST_HEADER])


def open_mail(name: str, content: bytes, members: Members) -> Iterator[Member]:
    """The attachments of one message that may be bills; the others are told. Raises BrokenFile or TooLarge."""
    if len(content) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{len(content) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    if content.count(b"\n--") > 4 * MOST_PARTS:  # lines that may divide parts
        raise TooLarge(name=name, size="too many parts", limit=f"{MOST_PARTS:,}")
    try:
        message = BytesParser(EmailMessage, policy=_Bounded()).parsebytes(content)
        parts = [part for part in message.walk() if not part.is_multipart()]
    except RecursionError as fault:
        raise BrokenFile(name=name, why="its parts are nested without end") from fault
    except (MessageError, ValueError, LookupError, AttributeError, TypeError) as fault:
        raise BrokenFile(name=name, why=f"it is no message that can be taken apart ({str(fault)[:80]})") from fault
    if len(parts) > MOST_PARTS:
        raise TooLarge(name=name, size=f"{len(parts):,} parts", limit=f"{MOST_PARTS:,}")
    for number, part in enumerate(parts, start=1):
        found = _take(name, part, number, members)
        if found is not None:
            yield found


def open_mbox(name: str, content: bytes, members: Members) -> Iterator[Member]:
    """The attachments of all messages in a box."""
    starts = [found.end() for found in _POSTMARK.finditer(content)]
    if not starts:
        raise BrokenFile(name=name, why="no message in it begins as one does in a box of messages")
    if len(starts) > MOST_MESSAGES:
        raise TooLarge(name=name, size=f"{len(starts):,} messages", limit=f"{MOST_MESSAGES:,}")
    marks = [*[found.start() for found in _POSTMARK.finditer(content)][1:], len(content)]
    for number, (start, end) in enumerate(zip(starts, marks, strict=True), start=1):
        for member in open_mail(f"{name}, message {number}", content[start:end], members):
            yield Member(f"message {number}/{member.name}", member.pieces)


def _take(name: str, part: Message[Any, Any], number: int, members: Members) -> Member | None:
    """The part as a member, or None where it is no bill, which is told."""
    try:
        kind = part.get_content_type()
        written = part.get_filename("") or ""
        disposition = part.get_content_disposition() or ""
        embedded = part.get("content-id") is not None
        content = part.get_payload(decode=True)
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError) as fault:
        raise BrokenFile(name=name, why=f"part {number} cannot be taken out ({str(fault)[:80]})") from fault
    if not isinstance(content, bytes) or not content.strip():
        return None
    if not written and kind in {"text/plain", "text/html", "text/enriched", "text/rtf"} and disposition != "attachment":
        return None  # what is written in the message itself
    title = clean_name(
        name, written.replace("/", "_").replace("\\", "_") or f"attachment-{number}{_DATA.get(kind, '')}"
    )
    ending = title[title.rfind(".") :].casefold() if "." in title else ""
    why = _NO_BILLS.get(kind) or _ENDINGS.get(ending, "")
    if kind.startswith("image/") and (embedded or disposition == "inline" or len(content) < SMALL_PICTURE):
        why = "it is a picture of the message's own, such as a logo"
    if kind == "application/ms-tnef" or title.casefold() == "winmail.dat":
        tell_sealed(members, title)
        return None
    if why:
        members.skip(title, why)
        return None
    return Member(title, iter([content]))


def tell_sealed(members: Members, title: str) -> None:
    """An attachment in a form that only one mail program can open."""
    message = f"'{title}' is an attachment as only Outlook writes it, and is not opened."
    remedy = "Open the message in Outlook, save its attachments and import those, or ask for them as plain attachments."
    members.tell(Severity.WARNING, "member-unread", message, remedy, title)
