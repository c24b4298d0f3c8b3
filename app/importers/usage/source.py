"""The bytes of a file as UTF-8 text without zero bytes, piece by piece: unpacked, decoded, and refused where they are
not what the mapping says.

Only a piece of the file is in memory at a time, however large it is.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from typing import IO, Protocol

from app.importers.faults import BrokenFile, TooLarge
from app.importers.tabular.sheets import GridFault
from app.importers.values import BadEncoding, BadValue

PIECE = 1 << 20
GZIP = b"\x1f\x8b"
MOST_RATIO = 200  # calls pack to a fifth, the emptiest honest file to a fiftieth
_FREE_BYTES = 64 << 20  # so much may come out of any packed file
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes: ...


class Unpacked:
    """A gzip file (of one member or several) as what is packed in it; raises BrokenFile or TooLarge."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name = file, name
        self._gzip = gzip.GzipFile(fileobj=file, mode="rb")
        self._taken = 0

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, fewer only at the end."""
        pieces = []
        while size:
            try:
                piece = self._gzip.read(PIECE if size < 0 else min(size, PIECE))
            except (OSError, EOFError, zlib.error) as fault:
                raise BrokenFile(
                    name=self._name, why=f"it is packed by gzip and breaks off or is damaged ({fault})"
                ) from fault
            if not piece:
                break
            self._taken += len(piece)
            if self._taken > _FREE_BYTES + MOST_RATIO * self._file.tell():
                raise TooLarge(
                    name=self._name,
                    size="more inside than honest packing can hold",
                    limit=f"{MOST_RATIO} times its size",
                )
            pieces.append(piece)
            size -= len(piece) if size > 0 else 0
        return b"".join(pieces)


def unpack(file: IO[bytes], name: str) -> IO[bytes] | Unpacked:
    """`file` itself, or what is packed in it where it is a gzip file."""
    packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    return Unpacked(file, name) if packed else file


class Utf8Source:
    """A file as UTF-8 bytes. `encoding` is the mapping's; a byte order mark goes before it.

    `read` raises GridFault where the bytes are not of the encoding or hold a zero.
    """

    def __init__(self, file: Readable, encoding: str | None) -> None:
        self._file = file
        opening = file.read(PIECE)
        mark, codec = next(
            ((one, codec) for one, codec in _MARKS if opening.startswith(one)), (b"", encoding or "utf-8")
        )
        self._next = opening[len(mark) :]
        self._taken = 0  # bytes given to the decoder, without the mark
        self._plain = _is_ascii_based(codec)
        self._decoder = codecs.getincrementaldecoder(codec)("strict")
        self._pending = False
        self.ended = False

    def read(self) -> bytes:
        """The next piece, b"" at the end."""
        while not self.ended:
            piece, self._next = self._next, b""
            piece = piece or self._file.read(PIECE)
            self.ended = not piece
            found = self._to_utf8(piece)
            if b"\0" in found:
                fault = BadValue(
                    text="the file",
                    why="it holds zero bytes, so it is not text in this encoding; save it as UTF-8",
                )
                raise _refuse(fault)
            if found:
                return found
        return b""

    def _to_utf8(self, piece: bytes) -> bytes:
        if self._plain and not self._pending and piece.isascii():
            self._taken += len(piece)
            return piece
        kept = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(piece, final=self.ended)
            found = text.encode("utf-8")
        except UnicodeDecodeError as fault:
            place = self._taken - kept + fault.start
            byte = fault.object[fault.start : fault.start + 1]
            raise _refuse(
                BadEncoding(text="the file", position=place, byte=f"{byte[0] if byte else 0:#04x}")
            ) from fault
        except UnicodeEncodeError as fault:
            raise _refuse(BadValue(text="the file", why="it holds halves of characters")) from fault
        self._taken += len(piece)
        self._pending = bool(self._decoder.getstate()[0])
        return found


def _is_ascii_based(codec: str) -> bool:
    """Whether ASCII bytes are themselves in the encoding and no others stand for them."""
    name = codecs.lookup(codec).name
    return name in {"utf-8", "ascii", "iso8859-1", "iso8859-15", "latin-1"} or name.startswith(("cp125", "iso8859-"))


def _refuse(fault: BadValue) -> GridFault:
    remedy = "Save the file as UTF-8, or name its encoding in the mapping: encoding under [format]."
    return GridFault("bad-encoding", str(fault), remedy)
