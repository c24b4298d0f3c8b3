"""Files of usage that have to be unpacked to be looked at: gzip and Parquet."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import IO

from app.importers.peek import look_into_text
from app.importers.registry import DocumentHead
from app.importers.usage.parquet import MAGIC, look_into_parquet
from app.importers.usage.source import GZIP, unpack

_OPENING = 1 << 14
_MOST_WHOLE = 256 << 20  # bytes that a packed file which is no usage may hold


def is_packed(opening: bytes) -> bool:
    """Whether a file that begins so is packed by gzip, or Parquet."""
    return opening.startswith((GZIP, MAGIC))


def look_into_usage(name: str, file: IO[bytes], size: int) -> DocumentHead:
    """The head of a packed file: that of the text which is packed in it; raises BrokenFile."""
    file.seek(0)
    if file.read(len(MAGIC)) == MAGIC:
        return look_into_parquet(name, file, size)
    file.seek(0)
    return replace(look_into_text(name.removesuffix(".gz"), unpack(file, name).read(_OPENING)), name=name, size=size)


def look_into_packed(name: str, content: bytes) -> DocumentHead:
    """`look_into_usage` of a file in memory."""
    return look_into_usage(name, io.BytesIO(content), len(content))


def unpack_whole(name: str, content: bytes) -> bytes:
    """A file as what is packed in it by gzip, itself where it is not packed; raises BrokenFile and TooLarge."""
    return unpack(io.BytesIO(content), name).read(_MOST_WHOLE) if content.startswith(GZIP) else content
