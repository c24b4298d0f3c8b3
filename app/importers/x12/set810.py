"""The set 810, invoice: lines, allowances and charges."""

from __future__ import annotations

from app.domain.vocabulary import ChargeType
from app.importers.tabular.issues import IssueList
from app.importers.x12.bill_set import BillSet
from app.importers.x12.codes import TAX_SERVICES
from app.importers.x12.elements import text
from app.importers.x12.profile import Profile
from app.importers.x12.segments import Segment


class ProductBill(BillSet):
    """Reads an 810."""

    def __init__(self, issues: IssueList, profile: Profile, number: int) -> None:
        super().__init__(issues, profile, number)
        self.handlers |= {"SAC": self._allowance}

    def _allowance(self, segment: Segment) -> None:
        """SAC: an allowance or charge; its amount is in hundredths."""
        amount = self.elements.cents(segment, 5)
        if amount is None:
            if segment.get(7) and segment.get(1) in {"A", "C"}:
                self.tallies.unread(segment)  # a per cent of we do not know what
            return
        code = text(segment, 2, 10) or text(segment, 4, 20)
        draft = self.allow(segment, amount, code, text(segment, 15))
        if draft is None:
            return
        draft.element = 5
        if code in TAX_SERVICES:
            draft.kind = ChargeType.TAX
        self.keep(draft)
