"""Alembic's migrations: one file per change of the tables, applied when a workspace opens."""
