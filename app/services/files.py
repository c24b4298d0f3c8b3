"""Files that leave the workspace: written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from app.errors import UserError


class FileUnwritable(UserError):
    """{file} cannot be written ({fault}): close it where it is open, check its folder's rights and the free space."""


def write_file(target: Path, content: bytes, *, private: bool = False) -> Path:
    """Write `content` to `target` by way of a temporary file, flushed to disk before it gets its name.

    `private` makes the file readable by its owner only, from its first byte on (bank details). Raises FileUnwritable.
    """
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_partial(partial, content, 0o600 if private else 0o644)
        partial.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        raise FileUnwritable(file=target, fault=error.strerror or error) from error
    finally:
        partial.unlink(missing_ok=True)
    return target


def _write_partial(partial: Path, content: bytes, mode: int) -> None:
    partial.unlink(missing_ok=True)  # a crash's leftover would keep its own rights
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(partial, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where folders can be opened for that (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
