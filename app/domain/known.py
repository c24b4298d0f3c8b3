"""What the workspace knows of the carriers of a document that has come in, for comparing. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.domain.identifiers import ban_key, circuit_key, name_key, number_key, tn_key
from app.domain.money import ZERO
from app.domain.parsed import ParsedInvoice
from app.domain.period import Period
from app.domain.vocabulary import ChargeType, DocumentKind

Line = tuple[str, Decimal, str, str, str]  # description, amount, circuit, number, period


@dataclass(frozen=True, slots=True)
class KnownBill:
    """A live bill that is here under the same carrier, account and number."""

    id: int
    number: str
    bill_date: date
    currency: str
    current_charges: Decimal
    total_due: Decimal
    file: str
    importer: str = ""
    kind: DocumentKind = DocumentKind.INVOICE
    due_date: date | None = None
    period: Period | None = None
    balances: tuple[Decimal, Decimal] = (ZERO, ZERO)  # previous balance and payments
    lines: tuple[Line, ...] = ()  # sorted

    def is_same(self, other: ParsedInvoice, importer: str) -> bool:
        """Whether `other` says the same: the same day and totals in another format, where lines are worded and split
        otherwise and some facts are not told, and in the same format also the same balances and lines."""
        figures = (self.kind, self.bill_date, self.currency, self.current_charges, self.total_due)
        if figures != (other.kind, other.bill_date, other.currency, other.current_charges, other.total_due):
            return False
        for ours, theirs in ((self.due_date, other.due_date), (self.period, other.billing_period)):
            if ours is not None and theirs is not None and ours != theirs:
                return False
        if importer != self.importer:
            return True
        same_balances = self.balances == (other.previous_balance, other.payments_applied)
        return same_balances and self.lines == lines_of(other)


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace knows of the carriers of one document; carriers stand under their name key.

    `accounts` are account ids by number key, aliases among them; `codes` the charge-code dictionary by code key and
    description key; `services` the circuit and number keys; `banks` the account numbers under which we pay it. `twins`
    are bills of other carriers by number key, day and total: their carrier and file.
    """

    accounts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    codes: Mapping[str, Mapping[tuple[str, str], ChargeType]] = field(default_factory=dict)
    services: Mapping[str, frozenset[str]] = field(default_factory=dict)
    bills: Mapping[tuple[str, int, str], KnownBill] = field(default_factory=dict)
    banks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    twins: Mapping[tuple[str, date, Decimal], tuple[str, str]] = field(default_factory=dict)

    def account(self, carrier: str, ban: str) -> int | None:
        """The id of the carrier's account of that number, or of the only one where no number is printed."""
        accounts = self.accounts.get(name_key(carrier), {})
        key = ban_key(ban)
        if not key and len(set(accounts.values())) == 1:
            return next(iter(accounts.values()))
        return accounts.get(key)

    def charge_type(self, carrier: str, code: str, description: str) -> ChargeType | None:
        """What the charge-code dictionary says: by the code, or where none is printed by the description."""
        return self.codes.get(name_key(carrier), {}).get(dictionary_key(code, description))

    def bill(self, parsed: ParsedInvoice) -> KnownBill | None:
        """The bill here that has the carrier, account and number of `parsed`."""
        account = self.account(parsed.carrier, parsed.ban)
        if account is None:
            return None
        carrier = name_key(parsed.carrier)
        dated = self.bills.get((carrier, account, dated_key(parsed)))
        return dated or self.bills.get((carrier, account, bill_key(parsed)))


def lines_of(parsed: ParsedInvoice) -> tuple[Line, ...]:
    """What tells the charges of a bill from another's, sorted."""
    return tuple(
        sorted(
            (
                charge.description,
                charge.amount,
                circuit_key(charge.circuit_id),
                tn_key(charge.tn),
                "" if charge.period is None else f"{charge.period.start}..{charge.period.last}",
            )
            for charge in parsed.charges
        )
    )


def dictionary_key(code: str, description: str) -> tuple[str, str]:
    """How the charge-code dictionary knows a charge: (code, "") or, without a code, ("", description)."""
    key = name_key(code)
    return (key, "") if key else ("", name_key(description))


def bill_key(parsed: ParsedInvoice) -> str:
    """The number by which a bill is known within its account; the date where none is printed."""
    return number_key(parsed.number) or f"DATED{parsed.bill_date:%Y%m%d}"


def dated_key(parsed: ParsedInvoice) -> str:
    """The number and day by which a bill is known where another one in its file has the number."""
    return f"{bill_key(parsed)}DATED{parsed.bill_date:%Y%m%d}"


def bank_key(written: str) -> str:
    """An account number or IBAN without blanks and punctuation, for comparing."""
    return "".join(sign for sign in written if sign.isalnum()).upper()
