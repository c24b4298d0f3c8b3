"""Why a call costs what it does: the six definitions of terms.py as steps with numbers, each of which replays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from app.domain.money import RATE_SCALE, RoundingMode
from app.domain.proof import Proof, ProofStep, evaluate, written
from app.domain.vocabulary import RoundingScope
from app.errors import BugError
from app.rating.voice.call import DeckRow
from app.rating.voice.rated import USAGE_DENOMINATOR, Piece, RatedCall, price_of
from app.rating.voice.terms import VoiceTerms


def prove_rated(rated: RatedCall, terms: VoiceTerms) -> Proof:
    """The steps from the answered seconds to the cost; raises BugError for a call without a price.

    The last step is rounded where the contract rounds calls. Otherwise it is exact where a decimal can write that, and
    else written to 10 places: what is added up is the fraction.
    """
    if rated.unpriced:
        raise BugError(f"no proof of a call without a price: {rated.unpriced}")
    paid = [piece for piece in rated.pieces if not piece.free]
    steps = [_count_seconds(rated, terms)]
    if rated.free_seconds:
        basis = f"Seconds to pay, after {rated.free_seconds} free ones of the bundle"
        steps.append(_step(basis, f"{rated.seconds} − {rated.free_seconds}"))
    steps += _name_prices(paid, terms)
    usage = " + ".join(_write_piece(piece) for piece in paid) or "0"
    if rated.tiers:
        steps.append(_step("Cost of the seconds before the volume discount", usage, RoundingMode.HALF_UP, RATE_SCALE))
        usage = " + ".join(f"{_write_amount(amount)} × {percent} ÷ 100" for amount, percent in rated.tiers)
    return Proof((*steps, _total(rated, terms, usage)))


def _count_seconds(rated: RatedCall, terms: VoiceTerms) -> ProofStep:
    answered = rated.call.seconds
    row = rated.pieces[0].rows[0] if rated.pieces else None
    initial = terms.initial if row is None or row.initial is None else row.initial
    increment = terms.increment if row is None or row.increment is None else row.increment
    if answered <= 0:
        return _step("Billable seconds: the call was not answered", "0")
    basis = f"Billable seconds of {answered}, initial {initial} and increment {increment}"
    if answered <= initial:
        return _step(basis, str(initial))
    return _step(basis, f"{initial} + ceil(({answered} − {initial}) ÷ {increment}) × {increment}")


def _name_prices(paid: list[Piece], terms: VoiceTerms) -> Iterator[ProofStep]:
    """A step for each price that the pieces cost: the deck row that it stands in, or the two that are mixed."""
    seen = set()
    for piece in paid:
        if (piece.band, piece.price) in seen:
            continue
        seen.add((piece.band, piece.price))
        band = f", {piece.band}" if piece.band else ""
        names = " and ".join(_name_row(row) for row in piece.rows)
        if terms.piu is None or len(piece.rows) == 1:
            yield _step(f"Price of a minute to {names}{band}", written(price_of(piece.price)))
            continue
        far, near = (written(row.price) for row in piece.rows)
        formula = f"{terms.piu:f} × {far} + (1 − {terms.piu:f}) × {near}"
        basis = f"Price of a minute by the interstate share, to {names}{band}"
        yield _step(basis, formula, RoundingMode.HALF_UP, RATE_SCALE)


def _name_row(row: DeckRow) -> str:
    kind = f" {row.jurisdiction}" if row.jurisdiction else ""
    return f"{row.prefix} ({row.zone}){kind} from {row.effective_from.isoformat()}"


def _write_piece(piece: Piece) -> str:
    text = f"{written(price_of(piece.price))} × {piece.seconds} ÷ 60"
    for percent in (piece.percent, piece.share):
        text += "" if percent == 100 else f" × {percent} ÷ 100"
    return text


def _write_amount(amount: int) -> str:
    """An amount in 1 ÷ USAGE_DENOMINATOR: as a decimal where that is exact, else as a fraction."""
    value = Fraction(amount, USAGE_DENOMINATOR)
    if 10**RATE_SCALE % value.denominator == 0:
        return written(price_of(value.numerator * (10**RATE_SCALE // value.denominator)))
    return f"{value.numerator} ÷ {value.denominator}"


def _total(rated: RatedCall, terms: VoiceTerms, usage: str) -> ProofStep:
    formula, words = usage, ["seconds × price"]
    if rated.connect:
        fee = written(price_of(rated.connect))
        words.append("at least the connect fee" if terms.deductible else "connect fee")
        formula = f"max({fee}, {usage})" if terms.deductible else f"{fee} + {usage}"
    if rated.call.payphone and rated.seconds and terms.payphone:
        words.append("payphone surcharge")
        formula += f" + {written(terms.payphone)}"
    basis = f"Cost of the call: {', '.join(words)}"
    if terms.scope is RoundingScope.CALL:
        return _step(basis, formula, terms.rounding, terms.places)
    value = evaluate(formula)
    if 10 ** (2 * RATE_SCALE) % value.denominator == 0:
        return _step(basis, formula)
    basis += "; written to 10 places, added up exactly"
    return _step(basis, formula, RoundingMode.HALF_UP, RATE_SCALE)


def _step(basis: str, formula: str, mode: RoundingMode | None = None, places: int | None = None) -> ProofStep:
    draft = ProofStep(basis, formula, Decimal(0), mode, places)
    return replace(draft, result=draft.replay())
