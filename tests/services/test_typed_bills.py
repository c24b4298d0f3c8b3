"""Bills that a person typed in: kept as a file of their own, read again, and known again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.money import D
from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.period import Period
from app.domain.source import Source
from app.domain.vocabulary import ChargeType, Severity
from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.importers.typed.form import write_typed
from app.models.documents import DocumentIssue, SourceDocument
from app.models.invoices import Charge, Invoice
from app.services.receipts import Outcome
from app.services.typed_bills import NeedsReason, TypedBill, foot, name_of, post_typed
from app.services.workspace import Workspace

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
BILL = ParsedInvoice(
    carrier="Borealis Networks",
    number="B-77/1",
    bill_date=date(2026, 9, 3),
    currency="USD",
    current_charges=D("630.00"),
    total_due=D("580.00"),
    ban="555-0100",
    billing_period=SEPTEMBER,
    due_date=date(2026, 10, 3),
    previous_balance=D("150.00"),
    payments_applied=D("-200.00"),
    charges=(
        ParsedCharge(
            "Internet 100 Mbps",
            D("600.00"),
            Source(path="charges[1]"),
            ChargeType.MRC,
            code="DIA100",
            quantity=D("2"),
            unit_price=D("300.00"),
            period=SEPTEMBER,
            circuit_id="80/KXGS/000123//BN",
        ),
        ParsedCharge("Excise tax", D("30.00"), Source(path="charges[2]"), ChargeType.TAX, tn="2125550100"),
    ),
)


def read(content: bytes) -> Any:
    return read_document("typed-B-77-1.json", content, Definitions())


def changed(**values: Any) -> bytes:
    told = json.loads(write_typed(BILL))
    told.update(values)
    return json.dumps({name: value for name, value in told.items() if value is not None}).encode()


def without_places(invoice: ParsedInvoice) -> ParsedInvoice:
    charges = tuple(replace(charge, source=Source()) for charge in invoice.charges)
    return replace(invoice, charges=charges, sources={})


def test_a_typed_bill_is_read_again_as_it_was_typed() -> None:
    document = read(write_typed(BILL))
    assert document.importer == "typed"
    assert document.issues == ()
    assert without_places(document.invoices[0]) == without_places(BILL)
    assert document.invoices[0].charges[1].source == Source(path="charges[2]")
    assert document.invoices[0].sources["total_due"] == Source(path="total_due")


def test_equal_bills_make_equal_files() -> None:
    same = replace(BILL, total_due=D("580.0000"), previous_balance=D("150"))
    assert write_typed(same) == write_typed(BILL)


@given(
    amounts=st.lists(st.decimals("-99999", "99999", places=4, allow_nan=False), min_size=1, max_size=5),
    text=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zs", "Zl", "Zp")), min_size=1),
)
def test_whatever_is_typed_comes_back(amounts: list[Any], text: str) -> None:
    charges = tuple(ParsedCharge(text, amount, Source(), code=text[:5]) for amount in amounts)
    bill = replace(BILL, carrier="Borealis", charges=charges, current_charges=sum(amounts), total_due=D("1"))
    found = read(write_typed(bill)).invoices[0]
    assert [charge.amount for charge in found.charges] == amounts
    assert write_typed(found) == write_typed(read(write_typed(found)).invoices[0])


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"carrier": None}, "carrier"),
        ({"total_due": "1e5"}, "total_due"),
        ({"total_due": 5}, "total_due"),
        ({"bill_date": "03.09.2026"}, "bill_date"),
        ({"billing_period": ["2026-09-30", "2026-09-01"]}, "billing_period"),
        ({"kind": "gift"}, "kind"),
        ({"charges": [{"description": "no amount"}]}, "charges[1]"),
        ({"charges": [{"amount": "1", "charge_type": "RENT"}]}, "charges[1].charge_type"),
        ({"charges": {}}, "charges"),
    ],
)
def test_a_file_that_was_changed_afterwards_is_refused_with_its_place(values: dict[str, Any], path: str) -> None:
    document = read(changed(**values))
    assert document.invoices == ()
    assert path in [issue.source.path for issue in document.issues if issue.severity is Severity.ERROR]


def test_another_version_is_refused() -> None:
    (issue,) = read(changed(version=2)).issues
    assert "no typed bill of version 1" in issue.message


def test_the_footing_says_what_differs() -> None:
    sums = foot(replace(BILL, current_charges=D("640.00")))
    assert (sums.charges, sums.balance, sums.current_difference, sums.total_difference) == (
        D("630.00"),
        D("-50.00"),
        D("10.00"),
        D("-10.00"),
    )
    assert foot(BILL).foots


@pytest.mark.parametrize(
    ("number", "name"), [("B-77/1", "typed-B-77-1.json"), ("../..", "typed-bill.json"), ("Ä 5", "typed-5.json")]
)
def test_the_files_name_is_the_bills_number(number: str, name: str) -> None:
    assert name_of(replace(BILL, number=number)) == name


def test_a_typed_bill_is_posted_as_a_document_of_its_own(sqlite_workspace: Workspace) -> None:
    receipt, _changes = post_typed(sqlite_workspace, TypedBill(BILL), "Ada")
    assert receipt.outcome is Outcome.TAKEN, receipt.message
    with sqlite_workspace.database.reading() as session:
        invoice = session.scalars(select(Invoice)).one()
        document = session.scalars(select(SourceDocument)).one()
        charges = session.scalars(select(Charge).order_by(Charge.id)).all()
        assert (invoice.number, invoice.total_due, invoice.document_id) == ("B-77/1", D("580.00"), document.id)
        assert (document.name, document.importer, document.received_by) == ("typed-B-77-1.json", "typed", "Ada")
        assert [(charge.description, charge.amount, charge.tn) for charge in charges] == [
            ("Internet 100 Mbps", D("600.00"), ""),
            ("Excise tax", D("30.00"), "2125550100"),
        ]
        kept = sqlite_workspace.documents.path(document.sha256).read_bytes()
    assert kept == write_typed(BILL)


def test_the_same_bill_typed_twice_is_told(sqlite_workspace: Workspace) -> None:
    post_typed(sqlite_workspace, TypedBill(BILL), "Ada")
    receipt, _changes = post_typed(sqlite_workspace, TypedBill(BILL), "Ben")
    assert receipt.outcome is Outcome.ALREADY_HERE
    assert "already here" in receipt.message


def test_another_bill_of_the_same_number_is_not_posted_beside_it(sqlite_workspace: Workspace) -> None:
    post_typed(sqlite_workspace, TypedBill(BILL), "Ada")
    other = replace(BILL, charges=BILL.charges[:1], current_charges=D("600.00"), total_due=D("550.00"))
    receipt, _changes = post_typed(sqlite_workspace, TypedBill(other), "Ben")
    assert receipt.outcome in (Outcome.REFUSED, Outcome.HELD)
    assert "B-77/1" in "\n".join(receipt.lines())
    with sqlite_workspace.database.reading() as session:
        assert session.scalars(select(Invoice)).one().total_due == D("580.00")


def test_a_bill_that_does_not_add_up_wants_a_reason_and_keeps_it(sqlite_workspace: Workspace) -> None:
    wrong = replace(BILL, current_charges=D("640.00"), total_due=D("590.00"))
    with pytest.raises(NeedsReason, match=r"charges make 630\.00, its current charges are 640\.00"):
        post_typed(sqlite_workspace, TypedBill(wrong, "  "), "Ada")
    receipt, _changes = post_typed(sqlite_workspace, TypedBill(wrong, "As printed; the carrier added wrongly"), "Ada")
    assert receipt.outcome is Outcome.TAKEN, receipt.message
    with sqlite_workspace.database.reading() as session:
        told = {issue.code: issue.message for issue in session.scalars(select(DocumentIssue))}
    assert "As printed; the carrier added wrongly" in told["typed-with-reason"]
    assert "does-not-foot" in told


def test_a_reason_for_a_bill_that_adds_up_is_not_kept(sqlite_workspace: Workspace) -> None:
    post_typed(sqlite_workspace, TypedBill(BILL, "no need"), "Ada")
    with sqlite_workspace.database.reading() as session:
        codes = set(session.scalars(select(DocumentIssue.code)))
    assert "typed-with-reason" not in codes
