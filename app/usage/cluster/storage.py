"""Files of calls and rated rows wherever they lie: a folder that all machines see, or object storage by its URI."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

_SCHEME = "://"


class NoCalls(UserError):
    """There are no call records (*.parquet) in {where}. Check the address, and the months that were asked for."""


class GivenTwice(UserError):
    """The calls in {part} were given twice and would be counted twice: name each folder or file once."""


@dataclass(frozen=True, slots=True)
class CallFile:
    """A file of calls: `home` is the address it was found under, `path` its own in that storage, and `part` where its
    rated rows belong: account=<id>/month=<yyyy-mm>/<document>.parquet as far as its folders are named so. With `size`
    (bytes) and `modified` (nanoseconds since 1970) a change of the file is seen."""

    home: str
    path: str
    part: str
    size: int
    modified: int


@lru_cache(maxsize=16)
def open_storage(address: str) -> tuple[Any, str]:
    """The file system of an address (a path, or a URI such as s3://bucket/usage/calls) and the path in it."""
    from pyarrow import fs

    if _SCHEME in address:
        system, path = fs.FileSystem.from_uri(address)
        return system, path
    return fs.LocalFileSystem(), Path(address).absolute().as_posix()


def find_calls(addresses: Iterable[str], months: Sequence[str] = ()) -> list[CallFile]:
    """The files of calls at `addresses`, each a file or a folder of them, by account, month and name; with `months`
    (yyyy-mm) only those of these months. Raises NoCalls and GivenTwice."""
    named = list(addresses)
    found: list[CallFile] = []
    for address in named:
        found += _look(address)
    if months:
        wanted = {f"month={month}" for month in months}
        found = [file for file in found if wanted & {*PurePosixPath(file.part).parts}]
    if not found:
        raise NoCalls(where=", ".join(named))
    parts = [file.part for file in found]
    if len(set(parts)) < len(parts):
        raise GivenTwice(part=next(part for part in parts if parts.count(part) > 1))
    return sorted(found, key=lambda file: file.part)


def _look(address: str) -> Iterator[CallFile]:
    from pyarrow import fs

    system, base = open_storage(address)
    whole = system.get_file_info(base)
    single = whole.type == fs.FileType.File
    below = PurePosixPath(base).parent if single else PurePosixPath(base)
    named = _partition(below)
    selected = fs.FileSelector(base, recursive=True, allow_not_found=True)
    for info in [whole] if single else system.get_file_info(selected):
        if info.type == fs.FileType.File and info.path.endswith(".parquet"):
            part = named / PurePosixPath(info.path).relative_to(below)
            yield CallFile(address, info.path, part.as_posix(), info.size, info.mtime_ns or 0)


def _partition(folder: PurePosixPath) -> PurePosixPath:
    """The last names of a path that say what is in it: account=7/month=2026-03."""
    kept: list[str] = []
    for name in reversed(folder.parts):
        if "=" not in name:
            break
        kept.insert(0, name)
    return PurePosixPath(*kept)


def open_calls(file: CallFile) -> pa.NativeFile:
    """A file to read: mapped into memory where it lies on this machine, else fetched whole, since a request per column
    and row group would take longer than the bytes (a file of the store has some 16 MB)."""
    import pyarrow as pa

    system, _ = open_storage(file.home)
    if system.type_name == "local":
        return pa.memory_map(file.path)
    with system.open_input_file(file.path) as remote:
        return pa.BufferReader(remote.read_buffer())


class Digested:
    """A file to write that takes the SHA-256 of what goes through it."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._digest, self.closed = stream, hashlib.sha256(), False

    def write(self, content: bytes) -> int:
        self._digest.update(content)
        return int(self._stream.write(content))

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self.closed = True

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


@contextmanager
def put_whole(address: str) -> Iterator[Digested]:
    """Write a file whole or not at all: under a name of its own, which becomes the right one at the end. Two attempts
    at one task do not meet, and the later one wins."""
    system, path = open_storage(address)
    partial = f"{path}.{uuid4().hex}.partial"
    system.create_dir(path.rpartition("/")[0], recursive=True)
    try:
        with system.open_output_stream(partial) as stream:
            yield Digested(stream)
        system.move(partial, path)
    except BaseException:
        if system.get_file_info(partial).is_file:
            system.delete_file(partial)
        raise


def read_whole(address: str) -> bytes | None:
    """The content of a file; None where there is none."""
    system, path = open_storage(address)
    try:
        with system.open_input_stream(path) as stream:
            content: bytes = stream.read()
            return content
    except FileNotFoundError:
        return None


def join(address: str, name: str) -> str:
    """The address of a file below another, whatever stands behind the question mark of a URI."""
    base, mark, query = address.partition("?") if _SCHEME in address else (address, "", "")
    return f"{base.rstrip('/')}/{name}{mark}{query}"
