"""What is not a sound workspace of this or an older version is refused, and not a byte of it changes."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db.engine import sqlite_module
from app.db.inspect_file import DamagedWorkspace, ForeignDatabase, NewerWorkspace, NotAWorkspace
from app.errors import UserError
from app.services.workspace import (
    AddressUnusable,
    FolderNotEmpty,
    PasswordInAddress,
    Workspace,
    create_workspace,
    open_workspace,
)


def hash_of(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    create_workspace(folder, "Meridian Foods").close()
    return folder


def test_a_workspace_opens_again(workspace: Workspace) -> None:
    folder = workspace.folder
    workspace.close()
    again = open_workspace(folder)
    assert again.today().year >= 2026
    again.close()


def test_a_new_workspace_needs_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(FolderNotEmpty, match=r"already holds files"):
        create_workspace(tmp_path, "Meridian Foods")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_without_a_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkspace, match=r"create a new workspace"):
        open_workspace(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_applications_database_is_refused(tmp_path: Path) -> None:
    connection = sqlite_module.connect(str(tmp_path / "workspace.sqlite"))
    connection.execute("CREATE TABLE cards (id INTEGER)")
    connection.commit()
    connection.close()
    before = hash_of(tmp_path)
    with pytest.raises(ForeignDatabase, match=r"another application"):
        open_workspace(tmp_path)
    assert hash_of(tmp_path) == before


def test_a_newer_workspace_is_refused(closed: Path) -> None:
    connection = sqlite_module.connect(str(closed / "workspace.sqlite"))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    before = hash_of(closed)
    with pytest.raises(NewerWorkspace, match=r"update Tollbook"):
        open_workspace(closed)
    assert hash_of(closed) == before


def test_a_newer_workspace_on_postgresql_is_refused(workspace: Workspace) -> None:
    with workspace.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    workspace.close()
    with pytest.raises(NewerWorkspace):
        open_workspace(workspace.folder)


@pytest.mark.parametrize("damage", ["truncated", "overwritten", "header", "empty", "text"])
def test_a_damaged_workspace_is_refused_and_not_changed(closed: Path, damage: str) -> None:
    file = closed / "workspace.sqlite"
    content = bytearray(file.read_bytes())
    if damage == "truncated":
        content = content[: len(content) // 2]
    elif damage == "overwritten":
        noise = random.Random(7)
        for start in range(4096, len(content) - 512, 4096):
            content[start : start + 512] = noise.randbytes(512)
    elif damage == "header":
        content[:16] = b"SQLite format 4\x00"
    elif damage == "empty":
        content = bytearray()
    else:
        content = bytearray(b"not a database at all" * 400)
    file.write_bytes(content)
    before = hash_of(closed)
    with pytest.raises(DamagedWorkspace, match=r"restore the newest backup"):
        open_workspace(closed)
    assert hash_of(closed) == before


def test_a_workspace_with_an_unfinished_write_ahead_log_opens(closed: Path, tmp_path: Path) -> None:
    """A crash leaves workspace.sqlite-wal behind: what was committed in it is there."""
    opened = open_workspace(closed)
    with opened.database.writing() as session:
        session.execute(text("UPDATE workspace_info SET company = 'Meridian Foods Ltd'"))
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for path in closed.iterdir():
        if path.is_file():
            (crashed / path.name).write_bytes(path.read_bytes())
    opened.close()
    again = open_workspace(crashed)
    with again.database.reading() as session:
        assert session.execute(text("SELECT company FROM workspace_info")).scalar_one() == "Meridian Foods Ltd"
    again.close()


def test_two_windows_open_one_workspace(sqlite_workspace: Workspace) -> None:
    """What the first one wrote stands in the write-ahead log alone until it is checkpointed."""
    second = open_workspace(sqlite_workspace.folder)
    with second.database.writing() as session:
        session.execute(text("UPDATE workspace_info SET company = 'Meridian Foods Ltd'"))
    with sqlite_workspace.database.reading() as session:
        assert session.execute(text("SELECT company FROM workspace_info")).scalar_one() == "Meridian Foods Ltd"
    second.close()


def test_a_password_is_never_written_into_the_workspace(tmp_path: Path) -> None:
    with pytest.raises(PasswordInAddress, match=r"PGPASS"):
        create_workspace(tmp_path / "w", "Meridian Foods", address="postgresql://dana:secret@127.0.0.1/tollbook")
    assert not (tmp_path / "w").exists()


def test_a_database_that_does_not_answer_is_named(closed: Path) -> None:
    (closed / "workspace.toml").write_text('format = 1\naddress = "postgresql://127.0.0.1:1/nowhere"\n')
    with pytest.raises(AddressUnusable, match=r"cannot be reached"):
        open_workspace(closed)


def test_every_refusal_is_a_user_error() -> None:
    for error in (NotAWorkspace, ForeignDatabase, DamagedWorkspace, NewerWorkspace, FolderNotEmpty, AddressUnusable):
        assert issubclass(error, UserError)
