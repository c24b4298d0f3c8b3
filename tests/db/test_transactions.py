"""The settings on which durability and honesty rest, and the race that they decide."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.db.engine import make_engine, sqlite_library_version, sqlite_url, wal_is_sound
from app.db.session import Database
from app.models.inventory import Carrier
from app.services.workspace import Workspace


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_wal_is_used_only_where_it_is_sound(version: tuple[int, ...], sound: bool) -> None:
    assert wal_is_sound(version) is sound


def test_every_connection_has_the_pragmas(sqlite_workspace: Workspace) -> None:
    journal = "wal" if wal_is_sound(sqlite_library_version()) else "delete"
    with sqlite_workspace.database.reading() as session:
        for pragma, value in (
            ("journal_mode", journal),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("trusted_schema", 0),
        ):
            assert session.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_a_failed_command_leaves_nothing(workspace: Workspace) -> None:
    def write_two_of_the_same() -> None:
        with workspace.database.writing() as session:
            session.add(Carrier(name="Northbeam", name_key="northbeam"))
            session.flush()
            session.add(Carrier(name="NORTHBEAM", name_key="northbeam"))

    with pytest.raises(IntegrityError):
        write_two_of_the_same()
    with workspace.database.reading() as session:
        assert session.scalars(select(Carrier)).all() == []


def test_a_reading_session_changes_nothing(workspace: Workspace) -> None:
    with workspace.database.reading() as session:
        session.add(Carrier(name="Northbeam", name_key="northbeam"))
        session.flush()
    with workspace.database.reading() as session:
        assert session.scalars(select(Carrier)).all() == []


def _count_up(database: Database, times: int) -> None:
    for _ in range(times):
        with database.writing() as session:
            value = session.execute(text("SELECT value FROM counter")).scalar_one()
            session.execute(text("UPDATE counter SET value = :value"), {"value": value + 1})


def test_read_then_write_never_loses_an_update(tmp_path: Path) -> None:
    """With a deferred BEGIN, SQLite fails or loses most of these."""
    databases = [Database(make_engine(sqlite_url(tmp_path / "counter.sqlite"))) for _ in range(4)]
    with databases[0].writing() as session:
        session.execute(text("CREATE TABLE counter (value INTEGER NOT NULL) STRICT"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    threads = [threading.Thread(target=_count_up, args=(database, 50)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[0].reading() as session:
        assert session.execute(text("SELECT value FROM counter")).scalar_one() == 200
    for database in databases:
        database.close()
