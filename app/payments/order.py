"""What a payment file is made from: one payer, and orders that name payee, amount and the bill that is paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Payer:
    """Our own bank account, as the workspace keeps it. `company_id` is what the bank gave us for ACH."""

    name: str
    routing: str = ""
    account: str = ""
    iban: str = ""
    bic: str = ""
    company_id: str = ""


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """One bill to be paid. `reference` is ours and never repeats; `ban` is our account number with the carrier,
    without which carriers misapply what they get."""

    reference: str
    payee: str
    amount: Decimal
    currency: str
    invoice_number: str
    invoice_date: date
    ban: str
    send_on: date
    pay_on: date
    routing: str = ""
    account: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """Orders that leave in one file. `modifier` counts the files of one day from 0."""

    number: str
    created: datetime
    payer: Payer
    orders: tuple[PaymentOrder, ...]
    modifier: int = 0

    @property
    def total(self) -> Decimal:
        """The sum of the amounts; all orders of a batch have one currency."""
        return sum((order.amount for order in self.orders), Decimal(0))
