"""The files in a container, an archive or an e-mail: each goes its own way, and names what it came in."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from app.domain.parsed import ParsedDocument
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.services.incoming import Incoming
from app.services.incoming import cancelled as cancel
from app.services.progress import Cancelled
from app.services.reading import refuse_document
from app.services.receipts import Outcome, Receipt

DEEPEST = 3  # containers in containers
MOST_MEMBERS = 1_000  # files out of all containers of a drop


def open_containers(
    files: Sequence[Incoming], store: Callable[[Incoming], Receipt | None], cancelled: Cancelled
) -> Iterator[Incoming]:
    """Store the containers among `files` and hand on the files that they hold."""
    opened = 0
    for file in files:
        members = [part for part in file.document.parts if part.kind == "member"] if file.document else []
        if not members or file.document is None or file.folder is None:
            continue
        if cancelled():
            file.receipt = cancel(file)
            continue
        opened += len(members)
        if file.depth >= DEEPEST or opened > MOST_MEMBERS:
            what = (
                f"it holds containers in containers beyond {DEEPEST}" if file.depth >= DEEPEST else "it is one of many"
            )
            message = f"'{file.name}' was not opened: {what}, and at most {MOST_MEMBERS} files are unpacked."
            issue = ParseIssue(Severity.ERROR, "too-deep", message, "Unpack it yourself and import the bills in it.")
            refuse_document(file, ParsedDocument(file.document.importer, issues=(issue,)))
            continue
        file.receipt = store(file)
        if file.receipt is None or file.receipt.outcome is not Outcome.TAKEN:
            continue
        for part in members:
            path = file.folder / part.file
            if not _is_plain(path):
                continue  # a reader that was taken over may name what it likes
            yield Incoming(
                path,
                part.name,
                within=file.name,
                container_id=file.receipt.document_id,
                depth=file.depth + 1,
            )


def _is_plain(path: Path) -> bool:
    """Whether it is a file of its own: no link of either kind, no pipe, no device."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1


def insert_behind(files: list[Incoming], fresh: Sequence[Incoming]) -> None:
    """Put the files out of a container behind it, so that receipts tell them together."""
    for file in reversed(fresh):
        place = next(
            index
            for index, one in enumerate(files)
            if one.receipt is not None and one.receipt.document_id == file.container_id and one.name == file.within
        )
        files.insert(place + 1, file)
