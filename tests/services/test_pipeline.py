"""A bill goes from posted to audited, and its neighbours are judged again where it changes what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.money import D
from app.domain.parsed import ParsedDocument, ParsedInvoice
from app.domain.parsed_records import ParsedAccount, ParsedCarrier, ParsedContract, ParsedRateElement, ParsedService
from app.domain.source import Source
from app.domain.vocabulary import (
    ChargeType,
    DocumentKind,
    FindingStatus,
    InvoiceStatus,
    PriceModel,
    ServiceKind,
)
from app.models.findings import Finding
from app.models.invoices import Charge, Invoice
from app.models.workspace import LogEntry
from app.services.changes import Changes
from app.services.pipeline import match_charge, process, reprocess, take_in
from app.services.progress import Progress
from app.services.workspace import Workspace
from tests.services.drops import Drop
from tests.services.office import MAY, Office, bill, charge

TODAY = date(2026, 5, 10)
PLACE = Source(sheet="Prices", row=2)


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    return Drop(tmp_path / "drop", monkeypatch)


def of_bill(*invoices: ParsedInvoice) -> ParsedDocument:
    return ParsedDocument("pdf:calder", invoices=invoices)


def inventory(price: str) -> ParsedDocument:
    """The circuit C1 at that price."""
    return ParsedDocument(
        "inventory-workbook",
        records=(
            ParsedCarrier("Calder Fiber", PLACE, currency="USD"),
            ParsedAccount("Calder Fiber", "CF-1001", PLACE, currency="USD"),
            ParsedService("Calder Fiber", ServiceKind.INTERNET, PLACE, ban="CF-1001", circuit_id="C1", code="DIA-100M"),
            ParsedContract("Calder Fiber", "MSA-1", date(2025, 1, 1), None, "USD", PLACE),
            ParsedRateElement("MSA-1", "DIA-100M", ChargeType.MRC, PriceModel.FLAT, D(price), date(2025, 1, 1), PLACE),
        ),
    )


def found(workspace: Workspace) -> list[tuple[str, str, str]]:
    with workspace.database.reading() as session:
        rows = session.execute(
            select(Invoice.number, Finding.rule, Finding.claim)
            .join(Invoice, Invoice.id == Finding.invoice_id)
            .where(Finding.status == FindingStatus.OPEN)
            .order_by(Invoice.number, Finding.rule)
        )
        return [(row.number, row.rule, f"{row.claim:.2f}") for row in rows]


def statuses(workspace: Workspace) -> dict[str, InvoiceStatus]:
    with workspace.database.reading() as session:
        return {row.number: row.status for row in session.execute(select(Invoice.number, Invoice.status))}


def test_a_drop_of_inventory_and_bills_is_judged_at_once(workspace: Workspace, drop: Drop) -> None:
    paths = [
        drop.add("april.pdf", of_bill(bill(charge("575.00", circuit="C1")))),
        drop.add("inventory.xlsx", inventory("500.00")),
    ]
    receipts, changes = take_in(workspace, [drop.folder], "Dana", TODAY)
    assert [receipt.path for receipt in receipts] == sorted(paths)
    assert found(workspace) == [("INV-1", "A30", "75.00")]
    assert statuses(workspace) == {"INV-1": InvoiceStatus.AUDITED}
    assert Changes.FINDINGS | Changes.INVOICES | Changes.CONTRACTS in changes


def test_a_drop_of_nothing_new_changes_nothing(workspace: Workspace, drop: Drop) -> None:
    path = drop.add("april.pdf", of_bill(bill(charge("575.00"))))
    take_in(workspace, [path], "Dana", TODAY)
    _, changes = take_in(workspace, [path], "Dana", TODAY)
    assert changes is Changes.NONE


def test_a_new_price_judges_open_bills_again_and_leaves_submitted_ones(workspace: Workspace, drop: Drop) -> None:
    first = drop.add("inventory.xlsx", inventory("500.00"))
    bills = [
        drop.add("april.pdf", of_bill(bill(charge("575.00", circuit="C1")))),
        drop.add(
            "may.pdf",
            of_bill(
                bill(
                    charge("575.00", circuit="C1", period=MAY),
                    number="INV-2",
                    bill_date=date(2026, 5, 5),
                    period=MAY,
                    previous="575.00",
                )
            ),
        ),
    ]
    take_in(workspace, [first, *bills], "Dana", TODAY)
    with workspace.database.writing() as session:
        session.scalars(select(Invoice).where(Invoice.number == "INV-1")).one().status = InvoiceStatus.IN_APPROVAL
    take_in(workspace, [drop.add("prices.xlsx", inventory("550.00"))], "Dana", TODAY)
    assert found(workspace) == [("INV-1", "A30", "75.00"), ("INV-2", "A30", "25.00")]
    assert statuses(workspace) == {"INV-1": InvoiceStatus.IN_APPROVAL, "INV-2": InvoiceStatus.AUDITED}


def test_a_bill_that_comes_late_accuses_the_one_after_it(workspace: Workspace) -> None:
    """The same circuit on two accounts; the bill that is later by its date is here first."""
    office = Office(workspace)
    carrier = office.carrier()
    office.service(carrier, circuit="C1", account_id=office.account(carrier))
    office.price(office.contract(carrier), "500.00")
    later = office.post(bill(charge("500.00", circuit="C1"), number="LATER", ban="CF-2", bill_date=date(2026, 4, 9)))
    process(workspace, [later], "Dana", TODAY)
    assert found(workspace) == []
    earlier = office.post(bill(charge("500.00", circuit="C1"), number="EARLIER", bill_date=date(2026, 4, 1)))
    process(workspace, [earlier], "Dana", TODAY)
    assert found(workspace) == [("LATER", "A03", "500.00")]


def test_a_credit_note_takes_the_accusation_back(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    office.service(carrier, circuit="C1", account_id=office.account(carrier))
    office.price(office.contract(carrier), "500.00")
    twice = office.post(bill(charge("500.00", circuit="C1"), charge("500.00", circuit="C1")))
    process(workspace, [twice], "Dana", TODAY)
    assert found(workspace) == [("INV-1", "A03", "500.00")]
    note = bill(
        charge("-500.00", ChargeType.MRC, circuit="C1"),
        number="CN-1",
        bill_date=date(2026, 4, 20),
        kind=DocumentKind.CREDIT_NOTE,
    )
    process(workspace, [office.post(note)], "Dana", TODAY)
    assert found(workspace) == []


def test_a_match_by_hand_judges_the_bill_again(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    service = office.service(carrier, circuit="C1", account_id=office.account(carrier))
    office.price(office.contract(carrier), "500.00")
    invoice_id = office.post(bill(charge("575.00", circuit="C-ONE")))
    process(workspace, [invoice_id], "Dana", TODAY)
    assert found(workspace) == [("INV-1", "A20", "575.00")]
    with workspace.database.reading() as session:
        charge_id = session.scalars(select(Charge.id)).one()
    match_charge(workspace, charge_id, service, "Dana", TODAY)
    assert found(workspace) == [("INV-1", "A30", "75.00")]


def test_a_submitted_bill_that_is_named_stays_as_it_is(workspace: Workspace) -> None:
    office = Office(workspace)
    invoice_id = office.post(bill(charge("1.00")))
    with workspace.database.writing() as session:
        session.get_one(Invoice, invoice_id).status = InvoiceStatus.APPROVED
    assert process(workspace, [invoice_id], "Dana", TODAY) is Changes.NONE
    assert statuses(workspace) == {"INV-1": InvoiceStatus.APPROVED}


def test_bills_go_oldest_first_and_tell_their_stages(workspace: Workspace) -> None:
    office = Office(workspace)
    ids = [
        office.post(bill(charge("1.00"), number="B", bill_date=date(2026, 4, 9))),
        office.post(bill(charge("1.00"), number="A", bill_date=date(2026, 4, 1))),
    ]
    heard: list[Progress] = []
    process(workspace, ids, "Dana", TODAY, progress=heard.append)
    assert [(each.stage, each.subject, each.done) for each in heard] == [
        ("matching", "A", 0),
        ("rating", "A", 0),
        ("auditing", "A", 0),
        ("matching", "B", 1),
        ("rating", "B", 1),
        ("auditing", "B", 1),
        ("done", "", 2),
    ]


def test_a_cancel_leaves_the_bills_that_were_done(workspace: Workspace) -> None:
    office = Office(workspace)
    ids = [office.post(bill(charge("1.00"), number=f"INV-{day}", bill_date=date(2026, 4, day))) for day in (1, 2)]
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 1

    process(workspace, ids, "Dana", TODAY, cancelled=cancelled)
    assert statuses(workspace) == {"INV-1": InvoiceStatus.AUDITED, "INV-2": InvoiceStatus.POSTED}
    reprocess(workspace, None, "Dana", TODAY)
    assert statuses(workspace)["INV-2"] is InvoiceStatus.AUDITED


def test_the_log_names_who_did_it(workspace: Workspace) -> None:
    office = Office(workspace)
    process(workspace, [office.post(replace(bill(charge("1.00")), due_date=None))], "Dana", TODAY)
    with workspace.database.reading() as session:
        entries = list(session.execute(select(LogEntry.actor, LogEntry.verb).order_by(LogEntry.id)))
    assert entries[:3] == [("Dana", "matched"), ("Dana", "rated"), ("Dana", "audited")]
