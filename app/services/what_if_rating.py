"""Rates a bill for a comparison: what is taken of other charges is taken of what those would cost.

An audit takes a percentage of what the carrier bills. Under an offer the carrier would bill the offer's prices, so a
percentage, a surcharge, a minimum and a discount shown as a credit are taken of the amounts that the same price book
expects; so they are on both sides of the comparison. Charges that have no price there count as billed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.vocabulary import PriceModel
from app.rating.bases import DERIVED
from app.rating.engine import rate, rate_invoice
from app.rating.ratebook import code_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.evidence import Evidence
    from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
    from app.domain.rated import RatedCharge
    from app.rating.ratebook import RateBook

_TAKEN_OF_OTHERS = DERIVED | {PriceModel.DISCOUNT}


def rate_by_own_prices(
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    book: RateBook,
    evidence: Mapping[int, Evidence],
) -> dict[int, RatedCharge]:
    """Every charge of `invoice` rated under `book` alone, by charge id, without proofs.

    Charges that are taken of others are rated once more for each step of a stack: a surcharge on a fee that is itself
    taken of charges has its amount after two.
    """
    rated = rate_invoice(invoice, services, book, evidence, explain=False)
    stack = _find_stack(invoice, book, rated)
    for _ in stack:
        before = dict(rated)
        for lines in stack:
            bill = _expect(invoice, rated, lines)
            for line in lines:
                service = None if line.service_id is None else services.get(line.service_id)
                rated[line.id] = rate(line, bill, service, book, evidence.get(line.id), explain=False)
        if rated == before:
            break
    return rated


def _find_stack(invoice: InvoiceFacts, book: RateBook, rated: Mapping[int, RatedCharge]) -> list[list[ChargeFacts]]:
    """The charges that are taken of others; lines of one thing together."""
    models = {element.id: element.model for contract in book.contracts for element in contract.elements}
    found: dict[tuple[str, str], list[ChargeFacts]] = defaultdict(list)
    for charge in invoice.charges:
        element_id = rated[charge.id].rate_element_id
        if element_id is not None and models.get(element_id) in _TAKEN_OF_OTHERS:
            found[charge.charge_type, code_key(charge.code)].append(charge)
    return list(found.values())


def _expect(invoice: InvoiceFacts, rated: Mapping[int, RatedCharge], lines: list[ChargeFacts]) -> InvoiceFacts:
    """The bill with expected amounts for billed ones, but for `lines`: by their own amounts a whole is shared out."""
    kept = {line.id for line in lines}
    expected = {each: of.expected for each, of in rated.items() if of.expected is not None and each not in kept}
    charges = tuple(replace(charge, amount=expected.get(charge.id, charge.amount)) for charge in invoice.charges)
    return replace(invoice, charges=charges)
