"""An import is taken back whole, as long as nothing depends on it, and its file is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.parsed_records import ParsedAccount, ParsedCarrier, ParsedService
from app.domain.parsed_usage import ParsedUsage
from app.domain.source import Source
from app.domain.vocabulary import InvoiceStatus, ServiceKind
from app.models import Base
from app.models.documents import SourceDocument
from app.models.intake import ChargeCode, ImportChange, QuarantinedFile
from app.models.inventory import BillingAccount, Carrier, Service
from app.models.invoices import Charge, Invoice
from app.models.workspace import LogEntry
from app.services.intake import receive
from app.services.matching import match_charge
from app.services.pipeline import process, try_again, undo
from app.services.receipts import Outcome
from app.services.undoing import StillNeeded, undo_import
from app.services.workspace import Workspace
from tests.services.drops import Drop
from tests.services.office import bill, charge

PLACE = Source(sheet="Services", row=2)
DAY = date(2026, 6, 1)
# what undoing leaves: the log, and the file with the reason
_LEFT = {LogEntry.__tablename__, QuarantinedFile.__tablename__}


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    return Drop(tmp_path / "drop", monkeypatch)


def content(workspace: Workspace) -> dict[str, list[str]]:
    """All rows of all tables but what undoing leaves, as text."""
    found = {}
    with workspace.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in _LEFT:
                rows = session.execute(select(table)).mappings()
                found[table.name] = sorted(json.dumps(dict(row), default=str, sort_keys=True) for row in rows)
    return found


def take(workspace: Workspace, drop: Drop, name: str, document: ParsedDocument) -> int:
    (receipt,) = receive(workspace, [drop.add(name, document)], "Dana")
    assert receipt.outcome is Outcome.TAKEN, receipt.message
    assert receipt.document_id is not None
    return receipt.document_id


def records(*circuits: str, description: str = "") -> ParsedDocument:
    return ParsedDocument(
        "inventory-workbook",
        records=(
            ParsedCarrier("Calder Fiber", PLACE, currency="USD"),
            ParsedAccount("Calder Fiber", "CF-1001", PLACE, currency="USD"),
            *(
                ParsedService(
                    "Calder Fiber",
                    ServiceKind.WAN,
                    PLACE,
                    ban="CF-1001",
                    circuit_id=circuit,
                    description=description,
                    given=("description",) if description else (),
                )
                for circuit in circuits
            ),
        ),
    )


def calls() -> ParsedUsage:
    return ParsedUsage("Calder Fiber", "CF-1001", "USD", ("13125550101",), ("1",), (1775000000,), (5,), (None,), (2,))


def test_an_import_taken_back_leaves_all_as_it_was(workspace: Workspace, drop: Drop) -> None:
    before = content(workspace)
    document = replace(
        records("C-1"), invoices=(bill(charge("5.00", circuit="C-1"), charge("6.00")),), usage=(calls(),)
    )
    document_id = take(workspace, drop, "all.xlsx", document)
    with workspace.database.reading() as session:
        process(workspace, list(session.scalars(select(Invoice.id))), "Dana", DAY)
    assert content(workspace) != before
    undone, _ = undo(workspace, document_id, "Omar", DAY, "the wrong company")
    assert content(workspace) == before
    assert undone.names == ("all.xlsx",)
    assert list(workspace.usage.folder.rglob("*.parquet")) == []
    with workspace.database.reading() as session:
        kept = session.scalars(select(QuarantinedFile)).one()
        assert (kept.code, "the wrong company" in kept.message) == ("undone", True)
        kept_id = kept.id
    receipts, _ = try_again(workspace, [kept_id], "Omar", DAY)
    assert [receipt.outcome for receipt in receipts] == [Outcome.TAKEN]


def test_what_an_import_changed_is_changed_back(workspace: Workspace, drop: Drop) -> None:
    take(workspace, drop, "first.xlsx", records("C-1", "C-2", description="as it was"))
    before = content(workspace)
    second = take(workspace, drop, "second.xlsx", records("C-1", description="otherwise"))
    undo_import(workspace, second, "Omar", "no")
    assert content(workspace) == before
    with workspace.database.reading() as session:
        assert set(session.scalars(select(Service.description))) == {"as it was"}


def test_what_has_been_changed_since_is_not_changed_back(workspace: Workspace, drop: Drop) -> None:
    first = take(workspace, drop, "first.xlsx", records("C-1", description="one"))
    second = take(workspace, drop, "second.xlsx", records("C-1", description="two"))
    take(workspace, drop, "third.xlsx", records("C-1", description="three"))
    before = content(workspace)
    with pytest.raises(StillNeeded, match=r"second.xlsx cannot be taken back: the services that it changed have been"):
        undo_import(workspace, second, "Omar", "no")
    assert content(workspace) == before
    assert first != second


def test_a_bill_that_is_submitted_keeps_its_import(workspace: Workspace, drop: Drop) -> None:
    document_id = take(workspace, drop, "april.pdf", ParsedDocument("x", invoices=(bill(charge("5.00")),)))
    with workspace.database.writing() as session:
        session.scalars(select(Invoice)).one().status = InvoiceStatus.IN_APPROVAL
    before = content(workspace)
    with pytest.raises(StillNeeded, match="bill INV-1 is in approval"):
        undo_import(workspace, document_id, "Omar", "no")
    assert content(workspace) == before


def test_a_service_that_a_person_has_matched_keeps_its_import(workspace: Workspace, drop: Drop) -> None:
    inventory = take(workspace, drop, "inventory.xlsx", records("C-1"))
    bills = take(workspace, drop, "april.pdf", ParsedDocument("x", invoices=(bill(charge("5.00")),)))
    with workspace.database.reading() as session:
        service, one = session.scalars(select(Service.id)).one(), session.scalars(select(Charge.id)).one()
    match_charge(workspace, one, service, "Dana")
    with pytest.raises(StillNeeded, match="a person has matched charges to a service that it brought"):
        undo_import(workspace, inventory, "Omar", "no")
    undo_import(workspace, bills, "Omar", "first this one")
    undo_import(workspace, inventory, "Omar", "then that one")
    with workspace.database.reading() as session:
        assert session.scalars(select(Service)).all() == []


def test_the_carrier_that_came_with_the_first_bill_stays_for_the_second(workspace: Workspace, drop: Drop) -> None:
    first = take(workspace, drop, "april.pdf", ParsedDocument("x", invoices=(bill(charge("5.00")),)))
    take(workspace, drop, "may.pdf", ParsedDocument("x", invoices=(bill(charge("5.00"), number="INV-2"),)))
    undo_import(workspace, first, "Omar", "no")
    with workspace.database.reading() as session:
        assert session.scalars(select(Carrier.name)).all() == ["Calder Fiber"]
        assert session.scalars(select(BillingAccount.ban)).all() == ["CF-1001"]
        assert session.scalars(select(Invoice.number)).all() == ["INV-2"]
        assert session.scalars(select(SourceDocument.name)).all() == ["may.pdf"]


def test_a_bill_taken_back_gives_its_superseded_one_no_new_life_by_itself(workspace: Workspace, drop: Drop) -> None:
    """Superseding was a decision of its own; the corrected bill's answer in a review is part of its import."""
    take(workspace, drop, "april.pdf", ParsedDocument("x", invoices=(bill(charge("5.00")),)))
    with workspace.database.writing() as session:
        session.scalars(select(Invoice)).one().status = InvoiceStatus.SUPERSEDED
    second = take(workspace, drop, "april2.pdf", ParsedDocument("x", invoices=(bill(charge("4.00")),)))
    undo_import(workspace, second, "Omar", "no")
    with workspace.database.reading() as session:
        (left,) = session.scalars(select(Invoice)).all()
        assert left.status is InvoiceStatus.SUPERSEDED


def test_what_was_learned_of_codes_goes_with_its_import(workspace: Workspace, drop: Drop) -> None:
    document_id = take(workspace, drop, "april.pdf", ParsedDocument("x", invoices=(bill(charge("5.00")),)))
    undo_import(workspace, document_id, "Omar", "no")
    with workspace.database.reading() as session:
        assert session.scalars(select(ChargeCode)).all() == []
        assert session.scalars(select(ImportChange)).all() == []
        verbs = session.scalars(select(LogEntry.verb).order_by(LogEntry.id)).all()
        assert verbs == ["received", "took back"]
        assert D("5.00") not in set(session.scalars(select(Charge.amount)))


def test_what_another_file_says_as_well_is_not_taken_away(workspace: Workspace, drop: Drop) -> None:
    first = take(workspace, drop, "first.xlsx", records("C-1"))
    second = take(workspace, drop, "second.xlsx", replace(records("C-1"), importer="again"))
    with pytest.raises(StillNeeded, match=r"second.xlsx says the services that it brought as well"):
        undo_import(workspace, first, "Omar", "no")
    undo_import(workspace, second, "Omar", "first this one")
    undo_import(workspace, first, "Omar", "then that one")
    with workspace.database.reading() as session:
        assert session.scalars(select(Service)).all() == []


def test_what_was_added_and_has_been_changed_since_stays(workspace: Workspace, drop: Drop) -> None:
    first = take(workspace, drop, "first.xlsx", records("C-1", description="one"))
    take(workspace, drop, "second.xlsx", records("C-1", description="two"))
    before = content(workspace)
    with pytest.raises(StillNeeded):
        undo_import(workspace, first, "Omar", "no")
    assert content(workspace) == before


def test_the_first_file_of_a_bill_goes_after_the_second(workspace: Workspace, drop: Drop) -> None:
    first = take(workspace, drop, "april.pdf", ParsedDocument("pdf:x", invoices=(bill(charge("5.00")),)))
    twin = ParsedDocument("ubl", invoices=(bill(charge("5.00")),))
    (receipt,) = receive(workspace, [drop.add("april.xml", twin)], "Dana")
    assert (receipt.outcome, receipt.document_id is not None) == (Outcome.ALREADY_HERE, True)
    with pytest.raises(StillNeeded, match=r"april.xml says the invoices that it brought as well"):
        undo_import(workspace, first, "Omar", "no")
    undo_import(workspace, receipt.document_id or 0, "Omar", "no")
    undo_import(workspace, first, "Omar", "no")
    with workspace.database.reading() as session:
        assert session.scalars(select(Invoice)).all() == []
