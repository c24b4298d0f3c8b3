"""Discounts that a bill shows as credits of their own: what each should be, from the charges it is taken of."""

from __future__ import annotations

from decimal import Decimal

from app.domain.history import ChargeFacts, InvoiceFacts
from app.domain.parameters import read_settings
from app.domain.proof import Proof, ProofStep, written
from app.domain.rated import RatedCharge
from app.domain.vocabulary import RatingOutcome
from app.rating.modifiers import discount
from app.rating.proration import prorate
from app.rating.ratebook import EVERY_CODE, Price, PriceQuestion, RateBook, code_key, describe


def rate_discount_line(
    charge: ChargeFacts, invoice: InvoiceFacts, question: PriceQuestion, book: RateBook
) -> RatedCharge | None:
    """A credit that is a contract's discount, known by its `line_code`: the discount of the bill's charges that it is
    for, as billed. None where no discount has that code, or several have."""
    alike = [price for price in book.discount_lines(question) if _is_line(price, charge)]
    if len(alike) != 1:
        return None
    (price,) = alike
    steps: list[ProofStep] = []
    taken_off: list[Decimal] = []
    for base in invoice.charges:
        if not _is_base(base, charge, price):
            continue
        period = invoice.period_of(base)
        day = invoice.bill_date if period is None else period.start
        months = prorate(period, price.contract.proration)
        quantity = base.quantity or Decimal(1)
        taken = discount.apply(base.amount, quantity, price.element, price.contract, day, months)
        if taken is not None:
            steps += taken.steps
            taken_off.append(taken.credit)
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


def _is_line(price: Price, charge: ChargeFacts) -> bool:
    settings = read_settings(price.element.parameters, discount.PARAMETERS)
    line = settings.word("shown", discount.Shown) is discount.Shown.LINE
    return line and bool(charge.code) and code_key(settings.text("line_code")) == code_key(charge.code)


def _is_base(base: ChargeFacts, credit: ChargeFacts, price: Price) -> bool:
    element = price.element
    code = code_key(element.code) in (EVERY_CODE, code_key(base.code))
    named = not credit.service_key or base.service_key == credit.service_key
    return base.charge_type is element.charge_type and base.amount > 0 and code and named
