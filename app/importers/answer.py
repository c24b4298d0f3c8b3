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
from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.importers.wire import to_json

Answer = Callable[[str, bytes, Definitions, Mapping[str, Any]], dict[str, Any]]


def answer() -> None:
    """Read the request, write the answer."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a reader prints must not mix with the answer
    request = json.loads(Path("request.json").read_bytes())
    definitions = Definitions(tuple(request["layouts"]), tuple(request["mappings"]))
    content = sys.stdin.buffer.read()
    if request["do"] == "read":
        text = to_json(read_document(request["name"], content, definitions, importer=request["importer"]))
    else:
        text = json.dumps(_reply(request, content, definitions), ensure_ascii=False)
    with out:
        out.write(text.encode("utf-8"))


def _reply(request: Mapping[str, Any], content: bytes, definitions: Definitions) -> dict[str, Any]:
    """The answer to one of the other questions; a fault that a person can mend is told in words."""
    try:
        return ANSWERS[request["do"]](request["name"], content, definitions, request["options"])
    except UserError as fault:
        return {"fault": str(fault), "remedy": str(getattr(fault, "remedy", ""))}


# what a child can be asked beside reading a file, each in a module of its own room
ANSWERS: dict[str, Answer] = {}
