"""What the parsing child says to its parent.

Standard input brings one line of JSON (the file's name and the definitions) and then the file's bytes; standard output
takes the ParsedDocument as JSON, and nothing else.
"""

from __future__ import annotations

import json
import os
import sys

from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.importers.wire import to_json


def answer() -> None:
    """Read the request, write the document."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a reader prints must not mix with the answer
    request = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    definitions = Definitions(tuple(request["layouts"]), tuple(request["mappings"]))
    document = read_document(request["name"], content, definitions)
    with out:
        out.write(to_json(document).encode("utf-8"))
