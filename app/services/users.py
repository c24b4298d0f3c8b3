"""The people who work in a workspace. On SQLite a user's name is evidence, not enforcement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.vocabulary import Role
from app.errors import UserError
from app.models.workspace import User
from app.services.changes import Changes
from app.services.log import lock_workspace, record

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace


class NamelessUser(UserError):
    """A user needs a name: type the name by which the others know this person."""


class UserExists(UserError):
    """{name} is already a user of this workspace, as {role}: choose another name, or go on as {name}."""


class UnknownUser(UserError):
    """{name} is not a user of this workspace: add the person first, or act as one of {known}."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user as the others see one."""

    name: str
    role: Role


def add_user(workspace: Workspace, name: str, role: Role, actor: str) -> Changes:
    """Let a person work in the workspace; raises UserExists for a name that is taken, whatever its case."""
    wanted = " ".join(name.split())
    if not wanted:
        raise NamelessUser
    with workspace.database.writing() as session:
        lock_workspace(session)
        for person in _people(session):
            if person.name.casefold() == wanted.casefold():
                raise UserExists(name=person.name, role=person.role)
        session.add(User(name=wanted, role=role))
        session.flush()
        record(session, actor, "added", f"user {wanted}", role=role)
    return Changes.USERS


def list_users(workspace: Workspace) -> list[Person]:
    """All users, by name."""
    with workspace.database.reading() as session:
        return _people(session)


def role_of(session: Session, name: str) -> Role:
    """What `name` may do here; raises UnknownUser, naming those who are known."""
    role = session.scalar(select(User.role).where(User.name == name))
    if role is None:
        known = ", ".join(person.name for person in _people(session)) or "nobody yet"
        raise UnknownUser(name=name, known=known)
    return role


def _people(session: Session) -> list[Person]:
    rows = session.execute(select(User.name, User.role).order_by(User.name))
    return [Person(name, role) for name, role in rows]
