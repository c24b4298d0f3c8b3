"""The recorded calls behind a usage charge, page by page, with the proof of what the chosen one should cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QSplitter, QVBoxLayout, QWidget

from app.queries.calls import PAGE, Row
from app.ui.tables import Column, DataTable, Kind
from app.ui.tokens import SPACE_L, SPACE_M
from app.ui.widgets.basic import button, column, label, row
from app.ui.widgets.empty import Emptiness
from app.ui.widgets.proof_view import ProofView
from app.ui.wording import day

if TYPE_CHECKING:
    from app.domain.proof import Proof
    from app.ui.context import Ui
    from app.ui.ops import Fault

_CHOOSE = "Choose a call to see what it should cost, and why."
_NO_DECK = "No rate deck prices this charge call by call, so its calls are shown without a proof of each."


def _moment(call: Row) -> str:
    """'1 Apr 2026 08:30:05', by the contract's clock."""
    return f"{day(call.started.date())} {call.started:%H:%M:%S}"


class CallsDialog(QDialog):
    """`fetch` reads the page after a row, `prove` proves one call: both run on a worker. Without `prove` the calls are
    only shown."""

    def __init__(
        self,
        parent: QWidget,
        ui: Ui,
        title: str,
        currency: str,
        fetch: Callable[[Row | None], list[Row]],
        prove: Callable[[Row], Proof] | None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("calls_dialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._ui, self._currency, self._fetch, self._prove = ui, currency, fetch, prove
        self._rows: list[Row] = []
        self.more = button("Show more", "calls_more", self._load)
        self.table: DataTable[Row] = DataTable(
            ui,
            "calls",
            (
                Column("started", "Started", lambda call: call.started, width=190, text=_moment),
                Column("number", "Other party", lambda call: call.number or "unknown", width=150, stretch=True),
                Column("seconds", "Seconds", lambda call: call.seconds, Kind.NUMBER, 90),
                Column("billed", "Billed", lambda call: call.billed, Kind.MONEY, 100, currency=lambda _call: currency),
                Column("document", "File", lambda call: call.document, width=160),
                Column("row", "Row", lambda call: call.call.row, Kind.NUMBER, 80, hidden=True),
            ),
            key=lambda call: call.call.key,
            noun="call",
            empty=Emptiness("Our records have no call of this number in this period."),
            total=lambda _calls: "there are more" if self.more.isEnabled() else "that is all",
        )
        self.proof = ProofView(ui.theme, ui.icons)
        self.proof.show_proof(None, currency, _CHOOSE)
        self._build(title)
        if prove is not None:
            self.table.selected.connect(self._explain)
        self._load()

    def _build(self, title: str) -> None:
        inner = QWidget()
        inner.setObjectName("scrolled")
        inner.setLayout(column(self.proof, None))
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(scroll)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([300, 260])
        split.setChildrenCollapsible(False)
        scroll.setVisible(self._prove is not None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(title, "heading"))
        layout.addWidget(self.table.bar)
        layout.addWidget(split, 1)
        if self._prove is None:
            layout.addWidget(label(_NO_DECK, "muted", wrap=True))
        layout.addLayout(row(self.more, None, button("Close", "calls_close", self.close)))
        self.resize(820, 680)

    def _load(self) -> None:
        """Ask for the page after the last row."""
        self.more.setEnabled(False)
        last = self._rows[-1] if self._rows else None
        self._ui.ops.query(self, "Reading calls", lambda: self._fetch(last), self._add)

    def _add(self, page: list[Row]) -> None:
        self._rows += page
        self.more.setEnabled(len(page) == PAGE)
        self.table.load(self._rows)

    def _explain(self, call: Row | None) -> None:
        prove = self._prove
        if call is None or prove is None:
            self.proof.show_proof(None, self._currency, _CHOOSE)
            return
        self._ui.ops.query(
            self,
            "Proving a call",
            lambda: prove(call),
            lambda proof: self.proof.show_proof(proof, self._currency),
            self._cannot,
        )

    def _cannot(self, fault: Fault) -> None:
        self.proof.show_proof(None, self._currency, fault.message)
