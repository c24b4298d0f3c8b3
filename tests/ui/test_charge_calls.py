"""From a usage charge to its calls, and to the proof of one; charges without calls offer none."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from app.domain.vocabulary import PriceModel
from app.models.contracts import RateElement
from app.models.documents import SourceDocument
from app.models.invoices import Invoice
from app.rating.voice.call import Call
from app.services.rerating import rate_invoice
from app.services.workspace import Workspace, create_workspace
from tests.services.office import APRIL
from tests.services.test_rated_calls import LINES, Voice
from tests.ui import samples
from tests.ui.driver import Driver

START = 1_776_000_000  # 12 April 2026


@pytest.fixture
def filled(tmp_path: Any) -> Workspace:
    """A bill of two numbers under a rate deck; our records hold calls of the first."""
    workspace = create_workspace(tmp_path / "workspace", "Meridian Foods", "USD", fixed_day=samples.DAY)
    voice = Voice(workspace)
    voice.store(APRIL.start, [Call(LINES[0], "442079460000", START + place, 61) for place in range(3)], "april.csv")
    invoice_id, _charges = voice.post(LINES[0], LINES[1])
    with workspace.database.writing() as session:
        document = session.get_one(SourceDocument, session.get_one(Invoice, invoice_id).document_id)
        document.sha256, document.name = workspace.documents.put(b"Line,Amount\n1,9.00\n2,9.00\n"), "bill.csv"
    rate_invoice(workspace, invoice_id)
    return workspace


def open_charge(window: Driver, place: int) -> Any:
    bill = window.go("bills").list.model.all[0]
    page = window.go("bill", key=bill.id)
    page.choose(page.detail.charges[place].id)
    window.settle()
    return page


def test_the_calls_of_a_charge_are_opened_and_one_is_proved(window: Driver) -> None:
    page = open_charge(window, 0)
    window.click("charge_calls")
    dialog = page.card.calls.dialog
    assert dialog.windowTitle().startswith(f"Calls of {LINES[0]}")
    shown = window.rows(dialog.table)
    assert [row[1:3] for row in shown] == [["442079460000", "61"]] * 3
    assert shown[0][0] == "12 Apr 2026 08:20:00"
    assert dialog.table.foot() == "3 calls   ·   that is all"
    dialog.table.select_key(dialog.table.model.shown[0].call.key)
    window.settle()
    assert "66" in dialog.proof.text  # 61 seconds are billed as 66
    assert "Contract: MSA-1" in dialog.proof.text
    window.click("calls_close")


def test_a_number_without_calls_offers_none(window: Driver) -> None:
    assert not open_charge(window, 1).card.calls.isVisible()


def test_a_charge_that_no_deck_prices_shows_its_calls_without_proof(window: Driver, filled: Workspace) -> None:
    with filled.database.writing() as session:
        session.execute(update(RateElement).values(model=PriceModel.FLAT, parameters=""))
        invoice_id = session.scalars(select(Invoice.id)).one()
    rate_invoice(filled, invoice_id)
    page = open_charge(window, 0)
    window.click("charge_calls")
    dialog = page.card.calls.dialog
    assert len(window.rows(dialog.table)) == 3
    dialog.table.select_key(dialog.table.model.shown[0].call.key)
    window.settle()
    assert not dialog.proof.isVisible()
    window.click("calls_close")
