"""Reading the rows of an import again that were left out, after its mapping was mended."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from app.errors import UserError
from app.importers.identify import all_importers
from app.importers.peek import split_line
from app.importers.tabular.cells import header_key
from app.importers.usage.importer import UsageImporter
from app.importers.values import BadValue, decode_text
from app.models.documents import SourceDocument
from app.models.intake import RejectedRow
from app.services.incoming import Incoming
from app.services.log import lock_workspace, record
from app.services.mappings import definitions

if TYPE_CHECKING:
    from app.importers.usage.mapping import UsageMapping
    from app.services.workspace import Workspace

_OPENING = 1 << 16
_HEAD_LINES = 50
_CUT = 500  # a longer row was kept in part
_NOT_TEXT = (b"PK", b"\xd0\xcf\x11\xe0", b"PAR1")


class NothingLeftOut(UserError):
    """No row of import {document_id} was left out: list the imports with `main.py documents`."""


class CannotReread(UserError):
    """The rows that were left out of {name} cannot be read again by themselves: {why}. Take the import back, mend its
    mapping, and import the whole file."""


def make_rest(workspace: Workspace, document_id: int, folder: Path) -> Incoming:
    """A file in `folder` of the header and the rows that were left out of an import, to be read by the same importer.

    Raises NothingLeftOut, or CannotReread where the file is no text, its mapping is gone, or a row was kept in part.
    """
    with workspace.database.reading() as session:
        document = session.get(SourceDocument, document_id)
        rows = list(
            session.scalars(
                select(RejectedRow.text).where(RejectedRow.document_id == document_id).order_by(RejectedRow.row)
            )
        )
        if document is None or not rows:
            raise NothingLeftOut(document_id=document_id)
        name, importer, sha256 = document.name, document.importer, document.sha256
    if any(len(text) >= _CUT for text in rows):
        raise CannotReread(name=name, why="one of them is longer than what was kept of it")
    mapping = _mapping(workspace, importer, name)
    opening = _opening(workspace.documents.path(sha256), name)
    encoding = mapping.form.encoding or "utf-8"
    try:
        lines = decode_text(opening, encoding, name=name).splitlines()
    except BadValue as fault:
        raise CannotReread(name=name, why="its header is not in the encoding that the mapping names") from fault
    target = folder / f"rows left out of {Path(name).name.removesuffix('.gz')}"
    text = "\n".join([*_head(mapping, lines, name), *rows]) + "\n"
    target.write_bytes(text.encode(encoding))
    return Incoming(target, importer=importer)


def forget_rows(workspace: Workspace, document_id: int, actor: str, taken: int) -> None:
    """The rows stand with the file that they came in with now: those that were left out again as well."""
    with workspace.database.writing() as session:
        lock_workspace(session)
        session.execute(delete(RejectedRow).where(RejectedRow.document_id == document_id))
        record(session, actor, "read again", "rows that were left out", document=document_id, by=taken)


def _mapping(workspace: Workspace, importer: str, name: str) -> UsageMapping:
    for one in all_importers(definitions(workspace)):
        if one.name == importer and isinstance(one, UsageImporter):
            return one.mapping
    raise CannotReread(name=name, why=f"its mapping {importer} is not here any more")


def _opening(path: Path, name: str) -> bytes:
    """The first part of a text file, unpacked; cut at a line's end."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start.startswith(_NOT_TEXT):
            raise CannotReread(name=name, why="it is no text file")
        try:
            opening = gzip.GzipFile(fileobj=file).read(_OPENING) if start[:2] == b"\x1f\x8b" else file.read(_OPENING)
        except (OSError, EOFError, zlib.error) as fault:
            raise CannotReread(name=name, why="it cannot be unpacked") from fault
    return opening if len(opening) < _OPENING else opening[: opening.rfind(b"\n") + 1]


def _head(mapping: UsageMapping, lines: list[str], name: str) -> list[str]:
    """The lines down to the header, and those below it that are no records; none where the file has no header."""
    if not mapping.has_header:
        return lines[: mapping.rows.below_header]
    wanted = {header_key(column) for column in mapping.wanted}
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if wanted <= {header_key(cell) for cell in split_line(line)}:
            return lines[: number + 1 + mapping.rows.below_header]
    raise CannotReread(name=name, why="its header is not found where the mapping looks for it")
