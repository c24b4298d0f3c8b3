"""Write the migration that brings the tables from the last revision to what app.models says now.

Usage: python tools/make_migration.py REVISION "what changes"     (REVISION: 0001, 0002, …)
Read what it wrote before you commit it: renames look like a drop and an add.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from alembic import command

from app.db.engine import make_engine, sqlite_url
from app.db.migrate import configuration_for, upgrade


def main(revision: str, message: str) -> None:
    """Autogenerate against a fresh SQLite database at the present head."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(sqlite_url(Path(folder) / "scratch.sqlite"))
        upgrade(engine)
        with engine.begin() as connection:
            command.revision(configuration_for(connection), message, autogenerate=True, rev_id=revision)
        engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
