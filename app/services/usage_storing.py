"""Storing the usage that one file brought: calls, traffic samples and meter readings, from the answer of the reader and
from the files that it left beside it. Nothing of these files is believed: each number is held against what it may be.
"""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import ExitStack
from typing import TYPE_CHECKING

from app.models.documents import UsageBatch
from app.models.workspace import WorkspaceInfo
from app.services.posting import find_or_add_account, find_or_add_carrier
from app.usage.merging import BadUsagePart, open_run
from app.usage.series import read_readings_part, read_samples_part
from app.usage.store import CALLS, READINGS, SAMPLES, StoredBatch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedDocument, ParsedPart
    from app.domain.parsed_usage import ParsedReadings, ParsedSamples, ParsedUsage
    from app.domain.source import ParseIssue
    from app.services.workspace import Workspace


def store_usage(
    workspace: Workspace,
    session: Session,
    document: ParsedDocument,
    folder: Path | None,
    document_id: int,
    sha256: str,
) -> tuple[list[str], list[ParseIssue]]:
    """Write all usage of `document` into the store, and its batches into the caller's transaction.

    `folder` is where the reader left `document.parts`. Returns the paths of the files written, which the caller
    removes where its transaction fails, and what is to be told (accounts that are new). Raises BadUsagePart where a
    file of the reader is not what it says; then nothing that was written is left.
    """
    writer = _Writer(workspace, session, document_id, sha256)
    try:
        _store_calls(writer, document, folder)
        _store_samples(writer, document, folder)
        _store_readings(writer, document, folder)
    except BaseException:
        for path in writer.paths:
            (workspace.usage.folder / path).unlink(missing_ok=True)
        raise
    return writer.paths, writer.issues


class _Writer:
    """The accounts of one document's usage, and the files written so far."""

    def __init__(self, workspace: Workspace, session: Session, document_id: int, sha256: str) -> None:
        self.store = workspace.usage
        self.sha256 = sha256
        self.paths: list[str] = []
        self.issues: list[ParseIssue] = []
        self._session, self._document_id = session, document_id
        self._accounts: dict[tuple[str, str, str], int] = {}

    def account_of(self, carrier: str, ban: str, currency: str = "") -> int:
        """The account's id; one that is not known is added and told."""
        key = carrier, ban, currency
        if key not in self._accounts:
            owner = find_or_add_carrier(self._session, carrier, currency, self.issues)
            kept_in = currency or owner.currency or self._session.get_one(WorkspaceInfo, 1).currency
            self._accounts[key] = find_or_add_account(self._session, owner, ban, kept_in, self.issues).id
        return self._accounts[key]

    def add(self, account_id: int, batches: Iterable[StoredBatch]) -> None:
        """Note files as they are written."""
        for batch in batches:
            self.paths.append(batch.path)
            self._session.add(
                UsageBatch(
                    document_id=self._document_id,
                    account_id=account_id,
                    kind=batch.kind,
                    month=batch.month,
                    path=batch.path,
                    rows=batch.rows,
                    sha256=batch.sha256,
                )
            )


def _store_calls(writer: _Writer, document: ParsedDocument, folder: Path | None) -> None:
    calls: defaultdict[int, list[ParsedUsage]] = defaultdict(list)
    for batch in document.usage:
        calls[writer.account_of(batch.carrier, batch.ban, batch.currency)].append(batch)
    for account_id, batches in calls.items():
        writer.add(account_id, writer.store.write_calls(account_id, writer.sha256, batches))
    for account_id, parts in _parts_by_account(writer, document, CALLS).items():
        place = _place_of(folder, parts[0])
        with ExitStack() as opened:
            runs = []
            for part in parts:
                runs.append(open_run(place, part.file, part.rows))
                opened.callback(os.close, runs[-1].handle)
            writer.add(account_id, writer.store.write_runs(account_id, writer.sha256, runs))


def _store_samples(writer: _Writer, document: ParsedDocument, folder: Path | None) -> None:
    samples: defaultdict[int, list[ParsedSamples]] = defaultdict(list)
    for batch in document.samples:
        samples[writer.account_of(batch.carrier, batch.ban)].append(batch)
    for account_id, parts in _parts_by_account(writer, document, SAMPLES).items():
        samples[account_id] += [read_samples_part(_place_of(folder, part), part) for part in parts]
    for account_id, batches in samples.items():
        writer.add(account_id, writer.store.write_samples(account_id, writer.sha256, batches))


def _store_readings(writer: _Writer, document: ParsedDocument, folder: Path | None) -> None:
    readings: defaultdict[int, list[ParsedReadings]] = defaultdict(list)
    for batch in document.readings:
        readings[writer.account_of(batch.carrier, batch.ban)].append(batch)
    for account_id, parts in _parts_by_account(writer, document, READINGS).items():
        readings[account_id] += [read_readings_part(_place_of(folder, part), part) for part in parts]
    for account_id, batches in readings.items():
        writer.add(account_id, writer.store.write_readings(account_id, writer.sha256, batches))


def _parts_by_account(writer: _Writer, document: ParsedDocument, kind: str) -> dict[int, list[ParsedPart]]:
    found: defaultdict[int, list[ParsedPart]] = defaultdict(list)
    for part in document.parts:
        if part.kind == kind:
            found[writer.account_of(part.carrier, part.ban, part.currency)].append(part)
    return found


def _place_of(folder: Path | None, part: ParsedPart) -> Path:
    if folder is None:
        raise BadUsagePart(name=part.file[:80], why="there is no folder in which it was left")
    return folder
