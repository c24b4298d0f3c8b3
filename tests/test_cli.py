"""The command line does what the window does, says it in words or JSON, and ends with a code that scripts can use."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import typer

from app import VERSION, bootstrap, cli
from app.domain.vocabulary import InvoiceStatus
from app.models.workspace import WorkspaceInfo
from app.services.approvals import approve, submit
from app.services.workspace import Workspace, create_workspace, open_workspace
from app.settings import CONFIG_VARIABLE, load_settings
from tests.services.money_books import APPROVER, CLERK, MANAGER, Books

ROOT = Path(__file__).resolve().parents[1]
BILL = ROOT / "tests" / "importers" / "data" / "acme-invoice.ubl.xml"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command with settings of its own; gives the exit code, what was printed and what went to stderr."""
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "config"))
    known = list(logging.getLogger().handlers)

    def run(*arguments: object) -> tuple[int, str, str]:
        code = bootstrap.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    yield run
    for handler in [handler for handler in logging.getLogger().handlers if handler not in known]:
        logging.getLogger().removeHandler(handler)
        handler.close()


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    """A new workspace, made by the command line."""
    folder = tmp_path / "books"
    assert run("new", "--workspace", folder, "--company", "Meridian Foods", "--user", "Dana Whitfield")[0] == 0
    return folder


def test_every_command_has_help_with_an_example(run: Run) -> None:
    group = typer.main.get_command(cli.application)
    names = list(group.commands)  # type: ignore[attr-defined]
    required = {"demo", "import", "audit", "findings", "bills", "schedule", "pay", "export", "check", "templates"}
    required |= {"contracts", "offer", "deck", "decks", "why", "what-if", "check-prices", "calls"}
    assert required <= set(names)
    for name in names:
        code, out, _ = run(name, "--help")
        assert (code, f"Example: main.py {name}" in out) == (0, True), name


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version") == (0, f"Tollbook {VERSION}\n", "")


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["bills", "--status", "lost"], ["import"], ["bills", "--from", "1.9."]]
)
def test_wrong_usage_ends_with_2(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Usage: main.py" in err


def test_a_folder_without_a_workspace_is_told_and_ends_with_1(run: Run, tmp_path: Path) -> None:
    code, out, err = run("bills", "--workspace", tmp_path)
    assert (code, out) == (1, "")
    assert f"{tmp_path} is not a Tollbook workspace" in err


def test_a_workspace_that_was_made_is_remembered(run: Run, folder: Path) -> None:
    assert load_settings().workspace == folder
    assert run("bills") == (0, "None.\n", "")
    assert run("users", "--json")[1] == '[\n  {\n    "name": "Dana Whitfield",\n    "role": "it_manager"\n  }\n]\n'


def test_a_user_is_added(run: Run, folder: Path) -> None:
    code, out, _ = run("users", "--add", "Priya Nair", "--role", "approver", "--workspace", folder)
    assert code == 0
    assert "Priya Nair      approver" in out
    assert run("users", "--add", "priya nair")[0] == 1


def test_importing_tells_each_file_and_ends_with_1_if_one_was_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    bad = tmp_path / "notes.txt"
    bad.write_text("nothing of a bill", encoding="utf-8")
    code, out, _ = run("import", BILL, bad, "--workspace", folder, "--user", "Omar")
    lines = out.splitlines()
    assert code == 1
    assert lines[0].startswith("taken         acme-invoice.ubl.xml: 1 bill, 5 charges")
    assert lines[1].startswith("              Carrier Acme Colo was not known and has been added. ")
    assert lines[-1].startswith("refused       notes.txt is not taken in: ")
    code, out, _ = run("import", BILL, "--json")
    (receipt,) = json.loads(out)
    assert (code, receipt["outcome"]) == (0, "already_here")
    _, out, _ = run("bills", "--json")
    (row,) = json.loads(out)
    assert (row["number"], row["status"], row["billed"]) == ("S-77", "audited", "609.00")


def test_a_saved_mapping_makes_a_refused_bill_readable(run: Run, folder: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "formats" / "bill-mappings.md").read_text(encoding="utf-8")
    mapping, bill = tmp_path / "brightwater.toml", tmp_path / "bill.csv"
    mapping.write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    heads = "Invoice No,Account,Invoice Date,Due Date,Period From,Period To,Product,Details,Charge Code,Circuit,Site,"
    heads += "Qty,Unit Price,Amount,From,To,Charge Class\n"
    days = "10/01/2026,10/31/2026"
    row = f"B-1,A-7,10/01/2026,10/31/2026,{days},Internet,500 Mbps,DIA,C-1,HQ,1,{{0}},{{0}},{days},{{1}}\n"
    bill.write_text(heads + row.format("8x", "Recurring") + row.format("5.00", "Levy"), encoding="utf-8")
    code, out, _ = run("import", bill, "-q")
    assert (code, out.count("bill.csv"), "`main.py mapping`" in out) == (1, 1, True)
    code, out, _ = run("mapping", mapping, "--user", "Omar")
    assert (code, out) == (0, "Saved: brightwater.toml. Now import the carrier's files.\n")
    code, out, _ = run("import", bill, "-q")
    assert (code, len(out.splitlines()), "row 2: " in out, "row 3: " in out) == (1, 2, True, True)
    bill.write_text(heads + row.format("8.00", "Recurring"), encoding="utf-8")
    assert "taken         bill.csv: 1 bill, 1 charge" in run("import", bill, "-q")[1]


def test_a_mapping_that_cannot_be_saved_is_told_with_its_place(run: Run, folder: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "faulty.toml"
    code, _, err = run("mapping", mapping)
    assert (code, f"{mapping} cannot be read: No such file or directory." in err) == (1, True)
    mapping.write_bytes(b"kind = '\xff'")
    assert "it is not a text in UTF-8" in run("mapping", mapping)[2]
    mapping.write_text('kind = "bill-mapping"\nname = "UPPER"\n', encoding="utf-8")
    code, _, err = run("mapping", mapping)
    assert (code, "line 2, key name" in err) == (1, True)


def _know_another_service(run: Run, folder: Path) -> None:
    """Without any service of the carrier in the inventory, unknown ones are no accusation."""
    services = folder.parent / "services.csv"
    services.write_text("Carrier,Kind,Circuit ID\nAcme Colo,colocation,XC-1\n", encoding="utf-8")
    carriers = folder.parent / "carriers.csv"
    carriers.write_text("Carrier,Dispute e-mail\nAcme Colo,billing@acme.example\n", encoding="utf-8")
    code, out, _ = run("import", carriers, services)
    assert code == 0, out


def test_findings_are_listed_and_proved(run: Run, folder: Path) -> None:
    _know_another_service(run, folder)
    run("import", BILL)
    code, out, _ = run("findings", "--rule", "a20", "--json")
    rows = json.loads(out)
    assert code == 0
    assert [row["claim"] for row in rows] == ["480.00", "36.84"]
    _, out, _ = run("findings", "--proof", rows[0]["id"])
    assert out.startswith("Billed 480.00 for XC-9, which is not in the inventory.\n\n")
    code, _, err = run("findings", "--proof", 999)
    assert (code, "There is no finding number 999" in err) == (1, True)
    assert run("findings", "--text", "no such thing")[1] == "None.\n"


def test_an_unknown_carrier_is_answered_with_the_known_ones(run: Run, folder: Path) -> None:
    run("import", BILL)
    assert run("bills", "--carrier", "acme COLO", "--json")[0] == 0
    code, _, err = run("bills", "--carrier", "Halyard")
    assert (code, err) == (1, "There is no carrier Halyard in this workspace; there are: Acme Colo.\n")


def test_an_audit_ends_with_3_only_if_more_is_open_than_allowed(run: Run, folder: Path) -> None:
    _know_another_service(run, folder)
    run("import", BILL)
    code, out, _ = run("audit", "--as-of", "2026-09-10", "--json")
    assert (code, json.loads(out)) == (
        0,
        [{"currency": "EUR", "rule": "A20", "name": "service_unknown", "findings": 2, "claim": "516.84"}],
    )
    assert run("audit", "--as-of", "2026-09-10", "--fail-over", "516.84")[0] == 0
    assert run("audit", "--as-of", "2026-09-10", "--fail-over", "516.83")[0] == 3
    code, _, err = run("audit", "--fail-over", "much")
    assert (code, "'much' is not an amount" in err) == (1, True)


@pytest.mark.parametrize(("what", "rows"), [("bills", 1), ("charges", 5), ("findings", 2)])
def test_exports_are_workbooks_and_csv(run: Run, folder: Path, tmp_path: Path, what: str, rows: int) -> None:
    workspace = open_workspace(folder)
    with workspace.database.writing() as session:
        session.get_one(WorkspaceInfo, 1).fixed_day = date(2026, 9, 10)
    workspace.close()
    run("import", BILL)
    workbook, text = tmp_path / "out.xlsx", tmp_path / "out.csv"
    assert run("export", what, "--to", workbook) == (0, f"{rows} {what} written to {workbook}.\n", "")
    assert run("export", what, "--to", text)[0] == 0
    assert openpyxl.load_workbook(workbook).worksheets[0].max_row == rows + 1
    assert len(text.read_text(encoding="utf-8-sig").splitlines()) == rows + 1
    code, _, err = run("export", what, "--to", tmp_path / "out.pdf")
    assert (code, "name a file that ends with .xlsx or .csv" in err) == (1, True)


def test_check_ends_with_1_where_something_was_changed(run: Run, folder: Path) -> None:
    run("import", BILL)
    assert run("check") == (0, "All is well: database, log, bills, ratings, claims, payments, documents, usage.\n", "")
    (document,) = (folder / "documents").rglob("*.bin")
    document.write_bytes(b"another bill")
    code, out, _ = run("check", "--json")
    assert (code, json.loads(out)["faults"][0]["subject"]) == (1, "acme-invoice.ubl.xml")


def test_templates_are_written(run: Run, tmp_path: Path) -> None:
    assert run("templates", "--to", tmp_path / "out")[0] == 0
    assert "Services" in openpyxl.load_workbook(tmp_path / "out" / "tollbook-inventory.xlsx").sheetnames
    assert "Prices" in openpyxl.load_workbook(tmp_path / "out" / "tollbook-contracts.xlsx").sheetnames


def test_an_approved_bill_is_scheduled_and_paid_by_two_people(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "books"
    run("new", "--workspace", folder, "--company", "Meridian Foods", "--user", "Somebody")
    workspace = open_workspace(folder)
    books = Books(workspace).open()
    invoice_id = books.bill(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["100.00"])
    submit(workspace, invoice_id, MANAGER)
    approve(workspace, invoice_id, APPROVER)
    workspace.close()
    assert run("schedule", "INV-9", "--user", CLERK)[2] == (
        "There is no bill INV-9 in this workspace: `main.py bills` lists their numbers.\n"
    )
    code, out, _ = run("schedule", "--user", CLERK, "--json")
    assert (code, [(row["number"], row["amount"]) for row in json.loads(out)]) == (0, [("INV-1", "100.00")])
    assert run("pay", "--user", APPROVER) == (0, "Nothing is due to be sent.\n", "")
    code, _, err = run("pay", "--all", "--user", CLERK)
    assert (code, CLERK in err) == (1, True)
    code, out, _ = run("pay", "--all", "--user", APPROVER, "--json")
    (batch,) = json.loads(out)
    assert code == 0
    assert Path(batch["file"]).read_text(encoding="ascii").startswith("101")
    _, out, _ = run("bills", "--json")
    assert json.loads(out)[0]["status"] == InvoiceStatus.SCHEDULED


def test_our_own_fault_apologises_names_the_log_and_ends_with_70(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("app.queries.bills.fetch", fail)
    code, out, err = run("bills")
    assert (code, out) == (70, "")
    assert str(folder.parent / "config" / "tollbook.log") in err
    assert "ZeroDivisionError" not in err


def test_no_arguments_open_the_window_on_the_last_workspace(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path | None] = []
    monkeypatch.setattr("app.ui.application.run_window", lambda _launcher, where: opened.append(where) or 0)
    assert run()[0] == 0
    shutil.rmtree(folder)
    assert run()[0] == 0
    assert opened == [folder, None]


@pytest.mark.parametrize(("option", "opens"), [("--window", True), ("--no-window", False)])
def test_the_demo_tells_what_came_of_it_and_opens_the_window_if_asked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, opens: bool
) -> None:
    def build(folder: Path, _progress: object) -> Workspace:
        books = Books(create_workspace(folder, "Meridian Foods")).open()
        bill = books.bill(books.account(books.carrier("Calder Fiber"), "CF-1"), "INV-1", ["1100.00"])
        books.finding(bill, "75.00")
        return books.workspace

    opened: list[Path | None] = []
    monkeypatch.setattr("app.services.demo.build_demo", build)
    monkeypatch.setattr("app.ui.application.run_window", lambda _launcher, where: opened.append(where) or 0)
    folder = tmp_path / "config" / "demo"
    code, out, _ = run("demo", option)
    assert code == 0
    for part in (
        "Meridian Foods, as of 2026-10-06",
        "1,100.00",
        "A30 Rate above contract",
        "75.00",
        "1,025.00",
        str(folder),
    ):
        assert part in out
    reports = [Path(line.removeprefix("Report:").strip()) for line in out.splitlines() if line.startswith("Report:")]
    assert {report.suffix for report in reports if report.is_file()} == {".xlsx", ".html"}
    assert opened == ([folder] if opens else [])
    assert run("demo", "--fresh", "--no-window", "--json")[0] == 0
    assert (tmp_path / "config" / "demo-2").is_dir()


def test_without_a_screen_the_window_is_refused_and_the_demo_goes_on_without_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("app.services.demo.build_demo", lambda where, _: create_workspace(where, "Meridian Foods"))
    code, out, err = run()
    assert (code, out) == (1, "")
    assert "There is no screen here" in err
    assert run("demo", "--workspace", tmp_path / "one")[0] == 0
    code, _, err = run("demo", "--workspace", tmp_path / "two", "--window")
    assert (code, f"The workspace is in {tmp_path / 'two'}" in err) == (1, True)


def test_a_corrected_bill_takes_the_place_of_the_superseded_one(run: Run, folder: Path, tmp_path: Path) -> None:
    corrected = tmp_path / "corrected.xml"
    corrected.write_text(BILL.read_text(encoding="utf-8").replace("Cabinet", "Cabinet, corrected"), encoding="utf-8")
    run("import", BILL)
    code, out, _ = run("import", corrected)
    assert (code, out.startswith("held"), "Bill S-77 is here already, from acme-invoice.ubl.xml" in out) == (
        0,
        True,
        True,
    )
    assert run("review", "1", "--post")[0] == 1  # nobody has said yet that it is a correction
    assert run("supersede", "S-78", "--reason", "sent again")[0] == 1
    assert run("supersede", "S-77", "--reason", "sent again", "--carrier", "acme colo")[0] == 0
    assert run("findings", "--status", "open", "--rule", "A20")[1] == "None.\n"
    assert run("review", "1", "--post")[1] == "corrected.xml: 1 bill, 5 charges posted.\n"
    assert [row["number"] for row in json.loads(run("bills", "--json")[1])] == ["S-77"]
    superseded = json.loads(run("bills", "--status", "superseded", "--json")[1])
    assert [row["document"] for row in superseded] == ["acme-invoice.ubl.xml"]


def _know_a_contract(run: Run, folder: Path) -> None:
    carriers, contracts, prices = (folder.parent / f"{name}.csv" for name in ("carriers", "contracts", "prices"))
    carriers.write_text("Carrier,Address\nQuiet Hill,1 Main Street\n", encoding="utf-8")
    contracts.write_text(
        "Carrier,Contract number,First day,Currency,Time zone\nQuiet Hill,QH-1,2025-01-01,USD,America/Chicago\n",
        encoding="utf-8",
    )
    prices.write_text(
        "Contract number,Charge code,Charge type,Price,First day\nQH-1,DIA,MRC,500.00,2025-01-01\n", encoding="utf-8"
    )
    code, out, _ = run("import", carriers, contracts, prices)
    assert code == 0, out


def test_a_contract_becomes_an_offer_that_is_edited_and_discarded(run: Run, folder: Path, tmp_path: Path) -> None:
    _know_a_contract(run, folder)
    assert run("offer", "qh1", "--number", "QH-2", "--percent", "-10")[0] == 0
    listed = json.loads(run("contracts", "--json")[1])
    assert [(row["number"], row["offer"], row["prices"]) for row in listed] == [("QH-1", False, 1), ("QH-2", True, 1)]
    _, out, _ = run("contracts", "--text", "QH-2")
    assert ("offer" in out, "QH-1" in out) == (True, False)
    file = tmp_path / "offer.xlsx"
    code, out, _ = run("contracts", "--text", "QH-2", "--export", file)
    assert (code, out) == (0, f"1 contract written to {file}. Edit it, then: main.py import {file}\n")
    sheet = openpyxl.load_workbook(file)["Prices"]
    assert ("QH-2" in [cell.value for cell in sheet[2]], 450 in [cell.value for cell in sheet[2]]) == (True, True)
    assert "as before" in run("import", file)[1]
    assert run("offer", "QH-9", "--number", "X")[2] == (
        "There is no contract QH-9 in this workspace: `main.py contracts` lists their numbers.\n"
    )
    assert run("offer", "QH-1", "--discard")[0] == 1
    assert run("offer", "QH-2", "--discard") == (0, "The offer QH-2 is discarded.\n", "")
    assert len(json.loads(run("contracts", "--json")[1])) == 1


def test_parameters_that_cannot_be_read_are_told_with_file_and_row(run: Run, folder: Path, tmp_path: Path) -> None:
    _know_a_contract(run, folder)
    file = tmp_path / "tiers.csv"
    file.write_text(
        "Contract number,Charge code,Charge type,Model,Price,First day,Parameters\n"
        'QH-1,SEAT,MRC,graduated,0,2025-01-01,"tiers=100:1.00, 50:0.50"\n',
        encoding="utf-8",
    )
    code, out, _ = run("import", file)
    assert code == 1
    for part in ("tiers.csv", "row 2", "tiers = '100:1.00, 50:0.50'", "Correct the column Parameters"):
        assert part in out
    assert json.loads(run("contracts", "--json")[1])[0]["prices"] == 1


def test_a_rate_deck_is_loaded_once_and_listed(run: Run, folder: Path, tmp_path: Path) -> None:
    _know_a_contract(run, folder)
    file = tmp_path / "deck.csv"
    file.write_text("Prefix,Zone,Price per minute,First day\n1312,Chicago,0.0042,2026-01-01\n", encoding="utf-8")
    loading = ("deck", file, "--carrier", "quiet hill", "--name", "voice")
    assert run(*loading) == (0, "Rate deck voice: 1 row, loaded and in force.\n", "")
    assert run(*loading)[1] == "Rate deck voice: 1 row, here already, and in force.\n"
    (row,) = json.loads(run("decks", "--json")[1])
    assert (row["carrier"], row["kind"], row["rows"], row["in_force"]) == ("Quiet Hill", "prices", 1, True)
    file.write_text("Prefix,Zone,Price per minute,First day\n1312,Chicago,much,2026-01-01\n", encoding="utf-8")
    code, _, err = run(*loading)
    assert (code, "deck.csv is not taken in, it has 1 fault: row 2: Price per minute is 'much'" in err) == (1, True)
    assert run("deck", file, "--carrier", "Halyard", "--name", "voice")[0] == 1


def test_a_backup_is_restored_into_an_empty_folder(run: Run, folder: Path, tmp_path: Path) -> None:
    run("import", BILL)
    kept = tmp_path / "kept" / "bills.tollbook-backup"
    assert run("backup", "--to", kept) == (0, f"Backup written and verified: {kept}\n", "")
    again = tmp_path / "again"
    assert run("restore", kept, "--workspace", again) == (0, f"Restored into {again}.\n", "")
    assert run("bills", "--workspace", again, "--json")[1] == run("bills", "--workspace", folder, "--json")[1]
    assert run("check", "--workspace", again)[0] == 0
    code, out, _ = run("restore", kept, "--workspace", again)
    assert (code, "What stood there before: " in out) == (0, True)
    assert run("restore", BILL, "--workspace", again)[0] == 1


def test_a_password_does_not_get_into_a_workspace(run: Run, tmp_path: Path) -> None:
    address = "postgresql://dana:secret@localhost/bills"
    code, _, err = run("new", "--workspace", tmp_path / "pg", "--company", "Meridian Foods", "--address", address)
    assert (code, "PGPASSFILE" in err, (tmp_path / "pg").exists()) == (1, True, False)


def test_the_command_line_never_imports_qt(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom app.bootstrap import main\n"
        "assert main(['templates', '--to', sys.argv[1]]) == 0\n"
        "from app import cli\nfrom app.services import pipeline\nfrom app.queries import bills\n"
        "assert not [name for name in sys.modules if name.startswith('PySide6')]\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
