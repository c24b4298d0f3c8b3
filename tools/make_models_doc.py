"""Writes docs/pricing-models.md from what can be rated by: `python -m tools.make_models_doc`."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from app.domain.parameters import Form, Parameter
from app.domain.vocabulary import MODIFIERS, PriceModel
from app.rating.parameters import Declaration, find_declaration

PAGE = Path(__file__).resolve().parent.parent / "docs" / "pricing-models.md"

HEAD = """\
# Pricing models

Each price of a contract names its model, which says what the price is for and how quantity becomes an amount. This page
is made from the models in `app/rating/` by `python -m tools.make_models_doc`; do not edit it. How prices are imported
stands in [contracts](formats/contracts.md).

Parameters are written into one cell as `name=value; name=value`, in any order. A parameter without a default has to be
given; one whose default is "none" may be left out. Numbers have a decimal point and no thousands separator, days are
written as 2026-03-31. Tiers are written as `upper bound:price`, ascending, the last one `above:price`, with an optional
fee for reaching the tier: `100:1.00, 200:0.50+10, above:0.10`. Tables are written as `key:value, key:value`.
"""

_REFERENCE = re.compile(r"\s*\(domain/[^)]*\)")  # the source of a formula is for those who read the code

EVIDENCE = {
    "UsageFacts": "recorded calls, in how many lasted how long",
    "CallTotals": "recorded calls",
    "TrafficFacts": "traffic samples of the ports",
    "PortBins": "traffic samples of the ports",
    "MeterFacts": "meter readings",
    "WorkFacts": "records of the work that was done",
    "OutageFacts": "records of outages",
    "SpendFacts": "what the other charges come to",
    "BalanceFacts": "what was overdue",
    "LeavingFacts": "when the contract was left",
}


def render() -> str:
    """The page."""
    found = [(model, find_declaration(model)) for model in PriceModel]
    known = [(model, declaration) for model, declaration in found if declaration is not None]
    table = ["| model | what it does | quantity counts |", "|---|---|---|"]
    table += [
        f"| [`{model}`](#{model}) | {_summary(declaration)} | {_unit(model, declaration)} |"
        for model, declaration in known
    ]
    chapters = [_chapter(model, declaration) for model, declaration in known]
    return "\n".join([HEAD, *table, "", "\n\n".join(chapters), ""])


def _chapter(model: PriceModel, declaration: Declaration) -> str:
    parts = [f"## {model}", *(_paragraph(text) for text in _paragraphs(declaration))]
    if model in MODIFIERS:
        parts.append("It prices nothing by itself: it changes what other elements of the contract cost.")
    else:
        parts.append(f"Quantity counts {_unit(model, declaration)}. {_evidence(declaration)}")
    if declaration.parameters:
        rows = [_row(parameter) for parameter in declaration.parameters]
        parts.append("\n".join(["| parameter | holds | default | means |", "|---|---|---|---|", *rows]))
    else:
        parts.append("It takes no parameters.")
    return "\n\n".join(parts)


def _row(parameter: Parameter) -> str:
    meaning = parameter.meaning.replace("|", "\\|")
    return f"| `{parameter.name}` | {_form(parameter)} | {_default(parameter)} | {meaning} |"


def _default(parameter: Parameter) -> str:
    if parameter.default is None:
        return "has to be given"
    return f"`{parameter.default}`" if parameter.default else "none"


def _form(parameter: Parameter) -> str:
    if parameter.words is not None:
        return "one of " + ", ".join(f"`{word}`" for word in parameter.words)
    if parameter.form in (Form.DECIMAL, Form.WHOLE):
        most = f" to {parameter.most:,}" if parameter.most is not None else " or more"
        return f"{parameter.form}, {parameter.least:,}{most}"
    return str(parameter.form)


def _evidence(declaration: Declaration) -> str:
    if declaration.needs is None:
        return "The quantity on the bill is enough to rate by it."
    name = declaration.needs.__name__
    return f"It needs {EVIDENCE.get(name, name)} of ours."


def _unit(model: PriceModel, declaration: Declaration) -> str:
    return "–" if model in MODIFIERS or not declaration.unit else declaration.unit


def _summary(declaration: Declaration) -> str:
    """The first sentence of the first paragraph, without the model's name."""
    line = " ".join(_paragraphs(declaration)[0].split())
    head, _, rest = line.partition(": ")
    told = rest if rest and len(head) < 40 else line
    return told.split(". ")[0].rstrip(".")


def _paragraphs(declaration: Declaration) -> list[str]:
    return _REFERENCE.sub("", declaration.told).split("\n\n")


def _paragraph(text: str) -> str:
    if text.startswith(("    ", "|", "- ")):
        return text
    return textwrap.fill(" ".join(text.split()), width=118, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    PAGE.write_text(render(), encoding="utf-8")
    print(f"Wrote {PAGE}")


if __name__ == "__main__":
    main()
