"""What must hold within one record, whatever else is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import available_timezones

from app.domain.identifiers import ban_key, circuit_key, name_key, tn_key
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedBankAccount,
    ParsedBudget,
    ParsedCarrier,
    ParsedContract,
    ParsedExchangeRate,
    ParsedLocation,
    ParsedOrder,
    ParsedRateElement,
    ParsedRecord,
    ParsedService,
    ParsedSurchargeFactor,
)

_MOST_PERCENT = 1_000


@dataclass(frozen=True, slots=True)
class RecordFault:
    """What is wrong with a record, and the remedy."""

    message: str
    remedy: str


def tidy_record(record: ParsedRecord) -> ParsedRecord:
    """`record` with bank identifiers as banks write them: without blanks, in upper case."""
    if isinstance(record, ParsedBankAccount):
        return replace(
            record,
            routing=_compact(record.routing).replace("-", ""),
            account=_compact(record.account),
            iban=_compact(record.iban),
            bic=_compact(record.bic),
        )
    return record


def _compact(written: str) -> str:
    return "".join(written.split()).upper()


def check_record(record: ParsedRecord) -> Iterator[RecordFault]:
    """The faults of one record in itself."""
    if isinstance(record, ParsedCarrier) and not name_key(record.name):
        yield RecordFault(f"'{record.name}' is no name.", "Write the carrier's name.")
    elif isinstance(record, ParsedAccount) and not ban_key(record.ban):
        yield RecordFault(f"'{record.ban}' is no account number.", "Write the account number as the bill prints it.")
    elif isinstance(record, ParsedLocation) and not circuit_key(record.code):
        yield RecordFault(f"'{record.code}' is no code.", "Give the location a short code of letters and digits.")
    elif isinstance(record, ParsedService):
        yield from _check_service(record)
    elif isinstance(record, ParsedContract):
        yield from _check_contract(record)
    elif isinstance(record, ParsedRateElement):
        yield from _check_price(record)
    elif isinstance(record, ParsedBankAccount):
        yield from _check_bank_account(record)
    elif isinstance(record, ParsedOrder):
        yield from _check_order(record)
    elif isinstance(record, ParsedBudget) and record.amount < 0:
        yield RecordFault(f"A budget of {record.amount:f} is none.", "Write what may be spent, 0 at least.")
    elif isinstance(record, ParsedSurchargeFactor) and not 0 <= record.percent <= _MOST_PERCENT:
        yield RecordFault(
            f"{record.percent:f} per cent is no surcharge.", f"Write a percentage from 0 to {_MOST_PERCENT}."
        )
    elif isinstance(record, ParsedExchangeRate) and (record.rate <= 0 or record.base == record.quote):
        yield RecordFault(
            f"{record.rate:f} {record.quote} for one {record.base} is no exchange rate.",
            "Write a rate above 0 between two currencies.",
        )


def _check_order(record: ParsedOrder) -> Iterator[RecordFault]:
    if not circuit_key(record.number):
        yield RecordFault(f"'{record.number}' is no order number.", "Write the number of the order.")
    for day, what in ((record.foc, "committed to"), (record.completed, "completed"), (record.cancelled, "cancelled")):
        if day is not None and day < record.ordered:
            yield RecordFault(
                f"The order of {record.ordered} was {what} on {day}, before it was made.",
                "Correct one of the two days.",
            )
    if record.completed is not None and record.cancelled is not None:
        yield RecordFault("The order was both completed and cancelled.", "Empty one of the two days.")


def _check_contract(record: ParsedContract) -> Iterator[RecordFault]:
    if record.end is not None and record.end <= record.start:
        yield RecordFault("The contract's last day is before its first day.", "Correct one of the two days.")
    if record.time_zone not in _time_zones():
        alike = [name for name in _time_zones() if name.casefold() == record.time_zone.casefold()]
        remedy = f"Write {alike[0]}." if alike else "Write it as the IANA list has it, such as America/Chicago."
        yield RecordFault(f"'{record.time_zone}' is not the name of a time zone.", remedy)


@cache  # it reads the whole folder of zones
def _time_zones() -> set[str]:
    return available_timezones()


def _check_price(record: ParsedRateElement) -> Iterator[RecordFault]:
    if record.effective_to is not None and record.effective_to <= record.effective_from:
        yield RecordFault("The price's last day is before its first day.", "Correct one of the two days.")
    if record.agreed is None and (record.amendment or record.reason):
        yield RecordFault(
            "The price names an amendment or a reason, and not when it was agreed on.",
            "Fill in the column Agreed on, or empty the columns Amendment and Reason.",
        )


def _check_service(record: ParsedService) -> Iterator[RecordFault]:
    known = circuit_key(record.circuit_id) or tn_key(record.tn) or (record.ban and record.code and record.location_a)
    if not known:
        yield RecordFault(
            "Nothing tells this service from others.",
            "Fill in its Circuit ID, or its Telephone number, or Account number, Charge code and Location A.",
        )
    if record.disconnected is not None and record.installed is not None and record.disconnected < record.installed:
        yield RecordFault(
            f"The service was disconnected on {record.disconnected}, before it was installed on {record.installed}.",
            "Correct one of the two days.",
        )


def _check_bank_account(record: ParsedBankAccount) -> Iterator[RecordFault]:
    """Check digits of the bank's identifiers: a wrong digit sends money to a stranger."""
    from stdnum import bic, iban
    from stdnum.us import rtn

    if bool(record.iban) == bool(record.routing or record.account):
        yield RecordFault(
            "A bank account is given by its IBAN, or else by routing number and bank account.",
            "Fill in one of the two, and not both.",
        )
    elif record.iban and not iban.is_valid(record.iban):
        yield RecordFault(
            f"'{record.iban}' is not an IBAN: its check digits do not fit.", "Copy it from the bank's letter."
        )
    elif record.routing and not rtn.is_valid(record.routing):
        yield RecordFault(
            f"'{record.routing}' is not a routing number: nine digits whose check digit fits.",
            "Copy it from the bank's letter; format the column as text, or its leading 0 is lost.",
        )
    elif not record.iban and not (record.routing and record.account and len(record.account) <= 17):
        yield RecordFault(
            "A routing number and a bank account of at most 17 characters belong together.", "Fill in both."
        )
    if record.bic and not bic.is_valid(record.bic):
        yield RecordFault(f"'{record.bic}' is not a BIC.", "Eight or eleven letters and digits are wanted.")
