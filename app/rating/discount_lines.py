"""Discounts that a bill shows as credits of their own: what each should be, from the charges it is taken of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from app.domain.history import ChargeFacts, InvoiceFacts
from app.domain.money import ZERO
from app.domain.parameters import read_settings
from app.domain.proof import Proof, ProofStep, written
from app.domain.rated import RatedCharge
from app.domain.vocabulary import RatingOutcome
from app.rating.modifiers import discount
from app.rating.proration import Proration, prorate
from app.rating.ratebook import EVERY_CODE, Price, PriceQuestion, RateBook, code_key, describe


def rate_discount_line(
    charge: ChargeFacts, invoice: InvoiceFacts, question: PriceQuestion, book: RateBook
) -> RatedCharge | None:
    """A credit that is a contract's discount, known by its `line_code`: the discount of the bill's charges that it is
    for, as billed. It is taken of each of them, but a fixed amount for a period once of all. None where no discount has
    that code, or several have."""
    alike = [price for price in book.discount_lines(question) if _is_line(price, charge)]
    if len(alike) != 1:
        return None
    (price,) = alike
    bases = [base for base in invoice.charges if _is_base(base, charge, price)]
    reductions = _take_once(bases, invoice, price) if _is_for_all(price) else _take_of_each(bases, invoice, price)
    steps = [step for taken in reductions for step in taken.steps]
    taken_off = [taken.credit for taken in reductions]
    formula = "0" + "".join(f" − {written(-credit)}" for credit in taken_off)
    steps.append(ProofStep(f"Discounts under {describe(price)}", formula, sum(taken_off, Decimal(0))))
    return RatedCharge(
        charge_id=charge.id,
        billed=charge.amount,
        outcome=RatingOutcome.RATED,
        expected=steps[-1].result,
        rate_element_id=price.element.id,
        contract_id=price.contract.id,
        unit_price=price.element.price,
        proof=Proof(tuple(steps), price.contract.number, price.element.clause, price.element.page),
    )


def _take_of_each(bases: Sequence[ChargeFacts], invoice: InvoiceFacts, price: Price) -> list[discount.Reduction]:
    """What the discount takes off each of the charges."""
    taken = (_take(base, invoice, price) for base in bases)
    return [each for each in taken if each is not None]


def _take_once(bases: Sequence[ChargeFacts], invoice: InvoiceFacts, price: Price) -> list[discount.Reduction]:
    """What a fixed amount for a period takes off the charges on whose days it holds, once for all of them; where it is
    prorated, for the longest of their periods."""
    lowered = [base for base in bases if _take(base, invoice, price) is not None]
    if not lowered:
        return []
    longest = max(lowered, key=lambda base: _months(base, invoice, price).months)
    return _take_of_each([replace(longest, amount=sum((base.amount for base in lowered), ZERO))], invoice, price)


def _take(base: ChargeFacts, invoice: InvoiceFacts, price: Price) -> discount.Reduction | None:
    period, quantity = invoice.period_of(base), base.quantity or Decimal(1)
    day = invoice.bill_date if period is None else period.start
    months = _months(base, invoice, price)
    return discount.apply(base.amount, quantity, price.element, price.contract, day, months)


def _months(base: ChargeFacts, invoice: InvoiceFacts, price: Price) -> Proration:
    return prorate(invoice.period_of(base), price.contract.proration)


def _is_for_all(price: Price) -> bool:
    """Whether it is a fixed amount for a period, however many charges and units there are."""
    settings = read_settings(price.element.parameters, discount.PARAMETERS)
    fixed = settings.word("kind", discount.DiscountKind) is discount.DiscountKind.FIXED
    return fixed and settings.word("per", discount.DiscountPer) is discount.DiscountPer.PERIOD


def _is_line(price: Price, charge: ChargeFacts) -> bool:
    settings = read_settings(price.element.parameters, discount.PARAMETERS)
    line = settings.word("shown", discount.Shown) is discount.Shown.LINE
    return line and bool(charge.code) and code_key(settings.text("line_code")) == code_key(charge.code)


def _is_base(base: ChargeFacts, credit: ChargeFacts, price: Price) -> bool:
    element = price.element
    code = code_key(element.code) in (EVERY_CODE, code_key(base.code))
    named = not credit.service_key or base.service_key == credit.service_key
    return base.charge_type is element.charge_type and base.amount > 0 and code and named
