"""Backups of a workspace: one zip with the database and, unless it is only for a migration, documents and usage."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from app.db.snapshot import take_snapshot, verify_snapshot
from app.errors import UserError

DATABASE = "workspace.sqlite"
MANIFEST = "manifest.json"
_KEPT_FOLDERS = ("documents", "usage")
_CHUNK = 1 << 20
# whatever zipfile and json raise on a damaged archive; NotImplementedError is a compression that nobody wrote
_UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, EOFError, NotImplementedError)


class BackupOnPostgres(UserError):
    """The workspace {folder} keeps its data in PostgreSQL, which its administrator backs up: run
    "pg_dump --format=custom" on its database, and copy the folder beside it."""


class BackupUnreadable(UserError):
    """{file} is not a sound Tollbook backup ({fault}); nothing was changed: choose another backup."""


class RestoreTarget(UserError):
    """{folder} holds files that are not of a Tollbook workspace; nothing was changed: restore into an empty folder."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and read back: `digest` stands for every row of the database."""

    file: Path
    digest: str
    files: int


def back_up(folder: Path, reason: str, *, target: Path | None = None, with_files: bool = True) -> Backup:
    """Back up the SQLite workspace in `folder` to `target` (default: its backups folder) and verify what was written.

    `reason` becomes part of the file's name. The backup appears under its name only when it is whole and verified.
    """
    database = folder / DATABASE
    if not database.is_file():
        raise BackupOnPostgres(folder=folder)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    file = target or folder / "backups" / f"{moment}-{reason}.tollbook-backup"
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix="snapshot-") as scratch:
            copy = Path(scratch) / DATABASE
            digest = take_snapshot(database, copy)
            count = _write(partial, folder, copy, digest, with_files)
        verify_backup(partial)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    return Backup(file, digest, count)


def verify_backup(file: Path) -> None:
    """Read a backup back: each file's SHA-256, and the database's rows. Raises BackupUnreadable."""
    with tempfile.TemporaryDirectory(prefix="tollbook-verify-") as scratch:
        _unpack(file, Path(scratch))


def restore(file: Path, folder: Path) -> Path | None:
    """Put a backup's content into `folder`; return the backup made of what stood there before, if anything did.

    The backup is verified before anything is touched. No window may have the workspace open meanwhile.
    """
    database = folder / DATABASE
    if folder.exists() and any(folder.iterdir()) and not database.exists():
        raise RestoreTarget(folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    before: Path | None = None
    with tempfile.TemporaryDirectory(dir=folder, prefix="restore-") as scratch:
        unpacked = Path(scratch)
        _unpack(file, unpacked)
        if database.exists():
            before = _keep_what_stands(folder)
        for kept in _KEPT_FOLDERS:
            if (unpacked / kept).is_dir():
                # documents and usage are named by their content: what is there already is the same
                shutil.copytree(unpacked / kept, folder / kept, dirs_exist_ok=True)
        for leftover in (f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal"):
            (folder / leftover).unlink(missing_ok=True)
        (unpacked / DATABASE).replace(database)
        if (unpacked / "workspace.toml").is_file():
            (unpacked / "workspace.toml").replace(folder / "workspace.toml")
    return before


def _keep_what_stands(folder: Path) -> Path:
    """Back up what a restore is about to replace; what is too damaged for a backup is set aside byte by byte."""
    try:
        return back_up(folder, "before-restore", with_files=False).file
    except Exception:  # any fault of a damaged database: it is kept as it is, and the restore goes on
        aside = folder / "backups" / f"{datetime.now(UTC).strftime('%Y%m%dT%H%M%S%fZ')}-damaged.sqlite"
        aside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / DATABASE, aside)
        return aside


def _write(partial: Path, folder: Path, copy: Path, digest: str, with_files: bool) -> int:
    members: dict[str, Path] = {DATABASE: copy}
    if (folder / "workspace.toml").is_file():
        members["workspace.toml"] = folder / "workspace.toml"
    if with_files:
        for kept in _KEPT_FOLDERS:
            for path in sorted((folder / kept).rglob("*")) if (folder / kept).is_dir() else []:
                if path.is_file() and path.suffix != ".partial":
                    members[path.relative_to(folder).as_posix()] = path
    hashes = {}
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as archive:
        for name, path in members.items():
            hashes[name] = _sha256(path)
            archive.write(path, name)
        manifest = {"application": "Tollbook", "format": 1, "digest": digest, "files": hashes}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    with partial.open("rb+") as handle:
        os.fsync(handle.fileno())
    return len(members)


def _unpack(file: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            hashes: dict[str, str] = manifest["files"]
            digest = str(manifest["digest"])
            for name, expected in hashes.items():
                if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                    raise BackupUnreadable(file=file, fault=f"the name {name!r} leads out of the backup")
                destination = target / name
                destination.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as packed, destination.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked, _CHUNK)
                if _sha256(destination) != expected:
                    raise BackupUnreadable(file=file, fault=f"{name} has changed since it was backed up")
        verify_snapshot(target / DATABASE, digest)
    except _UNREADABLE as error:
        raise BackupUnreadable(file=file, fault=error) from error
    except UserError as error:
        if isinstance(error, BackupUnreadable):
            raise
        raise BackupUnreadable(file=file, fault=error) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
