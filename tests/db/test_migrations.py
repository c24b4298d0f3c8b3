"""The migrations make exactly the tables that the models describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.db.migrate import current_revision, head_revision, upgrade
from app.models import Base
from app.services.workspace import Workspace


def test_migrated_tables_are_the_models_tables(workspace: Workspace) -> None:
    with workspace.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
        assert current_revision(connection) == head_revision()


def test_migrating_again_changes_nothing(workspace: Workspace) -> None:
    upgrade(workspace.database.engine)
    with workspace.database.engine.connect() as connection:
        assert current_revision(connection) == head_revision()
