"""A workspace: one folder with the database, the source documents and the usage."""

from __future__ import annotations

import time
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from app.db.documents import DocumentStore
from app.db.engine import make_engine, sqlite_url
from app.db.inspect_file import ForeignDatabase, NewerWorkspace, NotAWorkspace, inspect_file
from app.db.migrate import current_revision, head_revision, known_revisions, upgrade
from app.db.session import Database
from app.errors import UserError
from app.models.contracts import RateDeck
from app.models.documents import SourceDocument, UsageBatch
from app.models.intake import HeldDocument, QuarantinedFile
from app.models.workspace import WorkspaceInfo
from app.services.backups import DATABASE, back_up
from app.usage.store import UsageStore

SETTINGS = "workspace.toml"
# another window may be writing files that its transaction has not named yet
SWEEP_AGE_SECONDS = 3600.0


class FolderNotEmpty(UserError):
    """{folder} already holds files: choose an empty folder for a new workspace, or open the workspace in it."""


class PasswordInAddress(UserError):
    """The database address contains a password, and workspace.toml would keep it in plain text: leave it out, and put
    it into the file that PGPASSFILE names or into PGPASSWORD."""


class AddressUnusable(UserError):
    """The database {address} cannot be reached ({fault}): start it, or correct the address in {file}."""


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


def is_workspace(folder: Path) -> bool:
    """Whether `folder` holds a workspace, sound or not."""
    return (folder / SETTINGS).is_file() or (folder / DATABASE).is_file()


def create_workspace(
    folder: Path, company: str, currency: str = "USD", *, address: str | None = None, fixed_day: date | None = None
) -> Workspace:
    """Make a new workspace in `folder` (absent or empty) and open it.

    `address` names an empty PostgreSQL database to use instead of a SQLite file. `fixed_day` makes a demo workspace
    stand still on that day.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(folder=folder)
    settings = "# This folder is a Tollbook workspace.\nformat = 1\n"
    if address is not None:
        if _password(address):
            raise PasswordInAddress()
        settings += f'address = "{address}"\n'
    folder.mkdir(parents=True, exist_ok=True)
    engine = make_engine(address or sqlite_url(folder / DATABASE))
    if address is not None:
        _refuse_foreign_tables(engine, address, folder)
    upgrade(engine)
    workspace = _assemble(folder, engine)
    with workspace.database.writing() as session:
        session.add(
            WorkspaceInfo(id=1, company=company, currency=currency, created_at=datetime.now(UTC), fixed_day=fixed_day)
        )
    (folder / SETTINGS).write_text(settings, encoding="utf-8")
    return workspace


def open_workspace(folder: Path) -> Workspace:
    """Open the workspace in `folder`, migrating it after a verified backup where its tables are older.

    One that is newer, foreign or damaged is refused with a UserError and not changed.
    """
    if not is_workspace(folder):
        raise NotAWorkspace(file=folder)
    address = _address(folder)
    if address is None:
        facts = inspect_file(folder / DATABASE, known=known_revisions())
        engine = make_engine(sqlite_url(folder / DATABASE))
        if facts.revision != head_revision():
            back_up(folder, "before-migration", with_files=False)
            upgrade(engine)
    else:
        engine = make_engine(address)
        try:
            if _postgres_revision(engine, address, folder) != head_revision():
                upgrade(engine)  # one transaction: PostgreSQL's own DDL is all or nothing
        except Exception:
            engine.dispose()
            raise
    workspace = _assemble(folder, engine)
    sweep(workspace)
    return workspace


def sweep(workspace: Workspace, *, older_than: float = SWEEP_AGE_SECONDS) -> int:
    """Remove files that an interrupted import left and that no row names; return how many."""
    with workspace.database.reading() as session:
        documents = {
            sha256
            for table in (SourceDocument, HeldDocument, QuarantinedFile)
            for sha256 in session.scalars(select(table.sha256))
        }
        batches = set(session.scalars(select(UsageBatch.path))) | set(session.scalars(select(RateDeck.path)))
    limit = time.time() - older_than
    return workspace.documents.sweep(documents, limit) + workspace.usage.sweep(batches, limit)


def _assemble(folder: Path, engine: Engine) -> Workspace:
    return Workspace(folder, Database(engine), DocumentStore(folder / "documents"), UsageStore(folder / "usage"))


def _address(folder: Path) -> str | None:
    file = folder / SETTINGS
    if not file.is_file():
        return None
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AddressUnusable(address="of this workspace", fault=error, file=file) from error
    address = settings.get("address")
    return None if address is None else str(address)


def _password(address: str) -> bool:
    try:
        return bool(make_url(address).password)
    except ArgumentError as error:
        raise AddressUnusable(address=address, fault="it is not an address", file=SETTINGS) from error


def _refuse_foreign_tables(engine: Engine, address: str, folder: Path) -> None:
    try:
        tables = inspect(engine).get_table_names()
    except OperationalError as error:
        raise AddressUnusable(address=address, fault=error.orig, file=folder / SETTINGS) from error
    if tables:
        engine.dispose()
        raise ForeignDatabase(file=address)


def _postgres_revision(engine: Engine, address: str, folder: Path) -> str:
    try:
        with engine.connect() as connection:
            revision = current_revision(connection)
    except OperationalError as error:
        raise AddressUnusable(address=address, fault=error.orig, file=folder / SETTINGS) from error
    if revision is None:
        raise ForeignDatabase(file=address)
    if revision not in known_revisions():
        raise NewerWorkspace(place=address, revision=revision)
    return revision
