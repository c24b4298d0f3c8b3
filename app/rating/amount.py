"""The amount of a charge from its parts: each part by its charge model, added up, discounted, converted, rounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from app.domain.proof import ProofStep, written
from app.domain.terms import RateElementTerms
from app.rating.charge_models import CHARGE_MODELS
from app.rating.charge_models.measure import Measure
from app.rating.currency import Conversion
from app.rating.modifiers import discount
from app.rating.parts import Part
from app.rating.proration import Proration


@dataclass(frozen=True, slots=True)
class Piece:
    """A part with its measure, and how its amount becomes one of the bill's currency (None: it is one)."""

    part: Part
    measure: Measure
    conversion: Conversion | None = None


def compute_amount(pieces: Sequence[Piece]) -> Decimal:
    """The same as the last step of `explain_amount`, without writing the steps where one piece says it all."""
    (first, *others) = pieces
    if not others and first.conversion is None and not first.part.discounts and not first.part.waived:
        return CHARGE_MODELS[first.part.element.model].compute(first.measure)
    return explain_amount(pieces)[-1].result


def explain_amount(pieces: Sequence[Piece]) -> tuple[ProofStep, ...]:
    """The steps of each piece, and last ones that take them together.

    Formulas of several pieces are added up before they are rounded, so nothing is rounded twice. A discount is taken of
    a rounded amount, as it is a credit to the charge: of the whole charge where it holds for all of it, else of the
    pieces for which it holds.
    """
    steps: list[ProofStep] = []
    finals: list[ProofStep] = []
    for piece in pieces:
        *before, final = _explain(piece)
        steps += before
        finals.append(final)
    first = pieces[0]
    if _all_alike(pieces):
        total = finals[0] if len(finals) == 1 and first.conversion is None else _add_up(pieces, finals)
        discounts = first.part.discounts
    else:
        singles = [_discount(piece, final) for piece, final in zip(pieces, finals, strict=True)]
        steps += [step for each in singles for step in each]
        total = _add_up(pieces, [each[-1] for each in singles], rounded=True)
        discounts = tuple(_of_the_whole(pieces))
    taken = list(_take(total, discounts, first, _add_months(pieces)))
    return (*steps, total, *taken)


def _explain(piece: Piece) -> tuple[ProofStep, ...]:
    if piece.part.waived:
        return piece.part.steps
    return (*piece.part.steps, *CHARGE_MODELS[piece.part.element.model].explain(piece.measure))


def _all_alike(pieces: Sequence[Piece]) -> bool:
    """Whether the same discounts hold for all pieces."""
    of_first = [each.id for each in pieces[0].part.discounts]
    return all([each.id for each in piece.part.discounts] == of_first for piece in pieces)


def _discount(piece: Piece, final: ProofStep) -> list[ProofStep]:
    """The piece's own amount, rounded, less the discounts of its days; those of the whole charge come later."""
    own = [each for each in piece.part.discounts if not discount.is_for_the_whole(each)]
    return [final, *_take(final, own, replace(piece, conversion=None), piece.measure.months)]


def _of_the_whole(pieces: Sequence[Piece]) -> list[RateElementTerms]:
    found = {each.id: each for piece in pieces for each in piece.part.discounts if discount.is_for_the_whole(each)}
    return list(found.values())


def _take(
    total: ProofStep, discounts: Sequence[RateElementTerms], piece: Piece, months: Proration
) -> Sequence[ProofStep]:
    steps: list[ProofStep] = []
    now, contract = total.result, piece.measure.contract
    for element in discounts:
        terms = _in_bills_currency(element, piece.conversion)
        day = max(piece.part.day, element.effective_from)
        taken = discount.apply(now, piece.measure.quantity, terms, contract, day, months=months)
        if taken is not None:
            steps += taken.steps
            now = taken.net
    return steps


def _in_bills_currency(element: RateElementTerms, conversion: Conversion | None) -> RateElementTerms:
    if conversion is None or not discount.is_amount(element):
        return element
    return replace(element, price=conversion.convert(element.price))


def _add_up(pieces: Sequence[Piece], finals: Sequence[ProofStep], *, rounded: bool = False) -> ProofStep:
    """One step of all pieces: their formulas, or their rounded amounts, each converted, and the sum rounded once."""
    terms, named = [], []
    for piece, final in zip(pieces, finals, strict=True):
        formula = written(final.result) if rounded else f"({final.formula})"
        basis = _say(final, piece) if len(pieces) > 1 else final.basis
        if piece.conversion is not None:
            formula, basis = f"{formula} {piece.conversion.formula}", f"{basis}; {piece.conversion.basis}"
        terms.append(formula)
        named.append(basis)
    return pieces[0].measure.step("; ".join(dict.fromkeys(named)), " + ".join(terms))


def _say(final: ProofStep, piece: Piece) -> str:
    """The words of a step with the days of its piece, both billed."""
    days = piece.part.days
    return final.basis if days is None else f"{final.basis} ({days.start.isoformat()} to {days.last.isoformat()})"


def _add_months(pieces: Sequence[Piece]) -> Proration:
    months = [piece.measure.months for piece in pieces]
    if len(months) == 1:
        return months[0]
    total = sum((each.months for each in months), Fraction(0))
    formula = "1" if total == 1 else " + ".join(each.formula for each in months)
    return Proration(total, formula, "the months of all parts", whole=total.denominator == 1)
