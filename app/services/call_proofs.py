"""Why one recorded call costs what it does: priced again by the scalar engine, which must agree with the kernel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.money import MONEY_SCALE, from_scaled
from app.domain.vocabulary import PriceModel
from app.errors import BugError, UserError
from app.models.invoices import Charge
from app.rating.engine import ask
from app.rating.ratebook import Price, RateBook
from app.rating.voice.accumulate import accumulate
from app.rating.voice.call import Call
from app.rating.voice.cumulative import POOL, Counters
from app.rating.voice.cumulative import accumulate as accumulate_calls
from app.rating.voice.expressions import final_denominator
from app.rating.voice.kernel import rate_batch
from app.rating.voice.proving import prove_rated
from app.rating.voice.scalar import Rater
from app.rating.voice.terms import TierMeasure, TierMode
from app.services.call_periods import is_pooled, opening_counters, pool_lines, read_period
from app.services.facts import load_contracts, load_invoices, load_services
from app.services.recorded_calls import Billed, billed_numbers, find_records
from app.services.voice_prices import VoicePrice, load_voice_price, zone_prices
from app.usage.calls import one_batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa
    from sqlalchemy.orm import Session

    from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
    from app.domain.proof import Proof
    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.rated import RatedCall
    from app.rating.voice.terms import VoiceTerms
    from app.usage.drill_down import CallRow
    from app.usage.store import UsageStore


class NotPricedByCalls(UserError):
    """This charge is not priced call by call: no rate deck of a contract is for it, or our call records do not cover it
    in full."""


class CallWithoutPrice(UserError):
    """{reason}"""


class CallNotFound(UserError):
    """The call of {line} is no longer among the charge's call records: open the list of calls again."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """A call in its period: the counters when its turn comes, and what the kernel makes of it: its exact cost, and in
    millionths the rounded one where the contract rounds calls."""

    counters: Counters | None
    exact: Fraction
    expected: int | None


def prove_one_call(session: Session, store: UsageStore, charge_id: int, row: CallRow) -> Proof:
    """The steps from the answered seconds of a call to its cost under the contract's deck, bundles and discounts.

    Raises NotPricedByCalls, CallWithoutPrice, CallNotFound, what `load_voice_price` raises, and BugError where the two
    engines differ.
    """
    charge, invoice, services, price = _find_price(session, charge_id)
    billed = next((each for each in billed_numbers(invoice, services) if charge_id in each.charge_of.values()), None)
    if billed is None or row.line not in billed.charge_of:
        raise NotPricedByCalls
    service = services[billed.services[charge_id]]
    voice = load_voice_price(session, store, price, zone_prices(price, charge, invoice, service))
    standing = _stand(session, store, billed, services, price, voice, row)
    call = Call(row.line, row.number, row.started, row.seconds)
    rated = _rate_alone(call, voice.narrow(row.line, row.number), standing.counters)
    if rated.unpriced:
        raise CallWithoutPrice(reason=rated.unpriced)
    _compare(rated, standing)
    element = price.element
    return replace(
        prove_rated(rated, voice.terms),
        contract=price.contract.number,
        clause=element.clause,
        page=element.page,
        price_version=f"{element.code} {element.charge_type} from {element.effective_from.isoformat()}",
    )


def _find_price(
    session: Session, charge_id: int
) -> tuple[ChargeFacts, InvoiceFacts, Mapping[int, ServiceFacts], Price]:
    stored = session.get_one(Charge, charge_id)
    invoice = load_invoices(session, [stored.invoice_id])[stored.invoice_id]
    services = load_services(session, invoice.carrier_id)
    (charge,) = (each for each in invoice.charges if each.id == charge_id)
    service = None if charge.service_id is None else services.get(charge.service_id)
    price = RateBook(load_contracts(session, invoice.carrier_id)).find(ask(charge, invoice, service))
    if not isinstance(price, Price) or price.element.model is not PriceModel.CALLS:
        raise NotPricedByCalls
    return charge, invoice, services, price


def _stand(
    session: Session,
    store: UsageStore,
    billed: Billed,
    services: Mapping[int, ServiceFacts],
    price: Price,
    voice: VoicePrice,
    row: CallRow,
) -> _Standing:
    """Where a call stands in its period. Without bundle and tiers it stands alone, and only it is read."""
    terms = voice.terms
    if terms.bundle is None and terms.tiers is None:
        deck = voice.narrow(row.line, row.number).compile()
        return _outcome(rate_batch(one_batch(row.line, row.number, row.started, row.seconds), deck, terms), 0, terms)
    (records,) = find_records(session, store, [billed], terms.time_zone)
    if records is None:
        raise NotPricedByCalls
    lines = pool_lines(price, services, billed.accounts) if is_pooled(terms) else [row.line]
    counters = opening_counters(session, store, billed, lines, price, voice)
    return _walk(read_period(store, records, lines, terms), counters, voice.compile_once(store), terms, row)


def _walk(
    batches: Iterable[pa.RecordBatch], counters: Counters | None, deck: CompiledDeck, terms: VoiceTerms, row: CallRow
) -> _Standing:
    """Go through a period's calls up to one; a VOLUME discount knows its tier only at the period's end."""
    found: _Standing | None = None
    volume = terms.tiers is not None and terms.tiers.mode is TierMode.VOLUME
    for calls in batches:
        place = None if found else _place_of(calls, row)
        before = counters
        rated, counters = accumulate(calls, rate_batch(calls, deck, terms), deck, terms, counters)
        if place is not None:
            head = calls.slice(0, place)
            _, before = accumulate(head, rate_batch(head, deck, terms), deck, terms, before)
            found = replace(_outcome(rated, place, terms), counters=before)
            if not volume:
                break
    if found is None:
        raise CallNotFound(line=row.line)
    if volume and counters is not None and found.counters is not None:
        return replace(found, counters=Counters(found.counters.left, counters.counted))
    return found


def _place_of(calls: pa.RecordBatch, row: CallRow) -> int | None:
    """Which of a batch's calls is the row."""
    import pyarrow.compute as pc

    wanted = {"started": row.started, "row": row.row, "line": row.line, "document": row.document}
    same = None
    for name, value in wanted.items():
        column = calls.column(name)
        one = pc.equal(column.dictionary_decode() if name == "document" else column, value)
        same = one if same is None else pc.and_(same, one)
    place = pc.index(same, True).as_py()
    return None if place < 0 else place


def _outcome(rated: pa.RecordBatch, place: int, terms: VoiceTerms) -> _Standing:
    exact = Fraction(rated.column("exact")[place].as_py(), final_denominator(terms))
    by_call = "expected" in rated.schema.names
    return _Standing(None, exact, rated.column("expected")[place].as_py() if by_call else None)


def _rate_alone(call: Call, voice: VoicePrice, counters: Counters | None) -> RatedCall:
    """The call by the scalar engine, when its turn comes. Where a VOLUME discount has counted it already among all
    calls of the period, its own units are taken off first: the engine counts them."""
    deck, places = voice.tables()
    terms, tiers = voice.terms, voice.terms.tiers
    if counters is not None and tiers is not None and tiers.mode is TierMode.VOLUME:
        plain = Rater(deck, places, replace(terms, tiers=None))
        ((own,), _) = accumulate_calls(plain, [plain.rate(call)], counters)
        units = own.usage if tiers.measure is TierMeasure.MONEY else own.seconds - own.free_seconds
        pool = POOL if tiers.pooled else call.line
        counters = Counters(counters.left, {**counters.counted, pool: counters.counted.get(pool, 0) - units})
    rater = Rater(deck, places, terms)
    ((rated,), _) = accumulate_calls(rater, [rater.rate(call)], counters)
    return rated


def _compare(rated: RatedCall, standing: _Standing) -> None:
    expected = None if standing.expected is None else from_scaled(standing.expected, MONEY_SCALE)
    if rated.exact != standing.exact or rated.expected != expected:
        raise BugError(
            f"two engines price the call of {rated.call.line} at {rated.call.started} differently: "
            f"{rated.exact} and {standing.exact}, rounded {rated.expected} and {expected}"
        )
