"""The demo's findings are the truth file: every seeded error with its amount to the cent, and nothing else."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain.stored import proof_from_text
from app.domain.vocabulary import PRICED_TYPES, RatingOutcome
from app.models.contracts import RateElement
from app.models.findings import Finding
from app.models.invoices import Charge, ChargeRating
from app.models.workspace import WorkspaceInfo
from app.services.pipeline import reprocess
from app.services.workspace import Workspace
from tests.demo.ledger import name_charge, read_findings, read_truth

SEEDED_RULES = ("A01", "A02", "A03", "A04", "A05", "A20", "A21", "A22", "A30", "A31", "A36", "A37", "A63")


def test_the_audit_finds_every_seeded_error_and_nothing_else(demo_workspace: Workspace) -> None:
    assert read_findings(demo_workspace) == read_truth()


@pytest.mark.parametrize("rule", SEEDED_RULES)
def test_each_rule_is_broken_at_least_twice_by_more_than_one_carrier(rule: str) -> None:
    broken = [entry for entry in read_truth() if entry[0] == rule]
    assert len(broken) >= 2
    assert len({account.split("-")[0] for _, account, *_ in broken}) >= 2 or rule == "A63"  # only Halyard sends records


def test_every_claim_is_what_its_proof_comes_to(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        for finding in session.scalars(select(Finding)):
            proof = proof_from_text(finding.proof)
            assert proof is not None
            assert proof.holds(), finding.message
            assert proof.result == finding.claim, finding.message


def test_every_charge_without_an_error_costs_what_its_contract_says(demo_workspace: Workspace) -> None:
    accused = {entry[3] for entry in read_truth()}
    with demo_workspace.database.reading() as session:
        rows = session.execute(
            select(Charge, ChargeRating).join(ChargeRating, ChargeRating.charge_id == Charge.id)
        ).all()
        priced = [row for row in rows if row.Charge.charge_type in PRICED_TYPES]
        assert len(priced) > 1000
        for charge, rating in priced:
            if name_charge(charge) not in accused:
                assert rating.outcome is RatingOutcome.RATED, charge.description
                assert rating.variance == 0, charge.description


def test_a_second_audit_changes_nothing(demo_copy: Workspace) -> None:
    reprocess(demo_copy, None, "Dana Whitfield", demo_copy.today())
    assert read_findings(demo_copy) == read_truth()


def test_one_broken_price_makes_other_findings(demo_copy: Workspace) -> None:
    """Stratum's power feeds become 1.00 cheaper in the price book: the four on open bills are accused."""
    with demo_copy.database.writing() as session:
        price = session.scalars(select(RateElement).where(RateElement.code == "PWR-32A")).one()
        price.price -= Decimal("1.00")
    reprocess(demo_copy, None, "Dana Whitfield", demo_copy.today())
    more = read_findings(demo_copy) - read_truth()
    assert Counter((rule, claim) for rule, _, _, _, claim in more) == {("A30", "1.00"): 4}


def test_the_demo_stands_still_on_its_day(demo_workspace: Workspace) -> None:
    with demo_workspace.database.reading() as session:
        assert session.get_one(WorkspaceInfo, 1).fixed_day == demo_workspace.today()
    assert f"{demo_workspace.today()}" == "2026-10-06"
