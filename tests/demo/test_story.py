"""What the demo company did in its half-year: who paid what, what was disputed, what is left to decide."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.domain.vocabulary import DisputeStatus, FindingStatus, InvoiceStatus, PaymentStatus, Severity
from app.models.documents import DocumentIssue, SourceDocument, UsageBatch
from app.models.findings import CreditMemo, Dispute, Finding
from app.models.inventory import BillingAccount, Carrier, CarrierBankAccount, Location, Service
from app.models.invoices import Charge, ChargeMatch, Invoice
from app.models.payments import Approval, Payment, PaymentBatch, Reconciliation
from app.services.approvals import review
from app.services.demo import MATERIAL
from app.services.workspace import Workspace

LAST_MONTH = date(2026, 9, 1)


def test_every_document_is_taken_in_and_only_the_two_that_do_not_foot_are_warned_of(
    demo_workspace: Workspace,
) -> None:
    with demo_workspace.database.reading() as session:
        documents = session.scalars(select(SourceDocument.name)).all()
        warned = session.execute(
            select(SourceDocument.name, DocumentIssue.code)
            .join(DocumentIssue, DocumentIssue.document_id == SourceDocument.id)
            .where(DocumentIssue.severity != Severity.INFO)
        ).all()
    no_documents = {".gitattributes", "README.md", "company.toml", "truth.csv"}
    files = [path for path in MATERIAL.rglob("*") if path.is_file() and path.name not in no_documents]
    assert sorted(documents) == sorted(path.name for path in files)
    assert sorted(tuple(row) for row in warned) == [
        ("calder_CF-100238_INV-52347.csv", "does-not-foot"),
        ("tri-lakes_218-555-0140-311_0140311-2606.pdf", "does-not-foot"),
    ]


def test_the_company_is_as_large_as_promised(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        assert len(session.scalars(select(Carrier.id)).all()) == 5
        assert len(session.scalars(select(Location.id)).all()) == 15
        kinds = Counter(session.scalars(select(Service.kind)).all())
        calls = session.execute(
            select(UsageBatch.month, UsageBatch.rows)
            .join(BillingAccount, BillingAccount.id == UsageBatch.account_id)
            .where(UsageBatch.kind == "calls", BillingAccount.ban == "HV-77120")
        ).all()
        accounts = session.scalars(select(BillingAccount.id)).all()
        samples = session.scalars(select(UsageBatch.rows).where(UsageBatch.kind == "samples")).all()
    assert len(accounts) == 10
    assert sum(kinds.values()) == 131
    assert len(kinds) == 4
    assert len(calls) == 6
    assert all(row.rows >= 3000 for row in calls)
    assert sum(samples) >= 4 * 31 * 288 - 4


def test_every_charge_has_its_service_but_those_for_strangers(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        rows = session.execute(
            select(Charge.circuit_id, Charge.tn)
            .outerjoin(ChargeMatch, ChargeMatch.charge_id == Charge.id)
            .where(ChargeMatch.charge_id.is_(None))
        ).all()
    assert Counter(row.circuit_id or row.tn for row in rows) == {
        "12/DIAX/198820//NBC": 3,
        "XC-FRA2-09914": 1,
        "218 555-0190": 2,  # the charge, and the credit that takes it back
    }


def test_all_bills_before_the_last_month_are_paid_but_the_one_that_came_twice(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        bills = session.scalars(select(Invoice).order_by(Invoice.bill_date)).all()
        settled = select(Payment.invoice_id).where(Payment.status == PaymentStatus.SETTLED)
        paid = set(session.scalars(settled))
        before = [bill for bill in bills if bill.bill_date < LAST_MONTH]
        held = [bill.number for bill in before if bill.status is InvoiceStatus.ON_HOLD]
        assert held == ["441722070170"]
        others = [bill for bill in before if bill.number not in held]
        assert {bill.status for bill in others} <= {InvoiceStatus.PAID, InvoiceStatus.RECONCILED}
        assert {bill.id for bill in others} == paid
        assert {bill.status for bill in bills if bill.bill_date >= LAST_MONTH} == {InvoiceStatus.AUDITED}


def test_each_payment_arrived_between_its_bill_and_the_next_one(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        rows = session.execute(
            select(Invoice.bill_date, Invoice.due_date, Payment.send_on, Payment.pay_on).join(
                Payment, Payment.invoice_id == Invoice.id
            )
        ).all()
    assert len(rows) == 50
    assert all(row.bill_date < row.send_on < row.pay_on <= row.due_date for row in rows)


def test_two_people_stand_behind_every_payment(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        approvals = session.scalars(select(Approval)).all()
        batches = session.scalars(select(PaymentBatch)).all()
        banks = session.scalars(select(CarrierBankAccount)).all()
        assert len(approvals) == 50
        assert len(batches) == 10
        assert all(one.submitted_by != one.approved_by for one in approvals)
        assert all(one.created_by != one.released_by for one in batches)
        assert all(one.verified_by not in (None, one.created_by) for one in banks)
        assert all((demo_workspace.exports / "payments" / batch.file_name).is_file() for batch in batches)


def test_what_is_left_to_claim_lies_in_one_draft_per_carrier_with_its_letter(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        disputes = session.scalars(select(Dispute)).all()
        left = session.scalars(
            select(Finding.id).where(Finding.status == FindingStatus.OPEN, Finding.claim > Decimal(0))
        )
        assert left.all() == []
        drafts = [dispute for dispute in disputes if dispute.status is DisputeStatus.DRAFT]
        assert len({dispute.carrier_id for dispute in drafts}) == len(drafts) == 5
        assert all((demo_workspace.folder / dispute.letter).is_file() for dispute in disputes)
        assert all(dispute.file_by is not None and dispute.file_by >= demo_workspace.today() for dispute in drafts)


def test_a_granted_credit_came_back_on_the_next_bill(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        credited = session.scalars(select(Dispute).where(Dispute.status == DisputeStatus.CREDITED)).one()
        memo = session.scalars(select(CreditMemo).where(CreditMemo.dispute_id == credited.id)).one()
        assert memo.invoice_id is not None
        bill = session.get_one(Invoice, memo.invoice_id)
        assert (credited.claim, memo.amount, bill.number) == (Decimal("36.25"), Decimal("36.25"), "0170284-2607")


def test_balances_differ_only_where_a_balance_is_seeded_wrong(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        rows = session.execute(
            select(Invoice.number, Reconciliation.difference, Reconciliation.cause)
            .join(Invoice, Invoice.id == Reconciliation.next_invoice_id)
            .where(Reconciliation.difference != Decimal(0), Invoice.currency == "USD")
        ).all()
    assert sorted((row.number, row.difference, row.cause) for row in rows) == [
        ("0140311-2608", Decimal("659.67"), "payment not posted"),
        ("441722060133", Decimal("250.00"), "payment misapplied"),
        ("HV202607-77120", Decimal("214.60"), "carrier adjustment"),
    ]


def test_the_open_bills_would_be_paid_less_what_is_disputed(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        bills = session.scalars(select(Invoice).where(Invoice.bill_date >= LAST_MONTH)).all()
        payable = {bill.number: review(demo_workspace, bill.id).payable for bill in bills}
        assert payable["2026-F-01913"].amount == 0  # the copy of a bill
        assert payable["2026-F-01913"].withheld == Decimal("9621.69")
        assert payable["INV-52421"].withheld == Decimal("63.00")
        # a circuit that is not ours; a payment that was posted short is in the balance, which is not paid anyway
        assert payable["441722060133"].withheld == Decimal("540.00")
        assert payable["2026-A-01883"].withheld == 0
