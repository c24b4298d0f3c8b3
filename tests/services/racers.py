"""What the processes of the payment race run: importable, because each is a new interpreter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.errors import UserError
from app.models.payments import Payment
from app.services.payments import release, schedule
from app.services.workspace import Workspace, open_workspace
from tests.services.money_books import TODAY


def race(folder: Path, barrier: Barrier, bills: Sequence[int], scheduler: str, releaser: str, results: Any) -> None:
    """Schedule and release each bill at the same moment as the other process does; report what happened."""
    seen: Counter[str] = Counter()
    workspace: Workspace | None = None
    try:
        workspace = open_workspace(folder)
        for bill in bills:
            barrier.wait(60)
            seen[_schedule(workspace, bill, scheduler)] += 1
            barrier.wait(60)
            seen[_release(workspace, bill, releaser)] += 1
    except BaseException as error:
        barrier.abort()
        seen[f"unexpected {type(error).__name__}: {error}"] += 1
    finally:
        if workspace is not None:
            workspace.close()
        results.put(dict(seen))


def _schedule(workspace: Workspace, bill: int, actor: str) -> str:
    try:
        return "scheduled" if schedule(workspace, [bill], actor, TODAY) else "was scheduled"
    except UserError as error:
        return type(error).__name__


def _release(workspace: Workspace, bill: int, actor: str) -> str:
    with workspace.database.reading() as session:
        payments = session.scalars(select(Payment.id).where(Payment.invoice_id == bill)).all()
    try:
        release(workspace, payments, actor, TODAY)
    except UserError as error:
        return f"release refused: {type(error).__name__}"
    return "released"
