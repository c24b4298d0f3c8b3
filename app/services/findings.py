"""What a person decides about a finding: to dismiss it, for a reason, or to take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.vocabulary import FindingStatus
from app.errors import UserError
from app.models.findings import Finding
from app.services.changes import Changes
from app.services.log import record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace


class FindingMissing(UserError):
    """There is no finding number {finding_id} in this workspace: list the findings to see which there are."""


class ReasonMissing(UserError):
    """A finding is dismissed for a reason: say in a few words why it is none."""


class FindingNotOpen(UserError):
    """Finding {finding_id} ({rule}) is {status} and cannot be dismissed: only open ones can. If it is in a dispute,
    withdraw the dispute first."""


class FindingNotDismissed(UserError):
    """Finding {finding_id} ({rule}) is {status}: only a dismissed one can be opened again."""


def dismiss(workspace: Workspace, finding_id: int, actor: str, reason: str) -> Changes:
    """Close an open finding as none; a later audit does not open it again."""
    why = " ".join(reason.split())
    if not why:
        raise ReasonMissing
    with workspace.database.writing() as session:
        finding = _load(session, finding_id)
        if finding.status is not FindingStatus.OPEN:
            raise FindingNotOpen(finding_id=finding_id, rule=finding.rule, status=finding.status)
        finding.status = FindingStatus.DISMISSED
        finding.dismissed_by = actor
        finding.dismissed_reason = why
        record(session, actor, "dismissed", f"finding {finding_id} ({finding.rule})", reason=why, claim=finding.claim)
    return Changes.FINDINGS


def reopen(workspace: Workspace, finding_id: int, actor: str) -> Changes:
    """Take a dismissal back."""
    with workspace.database.writing() as session:
        finding = _load(session, finding_id)
        if finding.status is not FindingStatus.DISMISSED:
            raise FindingNotDismissed(finding_id=finding_id, rule=finding.rule, status=finding.status)
        finding.status = FindingStatus.OPEN
        finding.dismissed_by = None
        finding.dismissed_reason = ""
        record(session, actor, "reopened", f"finding {finding_id} ({finding.rule})")
    return Changes.FINDINGS


def _load(session: Session, finding_id: int) -> Finding:
    finding = session.scalar(select(Finding).where(Finding.id == finding_id).with_for_update())
    if finding is None:
        raise FindingMissing(finding_id=finding_id)
    return finding
