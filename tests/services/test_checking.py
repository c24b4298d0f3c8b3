"""Verifying a workspace finds what was changed behind its back, and changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from app.domain.money import D
from app.domain.source import ParseIssue
from app.domain.vocabulary import Severity
from app.models.documents import SourceDocument, UsageBatch
from app.models.findings import Finding
from app.models.invoices import Charge, ChargeRating, Invoice
from app.models.workspace import LogEntry
from app.services.auditing import audit_invoice
from app.services.checking import CHECKS, check_workspace
from app.services.incoming import Incoming, load
from app.services.log import record
from app.services.matching import match_invoice
from app.services.posting import post_invoice, store_issues
from app.services.rerating import rate_invoice
from app.services.storing import store_document
from app.services.workspace import Workspace
from tests.services.office import Office, bill, charge
from tests.services.test_intake import some_usage


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """A bill with an overcharge, audited, and a file of call records."""
    office = Office(workspace)
    carrier = office.carrier()
    office.service(carrier, circuit="C1", account_id=office.account(carrier))
    office.price(office.contract(carrier), "500.00")
    (workspace.folder / "calls.csv").write_bytes(b"calls")
    file = Incoming(workspace.folder / "calls.csv")
    load(workspace, file)
    stored = store_document(workspace, file, some_usage(), "Dana")
    with workspace.database.writing() as session:
        invoice_id = post_invoice(session, bill(charge("575.00", circuit="C1")), stored.document_id, "Dana")
        record(session, "Dana", "posted", "bill INV-1")
    match_invoice(workspace, invoice_id, "Dana")
    rate_invoice(workspace, invoice_id)
    audit_invoice(workspace, invoice_id, date(2026, 4, 10))
    return workspace


def faults(workspace: Workspace) -> list[tuple[str, str]]:
    return [(fault.check, fault.subject) for fault in check_workspace(workspace).faults]


def test_a_sound_workspace_has_no_faults(filled: Workspace) -> None:
    result = check_workspace(filled)
    assert result.faults == ()
    assert result.checked == tuple(name for name, _ in CHECKS)


def test_a_changed_amount_shows_in_the_sums_and_the_rating(filled: Workspace) -> None:
    with filled.database.writing() as session:
        session.execute(update(Charge).values(amount=D("5.75")))
    assert faults(filled) == [
        ("bills", "bill INV-1"),
        ("ratings", "charge 1 of bill INV-1"),
        ("claims", "charge 1 of bill INV-1"),
    ]


def test_a_changed_total_shows(filled: Workspace) -> None:
    with filled.database.writing() as session:
        session.execute(update(Invoice).values(total_due=D("57.50")))
    assert faults(filled) == [("bills", "bill INV-1")]


def test_a_bill_that_came_in_without_footing_is_no_fault_of_the_workspace(workspace: Workspace) -> None:
    office = Office(workspace)
    office.post(bill(charge("1.00")))
    with workspace.database.writing() as session:
        session.execute(update(Invoice).values(total_due=D("2.00")))
    assert faults(workspace) == [("bills", "bill INV-1"), ("documents", "bill-1.pdf")]
    with workspace.database.writing() as session:
        document_id = session.scalars(select(SourceDocument.id)).one()
        store_issues(session, document_id, [ParseIssue(Severity.WARNING, "does-not-foot", "It does not.", "Look.")])
    assert faults(workspace) == [("documents", "bill-1.pdf")]


def test_a_changed_expected_amount_shows_against_its_proof(filled: Workspace) -> None:
    with filled.database.writing() as session:
        session.execute(update(ChargeRating).values(expected=D("400.00"), variance=D("175.00")))
    assert faults(filled) == [("ratings", "charge 1 of bill INV-1")]


def test_a_claim_above_what_was_billed_shows(filled: Workspace) -> None:
    with filled.database.writing() as session:
        session.execute(update(Finding).values(claim=D("575.01")))
    assert faults(filled) == [("claims", "charge 1 of bill INV-1")]


def test_a_changed_log_shows(filled: Workspace) -> None:
    with filled.database.writing() as session:
        first = session.scalars(select(LogEntry.id).order_by(LogEntry.id)).first()
        session.execute(update(LogEntry).where(LogEntry.id == first).values(subject="nothing"))
    assert faults(filled) == [("log", f"log entry {first}")]


def test_a_changed_or_missing_document_shows(filled: Workspace) -> None:
    with filled.database.reading() as session:
        file = filled.documents.path(session.scalars(select(SourceDocument.sha256)).one())
    file.write_bytes(b"other calls")
    assert faults(filled) == [("documents", "calls.csv")]
    file.unlink()
    (fault,) = check_workspace(filled).faults
    assert "restore it from a backup" in fault.message


def test_changed_short_or_missing_usage_shows(filled: Workspace) -> None:
    with filled.database.reading() as session:
        first, second = session.scalars(select(UsageBatch.path).order_by(UsageBatch.path))
    with filled.database.writing() as session:
        session.execute(update(UsageBatch).where(UsageBatch.path == first).values(rows=7))
    assert faults(filled) == [("usage", first)]
    (filled.usage.folder / second).write_bytes((filled.usage.folder / first).read_bytes())
    (filled.usage.folder / first).unlink()
    assert faults(filled) == [("usage", first), ("usage", second)]


def test_checks_change_nothing(filled: Workspace) -> None:
    with filled.database.writing() as session:
        session.execute(update(Invoice).values(total_due=D("57.50")))
    assert faults(filled) == faults(filled)
