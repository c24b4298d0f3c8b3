"""A text that is read piece by piece: as lines, for the strict reader, or as whole pieces, for the reader of columns.

Between two rows it can be changed from the one to the other, since it knows where in the text it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.source import Source
from app.importers.tabular.delimited import LONGEST_LINE
from app.importers.tabular.sheets import GridFault
from app.importers.usage.source import Utf8Source

_MOST_BYTES = 4 * LONGEST_LINE  # of a line: UTF-8 has up to four for a character


class Feed:
    """The text of `source` from where it stands on; `line` is the number of the next line."""

    def __init__(self, source: Utf8Source) -> None:
        self._source = source
        self._data, self._at = b"", 0
        self.line = 1
        self.taken = 0  # bytes
        self.fill()

    @property
    def ended(self) -> bool:
        """Whether all of the text has been taken."""
        if self._at == len(self._data):
            self.fill()
        return self._at == len(self._data)

    def fill(self) -> bool:
        """Fetch one more piece; False where there is none."""
        piece = self._source.read()
        if piece:
            self._data, self._at = self._data[self._at :] + piece, 0
        return bool(piece)

    def ahead(self) -> bytes:
        """What has been fetched and not been taken; the last line of a text is ended by a newline in any case."""
        found = self._data[self._at :] if self._at else self._data
        if self._source.ended and found and not found.endswith((b"\n", b"\r")):
            return found + b"\n"
        return found

    def take_plain(self, least: int) -> bytes:
        """Whole lines that are ahead, taken, where each of them is a row: no quotation mark, no lone carriage return.

        b"" where that is not so, or where fewer than `least` bytes are ahead. The caller adds to `line`, once it knows
        how many lines they are.
        """
        if len(self._data) - self._at < least and not self.fill():
            return b""
        ahead = self.ahead()
        piece = ahead[: ahead.rfind(b"\n") + 1]
        if len(piece) < least or b'"' in piece or (b"\r" in piece and piece.count(b"\r\n") != piece.count(b"\r")):
            return b""
        self.skip(len(piece), 0)
        return piece

    def skip(self, size: int, lines: int) -> None:
        """Take `size` bytes of what is ahead, which are so many lines."""
        taken = min(size, len(self._data) - self._at)
        self._at += taken
        self.taken += taken
        self.line += lines

    def lines(self) -> Iterator[bytes]:
        """The lines from here on, each taken as it is given; raises GridFault for one that is too long."""
        while True:
            end = self._find_end()
            while end is None and self.fill():
                end = self._find_end()
            if end is None:
                end = len(self._data)
            if end == self._at:
                return
            line = self._data[self._at : end]
            self.skip(len(line), 1)
            yield line

    def _find_end(self) -> int | None:
        """Where the next line ends, as far as can be seen."""
        data, at = self._data, self._at
        newline = data.find(b"\n", at)
        alone = data.find(b"\r", at, newline if newline >= 0 else len(data))
        if alone >= 0 and alone + 1 < len(data):
            return alone + 2 if data[alone + 1] == 10 else alone + 1
        if alone < 0 and newline >= 0:
            return newline + 1
        if len(data) - at > _MOST_BYTES:
            what = f"The table cannot be read: the line is longer than {LONGEST_LINE:,} characters."
            remedy = "If the file is honest, split it and import the parts; else look where it comes from."
            raise GridFault("beyond-limits", what, remedy, Source(row=self.line))
        return None
