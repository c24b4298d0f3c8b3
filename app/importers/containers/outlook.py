"""Messages saved by Outlook (.msg): their attachments."""

from __future__ import annotations

from collections.abc import Iterator
from struct import error
from typing import Any

from app.importers.containers.mail import _ENDINGS, SMALL_PICTURE
from app.importers.containers.members import Member, Members, clean_name
from app.importers.faults import BrokenFile, TooLarge
from app.importers.tabular.ole2 import NotOle2, Ole2

MOST_BYTES = 100 << 20
_CONTENT_ID, _NAME, _SHORT_NAME, _HIDDEN = 0x3712, 0x3707, 0x3704, 0x7FFE
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".webp")
_SLACK = 1 << 20


def open_outlook(name: str, content: bytes, members: Members) -> Iterator[Member]:
    """The attachments that may be bills; the others are told. Raises BrokenFile or TooLarge."""
    if len(content) > MOST_BYTES:
        raise TooLarge(name=name, size=f"{len(content) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    _measure(name, content)
    for number, attachment in enumerate(_load(name, content), start=1):
        title, data, embedded = attachment
        title = clean_name(name, title.replace("/", "_").replace("\\", "_") or f"attachment-{number}")
        ending = title[title.rfind(".") :].casefold() if "." in title else ""
        why = _ENDINGS.get(ending, "")
        if ending in _PICTURES and (embedded or len(data) < SMALL_PICTURE):
            why = "it is a picture of the message's own, such as a logo"
        if not data:
            why = "nothing of it is in the message: it may be a link, or a message of its own"
        if why:
            members.skip(title, why)
        else:
            yield Member(title, iter([data]))


def _measure(name: str, content: bytes) -> None:
    """Refuse a file whose streams together claim to be larger than it is: the reader loads each of them."""
    try:
        claimed = sum(entry.size for entry in Ole2(content).entries)
    except (NotOle2, error) as fault:
        raise BrokenFile(name=name, why=f"its container cannot be opened ({str(fault)[:80]})") from fault
    if claimed > 2 * len(content) + _SLACK:
        raise BrokenFile(name=name, why="its parts claim to be larger than the file")


def _load(name: str, content: bytes) -> list[tuple[str, bytes, bool]]:
    """Name, bytes and whether it is shown in the text, of each attachment."""
    from oxmsg import Message

    try:
        message = Message.load(content)
        return [_describe(one) for one in message.attachments]
    except Exception as fault:  # a reader of a thousand fields, which fails in many ways on a damaged one
        raise BrokenFile(name=name, why=f"it is no message that can be read ({str(fault)[:80]})") from fault


def _describe(attachment: Any) -> tuple[str, bytes, bool]:
    properties = attachment.properties
    title = properties.str_prop_value(_NAME) or properties.str_prop_value(_SHORT_NAME) or ""
    embedded = bool(properties.str_prop_value(_CONTENT_ID))
    data = attachment.file_bytes
    return str(title), data if isinstance(data, bytes) else b"", embedded
