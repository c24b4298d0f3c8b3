"""Bills that a person types in: each becomes a document of its own and goes the way of any file."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.money import ZERO
from app.domain.parsed import ParsedInvoice
from app.errors import UserError
from app.importers.typed.form import write_typed
from app.services.pipeline import take_in

if TYPE_CHECKING:
    from app.services.changes import Changes
    from app.services.receipts import Receipt
    from app.services.workspace import Workspace

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class NeedsReason(UserError):
    """Bill {number} does not add up: {faults}. Correct it, or say why it is kept as it is."""


@dataclass(frozen=True, slots=True)
class Footing:
    """How a bill adds up. Differences are what is printed less what the parts make; both 0 where it foots."""

    charges: Decimal
    current_charges: Decimal
    balance: Decimal  # previous balance and payments
    total_due: Decimal

    @property
    def current_difference(self) -> Decimal:
        return self.current_charges - self.charges

    @property
    def total_difference(self) -> Decimal:
        return self.total_due - self.current_charges - self.balance

    @property
    def foots(self) -> bool:
        return not self.current_difference and not self.total_difference


@dataclass(frozen=True, slots=True)
class TypedBill:
    """What a person typed. `reason` says why it is kept although it does not add up."""

    invoice: ParsedInvoice
    reason: str = ""


def foot(invoice: ParsedInvoice) -> Footing:
    """Add the bill up."""
    billed = sum((charge.amount for charge in invoice.charges), ZERO)
    balance = invoice.previous_balance + invoice.payments_applied
    return Footing(billed + invoice.rounding, invoice.current_charges, balance, invoice.total_due)


def post_typed(workspace: Workspace, bill: TypedBill, actor: str) -> tuple[Receipt, Changes]:
    """Take the bill in as the file "typed-NUMBER.json" and do all that follows from it; return its receipt.

    Duplicates are told in the receipt, as for any file. Raises NeedsReason for a bill that does not add up and has
    no reason.
    """
    invoice, sums = bill.invoice, foot(bill.invoice)
    reason = "" if sums.foots else bill.reason.strip()
    if not sums.foots and not reason:
        raise NeedsReason(number=invoice.number, faults=_tell(sums))
    with tempfile.TemporaryDirectory(prefix="tollbook-typed-") as folder:
        file = Path(folder) / name_of(invoice)
        file.write_bytes(write_typed(invoice, reason))
        receipts, changes = take_in(workspace, [file], actor, workspace.today())
    return receipts[0], changes


def name_of(invoice: ParsedInvoice) -> str:
    """The file's name: the bill's number without what a file system does not take."""
    return f"typed-{_UNSAFE.sub('-', invoice.number).strip('-.')[:80] or 'bill'}.json"


def _tell(sums: Footing) -> str:
    told = []
    if sums.current_difference:
        told.append(f"its charges make {sums.charges:,.2f}, its current charges are {sums.current_charges:,.2f}")
    if sums.total_difference:
        due = sums.current_charges + sums.balance
        told.append(f"current charges and balance make {due:,.2f}, its total due is {sums.total_due:,.2f}")
    return "; ".join(told)
