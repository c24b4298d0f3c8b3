"""A contract's price of calls, loaded: its terms, its rate deck compiled, and the rows that price a single call."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from app.domain.money import RATE_SCALE, ZERO, to_scaled
from app.domain.parameters import read_settings
from app.domain.vocabulary import MODIFIERS, DeckKind
from app.rating.engine import pricing_day
from app.rating.ratebook import EVERY_CODE, Scope, code_key, subject_of
from app.rating.voice.deck_cache import open_deck
from app.rating.voice.jurisdiction import Places
from app.rating.voice.prices import Deck
from app.rating.voice.read_terms import PARAMETERS, read_voice_terms
from app.services.decks import deck_rows, load_deck, place_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    import polars as pl
    from sqlalchemy.orm import Session

    from app.domain.history import ChargeFacts, InvoiceFacts, ServiceFacts
    from app.domain.terms import RateElementTerms
    from app.rating.ratebook import Price
    from app.rating.voice.deck import CompiledDeck
    from app.rating.voice.terms import VoiceTerms
    from app.usage.store import UsageStore

COMPILED = "compiled"
MOST_COMPILED = 4  # decks kept: one of 500,000 rows takes seconds to compile and some 100 MB
MOST_FILES = 16


_compiled_decks: OrderedDict[tuple[str, str, VoiceTerms], CompiledDeck] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class VoicePrice:
    """How a contract prices calls. `rows` are the deck's, with the contract's own prices of zones."""

    terms: VoiceTerms
    rows: pl.DataFrame
    places: pl.DataFrame | None

    def narrow(self, line: str, number: str) -> VoicePrice:
        """With only the rows of the deck that may price a call between `line` and `number`, and the places of both."""
        heads = [number[:length] for length in range(len(number) + 1)]
        ends = [*heads, *(line[:length] for length in range(len(line) + 1))]
        places = None if self.places is None else self.places.filter(self.places["prefix"].is_in(ends))
        return VoicePrice(self.terms, self.rows.filter(self.rows["prefix"].is_in(heads)), places)

    def tables(self) -> tuple[Deck, Places | None]:
        """Deck and places as the scalar engine takes them."""
        return Deck(deck_rows(self.rows)), None if self.places is None else Places(place_rows(self.places))

    def compile(self, folder: Path | None = None) -> CompiledDeck:
        """The deck as the kernel takes it; one that is in `folder` already is loaded."""
        places = () if self.places is None else tuple(place_rows(self.places))
        return open_deck(self.rows, self.terms, places=places, folder=folder)

    def compile_once(self, store: UsageStore) -> CompiledDeck:
        """`compile`, kept in memory and on disk by the content of what it is made of: beside the usage folder, which
        backups keep, since it can be made again."""
        key = (_content(self.rows), "" if self.places is None else _content(self.places), self.terms)
        with _lock:
            if key not in _compiled_decks:
                folder = store.folder.with_name(COMPILED)
                _compiled_decks[key] = self.compile(folder)
                _prune(folder)
            _compiled_decks.move_to_end(key)
            while len(_compiled_decks) > MOST_COMPILED:
                _compiled_decks.popitem(last=False)
            return _compiled_decks[key]


def load_voice_price(session: Session, store: UsageStore, price: Price, overrides: Mapping[str, Decimal]) -> VoicePrice:
    """The terms and the deck in force of a CALLS price; a zone in `overrides` costs that a minute, whatever the deck
    says. Raises DeckMissing, DeckDamaged and BadParameters."""
    terms = read_voice_terms(price.element, price.contract)
    settings = read_settings(price.element.parameters, PARAMETERS)
    carrier_id = price.contract.carrier_id
    rows = load_deck(session, store, carrier_id, settings.text("deck"))
    name = settings.text("places")
    places = load_deck(session, store, carrier_id, name, DeckKind.PLACES) if name else None
    return VoicePrice(terms, _override(rows, overrides), places)


def zone_prices(
    price: Price, charge: ChargeFacts, invoice: InvoiceFacts, service: ServiceFacts | None
) -> dict[str, Decimal]:
    """The prices of a minute that a contract sets for zones of the deck, by zone: those of the price's code, or of all
    codes, in force on the charge's first day and agreed on by the bill's date. The narrowest wins, then the latest."""
    day = pricing_day(charge, invoice)
    subjects = subjects_of(service)
    fitting = [
        element
        for element in price.contract.elements
        if element.zone
        and element.model not in MODIFIERS
        and element.charge_type is price.element.charge_type
        and code_key(element.code) in (code_key(price.element.code), EVERY_CODE)
        and element.in_force(day)
        and (element.agreed is None or element.agreed <= invoice.bill_date)
        and subject_of(element) in subjects
    ]
    return {element.zone: ZERO if element.waived else element.price for element in sorted(fitting, key=_precedence)}


def subjects_of(service: ServiceFacts | None) -> set[tuple[Scope, object]]:
    """What a price may be for to hold for a service."""
    if service is None:
        return {(Scope.ANY, None)}
    return {
        (Scope.ANY, None),
        (Scope.KIND, service.kind),
        (Scope.LOCATION, service.location_id),
        (Scope.SERVICE, service.id),
    }


def _override(rows: pl.DataFrame, overrides: Mapping[str, Decimal]) -> pl.DataFrame:
    import polars as pl

    if not overrides:
        return rows
    own = {zone: to_scaled(price, RATE_SCALE) for zone, price in overrides.items()}
    found = pl.col("zone").replace_strict(own, default=None, return_dtype=pl.Int64)
    return rows.with_columns(found.fill_null(pl.col("price")).alias("price"))


def _prune(folder: Path) -> None:
    """Remove compiled decks beyond MOST_FILES, those written first."""
    files = sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MOST_FILES:]:
        file.unlink(missing_ok=True)


def _content(frame: pl.DataFrame) -> str:
    return hashlib.sha256(frame.write_ipc(None).getbuffer()).hexdigest()


def _precedence(element: RateElementTerms) -> tuple[Scope, bool, date, date, int]:
    """The one that wins last."""
    agreed = element.agreed or element.effective_from
    return subject_of(element)[0], element.agreed is not None, agreed, element.effective_from, element.id
