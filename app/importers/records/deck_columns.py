"""The columns of rate decks, declared once: what the reader takes and docs/formats/rate-decks.md lists."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.vocabulary import DeckKind
from app.importers.records.layout import Column, Form

_PREFIX = Column(
    "prefix",
    "Prefix",
    Form.TEXT,
    "What the numbers begin with, the country's code first; up to 15 digits.",
    "1312",
    True,
    ("Dial code", "Code"),
)

PRICE_COLUMNS = (
    _PREFIX,
    Column("zone", "Zone", Form.TEXT, "The group of prefixes that it belongs to.", "US Midwest", True,
           ("Destination",)),
    Column("price", "Price per minute", Form.RATE, "In the contract's currency; up to ten decimals.", "0.0042", True,
           ("Price", "Rate")),
    Column("effective_from", "First day", Form.DATE, "First day on which it holds.", "2026-01-01", True,
           ("Valid from", "Effective from")),
    Column("effective_to", "Last day", Form.LAST_DAY, "Last day on which it holds; empty: until further notice.", "",
           False, ("Valid to", "Valid through")),
    Column("jurisdiction", "Jurisdiction", Form.WORD, "For these calls alone; empty: for all.", "interstate"),
    Column("band", "Band", Form.TEXT, "For this band of hours alone; empty: for all.", "peak"),
    Column("connect", "Connect fee", Form.RATE, "For each answered call; empty: what the contract says.", "0.01"),
    Column("initial", "Initial seconds", Form.WHOLE, "Least seconds billed of a call; empty: what the contract says.",
           "6", least=1, most=3_600),
    Column("increment", "Increment seconds", Form.WHOLE,
           "Steps in which the rest is billed; empty: what the contract says.", "6", least=1, most=3_600),
)  # fmt: skip

PLACE_COLUMNS = (
    _PREFIX,
    Column("country", "Country", Form.TEXT, "The country's calling code, in digits.", "1", True),
    Column("state", "State", Form.TEXT, "State or province.", "IL", False, ("Province",)),
    Column("lata", "LATA", Form.TEXT, "The local access and transport area.", "358"),
    Column("local", "Local area", Form.TEXT, "Prefixes with the same one call each other locally.", "Chicago",
           False, ("Local calling area",)),
    Column("toll_free", "Toll-free", Form.YES_NO, "Whether the called party pays; else no.", "no"),
)  # fmt: skip

COLUMNS: Mapping[DeckKind, tuple[Column, ...]] = {DeckKind.PRICES: PRICE_COLUMNS, DeckKind.PLACES: PLACE_COLUMNS}
# a prefix is looked up within these: two rows alike in all of them may not hold on one day
KEYS: Mapping[DeckKind, tuple[str, ...]] = {
    DeckKind.PRICES: ("prefix", "jurisdiction", "band"),
    DeckKind.PLACES: ("prefix",),
}
