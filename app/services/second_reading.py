"""A second reading of a file whose first one found only pictures: slower, by recognising the text in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.domain.parsed import ParsedDocument
from app.importers.ocr import bounds
from app.importers.registry import Definitions
from app.services.child_process import Limits
from app.services.parsing import parse_file

IMAGE_ONLY = "image-only"
RECOGNISE = "ocr"
_SECONDS = bounds.seconds_for(0)  # nobody has counted its pages yet
LIMITS = Limits(memory_bytes=bounds.MEMORY_BYTES, cpu_seconds=_SECONDS, wall_seconds=_SECONDS)


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
