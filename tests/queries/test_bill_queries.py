"""What the screens of bills, findings and waiting charges show, and what their filters leave out."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.money import D
from app.domain.source import Box, Source
from app.domain.vocabulary import ChargeType, FindingStatus, InvoiceStatus, Ledger, MatchMethod, RatingOutcome
from app.queries import bill as bill_query
from app.queries import bills, carriers, charges, findings, worklist
from app.services.auditing import audit_invoice
from app.services.findings import dismiss
from app.services.matching import match_invoice
from app.services.rerating import rate_invoice
from app.services.workspace import Workspace
from tests.services.office import APRIL, MAY, Office, bill, charge


def _fill(workspace: Workspace) -> tuple[Office, int, int]:
    """Calder bills C1 at 575.00 (500.00 in the contract), a tax and a circuit nobody knows; Halyard's bill waits."""
    office = Office(workspace)
    carrier = office.carrier()
    office.service(
        carrier, circuit="C1", account_id=office.account(carrier), location_id=office.location("CHI", "Chicago plant")
    )
    office.price(office.contract(carrier), "500.00")
    first = office.post(
        bill(
            charge("575.00", circuit="c-1"),
            charge("20.00", ChargeType.TAX, code="TX", description="Sales tax"),
            charge("40.00", circuit="X9", description="Mystery port"),
        ),
        "april.pdf",
    )
    for step in (match_invoice, rate_invoice):
        step(workspace, first, actor="Dana")
    audit_invoice(workspace, first, date(2026, 4, 10))
    second = office.post(
        bill(charge("10.00"), carrier="Halyard Voice", ban="HV_1", number="H-77", bill_date=date(2026, 5, 6)),
        "may.xlsx",
    )
    return office, first, second


def test_bills_are_listed_with_what_is_overcharged(workspace: Workspace) -> None:
    _, first, second = _fill(workspace)
    with workspace.database.reading() as session:
        rows = bills.fetch(session)
    assert [(row.id, row.carrier, row.status) for row in rows] == [
        (second, "Halyard Voice", InvoiceStatus.POSTED),
        (first, "Calder Fiber", InvoiceStatus.AUDITED),
    ]
    row = rows[1]
    assert (row.billed, row.overcharged, row.expected) == (D("635.00"), D("115.00"), D("520.00"))
    assert (row.findings, row.unmatched, row.document) == (2, 1, "april.pdf")


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (bills.Filter(text="halyard"), ["H-77"]),
        (bills.Filter(text="HV_1"), ["H-77"]),
        (bills.Filter(text="v%1"), []),
        (bills.Filter(text="APRIL"), ["INV-1"]),
        (bills.Filter(statuses=(InvoiceStatus.AUDITED,)), ["INV-1"]),
        (bills.Filter(first=date(2026, 5, 6)), ["H-77"]),
        (bills.Filter(last=date(2026, 4, 5)), ["INV-1"]),
        (bills.Filter(first=date(2026, 4, 6), last=date(2026, 5, 5)), []),
        (bills.Filter(overcharged=True), ["INV-1"]),
    ],
)
def test_bills_are_filtered(workspace: Workspace, wanted: bills.Filter, numbers: list[str]) -> None:
    _fill(workspace)
    with workspace.database.reading() as session:
        assert [row.number for row in bills.fetch(session, wanted)] == numbers


def test_bills_are_filtered_by_carrier(workspace: Workspace) -> None:
    _fill(workspace)
    with workspace.database.reading() as session:
        carrier_id = carriers.find_carrier(session, "CALDER fiber")
        assert [row.number for row in bills.fetch(session, bills.Filter(carrier_id=carrier_id))] == ["INV-1"]
        assert carriers.find_carrier(session, "Nobody") is None
        assert list(carriers.list_carriers(session)) == ["Calder Fiber", "Halyard Voice"]


def test_a_bill_shows_each_charge_beside_its_place_and_its_proof(workspace: Workspace) -> None:
    _, first, _ = _fill(workspace)
    with workspace.database.reading() as session:
        detail = bill_query.fetch_one(session, first)
        assert bill_query.fetch_one(session, first + 1000) is None
    assert detail is not None
    assert (detail.carrier, detail.ban, detail.document) == ("Calder Fiber", "CF-1001", "april.pdf")
    assert detail.sources == {"number": Source(page=1)}
    assert (detail.overcharged, detail.expected, detail.period) == (D("115.00"), D("520.00"), APRIL)
    rated, tax, unknown = detail.charges
    assert (rated.service, rated.match, rated.outcome) == ("C1", MatchMethod.CIRCUIT_ID, RatingOutcome.RATED)
    assert (rated.expected, rated.variance, rated.claim, rated.rules) == (D("500.00"), D("75.00"), D("75.00"), ("A30",))
    assert rated.source == Source(page=1, box=Box(3600, 30000, 55900, 31200))
    assert rated.proof is not None
    assert rated.proof.holds()
    assert (tax.match, tax.outcome, tax.expected) == (MatchMethod.ACCOUNT_LEVEL, RatingOutcome.NOT_PRICED, None)
    assert (unknown.match, unknown.service, unknown.rules) == (None, "", ("A20",))
    assert [(charge.owed, charge.excess) for charge in detail.charges] == [
        (D("500.00"), D("75.00")),
        (None, None),
        (D("0"), D("40.00")),
    ], "what a finding claims is not owed, whether or not a contract prices the charge"
    assert [finding.rule for finding in detail.findings] == ["A30", "A20"]
    assert detail.issues == ()


def test_a_bill_tells_what_was_said_of_its_document(workspace: Workspace) -> None:
    _, _, second = _fill(workspace)
    with workspace.database.reading() as session:
        detail = bill_query.fetch_one(session, second)
    assert detail is not None
    assert [issue.code for issue in detail.issues] == ["carrier-added", "account-added"]


def test_findings_are_listed_largest_first_and_filtered(workspace: Workspace) -> None:
    _fill(workspace)
    with workspace.database.reading() as session:
        rows = findings.fetch(session)
        by_text = findings.fetch(session, findings.Filter(text="mystery"))
        by_rule = findings.fetch(session, findings.Filter(rule="A30"))
        checks = findings.fetch(session, findings.Filter(ledgers=(Ledger.CHECK,)))
    assert [(row.rule, row.claim, row.number, row.service) for row in rows] == [
        ("A30", D("75.00"), "INV-1", "C1"),
        ("A20", D("40.00"), "INV-1", "X9"),
    ]
    assert [row.rule for row in by_text] == ["A20"]
    assert [row.rule for row in by_rule] == ["A30"]
    assert checks == []


def test_a_dismissed_finding_is_not_overcharged_any_more(workspace: Workspace) -> None:
    _, first, _ = _fill(workspace)
    with workspace.database.reading() as session:
        finding = findings.fetch(session, findings.Filter(rule="A30"))[0]
    dismiss(workspace, finding.id, "Dana", "agreed by mail")
    with workspace.database.reading() as session:
        detail = findings.fetch_one(session, finding.id)
        row = bills.fetch(session, bills.Filter(text="INV-1"))[0]
        one = bill_query.fetch_one(session, first)
        still_open = findings.fetch(session, findings.Filter(statuses=(FindingStatus.OPEN,)))
    assert detail is not None
    assert (detail.dismissed_by, detail.dismissed_reason) == ("Dana", "agreed by mail")
    assert (row.overcharged, row.findings) == (D("40.00"), 1)
    assert one is not None
    assert (one.overcharged, one.charges[0].claim) == (D("40.00"), D("0"))
    assert [each.rule for each in still_open] == ["A20"]


def test_a_finding_leads_to_its_proof_and_its_place_on_the_document(workspace: Workspace) -> None:
    _fill(workspace)
    with workspace.database.reading() as session:
        row = findings.fetch(session, findings.Filter(rule="A30"))[0]
        detail = findings.fetch_one(session, row.id)
        assert findings.fetch_one(session, row.id + 1000) is None
    assert detail is not None
    assert detail.proof is not None
    assert detail.proof.holds()
    assert (detail.period, detail.source.page, detail.document) == (APRIL, 1, "april.pdf")


def test_the_worklist_offers_services_but_decides_nothing(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    account, plant = office.account(carrier), office.location("CHI", "Chicago plant")
    rack = office.service(carrier, circuit="R1", code="RACK", account_id=account, location_id=plant)
    office.service(carrier, circuit="P1", code="POWER", account_id=account)
    twins = [office.service(carrier, circuit="T1", code=code) for code in ("A", "B")]
    office.service(office.carrier("Halyard Voice"), circuit="V1", code="RACK")
    invoice_id = office.post(
        bill(
            charge("1.00", circuit="T1", code="C"),
            charge("1.00", circuit="NEW-1", code="RACK", location="Chicago plant"),
            charge("1.00", code="NIX", period=MAY),
            charge("1.00", ChargeType.TAX, code="TX"),
        )
    )
    with workspace.database.reading() as session:
        assert worklist.fetch(session) == []  # nobody has tried to match it yet
    match_invoice(workspace, invoice_id, "Dana")
    with workspace.database.reading() as session:
        rows = worklist.fetch(session)
        filtered = worklist.fetch(session, worklist.Filter(text="new-1", invoice_id=invoice_id))
    assert [(row.seq, row.why) for row in rows] == [
        (1, "2 services fit: choose one."),
        (2, "NEW-1 is not in the inventory of Calder Fiber."),
        (3, "The charge prints no service."),
    ]
    assert [choice.service_id for choice in rows[0].choices] == twins
    assert [(choice.service_id, choice.site, choice.why) for choice in rows[1].choices] == [
        (rack, "Chicago plant", "same site and code")
    ]
    assert (rows[2].choices, rows[2].period) == ((), MAY)
    assert [row.seq for row in filtered] == [2]


def test_charges_are_one_flat_table(workspace: Workspace) -> None:
    _fill(workspace)
    with workspace.database.reading() as session:
        rows = charges.fetch(session)
        later = charges.fetch(session, charges.Filter(first=date(2026, 5, 1)))
    assert [(row.number, row.seq, row.claim) for row in rows] == [
        ("INV-1", 1, D("75.00")),
        ("INV-1", 2, D("0")),
        ("INV-1", 3, D("40.00")),
        ("H-77", 1, D("0")),
    ]
    assert (rows[0].first_day, rows[0].last_day, rows[0].variance) == (date(2026, 4, 1), date(2026, 4, 30), D("75.00"))
    assert [row.number for row in later] == ["H-77"]
