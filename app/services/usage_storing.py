"""Usage of a document into the Parquet store, by account and month, beside the rows that name the files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.source import ParseIssue
from app.models.documents import UsageBatch
from app.models.workspace import WorkspaceInfo
from app.services.posting import find_or_add_account, find_or_add_carrier

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedDocument
    from app.domain.parsed_usage import ParsedSamples, ParsedUsage
    from app.services.workspace import Workspace
    from app.usage.store import StoredBatch


def store_usage(
    workspace: Workspace,
    session: Session,
    document: ParsedDocument,
    folder: Path | None,
    document_id: int,
    sha256: str,
) -> tuple[list[str], list[ParseIssue]]:
    """Write the document's usage, what its reader left in `folder` included; the paths written, below the usage folder,
    and what was added to the inventory for it."""
    issues: list[ParseIssue] = []
    stored: list[tuple[int, StoredBatch]] = []

    def account_of(carrier: str, ban: str, currency: str) -> int:
        owner = find_or_add_carrier(session, carrier, currency, issues)
        kept_in = currency or owner.currency or session.get_one(WorkspaceInfo, 1).currency
        return find_or_add_account(session, owner, ban, kept_in, issues).id

    calls: dict[int, list[ParsedUsage]] = {}
    for batch in document.usage:
        calls.setdefault(account_of(batch.carrier, batch.ban, batch.currency), []).append(batch)
    samples: dict[int, list[ParsedSamples]] = {}
    for sampled in document.samples:
        samples.setdefault(account_of(sampled.carrier, sampled.ban, ""), []).append(sampled)
    for account_id, batches in calls.items():
        stored += [(account_id, part) for part in workspace.usage.write_calls(account_id, sha256, batches)]
    for account_id, sampled_batches in samples.items():
        stored += [(account_id, part) for part in workspace.usage.write_samples(account_id, sha256, sampled_batches)]
    session.add_all(
        UsageBatch(
            document_id=document_id,
            account_id=account_id,
            kind=part.kind,
            month=part.month,
            path=part.path,
            rows=part.rows,
            sha256=part.sha256,
        )
        for account_id, part in stored
    )
    return [part.path for _account, part in stored], issues
