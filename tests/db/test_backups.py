"""A backup is whole, verified, and gives back what was there; a damaged one is refused and changes nothing."""

from __future__ import annotations

import random
import shutil
import threading
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.db.snapshot import content_digest
from app.models.inventory import Carrier
from app.services import backups
from app.services.backups import (
    BackupOnPostgres,
    BackupUnreadable,
    RestoreTarget,
    back_up,
    restore,
    verify_backup,
)
from app.services.workspace import Workspace, open_workspace


def add_carriers(workspace: Workspace, first: int, count: int) -> None:
    for number in range(first, first + count):
        with workspace.database.writing() as session:
            session.add(Carrier(name=f"Carrier {number}", name_key=f"carrier{number}"))


def names(workspace: Workspace) -> list[str]:
    with workspace.database.reading() as session:
        return sorted(session.scalars(select(Carrier.name)))


def test_a_restored_workspace_is_the_one_that_was_backed_up(sqlite_workspace: Workspace) -> None:
    folder = sqlite_workspace.folder
    add_carriers(sqlite_workspace, 0, 5)
    sha = sqlite_workspace.documents.put(b"a bill")
    backup = back_up(folder, "on-demand")
    add_carriers(sqlite_workspace, 5, 5)
    sqlite_workspace.close()
    shutil.rmtree(folder / "documents")

    before = restore(backup.file, folder)

    again = open_workspace(folder)
    assert names(again) == [f"Carrier {number}" for number in range(5)]
    assert again.documents.path(sha).read_bytes() == b"a bill"
    again.close()
    assert before is not None
    verify_backup(before)  # what stood there before the restore is kept, and sound


def test_a_backup_restores_into_an_empty_folder(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    add_carriers(sqlite_workspace, 0, 3)
    backup = back_up(sqlite_workspace.folder, "on-demand", target=tmp_path / "elsewhere" / "mine.tollbook-backup")
    assert restore(backup.file, tmp_path / "new") is None
    again = open_workspace(tmp_path / "new")
    assert len(names(again)) == 3
    again.close()
    assert content_digest(tmp_path / "new" / "workspace.sqlite") == backup.digest


def test_backups_under_write_load_are_consistent(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    """The negative control of domain/reliability is `cp`: 20 of 20 copies of a live database were broken."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            add_carriers(sqlite_workspace, number, 1)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [back_up(sqlite_workspace.folder, f"load-{n}", with_files=False) for n in range(5)]
    finally:
        stop.set()
        writer.join()
    for number, backup in enumerate(made):
        verify_backup(backup.file)
        restore(backup.file, tmp_path / str(number))
        assert content_digest(tmp_path / str(number) / "workspace.sqlite") == backup.digest


def test_a_damaged_backup_is_refused_and_nothing_changes(sqlite_workspace: Workspace) -> None:
    folder = sqlite_workspace.folder
    add_carriers(sqlite_workspace, 0, 40)
    backup = back_up(folder, "on-demand")
    sound = backup.file.read_bytes()
    digest = content_digest(folder / "workspace.sqlite")
    noise = random.Random(5)
    for _ in range(12):
        damaged = bytearray(sound)
        damaged[noise.randrange(len(damaged) // 2)] ^= 1 << noise.randrange(8)
        backup.file.write_bytes(damaged)
        try:
            restore(backup.file, folder)
        except BackupUnreadable:
            continue
        # a flipped bit in a time stamp or attribute of the archive changes no content
        assert content_digest(folder / "workspace.sqlite") == digest
    backup.file.write_bytes(sound[: len(sound) // 2])
    with pytest.raises(BackupUnreadable, match=r"choose another backup"):
        restore(backup.file, folder)
    assert content_digest(folder / "workspace.sqlite") == digest


def test_a_changed_row_in_the_copy_is_noticed(sqlite_workspace: Workspace, tmp_path: Path) -> None:
    """The archive's hashes may be recomputed by whoever edits it: the rows' digest still has to fit."""
    add_carriers(sqlite_workspace, 0, 1)
    backup = back_up(sqlite_workspace.folder, "on-demand")
    with zipfile.ZipFile(backup.file) as archive:
        archive.extractall(tmp_path / "x")
    import json

    from app.db.engine import sqlite_module

    file = tmp_path / "x" / "workspace.sqlite"
    connection = sqlite_module.connect(str(file))
    connection.execute("UPDATE carriers SET name = 'Somebody else'")
    connection.commit()
    connection.close()
    manifest = json.loads((tmp_path / "x" / "manifest.json").read_text())
    manifest["files"]["workspace.sqlite"] = backups._sha256(file)
    forged = tmp_path / "forged.tollbook-backup"
    with zipfile.ZipFile(forged, "w") as archive:
        for name in manifest["files"]:
            archive.write(tmp_path / "x" / name, name)
        archive.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(BackupUnreadable, match=r"rows differ"):
        verify_backup(forged)


def test_a_name_that_leads_out_of_the_backup_is_refused(tmp_path: Path) -> None:
    evil = tmp_path / "evil.tollbook-backup"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../outside.txt", "x")
        archive.writestr("manifest.json", '{"files": {"../outside.txt": "0"}, "digest": "0"}')
    with pytest.raises(BackupUnreadable, match=r"leads out"):
        restore(evil, tmp_path / "target")
    assert not (tmp_path / "outside.txt").exists()


def test_a_restore_never_lands_among_other_files(tmp_path: Path, sqlite_workspace: Workspace) -> None:
    backup = back_up(sqlite_workspace.folder, "on-demand")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(RestoreTarget):
        restore(backup.file, tmp_path / "mine")


def test_a_damaged_workspace_is_set_aside_when_it_is_restored(sqlite_workspace: Workspace) -> None:
    folder = sqlite_workspace.folder
    add_carriers(sqlite_workspace, 0, 2)
    backup = back_up(folder, "on-demand")
    sqlite_workspace.close()
    (folder / "workspace.sqlite").write_bytes(b"rubbish" * 1000)
    aside = restore(backup.file, folder)
    assert aside is not None
    assert aside.read_bytes().startswith(b"rubbish")
    again = open_workspace(folder)
    assert len(names(again)) == 2
    again.close()


def test_a_backup_of_a_postgresql_workspace_says_who_makes_it(tmp_path: Path) -> None:
    with pytest.raises(BackupOnPostgres, match=r"pg_dump"):
        back_up(tmp_path, "on-demand")


def test_a_workspace_is_backed_up_before_it_is_migrated(
    sqlite_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sqlite_workspace.folder
    with sqlite_workspace.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    sqlite_workspace.close()
    monkeypatch.setattr("app.services.workspace.known_revisions", lambda: frozenset({"0000", "0001"}))
    migrated: list[str] = []
    monkeypatch.setattr("app.services.workspace.upgrade", lambda engine: migrated.append(str(engine.url.database)))
    open_workspace(folder).close()
    (backup,) = (folder / "backups").glob("*before-migration.tollbook-backup")
    verify_backup(backup)
    assert migrated == [str(folder / "workspace.sqlite")]
