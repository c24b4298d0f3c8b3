"""What the parsing child says to its parent.

Its folder holds the request as JSON (what to do, the file's name, the definitions), its standard input is the file.
Standard output takes the answer as JSON, and nothing else; what is too large for it lies beside the request.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.errors import UserError
from app.importers.ocr.answers import SCAN_ANSWERS, recognise_words
from app.importers.ocr.read import read_scan
from app.importers.opened import as_file, read_opened
from app.importers.pdf.answers import PDF_ANSWERS
from app.importers.records.deck_answer import answer_deck
from app.importers.registry import Definitions
from app.importers.tabular.answers import answer_guess, answer_preview
from app.importers.wire import to_json
from app.importers.x12.receipts import answer_receipts

Answer = Callable[[str, bytes, Definitions, Mapping[str, Any]], dict[str, Any]]


def answer() -> None:
    """Read the request, write the answer."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a reader prints must not mix with the answer
    request = json.loads(Path("request.json").read_bytes())
    definitions = Definitions(tuple(request["layouts"]), tuple(request["mappings"]))
    file = as_file(sys.stdin.buffer)
    content = b"" if request["do"] == "read" else file.read()
    if request["do"] == "read":
        document = read_opened(
            request["name"],
            file,
            definitions,
            importer=request["importer"],
            folder=Path.cwd(),
            progress=_write_progress,
        )
        text = to_json(document)
    elif request["do"] == "ocr":
        text = to_json(
            read_scan(request["name"], content, definitions, importer=request["importer"], progress=_write_progress)
        )
    else:
        text = json.dumps(_reply(request, content, definitions), ensure_ascii=False)
    with out:
        out.write(text.encode("utf-8"))


def _write_progress(done: int, total: int) -> None:
    """Whoever started this process looks into the file now and then."""
    Path("progress").write_text(f"{done} {total}", encoding="ascii")


def _reply(request: Mapping[str, Any], content: bytes, definitions: Definitions) -> dict[str, Any]:
    """The answer to one of the other questions; a fault that a person can mend is told in words."""
    try:
        return ANSWERS[request["do"]](request["name"], content, definitions, request["options"])
    except UserError as fault:
        return {"fault": str(fault), "remedy": str(getattr(fault, "remedy", ""))}


# what a child can be asked beside reading a file, each in a module of its own room
ANSWERS: dict[str, Answer] = {
    **PDF_ANSWERS,
    **SCAN_ANSWERS,
    "scan-words": lambda name, content, _known, _options: recognise_words(name, content, Path.cwd(), _write_progress),
    "x12-receipts": answer_receipts,
    "table-preview": answer_preview,
    "table-guess": answer_guess,
    "deck": answer_deck,
}
