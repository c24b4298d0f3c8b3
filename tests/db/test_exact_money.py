"""What is stored comes back to the last digit, on both databases; what cannot be stored exactly is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import StatementError

from app.domain.money import D
from app.domain.vocabulary import BillingMode, ChargeType, DocumentKind, InvoiceStatus
from app.models.documents import SourceDocument
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Charge, Invoice
from app.services.workspace import Workspace

NOW = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)


def add_invoice(workspace: Workspace, *amounts: Decimal) -> int:
    with workspace.database.writing() as session:
        carrier = Carrier(name="Northbeam", name_key="northbeam")
        document = SourceDocument(
            sha256="0" * 64, name="bill.csv", size=1, importer="test", received_at=NOW, received_by="Dana"
        )
        session.add_all([carrier, document])
        session.flush()
        account = BillingAccount(
            carrier_id=carrier.id, ban="1", ban_key="1", currency="USD", mode=BillingMode.POSTPAID, bill_day=1
        )
        session.add(account)
        session.flush()
        invoice = Invoice(
            carrier_id=carrier.id,
            account_id=account.id,
            document_id=document.id,
            kind=DocumentKind.INVOICE,
            number="7",
            number_key="7",
            bill_date=date(2026, 9, 1),
            currency="USD",
            previous_balance=D("0"),
            payments_applied=D("0"),
            current_charges=sum(amounts, D("0")),
            rounding=D("0"),
            total_due=sum(amounts, D("0")),
            status=InvoiceStatus.POSTED,
            posted_by="Dana",
            posted_at=NOW,
        )
        session.add(invoice)
        session.flush()
        for seq, amount in enumerate(amounts, 1):
            session.add(
                Charge(
                    invoice_id=invoice.id,
                    seq=seq,
                    charge_type=ChargeType.MRC,
                    description="port",
                    amount=amount,
                    source="{}",
                )
            )
        return invoice.id


def test_ten_times_a_tenth_is_one(workspace: Workspace) -> None:
    add_invoice(workspace, *[D("0.1")] * 10)
    with workspace.database.reading() as session:
        assert session.scalar(select(func.sum(Charge.amount))) == D("1")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(-(2**63), 2**63 - 1))
def test_every_64_bit_amount_comes_back(sqlite_workspace: Workspace, number: int) -> None:
    amount = Decimal(number).scaleb(-6)
    with sqlite_workspace.database.writing() as session:
        session.execute(text("DELETE FROM charges"))
        session.execute(text("DELETE FROM invoices"))
        session.execute(text("DELETE FROM billing_accounts"))
        session.execute(text("DELETE FROM carriers"))
        session.execute(text("DELETE FROM source_documents"))
    add_invoice(sqlite_workspace, amount)
    with sqlite_workspace.database.reading() as session:
        assert session.scalar(select(Charge.amount)) == amount


def test_the_largest_amounts_come_back(workspace: Workspace) -> None:
    amounts = [D("999999999999.999999"), D("-0.000001"), D("123456789012.345678")]
    add_invoice(workspace, *amounts)
    with workspace.database.reading() as session:
        assert list(session.scalars(select(Charge.amount).order_by(Charge.seq))) == amounts


@pytest.mark.parametrize("amount", [0.1, D("0.0000001"), Decimal("NaN"), Decimal("1E+30")])
def test_what_is_not_exact_is_refused(sqlite_workspace: Workspace, amount: Decimal) -> None:
    with pytest.raises((StatementError, TypeError), match=r"exact|places|fit|unsupported"):
        add_invoice(sqlite_workspace, amount)


def test_no_amount_is_stored_as_anything_but_an_integer(sqlite_workspace: Workspace) -> None:
    add_invoice(sqlite_workspace, D("87.39"))
    with sqlite_workspace.database.reading() as session:
        assert session.execute(text("SELECT typeof(amount), amount FROM charges")).one() == ("integer", 87390000)
        strict = session.execute(
            text("SELECT name FROM pragma_table_list WHERE schema='main' AND type='table' AND strict=0 ORDER BY name")
        ).scalars()
        assert [name for name in strict if not name.startswith(("sqlite_", "alembic_"))] == []


def test_a_changed_invoice_is_noticed_by_the_second_writer(workspace: Workspace) -> None:
    invoice_id = add_invoice(workspace, D("5"))
    with workspace.database.reading() as first:
        stale = first.get_one(Invoice, invoice_id)
        assert stale.version == 1
    with workspace.database.writing() as session:
        session.get_one(Invoice, invoice_id).status = InvoiceStatus.MATCHED
    with workspace.database.reading() as session:
        assert session.get_one(Invoice, invoice_id).version == 2
