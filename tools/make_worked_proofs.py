"""Writes docs/worked-proofs.md from what the engine says: `python -m tools.make_worked_proofs`."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from app.domain.history import ChargeFacts
from app.domain.proof import write_proof
from app.domain.rated import RatedCharge
from app.domain.terms import ContractTerms, RateElementTerms
from tools.worked_proofs import colocation, internet, obligations, quantities, voice, wan
from tools.worked_proofs.case import Case

PAGE = Path(__file__).resolve().parent.parent / "docs" / "worked-proofs.md"
CHAPTERS = (
    ("Internet", internet.CASES),
    ("WAN", wan.CASES),
    ("Voice", voice.CASES),
    ("Colocation", colocation.CASES),
    ("Across all services: quantities and prices", quantities.CASES),
    ("Across all services: what follows from other charges and from time", obligations.CASES),
)
HEAD = """\
# Worked proofs

For a carrier's billing department: how Tollbook works out what a charge should cost, one example for each kind of
service and price. Each example has the contract's price as it is entered ([contracts](formats/contracts.md), [pricing
models](pricing-models.md)), the charge as billed, our records where the price needs them, and the proof as it stands
in a dispute letter. Every step of a proof can be worked out again on paper: × and ÷ before + and −, `ceil` up to the
next whole number, `max(0, …)` never below nothing. Nothing is rounded unless the step says so. Carrier, contract and
numbers are invented. Variance is billed − expected: above 0.00 the bill is too high.

This page is made by the engine that judges bills: `python -m tools.make_worked_proofs`; do not edit it.
"""
_COLUMNS = ("Charge code", "Charge type", "Model", "Price", "First day", "Last day", "Parameters", "Clause", "Page")
_TERMS = (
    ("currency", "Currency", "USD"),
    ("rounding_scope", "Rounding scope", "charge"),
    ("rounding_places", "Rounding places", "2"),
    ("time_zone", "Time zone", "UTC"),
    ("exchange", "Exchange rate of", "none"),
)


def render() -> str:
    """The page."""
    parts = [HEAD]
    for name, cases in CHAPTERS:
        parts += [f"## {name}\n", *(_write(case) for case in cases)]
    return "\n".join(parts)


def all_cases() -> list[Case]:
    """Every example of the page, in its order."""
    return [case for _, cases in CHAPTERS for case in cases]


def _write(case: Case) -> str:
    """An example: contract, bill, records, proofs and amounts."""
    parts = [f"### {case.title}", textwrap.fill(case.words, 120), _price_table(case.terms())]
    if case.records:
        parts.append(textwrap.fill(f"**Our records:** {case.records}", 120))
    parts += case.beside
    for charge, rated in case.rate():
        parts += [f"**The bill:** {_name(charge)}", f"```text\n{write_proof(rated.proof)}\n```", _compare(rated)]
    for title, proof in case.calls:
        parts += [f"**{title}:**", f"```text\n{write_proof(proof)}\n```"]
    return "\n\n".join(parts) + "\n"


def _price_table(terms: ContractTerms) -> str:
    """The contract's prices as they stand in the workbook; columns that no row fills are left out."""
    rows = [_price_row(element) for element in terms.elements]
    columns = [*_COLUMNS, "Amendment", "Agreed on", "Reason"]
    used = [place for place, _ in enumerate(columns) if any(row[place] for row in rows)]
    lines = [[columns[place] for place in used], ["---"] * len(used), *([row[place] for place in used] for row in rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    said = [f"{label} {getattr(terms, name)}" for name, label, usual in _TERMS if str(getattr(terms, name)) != usual]
    return f"{table}\n\nThe contract besides: {', '.join(said)}." if said else table


def _price_row(element: RateElementTerms) -> list[str]:
    last = (
        ""
        if element.effective_to is None
        else f"{element.effective_to.fromordinal(element.effective_to.toordinal() - 1)}"
    )
    return [
        f"`{element.code}`",
        element.charge_type.value,
        f"[`{element.model}`](pricing-models.md#{element.model})",
        f"{element.price:f}",
        element.effective_from.isoformat(),
        last,
        f"`{element.parameters}`" if element.parameters else "",
        element.clause,
        "" if element.page is None else str(element.page),
        element.amendment,
        "" if element.agreed is None else element.agreed.isoformat(),
        element.reason,
    ]


def _name(charge: ChargeFacts) -> str:
    days = ""
    if charge.period:
        last = charge.period.end.fromordinal(charge.period.end.toordinal() - 1)
        days = f", {charge.period.start} to {last}"
    count = f", quantity {charge.quantity:f}" if charge.quantity is not None else ""
    return f"{charge.description} (`{charge.code}`, {charge.charge_type.value}){days}{count}: **{charge.amount:f}**"


def _compare(rated: RatedCharge) -> str:
    if rated.expected is None or rated.variance is None:
        raise AssertionError(rated.note)
    head = ["| billed | expected | variance |", "|---|---|---|"]
    table = "\n".join([*head, f"| {rated.billed:f} | {rated.expected:f} | {rated.variance:f} |"])
    return f"{table}\n\n{re.sub(r'^', '> ', textwrap.fill(rated.note, 116), flags=re.M)}" if rated.note else table


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
