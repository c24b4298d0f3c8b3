"""NACHA files as a bank sends them back: records of 94 characters, their batches, and what the controls say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.importers.bank.common import ASK_BANK, NoBankFile, control_number, minor_amount, place
from app.importers.tabular.issues import IssueList
from app.importers.values import BadValue

RECORD = 94
_HASH = 10**10
_CREDITS = frozenset("0 1 2 3 4")  # of a transaction code's last digit; 5 to 9 are debits


@dataclass(slots=True)
class Entry:
    """An entry (6) and its addenda (7)."""

    text: str
    line: int
    addenda: list[tuple[str, int]] = field(default_factory=list)

    @property
    def cents(self) -> Decimal:
        """Its amount; raises BadValue."""
        return minor_amount(self.text[29:39], "USD")

    @property
    def is_debit(self) -> bool:
        return self.text[2:3] not in _CREDITS


@dataclass(slots=True)
class Batch:
    """From a batch header (5) to its control (8)."""

    head: str
    line: int
    entries: list[Entry] = field(default_factory=list)
    control: tuple[str, int] | None = None


@dataclass(slots=True)
class NachaText:
    """A whole file; `head` and `control` may be missing where a bank sends batches alone."""

    head: str = ""
    batches: list[Batch] = field(default_factory=list)
    control: tuple[str, int] | None = None
    lines: int = 0

    @property
    def entries(self) -> list[Entry]:
        """All entries of all batches."""
        return [entry for batch in self.batches for entry in batch.entries]

    def totals(self) -> tuple[int, int, Decimal, Decimal]:
        """Number of entries, of addenda, sums of debits and of credits."""
        entries = self.entries
        debits = sum((one.cents for one in entries if one.is_debit), Decimal(0))
        credits_ = sum((one.cents for one in entries if not one.is_debit), Decimal(0))
        return len(entries), sum(len(one.addenda) for one in entries), debits, credits_


def split_records(name: str, text: str) -> NachaText:
    """The file's records in their places; raises NoBankFile where one stands where it may not."""
    file = NachaText()
    for number, line in enumerate(_lines(text), start=1):
        file.lines = number
        kind = line[:1]
        batch = file.batches[-1] if file.batches else None
        open_batch = batch is not None and batch.control is None
        if line.strip("9") == "" or file.control is not None:
            if line.strip("9 "):
                raise NoBankFile(name=name, form="NACHA", why=f"line {number} stands behind the end of the file")
        elif kind == "1" and not file.batches and not file.head:
            file.head = line
        elif kind == "5":
            file.batches.append(Batch(line, number))
        elif kind == "6" and batch is not None and open_batch:
            batch.entries.append(Entry(line, number))
        elif kind == "7" and batch is not None and open_batch and batch.entries:
            batch.entries[-1].addenda.append((line, number))
        elif kind == "8" and batch is not None and open_batch:
            batch.control = (line, number)
        elif kind == "9" and file.head:
            file.control = (line, number)
        else:
            raise NoBankFile(name=name, form="NACHA", why=f"line {number} may not stand there: '{line[:20]}'")
    return file


def _lines(text: str) -> list[str]:
    """The records, padded to their length: some banks cut blanks at the end, some write no line ends at all."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) == 1 and len(lines[0]) > RECORD:
        lines = [lines[0][start : start + RECORD] for start in range(0, len(lines[0]), RECORD)]
        lines = [line for line in lines if line.strip()]
    return [line.ljust(RECORD) for line in lines]


def check_controls(file: NachaText, issues: IssueList) -> None:
    """Compare each control with what it counts: entries, hash, sums, batches. A difference needs a person's eyes."""
    for number, batch in enumerate(file.batches, start=1):
        what = f"batch {number}"
        if batch.control is None:
            _hold(issues, "control-missing", f"The control record of {what} is missing", batch.line)
            continue
        text, line = batch.control
        _compare(issues, what, batch.entries, text[4:10], text[10:20], (text[20:32], text[32:44]), line)
        for place_, name in ((slice(1, 4), "service class"), (slice(79, 87), "bank"), (slice(87, 94), "number")):
            if text[place_] != batch.head[place_]:
                message = f"The {name} in the control of {what} is '{text[place_].strip()}'"
                _hold(issues, "control-differs", f"{message}, in its header '{batch.head[place_].strip()}'", line)
    if file.control is None:
        _hold(issues, "control-missing", "The control record of the file is missing", file.lines)
        return
    text, line = file.control
    _compare(issues, "the file", file.entries, text[13:21], text[21:31], (text[31:43], text[43:55]), line)
    if text[1:7].strip().lstrip("0") != str(len(file.batches)).lstrip("0"):
        message = f"The control of the file counts {text[1:7]} batches, {len(file.batches)} are there"
        _hold(issues, "control-differs", message, line)


def _compare(
    issues: IssueList, what: str, entries: list[Entry], count: str, digest: str, sums: tuple[str, str], line: int
) -> None:
    records = len(entries) + sum(len(entry.addenda) for entry in entries)
    debits = sum((one.cents for one in entries if one.is_debit), Decimal(0))
    credits_ = sum((one.cents for one in entries if not one.is_debit), Decimal(0))
    banks = [one.text[3:11] for one in entries]
    own = sum(int(bank) for bank in banks if bank.isascii() and bank.isdigit()) % _HASH
    try:
        stated = [control_number(one) for one in (count, digest)]
        amounts = [minor_amount(one, "USD") for one in sums]
    except BadValue as fault:
        _hold(issues, "control-differs", f"The control of {what} cannot be read: {fault.message.rstrip('.')}", line)
        return
    for name, number, counted in (("records", stated[0], records), ("entry hash", stated[1], own)):
        if number != counted:
            message = f"The control of {what} says {name} {number}, what is there makes {counted}"
            _hold(issues, "control-differs", message, line)
    for name, amount, total in (("debits", amounts[0], debits), ("credits", amounts[1], credits_)):
        if amount != total:
            message = f"The control of {what} says {name} of {amount:,.2f}, what is there makes {total:,.2f}"
            _hold(issues, "control-differs", message, line)


def _hold(issues: IssueList, code: str, message: str, line: int) -> None:
    issues.add(ParseIssue(Severity.REVIEW, code, f"{message}.", ASK_BANK, place(line, "control")))
