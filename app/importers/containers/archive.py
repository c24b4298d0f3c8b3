"""ZIP archives: no size that they declare is believed, no name is used as a path."""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from io import BytesIO
from struct import error

from app.importers.containers.kind import list_entries
from app.importers.containers.members import MOST_MEMBERS, Member, Members, UnsafeName, clean_name
from app.importers.faults import BrokenFile, DocumentFault, EncryptedFile, TooLarge

MOST_RATIO = 250  # honest text of equal rows comes to about 100
_RATIO_COUNTS_FROM = 1_000_000
_PIECE = 1 << 16
# what operating systems put beside the files
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db"})


class SameNameTwice(DocumentFault):
    """'{name}' holds two files called '{member}': two programs would take two different ones out of it."""

    code = "duplicate-name"
    remedy = "Ask the sender for an archive in which each file stands once."


def open_archive(name: str, content: bytes, members: Members) -> Iterator[Member]:
    """The files in an archive; raises a DocumentFault where it is broken, encrypted, or made to harm."""
    list_entries(name, content)  # bounds the list of entries before it is read
    with _told(name), zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        _check(name, entries)
        for entry in entries:
            path = clean_name(name, entry.filename)
            if entry.is_dir() or _is_litter(path):
                continue
            yield Member(path, _unpack(name, archive, entry))


@contextmanager
def _told(name: str) -> Iterator[None]:
    """What the reader of archives raises, as the fault that it stands for."""
    try:
        yield
    except NotImplementedError as fault:
        raise BrokenFile(name=name, why=f"its files are packed in an unknown way ({str(fault)[:80]})") from fault
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, error) as fault:
        raise BrokenFile(name=name, why=f"its archive cannot be opened ({str(fault)[:80]})") from fault
    except RuntimeError as fault:  # zipfile's word for an entry with a password
        raise EncryptedFile(name=name) from fault


def _check(name: str, entries: list[zipfile.ZipInfo]) -> None:
    """What can be said before anything is unpacked."""
    if len(entries) > MOST_MEMBERS:
        raise TooLarge(name=name, size=f"{len(entries):,} files", limit=f"{MOST_MEMBERS:,}")
    if any(entry.flag_bits & 1 for entry in entries):
        raise EncryptedFile(name=name)
    seen: set[str] = set()
    for entry in entries:
        path = clean_name(name, entry.filename)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UnsafeName(name=name, member=path[:100])
        if path.casefold() in seen:
            raise SameNameTwice(name=name, member=path[:100])
        seen.add(path.casefold())


def _is_litter(path: str) -> bool:
    folder, _, last = path.rpartition("/")
    return last.casefold() in _LITTER or last.startswith((".", "~$")) or "__MACOSX" in folder.split("/")


def _unpack(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry; longer or shorter than declared, or packed too densely, it is a fault."""
    unbounded = copy(entry)
    unbounded.file_size = entry.file_size + 1  # zipfile stops at this length: one byte more shows a lie
    length = 0
    with _told(name), archive.open(unbounded) as stream:
        while piece := stream.read(_PIECE):
            length += len(piece)
            if length > _RATIO_COUNTS_FROM and length > MOST_RATIO * max(entry.compress_size, 1):
                raise TooLarge(
                    name=name, size=f"files packed more than {MOST_RATIO} times", limit=f"{MOST_RATIO} times"
                )
            yield piece
    if length != entry.file_size:
        raise BrokenFile(name=name, why=f"'{entry.filename[:80]}' is longer or shorter than the archive says")
