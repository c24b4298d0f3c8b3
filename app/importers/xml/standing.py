"""What an e-invoice is: to be paid, a copy, a proforma; and whether a credit note writes its minus itself."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import Severity

if TYPE_CHECKING:
    from app.importers.xml.bill import Bill

MEMOS = {"325": "a proforma invoice"}  # UNTDID 1001: not payable
_FACTORED = "393"  # payable, but to somebody else than the carrier


def is_signed(gross: Decimal, bill: Bill) -> bool:
    """Whether a credit note's amounts carry a minus already: by its gross and payable, never line by line.

    Where the two differ in sign the gross decides if prepayments explain it, else the payable: a minus is never lost.
    """
    payable = bill.payable or Decimal(0)
    if not gross or not payable or (gross < 0) == (payable < 0):
        return gross < 0 or payable < 0
    explained = gross + bill.rounding + bill.third_party - bill.prepaid == payable
    return gross < 0 if explained else payable < 0


def tell_doubled(bill: Bill) -> ParseIssue:
    """A credit note says that it is one, and its amounts are negative beside."""
    message = (
        f"{bill.number[:60]} is a credit note and its amounts have a minus as well; it is read as a credit of "
        f"{abs(bill.payable or Decimal(0)):,.2f} {bill.currency[:3]}."
    )
    remedy = "Look whether the carrier owes you this; if it takes a credit back, ask for an invoice instead."
    return ParseIssue(Severity.REVIEW, "credit-sign-doubled", message, remedy, _place(bill, "total_due"))


def tell_standing(bill: Bill) -> list[ParseIssue]:
    """What a person has to see before the bill is paid: that it is a copy, that another than the carrier is paid."""
    issues = []
    if bill.copy:
        message = f"{bill.number[:60]} is not an original but a copy (CopyIndicator)."
        remedy = "Look whether the original is here already."
        issues.append(ParseIssue(Severity.REVIEW, "not-an-original", message, remedy, _place(bill, "number")))
    if bill.type_code == _FACTORED:
        message = f"{bill.number[:60]} is a factored invoice ({_FACTORED}): somebody else than the carrier is paid."
        remedy = "Ask the carrier by a way you know whether it has sold the claim, and to whom."
        issues.append(ParseIssue(Severity.REVIEW, "factored-invoice", message, remedy, _place(bill, "number")))
    return issues


def tell_memo(bill: Bill) -> ParseIssue:
    """A document that only informs is left out."""
    message = f"{bill.number[:60] or 'A document'} is {MEMOS[bill.type_code]} ({bill.type_code}), which is not payable."
    place = _place(bill, "number")
    return ParseIssue(Severity.WARNING, "memo-document", message, "Nothing needs to be done.", place)


def tell_nothing_payable(bill: Bill) -> ParseIssue:
    """All that the file holds is left out."""
    message, remedy = "No document in the file is payable.", "Nothing needs to be done."
    return ParseIssue(Severity.ERROR, "nothing-payable", message, remedy, _place(bill, "number"))


def _place(bill: Bill, name: str) -> Source:
    return bill.sources.get(name, Source())
