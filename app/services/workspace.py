"""A workspace: one folder with the database, the source documents and the usage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from app.db.documents import DocumentStore
from app.db.engine import make_engine, sqlite_url
from app.db.session import Database
from app.models import Base
from app.models.workspace import WorkspaceInfo
from app.usage.store import UsageStore


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open workspace. Whoever opened it closes it."""

    folder: Path
    database: Database
    documents: DocumentStore
    usage: UsageStore

    @property
    def exports(self) -> Path:
        """Where letters, reports and payment files are written."""
        return self.folder / "exports"

    def today(self) -> date:
        """The day it is for this workspace: a demo workspace stands still on its own day."""
        with self.database.reading() as session:
            fixed = session.scalar(select(WorkspaceInfo.fixed_day))
        return fixed or datetime.now().astimezone().date()

    def close(self) -> None:
        self.database.close()


def create_workspace(
    folder: Path, company: str, currency: str = "USD", *, address: str | None = None, fixed_day: date | None = None
) -> Workspace:
    """Make a new workspace in `folder` (absent or empty); `address` names a PostgreSQL database instead of SQLite."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = _assemble(folder, address)
    Base.metadata.create_all(workspace.database.engine)
    with workspace.database.writing() as session:
        session.add(
            WorkspaceInfo(id=1, company=company, currency=currency, created_at=datetime.now(UTC), fixed_day=fixed_day)
        )
    return workspace


def open_workspace(folder: Path) -> Workspace:
    """Open the workspace in `folder`."""
    return _assemble(folder, None)


def _assemble(folder: Path, address: str | None) -> Workspace:
    engine = make_engine(address or sqlite_url(folder / "workspace.sqlite"))
    return Workspace(folder, Database(engine), DocumentStore(folder / "documents"), UsageStore(folder / "usage"))
