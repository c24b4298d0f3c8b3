"""Who may do what with money, and who may not do it after having done something else.

On SQLite this is evidence and a guard against mistakes, not enforcement: whoever holds the file holds the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.vocabulary import Role
from app.errors import UserError
from app.models.workspace import User
from app.services.users import role_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_EVERYONE_WORKING = frozenset({Role.IT_MANAGER, Role.PROCUREMENT, Role.AP_CLERK, Role.APPROVER})
_PAYERS = frozenset({Role.IT_MANAGER, Role.AP_CLERK, Role.APPROVER})

# an auditor reads; procurement disputes and enters bank details, but does not approve or pay
DUTIES: Mapping[str, frozenset[Role]] = {
    "submit bills for approval": _EVERYONE_WORKING,
    "approve bills": frozenset({Role.APPROVER, Role.IT_MANAGER}),
    "send bills back": _EVERYONE_WORKING,
    "hold bills": _EVERYONE_WORKING,
    "dispute charges": _EVERYONE_WORKING,
    "enter bank details": _EVERYONE_WORKING,
    "verify bank details": _PAYERS,
    "schedule payments": _PAYERS,
    "release payments": _PAYERS,
    "record what the bank did": _PAYERS,
    "reconcile bills": _EVERYONE_WORKING,
}


class RoleMayNot(UserError):
    """{actor} is {role} and may not {duty}: ask one who may: {others}."""


class SamePerson(UserError):
    """{actor} {did} and cannot {wanted} as well, because two people have to look at it: ask {others}."""


def require(session: Session, actor: str, duty: str) -> Role:
    """The role of `actor`, who may do `duty`; raises UnknownUser or RoleMayNot."""
    role = role_of(session, actor)
    if role not in DUTIES[duty]:
        raise RoleMayNot(actor=actor, role=role.replace("_", " "), duty=duty, others=others_for(session, duty, actor))
    return role


def refuse_same_person(session: Session, actor: str, earlier: str | None, did: str, wanted: str, duty: str) -> None:
    """Raise SamePerson where `actor` is the one who did the earlier step."""
    if earlier is not None and earlier.casefold() == actor.casefold():
        raise SamePerson(actor=actor, did=did, wanted=wanted, others=others_for(session, duty, actor))


def others_for(session: Session, duty: str, actor: str) -> str:
    """The other users who may do `duty`, in words."""
    names = session.scalars(
        select(User.name).where(User.role.in_(DUTIES[duty]), User.name != actor).order_by(User.name)
    ).all()
    return " or ".join(names) or "nobody yet: add another user first"
