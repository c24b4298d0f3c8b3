"""All pages, and what the rail counts for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.vocabulary import DisputeStatus, FindingStatus, Ledger
from app.queries import bank, bills, disputes, findings, payment_run, review
from app.ui.pages.bank import BankPage
from app.ui.pages.base import Page
from app.ui.pages.bill import BillPage
from app.ui.pages.bills import REVIEW, BillsPage
from app.ui.pages.contracts import ContractsPage
from app.ui.pages.disputes import DisputesPage
from app.ui.pages.import_report import ImportReportPage
from app.ui.pages.imports import ImportsPage
from app.ui.pages.inventory import InventoryPage
from app.ui.pages.layout_editor import LayoutEditorPage
from app.ui.pages.mapping_editor import MappingEditorPage
from app.ui.pages.overcharges import OverchargesPage
from app.ui.pages.payments import PaymentsPage
from app.ui.pages.review import ReviewPage
from app.ui.pages.today import TodayPage
from app.ui.pages.typed_bill import TypedBillPage
from app.ui.pages.what_if import WhatIfPage
from app.ui.tokens import Tone

if TYPE_CHECKING:
    from app.ui.backend import Backend

PAGES: tuple[type[Page], ...] = (
    TodayPage,
    ReviewPage,
    BillsPage,
    BillPage,
    OverchargesPage,
    DisputesPage,
    PaymentsPage,
    BankPage,
    InventoryPage,
    ContractsPage,
    WhatIfPage,
    ImportReportPage,
    ImportsPage,
    LayoutEditorPage,
    MappingEditorPage,
    TypedBillPage,
)


def rail_counts(backend: Backend) -> dict[str, tuple[int, Tone]]:
    """How many things wait on each page."""
    open_errors = findings.Filter(statuses=(FindingStatus.OPEN,), ledgers=(Ledger.ERROR,))
    drafts = disputes.Filter(statuses=(DisputeStatus.DRAFT,))
    return {
        "review": (backend.query(review.count_held), Tone.ACCENT),
        "imports": (backend.query(review.count_quarantined), Tone.NEUTRAL),
        "bills": (len(backend.query(bills.fetch, bills.Filter(statuses=tuple(REVIEW)))), Tone.NEUTRAL),
        "overcharges": (len(backend.query(findings.fetch, open_errors)), Tone.DANGER),
        "disputes": (len(backend.query(disputes.fetch, drafts)), Tone.NEUTRAL),
        "payments": (len(backend.query(payment_run.fetch, payment_run.Filter(backend.today))), Tone.NEUTRAL),
        "bank": (backend.query(bank.count_unexplained), Tone.NEUTRAL),
    }
