"""A compiled deck as one file that every machine gets once and all workers on it map into memory.

The file is named by its SHA-256, and nothing of it is used before that was checked: what is unpickled is what the
driver wrote. Arrays lie in it as they are in memory, so that opening it copies nothing.
"""

from __future__ import annotations

import hashlib
import mmap
import pickle
import struct
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from app.errors import UserError

if TYPE_CHECKING:
    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.terms import VoiceTerms

_ALIGNED = 64  # bytes: what NumPy and the processor like
_PROTOCOL = 5


class DeckDamaged(UserError):
    """The compiled deck {name} did not arrive whole on this machine. Check that its disk is not full, and start again:
    what is finished is kept."""


def pack_deck(deck: CompiledDeck, terms: VoiceTerms, folder: Path) -> Path:
    """Write deck and terms into `folder`, in a file named <SHA-256>.deck."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps((deck, terms), protocol=_PROTOCOL, buffer_callback=buffers.append)
    pieces = [memoryview(head), *(buffer.raw() for buffer in buffers)]
    sizes = struct.pack(f"<{len(pieces) + 1}q", len(pieces), *(piece.nbytes for piece in pieces))
    digest = hashlib.sha256()
    partial = folder / f"{uuid4().hex}.partial"
    with partial.open("wb") as file:
        for piece in (memoryview(sizes), *pieces):
            padded = b"\0" * (-piece.nbytes % _ALIGNED)
            for part in (piece, padded):
                digest.update(part)
                file.write(part)
    return partial.replace(folder / f"{digest.hexdigest()}.deck")


@lru_cache(maxsize=2)
def unpack_deck(path: str) -> tuple[CompiledDeck, VoiceTerms]:
    """The deck and terms of a file of `pack_deck`, its arrays mapped and read-only; the same objects for each task of a
    worker. Raises DeckDamaged where the content does not fit the name."""
    with open(path, "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != Path(path).stem:
            raise DeckDamaged(name=Path(path).name)
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    (count,) = struct.unpack_from("<q", content)
    sizes = struct.unpack_from(f"<{count}q", content, 8)
    place, pieces = _after(8 * (count + 1)), []
    for size in sizes:
        pieces.append(content[place : place + size])
        place = _after(place + size)
    found: tuple[CompiledDeck, VoiceTerms] = pickle.loads(pieces[0], buffers=pieces[1:])  # noqa: S301 - checked above
    return found


def _after(place: int) -> int:
    return place + -place % _ALIGNED
