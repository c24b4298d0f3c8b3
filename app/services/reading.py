"""Reading the files of a drop: one child process for each, several at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.parsed import ParsedDocument
from app.domain.vocabulary import Severity
from app.services.incoming import Incoming
from app.services.incoming import cancelled as cancel
from app.services.parsing import parse_file
from app.services.progress import Cancelled, Progress, Reporter
from app.services.receipts import Outcome, Receipt, say_why
from app.services.second_reading import read_again

if TYPE_CHECKING:
    from app.importers.registry import Definitions
    from app.services.workspace import Workspace

_READERS = min(4, os.cpu_count() or 1)


def read_files(
    workspace: Workspace,
    files: Sequence[Incoming],
    known: Definitions,
    folder: Path,
    progress: Reporter,
    cancelled: Cancelled,
) -> None:
    """Parse each file that has no receipt yet; equal ones once. What their readers leave beside their answers lies in
    folders below `folder`."""
    firsts: dict[str, Incoming] = {}
    for file in files:
        if file.receipt is None:
            firsts.setdefault(file.sha256, file)
    waiting = list(firsts.values())

    def read(file: Incoming) -> ParsedDocument | None:
        if cancelled():
            return None
        file.folder = Path(tempfile.mkdtemp(dir=folder))
        content = workspace.documents.ensure(file.sha256, file.path)

        def tell(done: int, total: int) -> None:
            progress(Progress("reading", file.name, done, total))

        document = parse_file(
            file.name,
            content,
            known,
            importer=file.importer,
            folder=file.folder,
            cancelled=cancelled,
            progress=tell if len(waiting) == 1 else lambda _done, _total: None,
        )
        return read_again(
            file.name,
            content,
            known,
            document,
            file.folder,
            importer=file.importer,
            cancelled=cancelled,
            progress=tell,
        )

    with ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="reader") as pool:
        for done, (file, document) in enumerate(zip(waiting, pool.map(read, waiting), strict=True)):
            progress(Progress("reading", file.name, done, len(waiting)))
            if document is None or cancelled():
                file.receipt = cancel(file)
            elif document.refused:
                refuse_document(file, document)
            else:
                file.document = document


def refuse_document(file: Incoming, document: ParsedDocument) -> None:
    """A file that its reader refused, with the first error as the reason."""
    errors = [issue for issue in document.issues if issue.severity is Severity.ERROR]
    file.receipt = Receipt(
        file.shown,
        Outcome.REFUSED,
        say_why(file.name, errors[0]),
        importer=document.importer,
        issues=document.issues,
        within=file.within,
    )
