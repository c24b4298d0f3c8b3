"""What is known of why bills differ from their contracts: worked out once a bill, in the background, until something
changes that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services.changes import Changes

if TYPE_CHECKING:
    from app.rating.reverse import Cause
    from app.ui.backend import Backend
    from app.ui.changes import ChangeHub
    from app.ui.ops import Fault, Ops

GROUNDS = Changes.INVENTORY | Changes.CONTRACTS | Changes.INVOICES | Changes.CHARGES | Changes.USAGE


class CauseBook(QObject):
    """`known` carries the id of a bill whose causes are there now; `cleared` says that all have been forgotten."""

    known = Signal(int)
    cleared = Signal()

    def __init__(self, backend: Backend, ops: Ops, hub: ChangeHub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend, self._ops = backend, ops
        self._causes: dict[int, tuple[Cause, ...]] = {}
        self._asked: set[int] = set()
        self._edition = 0
        hub.changed.connect(self._heard)

    def causes(self, invoice_id: int) -> tuple[Cause, ...] | None:
        """The bill's causes; None while they are being worked out: `known` then tells when they are there."""
        if invoice_id in self._causes:
            return self._causes[invoice_id]
        if invoice_id not in self._asked:
            self._ask(invoice_id)
        return None

    def _ask(self, invoice_id: int) -> None:
        self._asked.add(invoice_id)
        do, edition = self._backend.do, self._edition

        def keep(causes: tuple[Cause, ...]) -> None:
            if edition == self._edition:
                self._causes[invoice_id] = causes
                self.known.emit(invoice_id)

        def fail(fault: Fault) -> None:
            keep(())  # a bill that cannot be explained has no cause to show: its charges say what is missing
            if fault.details:
                self._ops.failed.emit(fault)

        self._ops.query(self, f"causes {invoice_id}", lambda: do.explain(invoice_id), keep, fail)

    def _heard(self, changes: Changes) -> None:
        if changes & GROUNDS:
            self._edition += 1
            self._causes.clear()
            self._asked.clear()
            self.cleared.emit()
