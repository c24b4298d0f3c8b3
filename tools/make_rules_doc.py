"""Writes docs/rules.md from the rules themselves: `python -m tools.make_rules_doc`."""

from __future__ import annotations

import sys
import textwrap
from inspect import cleandoc
from pathlib import Path
from typing import Any

from app.audit.packs import ACCOUNT_RULES, INVOICE_RULES
from app.audit.rule import Rule
from app.domain.vocabulary import Ledger

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"

HEAD = """\
# Audit rules

Each rule makes one accusation. This page is made from the rules' own docstrings in `app/audit/rules/` by
`python -m tools.make_rules_doc`; do not edit it.

A claim is what we ask back: never negative, rounded half up to the cent, and proved step by step. A finding of the
*error* ledger is claimable from the carrier; *check* asks a person to look, and claims nothing.

Where several rules accuse one charge, they claim in the order of the table. A rule that accuses days of a charge
claims those that no rule before it claims; a rule that accuses its price or quantity claims at most the billed amount
less what is claimed already and less what is rightly owed for the days that are left. So claims on a charge together
are never more than it bills. Where the whole bill is a repeat, its charges are not accused one by one.
"""


def render() -> str:
    """The page."""
    rules: list[Rule[Any]] = [*INVOICE_RULES, *ACCOUNT_RULES]
    table = ["| code | accusation | what it accuses | ledger |", "|---|---|---|---|"]
    table += [f"| {rule.code} | `{rule.name}` | {rule.summary} | {rule.ledger} |" for rule in rules]
    chapters = [_chapter(rule, rules) for rule in sorted(rules, key=lambda rule: rule.code)]
    return "\n".join([HEAD, *table, "", "\n\n".join(chapters), ""])


def _chapter(rule: Rule[Any], rules: list[Rule[Any]]) -> str:
    paragraphs = cleandoc(sys.modules[rule.check.__module__].__doc__ or "").split("\n\n")
    kind = "a claim" if rule.ledger is Ledger.ERROR else "for a look"
    parts = [f"## {rule.code} {rule.name}", *(_paragraph(text) for text in paragraphs)]
    better = [f"{other.code} {other.name}" for other in rules if other.code in rule.yields_to]
    if better:
        parts.append(f"Only what these leave is claimed of a charge that one of them accuses: {', '.join(better)}.")
    parts.append(f"Ledger: {rule.ledger} ({kind}). Version {rule.version}.")
    return "\n\n".join(parts)


def _paragraph(text: str) -> str:
    """A paragraph in lines of the page's width, its leading word ("Formula:") in bold."""
    line = " ".join(text.split())
    word, colon, rest = line.partition(": ")
    if colon and word in ("Formula", "Fields", "Remedy"):
        line = f"**{word}**: {rest}"
    return textwrap.fill(line, width=118, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    PAGE.write_text(render(), encoding="utf-8")
    print(f"Wrote {PAGE}")


if __name__ == "__main__":
    main()
