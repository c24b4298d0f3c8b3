"""The records of BAI2 files: continuations joined, files of one text told apart, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_CODES = frozenset({"01", "02", "03", "16", "49", "98", "99"})
_CLOSED = re.compile(r"/\s*$")


@dataclass(slots=True)
class Record:
    """A record with what continues it. `fields` end where a 16's text begins, for its reader to say where that is."""

    code: str
    body: str
    line: int
    physical: int = 1  # lines it goes over: the controls count them

    def cells(self, most: int = -1) -> list[str]:
        """The fields after the code; the last of `most` + 1 holds all the rest, as it is written."""
        return self.body.split(",", most)


@dataclass(slots=True)
class Account:
    """From an 03 to its 49."""

    head: Record
    movements: list[Record] = field(default_factory=list)
    end: Record | None = None

    def physical(self) -> int:
        """How many lines it has, its own 03 and 49 with them."""
        parts = [self.head, *self.movements, *([] if self.end is None else [self.end])]
        return sum(part.physical for part in parts)


@dataclass(slots=True)
class Group:
    """From an 02 to its 98."""

    head: Record
    accounts: list[Account] = field(default_factory=list)
    end: Record | None = None

    def physical(self) -> int:
        """How many lines it has."""
        ends = self.head.physical + (0 if self.end is None else self.end.physical)
        return ends + sum(one.physical() for one in self.accounts)


@dataclass(slots=True)
class BaiFile:
    """From an 01 to its 99."""

    head: Record
    groups: list[Group] = field(default_factory=list)
    end: Record | None = None

    def physical(self) -> int:
        """How many lines it has."""
        ends = self.head.physical + (0 if self.end is None else self.end.physical)
        return ends + sum(one.physical() for one in self.groups)


class BadStructure(ValueError):
    """A record stands where it may not; the message says which and where."""


def split_files(text: str) -> list[BaiFile]:
    """The files in a text, one after the other; raises BadStructure."""
    files: list[BaiFile] = []
    for record in _records(text):
        file = files[-1] if files else None
        group = file.groups[-1] if file and file.groups else None
        account = group.accounts[-1] if group and group.accounts else None
        if record.code == "01" and (file is None or file.end is not None):
            files.append(BaiFile(record))
        elif record.code == "02" and file and not file.end and (group is None or group.end):
            file.groups.append(Group(record))
        elif record.code == "03" and group and not group.end and (account is None or account.end):
            group.accounts.append(Account(record))
        elif record.code == "16" and account and not account.end:
            account.movements.append(record)
        elif record.code == "49" and account and not account.end:
            account.end = record
        elif record.code == "98" and group and not group.end and (account is None or account.end):
            group.end = record
        elif record.code == "99" and file and not file.end and (group is None or group.end):
            file.end = record
        else:
            raise BadStructure(f"line {record.line}: a record {record.code} may not stand there")
    return files


def _records(text: str) -> Iterator[Record]:
    current: Record | None = None
    closed = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        code, comma, rest = line[:2], line[2:3], line[3:]
        ended = _CLOSED.search(rest)
        body = rest[: ended.start()] if ended else rest
        if code == "88" and current is not None and comma == ",":
            current.body += f",\n{body}" if closed else f"\n{body}"
            current.physical += 1
        elif code in _CODES and comma == ",":
            if current is not None:
                yield current
            current = Record(code, body, number)
        else:
            raise BadStructure(f"line {number} begins with '{line[:3]}', which is no record of BAI2")
        closed = ended is not None
    if current is not None:
        yield current
