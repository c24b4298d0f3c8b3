"""An office whose calls are priced by a rate deck, and months of calls for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.domain.evidence import CallTotals
from app.domain.money import RoundingMode
from app.domain.period import Period
from app.domain.terms import ContractTerms
from app.domain.vocabulary import ChargeType, DeckKind, PriceModel, RoundingScope
from app.models.contracts import Contract, RateElement
from app.models.documents import SourceDocument, UsageBatch
from app.models.invoices import Charge
from app.rating.engine import ask
from app.rating.ratebook import Price, RateBook
from app.rating.voice.call import Call
from app.rating.voice.cumulative import Counters, rate_calls
from app.rating.voice.jurisdiction import Places
from app.rating.voice.prices import Deck
from app.rating.voice.rated import RatedCall
from app.rating.voice.read_terms import read_voice_terms
from app.services.call_proofs import prove_one_call
from app.services.decks import deck_rows, import_deck, load_deck, place_rows
from app.services.facts import load_contracts, load_invoices, load_services
from app.services.matching import match_invoice
from app.services.rated_calls import load_rated_calls
from app.services.workspace import Workspace
from app.usage.drill_down import CallRow
from tests.services.office import APRIL, Office, bill, charge
from tests.usage.records import calls

CHICAGO = "America/Chicago"
LINES = ("13125550101", "13125550102", "13125550103")
DECK = """\
Prefix,Zone,Price per minute,First day,Last day,Jurisdiction,Band,Connect fee,Initial seconds,Increment seconds
1,US,0.0110,2026-01-01,,,,,,
1,US,0.0220,2026-01-01,,intrastate,,,,
44,UK,0.0371,2026-01-01,2026-04-15,,,,,
44,UK,0.0400,2026-04-16,,,,,,
447,UK mobile,0.1533,2026-01-01,,,,0.0125,30,1
447,UK mobile,0.1200,2026-01-01,,,night,,,
"""
PLACES = "Prefix,Country,State,LATA\n1312,1,IL,358\n1217,1,IL,976\n1212,1,NY,132\n"
NUMBERS = ("12125550000", "12175550199", "442079460000", "447700900123", "447700900124", "886912345678", "")


@dataclass
class Voice:
    """An office whose calls are priced by a deck."""

    workspace: Workspace
    parameters: str = "deck=voice; initial=6; increment=6"
    scope: RoundingScope = RoundingScope.CHARGE
    deck: str = DECK
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.workspace)
        self.carrier = self.office.carrier()
        self.account = self.office.account(self.carrier)
        self.contract = self.office.contract(self.carrier)
        self.element = self.office.price(self.contract, "0", "VOICE", ChargeType.USAGE, PriceModel.CALLS)
        with self.workspace.database.writing() as session:
            contract = session.get_one(Contract, self.contract)
            contract.time_zone, contract.rounding_scope = CHICAGO, self.scope
            contract.rounding, contract.rounding_places = RoundingMode.HALF_UP, 4
            session.get_one(RateElement, self.element).parameters = self.parameters
        for line in LINES:
            self.office.service(self.carrier, tn=line, code="VOICE")
        for kind, content in ((DeckKind.PRICES, self.deck), (DeckKind.PLACES, PLACES)):
            file = self.workspace.folder.parent / f"{kind}.csv"
            file.write_text(content, encoding="utf-8")
            import_deck(self.workspace, file, self.carrier, "voice", kind, "Dana")

    def store(self, month: date, each: Sequence[Call], name: str) -> None:
        """Put these calls into the store, in an order of no meaning."""
        document_id = self.office.document(name)
        rows = [(call.line, call.started, call.seconds, call.number) for call in sorted(each, key=hash)]
        with self.workspace.database.writing() as session:
            sha256 = session.get_one(SourceDocument, document_id).sha256
            for part in self.workspace.usage.write_calls(self.account, sha256, [calls(*rows)]):
                session.add(
                    UsageBatch(
                        document_id=document_id,
                        account_id=self.account,
                        kind=part.kind,
                        month=part.month,
                        path=part.path,
                        rows=part.rows,
                        sha256=part.sha256,
                    )
                )

    def post(self, *lines: str, period: Period = APRIL) -> tuple[int, list[int]]:
        """A bill of the lines' usage: its id and those of its charges."""
        charges = [charge("9.00", ChargeType.USAGE, code="VOICE", tn=line, period=period) for line in lines]
        invoice_id = self.office.post(bill(*charges, number=f"INV-{period.start}", period=period))
        match_invoice(self.workspace, invoice_id, "Dana")
        with self.workspace.database.reading() as session:
            ids = session.scalars(select(Charge.id).where(Charge.invoice_id == invoice_id).order_by(Charge.seq))
            return invoice_id, list(ids)

    def load(self, invoice_id: int) -> dict[int, CallTotals]:
        """The rated calls of a bill's charges."""
        self.notes: dict[int, str] = {}
        with self.workspace.database.reading() as session:
            invoice = load_invoices(session, [invoice_id])[invoice_id]
            services = load_services(session, self.carrier)
            book = RateBook(load_contracts(session, self.carrier))
            prices = {}
            for one in invoice.charges:
                found = book.find(ask(one, invoice, services[one.service_id or 0]))
                assert isinstance(found, Price)
                prices[one.id] = found
            return load_rated_calls(session, self.workspace.usage, invoice, services, prices, self.notes)

    def prove(self, charge_id: int, call: Call) -> Decimal:
        """What a call costs, by its proof, which must hold."""
        rows = [row for row in self.rows(call.line) if (row.started, row.number) == (call.started, call.number)]
        with self.workspace.database.reading() as session:
            proof = prove_one_call(session, self.workspace.usage, charge_id, rows[0])
        assert proof.holds()
        assert (proof.contract, proof.clause) == ("MSA-1", "Schedule A")
        return proof.result

    def rows(self, line: str) -> list[CallRow]:
        from app.usage.drill_down import calls_of

        files = sorted((self.workspace.usage.folder / "calls").rglob("*.parquet"))
        return calls_of(files, line, 0, 2**40, limit=10_000)

    def scalar(self, each: Sequence[Call], carried: Counters | None = None) -> tuple[list[RatedCall], Counters]:
        """The calls by the scalar engine, in the order in which they began."""
        with self.workspace.database.reading() as session:
            deck = Deck(deck_rows(load_deck(session, self.workspace.usage, self.carrier, "voice")))
            terms = self.terms()
            frame = load_deck(session, self.workspace.usage, self.carrier, "voice", DeckKind.PLACES)
            places = Places(place_rows(frame)) if "places" in self.parameters else None
            return rate_calls(
                sorted(each, key=lambda call: (call.started, call.line)),
                deck,
                places,
                read_voice_terms(terms.elements[0], terms),
                carried,
            )

    def terms(self) -> ContractTerms:
        with self.workspace.database.reading() as session:
            (contract,) = load_contracts(session, self.carrier)
        return contract


def month_of_calls(period: Period, *, step: int = 7, first: int = 1) -> list[Call]:
    """Calls of all lines to all numbers all through a month of Chicago, of many lengths, no two at one moment."""
    start = int(datetime(period.start.year, period.start.month, 1, tzinfo=ZoneInfo(CHICAGO)).timestamp())
    end = int(datetime(period.end.year, period.end.month, 1, tzinfo=ZoneInfo(CHICAGO)).timestamp())
    found = []
    for place, started in enumerate(range(start, end, step * 3607)):
        line, number = LINES[place % len(LINES)], NUMBERS[(place * first) % len(NUMBERS)]
        found.append(Call(line, number, started, place * 37 % 400))
    return found
