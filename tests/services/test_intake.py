"""Files come in whole or not at all, each for itself, and once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.money import D
from app.domain.parsed import ParsedDocument
from app.domain.parsed_records import (
    ParsedAccount,
    ParsedCarrier,
    ParsedContract,
    ParsedLocation,
    ParsedRateElement,
    ParsedRecord,
    ParsedService,
)
from app.domain.parsed_usage import ParsedUsage
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import ChargeType, PriceModel, ServiceKind, Severity
from app.models import Base
from app.models.documents import DocumentIssue, SourceDocument, UsageBatch
from app.models.inventory import BillingAccount, Carrier, Service
from app.models.invoices import Charge, Invoice
from app.models.workspace import LogEntry
from app.services import incoming, storing
from app.services.intake import expand_folders, receive
from app.services.log import verify_log
from app.services.progress import Progress
from app.services.receipts import Outcome, Receipt
from app.services.workspace import Workspace
from tests.services.drops import Drop
from tests.services.office import bill, charge

WARNING = ParseIssue(Severity.WARNING, "does-not-foot", "It does not foot.", "Look.", Source(page=2))
ERROR = ParseIssue(Severity.ERROR, "no-importer", "Nobody reads it.", "Save a mapping for it.", Source(page=1))
PLACE = Source(sheet="Prices", row=2)


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drop:
    return Drop(tmp_path / "drop", monkeypatch)


def a_bill(number: str = "INV-1", day: int = 5) -> ParsedDocument:
    return ParsedDocument("pdf:calder", invoices=(bill(charge("5.00"), number=number, bill_date=date(2026, 4, day)),))


def some_usage(ban: str = "CF-1001") -> ParsedDocument:
    batch = ParsedUsage(
        "Calder Fiber",
        ban,
        "USD",
        ("13125550101",) * 2,
        ("1",) * 2,
        (1775000000, 1777700000),
        (5, 6),
        (None,) * 2,
        (2, 3),
    )
    return ParsedDocument("call-records:calder", usage=(batch,))


def some_records(*records: ParsedRecord) -> ParsedDocument:
    return ParsedDocument("inventory-workbook", records=records)


def count(workspace: Workspace, table: type[Base]) -> int:
    with workspace.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def files_of(workspace: Workspace) -> list[str]:
    folders = (workspace.documents.folder, workspace.usage.folder)
    return sorted(file.name for folder in folders for file in folder.rglob("*") if file.is_file())


def outcomes(receipts: list[Receipt]) -> list[tuple[str, Outcome]]:
    return [(receipt.path.name, receipt.outcome) for receipt in receipts]


def test_a_bill_is_taken_with_its_document_its_warnings_and_a_log_entry(workspace: Workspace, drop: Drop) -> None:
    path = drop.add("april.pdf", replace(a_bill(), issues=(WARNING,)))
    (receipt,) = receive(workspace, [path], "Dana")
    assert (receipt.outcome, receipt.importer, receipt.counts) == (Outcome.TAKEN, "pdf:calder", "1 bill, 1 charge")
    assert receipt.message == "april.pdf: 1 bill, 1 charge, 3 warnings."
    assert [issue.code for issue in receipt.issues] == ["does-not-foot", "carrier-added", "account-added"]
    with workspace.database.reading() as session:
        document = session.scalars(select(SourceDocument)).one()
        entry = session.scalars(select(LogEntry)).one()
        issues = list(session.execute(select(DocumentIssue.code, DocumentIssue.place).order_by(DocumentIssue.id)))
        assert (document.id, document.name, document.received_by) == (receipt.document_id, "april.pdf", "Dana")
        assert workspace.documents.path(document.sha256).read_bytes() == path.read_bytes()
        assert list(session.scalars(select(Invoice.id))) == list(receipt.invoice_ids)
        assert (entry.verb, entry.subject, verify_log(session)) == ("received", "file april.pdf", None)
        assert issues[0] == ("does-not-foot", "page 2")


def test_the_same_file_again_changes_nothing_and_names_the_first(workspace: Workspace, drop: Drop) -> None:
    first = receive(workspace, [drop.add("april.pdf", a_bill(), "same")], "Dana")[0]
    before = files_of(workspace)
    again = receive(workspace, [drop.add("copy of april.pdf", a_bill(), "same")], "Omar")[0]
    assert (again.outcome, again.document_id) == (Outcome.ALREADY_HERE, first.document_id)
    assert again.message.startswith("copy of april.pdf is already here: it was taken in as april.pdf on ")
    assert (count(workspace, Invoice), count(workspace, LogEntry), files_of(workspace)) == (1, 1, before)
    assert drop.read == ["april.pdf"]


def test_the_same_file_twice_in_one_drop_is_taken_once(workspace: Workspace, drop: Drop) -> None:
    twins = [drop.add("a.pdf", a_bill(), "same"), drop.add("b.pdf", a_bill(), "same")]
    receipts = receive(workspace, twins, "Dana")
    assert outcomes(receipts) == [("a.pdf", Outcome.TAKEN), ("b.pdf", Outcome.ALREADY_HERE)]
    assert receipts[1].document_id == receipts[0].document_id
    assert receipts[1].message == "b.pdf is the same file as a.pdf beside it, which has been taken in."
    assert count(workspace, Invoice) == 1


def test_a_refused_file_twice_in_one_drop_is_refused_twice(workspace: Workspace, drop: Drop) -> None:
    bad = ParsedDocument("", issues=(ERROR,))
    receipts = receive(workspace, [drop.add("a.bin", bad, "same"), drop.add("b.bin", bad, "same")], "Dana")
    assert outcomes(receipts) == [("a.bin", Outcome.REFUSED), ("b.bin", Outcome.REFUSED)]
    assert receipts[1].message.startswith("b.bin is the same file as a.bin beside it. a.bin")
    assert [len(receipt.lines()) for receipt in receipts] == [1, 1]


def test_a_bad_file_does_not_stop_the_good_ones_beside_it(workspace: Workspace, drop: Drop) -> None:
    paths = [
        drop.add("1.pdf", a_bill("INV-1", 1)),
        drop.add("2.bin", replace(a_bill("INV-2", 2), issues=(WARNING, ERROR))),
        drop.folder / "absent.pdf",
        drop.add("3.pdf", a_bill("INV-3", 3)),
        drop.add("4.pdf", a_bill("INV-3", 4)),  # another file with a number that is here
    ]
    (drop.folder / "empty.pdf").write_bytes(b"")
    receipts = receive(workspace, [*paths, drop.folder / "empty.pdf"], "Dana")
    assert [receipt.outcome for receipt in receipts] == [
        Outcome.TAKEN,
        Outcome.REFUSED,
        Outcome.REFUSED,
        Outcome.TAKEN,
        Outcome.HELD,
        Outcome.REFUSED,
    ]
    assert receipts[1].message == "2.bin, page 1: Nobody reads it. Save a mapping for it."
    assert "absent.pdf cannot be read: No such file" in receipts[2].message
    assert "4.pdf waits for review: 1 bill, 1 charge. Bill INV-3 is here already, from 3.pdf" in receipts[4].message
    assert receipts[5].message == "empty.pdf is empty. Fetch it from the carrier again."
    with workspace.database.reading() as session:
        assert sorted(session.scalars(select(SourceDocument.name))) == ["1.pdf", "3.pdf"]
        assert sorted(session.scalars(select(Invoice.number))) == ["INV-1", "INV-3"]
    assert [(receipt.quarantine_id is not None, receipt.held_id is not None) for receipt in receipts] == [
        (False, False),
        (True, False),
        (False, False),
        (False, False),
        (False, True),
        (False, False),
    ]
    assert len(files_of(workspace)) == 4  # what was refused or waits is kept as well


def test_a_file_too_large_is_refused_unread(workspace: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "MAX_FILE_BYTES", 10)
    (receipt,) = receive(workspace, [drop.add("big.pdf", a_bill(), "x" * 11)], "Dana")
    assert (receipt.outcome, drop.read) == (Outcome.REFUSED, [])


def test_records_come_before_usage_and_bills_by_their_date(workspace: Workspace, drop: Drop) -> None:
    carrier = ParsedCarrier("Calder Fiber", PLACE, currency="USD")
    paths = [
        drop.add("a-late.pdf", a_bill("INV-9", 9)),
        drop.add("b-calls.csv", some_usage()),
        drop.add("c-early.pdf", a_bill("INV-1", 1)),
        drop.add("d-accounts.csv", some_records(ParsedAccount("Calder Fiber", "CF-1001", PLACE, currency="USD"))),
        drop.add("e-carriers.csv", some_records(carrier)),
    ]
    heard: list[Progress] = []
    receipts = receive(workspace, paths, "Dana", progress=heard.append)
    assert {receipt.outcome for receipt in receipts} == {Outcome.TAKEN}
    posted = [each.subject for each in heard if each.stage == "posting" and each.subject]
    assert posted == ["e-carriers.csv", "d-accounts.csv", "b-calls.csv", "c-early.pdf", "a-late.pdf"]
    assert [each.subject for each in heard if each.stage == "reading"] == [path.name for path in paths]
    assert heard[-1] == Progress("posting", "", 5, 5)
    with workspace.database.reading() as session:
        assert session.scalars(select(DocumentIssue.code)).all() == []  # nothing had to be added by itself


def test_record_files_that_name_each_other_are_taken_in_any_order(workspace: Workspace, drop: Drop) -> None:
    """The first by name has a service at a site that only the second knows; the account's contract comes last."""
    carrier = ParsedCarrier("Calder Fiber", PLACE, currency="USD")
    account = ParsedAccount("Calder Fiber", "CF-1001", PLACE, currency="USD", contract="MSA-1")
    service = ParsedService(
        "Calder Fiber", ServiceKind.WAN, PLACE, ban="CF-1001", circuit_id="C1", code="EPL", location_a="CHI"
    )
    contract = ParsedContract("Calder Fiber", "MSA-1", date(2025, 1, 1), None, "USD", PLACE)
    price = ParsedRateElement("MSA-1", "EPL", ChargeType.MRC, PriceModel.FLAT, D("500.00"), date(2025, 1, 1), PLACE)
    paths = [
        drop.add("a.xlsx", some_records(carrier, account, service)),
        drop.add("b.xlsx", some_records(carrier, ParsedLocation("CHI", "Chicago plant", PLACE))),
        drop.add("c.xlsx", some_records(contract, price)),
    ]
    receipts = receive(workspace, paths, "Dana")
    assert [receipt.message for receipt in receipts if receipt.outcome is not Outcome.TAKEN] == []
    with workspace.database.reading() as session:
        assert session.scalars(select(BillingAccount.contract_id)).one() is not None
        assert session.scalars(select(Service.location_a_id)).one() is not None


def test_usage_is_stored_by_account_and_month(workspace: Workspace, drop: Drop) -> None:
    (receipt,) = receive(workspace, [drop.add("calls.csv", some_usage())], "Dana")
    assert (receipt.outcome, receipt.counts) == (Outcome.TAKEN, "2 call records")
    with workspace.database.reading() as session:
        rows = session.execute(select(UsageBatch.month, UsageBatch.rows, UsageBatch.path).order_by(UsageBatch.month))
        stored = [(row.month, row.rows, (workspace.usage.folder / row.path).is_file()) for row in rows]
    assert stored == [(date(2026, 3, 1), 1, True), (date(2026, 5, 1), 1, True)]


def test_nothing_is_left_of_a_file_whose_storing_fails(
    workspace: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows, document and usage files: all were written when the last step fails."""
    document = replace(some_usage(), invoices=a_bill().invoices)
    path = drop.add("both.xml", document)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(storing, "record", fail)
        (receipt,) = receive(workspace, [path], "Dana")
    assert receipt.outcome is Outcome.REFUSED
    assert "both.xml could not be stored; nothing of it was kept." in receipt.message
    tables = (SourceDocument, DocumentIssue, Invoice, Charge, UsageBatch, Carrier, BillingAccount, LogEntry)
    assert [count(workspace, table) for table in tables] == [0] * len(tables)
    assert files_of(workspace) == []
    (again,) = receive(workspace, [path], "Dana")
    assert again.outcome is Outcome.TAKEN
    assert len(files_of(workspace)) == 3


def test_two_windows_that_take_in_one_file_at_once_take_it_once(workspace: Workspace, drop: Drop) -> None:
    both_have_read = threading.Barrier(2, timeout=20)

    def read_together() -> ParsedDocument:
        both_have_read.wait()
        return replace(a_bill(), usage=some_usage().usage)

    path = drop.add("april.pdf", read_together)
    receipts: list[Receipt] = []

    def work() -> None:
        receipts.extend(receive(workspace, [path], "Dana"))

    windows = [threading.Thread(target=work) for _ in range(2)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sorted(receipt.outcome for receipt in receipts) == [Outcome.ALREADY_HERE, Outcome.TAKEN]
    assert len({receipt.document_id for receipt in receipts}) == 1
    assert (count(workspace, Invoice), count(workspace, SourceDocument), count(workspace, LogEntry)) == (1, 1, 1)
    assert len(files_of(workspace)) == 3


def test_a_cancel_between_files_leaves_what_was_complete(workspace: Workspace, drop: Drop) -> None:
    paths = [drop.add(f"{number}.pdf", a_bill(f"INV-{number}", number)) for number in (1, 2, 3)]
    posted: list[str] = []

    def hear(progress: Progress) -> None:
        if progress.stage == "posting":
            posted.append(progress.subject)

    receipts = receive(workspace, paths, "Dana", progress=hear, cancelled=lambda: len(posted) > 1)
    assert outcomes(receipts) == [
        ("1.pdf", Outcome.TAKEN),
        ("2.pdf", Outcome.CANCELLED),
        ("3.pdf", Outcome.CANCELLED),
    ]
    assert (count(workspace, Invoice), len(files_of(workspace))) == (1, 1)


def test_a_cancel_while_reading_stores_nothing(workspace: Workspace, drop: Drop) -> None:
    cancel = threading.Event()

    def read_and_be_cancelled() -> ParsedDocument:
        cancel.set()
        return a_bill()

    paths = [drop.add("1.pdf", read_and_be_cancelled), drop.add("2.pdf", read_and_be_cancelled, "two")]
    receipts = receive(workspace, paths, "Dana", cancelled=cancel.is_set)
    assert {receipt.outcome for receipt in receipts} == {Outcome.CANCELLED}
    assert (count(workspace, SourceDocument), files_of(workspace)) == (0, [])


def test_folders_are_files_by_name_without_hidden_ones(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/2.pdf", "1.pdf", ".hidden", ".git/config", "~$open.xlsx"):
        (tmp_path / name).write_text("x")
    single = tmp_path / "1.pdf"
    assert [path.name for path in expand_folders([tmp_path, single])] == ["1.pdf", "2.pdf", "1.pdf"]
