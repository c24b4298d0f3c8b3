"""A second reading of a file whose first one found only pictures: slower, by recognising the text in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.domain.parsed import ParsedDocument
from app.importers.registry import Definitions
from app.services.child_process import Limits
from app.services.parsing import parse_file

IMAGE_ONLY = "image-only"
RECOGNISE = "ocr"
# a page takes two seconds; tesseract and the page's picture reserve more address space than they use
LIMITS = Limits(memory_bytes=3 << 30, cpu_seconds=600, wall_seconds=900)


def read_again(
    name: str,
    content: Path,
    definitions: Definitions,
    first: ParsedDocument,
    folder: Path,
    *,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None],
) -> ParsedDocument:
    """The document as read by recognising its pictures' text, where the first reading says that it holds nothing else;
    `first` otherwise."""
    if not any(issue.code == IMAGE_ONLY for issue in first.issues):
        return first
    return parse_file(
        name, content, definitions, do=RECOGNISE, folder=folder, cancelled=cancelled, progress=progress, limits=LIMITS
    )
