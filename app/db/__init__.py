"""The relational store: engines, sessions, migrations, backups."""
