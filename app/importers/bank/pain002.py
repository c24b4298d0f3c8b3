"""pain.002: what the bank says of a file of transfers, of its blocks and of single payments in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.domain.parsed import ParsedDocument
from app.domain.parsed_bank import ParsedPaymentAnswer
from app.domain.vocabulary import AnswerKind
from app.importers.bank.camt import message_kind
from app.importers.bank.common import ASK_BANK, NoBankFile
from app.importers.bank.elements import Values, every, find, reference, text, where
from app.importers.bank.reasons import explain
from app.importers.registry import DocumentHead
from app.importers.tabular.issues import IssueList
from app.importers.values import BadValue, parse_date
from app.importers.xml.safe import parse_safely

if TYPE_CHECKING:
    from lxml.etree import _Element

# PART: some were taken and some were not; the single payments say which
_KINDS = {
    **dict.fromkeys(("ACTC", "ACCP", "ACSP", "ACWC", "ACFC", "ACWP", "RCVD", "PART", "PATC"), AnswerKind.ACCEPTED),
    **dict.fromkeys(("ACSC", "ACCC"), AnswerKind.SETTLED),
    "PDNG": AnswerKind.PENDING,
    **dict.fromkeys(("RJCT", "CANC"), AnswerKind.REJECTED),
}


@dataclass(frozen=True, slots=True)
class Pain002Importer:
    """Reads payment status reports."""

    name: str = "pain002"

    def claims(self, head: DocumentHead) -> bool:
        return message_kind(head) == "pain.002"

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        report = find(parse_safely(head.name, content), "CstmrPmtStsRpt")
        if report is None:
            raise NoBankFile(name=head.name, form="pain.002", why="there is no status report in it")
        issues = IssueList()
        reader = _Reader(report, issues)
        answers = tuple(reader.read())
        if not answers and not issues.refused:
            issues.error("no-answers", "The report says nothing of any payment.", ASK_BANK)
        return ParsedDocument(self.name, answers=() if issues.refused else answers, issues=issues.close())


class _Reader:
    def __init__(self, report: _Element, issues: IssueList) -> None:
        self.report, self.issues, self.values = report, issues, Values(issues)
        self.day = self._made_on()
        self.message = reference(report, "OrgnlGrpInfAndSts/OrgnlMsgId")

    def read(self) -> list[ParsedPaymentAnswer]:
        """What is said of the file, of its blocks and of single payments, from the whole to the parts."""
        found = [self._whole(find(self.report, "OrgnlGrpInfAndSts"), "GrpSts", self.message)]
        for block in every(self.report, "OrgnlPmtInfAndSts"):
            name = reference(block, "OrgnlPmtInfId")
            found.append(self._whole(block, "PmtInfSts", name or self.message))
            for number, one in enumerate(every(block, "TxInfAndSts"), start=1):
                found.append(self._single(one, number, name))
        for number, one in enumerate(every(self.report, "TxInfAndSts"), start=1):  # versions before .03
            found.append(self._single(one, number, self.message))
        return [one for one in found if one is not None]

    def _whole(self, element: _Element | None, status: str, name: str) -> ParsedPaymentAnswer | None:
        said = text(element, status)
        if element is None or not said:
            return None
        return self._answer(element, said, f"{status} of {name}", file_reference=name)

    def _single(self, element: _Element, number: int, name: str) -> ParsedPaymentAnswer | None:
        said = text(element, "TxSts")
        own = reference(element, "OrgnlEndToEndId", "OrgnlInstrId")
        if not said or not own:
            message = f"Payment {number} of {name or self.message} has no status or no reference"
            self.values.fail("field-missing", message, element)
            return None
        return self._answer(element, said, f"payment {own}", file_reference=name or self.message, own=own)

    def _answer(
        self, element: _Element, said: str, what: str, *, file_reference: str, own: str = ""
    ) -> ParsedPaymentAnswer | None:
        kind = _KINDS.get(said)
        if kind is None:
            self.values.fail("status-unknown", f"The status '{said[:20]}' of {what} is not known", element)
            return None
        reasons = every(element, "StsRsnInf")
        codes = [code for one in reasons if (code := text(one, "Rsn/Cd", "Rsn/Prtry"))]
        words = [word for one in reasons for info in every(one, "AddtlInf") if (word := (info.text or "").strip())]
        original = find(element, "OrgnlTxRef")
        money = find(original, "Amt/InstdAmt", "IntrBkSttlmAmt")
        found = self.values.amount(money, what)
        told = "taken in part" if said in {"PART", "PATC"} else ""
        return ParsedPaymentAnswer(
            kind=kind,
            source=where(element, what),
            reference=own,
            file_reference=file_reference,
            amount=found[0] if found else None,
            currency=found[1] if found else "",
            day=self.day,
            code=(codes[0] if codes else said)[:35],
            reason=("; ".join(words) or "; ".join(filter(None, map(explain, codes))) or told)[:500],
            party=text(original, "Cdtr/Nm", "Cdtr/Pty/Nm"),
            party_account=text(original, "CdtrAcct/Id/IBAN", "CdtrAcct/Id/Othr/Id", limit=60),
        )

    def _made_on(self) -> date | None:
        written = text(self.report, "GrpHdr/CreDtTm")
        try:
            return parse_date(written[:10], "YYYY-MM-DD") if written else None
        except BadValue:
            self.issues.warn("bad-date", f"The report's day '{written[:30]}' cannot be read.", "Nothing depends on it.")
            return None
