"""What importers of bank files return: statements with their lines, and banks' answers to our payment files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.source import Source
from app.domain.vocabulary import AnswerKind, StatementKind


@dataclass(frozen=True, slots=True)
class ParsedBankLine:
    """One movement on our account: money that leaves it is negative, money that comes is positive.

    `reference` is the reference that the payer gave (end-to-end id, customer reference, trace number), `bank_reference`
    the bank's own. `booked` is None where the bank has only announced the movement.
    """

    amount: Decimal
    source: Source
    booked: date | None = None
    valued: date | None = None
    reference: str = ""
    bank_reference: str = ""
    party: str = ""
    party_account: str = ""
    text: str = ""
    code: str = ""  # the bank's transaction code, as it writes it
    returned: str = ""  # reason code, where the movement gives back one of ours


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """One statement of one account. Where both balances stand in it: opening + Σ lines = closing."""

    kind: StatementKind
    account: str  # IBAN, or the account number as the bank writes it
    currency: str
    lines: tuple[ParsedBankLine, ...]
    source: Source
    number: str = ""
    day: date | None = None
    bank: str = ""  # BIC, routing number or the bank's name
    opening: Decimal | None = None
    opening_day: date | None = None
    closing: Decimal | None = None
    closing_day: date | None = None


@dataclass(frozen=True, slots=True)
class ParsedPaymentAnswer:
    """What a bank says of one payment of ours, or of a whole file where `reference` is empty.

    `file_reference` is the id of our file or batch (pain.001 message id, ACH trace), `code` the bank's reason (AC04,
    R03, C02), `change` the corrected value that a notification of change brings: shown, never taken over.
    """

    kind: AnswerKind
    source: Source
    reference: str = ""
    file_reference: str = ""
    amount: Decimal | None = None
    currency: str = ""
    day: date | None = None
    code: str = ""
    reason: str = ""
    party: str = ""
    party_account: str = ""
    change: str = ""
