"""The container of old workbooks (OLE2): its directory and its streams, read in bounded steps."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct, unpack_from

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_ENTRIES = 10_000
_FREE = 0xFFFFFFFA  # this and above are no sectors
_ENTRY = 128
_STREAM, _ROOT = 2, 5
_WHERE = Struct("<II")


class NotOle2(ValueError):
    """The container is damaged; the message says where."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream of the container: its name, first sector and length in bytes."""

    name: str
    kind: int
    start: int
    size: int


class Ole2:
    """An opened container; raises NotOle2 for one whose tables lead out of the file or in a circle."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(MAGIC) or len(content) < 512:
            raise NotOle2("it has no header")
        self._content = content
        shift, mini_shift = unpack_from("<HH", content, 0x1E)
        if shift not in (9, 12) or mini_shift != 6:
            raise NotOle2("its sectors have an unknown size")
        self._sector = 1 << shift
        self._most = len(content) // self._sector + 1
        directory, self._cutoff = unpack_from("<I", content, 0x30)[0], unpack_from("<I", content, 0x38)[0]
        mini_start = unpack_from("<I", content, 0x3C)[0]
        self._table = self._read_table(*unpack_from("<I", content, 0x2C), *unpack_from("<II", content, 0x44))
        self.entries = tuple(self._read_directory(directory))
        self._mini_table = self._numbers(self._chain(mini_start)) if mini_start < _FREE else ()
        root = next((one for one in self.entries if one.kind == _ROOT), None)
        self._mini_stream = b"" if root is None or root.start >= _FREE else self._chain(root.start)

    def find(self, *names: str) -> Entry | None:
        """The first stream that is called one of `names`."""
        wanted = {name.casefold() for name in names}
        return next((one for one in self.entries if one.kind == _STREAM and one.name.casefold() in wanted), None)

    def read(self, entry: Entry) -> bytes:
        """The bytes of a stream."""
        if entry.size > len(self._content):
            raise NotOle2(f"the stream {entry.name[:40]} is longer than the file")
        if entry.size >= self._cutoff:
            return self._chain(entry.start)[: entry.size]
        pieces: list[bytes] = []
        place, seen = entry.start, 0
        while place < _FREE and seen * 64 < entry.size:
            if place >= len(self._mini_table):
                raise NotOle2(f"the stream {entry.name[:40]} leads out of the file")
            pieces.append(self._mini_stream[place * 64 : place * 64 + 64])
            place, seen = self._mini_table[place], seen + 1
        return b"".join(pieces)[: entry.size]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        if sector >= self._most or start >= len(self._content):
            raise NotOle2(f"sector {sector} lies beyond its end")
        return self._content[start : start + self._sector]

    def _numbers(self, data: bytes) -> tuple[int, ...]:
        return unpack_from(f"<{len(data) // 4}I", data)

    def _read_table(self, count: int, more: int, more_count: int) -> tuple[int, ...]:
        """The table that says which sector follows which."""
        if count > self._most or more_count > self._most:
            raise NotOle2("its table of sectors is longer than the file")
        places = list(unpack_from("<109I", self._content, 0x4C))
        for _ in range(more_count):
            if more >= _FREE:
                break
            numbers = self._numbers(self._at(more))
            places.extend(numbers[:-1])
            more = numbers[-1]
        return self._numbers(b"".join(self._at(place) for place in places[:count] if place < _FREE))

    def _chain(self, sector: int) -> bytes:
        pieces: list[bytes] = []
        while sector < _FREE:
            if len(pieces) > self._most or sector >= len(self._table):
                raise NotOle2("a chain of its sectors leads out of the file or in a circle")
            pieces.append(self._at(sector))
            sector = self._table[sector]
        return b"".join(pieces)

    def _read_directory(self, start: int) -> list[Entry]:
        data = self._chain(start)
        if len(data) > MOST_ENTRIES * _ENTRY:
            raise NotOle2("its directory is too long")
        entries = []
        for place in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length, kind = unpack_from("<HB", data, place + 64)
            name = data[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            first, size = _WHERE.unpack_from(data, place + 116)
            if kind in (_STREAM, _ROOT):
                entries.append(Entry(name, kind, first, size))
        return entries
