"""NACHA files of CCD+ credits: 94 characters a record, ten records a block, one addenda per entry.

`make_file` brings orders into the form that the format can hold, `write` writes it, `parse` reads it back and checks
every total, hash and check digit by itself. Layout: docs/formats/nacha.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from app.domain.money import CENT
from app.errors import BugError, UserError
from app.payments.identifiers import ach_account, routing_number
from app.payments.order import BatchOrder, PaymentOrder
from app.payments.records import BLOCKING, FILLER, read_record, write_record
from app.payments.text import to_ach

_MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_HASH = 10**10
_MOST_CENTS = 10**10 - 1
_REMITTANCE = 80
DESCRIPTION = "TELECOM"  # never PAYROLL or PURCHASE, which Nacha reserves


class AmountTooLarge(UserError):
    """{amount} for {payee} does not fit a NACHA entry, which holds at most 99,999,999.99: pay it in two parts or by
    wire."""


class RemittanceTooLong(UserError):
    """Invoice {number} and account {ban} of {payee} do not fit together into the {places} places that an ACH addenda
    has for them: pay this bill by another method."""


class NotDollars(UserError):
    """ACH pays in US dollars only, and the payment to {payee} is in {currency}: give this carrier a bank account with
    an IBAN, or pay outside."""


class TooManyFiles(UserError):
    """{day} has had 36 ACH files already, more than their letters and digits can tell apart: release the rest on
    another day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One credit with its addenda."""

    routing: str
    account: str
    cents: int
    identification: str
    receiver: str
    remittance: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries that settle on one day."""

    effective: date
    company: str
    company_id: str
    description: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class NachaFile:
    """A whole file. `odfi` are the first eight digits of our bank's routing number."""

    created: datetime  # to the minute
    modifier: str
    destination: str
    destination_name: str
    origin: str
    origin_name: str
    reference: str
    odfi: str
    batches: tuple[Batch, ...]


def make_file(batch: BatchOrder) -> NachaFile:
    """The file that pays `batch`: a NACHA batch per day on which carriers have their money, in order of days."""
    payer = batch.payer
    routing = routing_number(payer.routing)
    company_id = to_ach(payer.company_id, 10)
    if batch.modifier >= len(_MODIFIERS):
        raise TooManyFiles(day=batch.created.date())
    orders = sorted(batch.orders, key=lambda order: (order.pay_on, order.reference))
    return NachaFile(
        created=batch.created.replace(second=0, microsecond=0, tzinfo=None),
        modifier=_MODIFIERS[batch.modifier],
        destination=routing,
        destination_name="",
        origin=company_id,
        origin_name=to_ach(payer.name, 23),
        reference="",
        odfi=routing[:8],
        batches=tuple(
            Batch(effective, to_ach(payer.name, 16), company_id, DESCRIPTION, tuple(_entry(order) for order in group))
            for effective, group in groupby(orders, key=lambda order: order.pay_on)
        ),
    )


def _entry(order: PaymentOrder) -> Entry:
    if order.currency != "USD":
        raise NotDollars(payee=order.payee, currency=order.currency)
    cents = order.amount / CENT
    if cents != cents.to_integral_value() or cents <= 0:
        raise BugError(f"a payment of {order.amount} is not a positive number of whole cents")
    if cents > _MOST_CENTS:
        raise AmountTooLarge(amount=order.amount, payee=order.payee)
    return Entry(
        routing=routing_number(order.routing),
        account=ach_account(order.account),
        cents=int(cents),
        identification=to_ach(order.reference, 15),
        receiver=to_ach(order.payee, 22),
        remittance=_remittance(order),
    )


def _remittance(order: PaymentOrder) -> str:
    r"""`RMR*IV*<invoice>**<amount>\REF*12*<our account number with the carrier>\`, two X12 segments."""
    number, ban = _element(order.invoice_number), _element(order.ban)
    amount = f"{order.amount.quantize(CENT):f}"
    text = f"RMR*IV*{number}**{amount}\\" + (f"REF*12*{ban}\\" if ban else "")
    if len(text) > _REMITTANCE:
        places = _REMITTANCE - len(text) + len(number) + len(ban)
        raise RemittanceTooLong(number=order.invoice_number, ban=order.ban, payee=order.payee, places=places)
    return text


def _element(text: str) -> str:
    """A value between the marks * and \\ of X12, which it must not contain."""
    return to_ach(text, _REMITTANCE).replace("*", "-").replace("\\", "/")


def write(file: NachaFile) -> bytes:
    """The bytes of `file`, lines ended by LF."""
    lines = [
        write_record(
            "1",
            destination=f" {file.destination}",
            origin=file.origin,
            date=f"{file.created:%y%m%d}",
            time=f"{file.created:%H%M}",
            modifier=file.modifier,
            destination_name=file.destination_name,
            origin_name=file.origin_name,
            reference=file.reference,
        )
    ]
    sequence = 0
    for number, batch in enumerate(file.batches, start=1):
        lines += _batch_lines(file.odfi, number, batch, sequence)
        sequence += len(batch.entries)
    entries = [entry for batch in file.batches for entry in batch.entries]
    blocks = -(-(len(lines) + 1) // BLOCKING)
    lines.append(write_record("9", batches=len(file.batches), blocks=blocks, **_totals(entries)))
    lines += [FILLER] * (blocks * BLOCKING - len(lines))
    return ("\n".join(lines) + "\n").encode("ascii")


def _batch_lines(odfi: str, number: int, batch: Batch, sequence: int) -> list[str]:
    lines = [
        write_record(
            "5",
            company=batch.company,
            company_id=batch.company_id,
            description=batch.description,
            effective=f"{batch.effective:%y%m%d}",
            odfi=odfi,
            batch=number,
        )
    ]
    for place, entry in enumerate(batch.entries, start=sequence + 1):
        lines.append(
            write_record(
                "6",
                rdfi=entry.routing[:8],
                check_digit=entry.routing[8],
                account=entry.account,
                cents=entry.cents,
                identification=entry.identification,
                receiver=entry.receiver,
                odfi=odfi,
                sequence=place,
            )
        )
        lines.append(write_record("7", remittance=entry.remittance, sequence=place))
    totals = _totals(batch.entries)
    lines.append(write_record("8", company_id=batch.company_id, odfi=odfi, batch=number, **totals))
    return lines


def _totals(entries: list[Entry] | tuple[Entry, ...]) -> dict[str, int]:
    return {
        "count": 2 * len(entries),
        "hash": sum(int(entry.routing[:8]) for entry in entries) % _HASH,
        "debits": 0,
        "credits": sum(entry.cents for entry in entries),
    }


def parse(content: bytes) -> NachaFile:
    """Read a file that `write` wrote; raises BugError where a length, count, hash, total or check digit is wrong."""
    try:
        return _parse(content)
    except (IndexError, ValueError, UserError) as error:
        raise BugError(f"a NACHA file is wrong: {error}") from error


def _parse(content: bytes) -> NachaFile:
    lines = content.decode("ascii").removesuffix("\n").split("\n")
    _expect(len(lines) % BLOCKING == 0, "the file is not made of whole blocks")
    while len(lines) > 1 and lines[-1] == FILLER:
        lines.pop()
    _expect(len(lines) >= 2, "the file has no records")
    header, control = read_record(lines[0]), read_record(lines[-1])
    _expect(lines[0][0] == "1" and lines[-1][0] == "9", "file header or file control is missing")
    batches: list[Batch] = []
    seen: list[int] = []
    place = 1
    odfi = header["destination"][:8]
    while place < len(lines) - 1:
        batch, place = _parse_batch(lines, place, len(batches) + 1, odfi, seen)
        batches.append(batch)
    entries = [entry for batch in batches for entry in batch.entries]
    _check_totals(control, entries)
    _expect(int(control["batches"]) == len(batches), "the number of batches is wrong")
    _expect(int(control["blocks"]) == -(-len(lines) // BLOCKING), "the number of blocks is wrong")
    return NachaFile(
        created=datetime.strptime(header["date"] + header["time"], "%y%m%d%H%M"),  # noqa: DTZ007 - the format has no zone
        modifier=header["modifier"],
        destination=routing_number(header["destination"]),
        destination_name=header["destination_name"],
        origin=header["origin"],
        origin_name=header["origin_name"],
        reference=header["reference"],
        odfi=odfi,
        batches=tuple(batches),
    )


def _parse_batch(lines: list[str], place: int, number: int, odfi: str, seen: list[int]) -> tuple[Batch, int]:
    _expect(lines[place][0] == "5", "a batch header is missing")
    header = read_record(lines[place])
    entries: list[Entry] = []
    place += 1
    while lines[place][0] == "6":
        entry, addenda = read_record(lines[place]), read_record(lines[place + 1])
        _expect(lines[place + 1][0] == "7" and addenda["sequence"] == entry["sequence"], "an addenda is missing")
        sequence = int(entry["sequence"])
        _expect(not seen or sequence > seen[-1], "trace numbers do not ascend")
        _expect(entry["odfi"] == odfi, "a trace number names another bank")
        seen.append(sequence)
        entries.append(
            Entry(
                routing=routing_number(entry["rdfi"] + entry["check_digit"]),
                account=entry["account"],
                cents=int(entry["cents"]),
                identification=entry["identification"],
                receiver=entry["receiver"],
                remittance=addenda["remittance"],
            )
        )
        place += 2
    _expect(lines[place][0] == "8", "a batch control is missing")
    control = read_record(lines[place])
    _check_totals(control, entries)
    for name in ("batch", "odfi", "company_id"):
        _expect(control[name] == header[name], f"batch control and batch header differ in {name}")
    _expect(int(header["batch"]) == number and header["odfi"] == odfi, "a batch has the wrong number or bank")
    effective = datetime.strptime(header["effective"], "%y%m%d").date()  # noqa: DTZ007 - a day, not a moment
    company, company_id, description = header["company"], header["company_id"], header["description"]
    return Batch(effective, company, company_id, description, tuple(entries)), place + 1


def _check_totals(control: dict[str, str], entries: list[Entry]) -> None:
    for name, value in _totals(entries).items():
        _expect(int(control[name]) == value, f"the control's {name} is {control[name]}, not {value}")


def _expect(holds: bool, fault: str) -> None:
    if not holds:
        raise BugError(f"a NACHA file is wrong: {fault}")


def write_verified(batch: BatchOrder) -> bytes:
    """The bytes of the file that pays `batch`, after reading them back and comparing every field and the total."""
    file = make_file(batch)
    content = write(file)
    _expect(parse(content) == file, "what was read back differs from what was written")
    paid = sum(entry.cents for made in file.batches for entry in made.entries) * CENT
    _expect(paid == batch.total and len(batch.orders) > 0, f"it pays {paid}, not {batch.total}")
    return content
