"""One way to open a database, for SQLite and PostgreSQL, with the pragmas that durability needs.

The figures behind each choice are in docs/adr/0003-sqlite-settings.md.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import QueuePool

try:  # a wheel with a SQLite that has no WAL-reset bug, where there is one for this platform
    import pysqlite3.dbapi2 as _bundled

    sqlite_module: ModuleType = _bundled
except ImportError:
    sqlite_module = sqlite3

APPLICATION_ID = 0x546F6C6C  # "Toll", in the header of every workspace.sqlite
BUSY_TIMEOUT_MS = 10_000


def sqlite_library_version() -> tuple[int, ...]:
    """The version of the SQLite library that is really in use."""
    return tuple(int(part) for part in str(sqlite_module.sqlite_version).split("."))


def wal_is_sound(version: tuple[int, ...]) -> bool:
    """Whether that SQLite is free of the WAL-reset bug (fixed in 3.51.3, and in 3.50.7 and 3.44.6)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def sqlite_url(file: Path) -> URL:
    """The address of a workspace's SQLite file."""
    return URL.create("sqlite", database=str(file))


def make_engine(url: URL | str) -> Engine:
    """An engine on `url` (sqlite or postgresql+psycopg).

    On SQLite every transaction that `session.writing` opens begins IMMEDIATE; readers begin deferred.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        return create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": "-c lock_timeout=10000 -c timezone=UTC"},
        )
    engine = create_engine(
        address,
        module=sqlite_module,
        poolclass=QueuePool,
        hide_parameters=True,  # bound values may be bank numbers, and errors go to the log
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    journal = "WAL" if wal_is_sound(sqlite_library_version()) else "DELETE"

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we write BEGIN ourselves, below
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "cell_size_check=ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("tollbook_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN DEFERRED")

    return engine
