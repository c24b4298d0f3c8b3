"""Traffic samples beside the charges that a contract prices by traffic: in its days, and where there are enough."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.domain.evidence import TrafficFacts
from app.domain.moments import utc_bounds
from app.domain.money import D
from app.domain.parsed_usage import ParsedSamples
from app.domain.vocabulary import PriceModel
from app.models.contracts import Contract, RateElement
from app.models.documents import UsageBatch
from app.rating.engine import ask
from app.rating.percentile import PercentilePolicy, find_percentile
from app.rating.ratebook import Price, RateBook
from app.services.facts import load_contracts, load_invoices, load_services
from app.services.matching import match_invoice
from app.services.recorded_traffic import load_traffic
from app.services.rerating import compute
from app.services.workspace import Workspace
from tests.services.office import APRIL, Office, bill, charge

ZONE = "America/New_York"
START, END = utc_bounds(APRIL, ZONE)


class Network(Office):
    """An office with one circuit whose traffic is priced by percentile, in New York."""

    def set_up(self) -> None:
        self.carrier_id = self.carrier()
        self.account_id = self.account(self.carrier_id)
        self.service_id = self.service(self.carrier_id, circuit="80/KXGS/000123", code="BURST")
        contract = self.contract(self.carrier_id)
        for model in (PriceModel.PERCENTILE, PriceModel.FLAT):
            self.price(contract, "2.50", "BURST" if model is PriceModel.PERCENTILE else "DIA-100M", model=model)
        with self.workspace.database.writing() as session:
            session.execute(update(Contract).where(Contract.id == contract).values(time_zone=ZONE))

    def price_by(self, model: PriceModel, parameters: str) -> None:
        """The burst is priced so instead."""
        with self.workspace.database.writing() as session:
            values = {"model": model, "parameters": parameters}
            session.execute(update(RateElement).where(RateElement.code == "BURST").values(values))

    def sample(self, name: str, ends: range, octets: int = 5, circuit: str = "80.KXGS.000123") -> None:
        """A file with the same octets in every bin."""
        number = len(ends)
        columns = ((circuit,) * number, tuple(ends), (octets,) * number, (1,) * number, tuple(range(number)))
        document_id = self.document(name)
        batch = ParsedSamples("Calder Fiber", "CF-1001", *columns)
        for part in self.workspace.usage.write_samples(self.account_id, f"{document_id:064x}", [batch]):
            with self.workspace.database.writing() as session:
                session.add(
                    UsageBatch(
                        document_id=document_id,
                        account_id=self.account_id,
                        kind=part.kind,
                        month=part.month,
                        path=part.path,
                        rows=part.rows,
                        sha256=part.sha256,
                    )
                )

    def load(self, *codes: str) -> tuple[list[TrafficFacts | None], list[str]]:
        """The traffic of a bill with a charge of each code for the circuit, and the notes."""
        lines = [charge("500.00", code=code, circuit="80 KXGS 000123") for code in codes]
        invoice_id = self.post(bill(*lines, number=f"INV-{self.documents}"))
        match_invoice(self.workspace, invoice_id, "Dana")
        notes: dict[int, str] = {}
        with self.workspace.database.reading() as session:
            invoice = load_invoices(session, [invoice_id])[invoice_id]
            services = load_services(session, invoice.carrier_id)
            book = RateBook(load_contracts(session, invoice.carrier_id))
            asked = {one.id: ask(one, invoice, services.get(one.service_id or 0)) for one in invoice.charges}
            prices = {each: found for each, one in asked.items() if isinstance(found := book.find(one), Price)}
            traffic = load_traffic(session, self.workspace.usage, invoice, services, prices, notes)
        return [traffic.get(one.id) for one in invoice.charges], [notes.get(one.id, "") for one in invoice.charges]


def test_a_charge_priced_by_percentile_has_the_traffic_of_the_contracts_month(workspace: Workspace) -> None:
    network = Network(workspace)
    network.set_up()
    network.sample("april.csv", range(START - 3600, END + 3601, 300))  # an hour more at both ends
    (traffic, other), notes = network.load("BURST", "DIA-100M")
    assert traffic is not None
    assert (traffic.service_id, traffic.period, traffic.start, traffic.end) == (network.service_id, APRIL, START, END)
    (port,) = traffic.ports
    assert (port.circuit_id, len(port.bins)) == ("80KXGS000123", 8640)
    assert (port.bins[0][0], port.bins[-1][0]) == (START + 300, END)
    assert traffic.batches == ("april.csv",)
    result = find_percentile(traffic, PercentilePolicy())
    assert (result.counted, result.position, result.discarded) == (8640, 8208, 432)
    assert other is None
    assert notes == ["", ""]


def test_a_percentile_with_too_few_samples_is_not_compared(workspace: Workspace) -> None:
    network = Network(workspace)
    network.set_up()
    network.sample("early.csv", range(START + 300, START + 300 * 8208, 300))
    found, (note,) = network.load("BURST")
    assert found == [None]
    assert note == (
        "Our traffic samples of 80KXGS000123 cover 8,207 of 8,640 bins, fewer than 95 per cent: they are not compared."
    )


def test_a_percentile_that_the_missing_bins_could_lift_is_not_compared(sqlite_workspace: Workspace) -> None:
    network = Network(sqlite_workspace)
    network.set_up()
    network.sample("most.csv", range(START + 300, END + 1 - 300 * 412, 300))  # 8,228: 411 are above the percentile
    found, (note,) = network.load("BURST")
    assert found == [None]
    assert note == (
        "Our traffic samples lack 412 of 8,640 bins, more than the 411 above percentile 95: those missing could lift "
        "it, so they are not compared."
    )
    network.sample("one.csv", range(END, END + 1))
    (traffic,), (note,) = network.load("BURST")
    assert traffic is not None
    assert traffic.batches == ("most.csv", "one.csv")
    assert note == ""
    assert find_percentile(traffic, PercentilePolicy()).discarded == 411


def test_bins_that_one_of_the_sharing_circuits_lacks_are_missing(sqlite_workspace: Workspace) -> None:
    network = Network(sqlite_workspace)
    network.set_up()
    network.price_by(PriceModel.PERCENTILE, "circuits=80/KXGS/000777")
    network.sample("one.csv", range(START + 300 * 301, END + 1, 300))  # each of them lacks 300 others
    network.sample("two.csv", range(START + 300, END + 1 - 300 * 300, 300), circuit="80/KXGS/000777")
    found, (note,) = network.load("BURST")
    assert found == [None]
    assert "lack 600 of 8,640 bins, more than the 402 above percentile 95" in note


def test_a_percentile_that_counts_missing_bins_as_nothing_has_more_above_it(sqlite_workspace: Workspace) -> None:
    network = Network(sqlite_workspace)
    network.set_up()
    network.price_by(PriceModel.PERCENTILE, "missing=zero")
    network.sample("most.csv", range(START + 300, END + 1 - 300 * 432, 300))
    assert network.load("BURST")[0] != [None]
    network.price_by(PriceModel.PERCENTILE, "missing=zero; percentile=99")
    assert network.load("BURST")[0] == [None]


def test_a_data_cap_is_compared_only_with_nearly_every_bin(sqlite_workspace: Workspace) -> None:
    network = Network(sqlite_workspace)
    network.set_up()
    network.price_by(PriceModel.DATA_CAP, "cap=1")
    network.sample("most.csv", range(START + 300, END + 1 - 300 * 44, 300))  # 0.51 per cent are missing
    found, (note,) = network.load("BURST")
    assert found == [None]
    assert "cover 8,596 of 8,640 bins, fewer than 99.5 per cent" in note
    network.sample("one.csv", range(END, END + 1))
    (traffic,), (note,) = network.load("BURST")
    assert traffic is not None
    assert len(traffic.ports[0].bins) == 8597
    assert note == ""


def test_samples_that_differ_are_told_and_the_larger_count(sqlite_workspace: Workspace) -> None:
    network = Network(sqlite_workspace)
    network.set_up()
    network.sample("april.csv", range(START + 300, END + 1, 300), octets=5)
    network.sample("again.csv", range(START + 300, START + 3001, 300), octets=7)
    (traffic,), (note,) = network.load("BURST")
    assert traffic is not None
    assert [octets for _, octets, _ in traffic.ports[0].bins[8:12]] == [7, 7, 5, 5]
    assert note == "In 10 bins our traffic samples differ from each other; the larger ones count."


def test_samples_of_each_minute_are_not_compared(sqlite_workspace: Workspace) -> None:
    network = Network(sqlite_workspace)
    network.set_up()
    network.sample("minutes.csv", range(START + 60, END + 1, 60))
    found, (note,) = network.load("BURST")
    assert found == [None]
    assert "come more often than every 300 s" in note


def test_a_circuit_without_samples_has_no_traffic(sqlite_workspace: Workspace) -> None:
    network = Network(sqlite_workspace)
    network.set_up()
    assert network.load("BURST") == ([None], [""])
    network.sample("other.csv", range(START + 300, END + 1, 300), circuit="80/KXGS/000999")
    assert network.load("BURST") == ([None], [""])


def test_a_commitment_that_circuits_share_has_the_traffic_of_them_all(sqlite_workspace: Workspace) -> None:
    network = Network(sqlite_workspace)
    network.set_up()
    shared = "commit=1; circuits=80/KXGS/000123, 80/KXGS/000777"
    with sqlite_workspace.database.writing() as session:
        burst = RateElement.model == PriceModel.PERCENTILE
        session.execute(update(RateElement).where(burst).values(parameters=shared))
    network.sample("one.csv", range(START + 300, END + 1, 300))
    assert network.load("BURST")[0] == [None]  # nothing is known of the other one
    network.sample("two.csv", range(START + 300, END + 1, 300), octets=7, circuit="80/KXGS/000777")
    (traffic,), _ = network.load("BURST")
    assert traffic is not None
    assert [port.circuit_id for port in traffic.ports] == ["80KXGS000123", "80KXGS000777"]
    assert find_percentile(traffic, PercentilePolicy()).octets == 12


@pytest.mark.parametrize(("missing", "amount"), [(43, "0.00"), (44, "27.50"), (4320, "27.50")])
def test_a_sum_with_holes_does_not_make_a_bill_too_dear(sqlite_workspace: Workspace, missing: int, amount: str) -> None:
    network = Network(sqlite_workspace)
    network.set_up()
    network.price_by(PriceModel.DATA_CAP, "cap=1")
    network.sample("most.csv", range(START + 300, END + 1 - 300 * missing, 300))
    line = charge("27.50", code="BURST", circuit="80/KXGS/000123", quantity="12")  # 11 GB above the cap
    invoice_id = network.post(bill(line))
    match_invoice(sqlite_workspace, invoice_id, "Dana")
    with sqlite_workspace.database.reading() as session:
        (rated,) = compute(session, sqlite_workspace, invoice_id).rated.values()
    assert rated.expected == D(amount)
