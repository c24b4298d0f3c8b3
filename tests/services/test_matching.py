"""A charge finds its service by what it prints, or waits for a person; nothing is guessed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.parsed import ParsedCharge
from app.domain.vocabulary import ChargeType, InvoiceStatus, MatchMethod
from app.domain.workflow import IllegalTransition
from app.models.invoices import Charge, ChargeMatch, Invoice
from app.models.workspace import LogEntry
from app.services.matching import MatchTooLate, ServiceOfAnotherCarrier, match_charge, match_invoice
from app.services.workspace import Workspace
from tests.services.office import Office, bill, charge

Match = tuple[int | None, MatchMethod] | None


def _match(office: Office, *charges: ParsedCharge) -> list[Match]:
    invoice_id = office.post(bill(*charges))
    match_invoice(office.workspace, invoice_id, "Dana")
    return _matches(office.workspace, invoice_id)


def _matches(workspace: Workspace, invoice_id: int) -> list[Match]:
    with workspace.database.reading() as session:
        rows = session.execute(
            select(ChargeMatch.charge_id, ChargeMatch.service_id, ChargeMatch.method)
            .select_from(Charge)
            .outerjoin(ChargeMatch, ChargeMatch.charge_id == Charge.id)
            .where(Charge.invoice_id == invoice_id)
            .order_by(Charge.seq)
        )
        return [None if row.charge_id is None else (row.service_id, row.method) for row in rows]


def test_circuit_id_first_then_number_however_they_are_printed(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    circuit = office.service(carrier, circuit="80/KXGS/000123//NB")
    line = office.service(carrier, tn="+1 312 555 0142", code="POTS")
    found = _match(
        office,
        charge("1.00", circuit="80.kxgs.000123..nb", tn="312-555-0142"),
        charge("1.00", tn="(312) 555-0142"),
        charge("1.00", circuit="99/UNKNOWN", tn="312 555 0142"),
    )
    assert found == [
        (circuit, MatchMethod.CIRCUIT_ID),
        (line, MatchMethod.TELEPHONE_NUMBER),
        (line, MatchMethod.TELEPHONE_NUMBER),
    ]


def test_site_and_code_only_where_exactly_one_service_fits(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    plant, depot = office.location("CHI-01", "Chicago plant"), office.location("CHI-02", "Chicago depot")
    rack = office.service(carrier, circuit="R1", code="RACK", location_id=plant)
    office.service(carrier, circuit="X1", code="XC", location_id=depot)
    office.service(carrier, circuit="X2", code="XC", location_id=depot)
    found = _match(
        office,
        charge("1.00", code="rack", location="Chicago Plant"),
        charge("1.00", code="RACK", location="chi 01"),
        charge("1.00", code="XC", location="CHI-02"),
        charge("1.00", code="XC", location="CHI-01"),
    )
    assert found == [(rack, MatchMethod.SITE_AND_CODE), (rack, MatchMethod.SITE_AND_CODE), None, None]


def test_an_unknown_identifier_decides_against_the_site(workspace: Workspace) -> None:
    """A circuit that nobody ordered, at a site where another one stands, is not that other one."""
    office = Office(workspace)
    plant = office.location("CHI-01", "Chicago plant")
    office.service(office.carrier(), circuit="80/KXGS/000123", location_id=plant)
    assert _match(office, charge("1.00", circuit="80/KXGS/999999", location="CHI-01")) == [None]


def test_a_circuit_with_two_services_goes_by_code_then_account_then_to_a_person(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    here, there = office.account(carrier, "CF-1001"), office.account(carrier, "CF-2002")
    port = office.service(carrier, circuit="C1", code="PORT", account_id=here)
    office.service(carrier, circuit="C1", code="ACCESS", account_id=here)
    moved = office.service(carrier, circuit="C2", code="PORT", account_id=here)
    office.service(carrier, circuit="C2", code="PORT", account_id=there)
    found = _match(
        office,
        charge("1.00", circuit="C1", code="PORT"),
        charge("1.00", circuit="C2", code="PORT"),
        charge("1.00", circuit="C1", code="OTHER"),
    )
    assert found == [(port, MatchMethod.CIRCUIT_ID), (moved, MatchMethod.CIRCUIT_ID), None]


def test_a_service_of_another_account_matches_one_of_another_carrier_never(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    moved = office.service(carrier, circuit="C1", account_id=office.account(carrier, "CF-2002"))
    office.service(office.carrier("Halyard Voice"), circuit="C9")
    assert _match(office, charge("1.00", circuit="C1"), charge("1.00", circuit="C9")) == [
        (moved, MatchMethod.CIRCUIT_ID),
        None,
    ]


@pytest.mark.parametrize("charge_type", list(ChargeType))
def test_only_what_needs_no_service_belongs_to_the_account(
    sqlite_workspace: Workspace, charge_type: ChargeType
) -> None:
    office = Office(sqlite_workspace)
    office.carrier()
    needs_one = charge_type in {ChargeType.MRC, ChargeType.NRC, ChargeType.USAGE}
    found = _match(office, charge("1.00", charge_type), charge("1.00", charge_type, circuit="UNKNOWN-1"))
    assert found == [None if needs_one else (None, MatchMethod.ACCOUNT_LEVEL), None]


def test_a_match_by_hand_survives_matching_again(workspace: Workspace) -> None:
    office = Office(workspace)
    carrier = office.carrier()
    by_circuit, by_hand = office.service(carrier, circuit="C1"), office.service(carrier, circuit="C2")
    invoice_id = office.post(bill(charge("1.00", circuit="C1"), charge("1.00"), charge("1.00")))
    match_invoice(workspace, invoice_id, "Dana")
    with workspace.database.reading() as session:
        charges = list(session.scalars(select(Charge.id).order_by(Charge.seq)))
    match_charge(workspace, charges[0], by_hand, "Dana")
    match_charge(workspace, charges[1], None, "Dana")
    match_invoice(workspace, invoice_id, "Dana")
    assert by_circuit != by_hand
    assert _matches(workspace, invoice_id) == [(by_hand, MatchMethod.BY_HAND), (None, MatchMethod.BY_HAND), None]
    with workspace.database.reading() as session:
        verbs = session.scalars(select(LogEntry.subject).where(LogEntry.verb == "matched")).all()
        assert session.get_one(Invoice, invoice_id).status is InvoiceStatus.MATCHED
    assert verbs == ["bill INV-1", "charge 1 of bill INV-1", "charge 2 of bill INV-1", "bill INV-1"]


def test_a_hand_cannot_match_to_another_carriers_service(workspace: Workspace) -> None:
    office = Office(workspace)
    office.carrier()
    foreign = office.service(office.carrier("Halyard Voice"), circuit="C9")
    office.post(bill(charge("1.00")))
    with workspace.database.reading() as session:
        charge_id = session.scalars(select(Charge.id)).one()
    with pytest.raises(ServiceOfAnotherCarrier, match="Service C9 is not one of Calder Fiber"):
        match_charge(workspace, charge_id, foreign, "Dana")


def test_a_submitted_bill_is_not_matched_any_more(workspace: Workspace) -> None:
    office = Office(workspace)
    invoice_id = office.post(bill(charge("1.00")))
    with workspace.database.writing() as session:
        session.get_one(Invoice, invoice_id).status = InvoiceStatus.IN_APPROVAL
        charge_id = session.scalars(select(Charge.id)).one()
    with pytest.raises(IllegalTransition):
        match_invoice(workspace, invoice_id, "Dana")
    with pytest.raises(MatchTooLate, match="Bill INV-1 is in_approval"):
        match_charge(workspace, charge_id, None, "Dana")
