"""NACHA return files: payments that came back (addenda 99) and notices that details have changed (addenda 98)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.domain.parsed import ParsedDocument
from app.domain.parsed_bank import ParsedPaymentAnswer
from app.domain.vocabulary import AnswerKind
from app.importers.bank.common import (
    ASK_BANK,
    NoBankFile,
    PaymentFile,
    clean_reference,
    is_day,
    place,
    read_text,
    short_day,
)
from app.importers.bank.nacha_records import Entry, NachaText, check_controls, split_records
from app.importers.bank.reasons import explain
from app.importers.registry import DocumentHead
from app.importers.tabular.issues import IssueList
from app.importers.values import BadValue, clean_text

_RETURN, _CHANGE = "99", "98"
_CODE = re.compile(r"[RC][0-9]{2}")
_TRACE = re.compile(r"[0-9]{15}")


@dataclass(frozen=True, slots=True)
class NachaImporter:
    """Reads the returns and notices of change in a NACHA file; a file without any is a payment file."""

    name: str = "nacha-returns"

    def claims(self, head: DocumentHead) -> bool:
        return head.media == "bank" and head.note == "NACHA"

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        issues = IssueList()
        text = read_text(head.name, content, issues)
        if text.lstrip().startswith("{"):
            raise PaymentFile(name=head.name, what="another program's JSON form of NACHA")
        file = split_records(head.name, text)
        if not file.entries:
            raise NoBankFile(name=head.name, form="NACHA", why="there is no entry in it")
        try:
            entries, addenda, debits, credits_ = file.totals()
        except BadValue as fault:
            raise NoBankFile(name=head.name, form="NACHA", why=f"an amount in it: {fault.message}") from fault
        answers = _answers(file, issues)
        if not answers and not issues.refused:
            counted = f"{entries} entries with {addenda} addenda in {len(file.batches)} batches"
            raise PaymentFile(
                name=head.name, what=f"NACHA, {counted}, debits of {debits:,.2f} and credits of {credits_:,.2f}"
            )
        check_controls(file, issues)
        others = entries - len(answers)
        if others:
            issues.tell("entries-left-out", f"{others} entries are neither returned nor changed and were left out.")
        return ParsedDocument(self.name, answers=() if issues.refused else tuple(answers), issues=issues.close())


def _answers(file: NachaText, issues: IssueList) -> list[ParsedPaymentAnswer]:
    found = []
    written = file.head[23:29]
    made = short_day(written) if is_day(written) else None
    for batch in file.batches:
        effective = batch.head[69:75]
        day = made or (short_day(effective) if is_day(effective) and effective != "000000" else None)
        for entry in batch.entries:
            for text, line in entry.addenda:
                if text[1:3] in {_RETURN, _CHANGE}:
                    answer = _answer(entry, text, line, day, issues)
                    if answer is not None:
                        found.append(answer)
    return found


def _answer(entry: Entry, text: str, line: int, day: date | None, issues: IssueList) -> ParsedPaymentAnswer | None:
    code, trace = text[3:6], text[6:21]
    kind = AnswerKind.RETURNED if text[1:3] == _RETURN else AnswerKind.CHANGE
    if not _CODE.fullmatch(code) or not _TRACE.fullmatch(trace):
        message = f"A return has the code '{code.strip()}' and the trace number '{trace.strip()}'"
        issues.error("bad-return", f"{message}: R01 or C01 and 15 digits are wanted.", ASK_BANK, place(line, "addenda"))
        return None
    corrected = clean_text(text[35:64], 29) if kind is AnswerKind.CHANGE else ""
    said = clean_text(text[35:79], 44) if kind is AnswerKind.RETURNED else ""
    return ParsedPaymentAnswer(
        kind=kind,
        source=place(line, f"entry {clean_text(entry.text[79:94])}"),
        reference=clean_reference(entry.text[39:54]),
        file_reference=trace,
        amount=entry.cents,
        currency="USD",
        day=day,
        code=code,
        reason=" ".join(filter(None, (explain(code), said))),
        party=clean_text(entry.text[54:76], 22),
        party_account=clean_text(entry.text[12:29], 17),
        change=corrected,
    )
