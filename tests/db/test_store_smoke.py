from __future__ import annotations

from sqlalchemy import func, select

from app.models.inventory import Carrier
from app.services.workspace import Workspace


def test_a_carrier_is_stored(workspace: Workspace) -> None:
    with workspace.database.writing() as session:
        session.add(Carrier(name="Northbeam", name_key="northbeam"))
    with workspace.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Carrier)) == 1
