"""The chosen charge: what accuses it, its proof, and the service it is for where nobody knows yet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.vocabulary import FindingStatus
from app.queries import worklist
from app.queries.bill import ChargeRow
from app.queries.findings import Row as FindingRow
from app.ui.context import Ui
from app.ui.tokens import SPACE_M, SPACE_S, Tone
from app.ui.widgets.basic import button, clear, label, row
from app.ui.widgets.calls_button import CallsButton
from app.ui.widgets.cause_section import CauseSection
from app.ui.widgets.chip import Chip
from app.ui.widgets.proof_view import ProofView
from app.ui.widgets.tabs import scrolled
from app.ui.wording import money, sentence, tone, word


class ChargeCard(QFrame):
    """`dispute_wanted` and `dismiss_wanted` carry finding ids."""

    dispute_wanted = Signal(int)
    dismiss_wanted = Signal(int)

    def __init__(self, ui: Ui) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName("The selected charge")
        self.ui = ui
        self.charge: ChargeRow | None = None
        self.title = label("", "heading", wrap=True)
        self.title.setObjectName("charge_title")
        self.told = label("", "muted", wrap=True)
        self.accusations = QVBoxLayout()
        self.accusations.setSpacing(SPACE_S)
        self.proof = ProofView(ui.theme, ui.icons)
        self.causes = CauseSection(ui, "charge")
        self.calls = CallsButton(ui)
        self.amended = label("", wrap=True)
        self.amended.setObjectName("charge_amended")
        self.service = QComboBox()
        self.service.setObjectName("charge_service")
        self.service.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.service.setMinimumContentsLength(12)
        self.service.setAccessibleName("The service that this charge is for")
        self.match = button("This is it", "charge_match", self._match, tip="Say which service the charge is for")
        self._matching = QWidget()
        matching = row(self.service, self.match)
        matching.setStretch(0, 1)
        self._matching.setLayout(matching)
        inner = QWidget()
        inner.setObjectName("scrolled")
        body = QVBoxLayout(inner)
        body.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        body.setSpacing(SPACE_M)
        for part in (self.title, self.told, self.amended, self.calls, self._matching):
            body.addWidget(part)
        body.addLayout(self.accusations)
        body.addWidget(self.causes)
        body.addWidget(self.proof)
        body.addStretch(1)
        area = scrolled(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(area)
        self.show_nothing(())

    def show_nothing(self, findings: Sequence[FindingRow], invoice_id: int | None = None) -> None:
        """No charge is chosen: show what accuses the bill as a whole, and what it fits."""
        self.charge = None
        whole = [finding for finding in findings if finding.charge_id is None]
        self.title.setText("The bill as a whole" if whole else "Select a charge")
        self.told.setText("" if whole else "Its place is lit on the page, and its proof is shown here.")
        self.told.setVisible(not whole)
        self._matching.hide()
        self._accuse(whole)
        self.causes.show_for(invoice_id, None)
        self.calls.show_for(None)
        self.amended.hide()
        self.proof.hide()

    def show_charge(self, charge: ChargeRow, findings: Sequence[FindingRow], currency: str, invoice_id: int) -> None:
        """Show a charge with the findings that accuse it and the likely cause."""
        self.charge = charge
        self.title.setText(charge.description)
        facts = [word(charge.charge_type), charge.code, charge.service or charge.printed_service]
        if charge.unit_price is not None and charge.quantity is not None:
            facts.append(f"{charge.quantity:f} × {money(charge.unit_price, currency)}")
        self.told.setText("  ·  ".join(fact for fact in facts if fact))
        self.told.show()
        self._accuse([finding for finding in findings if finding.charge_id == charge.id])
        self.causes.show_for(invoice_id, charge.id)
        self.calls.show_for(charge, currency)
        self._show_amended(charge, currency)
        self.proof.show()
        why = charge.note or "No contract price belongs to this charge."
        self.proof.show_proof(charge.claim_proof or charge.proof, currency, why)
        self._matching.hide()
        if charge.match is None:
            self._offer_services(charge)

    def _show_amended(self, charge: ChargeRow, currency: str) -> None:
        self.amended.setVisible(charge.amended is not None)
        if charge.amended is not None:
            self.amended.setText(
                f"Agreed on when billed: {money(charge.expected, currency)}. "
                f"Under amendments agreed on since: {money(charge.amended, currency)}."
            )

    def _accuse(self, findings: Sequence[FindingRow]) -> None:
        clear(self.accusations)
        for finding in findings:
            self.accusations.addWidget(self._accusation(finding))

    def _accusation(self, finding: FindingRow) -> QWidget:
        frame = QFrame()
        frame.setObjectName("accusation")
        frame.setProperty("tone", tone(finding.ledger).value)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(SPACE_M, SPACE_S + 2, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_S // 2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(label(f"{finding.rule}  {sentence(finding.rule_name)}", "strong"), 1)
        head.addWidget(Chip(self.ui.theme, word(finding.status), tone(finding.status)))
        if finding.claim:
            head.addWidget(label(money(finding.claim, finding.currency), "strong", Tone.DANGER))
        layout.addLayout(head)
        layout.addWidget(label(finding.message, wrap=True))
        if finding.status is FindingStatus.OPEN:
            number = finding.id
            dismiss = button("Dismiss…", f"dismiss_{number}", lambda: self.dismiss_wanted.emit(number), quiet=True)
            buttons = row(dismiss, None)
            if finding.claim:
                dispute = button("Dispute", f"dispute_{number}", lambda: self.dispute_wanted.emit(number), quiet=True)
                buttons.insertWidget(0, dispute)
            layout.addLayout(buttons)
        return frame

    def _offer_services(self, charge: ChargeRow) -> None:
        backend = self.ui.backend

        def show(rows: list[worklist.Row]) -> None:
            found = next((row for row in rows if row.charge_id == charge.id), None)
            if found is None or self.charge is not charge:
                return
            self.service.clear()
            for choice in found.choices:
                place = f", {choice.site}" if choice.site else ""
                self.service.addItem(f"{choice.label}{place} ({choice.why})", choice.service_id)
            self.service.addItem("The account as a whole", None)
            self.told.setText(f"{self.told.text()}\n{found.why}".strip())
            self._matching.show()

        self.ui.ops.query(self, "choices", lambda: backend.query(worklist.fetch), show)

    def _match(self) -> None:
        if self.charge is None:
            return
        charge_id, chosen = self.charge.id, self.service.currentData()
        actor, do = self.ui.acting.name, self.ui.backend.do
        self.ui.command(
            "Matching", lambda: do.match_charge(charge_id, chosen, actor), "The charge has its service now."
        )
