"""Other quantities: the inventory's, the bill's own in place of our records, or one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from app.domain.vocabulary import ChargeType
from app.rating.reverse.case import RECORDS, Case, Change

_ONE = Decimal(1)


def inventory_quantity(case: Case) -> Iterator[Change]:
    """As many as the inventory knows, where the bill states another number."""
    charge, service = case.charge, case.service
    if service is None or charge.charge_type is not ChargeType.MRC or service.quantity <= 0:
        return
    if charge.quantity is not None and charge.quantity != service.quantity:
        changed = replace(case, charge=replace(charge, quantity=service.quantity))
        yield Change("inventory_quantity", "the inventory's quantity", "the quantity on the bill", changed)


def bill_quantity(case: Case) -> Iterator[Change]:
    """What the bill states, where our records say something else."""
    if isinstance(case.evidence, RECORDS) and case.charge.quantity is not None:
        changed = replace(case, evidence=None, stale=False)
        yield Change("bill_quantity", "the quantity that it states", "what was used, by our records", changed)


def quantity_of_one(case: Case) -> Iterator[Change]:
    """A price for one, where several are billed."""
    charge = case.charge
    counted = charge.quantity if charge.quantity is not None else case.service.quantity if case.service else _ONE
    if charge.charge_type is not ChargeType.USAGE and counted != _ONE:
        changed = replace(case, charge=replace(charge, quantity=_ONE))
        yield Change("quantity_of_one", "the price of one", "the price times the quantity", changed)
