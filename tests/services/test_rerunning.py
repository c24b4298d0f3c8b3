"""Rows that were left out are read again once the mapping is mended, and only they."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.models.documents import UsageBatch
from app.models.intake import RejectedRow
from app.services.intake import receive
from app.services.mappings import save_mapping
from app.services.pipeline import read_rows_again
from app.services.receipts import Outcome
from app.services.rerunning import NothingLeftOut
from app.services.workspace import Workspace

DAY = date(2026, 6, 1)
MAPPING = """
kind = "usage-mapping"
name = "quiet_hill"
record = "calls"
carrier = "Quiet Hill"
ban = "Q-1"
currency = "USD"
most_rejected_percent = "70"

[claims]
columns = ["From", "To", "Began", "Length"]

[time]
format = ["YYYY-MM-DD hh:mm:ss"]
zone = "UTC"

[columns]
tn = "From"
other_party = "To"
start = "Began"
seconds = "Length"
"""
CALLS = (
    "From,To,Began,Length\n"
    "13125550101,13125550102,2026-04-01 08:00:00,60\n"
    "13125550101,13125550103,04/01/2026 09:00:00,61\n"
    "13125550101,13125550104,2026-04-01 10:00:00,sixty\n"
)
MENDED = MAPPING.replace('"YYYY-MM-DD hh:mm:ss"', '"YYYY-MM-DD hh:mm:ss", "MM/DD/YYYY hh:mm:ss"')


def stored(workspace: Workspace) -> tuple[int, list[str]]:
    with workspace.database.reading() as session:
        calls = session.scalar(select(func.sum(UsageBatch.rows))) or 0
        return int(calls), list(session.scalars(select(RejectedRow.text).order_by(RejectedRow.id)))


@pytest.mark.parametrize("packed", [False, True])
def test_rows_that_were_left_out_get_in_once_the_mapping_is_mended(
    workspace: Workspace, tmp_path: Path, packed: bool
) -> None:
    save_mapping(workspace, MAPPING, "Dana")
    file = tmp_path / ("calls.csv.gz" if packed else "calls.csv")
    file.write_bytes(gzip.compress(CALLS.encode()) if packed else CALLS.encode())
    (receipt,) = receive(workspace, [file], "Dana")
    assert (receipt.outcome, stored(workspace)[0], len(stored(workspace)[1])) == (Outcome.TAKEN, 1, 2), receipt.message
    save_mapping(workspace, MENDED, "Dana")
    (again,), _ = read_rows_again(workspace, receipt.document_id or 0, "Dana", DAY)
    assert again.outcome is Outcome.TAKEN, again.message
    assert stored(workspace) == (2, ["13125550101,13125550104,2026-04-01 10:00:00,sixty"])


def test_an_import_without_such_rows_has_none_to_read(workspace: Workspace, tmp_path: Path) -> None:
    save_mapping(workspace, MAPPING, "Dana")
    file = tmp_path / "calls.csv"
    file.write_text("".join(CALLS.splitlines(keepends=True)[:2]))
    (receipt,) = receive(workspace, [file], "Dana")
    with pytest.raises(NothingLeftOut):
        read_rows_again(workspace, receipt.document_id or 0, "Dana", DAY)
