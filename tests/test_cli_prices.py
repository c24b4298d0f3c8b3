"""The commands on what charges should cost: likely causes, offers compared, prices checked, calls listed and proved."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from app.domain.money import D
from app.domain.vocabulary import PriceModel
from app.models.contracts import RateElement
from app.rating.voice.call import Call
from app.services.matching import match_invoice
from app.services.offers import copy_as_offer
from app.services.rerating import rate_invoice
from app.services.workspace import Workspace, create_workspace
from tests.services.office import APRIL, Office, bill, charge
from tests.services.test_reverse_rating import PARTS
from tests.services.voice_office import LINES, Voice
from tests.test_cli import Run, run

__all__ = ["run"]  # the fixture
THIRTIETHS = "This bill fits thirtieths of a month; the contract says days of the month. 2 charges show it."
ITS_DAY = ("--from", "2026-04-05", "--to", "2026-04-05")  # the day of the bill: both ends are within
START = 1_776_000_000  # 12 April 2026


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return create_workspace(tmp_path / "books", "Meridian Foods", "USD")


def post(workspace: Workspace, *amounts: str) -> int:
    """A bill, INV-1, with parts of months under a contract of 500.00 a month; the contract's id."""
    office = Office(workspace)
    carrier = office.carrier()
    contract = office.contract(carrier)
    office.price(contract, "500.00")
    for circuit in PARTS:
        office.service(carrier, circuit=circuit)
    lines = [
        charge(amount, circuit=circuit, period=days)
        for amount, (circuit, days) in zip(amounts, PARTS.items(), strict=True)
    ]
    invoice_id = office.post(bill(*lines))
    match_invoice(workspace, invoice_id, "Dana")
    rate_invoice(workspace, invoice_id)
    return contract


def post_calls(workspace: Workspace, model: PriceModel = PriceModel.CALLS) -> None:
    """A bill of two numbers; our records hold three calls of the first, in rows 2 to 4."""
    voice = Voice(workspace)
    voice.store(APRIL.start, [Call(LINES[0], "442079460000", START + place, 61) for place in range(3)], "april.csv")
    invoice_id, _charges = voice.post(LINES[0], LINES[1])
    if model is not PriceModel.CALLS:
        with workspace.database.writing() as session:
            element = session.get_one(RateElement, voice.element)
            element.model, element.parameters = model, ""
    rate_invoice(workspace, invoice_id)


def test_why_tells_the_cause_and_the_carriers_arithmetic(run: Run, workspace: Workspace) -> None:
    post(workspace, "350.00", "1133.33")
    workspace.close()
    code, out, _ = run("why", "inv-1", "--workspace", workspace.folder)
    assert code == 0
    assert THIRTIETHS in out.splitlines()
    assert "The carrier's arithmetic for Internet access, billed 1133.33:\nContract MSA-1, Schedule A, " in out
    assert "= 1133.33 (rounded half up to 2 places)" in out
    _, out, _ = run("why", "INV-1", "-w", workspace.folder, "--json")
    told = {each["message"]: each["cause"] for each in json.loads(out)}
    assert told[THIRTIETHS]["fits"] is True


def test_why_says_where_nothing_is_known(run: Run, workspace: Workspace) -> None:
    post(workspace, "338.71", "1154.76")
    workspace.close()
    told = "No other settings of the contract give what this bill bills beyond it.\n"
    assert run("why", "INV-1", "-w", workspace.folder) == (0, told, "")
    assert "There is no bill INV-2 in this workspace" in run("why", "INV-2", "-w", workspace.folder)[2]


def test_an_offer_is_compared_and_written(run: Run, workspace: Workspace, tmp_path: Path) -> None:
    contract = post(workspace, "350.00", "1133.33")
    copy_as_offer(workspace, contract, "OFFER-1", percent=D("-10"), actor="Dana")
    workspace.close()
    compare = ("what-if", "-w", workspace.folder, *ITS_DAY, "--offer", "offer-1")
    code, out, _ = run(*compare, "--instead-of", "MSA-1", "--carrier", "Calder Fiber")
    assert code == 0
    (total,) = [line.split() for line in out.splitlines() if line.startswith("All")]
    assert total == ["All", "2", "1,483.33", "1,493.47", "1,344.13", "-149.34", "USD", "0"]
    target = tmp_path / "offer.csv"
    assert run(*compare, "--csv", target) == (0, f"2 services written to {target}.\n", "")
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["service"], row["expected"], row["offer"], row["difference"]) for row in rows] == [
        ("C-1", "338.71", "304.84", "-33.87"),
        ("C-2", "1154.76", "1039.29", "-115.47"),
    ]
    assert json.loads(run(*compare, "--json")[1])["totals"][0]["difference"] == "-149.34"


def test_charges_without_a_price_are_told(run: Run, workspace: Workspace) -> None:
    contract = post(workspace, "350.00", "1133.33")
    offer = copy_as_offer(workspace, contract, "OFFER-1", actor="Dana")
    with workspace.database.writing() as session:
        for element in session.query(RateElement).filter_by(contract_id=offer):
            element.code = "OTHER"
    workspace.close()
    _, out, _ = run("what-if", "-w", workspace.folder, *ITS_DAY, "--offer", "OFFER-1")
    assert "In no sum, because one side has no price or nothing is owed:" in out
    assert out.count("the offer  ") == 2


def test_a_comparison_that_cannot_be_is_refused(run: Run, workspace: Workspace) -> None:
    post(workspace, "350.00", "1133.33")
    workspace.close()
    where = ("-w", workspace.folder)
    code, _, err = run("what-if", *where, "--from", "2026-05-01", "--to", "2026-04-01", "--offer", "MSA-1")
    assert (code, "exchange --from and --to" in err) == (1, True)
    code, _, err = run("what-if", *where, *ITS_DAY, "--offer", "MSA-9")
    assert (code, "There is no contract MSA-9" in err) == (1, True)


def test_prices_are_checked_and_errors_end_with_1(run: Run, workspace: Workspace) -> None:
    post(workspace, "350.00", "1133.33")
    check = ("check-prices", "-w", workspace.folder)
    code, out, _ = run(*check, "--carrier", "calder fiber")
    assert (code, out[:9]) == (0, "No fault:")
    with workspace.database.writing() as session:
        element = session.query(RateElement).one()
        element.model, element.parameters = PriceModel.GRADUATED, "tiers=never"
    workspace.close()
    code, out, _ = run(*check)
    assert code == 1
    assert out.startswith("error    Calder Fiber, MSA-1, DIA-100M: ")
    code, out, _ = run(*check, "--json")
    assert (code, json.loads(out)[0]["severity"]) == (1, "error")


def test_the_calls_of_a_number_are_listed_and_one_is_proved(run: Run, workspace: Workspace) -> None:
    post_calls(workspace)
    workspace.close()
    calls = ("calls", "INV-2026-04-01", "1 (312) 555-0101", "-w", workspace.folder)
    code, out, _ = run(*calls)
    assert code == 0
    assert sorted(line.split()[0] for line in out.splitlines()[2:]) == ["2", "3", "4"]
    assert "2026-04-12 08:20:00  442079460000       61" in out
    assert len(json.loads(run(*calls, "--json")[1])) == 3
    code, out, _ = run(*calls, "--prove", "3")
    assert code == 0
    assert out.splitlines()[0].endswith(" with 442079460000, 61 seconds:")
    assert out.splitlines()[1].startswith("Contract MSA-1, Schedule A")


def test_a_call_that_cannot_be_proved_says_why(run: Run, workspace: Workspace) -> None:
    post_calls(workspace, PriceModel.FLAT)
    workspace.close()
    calls = ("calls", "INV-2026-04-01")
    where = ("-w", workspace.folder)
    for number, options, told in (
        (LINES[0], ("--prove", "2"), "This charge is not priced call by call"),
        (LINES[0], ("--prove", "9"), f"No call of {LINES[0]} on bill INV-2026-04-01 is in row 9 of its file"),
        (LINES[1], (), f"Our records have no calls of {LINES[1]} behind a usage charge"),
    ):
        code, out, err = run(*calls, number, *where, *options)
        assert (code, out, told in err) == (1, "", True), err


def test_all_stored_calls_are_added_up(run: Run, workspace: Workspace, tmp_path: Path) -> None:
    post_calls(workspace)
    asked = ("total-calls", "--carrier", "Calder Fiber", "--by", "zone", "-w", workspace.folder)
    _, shown, _ = run(*asked, "--write-to", tmp_path / "rated", "--check")
    assert "UK" in shown
    assert "1 files rated, 0 kept" in shown
    assert "does not know terms of this kind" in shown
    assert "0 files rated, 1 kept" in run(*asked, "--write-to", tmp_path / "rated")[1]
    (row,) = json.loads(run(*asked, "--json")[1])["rows"]
    assert (row["calls"], row["seconds"]) == (3, 198)
