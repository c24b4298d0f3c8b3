"""Facts are copied out of the store by a fixed number of selects, and say only what the store says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import event, update

from app.domain.history import WithheldFacts
from app.domain.money import D
from app.domain.period import Period
from app.domain.vocabulary import (
    ChargeType,
    DisputeStatus,
    DocumentKind,
    FindingStatus,
    InvoiceStatus,
    Ledger,
    PaymentMethod,
    PaymentStatus,
)
from app.models.findings import Dispute, DisputeItem, Finding
from app.models.invoices import Invoice
from app.models.payments import Payment
from app.services.auditing import audit_invoice
from app.services.facts import (
    load_contracts,
    load_histories,
    load_invoices,
    load_payments,
    load_peers,
    load_withheld,
)
from app.services.matching import match_invoice
from app.services.rerating import rate_invoice
from app.services.workspace import Workspace
from tests.services.office import APRIL, MAY, Office, bill, charge


@contextmanager
def _counted(workspace: Workspace) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(workspace.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(workspace.database.engine, "before_cursor_execute", note)


def test_selects_do_not_grow_with_the_bill(sqlite_workspace: Workspace) -> None:
    office = Office(sqlite_workspace)
    carrier = office.carrier()
    office.contract(carrier)
    counts = []
    for size in (2, 40):
        ban = f"CF-{size}"
        office.account(carrier, ban)
        for number in range(size):
            office.service(carrier, circuit=f"C{size}-{number}")
        charges = [charge("1.00", circuit=f"C{size}-{number}") for number in range(size)]
        invoice_id = office.post(bill(*charges, number=f"INV-{size}", ban=ban))
        with _counted(sqlite_workspace) as statements:
            match_invoice(sqlite_workspace, invoice_id, "Dana")
            rate_invoice(sqlite_workspace, invoice_id)
            audit_invoice(sqlite_workspace, invoice_id, date(2026, 4, 10))
        counts.append(sum(statement.startswith("SELECT") for statement in statements))
    assert counts[0] == counts[1]


def test_a_contract_that_accounts_name_holds_for_them_alone(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    named, general = office.contract(carrier, "MSA-1"), office.contract(carrier, "MSA-2")
    account = office.account(carrier, contract_id=named)
    price = office.price(named, "500.00")
    with workspace.database.reading() as session:
        contracts = {contract.id: contract for contract in load_contracts(session, carrier)}
    assert contracts[named].account_ids == (account,)
    assert contracts[general].account_ids == ()
    assert [(element.id, element.price) for element in contracts[named].elements] == [(price, D("500.00"))]


def test_neither_credit_notes_nor_superseded_bills_are_in_an_accounts_history(workspace: Workspace) -> None:
    office = Office(workspace)
    later = office.post(bill(charge("1.00"), number="INV-3", bill_date=date(2026, 6, 5)))
    first = office.post(bill(charge("1.00"), number="INV-1"))
    office.post(bill(charge("-1.00", ChargeType.CREDIT), number="CN-1", kind=DocumentKind.CREDIT_NOTE))
    gone = office.post(bill(charge("1.00"), number="INV-2", bill_date=date(2026, 5, 5)))
    with workspace.database.writing() as session:
        session.execute(update(Invoice).where(Invoice.id == gone).values(status=InvoiceStatus.SUPERSEDED))
        account_id = session.get_one(Invoice, first).account_id
    with workspace.database.reading() as session:
        history = load_histories(session, [account_id])[account_id]
        bare = load_histories(session, [account_id], with_charges=False)[account_id]
    assert [invoice.id for invoice in history] == [first, later]
    assert [len(invoice.charges) for invoice in history + bare] == [1, 1, 0, 0]


def test_peers_are_earlier_overlapping_charges_of_the_same_services_and_credits_for_them(workspace: Workspace) -> None:
    office = Office(workspace)
    office.post(bill(charge("1.00", circuit="C1"), charge("2.00", circuit="C2"), number="A", ban="OTHER"))
    office.post(bill(charge("3.00", circuit="C1", period=MAY), number="B", ban="OTHER", bill_date=date(2026, 4, 1)))
    office.post(bill(charge("4.00", circuit="C1"), number="LATER", ban="OTHER", bill_date=date(2026, 7, 1)))
    office.post(bill(charge("-1.00", ChargeType.CREDIT, circuit="C1"), number="CN", bill_date=date(2026, 7, 2)))
    office.post(bill(charge("5.00", circuit="C1"), number="FOREIGN", carrier="Halyard Voice"))
    invoice_id = office.post(bill(charge("6.00", circuit="C1"), number="THIS", bill_date=date(2026, 4, 6)))
    with workspace.database.reading() as session:
        invoice = load_invoices(session, [invoice_id])[invoice_id]
        peers, numbers = load_peers(session, invoice)
    assert [(numbers[peer.invoice_id], peer.amount) for peer in peers] == [("A", D("1.00")), ("CN", D("-1.00"))]


def test_payments_count_once_the_bank_has_carried_them_out(workspace: Workspace) -> None:
    office = Office(workspace)
    invoice_id = office.post(bill(charge("10.00")))
    with workspace.database.writing() as session:
        account_id = session.get_one(Invoice, invoice_id).account_id
        for number, status in enumerate((PaymentStatus.SETTLED, PaymentStatus.RELEASED, PaymentStatus.VOID)):
            session.add(
                Payment(
                    invoice_id=invoice_id,
                    account_id=account_id,
                    amount=Decimal(number + 1),
                    currency="USD",
                    method=PaymentMethod.ACH_CCD,
                    status=status,
                    send_on=date(2026, 5, 1),
                    pay_on=date(2026, 5, 4),
                    idempotency_key=f"key-{number}",
                    scheduled_by="Omar",
                    scheduled_at=datetime(2026, 5, 1, tzinfo=UTC),
                )
            )
    with workspace.database.reading() as session:
        payments = load_payments(session, account_id)
    assert [(payment.amount, payment.paid_on) for payment in payments] == [(Decimal(1), date(2026, 5, 4))]


def test_withheld_is_what_open_disputes_keep_back_and_credited_what_was_granted(workspace: Workspace) -> None:
    office = Office(workspace)
    invoice_id = office.post(bill(charge("10.00")))
    with workspace.database.writing() as session:
        invoice = session.get_one(Invoice, invoice_id)
        for number, (status, granted) in enumerate([(DisputeStatus.FILED, None), (DisputeStatus.CREDITED, D("2.00"))]):
            dispute = Dispute(
                number=f"D-{number}",
                carrier_id=invoice.carrier_id,
                status=status,
                currency="USD",
                claim=D("5.00"),
                opened_by="Dana",
                opened_at=datetime(2026, 5, 1, tzinfo=UTC),
            )
            finding = Finding(
                fingerprint=f"f{number}",
                rule="A30",
                rule_name="rate_above_contract",
                rule_version=1,
                ledger=Ledger.ERROR,
                status=FindingStatus.DISPUTED,
                message="",
                account_id=invoice.account_id,
                invoice_id=invoice_id,
                currency="USD",
                claim=D("5.00"),
                found_at=datetime(2026, 5, 1, tzinfo=UTC),
            )
            session.add_all([dispute, finding])
            session.flush()
            session.add(
                DisputeItem(
                    finding_id=finding.id, dispute_id=dispute.id, claim=D("5.00"), withheld=D("3.00"), granted=granted
                )
            )
        account_id = invoice.account_id
    with workspace.database.reading() as session:
        assert load_withheld(session, account_id) == (WithheldFacts(invoice_id, D("3.00"), D("2.00")),)


def test_a_peer_that_prints_no_period_has_its_bills_and_one_time_charges_have_none(workspace: Workspace) -> None:
    office = Office(workspace)
    nrc = ChargeType.NRC
    office.post(bill(charge("1.00", circuit="C1", period=None), number="A", ban="OTHER"))
    office.post(bill(charge("2.00", circuit="C1", period=None), number="MAY", ban="OTHER", period=MAY))
    office.post(
        bill(
            charge("3.00", nrc, circuit="C1", period=Period(date(2026, 1, 2), date(2026, 1, 3))),
            charge("4.00", nrc, circuit="C1", period=None),
            number="JAN",
            ban="OTHER",
            bill_date=date(2026, 1, 5),
        )
    )
    office.post(bill(charge("-1.00", ChargeType.CREDIT, circuit="C1", period=None), number="CN", ban="OTHER"))
    office.post(bill(charge("5.00", circuit="C1"), number="EURO", ban="OTHER", currency="EUR"))
    invoice_id = office.post(bill(charge("6.00", circuit="C1", period=None), number="THIS", bill_date=date(2026, 4, 6)))
    with workspace.database.reading() as session:
        invoice = load_invoices(session, [invoice_id])[invoice_id]
        peers, numbers = load_peers(session, invoice)
    assert {(numbers[peer.invoice_id], peer.amount, peer.period) for peer in peers} == {
        ("A", D("1.00"), APRIL),
        ("JAN", D("3.00"), Period(date(2026, 1, 2), date(2026, 1, 3))),
        ("JAN", D("4.00"), None),
        ("CN", D("-1.00"), None),
    }
