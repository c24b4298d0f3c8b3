"""The functional acknowledgement, set 997, as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from app.importers.x12.receipts import ACCEPTED, REJECTED, WITH_ERRORS, GroupAnswer, InterchangeAnswer, SetAnswer

_RELEASE = "004010"
_FIELD = re.compile(r"[^A-Za-z0-9 !\"&'(),./;?=%@_{}<>#$-]")
_ELEMENT_FAULT = "8"  # element 720: the segment has faults in its elements
_UNEXPECTED = "2"  # element 720: the segment is not expected


def write_997(answers: Sequence[InterchangeAnswer], number: int, at: datetime) -> str:
    """One interchange for each of `answers` that has groups, with control numbers from `number` on.

    Sender and receiver change places, and the separators are those that the other side has used.
    """
    wanted = [answer for answer in answers if answer.groups]
    return "".join(_write(answer, number + place, at) for place, answer in enumerate(wanted))


def _write(answer: InterchangeAnswer, number: int, at: datetime) -> str:
    isa = answer.elements
    control = f"{number % 1_000_000_000:09d}"
    repetition = isa[10] if len(isa[10]) == 1 else "U"
    head = [
        "ISA", "00", " " * 10, "00", " " * 10,
        f"{isa[6]:<2.2}", f"{isa[7]:<15.15}", f"{isa[4]:<2.2}", f"{isa[5]:<15.15}",
        f"{at:%y%m%d}", f"{at:%H%M}", repetition, f"{isa[11]:<5.5}", control, "0", f"{isa[14] or 'P':1.1}",
        answer.component,
    ]  # fmt: skip
    segments = [head]
    for group_number, group in enumerate(answer.groups, start=1):
        segments += _write_group(group, group_number, at, answer)
    segments.append(["IEA", str(len(answer.groups)), control])
    end = answer.terminator + ("" if answer.terminator in "\r\n" else "\n")
    return "".join(answer.element.join(one) + end for one in segments)


def _write_group(group: GroupAnswer, number: int, at: datetime, answer: InterchangeAnswer) -> list[list[str]]:
    """GS to GE: one set that answers one group."""
    body = [["ST", "997", "0001"], ["AK1", _clean(group.kind, answer)[:2], _clean(group.control, answer)[:9]]]
    for one in group.sets:
        body += _write_set(one, answer)
    accepted = sum(one.status in {ACCEPTED, WITH_ERRORS} for one in group.sets)
    status = REJECTED if not accepted or group.codes else "P" if accepted < len(group.sets) else ACCEPTED
    if status == ACCEPTED and any(one.status == WITH_ERRORS for one in group.sets):
        status = WITH_ERRORS
    counts = [str(group.claimed), str(len(group.sets)), str(0 if group.codes else accepted)]
    body.append(["AK9", status, *counts, *group.codes[:5]])
    body.append(["SE", str(len(body) + 1), "0001"])
    opening = ["GS", "FA", _clean(group.receiver, answer)[:15], _clean(group.sender, answer)[:15]]
    opening += [f"{at:%Y%m%d}", f"{at:%H%M}", str(number), "X", _RELEASE]
    return [opening, *body, ["GE", "1", str(number)]]


def _write_set(one: SetAnswer, answer: InterchangeAnswer) -> list[list[str]]:
    segments = [["AK2", _clean(one.kind, answer)[:3], _clean(one.control, answer)[:9]]]
    for note in one.notes:
        code = _ELEMENT_FAULT if note.element else _UNEXPECTED
        segments.append(["AK3", note.tag, str(note.position), "", code])
        if note.element:
            segments.append(["AK4", str(note.element), "", note.code])
    segments.append(["AK5", one.status, *one.codes[:5]])
    return segments


def _clean(text: str, answer: InterchangeAnswer) -> str:
    """`text` without what would be a separator."""
    kept = _FIELD.sub("", text)
    for mark in (answer.element, answer.component, answer.terminator):
        kept = kept.replace(mark, "")
    return kept
