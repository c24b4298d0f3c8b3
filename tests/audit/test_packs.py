"""The packs are complete, and the page of the rules says what the rules say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.audit.packs import ACCOUNT_RULES, INVOICE_RULES
from app.audit.rule import Rule
from app.domain.history import AccountContext, AuditContext
from tools.make_rules_doc import PAGE, render

ALL: tuple[Rule[AuditContext] | Rule[AccountContext], ...] = (*INVOICE_RULES, *ACCOUNT_RULES)
FOLDER = Path(sys.modules[ALL[0].check.__module__].__file__ or "").parent


def test_every_rule_of_the_folder_is_in_a_pack_once() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert sorted(rule.name for rule in ALL) == sorted(files)
    assert len({rule.code for rule in ALL}) == len(ALL) == 13


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_a_rule_is_named_by_its_file_and_function(rule: Rule[AuditContext] | Rule[AccountContext]) -> None:
    assert rule.check.__name__ == rule.name
    assert rule.check.__module__.endswith(f".{rule.name}")


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_a_rule_says_what_it_accuses_its_formula_its_fields_and_the_remedy(
    rule: Rule[AuditContext] | Rule[AccountContext],
) -> None:
    paragraphs = (sys.modules[rule.check.__module__].__doc__ or "").split("\n\n")
    assert [word for word in ("Formula", "Fields", "Remedy") if any(p.startswith(f"{word}: ") for p in paragraphs)] == [
        "Formula",
        "Fields",
        "Remedy",
    ]


def test_rules_claim_in_the_order_that_was_agreed() -> None:
    on_charges = ["A20", "A03", "A21", "A22", "A36", "A30", "A37", "A63", "A31"]
    assert [rule.code for rule in INVOICE_RULES if rule.code not in ("A01", "A02", "A05")] == on_charges


def test_the_page_of_the_rules_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run: python -m tools.make_rules_doc"
