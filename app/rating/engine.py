"""Rates a charge: what the contract says that it should cost, with the proof, or why that cannot be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.domain.evidence import BalanceFacts, CallTotals, Evidence, LeavingFacts, SpendFacts, UsageFacts
from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
from app.domain.money import RATE_SCALE, ZERO, RoundingMode
from app.domain.parameters import BadParameters
from app.domain.period import Period
from app.domain.proof import Proof, ProofStep, written
from app.domain.rated import RatedCharge
from app.domain.vocabulary import PRICED_TYPES, ChargeType, PriceModel, RatingOutcome
from app.rating.amount import Piece, compute_amount, explain_amount
from app.rating.bases import find_derived, spend_of
from app.rating.charge_models import CHARGE_MODELS, METERED, per_minute
from app.rating.charge_models.increments import recorded_minutes
from app.rating.charge_models.measure import Measure
from app.rating.currency import Conversion, NoRate, find_conversion, round_in_currency
from app.rating.discount_lines import rate_discount_line
from app.rating.leaving import leaving_of
from app.rating.minutes import price_of_a_minute
from app.rating.parts import Part, split
from app.rating.proration import prorate
from app.rating.ratebook import AmbiguousPrice, Price, PriceQuestion, RateBook, code_key, describe

ONE = Decimal(1)
_TAKEN_OF_THE_BILL = (PriceModel.PERCENTAGE, PriceModel.SURCHARGE, PriceModel.LATE_CHARGE)
_LACKING_ON_THE_BILL = (PriceModel.MINIMUM, PriceModel.COMMITMENT)


def rate_invoice(
    invoice: InvoiceFacts,
    services: Mapping[int, ServiceFacts],
    book: RateBook,
    evidence: Mapping[int, Evidence],
    *,
    explain: bool = True,
) -> dict[int, RatedCharge]:
    """Every charge of `invoice` rated, by charge id.

    `services` holds at least those that the charges are matched to, by id; `evidence` our own records of the charges
    that they cover in full. Without `explain` no proofs are written: the amounts are the same, and `rate` proves any
    one of them.
    """
    return {
        charge.id: rate(
            charge,
            invoice,
            None if charge.service_id is None else services.get(charge.service_id),
            book,
            evidence.get(charge.id),
            explain=explain,
        )
        for charge in invoice.charges
    }


def rate(
    charge: ChargeFacts,
    invoice: InvoiceFacts,
    service: ServiceFacts | None,
    book: RateBook,
    evidence: Evidence | None,
    *,
    explain: bool = True,
) -> RatedCharge:
    """What `charge` should cost under the prices in force on its days.

    Recurring, one-time and usage charges need a price; taxes, fees, credits and the like are rated where the contract
    prices them, else NOT_PRICED. A charge that names a service which the inventory does not know is UNMATCHED. The bill
    is judged by what had been agreed on by its date; where a later amendment changes the amount, `amended` says it.
    """
    rated = _rate_as_known(charge, invoice, service, book, evidence, invoice.bill_date, explain)
    if rated.expected is None or book.last_agreed <= invoice.bill_date:
        return rated
    later = _rate_as_known(charge, invoice, service, book, evidence, None, explain=False)
    if later.expected is None or later.expected == rated.expected:
        return rated
    since = f"Under amendments agreed on after the bill it costs {later.expected:f}."
    return replace(rated, amended=later.expected, note=_join([rated.note, since]))


def pricing_day(charge: ChargeFacts, invoice: InvoiceFacts) -> date:
    """The day whose price holds first: that of the charge's period, else the bill date."""
    period = invoice.period_of(charge)
    return invoice.bill_date if period is None else period.start


def ask(charge: ChargeFacts, invoice: InvoiceFacts, service: ServiceFacts | None) -> PriceQuestion:
    """The question to the price book that `charge` puts, on its first day and with all amendments known."""
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


def _rate_as_known(
    charge: ChargeFacts,
    invoice: InvoiceFacts,
    service: ServiceFacts | None,
    book: RateBook,
    evidence: Evidence | None,
    known_on: date | None,
    explain: bool,
) -> RatedCharge:
    result = RatedCharge(charge.id, charge.amount, RatingOutcome.NOT_PRICED)
    needed = charge.charge_type in PRICED_TYPES
    if charge.amount < 0 and charge.charge_type is not ChargeType.CREDIT:
        return replace(result, note="A credit: no contract price belongs to it." if needed else "")
    if needed and service is None and (charge.service_key or charge.service_id is not None):
        named = charge.printed_service or charge.service_key
        return replace(result, outcome=RatingOutcome.UNMATCHED, note=f"{named} is not in the inventory.")
    question = replace(ask(charge, invoice, service), known_on=known_on)
    found = book.find(question)
    if isinstance(found, Price):
        try:
            return _apply(found, question, charge, invoice, book, evidence, explain)
        except BadParameters as fault:  # a parameter that calls for another one shows when it is used
            return replace(result, outcome=RatingOutcome.NO_PRICE, note=f"{describe(found)}: {fault}")
    if isinstance(found, AmbiguousPrice):
        return replace(result, outcome=RatingOutcome.AMBIGUOUS, note=found.reason)
    if charge.charge_type is ChargeType.CREDIT and (credit := rate_discount_line(charge, invoice, question, book)):
        return replace(credit, proof=credit.proof if explain else None)
    return replace(result, outcome=RatingOutcome.NO_PRICE, note=found.reason) if needed else result


def _apply(
    price: Price,
    question: PriceQuestion,
    charge: ChargeFacts,
    invoice: InvoiceFacts,
    book: RateBook,
    evidence: Evidence | None,
    explain: bool,
) -> RatedCharge:
    element = price.element
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
    parts, note = split(book, price, question, period)
    if all(part.waived for part in parts):
        return replace(rated, expected=ZERO, proof=_prove(price, parts[0].steps), note=note)
    usable, other = _usable(evidence, period)
    usable = usable or _from_the_bill(price, question, charge, invoice, book)
    quantity = _quantity(charge, question.service)
    pieces: list[Piece] = []
    for part in parts:
        conversion = find_conversion(part.price.contract, invoice.currency, invoice.bill_date, period, book.rates)
        if isinstance(conversion, NoRate):
            return replace(rated, outcome=RatingOutcome.NO_PRICE, note=conversion.reason)
        terms = round_in_currency(part.price.contract, invoice.currency)
        priced, conversion = _in_bills_currency(part, conversion)
        pieces.append(Piece(priced, Measure(terms, priced.element, quantity, part.months, usable), conversion))
    first = pieces[0].measure
    if missing := _join([part.missing for part in parts]) or _say_what_is_missing(first, charge):
        outcome = RatingOutcome.NO_PRICE if charge.charge_type in PRICED_TYPES else RatingOutcome.NOT_PRICED
        return replace(rated, outcome=outcome, note=_join([missing, other]))
    steps = explain_amount(pieces) if explain else ()
    return replace(
        rated,
        expected=steps[-1].result if steps else compute_amount(pieces),
        unit_price=parts[0].element.price,
        prorated=charge.charge_type is ChargeType.MRC and not prorate(period, price.contract.proration).whole,
        waived=False,
        recorded_quantity=_recorded(parts[0], first),
        minute_price=_price_minutes(pieces),
        proof=_prove(price, steps) if explain else None,
        note=_join([note, other]),
    )


def _in_bills_currency(part: Part, conversion: Conversion | None) -> tuple[Part, Conversion | None]:
    """The part and how its amount is to be converted: not at all where it is taken of amounts on the bill, and where it
    is what they lack to an amount of the contract's, only that amount is."""
    model = part.element.model
    if conversion is None or model not in (*_TAKEN_OF_THE_BILL, *_LACKING_ON_THE_BILL):
        return part, conversion
    if model in _TAKEN_OF_THE_BILL:
        return part, None
    formula = f"{written(part.element.price)} {conversion.formula}"
    amount = conversion.convert(part.element.price)
    step = ProofStep(conversion.basis, formula, amount, RoundingMode.HALF_UP, RATE_SCALE)
    return replace(part, element=replace(part.element, price=amount), steps=(*part.steps, step)), None


def _quantity(charge: ChargeFacts, service: ServiceFacts | None) -> Decimal:
    """The charge's quantity. Where a bill states none, a service's monthly charge is for as many as the inventory says;
    any other charge is for 1, and so is a recurring or one-time charge that states 0."""
    if charge.quantity or (charge.quantity is not None and charge.charge_type is ChargeType.USAGE):
        return charge.quantity
    if charge.quantity is not None or service is None or charge.charge_type is not ChargeType.MRC:
        return ONE
    monthly = not service.code or code_key(charge.code) in ("", code_key(service.code))
    return service.quantity if monthly and service.quantity > 0 else ONE


def _usable(evidence: Evidence | None, period: Period | None) -> tuple[Evidence | None, str]:
    """`evidence` where it is of the charge's days, else a note that it is not compared."""
    if evidence is None or isinstance(evidence, BalanceFacts | LeavingFacts):
        return evidence, ""
    if period is not None and evidence.period != period:
        return None, f"Our records are of {evidence.period}, the charge is for {period}: they are not compared."
    return evidence, ""


def _from_the_bill(
    price: Price, question: PriceQuestion, charge: ChargeFacts, invoice: InvoiceFacts, book: RateBook
) -> Evidence | None:
    """What the bill and the inventory themselves say of a base or of a service that was left."""
    model = CHARGE_MODELS[price.element.model]
    measure = Measure(price.contract, price.element, ONE)
    if model.NEEDS is SpendFacts and price.element.model is not PriceModel.COMMITMENT:
        derived = find_derived(invoice, book, question.known_on)
        return spend_of(charge, invoice, measure.settings(model.PARAMETERS), derived)
    if model.NEEDS is LeavingFacts:
        return leaving_of(question, price.contract, book)
    return None


def _say_what_is_missing(measure: Measure, charge: ChargeFacts) -> str:
    """Why the price cannot be applied: neither the bill nor our records say how much was used; "" where one does."""
    kind = measure.element.model
    model = CHARGE_MODELS[kind]
    if isinstance(measure.evidence, CallTotals) and (left := measure.evidence.unpriced_calls):
        return f"{left} of the recorded calls have no price in the rate deck, so it cannot be said what all cost."
    if measure.evidence is not None and (model.NEEDS is None or isinstance(measure.evidence, model.NEEDS)):
        return ""
    if model.NEEDS is not None:
        return "Our records do not cover the charge, so its price cannot be applied."
    metered = kind in METERED and METERED[kind](measure.settings(model.PARAMETERS))
    if charge.quantity is None and (metered or charge.charge_type is ChargeType.USAGE):
        return f"The bill states no {model.UNIT} and no records cover the charge, so its price cannot be applied."
    return ""


def _recorded(part: Part, measure: Measure) -> Decimal | None:
    """Our records in billable minutes, where a price per minute is judged by them."""
    if part.element.model is not PriceModel.PER_MINUTE or not isinstance(measure.evidence, UsageFacts):
        return None
    return recorded_minutes(measure.evidence, measure.settings(per_minute.PARAMETERS))


def _price_minutes(pieces: Sequence[Piece]) -> Decimal | None:
    """What a minute costs, where one price without a discount is all there is."""
    if len(pieces) > 1 or pieces[0].part.discounts:
        return None
    return price_of_a_minute(pieces[0].measure, pieces[0].conversion)


def _prove(price: Price, steps: tuple[ProofStep, ...]) -> Proof:
    element = price.element
    since = element.effective_from.isoformat()
    amendment = f", {element.amendment}" if element.amendment else ""
    return Proof(
        steps=steps,
        contract=price.contract.number,
        clause=element.clause,
        page=element.page,
        price_version=f"{element.code} {element.charge_type} {element.price:f} from {since}{amendment}",
    )


def _join(notes: list[str]) -> str:
    return " ".join(note for note in notes if note)
