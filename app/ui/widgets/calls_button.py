"""The way from a usage charge to its recorded calls; hidden where our records hold none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.vocabulary import ChargeType
from app.queries import calls
from app.services.call_proofs import prove_one_call
from app.ui.dialogs.calls import CallsDialog
from app.ui.widgets.basic import button, row

if TYPE_CHECKING:
    from app.domain.proof import Proof
    from app.queries.bill import ChargeRow
    from app.queries.calls import Drill, Row
    from app.ui.context import Ui


class CallsButton(QWidget):
    """Asks in the background whether the charge has calls; the button opens them."""

    def __init__(self, ui: Ui) -> None:
        super().__init__()
        self.ui = ui
        self.drill: Drill | None = None
        self.dialog: CallsDialog | None = None
        self._currency = self._number = ""
        self._charge: int | None = None
        self.button = button(
            "Show the calls",
            "charge_calls",
            self._open,
            icons=ui.icons,
            icon="voice",
            tip="The recorded calls of this number in the period of the charge",
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row(self.button, None))
        self.hide()

    def show_for(self, charge: ChargeRow | None, currency: str = "") -> None:
        """Offer the calls of a charge, if it has any."""
        self.hide()
        self.drill, self._currency = None, currency
        self._charge = charge.id if charge is not None and charge.charge_type is ChargeType.USAGE else None
        if self._charge is None:
            return
        backend, charge_id = self.ui.backend, self._charge
        self._number = charge.service or charge.printed_service if charge is not None else ""

        def show(drill: Drill | None) -> None:
            if charge_id == self._charge and drill is not None:
                self.drill = drill
                self.show()

        self.ui.ops.query(self, "calls", lambda: backend.query(calls.find_calls, backend.usage, charge_id), show)

    def _open(self) -> None:
        drill, backend = self.drill, self.ui.backend
        if drill is None:
            return

        def fetch(after: Row | None) -> list[Row]:
            return backend.query(lambda session: calls.fetch(session, backend.usage, drill.wanted, after=after))

        def prove(row: Row) -> Proof:
            return backend.query(prove_one_call, backend.usage, drill.charge_id, row.call)

        title = f"Calls of {self._number or drill.wanted.line}: {drill.description}"
        provable = prove if drill.by_deck else None
        self.dialog = CallsDialog(self.window(), self.ui, title, self._currency, fetch, provable)
        self.dialog.open()
