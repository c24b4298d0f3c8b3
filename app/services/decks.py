"""Rate decks in the workspace: read from a file, kept as Parquet in versions, loaded for rating.

A deck is known by carrier, kind and name. Another content is a new version, which is in force from then on; the same
content is the same version, whatever the order of its rows or the kind of its file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.money import RATE_SCALE, from_scaled
from app.domain.vocabulary import DeckKind
from app.errors import UserError
from app.importers.records.deck_columns import COLUMNS
from app.models.contracts import RateDeck
from app.models.documents import SourceDocument
from app.models.inventory import Carrier
from app.rating.voice.call import DeckRow, PlaceRow
from app.services.deck_reading import read_deck_apart
from app.services.log import lock_workspace, record

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace
    from app.usage.store import UsageStore

FOLDER = "decks"
MAX_FILE_BYTES = 256 * 1024 * 1024


class DeckUnreadable(UserError):
    """{file} cannot be read ({fault}): look whether it is there and may be read, and has at most 256 MB."""


class NoDeckName(UserError):
    """A rate deck needs a name, by which prices of contracts refer to it: give it one, such as voice."""


class DeckMissing(UserError):
    """There is no rate deck '{name}' of {carrier} here: import it with `main.py deck`."""


class DeckDamaged(UserError):
    """The rate deck '{name}' in {file} is not as it was imported: restore it from a backup, or import it again."""


@dataclass(frozen=True, slots=True)
class DeckVersion:
    """A stored version; `new` says whether it was not here before."""

    id: int
    name: str
    kind: DeckKind
    rows: int
    sha256: str
    new: bool


def import_deck(
    workspace: Workspace, file: Path, carrier_id: int, name: str, kind: DeckKind, actor: str
) -> DeckVersion:
    """Read a deck from a CSV or XLSX and put it in force; whole or not at all.

    The file is read in a child process. Raises DeckUnreadable, DeckNotRead where the file is no table of these columns,
    DeckRefused with the rows that are faulty, and NoDeckName.
    """
    known_by = " ".join(name.split())
    if not known_by:
        raise NoDeckName
    content = _read_file(file)
    with tempfile.TemporaryDirectory(prefix="tollbook-deck-") as folder:
        copy = Path(folder) / file.name  # what is read is what is kept, whoever changes the file meanwhile
        copy.write_bytes(content)
        frame = read_deck_apart(copy, kind)
    document = workspace.documents.put(content)
    target, sha256 = _write(workspace.usage.folder, frame)
    with workspace.database.writing() as session:
        lock_workspace(session)
        versions = session.scalars(_versions(carrier_id, kind, known_by)).all()
        same = next((row for row in versions if _holds(workspace.usage, row, frame)), None)
        if same is None:
            stored = RateDeck(
                carrier_id=carrier_id,
                kind=kind,
                name=known_by,
                path=f"{FOLDER}/{target.name}",
                rows=frame.height,
                sha256=sha256,
                document_id=_find_or_add_document(session, document, file.name, len(content), actor),
                loaded_at=datetime.now(UTC),
            )
            session.add(stored)
            session.flush()
        else:
            stored = same
            if stored is not versions[0]:
                stored.loaded_at = datetime.now(UTC)  # in force again
        if same is None or stored is not versions[0]:
            carrier = session.get_one(Carrier, carrier_id).name
            record(session, actor, "loaded", f"rate deck {known_by} of {carrier}", sha256=sha256, rows=stored.rows)
        return DeckVersion(stored.id, stored.name, stored.kind, stored.rows, stored.sha256, same is None)


def load_deck(
    session: Session, store: UsageStore, carrier_id: int, name: str, kind: DeckKind = DeckKind.PRICES
) -> pl.DataFrame:
    """The rows of the version in force: DeckRow's (or PlaceRow's) fields as columns, prices as integers at ten
    decimals, and the `row` of the file. Raises DeckMissing and DeckDamaged."""
    found = session.scalars(_versions(carrier_id, kind, " ".join(name.split())).limit(1)).first()
    if found is None:
        carrier = session.scalar(select(Carrier.name).where(Carrier.id == carrier_id))
        raise DeckMissing(name=name, carrier=carrier)
    frame = _read_parquet(store, found)
    if frame is None:
        raise DeckDamaged(name=name, file=store.folder / found.path)
    return frame


def deck_rows(frame: pl.DataFrame) -> Iterator[DeckRow]:
    """The rows of a deck of prices as values."""
    for row in frame.select(column.field for column in COLUMNS[DeckKind.PRICES]).iter_rows(named=True):
        connect = row.pop("connect")
        price = from_scaled(row.pop("price"), RATE_SCALE)
        yield DeckRow(price=price, connect=None if connect is None else from_scaled(connect, RATE_SCALE), **row)


def place_rows(frame: pl.DataFrame) -> Iterator[PlaceRow]:
    """The rows of a deck of places as values."""
    for row in frame.select(column.field for column in COLUMNS[DeckKind.PLACES]).iter_rows(named=True):
        yield PlaceRow(**row)


def _versions(carrier_id: int, kind: DeckKind, name: str) -> Select[RateDeck]:
    """The versions of a deck, the one in force first."""
    wanted = (RateDeck.carrier_id == carrier_id, RateDeck.kind == kind, RateDeck.name == name)
    return select(RateDeck).where(*wanted).order_by(RateDeck.loaded_at.desc(), RateDeck.id.desc())


def _read_file(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise DeckUnreadable(file=file, fault="it is too large")
        return file.read_bytes()
    except OSError as fault:
        raise DeckUnreadable(file=file, fault=fault.strerror or fault) from fault


def _write(folder: Path, frame: pl.DataFrame) -> tuple[Path, str]:
    """The frame's Parquet file under its SHA-256, written whole or not at all."""
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    partial = target / f".{os.getpid()}-{threading.get_ident()}.partial"
    frame.write_parquet(partial, compression="zstd", statistics=True)
    with partial.open("rb+") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return partial.replace(target / f"{sha256}.parquet"), sha256


def _read_parquet(store: UsageStore, stored: RateDeck) -> pl.DataFrame | None:
    """The rows of a version; None where its file is missing or has changed."""
    import polars as pl

    try:
        content = (store.folder / stored.path).read_bytes()
    except OSError:
        return None
    return pl.read_parquet(content) if hashlib.sha256(content).hexdigest() == stored.sha256 else None


def _holds(store: UsageStore, stored: RateDeck, frame: pl.DataFrame) -> bool:
    """Whether a version says the same as `frame`, whatever rows of the file it stood in."""
    if stored.rows != frame.height:
        return False
    known = _read_parquet(store, stored)
    return known is not None and known.drop("row").equals(frame.drop("row"))


def _find_or_add_document(session: Session, sha256: str, name: str, size: int, actor: str) -> int:
    known = session.scalar(select(SourceDocument.id).where(SourceDocument.sha256 == sha256))
    if known is not None:
        return known
    row = SourceDocument(
        sha256=sha256, name=name, size=size, importer="rate-deck", received_at=datetime.now(UTC), received_by=actor
    )
    session.add(row)
    session.flush()
    return row.id
