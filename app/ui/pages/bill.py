"""A bill beside its source page: its charges and findings left, the document with their places right."""

from __future__ import annotations

import contextlib

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QSplitter, QVBoxLayout

from app.domain.vocabulary import FindingStatus, InvoiceStatus
from app.errors import UserError
from app.queries import bill as bill_query
from app.queries import inventory
from app.queries.bill import ChargeRow, Detail
from app.services.approvals import Review
from app.services.changes import Changes
from app.ui.context import Link, Ui
from app.ui.dialogs.questions import ask_reason
from app.ui.pages.base import Page
from app.ui.tokens import SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import label, line, row, tool
from app.ui.widgets.bill_strip import HOLDABLE, BillStrip
from app.ui.widgets.charge_card import ChargeCard
from app.ui.widgets.charge_nodes import group, is_exception, marks_of
from app.ui.widgets.charge_tree import ChargeTree
from app.ui.widgets.document_view import DocumentView
from app.ui.widgets.marks import Mark
from app.ui.wording import count, day, money, span, until


class BillPage(Page):
    """`Ctrl+E` goes to the next exception; a click on a place in the document chooses its charge."""

    key = "bill"
    title = "Bill"
    place = "bills"
    wide = True
    watches = (
        Changes.INVOICES | Changes.CHARGES | Changes.FINDINGS | Changes.DISPUTES | Changes.APPROVALS | Changes.USERS
    )

    def __init__(self, ui: Ui) -> None:
        super().__init__(ui)
        self.detail: Detail | None = None
        self._bill: int | None = None
        self._charge: int | None = None
        self._shown_document = 0
        self._review: Review | None = None
        self._sites: dict[str, str] = {}
        self.note.show()
        self.back = tool("Back to the bills", "bill_back", ui.icons, "back", lambda: ui.go(Link("bills")), 20)
        self.lead.addWidget(self.back)
        self._declare()
        self.strip = BillStrip(ui.theme, ui.icons)
        self.tree = ChargeTree(ui.theme)
        self.only = QCheckBox("Exceptions only")
        self.only.setObjectName("bill_exceptions")
        self.only.toggled.connect(lambda _checked: self._fill_tree())
        self.summary = label("", "small")
        self.card = ChargeCard(ui)
        self.document = DocumentView(ui.ops, ui.theme, ui.icons)
        self.tree.picked.connect(self._picked)
        self.document.picked.connect(self.choose)
        self.card.dispute_wanted.connect(lambda finding: self._dispute([finding]))
        self.card.dismiss_wanted.connect(self._dismiss)
        self.body.addWidget(self.strip)
        self.body.addWidget(self._splitter(), 1)
        for action in (self.release_hold, self.hold, self.send_back, self.dispute, self.submit, self.approve):
            action.setVisible(False)  # until a bill says which of them are possible

    def open(self, link: Link) -> None:
        if link.key is not None and link.key != self._bill:
            self._bill = link.key
            self.stale = True
            self.only.setChecked(False)
        self._charge = link.part if link.part is not None else self._charge
        if not self.stale and link.part is not None:
            self.choose(link.part)

    def reload(self) -> None:
        if self._bill is None:
            return
        number, backend = self._bill, self.ui.backend

        def work() -> tuple[Detail | None, Review | None, dict[str, str]]:
            detail = backend.query(bill_query.fetch_one, number)
            sites = {site.code.casefold(): site.name for site in backend.query(inventory.fetch_locations)}
            review: Review | None = None
            if detail is not None:
                with contextlib.suppress(UserError):  # what cannot be reviewed has no payable: the page shows the rest
                    review = backend.do.review(number)
            return detail, review, sites

        self.ui.ops.query(self, "bill", work, lambda found: self._show(*found))

    def release(self) -> None:
        self.document.release()

    def choose(self, charge_id: int) -> None:
        """Make a charge current, shown whatever the exceptions filter says."""
        if not self.tree.choose(charge_id) and self.only.isChecked():
            self.only.setChecked(False)
            self.tree.choose(charge_id)

    # how it is made

    def _declare(self) -> None:
        verb = self.verb
        self.release_hold = verb(
            "bill_release_hold", "Release the hold", "check", self._release, tip="Let the bill go on"
        )
        self.hold = verb("bill_hold", "Hold…", "hold", self._hold, shortcut="Ctrl+H", tip="Stop this bill")
        self.send_back = verb(
            "bill_send_back", "Send back…", "send_back", self._send_back, tip="Return it to its reviewers"
        )
        self.dispute = verb(
            "bill_dispute",
            "Dispute",
            "disputes",
            self._dispute_all,
            shortcut="Ctrl+D",
            tip="Open a dispute of this bill's open overcharges",
        )
        self.submit = verb(
            "bill_submit",
            "Submit for approval",
            "next",
            self._submit,
            shortcut="Ctrl+Return",
            primary=True,
            tip="Hand the bill on: a second person approves it",
        )
        self.approve = verb(
            "bill_approve",
            "Approve",
            "approve",
            self._approve,
            shortcut="Ctrl+Shift+Return",
            primary=True,
            tip="Approve what is payable of this bill",
        )
        self.next = verb(
            "bill_next_exception",
            "Next exception",
            "next",
            lambda: self.tree.step(is_exception),
            shortcut="Ctrl+E",
            tip="Go to the next charge that somebody has to look at",
            shown=False,
        )

    def _splitter(self) -> QSplitter:
        top = QFrame()
        top.setObjectName("card")
        bar = row(label("Charges", "heading"), self.summary, None, self.only)
        bar.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout = QVBoxLayout(top)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(line())
        layout.addWidget(self.tree, 1)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(top)
        left.addWidget(self.card)
        left.setSizes([300, 260])
        left.setChildrenCollapsible(False)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("bill_splitter")
        splitter.addWidget(left)
        splitter.addWidget(self.document)
        splitter.setSizes([600, 520])
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        return splitter

    # what it shows

    def _show(self, detail: Detail | None, review: Review | None, sites: dict[str, str]) -> None:
        self.detail, self._review, self._sites = detail, review, sites
        if detail is None:
            self.heading.setText("This bill is not in the workspace")
            return
        today = self.ui.backend.today
        self.heading.setText(f"{detail.carrier}  {detail.number}")
        facts = [f"Account {detail.ban}", f"of {day(detail.bill_date)}"]
        if detail.period is not None:
            facts.append(span(detail.period.start, detail.period.end))
        if detail.due_date is not None:
            open_still = detail.status not in (InvoiceStatus.PAID, InvoiceStatus.RECONCILED)
            facts.append(f"due {day(detail.due_date)}" + (f" ({until(detail.due_date, today)})" if open_still else ""))
        if detail.submitted_by and detail.status is InvoiceStatus.IN_APPROVAL:
            facts.append(f"submitted by {detail.submitted_by}")
        self.note.setText("  ·  ".join(facts))
        self.strip.show_bill(detail, review)
        self._show_verbs(detail, review)
        self._fill_tree()
        if self._shown_document != detail.id:
            self._shown_document = detail.id
            self._open_document(detail)
        wanted = self._charge
        if wanted is None or all(charge.id != wanted for charge in detail.charges):
            marked = [charge.id for charge in detail.charges if marks_of(charge)]
            wanted = next(iter(marked or [charge.id for charge in detail.charges]), None)
        if wanted is None:
            self.card.show_nothing(detail.findings, detail.id)
        else:
            self.choose(wanted)

    def _show_verbs(self, detail: Detail, review: Review | None) -> None:
        state = detail.status
        self.submit.setVisible(state in (InvoiceStatus.AUDITED, InvoiceStatus.RETURNED))
        self.approve.setVisible(state is InvoiceStatus.IN_APPROVAL)
        mine = detail.submitted_by == self.ui.acting.name
        blocked = bool(review and review.blocks)
        self.approve.setEnabled(not mine and not blocked)
        if mine:
            self.approve.setToolTip("You submitted this bill: a second person has to approve it.")
        elif blocked:
            self.approve.setToolTip("Clear what is listed above the charges first.")
        else:
            self.approve.setToolTip("Approve what is payable of this bill")
        self.send_back.setVisible(state in (InvoiceStatus.IN_APPROVAL, InvoiceStatus.APPROVED))
        self.hold.setVisible(state in HOLDABLE)
        self.release_hold.setVisible(state is InvoiceStatus.ON_HOLD)
        self.dispute.setVisible(bool(self._open_claims()))

    def _fill_tree(self) -> None:
        if self.detail is None:
            return
        exceptions = [charge for charge in self.detail.charges if is_exception(charge)]
        self.only.setEnabled(bool(exceptions))
        told = count(len(exceptions), "exception") if exceptions else "no exceptions"
        self.summary.setText(f"{len(self.detail.charges):,}, {told}")
        current = self.card.charge
        root = group(self.detail.charges, self._sites, exceptions_only=self.only.isChecked())
        self.tree.show_charges(root, self.detail.currency)
        if current is not None:
            self.tree.choose(current.id)

    def _open_document(self, detail: Detail) -> None:
        marks = []
        for charge in detail.charges:
            chips = marks_of(charge)
            tip = f"{charge.description}: {money(charge.amount, detail.currency)}"
            marks.append(Mark(charge.id, charge.source, chips[0][1] if chips else Tone.NEUTRAL, tip))
        backend = self.ui.backend
        self.document.load(lambda: backend.document(detail.document_sha256), marks)

    def _picked(self, charge: ChargeRow | None) -> None:
        if self.detail is None:
            return
        self._charge = charge.id if charge else None
        self.document.choose(self._charge)
        if charge is None:
            self.card.show_nothing(self.detail.findings, self.detail.id)
        else:
            self.card.show_charge(charge, self.detail.findings, self.detail.currency, self.detail.id)

    # what can be done

    def _open_claims(self) -> list[int]:
        if self.detail is None:
            return []
        found = self.detail.findings
        return [finding.id for finding in found if finding.status is FindingStatus.OPEN and finding.claim]

    def _do(self, title: str, verb: str, note: str, *extra: str) -> None:
        if self.detail is not None:
            number, actor, do = self.detail.id, self.ui.acting.name, getattr(self.ui.backend.do, verb)
            self.ui.command(title, lambda: do(number, actor, *extra), note)

    def _submit(self) -> None:
        if self.detail is not None:
            number, actor, do = self.detail.id, self.ui.acting.name, self.ui.backend.do
            self.ui.command("Submitting", lambda: do.submit([number], actor), "Submitted: a second person approves it.")

    def _approve(self) -> None:
        if self.detail is not None:
            number, actor, do = self.detail.id, self.ui.acting.name, self.ui.backend.do
            self.ui.command(
                "Approving", lambda: do.approve([number], actor), "Approved: it can be scheduled for payment."
            )

    def _hold(self) -> None:
        reason = ask_reason(self, "Hold this bill?", "Nothing of it is paid until the hold is released.", "Hold")
        if reason:
            self._do("Holding", "hold", "The bill is on hold.", reason)

    def _release(self) -> None:
        self._do("Releasing the hold", "release_hold", "The hold is released.")

    def _send_back(self) -> None:
        reason = ask_reason(self, "Send this bill back?", "Whoever reviews it reads your reason.", "Send back")
        if reason:
            self._do("Sending back", "send_back", "The bill was sent back.", reason)

    def _dispute_all(self) -> None:
        self._dispute(self._open_claims())

    def _dispute(self, findings: list[int]) -> None:
        if findings:
            actor, do = self.ui.acting.name, self.ui.backend.do
            note = f"{count(len(findings), 'overcharge')} disputed: the claim is withheld from the payment."
            self.ui.command("Opening the dispute", lambda: do.open_disputes(actor, finding_ids=findings), note)

    def _dismiss(self, finding: int) -> None:
        explanation = "It is not claimed, and a later audit does not open it again. The reason is kept in the log."
        reason = ask_reason(self, "Dismiss this finding?", explanation, "Dismiss")
        if reason:
            actor, do = self.ui.acting.name, self.ui.backend.do
            self.ui.command("Dismissing", lambda: do.dismiss([finding], actor, reason), "The finding is dismissed.")
