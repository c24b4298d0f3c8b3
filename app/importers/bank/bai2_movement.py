"""One movement of a BAI2 account (record 16), with what its text says in words of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.domain.money import ZERO
from app.domain.parsed_bank import ParsedBankLine
from app.importers.bank.bai2_records import Record
from app.importers.bank.common import clean_reference, control_number, is_day, minor_amount, place, short_day, signed
from app.importers.values import BadValue, clean_text

_CODE = re.compile(r"[0-9]{3}")
_WORD = re.compile(r"^([A-Z]{4}):[ ]?(.*)$", re.MULTILINE)
_REASON = re.compile(r"[Rr]eason:? *\"?(R[0-9]{2})\b")
_NON_MONETARY = "890"
# credits that give back money of ours: returned and rejected payments, not cheques that others had deposited
_RETURNED = frozenset({"252", "257", "258", "261", "266"})


@dataclass(frozen=True, slots=True)
class Movement:
    """`counted` is the amount as the controls count it, in the smallest unit; `line` is None where no money moves."""

    counted: int
    line: ParsedBankLine | None


def read_movement(record: Record, currency: str, day: date, what: str) -> Movement:
    """The movement in a record 16: type, amount, kind of funds, bank's and customer's reference, text. Raises
    BadValue."""
    code, _comma, rest = record.body.partition(",")
    code = code.strip()
    written, _comma, rest = rest.partition(",")
    if not _CODE.fullmatch(code):
        raise BadValue(text=code[:20], why="a type of three digits is wanted")
    amount = minor_amount(written.strip(), currency) if written.strip() else ZERO
    counted = control_number(written.strip() or "0")
    cells = rest.split(",")
    valued = short_day(cells[1]) if cells[0].strip() == "V" and len(cells) > 1 and is_day(cells[1]) else None
    left = skip_funds(cells)
    bank_reference, reference = [*left, "", ""][:2]
    reference, newline, more = reference.strip().partition("\n")  # a record without a text, continued by one
    text = more + newline + ",".join(left[2:])
    if code == _NON_MONETARY:
        return Movement(counted, None)
    said = {key: value.strip() for key, value in reversed(_WORD.findall(text))}
    debit = _is_debit(code)
    returned = ""
    if code in _RETURNED:
        reason = _REASON.search(text)
        returned = reason[1] if reason else code
    line = ParsedBankLine(
        amount=signed(amount, debit),
        source=place(record.line, what),
        booked=day,
        valued=valued,
        reference=clean_reference(said.get("EREF", "")) or clean_reference(reference),
        bank_reference=clean_reference(bank_reference),
        party=clean_text(said.get("CRNM" if debit or returned else "DBNM", ""), 200),
        party_account=clean_text(said.get("CACT" if debit or returned else "DACT", ""), 60),
        text=clean_text(said.get("REMI", "") or text),
        code=code,
        returned=returned,
    )
    return Movement(counted, line)


def skip_funds(cells: list[str]) -> list[str]:
    """What follows the kind of funds and the fields that belong to it; raises BadValue for a kind that is not known."""
    kind = cells[0].strip().upper() if cells else ""
    if kind in {"", "0", "1", "2", "Z"}:
        return cells[1:]
    if kind == "V":
        return cells[3:]
    if kind == "S":
        return cells[4:]
    if kind == "D" and len(cells) > 1 and re.fullmatch(r"[0-9]{1,2}", cells[1].strip()):
        return cells[2 + 2 * int(cells[1]) :]
    raise BadValue(text=kind[:20], why="a kind of funds is wanted: 0, 1, 2, S, V, D or Z")


def _is_debit(code: str) -> bool:
    """Whether money leaves by a type; raises BadValue for one that does not say so."""
    number = int(code)
    if 100 <= number < 400 or 920 <= number < 960:
        return False
    if 400 <= number < 700 or 960 <= number < 1000:
        return True
    raise BadValue(text=code, why="its type does not say whether it is a credit or a debit")
