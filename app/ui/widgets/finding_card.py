"""One finding, explained: what is wrong, billed beside expected, the deadlines, the proof, the way to its charge."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.vocabulary import FindingStatus, Ledger
from app.queries import findings
from app.queries.findings import Detail
from app.ui.context import Link, Ui
from app.ui.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Tone
from app.ui.widgets.basic import button, clear, label, line, row
from app.ui.widgets.cause_section import CauseSection
from app.ui.widgets.chip import Chip
from app.ui.widgets.empty import Emptiness, EmptyState
from app.ui.widgets.proof_view import ProofView
from app.ui.wording import breakable, day, deadline_tone, money, sentence, span, tone, until, word


class FindingCard(QFrame):
    """Loads the finding of an id and shows it; also used beside a bill's charges."""

    def __init__(self, ui: Ui, *, with_link: bool = True) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("The selected finding")
        self.setMinimumWidth(ui.theme.scaled(352))
        self.ui = ui
        self._with_link = with_link
        self._wanted: int | None = None
        self.detail: Detail | None = None
        self.proof = ProofView(ui.theme, ui.icons)
        self.causes = CauseSection(ui, "finding")
        self.title = label("", "heading", wrap=True)
        self.title.setObjectName("finding_title")
        self.message = label("", wrap=True)
        self.message.setObjectName("finding_message")
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.chips = QHBoxLayout()
        self.chips.setSpacing(SPACE_S)
        self.amounts = QGridLayout()
        self.amounts.setHorizontalSpacing(SPACE_L + SPACE_XS)
        self.amounts.setVerticalSpacing(0)
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(SPACE_L)
        self.facts.setVerticalSpacing(SPACE_XS + 2)
        self.facts.setColumnStretch(1, 1)
        self.show_bill = button(
            "Show on the bill",
            "finding_show_bill",
            self._open_bill,
            quiet=True,
            icons=ui.icons,
            icon="bills",
            tip="Open the bill beside its source page, at this charge",
        )
        self.copy = button(
            "Copy the proof", "finding_copy", self._copy, quiet=True, icons=ui.icons, icon="copy", tip="Copy it as text"
        )
        self._build()
        self.show_finding(None)

    def show_finding(self, finding_id: int | None) -> None:
        """Load and show a finding; None shows how to choose one."""
        self._wanted = finding_id
        if finding_id is None:
            self.detail = None
            self.causes.show_for(None, None)
            self._stack_nothing(True)
            return
        backend = self.ui.backend
        self.ui.ops.query(self, "finding", lambda: backend.query(findings.fetch_one, finding_id), self._show)

    def _build(self) -> None:
        self._nothing = EmptyState(
            self.ui.icons, "finding", Emptiness("Select a finding to see why, and the proof.", icon="proof")
        )
        inner = QWidget()
        inner.setObjectName("scrolled")
        body = QVBoxLayout(inner)
        body.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        body.setSpacing(SPACE_M)
        body.addLayout(self.chips)
        body.addWidget(self.title)
        body.addWidget(self.message)
        body.addLayout(self.amounts)
        body.addWidget(self.causes)
        body.addWidget(line())
        body.addWidget(label("How the amount comes about", "heading", wrap=True))
        body.addWidget(self.proof)
        body.addWidget(line())
        body.addLayout(self.facts)
        buttons = row(self.show_bill, self.copy, None)
        body.addLayout(buttons)
        self.show_bill.setVisible(self._with_link)  # once it has a parent: before, it would be a window
        body.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(inner)
        self._area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self._nothing)
        layout.addWidget(self._area)

    def _stack_nothing(self, nothing: bool) -> None:
        self._nothing.setVisible(nothing)
        self._area.setVisible(not nothing)

    def _show(self, detail: Detail | None) -> None:
        self.detail = detail
        self._stack_nothing(detail is None)
        if detail is None:
            return
        found = detail.row
        self.title.setText(sentence(found.rule_name))
        self.message.setText(found.message)
        clear(self.chips)
        ledger_tone = tone(found.ledger)
        self.chips.addWidget(Chip(self.ui.theme, f"{found.rule} · {word(found.ledger)}", ledger_tone))
        self.chips.addWidget(Chip(self.ui.theme, word(found.status), tone(found.status)))
        self.chips.addStretch(1)
        self._show_amounts(detail)
        none = "Nothing is to be calculated here: the finding compares what documents say."
        self.proof.show_proof(detail.proof, found.currency, none)
        self._show_facts(detail)
        self.causes.show_for(found.invoice_id, found.charge_id)
        self.show_bill.setEnabled(found.invoice_id is not None)
        self.copy.setEnabled(detail.proof is not None)
        self._area.verticalScrollBar().setValue(0)

    def _show_amounts(self, detail: Detail) -> None:
        clear(self.amounts)
        found = detail.row
        shown: list[tuple[str, Decimal | None, Tone | None]] = [
            ("Billed", found.billed, None),
            ("Expected", found.expected, None),
        ]
        claim_tone = Tone.DANGER if found.status is FindingStatus.OPEN else None
        if found.ledger is Ledger.ERROR:
            shown.append(("Claim", found.claim, claim_tone))
        place = 0
        for title, amount, ink in shown:
            if amount is None:
                continue
            self.amounts.addWidget(label(title, "small"), 0, place)
            figure = label(money(amount, found.currency), "figure", ink)
            figure.setObjectName(f"finding_{title.lower()}")
            self.amounts.addWidget(figure, 1, place)
            place += 1
        for spare in range(4):
            self.amounts.setColumnStretch(spare, 1 if spare == place else 0)

    def _show_facts(self, detail: Detail) -> None:
        clear(self.facts)
        found, today = detail.row, self.ui.backend.today
        open_claim = found.status is FindingStatus.OPEN and found.ledger is Ledger.ERROR
        facts: list[tuple[str, str, Tone | None]] = [("Carrier", f"{found.carrier}, account {found.ban}", None)]
        if found.number:
            facts.append(("Bill", f"{found.number} of {day(found.bill_date)}", None))
        if found.charge:
            facts.append(("Charge", found.charge, None))
        if found.service:
            facts.append(("Service", found.service, None))
        if detail.period is not None:
            facts.append(("Period", span(detail.period.start, detail.period.end), None))
        for title, until_day in (("Dispute by", found.file_by), ("Withhold until", found.withhold_by)):
            if until_day is None or found.ledger is not Ledger.ERROR:
                continue
            if not open_claim:
                facts.append((title, day(until_day), None))
            elif until_day < today:
                facts.append((title, f"{day(until_day)}, which has passed", None))
            else:
                soon = deadline_tone(until_day, today)
                told = f"{day(until_day)} ({until(until_day, today)})"
                facts.append((title, told, None if soon is Tone.NEUTRAL else soon))
        if found.dispute:
            facts.append(("Dispute", found.dispute, None))
        if detail.dismissed_by:
            facts.append(("Dismissed", f"by {detail.dismissed_by}: {detail.dismissed_reason}", None))
        if detail.document:
            facts.append(("Found in", breakable(f"{detail.document}, {detail.source.describe()}"), None))
        for place, (title, told, ink) in enumerate(facts):
            above: QLabel = label(title, "small")
            self.facts.addWidget(above, place, 0, Qt.AlignmentFlag.AlignTop)
            self.facts.addWidget(label(told, tone=ink, wrap=True), place, 1)

    def _open_bill(self) -> None:
        if self.detail is not None and self.detail.row.invoice_id is not None:
            self.ui.go(Link("bill", key=self.detail.row.invoice_id, part=self.detail.row.charge_id))

    def _copy(self) -> None:
        if self.detail is not None:
            QApplication.clipboard().setText(f"{self.detail.row.message}\n\n{self.proof.text}")
            self.ui.toast("The proof was copied.")
