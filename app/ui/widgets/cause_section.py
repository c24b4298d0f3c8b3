"""Why the carrier bills another amount: the settings that its amounts fit, and the way to its arithmetic."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.queries import bill
from app.ui.dialogs.arithmetic import ArithmeticDialog
from app.ui.tokens import SPACE_M, SPACE_S
from app.ui.widgets.basic import button, clear, label, row

if TYPE_CHECKING:
    from app.rating.reverse import Cause
    from app.ui.context import Ui


class CauseSection(QWidget):
    """Hidden where no cause is known of what it was last told to show."""

    def __init__(self, ui: Ui, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_causes")
        self.setAccessibleName("Likely cause")
        self.ui, self._name = ui, name
        self._invoice: int | None = None
        self._charge: int | None = None
        self.shown: list[Cause] = []
        self.dialog: ArithmeticDialog | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(label("Likely cause", "heading"))
        layout.addLayout(self._list)
        ui.causes.known.connect(self._known)
        ui.causes.cleared.connect(self._cleared)
        self.hide()

    def show_for(self, invoice_id: int | None, charge_id: int | None) -> None:
        """Show the causes of a charge, or those that a whole bill fits where it is None."""
        self._invoice, self._charge = invoice_id, charge_id
        found = self.ui.causes.causes(invoice_id) if invoice_id is not None else ()
        self._fill(found or ())

    def _known(self, invoice_id: int) -> None:
        if invoice_id == self._invoice:
            self.show_for(self._invoice, self._charge)

    def _cleared(self) -> None:
        if self._invoice is not None:
            self.show_for(self._invoice, self._charge)

    def _fill(self, causes: tuple[Cause, ...]) -> None:
        clear(self._list)
        self.shown = [cause for cause in causes if self._fits(cause)]
        for place, cause in enumerate(self.shown):
            self._list.addWidget(self._one(place, cause))
        self.setAccessibleDescription(" ".join(cause.message for cause in self.shown))
        self.setVisible(bool(self.shown))

    def _fits(self, cause: Cause) -> bool:
        return cause.fits if self._charge is None else self._charge in cause.charges

    def _one(self, place: int, cause: Cause) -> QFrame:
        frame = QFrame()
        frame.setObjectName("accusation")
        told = label(cause.message, wrap=True)
        told.setObjectName(f"{self._name}_cause_{place}")
        link = button(
            "Show the carrier’s arithmetic",
            f"{self._name}_arithmetic_{place}",
            partial(self._open, cause),
            quiet=True,
            icons=self.ui.icons,
            icon="proof",
            tip="The carrier’s amount step by step, beside ours",
        )
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(SPACE_M, SPACE_S + 2, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_S // 2)
        layout.addWidget(told)
        layout.addLayout(row(link, None))
        return frame

    def _open(self, cause: Cause) -> None:
        if self._invoice is None:
            return
        invoice_id, backend, wanted = self._invoice, self.ui.backend, cause.charges[0]  # its proof is of that charge

        def show(detail: bill.Detail | None) -> None:
            charge = next((each for each in detail.charges if each.id == wanted), None) if detail else None
            if detail is not None and charge is not None:
                self.dialog = ArithmeticDialog(self, self.ui, charge, cause, detail.currency)
                self.dialog.open()

        self.ui.ops.query(self, "arithmetic", lambda: backend.query(bill.fetch_one, invoice_id), show)
