"""Reading a file that is open: usage piece by piece, however large it is, anything else as a whole."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO

from app.domain.parsed import ParsedDocument
from app.errors import UserError
from app.importers.faults import DocumentFault, TooLarge, refuse
from app.importers.identify import choose, importers_for, look, read_document
from app.importers.registry import Definitions, DocumentHead
from app.importers.usage.importer import UsageImporter
from app.importers.usage.packed import is_packed, look_into_usage

_OPENING = 1 << 16
_MOST_WHOLE = 64 << 20  # bytes of a text that is no usage: it is read as a whole
_MOST_BYTES = 512 << 20  # of anything else, archives with it


def read_opened(
    name: str,
    file: IO[bytes],
    definitions: Definitions,
    *,
    importer: str = "",
    folder: Path | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> ParsedDocument:
    """What `read_document` says of a file that can be sought in; calls, samples and readings that are many are written
    into `folder`, where one is given, as parts of the document."""
    chosen = None
    head = _look(name, file)
    if head is not None:
        try:
            chosen = choose(head, importers_for(head, definitions), importer)
        except UserError as fault:
            if head.size > _MOST_WHOLE and isinstance(fault, DocumentFault):
                return refuse("", fault)
            chosen = None  # it is told by whoever reads the whole of it
    file.seek(0)
    if head is None or not isinstance(chosen, UsageImporter):
        size, most = _size_of(file), _MOST_BYTES if head is None else _MOST_WHOLE
        if size > most:
            return refuse("", TooLarge(name=name, size=f"{size >> 20} MB", limit=f"{most >> 20} MB, but for usage"))
        return read_document(name, file.read(), definitions, importer=importer)
    try:
        return chosen.read_file(file, head, folder, progress)
    except DocumentFault as fault:
        return refuse(chosen.name, fault)


def as_file(stream: IO[bytes]) -> IO[bytes]:
    """`stream` itself where it can be sought in, else all of it in memory."""
    return stream if stream.seekable() else io.BytesIO(stream.read())


def _look(name: str, file: IO[bytes]) -> DocumentHead | None:
    """The head of what may be usage, from its opening alone; None for anything else."""
    size = _size_of(file)
    opening = file.read(_OPENING)
    try:
        if is_packed(opening):
            return look_into_usage(name, file, size)
        whole = opening[: opening.rfind(b"\n") + 1] if len(opening) < size else opening
        head = look(name, whole)
    except DocumentFault:
        return None
    return replace(head, size=size) if head.media == "csv" else None


def _size_of(file: IO[bytes]) -> int:
    """How many bytes it has; it stands at its beginning then."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size
