"""Typing a bill in: from paper, with a footing that follows every keystroke."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from app.queries import typed_bill
from app.services.changes import Changes
from app.services.receipts import Outcome, Receipt
from app.services.typed_bills import TypedBill, foot
from app.ui.context import Link, Ui
from app.ui.dialogs.questions import Question, ask_reason
from app.ui.pages.base import Page
from app.ui.tokens import Tone
from app.ui.widgets.bill_form import BillForm


class DiscardQuestion(Question):
    """Whether what was typed may be lost."""

    def __init__(self, page: TypedBillPage) -> None:
        explanation = "What you have typed is not saved yet."
        super().__init__(page, "typed_discard_question", "Discard this bill?", explanation, "Discard")


class TypedBillPage(Page):
    """Ctrl+S saves; a bill that does not add up wants a reason."""

    key = "typed_bill"
    title = "Type a bill in"
    subtitle = "For a bill on paper. Tab and Enter go on; rows copied from a spreadsheet can be pasted."
    place = "bills"
    wide = True
    watches = Changes.INVENTORY | Changes.INVOICES

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.discard = self.verb(
            "typed_discard", "Discard", "close", self._discard, tip="Forget what is typed and begin anew"
        )
        self.save = self.verb(
            "typed_save",
            "Save the bill",
            "save",
            self._save,
            shortcut="Ctrl+S",
            tip="Take the bill in, as if it had come as a file",
            primary=True,
        )
        self.form = BillForm(ui.theme, ui.icons, ui.backend.currency)
        self.form.edited.connect(self._enable)
        self.body.addWidget(self.form, 1)
        self._enable()

    def reload(self) -> None:
        self.fetch("known", typed_bill.fetch, then=self.form.header.know)

    def open(self, link: Link) -> None:
        if not self.form.touched:
            self.form.header.lines["carrier"].setFocus()

    def may_leave(self) -> bool:
        """Whether nothing is lost, or the person says that it may be."""
        if not self.form.touched:
            return True
        if DiscardQuestion(self).exec() != QDialog.DialogCode.Accepted:
            return False
        self.form.clear()
        return True

    def _discard(self) -> None:
        self.may_leave()

    def _enable(self) -> None:
        bill = self.form.bill
        self.discard.setEnabled(self.form.touched)
        self.save.setEnabled(bill is not None)
        self.save.setText("Save the bill" if bill is None or foot(bill).foots else "Save with a reason…")

    def _save(self) -> None:
        bill = self.form.bill
        if bill is None:
            return
        reason: str | None = ""
        if not foot(bill).foots:
            explanation = "It does not add up. The reason is kept with the bill, and the audit will accuse it."
            reason = ask_reason(self, f"Why is bill {bill.number} kept as it is?", explanation, "Save")
        if reason is None:
            return
        typed, actor, do = TypedBill(bill, reason), self.ui.acting.name, self.ui.backend.do
        self.ui.command("Saving the bill", lambda: do.post_typed(typed, actor), "", lambda told: self._saved(told[0]))

    def _saved(self, receipt: Receipt) -> None:
        if receipt.outcome is not Outcome.TAKEN:
            tone = Tone.WARNING if receipt.outcome is Outcome.ALREADY_HERE else Tone.DANGER
            self.ui.say("\n".join(receipt.lines()), tone)
            return
        self.form.clear()
        self.ui.toast(f"The bill was taken in: {receipt.counts}.")
        if receipt.invoice_ids:
            self.ui.go(Link("bill", key=receipt.invoice_ids[0]))
