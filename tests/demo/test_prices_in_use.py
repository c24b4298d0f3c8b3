"""Prices beyond flat ones in the demo: burstable internet, committed power, calls by a rate deck, a yearly rise."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain.stored import proof_from_text
from app.domain.vocabulary import PriceModel, RatingOutcome
from app.models.contracts import Contract, RateDeck, RateElement
from app.models.documents import UsageBatch
from app.models.inventory import BillingAccount
from app.models.invoices import Charge, ChargeRating, Invoice
from app.queries.calls import fetch, filter_of
from app.rating.reverse import Cause
from app.services.call_proofs import prove_one_call
from app.services.reverse_rating import explain_invoice
from app.services.workspace import Workspace


def causes_of(workspace: Workspace, number: str) -> list[Cause]:
    """Why a bill differs; those that explain most go first."""
    with workspace.database.reading() as session:
        invoice_id = session.scalars(select(Invoice.id).where(Invoice.number == number)).one()
        found = explain_invoice(session, workspace, invoice_id)
    assert all(cause.proof is not None and cause.proof.holds() for cause in found)
    return list(found)


def test_each_new_model_prices_charges_of_each_month(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        rows = session.execute(
            select(RateElement.model, Charge.id)
            .join(ChargeRating, ChargeRating.rate_element_id == RateElement.id)
            .join(Charge, Charge.id == ChargeRating.charge_id)
            .where(ChargeRating.outcome == RatingOutcome.RATED)
        ).all()
    counted = {model: sum(row.model == model for row in rows) for model in PriceModel}
    assert counted[PriceModel.PERCENTILE] == 2
    assert counted[PriceModel.COMMITTED_POWER] == 7  # six months, and September's bill twice
    assert counted[PriceModel.CALLS] == 18


def test_the_samples_of_the_burstable_circuit_cover_its_months_without_a_gap(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        proofs = session.scalars(
            select(ChargeRating.proof)
            .join(Charge, Charge.id == ChargeRating.charge_id)
            .where(Charge.code == "BURST-95")
        ).all()
    for text in proofs:
        proof = proof_from_text(text)
        assert proof is not None
        assert "8,928 bins of 300 s, missing none" in proof.steps[1].basis


def test_the_rate_deck_is_in_force_with_some_hundred_prefixes(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        deck = session.scalars(select(RateDeck)).one()
        assert (deck.name, deck.rows) == ("international", 311)
        contract = session.scalars(select(Contract).where(Contract.number == "HV-2026-0102")).one()
        assert contract.time_zone == "America/Chicago"


def test_calls_of_chicago_s_month_reach_into_the_next_month_of_utc(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        months = session.execute(
            select(UsageBatch.month, UsageBatch.rows)
            .join(BillingAccount, BillingAccount.id == UsageBatch.account_id)
            .where(BillingAccount.ban == "HV-77244", UsageBatch.kind == "calls")
            .order_by(UsageBatch.month)
        ).all()
    assert {row.month for row in months} == {date(2026, month, 1) for month in range(3, 10)}
    assert sum(row.rows for row in months if row.month == date(2026, 9, 1)) >= 6  # of August


def test_calls_around_midnight_cost_what_their_records_say(demo_workspace: Workspace) -> None:
    """The first and the last two calls of a number in Chicago's August, on both sides of midnight in UTC."""
    with demo_workspace.database.reading() as session:
        charge_id = session.scalars(
            select(Charge.id)
            .join(Invoice, Invoice.id == Charge.invoice_id)
            .where(Invoice.number == "HV202609-77244", Charge.code == "LD-INTL", Charge.tn == "312-555-0180")
        ).one()
        wanted = filter_of(session, charge_id)
        assert wanted is not None
        calls = fetch(session, demo_workspace.usage, wanted, limit=1000)
        assert (calls[0].started.date(), calls[-1].started.date()) == (date(2026, 8, 1), date(2026, 8, 31))
        assert calls[-1].started.astimezone(UTC).date() == date(2026, 9, 1)
        for row in (*calls[:2], *calls[-2:]):
            proof = prove_one_call(session, demo_workspace.usage, charge_id, row.call)
            assert proof.holds()
            assert row.billed is not None
            assert abs(proof.result - row.billed) <= Decimal("0.00005")


def test_whole_minutes_in_place_of_six_seconds_are_named(demo_workspace: Workspace) -> None:
    (cause,) = causes_of(demo_workspace, "HV202607-77244")
    assert (cause.name, cause.fits) == ("increments", True)
    assert (cause.says, cause.contract_says, len(cause.charges)) == ("60/60", "6/6", 3)


def test_another_percentile_is_named(demo_workspace: Workspace) -> None:
    (cause,) = [each for each in causes_of(demo_workspace, "441722060132") if each.name == "percentile"]
    assert (cause.says, cause.contract_says, len(cause.charges)) == ("percentile 98", "percentile 95", 1)


def test_a_rise_that_came_a_month_early_is_named(demo_workspace: Workspace) -> None:
    """Of three wavelengths and a fibre pair: two prices, and so two groups of charges."""
    causes = causes_of(demo_workspace, "INV-52286")
    assert [len(cause.charges) for cause in causes] == [3, 1]
    assert all(cause.name.split(" + ")[0] == "escalator_early" for cause in causes)
    assert causes[0].fits


@pytest.mark.parametrize("number", ["HV202608-77244", "2026-F-01852"])
def test_months_that_are_billed_rightly_have_no_cause(demo_workspace: Workspace, number: str) -> None:
    assert causes_of(demo_workspace, number) == []


def test_the_proof_of_the_dearer_premium_says_what_is_due(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        row = session.execute(
            select(Charge.amount, ChargeRating.expected, ChargeRating.proof)
            .join(ChargeRating, ChargeRating.charge_id == Charge.id)
            .join(Invoice, Invoice.id == Charge.invoice_id)
            .where(Charge.code == "PWR-KW", Invoice.number == "2026-F-01831")
        ).one()
    proof = proof_from_text(row.proof)
    assert proof is not None
    assert (row.amount, row.expected) == (Decimal("1050.00"), Decimal("987.00"))
    assert proof.steps[-1].formula == "4 × 168.00 + max(0, 5.50 − 4) × 168.00 × (100 + 25) ÷ 100"
