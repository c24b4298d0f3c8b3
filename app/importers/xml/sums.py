"""What stands beside the lines of an e-invoice: allowances and charges of the whole, taxes, sums without lines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.money import ZERO
from app.domain.parsed import ParsedCharge
from app.domain.source import Source
from app.domain.vocabulary import ChargeType
from app.importers.xml.bill import Bill
from app.importers.xml.nodes import Nodes
from app.importers.xml.syntax import AdjustmentPaths, Syntax

if TYPE_CHECKING:
    from lxml.etree import _Element


def read_signed(nodes: Nodes, element: _Element, paths: AdjustmentPaths, currency: str) -> Decimal | None:
    """The amount of an allowance (negative) or charge (positive)."""
    amount = nodes.amount(nodes.walk(element, paths.amount, required=True), currency)
    if not paths.indicator:
        return amount
    indicator = nodes.text(nodes.walk(element, paths.indicator, required=True))
    if amount is None or indicator in {"true", "1"}:
        return amount
    if indicator not in {"false", "0"}:
        nodes.fail("bad-indicator", f"ChargeIndicator is '{indicator[:20]}' and not true or false", element)
    return -amount


def read_adjustments(nodes: Nodes, root: _Element, syntax: Syntax, bill: Bill) -> list[ParsedCharge]:
    """Allowances, charges and shipping on the document as a whole."""
    charges = []
    for paths in syntax.adjustments:
        for element in nodes.all(root, paths.element):
            amount = read_signed(nodes, element, paths, bill.currency)
            if amount:
                kind, title = (ChargeType.FEE, paths.title) if amount > 0 else (ChargeType.CREDIT, "Allowance")
                words = nodes.text(nodes.first(element, *paths.reasons)) or title
                charges.append(ParsedCharge(words, amount, nodes.source(element), kind))
    return charges


def read_taxes(nodes: Nodes, root: _Element, syntax: Syntax, bill: Bill) -> list[ParsedCharge]:
    """One TAX charge per part with an amount; a total in another currency, the tax office's, is not counted."""
    paths = syntax.tax
    totals = [one for one in nodes.all(root, f"{paths.group}/{paths.total}") if _is_in(one, bill.currency)]
    if len(totals) > 1:
        message = f"{nodes.name(totals[1])} stands {len(totals)} times in {bill.currency}"
        nodes.fail("field-repeated", message, totals[1])
    if totals:
        bill.tax = nodes.amount(totals[0], bill.currency)
        bill.sources["tax_total"] = nodes.source(totals[0])
    charges = []
    for part in _tax_parts(nodes, root, syntax, bill):
        amount = nodes.amount(nodes.walk(part, paths.amount, required=True), bill.currency)
        if amount:
            words = _name_tax(nodes, part, syntax)
            charges.append(ParsedCharge(words, amount, nodes.source(part), ChargeType.TAX))
    if not charges and bill.tax:
        charges.append(ParsedCharge("Tax", bill.tax, bill.sources["tax_total"], ChargeType.TAX))
    return charges


def charge_bases(nodes: Nodes, root: _Element, syntax: Syntax, bill: Bill) -> list[ParsedCharge]:
    """The charges of an invoice without lines: the taxed sum of each tax, else the net total."""
    charges = []
    for part in _tax_parts(nodes, root, syntax, bill):
        amount = nodes.amount(nodes.walk(part, syntax.tax.base), bill.currency)
        if amount:
            words = f"Sum taxed with {_name_tax(nodes, part, syntax)}"
            charges.append(ParsedCharge(words, amount, nodes.source(part)))
    if not charges and bill.net:
        charges.append(ParsedCharge("Net sum", bill.net, bill.sources.get("net_total", Source())))
    return charges


def read_third_party(nodes: Nodes, root: _Element, syntax: Syntax, bill: Bill) -> list[ParsedCharge]:
    """Payments that the carrier collects for others, where the invoice's profile adds them to what is due."""
    paths = syntax.third_party
    profile = nodes.text(nodes.first(root, syntax.profile))
    if paths is None or syntax.third_party_profile not in profile:
        return []
    charges = []
    for element in nodes.all(root, paths.element):
        amount = read_signed(nodes, element, paths, bill.currency)
        if amount:
            words = nodes.text(nodes.first(element, *paths.reasons)) or paths.title
            charges.append(ParsedCharge(words, amount, nodes.source(element), ChargeType.ADJUSTMENT))
    bill.third_party = sum((charge.amount for charge in charges), ZERO)
    return charges


def _tax_parts(nodes: Nodes, root: _Element, syntax: Syntax, bill: Bill) -> list[_Element]:
    """The parts of all taxes in the bill's currency."""
    paths = syntax.tax
    parts: list[_Element] = []
    for group in nodes.all(root, paths.group):
        totals = list(nodes.all(group, paths.total))
        if not totals or any(_is_in(total, bill.currency) for total in totals):
            parts += nodes.all(group, paths.part)
    return parts


def _name_tax(nodes: Nodes, part: _Element, syntax: Syntax) -> str:
    kind = nodes.text(nodes.first(part, syntax.tax.kind)) or "Tax"
    percent = nodes.text(nodes.first(part, *syntax.tax.percents))
    return f"{kind} {percent} %" if percent else kind


def _is_in(total: _Element, currency: str) -> bool:
    return total.get("currencyID", currency) == currency
