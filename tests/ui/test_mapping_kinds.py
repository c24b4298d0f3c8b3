"""Usage, tickets and statements in the window alone: the kind is seen or chosen, a column is mended, and the next file
with the same header is read by itself."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QTableWidget

from app.services.receipts import Outcome
from app.services.workspace import Workspace
from tests.importers.tables.table_files import make_workbook
from tests.ui.driver import Driver
from tests.ui.test_mapping_editor import drop, pick, put, settle, write

CALLS = """\
Calling Number,Called Number,Date,Time,Length,Charge,Way
3125550123,2125550100,04/{day}/2026,10:05:00,62,0.0310,out
3125550123,+44 20 7946 0000,04/{day}/2026,11:05:09,600,1.2000,out
3125550199,3125550123,04/{day}/2026,12:00:00,30,0.0000,in
"""
SAMPLES = "Timestamp,Interface,In bps,Out bps\n" + "".join(
    f"2026-04-{{day}}T00:{5 * at:02}:00Z,QH/0001/A,{8_000_000 + at},{4_000_000 - at}\n" for at in range(12)
)
READINGS = "Logged,Feed,Stand\n2026-04-{day} 00:00,DC1-A,1000.5\n2026-04-{day} 12:00,DC1-A,1040.25\n"
WORK = "Ticket,Opened,Minutes,Site,Work done\nW-{day},{day}.04.2026 10:00,30,,Swap a cable\n"
OUTAGES = "Incident,Opened,Resolved,CI\nI-{day},2026-04-{day} 10:00,2026-04-{day} 12:00,{circuit}\n"
BANK = """\
Posting Date,Description,Amount,Balance
04/{day}/2026,TB-7 QUIET HILL,"-1,250.00","8,750.00"
04/{day}/2026,Interest,10.00,"8,760.00"
"""
CIRCUIT = "80/KXGS/000123//NB"


def map_it(window: Driver, tmp_path: Path, name: str, text: str) -> Any:
    """Import the unknown file and open it in the editor."""
    report = drop(window, tmp_path, name, text)
    assert report.files.current().outcome is Outcome.REFUSED, report.files.current().message
    window.click("import_map_button")
    settle(window)
    return window.page


def always(window: Driver, field: str, text: str) -> None:
    """Say a field once for the whole file."""
    pick(window, f"mapping_columns_{field}", "Always…")
    write(window, f"mapping_columns_{field}_word", text)


def finish(window: Driver, importer: str, following: Path) -> None:
    """Save and import; then a second file with the same header is read by itself."""
    window.click("mapping_save_button")
    window.settle(60_000)
    (receipt,) = window.page.files.model.all
    assert (receipt.outcome, receipt.importer) == (Outcome.TAKEN, importer), receipt.message
    window.drop(following)
    window.settle(60_000)
    (receipt,) = window.page.files.model.all
    assert (receipt.outcome, receipt.importer) == (Outcome.TAKEN, importer), receipt.message


def first_rows(window: Driver) -> list[list[str]]:
    table = window.find(QTableWidget, "mapping_first_rows")
    return [
        [(item.text() if (item := table.item(row, place)) else "") for place in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_call_records_are_mapped_and_the_next_are_read_by_themselves(window: Driver, tmp_path: Path) -> None:
    page = map_it(window, tmp_path, "calls_1.csv", CALLS.format(day=13))
    assert page.bar.kind.currentText() == "Call records"
    shown = [combo.currentText() for combo in page.grid.combos]
    assert shown[:4] == ["Our number", "Other number", "Started", "Started: time of day"]
    assert page.result.told == ["Not complete: Still to choose: “Carrier”, “Account”, “Time zone”, “Duration in”."]
    always(window, "carrier", "Halyard Fiber")
    always(window, "ban", "900-2")
    pick(window, "mapping_duration", "seconds")
    write(window, "mapping_zone_line", "America/New_York")
    pick(window, "mapping_column_6", "Kind of row")
    pick(window, "mapping_meaning_1", "is passed over")
    (told,) = page.result.told
    assert told.startswith("2 calls  ·  1 line of ours  ·  2026-04-13T14:05:00Z to 2026-04-13T15:05:09Z")
    assert told.endswith("0:11:02 in all  ·  charged 1.23")
    assert first_rows(window)[1] == ["13125550123", "442079460000", "2026-04-13T15:05:09Z", "0:10:00", "1.20"]
    finish(window, "call-records:halyard-fiber-call-records", put(tmp_path, "calls_2.csv", CALLS.format(day=14)))


def test_packed_call_records_are_mapped_as_well(window: Driver, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv.gz"
    file.write_bytes(gzip.compress(CALLS.format(day=13).replace("Length", "Seconds").encode()))
    window.drop(file)
    window.settle(30_000)
    window.click("import_map_button")
    settle(window)
    always(window, "carrier", "Halyard Fiber")
    always(window, "ban", "900-2")
    write(window, "mapping_zone_line", "America/New_York")
    assert window.page.result.told[0].startswith("3 calls  ·  2 lines of ours")
    window.click("mapping_save_button")
    window.settle(60_000)
    assert window.page.files.model.all[0].outcome is Outcome.TAKEN


def test_of_a_workbook_with_usage_the_first_sheet_is_mapped(window: Driver, tmp_path: Path) -> None:
    rows = [line.split(",") for line in READINGS.format(day=13).replace("Stand", "kWh").splitlines()]
    notes = [["Logged", "Feed", "kWh"], *[["2026-04-13 00:00", "X", str(at)] for at in range(20)]]
    file = tmp_path / "power.xlsx"
    file.write_bytes(make_workbook({"Readings": rows, "Old": notes}))
    window.drop(file)
    window.settle(30_000)
    window.click("import_map_button")
    settle(window)
    page = window.page
    assert (page.preview.sheet, page.bar.sheet.isEnabled()) == ("Readings", False)
    always(window, "carrier", "Halyard Fiber")
    always(window, "ban", "900-2")
    write(window, "mapping_zone_line", "UTC")
    assert page.result.told[0].endswith("39.75 kWh between them")
    pick(window, "mapping_kind", "Bill")
    assert page.bar.sheet.isEnabled()


def test_traffic_samples_are_mapped_and_the_next_are_read_by_themselves(window: Driver, tmp_path: Path) -> None:
    page = map_it(window, tmp_path, "ports_1.csv", SAMPLES.format(day=13))
    assert page.bar.kind.currentText() == "Traffic samples"
    assert page.book.mapping["rate"] == "bits_per_second"
    always(window, "carrier", "Halyard Fiber")
    always(window, "ban", "900-2")
    assert page.result.told == ["Not complete: Still to choose: “The time is that of”."]
    pick(window, "mapping_stamped_at_start", "its beginning")
    (told,) = page.result.told
    assert told.startswith("12 samples  ·  1 port  ·  2026-04-13T00:05:00Z to 2026-04-13T01:00:00Z")
    assert told.endswith("in 3,600,002,472 octets  ·  out 1,799,997,522 octets")
    pick(window, "mapping_rate", "kbit/s")
    assert "in 3,600,002,475,000 octets" in page.result.told[0]
    window.trigger("mapping_undo")
    settle(window)
    finish(window, "traffic-samples:halyard-fiber-traffic-samples", put(tmp_path, "p2.csv", SAMPLES.format(day=14)))


def test_meter_readings_are_chosen_mapped_and_the_next_are_read_by_themselves(window: Driver, tmp_path: Path) -> None:
    page = map_it(window, tmp_path, "power_1.csv", READINGS.format(day=13))
    pick(window, "mapping_kind", "Meter readings")
    shown = [combo.currentText() for combo in page.grid.combos]
    assert shown == ["Read at", "Circuit", "Reading"]
    always(window, "carrier", "Halyard Fiber")
    always(window, "ban", "900-2")
    write(window, "mapping_zone_line", "UTC")
    assert page.result.told == ["Not complete: Still to choose: “Readings are in”."]
    pick(window, "mapping_unit", "kWh")
    assert page.result.told == [
        "2 readings  ·  1 meter  ·  2026-04-13T00:00:00Z to 2026-04-13T12:00:00Z  ·  39.75 kWh between them"
    ]
    finish(window, "meter-readings:halyard-fiber-meter-readings", put(tmp_path, "p2.csv", READINGS.format(day=14)))


def test_work_tickets_are_mapped_and_the_next_are_read_by_themselves(window: Driver, tmp_path: Path) -> None:
    page = map_it(window, tmp_path, "work_1.csv", WORK.format(day=13))
    assert page.bar.kind.currentText() == "Work tickets"
    always(window, "carrier", "Northbeam Communications")
    write(window, "mapping_zone_line", "Europe/Berlin")
    pick(window, "mapping_column_3", "Not used")
    assert page.result.told == ["1 ticket  ·  2026-04-13T08:00:00Z to 2026-04-13T08:00:00Z  ·  30 minutes in all"]
    finish(
        window, "work-tickets:northbeam-communications-work-tickets", put(tmp_path, "work_2.csv", WORK.format(day=14))
    )


def test_outages_are_mapped_and_the_next_are_read_by_themselves(window: Driver, tmp_path: Path) -> None:
    page = map_it(window, tmp_path, "out_1.csv", OUTAGES.format(day=13, circuit=CIRCUIT))
    assert page.bar.kind.currentText() == "Outages"
    pick(window, "mapping_column_3", "Not used")
    always(window, "carrier", "Northbeam Communications")
    write(window, "mapping_zone_line", "UTC")
    assert page.result.told == ["Not complete: Still to choose: the column of “Circuit” or of “Telephone number”."]
    pick(window, "mapping_column_3", "Circuit")
    assert page.result.told[0].endswith("2:00:00 in all  ·  0 not over")
    following = put(tmp_path, "out_2.csv", OUTAGES.format(day=14, circuit=CIRCUIT))
    finish(window, "outage-tickets:northbeam-communications-outages", following)


def test_a_statement_is_mapped_ties_and_the_next_is_read_by_itself(window: Driver, tmp_path: Path) -> None:
    page = map_it(window, tmp_path, "bank_1.csv", BANK.format(day=13))
    assert page.bar.kind.currentText() == "Bank statement"
    always(window, "account", "778899001")
    always(window, "currency", "usd")
    write(window, "mapping_bank", "House bank")
    assert page.result.told == [
        "Ties: Account 778899001  ·  2 movements  ·  -1,240.00 USD in all  ·  from 10,000.00 to 8,760.00"
    ]
    pick(window, "mapping_sign", "positive")
    assert page.result.told[0].startswith("No balances: not checked")
    window.trigger("mapping_undo")
    settle(window)
    assert page.result.told[0].startswith("Ties")
    finish(window, "bank:house-bank-bank-statement", put(tmp_path, "bank_2.csv", BANK.format(day=14)))


def test_usage_whose_header_has_changed_opens_the_saved_mapping(window: Driver, tmp_path: Path) -> None:
    map_it(window, tmp_path, "power_1.csv", READINGS.format(day=13))
    pick(window, "mapping_kind", "Meter readings")
    always(window, "carrier", "Halyard Fiber")
    always(window, "ban", "900-2")
    write(window, "mapping_zone_line", "UTC")
    pick(window, "mapping_unit", "kWh")
    finish(window, "meter-readings:halyard-fiber-meter-readings", put(tmp_path, "p2.csv", READINGS.format(day=14)))
    changed = READINGS.format(day=15).replace("Feed", "Panel")
    report = drop(window, tmp_path, "power_3.csv", changed)
    assert "it lacks 'feed' and has 'panel' besides" in report.files.current().message
    window.click("import_map_button")
    settle(window)
    page = window.page
    pick(window, "mapping_kind", "Meter readings")
    assert "almost that of the mapping “halyard-fiber-meter-readings”" in page.near.text()
    assert [combo.currentText() for combo in page.grid.combos] == ["Read at", "Circuit", "Reading"]
    assert page.book.mapping["unit"] == "kwh"
    assert page.result.told[0].endswith("39.75 kWh between them")
    finish(
        window, "meter-readings:halyard-fiber-meter-readings-2", put(tmp_path, "p4.csv", changed.replace("15", "16"))
    )


def test_rows_that_cannot_be_read_are_told_with_their_number_and_stand_red(window: Driver, tmp_path: Path) -> None:
    text = CALLS.format(day=13).replace(",62,", ",6x2,")
    page = map_it(window, tmp_path, "calls_1.csv", text)
    always(window, "carrier", "Halyard Fiber")
    always(window, "ban", "900-2")
    pick(window, "mapping_column_4", "Duration")
    pick(window, "mapping_duration", "seconds")
    write(window, "mapping_zone_line", "America/New_York")
    assert page.grid.model.faulty.keys() >= {2}
    assert any("6x2" in shown.issue.message and shown.issue.source.row == 2 for shown in page.result.issues.shown)
    window.click("mapping_save_button")
    assert "1 of 3 rows cannot be read" in window.text("message_text"), "more than one per cent"
    assert (window.page, page.save.isEnabled()) == (page, True)
    write(window, "mapping_most_rejected_percent", "40")
    window.click("mapping_save_button")
    window.settle(60_000)
    assert window.page.files.model.all[0].outcome is Outcome.TAKEN


def test_another_kind_asks_for_its_own_fields(window: Driver, tmp_path: Path) -> None:
    page = map_it(window, tmp_path, "bank_1.csv", BANK.format(day=13))
    pick(window, "mapping_kind", "Bill")
    assert page.form.carrier.isVisible()
    assert "Amount" in [page.grid.combos[0].itemText(at) for at in range(page.grid.combos[0].count())]
    pick(window, "mapping_kind", "Outages")
    assert not page.form.carrier.isVisible()
    assert page.form.fields.keys() == {"columns.carrier"}


def test_calls_without_names_of_columns_are_mapped_by_number(window: Driver, filled: Workspace, tmp_path: Path) -> None:
    rows = "81050000, ada, 4930650200, 88, 78, 1776101842\n81050001, bob, 4930650201, 155, 147, 1776113924\n"
    page = map_it(window, tmp_path, "log_1.csv", rows)
    assert page.bar.kind.currentText() == "Call records"
    assert page.preview.header == ("1", "2", "3", "4", "5", "6")
    for place, title in ((2, "Our number"), (4, "Duration"), (5, "Started")):
        pick(window, f"mapping_column_{place}", title)
    always(window, "carrier", "Halyard Fiber")
    always(window, "ban", "900-2")
    pick(window, "mapping_duration", "seconds")
    assert page.result.told == ["Not complete: Still to choose: “Country code”."]
    pick(window, "mapping_country", "49")
    assert page.result.told[0].endswith("0:03:45 in all")
    following = put(tmp_path, "log_2.csv", rows.replace("ada", "eve"))
    finish(window, "call-records:halyard-fiber-call-records", following)


@pytest.mark.parametrize("kind", ["Call records", "Traffic samples", "Meter readings", "Bank statement"])
def test_every_part_of_each_kind_has_a_name(window: Driver, tmp_path: Path, kind: str) -> None:
    page = map_it(window, tmp_path, "bank_1.csv", BANK.format(day=13))
    pick(window, "mapping_kind", kind)
    parts = [one for one in page.findChildren(object) if hasattr(one, "accessibleName") and one.isWidgetType()]
    named = [one for one in parts if type(one).__name__ in {"QComboBox", "QLineEdit"} and one.isVisible()]
    assert [one.objectName() for one in named if not one.accessibleName()] == []
