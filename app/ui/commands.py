"""What can be done in the window, each by its service on the open workspace."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.vocabulary import Role
from app.importers.identify import all_importers
from app.importers.records.templates import contracts_template, inventory_template
from app.queries.summary import build_report
from app.queries.workspace import Payer
from app.services import (
    approvals,
    bank_accounts,
    bank_matching,
    disputes,
    findings,
    holding,
    letters,
    offers,
    payment_files,
    payments,
    pipeline,
    price_checks,
    quarantine,
    reverse_rating,
    typed_bills,
    users,
    what_if,
)
from app.services.changes import Changes
from app.services.corrections import Place, add_charge, drop_charge
from app.services.files import write_file
from app.services.mappings import definitions
from app.services.reporting import write_reports

if TYPE_CHECKING:
    from app.domain.review import Answer
    from app.rating.reverse import Cause
    from app.services.approvals import Review
    from app.services.price_checks import PriceFault
    from app.services.progress import Cancelled, Reporter
    from app.services.receipts import Receipt
    from app.services.storing import Stored
    from app.services.typed_bills import TypedBill
    from app.services.undoing import Undone
    from app.services.what_if import Wanted, WhatIf
    from app.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Commands:
    """Each method is one service call; those that change something return Changes, alone or beside their result."""

    workspace: Workspace

    def receive(
        self, paths: Sequence[Path], actor: str, progress: Reporter, cancelled: Cancelled
    ) -> tuple[list[Receipt], Changes]:
        return pipeline.take_in(
            self.workspace, paths, actor, self.workspace.today(), progress=progress, cancelled=cancelled
        )

    def answer_review(self, held_id: int, key: str, given: Answer, actor: str) -> Changes:
        return holding.answer(self.workspace, held_id, key, given, actor)

    def unanswer_review(self, held_id: int, key: str, actor: str) -> Changes:
        return holding.unanswer(self.workspace, held_id, key, actor)

    def correct_review(self, held_id: int, place: Place, text: str, actor: str) -> Changes:
        return holding.correct(self.workspace, held_id, place, text, actor)

    def add_review_charge(self, held_id: int, invoice: int, what: str, amount: str, actor: str) -> Changes:
        return holding.edit(
            self.workspace, held_id, lambda document: add_charge(document, invoice, what, amount), "a charge", actor
        )

    def drop_review_charge(self, held_id: int, invoice: int, charge: int, actor: str) -> Changes:
        return holding.edit(
            self.workspace, held_id, lambda document: drop_charge(document, invoice, charge), "a charge", actor
        )

    def post_review(self, held_id: int, actor: str) -> tuple[Stored, Changes]:
        return pipeline.post_reviewed(self.workspace, held_id, actor, self.workspace.today())

    def read_review_again(self, held_id: int, actor: str, importer: str = "") -> tuple[list[Receipt], Changes]:
        return pipeline.read_again(self.workspace, held_id, actor, self.workspace.today(), importer=importer)

    def path_of(self, sha256: str) -> Path:
        return self.workspace.documents.path(sha256)

    def discard_review(self, held_id: int, actor: str, reason: str) -> Changes:
        return holding.discard_held(self.workspace, held_id, actor, reason)

    def try_again(
        self, file_ids: Sequence[int], actor: str, importer: str, progress: Reporter, cancelled: Cancelled
    ) -> tuple[list[Receipt], Changes]:
        return pipeline.try_again(
            self.workspace,
            file_ids,
            actor,
            self.workspace.today(),
            importer=importer,
            progress=progress,
            cancelled=cancelled,
        )

    def discard_files(self, file_ids: Sequence[int], actor: str) -> Changes:
        return quarantine.discard(self.workspace, file_ids, actor)

    def save_files(self, file_ids: Sequence[int], folder: Path) -> list[Path]:
        return quarantine.save_files(self.workspace, file_ids, folder)

    def read_rows_again(self, document_id: int, actor: str) -> tuple[list[Receipt], Changes]:
        return pipeline.read_rows_again(self.workspace, document_id, actor, self.workspace.today())

    def undo_import(self, document_id: int, actor: str, reason: str) -> tuple[Undone, Changes]:
        return pipeline.undo(self.workspace, document_id, actor, self.workspace.today(), reason)

    def importers(self) -> list[str]:
        return sorted(importer.name for importer in all_importers(definitions(self.workspace)))

    def post_typed(self, bill: TypedBill, actor: str) -> tuple[Receipt, Changes]:
        return typed_bills.post_typed(self.workspace, bill, actor)

    def match_charge(self, charge_id: int, service_id: int | None, actor: str) -> Changes:
        return pipeline.match_charge(self.workspace, charge_id, service_id, actor, self.workspace.today())

    def dismiss(self, finding_ids: Sequence[int], actor: str, reason: str) -> Changes:
        changes = Changes.NONE
        for finding_id in finding_ids:
            changes |= findings.dismiss(self.workspace, finding_id, actor, reason)
        return changes

    def reopen(self, finding_id: int, actor: str) -> Changes:
        return findings.reopen(self.workspace, finding_id, actor)

    def open_disputes(
        self, actor: str, *, carrier_id: int | None = None, finding_ids: Sequence[int] | None = None
    ) -> tuple[list[int], Changes]:
        return disputes.open_disputes(self.workspace, actor, carrier_id=carrier_id, finding_ids=finding_ids)

    def file_dispute(self, dispute_id: int, actor: str, filed_on: date) -> Changes:
        return disputes.file_dispute(self.workspace, dispute_id, actor, filed_on)

    def record_answer(self, dispute_id: int, granted: Decimal, reference: str, actor: str) -> Changes:
        return disputes.record_answer(self.workspace, dispute_id, granted, reference, actor)

    def withdraw(self, dispute_id: int, actor: str) -> Changes:
        return disputes.withdraw(self.workspace, dispute_id, actor)

    def write_letter(self, dispute_id: int, actor: str) -> tuple[Path, Changes]:
        return letters.write_letter(self.workspace, dispute_id, actor), Changes.DISPUTES

    def explain(self, invoice_id: int) -> tuple[Cause, ...]:
        with self.workspace.database.reading() as session:
            return reverse_rating.explain_invoice(session, self.workspace, invoice_id)

    def compare(self, wanted: Wanted) -> WhatIf:
        return what_if.compare(self.workspace, wanted)

    def check_prices(self) -> list[PriceFault]:
        return price_checks.run(self.workspace)

    def copy_as_offer(self, contract_id: int, number: str, percent: Decimal | None, actor: str) -> tuple[int, Changes]:
        made = offers.copy_as_offer(self.workspace, contract_id, number, percent=percent, actor=actor)
        return made, Changes.CONTRACTS

    def discard_offer(self, offer_id: int, actor: str) -> Changes:
        return offers.discard_offer(self.workspace, offer_id, actor=actor)

    def review(self, invoice_id: int) -> Review:
        return approvals.review(self.workspace, invoice_id)

    def submit(self, invoice_ids: Sequence[int], actor: str) -> Changes:
        changes = Changes.NONE
        for invoice_id in invoice_ids:
            changes |= approvals.submit(self.workspace, invoice_id, actor)
        return changes

    def approve(self, invoice_ids: Sequence[int], actor: str) -> Changes:
        changes = Changes.NONE
        for invoice_id in invoice_ids:
            changes |= approvals.approve(self.workspace, invoice_id, actor)
        return changes

    def send_back(self, invoice_id: int, actor: str, reason: str) -> Changes:
        return approvals.send_back(self.workspace, invoice_id, actor, reason)

    def hold(self, invoice_id: int, actor: str, reason: str) -> Changes:
        return approvals.hold(self.workspace, invoice_id, actor, reason)

    def release_hold(self, invoice_id: int, actor: str) -> Changes:
        return approvals.release_hold(self.workspace, invoice_id, actor)

    def schedule(self, invoice_ids: Sequence[int], actor: str) -> Changes:
        return payments.schedule(self.workspace, invoice_ids, actor, self.workspace.today())

    def release(self, payment_ids: Sequence[int], actor: str) -> tuple[list[Path], Changes]:
        released = payments.release_each(self.workspace, payment_ids, actor, self.workspace.today())
        return [path for _batch, path in released], Changes.PAYMENTS | Changes.INVOICES

    def settle(self, batch_id: int, actor: str) -> Changes:
        return payments.settle(self.workspace, batch_id, actor)

    def void(self, payment_id: int, actor: str, reason: str) -> Changes:
        return payments.void(self.workspace, payment_id, actor, reason)

    def payment_file(self, batch_id: int) -> Path:
        return payment_files.export_file(self.workspace, batch_id)

    def match_bank_line(self, line_id: int, payment_id: int, actor: str) -> Changes:
        return bank_matching.match_by_hand(self.workspace, line_id, payment_id, actor)

    def take_bank_match_back(self, line_id: int, actor: str) -> Changes:
        return bank_matching.take_match_back(self.workspace, line_id, actor)

    def set_bank_line_aside(self, line_id: int, actor: str) -> Changes:
        return bank_matching.set_aside(self.workspace, line_id, actor)

    def match_bank_again(self, actor: str) -> Changes:
        return bank_matching.match_again(self.workspace, actor)

    def verify_bank_account(self, bank_account_id: int, actor: str) -> Changes:
        return bank_accounts.verify_bank_account(self.workspace, bank_account_id, actor)

    def set_payer(self, payer: Payer, actor: str) -> Changes:
        return bank_accounts.set_payer(self.workspace, actor, **dataclasses.asdict(payer))

    def write_reports(self) -> list[Path]:
        with self.workspace.database.reading() as session:
            data = build_report(session, self.workspace.today())
        return write_reports(self.workspace.exports / "reports", data)

    def write_templates(self, folder: Path) -> list[Path]:
        return [
            write_file(folder / "tollbook-inventory.xlsx", inventory_template()),
            write_file(folder / "tollbook-contracts.xlsx", contracts_template()),
        ]

    def add_user(self, name: str, role: Role, actor: str) -> Changes:
        return users.add_user(self.workspace, name, role, actor)
