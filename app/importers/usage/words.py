"""Bytes of a text as eight-byte words, and digits out of them: a whole column of numbers at a time, exactly.

Nothing is guessed: beside each number stands whether its bytes were ASCII digits and nothing else.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]

PAD = 32  # bytes before and after a text, so that words that reach over its ends are still inside
LONGEST = 16  # digits that `read_digits` can read
TENS = np.array([10**power for power in range(19)], dtype=np.int64)

_U = np.uint64
_ZEROS = _U(0x3030303030303030)
_HIGH = _U(0xF0F0F0F0F0F0F0F0)
_SIX = _U(0x0606060606060606)
_THREES = _U(0x3333333333333333)
# by how many of a word's last bytes are kept: the mask of them, and "0" in the place of the others
_KEPT = np.array([0, *((((1 << 8 * n) - 1) << 8 * (8 - n)) for n in range(1, 9))], dtype=np.uint64)
_FILL = np.array([(~int(mask)) & int(_ZEROS) for mask in _KEPT], dtype=np.uint64)


class Text:
    """Bytes with room before and after; offsets count from the first byte of the text itself."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._padded = bytes(PAD) + content + bytes(PAD)
        self.octets = np.frombuffer(self._padded, dtype=np.uint8)[PAD : PAD + len(content)]

    @cached_property
    def _words(self) -> Words:
        """The little-endian word that begins at each byte, from PAD bytes before the text on."""
        length = len(self._padded) - 7
        return np.ndarray((length,), dtype="<u8", buffer=self._padded, strides=(1,))

    def words(self, offsets: Ints) -> Words:
        """The eight bytes that begin at each offset."""
        found: Words = self._words[offsets + PAD]
        return found

    def octets_at(self, offsets: Ints) -> NDArray[np.uint8]:
        """The byte at each offset, which may lie beside the text."""
        return np.frombuffer(self._padded, dtype=np.uint8).take(offsets + PAD)


def read_digits(text: Text, starts: Ints, ends: Ints, most: int = LONGEST) -> tuple[Ints, Flags]:
    """The number in each [start, end), and whether it is 1 to `most` (16 at most) ASCII digits and nothing else."""
    lengths = ends - starts
    fine = (lengths > 0) & (lengths <= most)
    values, digits = _read_eight(text, ends - 8, np.minimum(np.maximum(lengths, 0), 8))
    fine &= digits
    if most > 8:
        longer, digits = _read_eight(text, ends - 16, np.minimum(np.maximum(lengths - 8, 0), 8))
        fine &= digits
        values += longer * 100_000_000
    return values, fine


def _read_eight(text: Text, offsets: Ints, kept: Ints) -> tuple[Ints, Flags]:
    """The number in the last `kept` bytes of the words at `offsets`."""
    words = (text.words(offsets) & _KEPT.take(kept)) | _FILL.take(kept)
    fine = ((words & _HIGH) | (((words + _SIX) & _HIGH) >> _U(4))) == _THREES
    words -= _ZEROS
    words = words * _U(10) + (words >> _U(8))
    low = (words & _U(0x000000FF000000FF)) * _U(0x000F424000000064)
    high = ((words >> _U(16)) & _U(0x000000FF000000FF)) * _U(0x0000271000000001)
    return ((low + high) >> _U(32)).astype(np.int64), fine


def read_decimals(text: Text, starts: Ints, ends: Ints, point: str) -> tuple[Ints, Flags]:
    """Each [start, end) in millionths, and whether it is written as 12, 12.5, -0.0375: 1 to 9 digits before and 1 to
    6 after the decimal sign `point`."""
    negative = text.octets_at(starts) == ord("-")
    starts = starts + negative
    lengths = ends - starts
    behind = np.zeros(len(starts), dtype=np.int64)  # digits after the decimal sign
    last = text.words(ends - 8)
    for places in range(1, 7):
        found = ((last >> _U(8 * (7 - places))) & _U(0xFF)) == _U(ord(point))
        behind[found & (behind == 0) & (lengths > places + 1)] = places
    whole, fine = read_digits(text, starts, ends - behind - (behind > 0), most=9)
    if behind.any():
        fraction, digits = read_digits(text, ends - behind, ends, most=6)
        fine &= digits | (behind == 0)
        fraction[behind == 0] = 0
        whole = whole * 1_000_000 + fraction * TENS.take(6 - behind)
    else:
        whole = whole * 1_000_000
    return np.where(negative, -whole, whole), fine


def distinct(text: Text, starts: Ints, ends: Ints) -> tuple[Ints, list[bytes]]:
    """Which of the different texts each [start, end) holds, by number, and these texts."""
    if not len(starts):
        return np.zeros(0, dtype=np.int64), []
    lengths = ends - starts
    longest = int(lengths.max())
    columns: list[NDArray[Any]] = [lengths]
    for offset in range(0, longest, 8):
        kept = np.minimum(np.maximum(lengths - offset, 0), 8)
        words = text.words(np.minimum(starts + offset, len(text.content)))
        columns.append(words & (_KEPT.take(kept) >> ((_U(8) - kept.astype(np.uint64)) << _U(3)) % _U(64)))
    first = np.zeros(1, dtype=np.int64)
    if all(bool((column == column[0]).all()) for column in columns):
        codes = np.zeros(len(starts), dtype=np.int64)
    else:
        order = np.lexsort(columns)
        changed = np.zeros(len(order), dtype=bool)
        for column in columns:
            ordered = column[order]
            changed[1:] |= ordered[1:] != ordered[:-1]
        codes = np.empty(len(order), dtype=np.int64)
        codes[order] = np.cumsum(changed)
        first = order[np.concatenate(([0], np.flatnonzero(changed)))]
    return codes, [text.content[int(starts[place]) : int(ends[place])] for place in first]
