"""Rates a charge: what the contract says that it should cost, with the proof, or why that cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts, UsageFacts
from app.domain.money import ZERO
from app.domain.period import Period
from app.domain.proof import Proof, ProofStep, written
from app.domain.rated import RatedCharge
from app.domain.vocabulary import PRICED_TYPES, ChargeType, PriceModel, RatingOutcome
from app.rating.charge_models import CHARGE_MODELS
from app.rating.charge_models.calls import recorded_minutes
from app.rating.charge_models.measure import Measure
from app.rating.proration import ONE_MONTH, prorate
from app.rating.ratebook import AmbiguousPrice, NoPrice, Price, PriceQuestion, RateBook, code_key, describe

ONE = Decimal(1)


def rate_invoice(
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    book: RateBook,
    usage_by_charge: Mapping[int, UsageFacts],
) -> dict[int, RatedCharge]:
    """Every charge of `invoice` rated, by charge id.

    `services` holds at least those that the charges are matched to, by id; `usage_by_charge` the recorded calls of the
    charges that our records cover in full.
    """
    return {
        charge.id: rate(
            charge,
            invoice,
            None if charge.service_id is None else services.get(charge.service_id),
            book,
            usage_by_charge.get(charge.id),
        )
        for charge in invoice.charges
    }


def rate(
    charge: ChargeFacts,
    invoice: InvoiceFacts,
    service: ServiceFacts | None,
    book: RateBook,
    usage: UsageFacts | None,
) -> RatedCharge:
    """What `charge` should cost under the price in force on its first day.

    Taxes, fees and credits (whatever their type, a negative amount is a credit) are NOT_PRICED. A charge that names a
    service which the inventory does not know is UNMATCHED. A price that changes within the period does not count: the
    first day's holds for the whole charge, and the note says so.
    """
    result = RatedCharge(charge.id, charge.amount, RatingOutcome.NOT_PRICED)
    if charge.charge_type not in PRICED_TYPES:
        return result
    if charge.amount < 0:
        return replace(result, note="A credit: no contract price belongs to it.")
    if service is None and (charge.service_key or charge.service_id is not None):
        named = charge.printed_service or charge.service_key
        return replace(result, outcome=RatingOutcome.UNMATCHED, note=f"{named} is not in the inventory.")
    found = book.find(_ask(charge, invoice, service))
    if isinstance(found, NoPrice):
        return replace(result, outcome=RatingOutcome.NO_PRICE, note=found.reason)
    if isinstance(found, AmbiguousPrice):
        return replace(result, outcome=RatingOutcome.AMBIGUOUS, note=found.reason)
    return _apply(found, charge, invoice, service, book, usage)


def pricing_day(charge: ChargeFacts, invoice: InvoiceFacts) -> date:
    """The day whose price holds: the first of the charge's period, else the bill date."""
    period = invoice.period_of(charge)
    return invoice.bill_date if period is None else period.start


def _ask(charge: ChargeFacts, invoice: InvoiceFacts, service: ServiceFacts | None) -> PriceQuestion:
    code = charge.code
    if not code and service is not None and charge.charge_type is ChargeType.MRC:
        code = service.code  # a bill without codes: the inventory says which product the circuit is
    return PriceQuestion(
        carrier_id=invoice.carrier_id,
        account_id=charge.account_id,
        code=code,
        charge_type=charge.charge_type,
        day=pricing_day(charge, invoice),
        currency=invoice.currency,
        service=service,
    )


def _apply(
    price: Price,
    charge: ChargeFacts,
    invoice: InvoiceFacts,
    service: ServiceFacts | None,
    book: RateBook,
    usage: UsageFacts | None,
) -> RatedCharge:
    element, notes = price.element, [price.note]
    period = invoice.period_of(charge)
    rated = RatedCharge(
        charge_id=charge.id,
        billed=charge.amount,
        outcome=RatingOutcome.RATED,
        rate_element_id=element.id,
        contract_id=price.contract.id,
        unit_price=element.price,
        waived=element.waived,
    )
    if element.waived:
        step = ProofStep(f"Waived: nothing is due under {describe(price)}", "0", ZERO)
        return replace(rated, expected=ZERO, proof=_prove(price, (step,)), note=price.note)
    calls = _usable(usage, element.model, period, notes)
    if element.model is PriceModel.PER_MINUTE and calls is None and charge.quantity is None:
        why = "The bill states no minutes and no call records cover the charge, so its price cannot be applied."
        return replace(rated, outcome=RatingOutcome.NO_PRICE, note=_join([why, *notes]))
    months = prorate(period, price.contract.proration) if charge.charge_type is ChargeType.MRC else ONE_MONTH
    measure = Measure(price.contract, element, _quantity(charge, service), months, calls)
    steps = CHARGE_MODELS[element.model].explain(measure)
    notes.append(_note_change(price, period, book))
    return replace(
        rated,
        expected=CHARGE_MODELS[element.model].compute(measure),
        prorated=not months.whole,
        recorded_quantity=None if calls is None else recorded_minutes(calls, element),
        proof=_prove(price, (_price_step(price), *steps)),
        note=_join(notes),
    )


def _quantity(charge: ChargeFacts, service: ServiceFacts | None) -> Decimal:
    """The charge's quantity. Where a bill states none, a service's monthly charge is for as many as the inventory says;
    any other charge is for 1, and so is a recurring or one-time charge that states 0."""
    if charge.quantity or (charge.quantity is not None and charge.charge_type is ChargeType.USAGE):
        return charge.quantity
    if charge.quantity is not None or service is None or charge.charge_type is not ChargeType.MRC:
        return ONE
    monthly = not service.code or code_key(charge.code) in ("", code_key(service.code))
    return service.quantity if monthly and service.quantity > 0 else ONE


def _usable(usage: UsageFacts | None, model: PriceModel, period: Period | None, notes: list[str]) -> UsageFacts | None:
    """`usage` where it can stand beside the charge: a price per minute, and the same days."""
    if usage is None or model is not PriceModel.PER_MINUTE:
        return None
    if period is not None and usage.period != period:
        notes.append(f"The call records are of {usage.period}, the charge is for {period}: they are not compared.")
        return None
    return usage


def _note_change(price: Price, period: Period | None, book: RateBook) -> str:
    following, ends = book.next_change(price), price.element.effective_to
    if period is not None and following is not None and following.effective_from in period:
        change = f"changes to {following.price:f} on {following.effective_from.isoformat()}"
    elif period is not None and ends is not None and ends in period:
        change = f"ends on {ends.isoformat()}"
    else:
        return ""
    return f"The price {change}, within the period; the price of the first day is applied."


def _price_step(price: Price) -> ProofStep:
    return ProofStep(f"Price in {describe(price)}", written(price.element.price), price.element.price)


def _prove(price: Price, steps: tuple[ProofStep, ...]) -> Proof:
    element = price.element
    since = element.effective_from.isoformat()
    return Proof(
        steps=steps,
        contract=price.contract.number,
        clause=element.clause,
        page=element.page,
        price_version=f"{element.code} {element.charge_type} {element.price:f} from {since}",
    )


def _join(notes: list[str]) -> str:
    return " ".join(note for note in notes if note)
