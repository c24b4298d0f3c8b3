"""The letter of a dispute, as a carrier's clerk gets it."""

from __future__ import annotations

import email
import io
from datetime import date
from decimal import Decimal
from email.policy import default
from pathlib import Path

import icalendar
import pdfplumber
import pytest

from app.models.findings import Dispute
from app.services import approvals, disputes, letters, payments
from app.services.disputes import DisputeMissing
from app.services.letters import NothingInDispute
from app.services.workspace import Workspace
from tests.services.money_books import APPROVER, CLERK, MANAGER, TODAY, Books


@pytest.fixture
def books(sqlite_workspace: Workspace) -> Books:
    return Books(sqlite_workspace).open()


@pytest.fixture
def dispute(books: Books) -> int:
    """Three findings on two accounts of one carrier."""
    carrier = books.carrier("Calder Fiber & Sons")
    first = books.bill(
        books.account(carrier, "CF-1"), "INV-1", ["600.00", "400.00"], texts=["DIA 100M", "Port <b> & 2"]
    )
    second = books.bill(books.account(carrier, "CF-2"), "INV-2", ["50.00"], bill_date=date(2026, 9, 20))
    books.finding(first, "100.00", message="Billed 600.00, the contract says 500.00.")
    books.finding(first, "25.50", seq=2)
    books.finding(second, "50.00", seq=None, rule="A02", name="invoice_billed_twice", message="Billed before as INV-0.")
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER)
    return opened


def text_of(path: Path) -> list[str]:
    with pdfplumber.open(path) as pdf:
        return [" ".join(page.extract_text().split()) for page in pdf.pages]


def test_the_letter_names_both_sides_the_claim_and_every_charge(books: Books, dispute: int) -> None:
    path = letters.write_letter(books.workspace, dispute, MANAGER)
    assert path == books.workspace.exports / "disputes" / "D-2026-0001-Calder-Fiber-Sons.pdf"
    whole = " ".join(text_of(path)).replace("\u00a0", " ")
    letter, annex = whole.split("Annex: calculation of each claim to billing dispute D-2026-0001")
    for words in (
        "Meridian Foods",
        "1200 Orchard Avenue · Des Moines, IA 50309",
        "Calder Fiber & Sons",
        "PO Box 4410",
        "6 October 2026",
        "Billing dispute D-2026-0001: USD 175.50",
        "accounts CF-1 and CF-2",
        "2 invoices",
        "Port <b> & 2",
        "600.00 500.00 100.00",
        "50.00 0.00 50.00",
        "Total claimed 175.50",
        "ends on 14 November 2026",
        "within 30 days of this letter",
        "we withhold USD 175.50",
    ):
        assert words in letter, words
    for words in (
        "1. Invoice INV-1, line 1: Rate above contract",
        "Billed 600.00, the contract says 500.00.",
        "Contract MSA-1, Schedule B, 2.1, page 14, price DIA-100M from 2025-01-01",
        "printed on page 1 of your invoice",
        "Price in force on 2026-09-15 (rounded half up to 2 places) 500.00 × 1 500.00",
        "3. Invoice INV-2, the invoice as a whole: Invoice billed twice",
    ):
        assert words in annex, words


def test_the_letter_is_remembered_and_the_same_bytes_again(books: Books, dispute: int) -> None:
    path = letters.write_letter(books.workspace, dispute, MANAGER)
    before = path.read_bytes()
    assert letters.write_letter(books.workspace, dispute, MANAGER).read_bytes() == before
    with books.workspace.database.reading() as session:
        stored = session.get_one(Dispute, dispute).letter
    assert books.workspace.folder / stored == path


def test_what_is_paid_already_is_not_said_to_be_withheld(books: Books) -> None:
    bill = books.bill(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["600.00"])
    approvals.submit(books.workspace, bill, MANAGER)
    approvals.approve(books.workspace, bill, APPROVER)
    payments.schedule(books.workspace, [bill], CLERK, TODAY)
    payments.release(books.workspace, [1], MANAGER, TODAY)
    books.finding(bill, "100.00")
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER)
    letter = text_of(letters.write_letter(books.workspace, opened, MANAGER))[0]
    assert "withhold" not in letter
    assert "paid in full when they are due, without giving up this claim" in letter


def test_a_draft_mail_carries_the_letter(books: Books, dispute: int) -> None:
    path = letters.write_letter(books.workspace, dispute, MANAGER)
    mail = email.message_from_bytes(path.with_suffix(".eml").read_bytes(), policy=default)
    assert (mail["X-Unsent"], mail["To"]) == ("1", "disputes@carrier.example")
    assert mail["Subject"] == "Billing dispute D-2026-0001: USD 175.50 on accounts CF-1, CF-2"
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == path.name
    assert attached.get_content() == path.read_bytes()


def test_the_deadlines_are_calendar_entries_with_a_reminder(books: Books, dispute: int) -> None:
    path = letters.write_letter(books.workspace, dispute, MANAGER).with_suffix(".ics")
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    assert {uid: event.decoded("DTSTART") for uid, event in events.items()} == {
        "D-2026-0001-withhold@tollbook": date(2026, 10, 15),
        "D-2026-0001-file@tollbook": date(2026, 11, 14),
        "D-2026-0001-answer@tollbook": date(2026, 11, 5),
    }
    assert all(event.walk("VALARM")[0]["TRIGGER"].to_ical() == b"-P3D" for event in events.values())
    disputes.file_dispute(books.workspace, dispute, MANAGER, TODAY)
    letters.write_letter(books.workspace, dispute, MANAGER)
    after = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert [str(event["UID"]) for event in after] == ["D-2026-0001-answer@tollbook"]


def test_there_is_no_letter_without_a_claim(books: Books, dispute: int) -> None:
    with pytest.raises(DisputeMissing, match="number 9"):
        letters.write_letter(books.workspace, 9, MANAGER)
    disputes.withdraw(books.workspace, dispute, MANAGER)
    with pytest.raises(NothingInDispute, match="D-2026-0001 is withdrawn"):
        letters.write_letter(books.workspace, dispute, MANAGER)


def test_long_names_wrap_and_nothing_leaves_the_page(books: Books) -> None:
    carrier = books.carrier(
        "The Amalgamated Interstate Telephone and Telegraph Cooperative of the Northern Plains " * 2
    )
    account = books.account(carrier, "ACCOUNT-" + "0123456789" * 4)
    bill = books.bill(account, "NUMBER" + "9" * 40, ["1234567.89"] * 30, texts=["Łódź 東京 " + "unbroken" * 20] * 30)
    for seq in range(1, 31):
        books.finding(bill, "1234567.89", seq=seq, message="word " * 60)
    (opened,), _ = disputes.open_disputes(books.workspace, MANAGER)
    path = letters.write_letter(books.workspace, opened, MANAGER)
    with pdfplumber.open(path) as pdf:
        assert len(pdf.pages) > 5
        for page in pdf.pages:
            assert min(char["x0"] for char in page.chars) > 50
            assert max(char["x1"] for char in page.chars) < page.width - 50
            assert max(char["bottom"] for char in page.chars) < page.height - 20
        amounts = [word for word in pdf.pages[0].extract_words() if word["text"] == "1,234,567.89"]
    assert len({round(word["x1"], 1) for word in amounts}) == 2  # billed and claimed, each flush right
    assert Decimal(len(amounts)) >= 2
    assert io.BytesIO(path.read_bytes()).read(5) == b"%PDF-"
