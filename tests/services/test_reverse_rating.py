"""A stored bill is explained by the settings that give its amounts."""

from __future__ import annotations

from datetime import date

from app.domain.period import Period
from app.rating.reverse import Cause
from app.services.matching import match_invoice
from app.services.reverse_rating import explain_invoice
from app.services.workspace import Workspace
from tests.services.office import Office, bill, charge

PARTS = {"C-1": Period(date(2026, 3, 11), date(2026, 4, 1)), "C-2": Period(date(2026, 2, 11), date(2026, 4, 21))}


def explain(workspace: Workspace, *amounts: str) -> tuple[Cause, ...]:
    office = Office(workspace)
    carrier = office.carrier()
    office.price(office.contract(carrier), "500.00")
    for circuit in PARTS:
        office.service(carrier, circuit=circuit)
    charges = [
        charge(amount, circuit=circuit, period=days)
        for amount, (circuit, days) in zip(amounts, PARTS.items(), strict=True)
    ]
    invoice_id = office.post(bill(*charges))
    match_invoice(workspace, invoice_id, "Dana")
    with workspace.database.reading() as session:
        return explain_invoice(session, workspace, invoice_id)


def test_a_bill_by_another_proration_is_explained(workspace: Workspace) -> None:
    causes = explain(workspace, "350.00", "1133.33")
    (cause,) = [each for each in causes if each.says == "thirtieths of a month"]
    assert cause.message == (
        "This bill fits thirtieths of a month; the contract says days of the month. 2 charges show it."
    )
    assert cause.proof.holds()
    assert cause.proof.contract == "MSA-1"


def test_a_bill_that_is_right_is_not(sqlite_workspace: Workspace) -> None:
    assert explain(sqlite_workspace, "338.71", "1154.76") == ()
