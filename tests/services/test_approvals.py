"""Two people approve a bill, and what they approved is what is paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain.vocabulary import FindingStatus, InvoiceStatus, PaymentStatus
from app.domain.workflow import IllegalTransition
from app.models.findings import Finding
from app.models.invoices import Invoice
from app.models.payments import Approval, Payment
from app.models.workspace import LogEntry
from app.services import approvals, disputes, payments
from app.services.approvals import ApprovalBlocked, ReasonNeeded
from app.services.changes import Changes
from app.services.duties import RoleMayNot, SamePerson
from app.services.users import UnknownUser
from app.services.workspace import Workspace
from tests.services.money_books import APPROVER, AUDITOR, CLERK, MANAGER, TODAY, Books


@pytest.fixture
def books(workspace: Workspace) -> Books:
    return Books(workspace).open()


@pytest.fixture
def bill(books: Books) -> int:
    return books.bill(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00", "400.00"])


def status(books: Books, invoice_id: int) -> InvoiceStatus:
    with books.workspace.database.reading() as session:
        return session.get_one(Invoice, invoice_id).status


def test_a_bill_is_submitted_by_one_and_approved_by_another(books: Books, bill: int) -> None:
    assert approvals.submit(books.workspace, bill, MANAGER) == Changes.INVOICES | Changes.APPROVALS
    approvals.approve(books.workspace, bill, APPROVER)
    assert status(books, bill) is InvoiceStatus.APPROVED
    with books.workspace.database.reading() as session:
        approval = session.scalars(select(Approval)).one()
        assert (approval.submitted_by, approval.approved_by) == (MANAGER, APPROVER)
        assert (approval.payable, approval.withheld) == (Decimal("1000.00"), Decimal("0.00"))
        entries = [(entry.actor, entry.verb, entry.subject) for entry in session.scalars(select(LogEntry))]
    assert entries == [
        (MANAGER, "submitted", "bill INV-1 of Calder Fiber"),
        (APPROVER, "approved", "bill INV-1 of Calder Fiber"),
    ]


def test_the_submitter_cannot_approve_and_is_told_who_can(books: Books, bill: int) -> None:
    approvals.submit(books.workspace, bill, APPROVER)
    with pytest.raises(SamePerson, match=r"Priya Nair submitted bill INV-1 of Calder Fiber.*ask Dana Whitfield"):
        approvals.approve(books.workspace, bill, APPROVER)
    assert status(books, bill) is InvoiceStatus.IN_APPROVAL


def test_roles_and_strangers_are_refused(books: Books, bill: int) -> None:
    with pytest.raises(RoleMayNot, match="Lena Fox is auditor and may not submit bills"):
        approvals.submit(books.workspace, bill, AUDITOR)
    with pytest.raises(UnknownUser, match="Nobody Known"):
        approvals.submit(books.workspace, bill, "Nobody Known")
    approvals.submit(books.workspace, bill, MANAGER)
    with pytest.raises(RoleMayNot, match="Omar Reyes is ap clerk and may not approve bills: ask one who may: Dana"):
        approvals.approve(books.workspace, bill, CLERK)


def test_a_charge_without_a_service_blocks_until_its_finding_is_answered(books: Books) -> None:
    account = books.account(books.carrier("Calder Fiber"), "CF-1")
    bill = books.bill(account, "INV-1", ["600.00", "400.00"], matched=False, texts=["DIA 100M", "DIA 50M"])
    approvals.submit(books.workspace, bill, MANAGER)
    with pytest.raises(ApprovalBlocked, match=r"2 charges belong to no known service .“DIA 100M”, “DIA 50M”"):
        approvals.approve(books.workspace, bill, APPROVER)
    books.finding(bill, "600.00", seq=1, rule="A20", status=FindingStatus.DISMISSED)
    books.finding(bill, "400.00", seq=2, rule="A20")
    with pytest.raises(ApprovalBlocked, match="1 charge belongs to no known service"):
        approvals.approve(books.workspace, bill, APPROVER)
    disputes.open_disputes(books.workspace, MANAGER)
    approvals.approve(books.workspace, bill, APPROVER)


@pytest.mark.parametrize("rule", ["A01", "A02"])
def test_a_bill_that_does_not_add_up_or_is_there_twice_is_blocked(books: Books, bill: int, rule: str) -> None:
    finding = books.finding(bill, "10.00", seq=None, rule=rule, message="The charges do not add up.")
    approvals.submit(books.workspace, bill, MANAGER)
    with pytest.raises(ApprovalBlocked, match=f"finding {rule} is open: The charges do not add up"):
        approvals.approve(books.workspace, bill, APPROVER)
    with books.workspace.database.writing() as session:
        session.get_one(Finding, finding).status = FindingStatus.DISMISSED
    approvals.approve(books.workspace, bill, APPROVER)


def test_other_open_findings_warn_and_do_not_block(books: Books, bill: int) -> None:
    books.finding(bill, "25.00", withhold_by=date(2026, 10, 1))
    books.finding(bill, "75.00", seq=2)
    found = approvals.review(books.workspace, bill)
    assert found.blocks == ()
    assert [("75.00 USD" in text, "2026-10-01" in text) for text in found.warnings] == [(True, False), (False, True)]
    assert found.payable.amount == Decimal("1000.00")
    approvals.submit(books.workspace, bill, MANAGER)
    approvals.approve(books.workspace, bill, APPROVER)


def test_what_is_disputed_is_withheld(books: Books, bill: int) -> None:
    books.finding(bill, "75.00")
    disputes.open_disputes(books.workspace, MANAGER)
    assert approvals.review(books.workspace, bill).payable.amount == Decimal("925.00")
    approvals.submit(books.workspace, bill, MANAGER)
    approvals.approve(books.workspace, bill, APPROVER)
    with books.workspace.database.reading() as session:
        approval = session.scalars(select(Approval)).one()
        assert (approval.payable, approval.withheld) == (Decimal("925.00"), Decimal("75.00"))


def test_a_bill_sent_back_is_approved_again_from_the_start(books: Books, bill: int) -> None:
    approvals.submit(books.workspace, bill, MANAGER)
    approvals.approve(books.workspace, bill, APPROVER)
    with pytest.raises(ReasonNeeded, match="say in a few words why"):
        approvals.send_back(books.workspace, bill, APPROVER, "  ")
    approvals.send_back(books.workspace, bill, APPROVER, "the circuit in Ames is gone")
    assert status(books, bill) is InvoiceStatus.RETURNED
    with books.workspace.database.reading() as session:
        assert session.scalars(select(Approval)).one().voided_at is not None
    with pytest.raises(IllegalTransition, match="bill INV-1 of Calder Fiber is returned and cannot become approved"):
        approvals.approve(books.workspace, bill, APPROVER)
    approvals.submit(books.workspace, bill, CLERK)
    approvals.approve(books.workspace, bill, APPROVER)


def test_a_held_bill_loses_its_approval_and_its_scheduled_payment(books: Books, bill: int) -> None:
    approvals.submit(books.workspace, bill, MANAGER)
    approvals.approve(books.workspace, bill, APPROVER)
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    approvals.hold(books.workspace, bill, CLERK, "carrier asked us to wait")
    with books.workspace.database.reading() as session:
        assert session.scalars(select(Payment)).one().status is PaymentStatus.VOID
        assert session.scalars(select(Approval)).one().voided_at is not None
    assert status(books, bill) is InvoiceStatus.ON_HOLD
    approvals.release_hold(books.workspace, bill, CLERK)
    assert status(books, bill) is InvoiceStatus.AUDITED


def test_a_bill_whose_payment_is_at_the_bank_cannot_be_held(books: Books, bill: int) -> None:
    approvals.submit(books.workspace, bill, MANAGER)
    approvals.approve(books.workspace, bill, APPROVER)
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    payments.release(books.workspace, [1], MANAGER, TODAY)
    with pytest.raises(IllegalTransition, match=r"payment 1 of 1,000.00 USD is released and cannot become void"):
        approvals.hold(books.workspace, bill, CLERK, "too late")
    assert status(books, bill) is InvoiceStatus.SCHEDULED
