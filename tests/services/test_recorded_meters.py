"""From files of readings and tickets to rated charges with their proof: energy and power by our meters, remote hands
by our tickets, credits by our outages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from app.domain.money import D
from app.domain.parsed import ParsedCharge, ParsedDocument
from app.domain.rated import RatedCharge
from app.domain.vocabulary import ChargeType, PriceModel, RatingOutcome
from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.models.contracts import Contract, RateElement
from app.models.operations import OutageTicket, WorkTicket
from app.services.matching import match_invoice
from app.services.record_book import DanglingReferences
from app.services.records import save_records
from app.services.rerating import compute
from app.services.usage_storing import store_usage
from app.services.workspace import Workspace
from tests.services.office import APRIL, Office, bill, charge

CARRIERS = Path(__file__).resolve().parents[2] / "resources" / "carriers"
DEFINITIONS = Definitions(
    mappings=tuple(
        (CARRIERS / f"usage_plain_{name}.toml").read_text(encoding="utf-8")
        for name in ("energy", "demand", "work", "outages")
    )
)
CIRCUIT = "DC1-RACK-7"


@dataclass
class Room(Office):
    """A rack whose power, work and outages are priced in New York."""

    bills: list[int] = field(default_factory=list)

    def set_up(self, model: PriceModel, price: str, parameters: str = "", kind: ChargeType = ChargeType.USAGE) -> None:
        self.carrier_id = self.carrier()
        self.account_id = self.account(self.carrier_id)
        contract_id = self.contract(self.carrier_id)
        self.price(contract_id, "800.00")
        element = self.price(contract_id, price, "ASKED", kind, model)
        with self.workspace.database.writing() as session:
            session.execute(update(Contract).values(time_zone="America/New_York"))
            session.execute(update(RateElement).where(RateElement.id == element).values(parameters=parameters))
        self.service(self.carrier_id, circuit=CIRCUIT)
        self.kind = kind

    def take_in(self, text: str) -> ParsedDocument:
        """Read a file and store what is in it."""
        document = read_document("records.csv", text.encode(), DEFINITIONS)
        assert not document.refused, document.issues
        document_id = self.document("records.csv")
        with self.workspace.database.writing() as session:
            if document.records:
                save_records(session, document.records, "Dana")
            store_usage(self.workspace, session, document, None, document_id, f"{document_id:064x}")
        return document

    def rate(self, amount: str, quantity: str | None = None, *more: ParsedCharge) -> RatedCharge:
        """The asked charge of a bill for April, rated by all that is stored."""
        asked = charge(amount, self.kind, code="ASKED", circuit=CIRCUIT, description="Asked", quantity=quantity)
        self.bills.append(self.post(bill(asked, *more, number=f"INV-{len(self.bills)}", bill_date=date(2026, 5, 2))))
        match_invoice(self.workspace, self.bills[-1], "Dana")
        with self.workspace.database.reading() as session:
            result = compute(session, self.workspace, self.bills[-1])
        (found,) = [result.rated[each.id] for each in result.invoice.charges if each.code == "ASKED"]
        assert found.proof is None or found.proof.holds()
        return found


@pytest.fixture
def room(sqlite_workspace: Workspace) -> Room:
    return Room(sqlite_workspace)


def energy(*rows: str) -> str:
    lines = [f"Calder Fiber,CF-1001,{CIRCUIT},{row}" for row in rows]
    return "Carrier,Account number,Circuit ID,Read at,kWh\n" + "\n".join(lines) + "\n"


def demand(every: int, top: str, days: range = range(1, 31)) -> str:
    rows = [
        f"Calder Fiber,CF-1001,{CIRCUIT},2026-04-{day:02}T{hour:02}:30:00-04:00,"
        f"{top if (day, hour) == (days[-1], 12) else '3.5'}"
        for day in days
        for hour in range(0, 24, every)
    ]
    return "Carrier,Account number,Circuit ID,Read at,kW\n" + "\n".join(rows) + "\n"


def test_energy_is_priced_by_the_readings_at_the_ends_of_the_period(room: Room) -> None:
    room.set_up(PriceModel.METERED_ENERGY, "0.20", "pue = 1.5")
    room.take_in(
        energy(
            "2026-03-30T00:00:00-04:00,900",  # the one at the period's beginning lies nearer
            "2026-04-01T00:15:00-04:00,1000.5",
            "2026-04-15T00:00:00-04:00,1500",
            "2026-04-30T23:50:00-04:00,2000.5",
        )
    )
    rated = room.rate("400.00", "1200")
    assert rated.expected == D("300.00")  # 1,000 kWh × 0.20 × 1.5
    assert rated.proof is not None
    (kwh,) = [step for step in rated.proof.steps if "2000.5" in step.formula]
    assert kwh.formula == "2000.50 − 1000.50"
    assert "records.csv" in kwh.basis


def test_readings_that_do_not_reach_an_end_of_the_period_are_not_compared(room: Room) -> None:
    room.set_up(PriceModel.METERED_ENERGY, "0.20")
    room.take_in(energy("2026-04-01T00:00:00-04:00,1000", "2026-04-20T00:00:00-04:00,1500"))
    rated = room.rate("240.00", "1200")
    assert rated.expected == D("240.00")
    assert rated.note.endswith("Our meter readings do not reach the end of the period: they are not compared.")


def test_readings_that_contradict_each_other_are_not_compared(room: Room) -> None:
    room.set_up(PriceModel.METERED_ENERGY, "0.20")
    rows = ("2026-04-01T00:00:00-04:00,1000", "2026-05-01T00:00:00-04:00,2000")
    room.take_in(energy(*rows))
    assert room.rate("240.00", "1200").expected == D("200.00")
    room.take_in(energy(rows[0].replace("1000", "1001"), rows[1]))
    rated = room.rate("240.00", "1200")
    assert (rated.expected, "differ" in rated.note) == (D("240.00"), True)


def test_power_is_billed_by_the_demand_measured(room: Room) -> None:
    room.set_up(PriceModel.COMMITTED_POWER, "195.00", "commit = 4; premium = 25", ChargeType.MRC)
    room.take_in(demand(2, "5.2"))
    rated = room.rate("1300.00", "6.1")
    assert rated.expected == D("1072.50")  # 4 × 195 + 1.2 × 195 × 1.25
    assert rated.proof is not None
    assert any("360 measurements of kW" in step.basis for step in rated.proof.steps)


def test_measurements_that_leave_days_out_are_not_compared(room: Room) -> None:
    room.set_up(PriceModel.COMMITTED_POWER, "195.00", "commit = 4", ChargeType.MRC)
    room.take_in(demand(2, "5.2", range(3, 31)))
    rated = room.rate("1189.50", "6.1")
    assert rated.expected == D("1189.50")
    assert "more than a day of the period" in rated.note


WORK = "Carrier,Ticket,Started,Minutes,Circuit ID,After hours,Expedited\n"


def test_remote_hands_are_billed_by_our_tickets(room: Room) -> None:
    room.set_up(PriceModel.REMOTE_HANDS, "200.00", "minimum = 30; increment = 15; after_hours = 300; expedite = 400")
    room.take_in(
        WORK
        + f"Calder Fiber,T-1,2026-04-02T10:00:00-04:00,40,{CIRCUIT},no,no\n"
        + "Calder Fiber,T-2,2026-04-30T23:30:00-04:00,5,,yes,yes\n"
        + "Calder Fiber,T-3,2026-05-01T00:30:00-04:00,600,,no,no\n"
        + "Calder Fiber,T-4,2026-04-03T10:00:00-04:00,600,DC1-RACK-8,no,no\n"
    )
    rated = room.rate("1000.00", "300")
    assert rated.expected == D("700.00")  # 45 min at 200, 30 min at 300, one expedited
    assert rated.proof is not None
    assert [step.basis[:3] for step in rated.proof.steps if step.basis.startswith("T-")] == ["T-1", "T-2"]


def test_a_ticket_that_comes_again_is_brought_up_to_date(room: Room) -> None:
    room.set_up(PriceModel.REMOTE_HANDS, "200.00")
    for minutes in (40, 40, 70):
        room.take_in(WORK + f"Calder Fiber,T-1,2026-04-02T10:00:00-04:00,{minutes},{CIRCUIT},no,no\n")
    with room.workspace.database.reading() as session:
        (ticket,) = session.query(WorkTicket)
        assert (ticket.minutes, ticket.started.isoformat()) == (70, "2026-04-02T14:00:00+00:00")


def test_charges_that_share_their_tickets_are_not_compared(room: Room) -> None:
    room.set_up(PriceModel.REMOTE_HANDS, "200.00")
    room.take_in(WORK + f"Calder Fiber,T-1,2026-04-02T10:00:00-04:00,60,{CIRCUIT},no,no\n")
    other = charge("5.00", ChargeType.USAGE, code="OTHER", circuit=CIRCUIT, quantity="60")
    assert room.rate("100.00", "30", other).expected == D("200.00")  # the other is not priced so
    asked = charge("100.00", ChargeType.USAGE, code="ASKED", circuit=CIRCUIT, quantity="30")
    room.bills.append(room.post(bill(asked, asked, number="TWICE", bill_date=date(2026, 5, 3))))
    match_invoice(room.workspace, room.bills[-1], "Dana")
    with room.workspace.database.reading() as session:
        result = compute(session, room.workspace, room.bills[-1])
    assert all("same tickets" in each.note for each in result.rated.values())


OUTAGES = "Carrier,Ticket,Down from,Down until,Circuit ID,Excluded\n"


def test_a_credit_is_owed_for_outages_of_our_tickets(room: Room) -> None:
    room.set_up(PriceModel.SLA_CREDIT, "100", kind=ChargeType.CREDIT)
    room.take_in(
        OUTAGES
        + f"Calder Fiber,O-1,2026-04-02T10:00:00-04:00,2026-04-03T11:00:00-04:00,{CIRCUIT},\n"
        + f"Calder Fiber,O-2,2026-03-30T22:00:00-04:00,2026-04-01T01:00:00-04:00,{CIRCUIT},no\n"
        + f"Calder Fiber,O-3,2026-04-10T00:00:00-04:00,2026-04-12T00:00:00-04:00,{CIRCUIT},maintenance\n"
        + "Calder Fiber,O-4,2026-04-10T00:00:00-04:00,2026-04-12T00:00:00-04:00,DC1-RACK-8,\n"
    )
    monthly = charge("800.00", circuit=CIRCUIT, period=APRIL)
    rated = room.rate("-26.67", None, monthly)
    # two days begun of O-1, one of the hour of O-2 in April: 3/30 of 800, where the carrier gave one day
    assert (rated.outcome, rated.expected) == (RatingOutcome.RATED, D("-80.00"))
    assert rated.proof is not None
    assert any("90000" in step.formula for step in rated.proof.steps)


def test_outages_without_a_monthly_charge_or_an_end_are_told(room: Room) -> None:
    room.set_up(PriceModel.SLA_CREDIT, "100", kind=ChargeType.CREDIT)
    room.take_in(OUTAGES + f"Calder Fiber,O-1,2026-04-02T10:00:00-04:00,,{CIRCUIT},\n")
    assert "no monthly charge" in room.rate("-26.67").note
    monthly = charge("800.00", circuit=CIRCUIT, period=APRIL)
    rated = room.rate("-26.67", None, monthly)
    assert "not over yet" in rated.note
    room.take_in(OUTAGES + f"Calder Fiber,O-1,2026-04-02T10:00:00-04:00,2026-04-02T12:00:00-04:00,{CIRCUIT},\n")
    with room.workspace.database.reading() as session:
        assert [ticket.ended is None for ticket in session.query(OutageTicket)] == [False]
    assert room.rate("-26.67", None, monthly).expected == D("-26.67")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"Calder Fiber,,2026-04-02T10:00:00-04:00,,{CIRCUIT},", "reference is empty"),
        (f"Calder Fiber,O,2026-04-02T10:00:00-04:00,2026-04-02T09:00:00-04:00,{CIRCUIT},", "ends before it starts"),
        ("Calder Fiber,O,2026-04-02T10:00:00-04:00,,,", "neither a circuit nor a number"),
        (f"Calder Fiber,O,yesterday,,{CIRCUIT},", "a moment written as"),
    ],
)
def test_a_faulty_ticket_keeps_its_file_out(row: str, why: str) -> None:
    document = read_document("outages.csv", (OUTAGES + row + "\n").encode(), DEFINITIONS)
    assert document.refused
    assert document.records == ()
    assert why in document.issues[0].message


def test_tickets_of_a_carrier_that_is_not_known_are_refused(room: Room) -> None:
    with pytest.raises(DanglingReferences):
        room.take_in(WORK + "Calder Fiber,T-1,2026-04-02T10:00:00-04:00,40,,no,no\n")
