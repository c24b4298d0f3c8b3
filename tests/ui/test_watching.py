"""A folder that the window watches: what is put there is imported like a dropped file, until it is told to stop."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from sqlalchemy import select

from app.domain.parsed import ParsedDocument
from app.models.documents import SourceDocument
from app.services.workspace import Workspace
from tests.services.drops import Drop
from tests.services.office import bill, charge
from tests.ui.driver import Driver


def test_what_is_put_into_a_watched_folder_is_imported(
    window: Driver, filled: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = Drop(tmp_path / "inbox", monkeypatch)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(drop.folder))
    window.trigger("watch")
    assert window.bench.watched.folder == drop.folder.resolve()
    drop.add("may.pdf", ParsedDocument("pdf:x", invoices=(bill(charge("5.00"), carrier="Quiet Hill", number="Q-9"),)))

    def is_here() -> bool:
        with filled.database.reading() as session:
            return "may.pdf" in set(session.scalars(select(SourceDocument.name)))

    window.qtbot.waitUntil(is_here, timeout=40_000)
    window.settle()
    window.trigger("watch")
    assert window.bench.watched.folder is None
    drop.add("june.pdf", ParsedDocument("pdf:x", invoices=(bill(charge("5.00"), carrier="Quiet Hill", number="Q-10"),)))
    time.sleep(0.5)
    assert drop.read == ["may.pdf"]
