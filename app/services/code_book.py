"""The charge-code dictionary of a carrier: what its codes are, learned from bills that say it and from people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.known import dictionary_key
from app.domain.money import ZERO
from app.domain.vocabulary import ChargeType
from app.models.intake import ChargeCode

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedCharge

# what a code is by nature: a credit or an adjustment of a code says nothing about the code
_LEARNED = frozenset(
    {ChargeType.MRC, ChargeType.NRC, ChargeType.USAGE, ChargeType.TAX, ChargeType.SURCHARGE, ChargeType.FEE}
)


class CodeBook:
    """What is known of one carrier's codes, and what is learned."""

    def __init__(self, session: Session, carrier_id: int) -> None:
        self._session, self._carrier_id = session, carrier_id
        rows = session.scalars(select(ChargeCode).where(ChargeCode.carrier_id == carrier_id))
        self._rows = {(row.code_key, row.description_key): row for row in rows}

    def find(self, code: str, description: str) -> ChargeType | None:
        """The type of a charge by its code, or where none is printed by its description."""
        row = self._rows.get(dictionary_key(code, description))
        return row.charge_type if row is not None else None

    def learn(self, charges: Iterable[ParsedCharge], actor: str) -> None:
        """Note the codes whose type these charges state. One with two types teaches nothing; what is known stays."""
        seen: dict[str, tuple[ParsedCharge, set[ChargeType]]] = {}
        for charge in charges:
            if charge.code and charge.charge_type in _LEARNED and charge.amount >= ZERO:
                seen.setdefault(charge.code, (charge, set()))[1].add(charge.charge_type)
        stated: dict[tuple[str, str], tuple[ParsedCharge, set[ChargeType]]] = {}
        for code, (charge, types) in seen.items():  # a code is written in several ways
            stated.setdefault(dictionary_key(code, ""), (charge, set()))[1].update(types)
        for key, (charge, types) in stated.items():
            if len(types) == 1 and key != ("", "") and key not in self._rows:
                self._add(key, charge.code, charge.description, next(iter(types)), actor)

    def teach(
        self, code: str, description: str, charge_type: ChargeType, actor: str, *, ignored: bool, why: str
    ) -> None:
        """Note what a person has said of a code, in the place of what was known."""
        key = dictionary_key(code, description)
        row = self._rows.get(key)
        if row is None:
            row = self._add(key, code, description, charge_type, actor)
        row.charge_type, row.ignored, row.reason, row.learned_by = charge_type, ignored, why, actor
        row.learned_at = datetime.now(UTC)

    def _add(
        self, key: tuple[str, str], code: str, description: str, charge_type: ChargeType, actor: str
    ) -> ChargeCode:
        row = ChargeCode(
            carrier_id=self._carrier_id,
            code_key=key[0],
            description_key=key[1],
            code=code,
            description=description,
            charge_type=charge_type,
            ignored=False,
            learned_by=actor,
            learned_at=datetime.now(UTC),
        )
        self._session.add(row)
        self._rows[key] = row
        return row
