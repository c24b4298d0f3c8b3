"""Bring a database to the tables of this version, in one transaction, and say which version it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from app.db.engine import APPLICATION_ID

_SCRIPTS = Path(__file__).parent / "migrations"


def head_revision() -> str:
    """The revision that this version of the application writes."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return head or ""


def known_revisions() -> frozenset[str]:
    """All revisions that this version of the application can open."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def current_revision(connection: Connection) -> str | None:
    """The revision of an open database; None where there is none."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Apply all migrations that are missing, whole or not at all, and mark a SQLite file as ours."""
    with engine.execution_options(tollbook_writes=True).begin() as connection:
        command.upgrade(configuration_for(connection), "head")
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"PRAGMA application_id={APPLICATION_ID}"))


def configuration_for(connection: Connection) -> Config:
    """Alembic's configuration for running on `connection`, inside its transaction."""
    configuration = _config()
    configuration.attributes["connection"] = connection
    return configuration


def _config() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    return configuration
