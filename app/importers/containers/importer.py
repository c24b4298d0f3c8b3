"""The importers of containers: they take the members out, of the containers inside as well, and read none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from app.domain.parsed import ParsedDocument
from app.importers.containers.archive import open_archive
from app.importers.containers.kind import EMAIL, MBOX, OUTLOOK, ZIP, container_kind
from app.importers.containers.mail import open_mail, open_mbox
from app.importers.containers.members import Member, Members, NestedTooDeep, NoMembers
from app.importers.containers.outlook import open_outlook
from app.importers.registry import DocumentHead

MOST_NESTED = 2  # containers inside the container that came
MOST_INNER = 64 << 20  # bytes of a container inside another; a larger one is handed on as it is
_PIECE = 1 << 16

Opener = Callable[[str, bytes, Members], Iterator[Member]]
_OPENERS: dict[str, Opener] = {ZIP: open_archive, EMAIL: open_mail, MBOX: open_mbox, OUTLOOK: open_outlook}


@dataclass(frozen=True, slots=True)
class ContainerImporter:
    """Takes the members out of one kind of container."""

    name: str

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "zip" if self.name == ZIP else head.media == "email" and head.columns == (self.name,)

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        members = Members(head.name, len(content))
        _take_out(head.name, "", content, self.name, members, 0)
        if not members.parts:
            raise NoMembers(name=head.name, note=_say_skipped(members))
        return ParsedDocument(self.name, parts=tuple(members.parts), issues=members.all_issues())


CONTAINER_IMPORTERS = tuple(ContainerImporter(name) for name in _OPENERS)


def _take_out(name: str, above: str, content: bytes, kind: str, members: Members, depth: int) -> None:
    """Write the members of a container, and those of the containers among them; `above` begins their names."""
    if depth > MOST_NESTED:
        raise NestedTooDeep(name=members.container, limit=MOST_NESTED + 1)
    for member in _OPENERS[kind](name, content, members):
        members.count()
        title = f"{above}{member.name}"
        pieces = members.measure(member.pieces)
        opening = b""
        while len(opening) < _PIECE and (piece := next(pieces, b"")):
            opening += piece
        if not opening:
            members.skip(title, "it is empty")
            continue
        inner, whole = _inner_kind(title, opening, pieces)
        if inner:
            _take_out(title, f"{title}/", whole, inner, members, depth + 1)
        else:
            members.write(title, chain([whole], pieces))


def _inner_kind(name: str, opening: bytes, pieces: Iterator[bytes]) -> tuple[str, bytes]:
    """What container a member is, "" for none, and its bytes as far as they were read for that."""
    if not _may_be_container(opening):
        return "", opening
    whole = bytearray(opening)
    for piece in pieces:
        whole += piece
        if len(whole) > MOST_INNER:
            return "", bytes(whole)
    return container_kind(name, bytes(whole)), bytes(whole)


def _may_be_container(opening: bytes) -> bool:
    return opening.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or container_kind("", opening) != ""


def _say_skipped(members: Members) -> str:
    """Of what was left out, the first few: an e-mail that only carries a logo says so."""
    names = [issue.source.path for issue in members.issues[:3]]
    return f"; there is only {', '.join(names)}" if names else ""
