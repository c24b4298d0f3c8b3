"""The log keeps an unbroken chain, and shows where it was broken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update

from app.domain.vocabulary import Role
from app.models.workspace import LogEntry
from app.services.log import record, verify_log
from app.services.users import UnknownUser, UserExists, add_user, list_users, role_of
from app.services.workspace import Workspace


def _write_three(workspace: Workspace) -> list[int]:
    for number in range(3):
        with workspace.database.writing() as session:
            record(session, "Dana", "posted", f"bill {number}", total=Decimal("1.10"), on=date(2026, 4, 1))
    with workspace.database.reading() as session:
        return list(session.scalars(select(LogEntry.id).order_by(LogEntry.id)))


def test_an_untouched_log_holds(workspace: Workspace) -> None:
    _write_three(workspace)
    with workspace.database.reading() as session:
        assert verify_log(session) is None
        details = session.scalars(select(LogEntry.details)).first()
    assert details == '{"on":"2026-04-01","total":"1.10"}'


def test_an_edited_entry_is_named(workspace: Workspace) -> None:
    ids = _write_three(workspace)
    with workspace.database.writing() as session:
        session.execute(update(LogEntry).where(LogEntry.id == ids[1]).values(actor="Omar"))
    with workspace.database.reading() as session:
        assert verify_log(session) == ids[1]


def test_a_removed_entry_breaks_the_chain_after_it(workspace: Workspace) -> None:
    ids = _write_three(workspace)
    with workspace.database.writing() as session:
        session.execute(delete(LogEntry).where(LogEntry.id == ids[1]))
    with workspace.database.reading() as session:
        assert verify_log(session) == ids[2]


def test_a_command_that_fails_leaves_no_entry(workspace: Workspace) -> None:
    def fail() -> None:
        with workspace.database.writing() as session:
            record(session, "Dana", "posted", "bill 1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with workspace.database.reading() as session:
        assert session.scalars(select(LogEntry)).all() == []


def test_a_user_is_added_once_whatever_the_case(workspace: Workspace) -> None:
    add_user(workspace, "Dana Whitfield", Role.IT_MANAGER, "setup")
    with pytest.raises(UserExists, match="Dana Whitfield is already a user"):
        add_user(workspace, " dana  whitfield", Role.APPROVER, "setup")
    assert [(person.name, person.role) for person in list_users(workspace)] == [("Dana Whitfield", Role.IT_MANAGER)]


def test_an_unknown_user_is_told_who_is_known(workspace: Workspace) -> None:
    add_user(workspace, "Dana Whitfield", Role.IT_MANAGER, "setup")
    with workspace.database.reading() as session:
        assert role_of(session, "Dana Whitfield") is Role.IT_MANAGER
        with pytest.raises(UnknownUser, match="act as one of Dana Whitfield"):
            role_of(session, "Omar Reyes")
