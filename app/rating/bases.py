"""What a charge is taken of, where the bill itself tells: the base of a percentage, a surcharge or a minimum.

It is of that bill (domain/rating, 5.7), net: the charges of the base's types, less their credits. A credit counts alike
whether the bill prints it with the charge's own type or as a CREDIT: then it is one of the base's where it has the code
of a charge of the base, and names no other service. Other credits count where `base_types` names CREDIT.

A charge that is itself taken of others is in no base: it counts where `fee_codes` names it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.evidence import SpendFacts, SpendLine
from app.domain.history import ChargeFacts, InvoiceFacts
from app.domain.money import ZERO
from app.domain.parameters import Form, Parameter, Settings
from app.domain.period import Period, add_months
from app.domain.vocabulary import ChargeType, PriceModel
from app.rating.ratebook import Price, PriceQuestion, RateBook, code_key

BASE_PARAMETERS = (
    Parameter("base_types", Form.TEXTS, "charge types that it is taken of", "MRC, USAGE, NRC"),
    Parameter("base_codes", Form.TEXTS, "charge codes that it is taken of; empty: all of these types", ""),
    Parameter("fee_codes", Form.TEXTS, "codes of the fees on which it is taken too", ""),
    Parameter("same_service", Form.YES_NO, "whether only charges of the same service count", "no"),
)
DERIVED = frozenset({PriceModel.PERCENTAGE, PriceModel.SURCHARGE, PriceModel.MINIMUM})
IsDerived = Callable[[ChargeFacts], bool]


@dataclass(frozen=True, slots=True)
class SharedSpend(SpendFacts):
    """A base that several lines of a bill are taken of together, so that what is due once is not due on each.

    `billed` is this line's amount, `before` that of the lines before it and `altogether` that of all: each line has its
    part of the amount due in proportion to them.
    """

    before: Decimal = ZERO
    billed: Decimal = ZERO
    altogether: Decimal = ZERO


def spend_of(
    charge: ChargeFacts, invoice: InvoiceFacts, settings: Settings, is_derived: IsDerived
) -> SpendFacts | None:
    """The billed charges of the bill that `charge` is taken of, itself never among them; None without any.

    They count as billed, for the carrier has to take its percentage of what it bills: a base that is wrong is a finding
    of its own (domain/rating, 5.7: "of that bill"). `is_derived` tells which charges are themselves taken of others.

    Where the bill has several lines of one surcharge, each is taken of the charges of its own service, and of its own
    days, where all of them name such; else of the whole base together (SharedSpend).
    """
    same = settings.flag("same_service")
    every = [each for each in invoice.charges if not same or _subject(each) == _subject(charge)]
    base, fees = _find_base(charge, every, settings, is_derived)
    lines = _find_lines(charge, every, is_derived)
    if len(lines) > 1:
        if all(map(_names_service, (*lines, *base, *fees))) and _tells_apart(lines, base, _subject):
            lines, base, fees = _narrow(charge, lines, base, fees, _subject)
        days = invoice.period_of
        if len(set(map(days, lines))) > 1 and _tells_apart(lines, base, days):
            lines, base, fees = _narrow(charge, lines, base, fees, days)
    if not base and not fees:
        return None
    period = invoice.period_of(charge) or Period(invoice.bill_date, add_months(invoice.bill_date, 1))
    counted = period, tuple(map(_line, base)), tuple(map(_line, fees))
    if len(lines) < 2:
        return SpendFacts(*counted)
    place = next(place for place, line in enumerate(lines) if line.id == charge.id)
    return SharedSpend(*counted, before=_sum(lines[:place]), billed=charge.amount, altogether=_sum(lines))


def find_derived(invoice: InvoiceFacts, book: RateBook, known_on: date | None) -> IsDerived:
    """What tells whether a charge of the bill is priced by a model that takes it of other charges.

    Of a charge whose code such a price has for certain services or places only, it is taken that it is.
    """
    kinds = {
        (element.charge_type, code_key(element.code))
        for contract in book.contracts
        if contract.carrier_id == invoice.carrier_id
        for element in contract.elements
        if element.model in DERIVED
    }
    known: dict[PriceQuestion, bool] = {}

    def is_derived(charge: ChargeFacts) -> bool:
        code, period = code_key(charge.code), invoice.period_of(charge)
        if (charge.charge_type, code) not in kinds:
            return False
        day = invoice.bill_date if period is None else period.start
        question = PriceQuestion(
            invoice.carrier_id, charge.account_id, code, charge.charge_type, day, invoice.currency, known_on=known_on
        )
        if question not in known:
            found = book.find(question)
            known[question] = not isinstance(found, Price) or found.element.model in DERIVED
        return known[question]

    return is_derived


def _find_base(
    charge: ChargeFacts, every: Sequence[ChargeFacts], settings: Settings, is_derived: IsDerived
) -> tuple[list[ChargeFacts], list[ChargeFacts]]:
    """The charges of the base and their credits, and the fees, without `charge`."""
    types = {name.upper() for name in settings.texts("base_types")}
    codes = {code_key(name) for name in settings.texts("base_codes")}
    fee_codes = {code_key(name) for name in settings.texts("fee_codes")}

    def fits(other: ChargeFacts) -> bool:
        return other.charge_type in types and (not codes or code_key(other.code) in codes) and not is_derived(other)

    others = [other for other in every if other.id != charge.id]
    base = {other.id: other for other in others if fits(other)}
    credited = [each for each in base.values() if each.amount > 0]
    base |= {other.id: other for other in others if other.id not in base and _is_credit_of_one(other, credited)}
    fees = [other for other in others if other.id not in base and code_key(other.code) in fee_codes]
    return list(base.values()), fees


def _is_credit_of_one(credit: ChargeFacts, charges: Sequence[ChargeFacts]) -> bool:
    """Whether a CREDIT gives back what one of `charges` charges: by its code, and its service where it names one."""
    if credit.charge_type is not ChargeType.CREDIT or credit.amount >= 0 or not code_key(credit.code):
        return False
    return any(
        code_key(credit.code) == code_key(charge.code)
        and (not _names_service(credit) or _subject(credit) == _subject(charge))
        for charge in charges
    )


def _find_lines(charge: ChargeFacts, every: Sequence[ChargeFacts], is_derived: IsDerived) -> list[ChargeFacts]:
    """The bill's lines of the same surcharge as `charge`, in order; those that a credit of their amount takes back are
    none. [] where `charge` is such a one."""
    alike = [each for each in every if each.id == charge.id or (_is_alike(each, charge) and is_derived(each))]
    lines = [each for each in alike if each.amount > 0]
    credit_lines = [each for each in every if each.charge_type is ChargeType.CREDIT and each.code == charge.code != ""]
    for credit in (*(each for each in alike if each.amount < 0), *credit_lines):
        back = next((each for each in lines if each.amount == -credit.amount), None)
        if back is not None:
            lines.remove(back)
    return lines if charge in lines else []


def _is_alike(one: ChargeFacts, other: ChargeFacts) -> bool:
    """Whether both are lines of one thing: by code, or by description where the bill prints no codes."""
    if one.charge_type is not other.charge_type or code_key(one.code) != code_key(other.code):
        return False
    return bool(one.code) or one.description.casefold() == other.description.casefold()


def _tells_apart(
    lines: Sequence[ChargeFacts], base: Sequence[ChargeFacts], key: Callable[[ChargeFacts], Hashable]
) -> bool:
    """Whether each of the lines has charges of its own in the base."""
    return set(map(key, lines)) <= set(map(key, base))


def _narrow(
    charge: ChargeFacts,
    lines: Sequence[ChargeFacts],
    base: Sequence[ChargeFacts],
    fees: Sequence[ChargeFacts],
    key: Callable[[ChargeFacts], Hashable],
) -> tuple[list[ChargeFacts], list[ChargeFacts], list[ChargeFacts]]:
    own = key(charge)
    lines, base, fees = ([each for each in some if key(each) == own] for some in (lines, base, fees))
    return lines, base, fees


def _names_service(charge: ChargeFacts) -> bool:
    return charge.service_id is not None or bool(charge.service_key)


def _subject(charge: ChargeFacts) -> int | str:
    """The service that a charge is for: ours where it is known, else what the bill prints."""
    return charge.service_key if charge.service_id is None else charge.service_id


def _line(charge: ChargeFacts) -> SpendLine:
    return SpendLine(charge.description or charge.code or charge.charge_type.value, charge.amount)


def _sum(charges: Sequence[ChargeFacts]) -> Decimal:
    return sum((charge.amount for charge in charges), ZERO)
