"""One entry of a camt message: a single movement, or a batch whose parts add up to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.money import ZERO
from app.domain.parsed_bank import ParsedBankLine, ParsedPaymentAnswer
from app.domain.vocabulary import AnswerKind
from app.importers.bank.common import signed
from app.importers.bank.elements import Values, every, find, reference, text, where
from app.importers.bank.reasons import explain

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of an entry, which are one, or its parts; and what it says of payments of ours that came back."""

    currency: str
    lines: tuple[ParsedBankLine, ...]
    answers: tuple[ParsedPaymentAnswer, ...]


def read_entry(element: _Element, what: str, values: Values) -> Entry | None:
    """The entry; None where it cannot be read, which is an issue then."""
    found = values.signed(element, what)
    if found is None:
        return None
    amount, currency = found
    status = text(element, "Sts/Cd", "Sts/Prtry", "Sts") or "BOOK"
    valued = values.day(element, "ValDt")
    booked = (values.day(element, "BookgDt") or valued) if status == "BOOK" else None
    if status == "BOOK" and booked is None:
        values.fail("bad-date", f"{what} is booked and has neither a day of booking nor a value day", element)
        return None
    if status == "INFO":  # told for information: no money moves by it
        return Entry(currency, (), ())
    reader = _Parts(element, what, values, amount, currency, booked, valued)
    lines = reader.split()
    return Entry(currency, lines, tuple(reader.answers))


class _Parts:
    def __init__(
        self,
        entry: _Element,
        what: str,
        values: Values,
        amount: Decimal,
        currency: str,
        booked: date | None,
        valued: date | None,
    ) -> None:
        self.entry, self.what, self.values = entry, what, values
        self.amount, self.currency, self.booked, self.valued = amount, currency, booked, valued
        self.answers: list[ParsedPaymentAnswer] = []

    def split(self) -> tuple[ParsedBankLine, ...]:
        """Its parts where they add up to it, else one line."""
        parts = [part for one in every(self.entry, "NtryDtls") for part in every(one, "TxDtls")]
        if len(parts) <= 1:
            return (self._line(parts[0] if parts else None, self.amount, self.what),)
        amounts = [self._own_amount(part) for part in parts]
        total = sum((one for one in amounts if one is not None), ZERO)
        if None not in amounts and total == self.amount:
            return tuple(
                self._line(part, amount or ZERO, f"{self.what}, part {number}")
                for number, (part, amount) in enumerate(zip(parts, amounts, strict=True), start=1)
            )
        why = "their amounts are not all given in its currency" if None in amounts else f"they make {total:,.2f}"
        message = f"{self.what} of {self.amount:,.2f} {self.currency} has {len(parts)} parts, but {why}: kept as one."
        self.values.issues.warn("batch-not-split", message, "Ask the bank about it.", where(self.entry, self.what))
        return (self._line(None, self.amount, self.what),)

    def _own_amount(self, part: _Element) -> Decimal | None:
        """A part's amount in the entry's currency and direction, None where it states none."""
        direction = text(part, "CdtDbtInd") or text(self.entry, "CdtDbtInd")
        for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
            element = find(part, path)
            if element is not None and element.get("Ccy") == self.currency:
                found = self.values.amount(element, f"a part of {self.what}")
                return None if found is None else signed(found[0], direction == "DBIT")
        return None

    def _line(self, part: _Element | None, amount: Decimal, what: str) -> ParsedBankLine:
        returned = text(part, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry") or (
            "RTRN" if find(part, "RtrInf") is not None else ""
        )
        # the other party: who gets our money, and who sends it; of a return of ours, still who was to get it
        theirs = "Cdtr" if amount < ZERO or returned else "Dbtr"
        parties = find(part, "RltdPties")
        batch = find(self.entry, "NtryDtls/Btch") if part is None else None
        line = ParsedBankLine(
            amount=amount,
            source=where(self.entry if part is None else part, what),
            booked=self.booked,
            valued=self.valued,
            reference=reference(part, *(f"Refs/{name}" for name in ("EndToEndId", "InstrId", "PmtInfId", "MsgId")))
            or reference(batch, "PmtInfId", "MsgId"),
            bank_reference=reference(part, "Refs/AcctSvcrRef", "Refs/TxId")
            or reference(self.entry, "AcctSvcrRef", "NtryRef"),
            party=text(parties, f"{theirs}/Nm", f"{theirs}/Pty/Nm", f"Ultmt{theirs}/Nm", f"Ultmt{theirs}/Pty/Nm"),
            party_account=text(parties, f"{theirs}Acct/Id/IBAN", f"{theirs}Acct/Id/Othr/Id", limit=60),
            text=self._remittance(part),
            code=self._code(part),
            returned=returned,
        )
        if returned:
            self.answers.append(self._answer(part, line))
        return line

    def _remittance(self, part: _Element | None) -> str:
        plain = [said for one in every(find(part, "RmtInf"), "Ustrd") if (said := (one.text or "").strip())]
        strict = [
            said
            for one in every(find(part, "RmtInf"), "Strd")
            if (said := text(one, "CdtrRefInf/Ref", "RfrdDocInf/Nb", "AddtlRmtInf"))
        ]
        said = " ".join((*plain, *strict))[:2000]
        return said or text(part, "AddtlTxInf", limit=500) or text(self.entry, "AddtlNtryInf", limit=500)

    def _code(self, part: _Element | None) -> str:
        for parent in (part, self.entry):
            codes = find(parent, "BkTxCd")
            family = [text(codes, "Domn/Cd"), text(codes, "Domn/Fmly/Cd"), text(codes, "Domn/Fmly/SubFmlyCd")]
            if any(family):
                return "/".join(filter(None, family))
            if own := text(codes, "Prtry/Cd", limit=60):
                return own
        return ""

    def _answer(self, part: _Element | None, line: ParsedBankLine) -> ParsedPaymentAnswer:
        code = line.returned
        said = text(part, "RtrInf/AddtlInf", limit=500)
        return ParsedPaymentAnswer(
            kind=AnswerKind.RETURNED,
            source=line.source,
            reference=line.reference,
            file_reference=reference(part, "Refs/PmtInfId", "Refs/MsgId"),
            amount=abs(line.amount),
            currency=self.currency,
            day=line.booked or line.valued,
            code=code[:35],
            reason=said or explain(code),
            party=line.party,
            party_account=line.party_account,
        )
