"""Usage and tickets of circuits that no inventory knows are kept, and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.domain.vocabulary import Severity
from app.importers.identify import read_document
from app.importers.registry import Definitions
from app.models.contracts import RateElement
from app.models.documents import UsageBatch
from app.services.intake import receive
from app.services.receipts import Outcome
from app.services.unmatched import tell_unknown_circuits
from app.services.workspace import Workspace
from tests.services.office import Office

READINGS = "Carrier,Account number,Circuit ID,Read at,kWh\n"
SAMPLES = "Carrier,Account number,Circuit ID,Bin end,Octets in,Octets out\n"
OUTAGES = "Carrier,Ticket,Down from,Down until,Circuit ID,Telephone number\n"
UNKNOWN = (
    "This circuit is in no inventory of Calder Fiber: {}. What the file says of it is kept, and compared "
    "with no charge."
)
CARRIERS = Path(__file__).resolve().parents[2] / "resources" / "carriers"
PLAIN = ("plain_samples", "usage_plain_energy", "usage_plain_outages")
DEFINITIONS = Definitions(mappings=tuple((CARRIERS / f"{name}.toml").read_text(encoding="utf-8") for name in PLAIN))
HOUR = "2026-04-02T10:00:00+00:00"


@pytest.fixture
def office(workspace: Workspace) -> Office:
    """A carrier with one circuit and one number."""
    made = Office(workspace)
    carrier = made.carrier()
    made.account(carrier)
    made.service(carrier, circuit="DC1-RACK-7")
    made.service(carrier, tn="+1 312 555 0100")
    return made


def told(office: Office, text: str) -> list[str]:
    """What is said of the circuits that `text` names."""
    document = read_document("usage.csv", text.encode(), DEFINITIONS)
    assert not document.refused, document.issues
    with office.workspace.database.reading() as session:
        return [issue.message for issue in tell_unknown_circuits(session, document)]


def test_readings_of_an_unknown_meter_are_kept_and_told(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    rows = "".join(f"Calder Fiber,CF-1001,{name},{HOUR},5\n" for name in ("dc1 rack 7", "DC1-RACK-8"))
    path.write_text(READINGS + rows, encoding="utf-8")
    (receipt,) = receive(office.workspace, [path], "Ada Lund")
    assert receipt.outcome is Outcome.TAKEN, receipt.message
    (issue,) = [one for one in receipt.issues if one.severity is not Severity.INFO]
    assert (issue.severity, issue.code) == (Severity.WARNING, "circuit-not-in-inventory")
    assert issue.message == UNKNOWN.format("DC1-RACK-8")
    assert issue.remedy.startswith("Add the services to the inventory")
    with office.workspace.database.reading() as session:
        assert session.scalars(select(UsageBatch.rows)).all() == [2]


def test_samples_of_many_unknown_circuits_are_told_once(office: Office) -> None:
    rows = "".join(f"Calder Fiber,CF-1001,C-{number:02},{HOUR},5,5\n" for number in range(10))
    (message,) = told(office, SAMPLES + rows)
    assert message.startswith("These circuits are in no inventory of Calder Fiber: C-00, C-01,")
    assert "C-07 and 2 more." in message


def test_a_circuit_that_shares_a_commitment_is_known_by_its_price(office: Office) -> None:
    element = office.price(office.contract(office.carrier("Calder Two")), "1.00", "BW")
    with office.workspace.database.writing() as session:
        session.execute(update(RateElement).where(RateElement.id == element).values(parameters="circuits=C-01, C-02"))
    rows = "".join(f"Calder Fiber,CF-1001,{name},{HOUR},5,5\n" for name in ("C 01", "C-02"))
    assert told(office, SAMPLES + rows) == []


def test_an_outage_of_an_unknown_number_is_told_and_of_a_known_one_is_not(office: Office) -> None:
    known = f"Calder Fiber,T-1,{HOUR},,,(312) 555-0100\nCalder Fiber,T-2,{HOUR},,DC1-RACK-7,\n"
    assert told(office, OUTAGES + known) == []
    other = f"Calder Fiber,T-3,{HOUR},,,312-555-0199\n"
    assert told(office, OUTAGES + other) == [UNKNOWN.format("312-555-0199")]


def test_a_circuit_of_another_carrier_is_unknown(office: Office) -> None:
    other = f"Calder Two,T-4,{HOUR},,DC1-RACK-7,\n"
    assert told(office, OUTAGES + other) == [UNKNOWN.format("DC1-RACK-7").replace("Calder Fiber", "Calder Two")]
