"""First mappings for usage, tickets and statements: what is sure is chosen, what can be read in two ways is asked."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importers.bank.importer import bank_importers
from app.importers.registry import Definitions
from app.importers.tabular.answers import answer_guess
from app.importers.tabular.kinds import BY_KEY, KINDS, kind_of
from app.importers.tabular.preview import preview
from app.importers.usage.guess_moments import look_for_moments
from app.importers.usage.importer import usage_importers
from app.importers.usage.moments import MomentFormat
from app.services.mapping_rows import find_missing_of_rows, finish_rows, open_rows
from app.services.mapping_toml import write_toml
from tests.importers.tables.table_files import head_of, make_workbook, read_with

CALLS = (
    "Calling Number,Called Number,Date,Time,Duration (sec),Charge\n"
    "3125550123,2125550100,04/13/2026,10:05:00,62,0.0310\n"
    "3125550123,+44 20 7946 0000,04/14/2026,11:05:09,600,1.2000\n"
)
COUNTERS = "time,ifName,ifHCInOctets,ifHCOutOctets\n" + "".join(
    f"{1775000000 + 300 * at},ge-0/0/1,{10**9 + at * 70000},{2 * 10**9 + at * 5000}\n" for at in range(12)
)
POWER = "Logged,Feed,kWh\n2026-04-01 00:00,DC1-A,1000.5\n2026-05-01 00:00,DC1-A,1400.25\n"
WORK = "Ticket,Opened,Minutes,Site,Work done\nW-1,13.04.2026 10:00,30,DC1,Swap a cable\n"
OUTAGES = "Incident,Opened,Resolved,CI\nI-1,2026-04-13 10:00,2026-04-13 12:00,QH/0001/A\n"
BANK = (
    "Buchungstag;Valutadatum;Verwendungszweck;Begünstigter;IBAN;Betrag;Währung;Saldo\n"
    "13.04.2026;13.04.2026;TB-7;Larkspur;DE75512108001245126162;-1.250,00;EUR;8.750,00\n"
    "14.04.2026;14.04.2026;Zins;Bank;;10,00;EUR;8.760,00\n"
)
TWO = "Posting Date,Description,Withdrawals,Deposits\n04/13/2026,TB-7,1250.00,\n04/14/2026,Interest,,10.00\n"


def draft(content: str | bytes, name: str = "file.csv", **options: Any) -> dict[str, Any]:
    data = content.encode() if isinstance(content, str) else content
    return answer_guess(name, data, Definitions(), options)


def asked(found: dict[str, Any]) -> list[str]:
    return [question["key"] for question in found["unsure"]]


@pytest.mark.parametrize(
    ("text", "kind", "columns", "open_questions"),
    [
        (
            CALLS,
            "calls",
            {
                "tn": "Calling Number",
                "other_party": "Called Number",
                "start": "Date",
                "start+time": "Time",
                "seconds": "Duration (sec)",
                "billed": "Charge",
            },
            ["time.zone", "columns.carrier", "columns.ban"],
        ),
        (
            COUNTERS,
            "samples",
            {"circuit_id": "ifName", "end": "time", "in": "ifHCInOctets", "out": "ifHCOutOctets"},
            ["columns.carrier", "columns.ban"],
        ),
        (
            POWER,
            "readings",
            {"circuit_id": "Feed", "at": "Logged", "value": "kWh"},
            ["time.zone", "columns.carrier", "columns.ban"],
        ),
        (
            WORK,
            "work",
            {
                "reference": "Ticket",
                "start": "Opened",
                "minutes": "Minutes",
                "location": "Site",
                "description": "Work done",
            },
            ["time.zone", "columns.carrier"],
        ),
        (
            OUTAGES,
            "outages",
            {"reference": "Incident", "start": "Opened", "end": "Resolved", "circuit_id": "CI"},
            ["time.zone", "columns.carrier"],
        ),
        (
            BANK,
            "bank",
            {
                "booked": "Buchungstag",
                "valued": "Valutadatum",
                "text": "Verwendungszweck",
                "party": "Begünstigter",
                "party_account": "IBAN",
                "amount": "Betrag",
                "currency": "Währung",
                "balance": "Saldo",
            },
            ["columns.account"],
        ),
    ],
)
def test_the_kind_its_columns_and_what_is_open_are_found(
    text: str, kind: str, columns: dict[str, str], open_questions: list[str]
) -> None:
    found = draft(text)
    assert (found["kind"], found["mapping"]["columns"]) == (kind, columns)
    assert asked(found) == open_questions


HEADERS = {
    "Invoice Number,Invoice Date,Service Number,Quantity,Amount\nA-1,2026-04-01,3125550100,1,5.00": "bill",
    "Account,Bill Date,Circuit,Charge,Amount,From,To\n9,2026-04-01,Q/1,Port,5.00,2026-04-01,2026-04-30": "bill",
    "Rechnungsnummer;Datum;Rufnummer;Bezeichnung;Betrag\nR-1;13.04.2026;030123456;Anschluss;5,00": "bill",
    "Invoice No,Date,Description,Debit,Amount,Due Date\nA-1,2026-04-01,Port,,5.00,2026-05-01": "bill",
    "Circuit Id,Site,Product,Amount\nQH/0001/A,DC1,Port,5.00": "bill",
    "Date,Description,Amount\n04/13/2026,TB-7,-5.00": "bank",
    "Date,Description,Debit,Credit,Balance\n2026-04-13,TB-7,5.00,,10.00": "bank",
    "Date;Libellé;Débit;Crédit;Solde\n13/04/2026;TB-7;5,00;;10,00": "bank",
    "Buchungstag;Buchungstext;Verwendungszweck;Betrag;Waehrung\n13.04.26;LASTSCHRIFT;TB-7;-5,00;EUR": "bank",
    "call_date,src,dst,duration,billsec\n2026-04-13 10:00:00,3125550100,2125550100,70,62": "calls",
    "From,To,Start Time,Minutes,Cost\n3125550100,2125550100,2026-04-13 10:00:00,1.0,0.01": "calls",
    "Rufnummer;Zielrufnummer;Datum;Uhrzeit;Dauer\n030123456;0891234567;13.04.2026;10:00:00;00:01:02": "calls",
    "Date Time,Traffic In (Speed),Traffic Out (Speed)\n2026-04-13 10:00:00,100.5,90.1": "samples",
    "Meter,Reading Date,Reading (kWh)\nM1,2026-04-13 00:00,100.5": "readings",
    "Timestamp,Rack,Amps\n2026-04-13 00:00:00,R1,4.5": "readings",
    "Ticket Number,Circuit ID,Outage Start,Outage End\nT1,Q/1,2026-04-13 00:00,2026-04-13 01:00": "outages",
    "Trouble Ticket,Circuit,Opened,Restored\nT1,Q/1,2026-04-13 00:00,2026-04-13 01:00": "outages",
    "Timestamp,Circuit ID,In (Mbit/s),Out (Mbit/s)\n2026-04-13 00:00,Q/1,100.25,50.5": "samples",
    "Case Number,Start Time,End Time,Technician\nC1,2026-04-13 00:00,2026-04-13 01:00,Bob": "work",
}


@pytest.mark.parametrize("text", HEADERS)
def test_the_kind_is_told_by_the_header(text: str) -> None:
    assert draft(f"{text}\n")["kind"] == HEADERS[text]


def test_the_purpose_of_a_movement_and_a_column_that_is_still_empty_are_taken() -> None:
    purpose = next(text for text in HEADERS if "Verwendungszweck" in text)
    assert draft(f"{purpose}\n")["mapping"]["columns"]["text"] == "Verwendungszweck"
    two = next(text for text in HEADERS if "Debit,Credit" in text)
    assert draft(f"{two}\n")["mapping"]["columns"]["credit"] == "Credit"


def test_bytes_that_fall_as_often_as_they_rise_are_no_counters() -> None:
    rows = [f"2026-04-13T10:{at:02}:00Z,ge0,{1000 + at % 3},{900 - at % 2}" for at in range(12)]
    text = "\n".join(["timestamp,port,bytes_in,bytes_out", *rows]) + "\n"
    assert draft(text)["mapping"]["rate"] == "octets"
    few = "\n".join(text.splitlines()[:4]) + "\n"
    assert "rate" in asked(draft(few)), "three rows tell nothing"


def test_units_and_intervals_are_settled_by_names_and_moments() -> None:
    counters, power = draft(COUNTERS)["mapping"], draft(POWER)["mapping"]
    assert (counters["rate"], counters["counter_bits"], counters["bin_seconds"]) == ("octet_counters", 64, 300)
    assert counters["time"] == {"format": "epoch"}
    assert (power["unit"], power["time"]["format"]) == ("kwh", "YYYY-MM-DD hh:mm")
    assert draft(CALLS)["mapping"]["duration"] == "seconds"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (CALLS.replace("04/13", "04/05").replace("04/14", "04/06"), "time.format"),
        (CALLS.replace("Duration (sec)", "Length"), "duration"),
        (CALLS.replace(",62,", ",1:02,").replace(",600,", ",10:00,"), "duration"),
        (CALLS.replace("3125550123", "030123456"), "numbers.country"),
        (COUNTERS.replace("ifHC", "traffic "), "rate"),
        (COUNTERS.replace("ifHCInOctets", "In bps").replace("ifHCOutOctets", "Out bps"), "stamped_at_start"),
        (COUNTERS.replace("1775000300", "1775000301").replace("1775000900", "1775000907"), "bin_seconds"),
        (POWER.replace("kWh", "Reading"), "unit"),
        (BANK.replace(";-1.250,00", ";1.250,00").replace(";Saldo", ";x"), "format.sign"),
        (TWO.replace("04/13", "04/05").replace("04/14", "04/06"), "format.date"),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked(text: str, question: str) -> None:
    assert question in asked(draft(text))


def make_samples(inward: str, outward: str) -> str:
    rows = "".join(f"2026-04-13 10:{at:02}:00Z,Q/1,{1000 + at % 3},{900 - at % 2}\n" for at in range(0, 60, 5))
    return f"Time,Port,{inward},{outward}\n{rows}"


@pytest.mark.parametrize(
    ("names", "rate"),
    [
        (("In Bps", "Out Bps"), "bytes_per_second"),
        (("In MBps", "Out MBps"), "mbytes_per_second"),
        (("In Mbps", "Out Mbps"), "mbits_per_second"),
        (("Traffic In (kB/s)", "Traffic Out (kB/s)"), "kbytes_per_second"),
        (("Traffic In (kbit/s)", "Traffic Out (kbit/s)"), "kbits_per_second"),
        (("In bytes per second", "Out bytes per second"), "bytes_per_second"),
        (("Bytes In/s", "Bytes Out/s"), None),
        (("Bytes In (k)", "Bytes Out (k)"), None),
        (("Bytes In (MB)", "Bytes Out (MB)"), None),
        (("Octets In x1000", "Octets Out x1000"), None),
        (("In bps x1000", "Out bps x1000"), None),
        (("Traffic In (Mbit)", "Traffic Out (Mbit)"), None),
        (("Octets In", "Octets Out"), "octets"),
    ],
)
def test_bits_and_bytes_and_what_is_counted_by_the_second_are_told_apart(
    names: tuple[str, str], rate: str | None
) -> None:
    found = draft(make_samples(*names), kind="samples")
    assert found["mapping"].get("rate") == rate
    assert ("rate" in asked(found)) == (rate is None)


def test_bytes_of_a_second_are_made_octets_of_the_interval() -> None:
    mapping = draft(make_samples("In kBps", "Out kBps"))["mapping"] | {"name": "q", "carrier": "Q", "ban": "9"}
    (importer,) = usage_importers([write_toml(finish_rows(BY_KEY["samples"], open_rows(mapping)))])
    samples = read_with(importer, "f.csv", make_samples("In kBps", "Out kBps")).samples[0]
    assert next(iter(samples.octets_in)) == 1000 * 1000 * 300


def test_counters_that_are_named_as_those_of_32_bits_turn_over_there() -> None:
    found = draft(COUNTERS.replace("ifHC", "if"))["mapping"]
    assert (found["rate"], found["counter_bits"]) == ("octet_counters", 32)


@pytest.mark.parametrize(
    ("name", "said", "minutes"),
    [
        ("Minutes", "90", 90),
        ("Duration (hours)", "1.5", 90),
        ("Duration (h)", "2", 120),
        ("Duration", "1:30:00", 90),
        ("Duration", "1:30", None),
        ("Time spent", "2", None),
    ],
)
def test_the_time_of_a_job_is_minutes_only_where_it_says_so(name: str, said: str, minutes: int | None) -> None:
    text = WORK.replace("Minutes", name).replace(",30,", f",{said},")
    found = draft(text, kind="work")
    assert ("duration" in asked(found)) == (minutes is None)
    if minutes is None:
        return
    columns = found["mapping"]["columns"] | {"minutes": name}
    mapping = found["mapping"] | {"name": "q", "carrier": "Q", "columns": columns}
    mapping["time"] |= {"zone": "UTC"}
    if name.startswith("Duration ("):  # chosen by hand
        mapping["duration"] = "hours"
    (importer,) = usage_importers([write_toml(finish_rows(BY_KEY["work"], open_rows(mapping)))])
    (job,) = read_with(importer, "f.csv", text).records
    assert job.minutes == minutes


def test_short_years_that_may_stand_first_or_last_are_asked() -> None:
    text = CALLS.replace("04/13/2026", "26/04/13").replace("04/14/2026", "26/04/14")
    found = draft(text)
    assert "time.format" in asked(found)
    assert "format" not in found["mapping"].get("time", {})


def test_what_readings_may_be_multiplied_by_is_asked() -> None:
    with_factor = "\n".join(
        f"{line},{more}" for line, more in zip(POWER.splitlines(), ("Multiplier", "40", "40"), strict=True)
    )
    assert "factor" in asked(draft(with_factor))
    assert "factor" not in asked(draft(with_factor.replace(",40", ",1")))
    assert "factor" in asked(draft(POWER.replace("kWh", "Reading (kWh) x10")))


def test_an_amount_without_a_sign_takes_it_from_the_word_beside_it() -> None:
    text = (
        "Buchungstag;Verwendungszweck;Umsatz;S/H;Waehrung\n13.04.2026;TB-7;1250,00;S;EUR\n14.04.2026;Zins;10,00;H;EUR\n"
    )
    found = draft(text)
    assert (found["mapping"]["columns"]["side"], asked(found)) == ("S/H", ["columns.account"])
    made = finish_rows(BY_KEY["bank"], open_rows(found["mapping"] | {"name": "q", "account": "77"}))
    importer = bank_importers([write_toml(made)])[-1]
    (statement,) = read_with(importer, "f.csv", text).statements
    assert [line.amount for line in statement.lines] == [Decimal("-1250.00"), Decimal("10.00")]
    assert read_with(importer, "f.csv", text.replace(";H;", ";x;")).refused
    assert read_with(importer, "f.csv", text.replace("10,00;H", "-10,00;H")).refused, "sign and word differ"


def test_balances_tell_that_what_leaves_is_printed_positive() -> None:
    text = "Booking date,Amount,Currency,Balance\n2026-04-13,1250.00,EUR,8750.00\n2026-04-14,-10.00,EUR,8760.00\n"
    assert draft(text)["mapping"]["format"]["sign"] == "reversed"
    assert "sign" not in draft(text.replace("8760", "8740"))["mapping"]["format"]


def test_the_drafts_read_their_own_files_once_the_questions_are_answered() -> None:
    answers: dict[str, Any] = {"carrier": "Quiet Hill", "name": "q"}
    for text, more in (
        (CALLS, {"ban": "9", "time": {"zone": "America/New_York"}}),
        (COUNTERS, {"ban": "9"}),
        (POWER, {"ban": "9", "time": {"zone": "UTC"}}),
        (WORK, {"time": {"zone": "UTC"}}),
        (OUTAGES, {"time": {"zone": "UTC"}}),
    ):
        mapping = draft(text)["mapping"]
        time = mapping.get("time", {}) | more.pop("time", {})
        made = finish_rows(kind_of(mapping), open_rows(mapping | answers | more | {"time": time}))
        (importer,) = usage_importers([write_toml(made)])
        document = read_with(importer, "file.csv", text)
        assert (document.refused, document.rejected) == (False, ()), text
    made = finish_rows(BY_KEY["bank"], open_rows(draft(BANK)["mapping"] | {"name": "q", "account": "77"}))
    importer = bank_importers([write_toml(made)])[-1]
    (statement,) = read_with(importer, "file.csv", BANK).statements
    assert (statement.opening, statement.closing) == (Decimal("10000.00"), Decimal("8760.00"))


def test_a_packed_file_and_workbooks_are_looked_at_as_well() -> None:
    assert draft(gzip.compress(CALLS.encode()), "calls.csv.gz")["kind"] == "calls"
    rows = [line.split(",") for line in POWER.splitlines()]
    found = draft(make_workbook({"Log": rows}), "power.xlsx")
    assert (found["kind"], found["mapping"]["claims"]["media"]) == ("readings", "xlsx")


def test_a_circuit_that_is_always_the_same_is_a_port_of_its_own_columns() -> None:
    mapping = draft(COUNTERS)["mapping"] | {"name": "q", "carrier": "Quiet Hill", "ban": "9"}
    book = open_rows(mapping)
    book["columns"]["circuit_id"] = {"value": "QH/0001/A"}
    made = finish_rows(BY_KEY["samples"], book)
    assert made["ports"] == [{"circuit_id": "QH/0001/A", "in": "ifHCInOctets", "out": "ifHCOutOctets"}]
    (importer,) = usage_importers([write_toml(made)])
    assert set(read_with(importer, "f.csv", COUNTERS).samples[0].circuit_id) == {"QH/0001/A"}
    assert open_rows(made)["columns"] == book["columns"]


def test_rows_that_are_passed_over_by_their_words_are_saved_and_opened_again() -> None:
    book = open_rows(draft(CALLS)["mapping"])
    book["counted"] = {"column": "Way", "values": {"in": "skip", "out": ""}}
    made = finish_rows(BY_KEY["calls"], book)
    assert made["rows"] == {"skip": {"Way": ["in"]}}
    assert open_rows(made)["counted"] == {"column": "Way", "values": {"in": "skip"}}
    assert made["columns"]["start"] == ["Date", "Time"]


def test_each_kind_says_what_it_lacks() -> None:
    for kind in KINDS[1:]:
        missing = find_missing_of_rows(kind, {"columns": {}})
        assert [key for key in missing if not key.startswith("columns.")] == [], kind.key
        assert {f"columns.{field.key}" for field in kind.fields if field.needed} <= set(missing)


REAL = {
    "usage/cdr-stats_import_cdr_100.txt": ("calls", {"start": "8"}, ["duration", "columns.tn", "columns.seconds"]),
    "usage/cdr-stats_import_cdr.txt": ("calls", {}, ["duration", "columns.tn", "columns.start", "columns.seconds"]),
    "payments/pain/pain.001.001.09.template.csv": (
        "bank",
        {
            "booked": "requested_execution_date",
            "amount": "payment_amount",
            "currency": "currency",
            "account": "debtor_account_IBAN",
            "text": "remittance_information",
        },
        ["format.sign"],
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_guessed_as_far_as_they_tell(shared_data: Path, name: str) -> None:
    file = shared_data / name
    if not file.exists():
        pytest.skip(f"{name} is not there")
    found = draft(file.read_bytes(), file.name)
    kind, columns, questions = REAL[name]
    assert (found["kind"], found["mapping"]["columns"]) == (kind, columns)
    assert [key for key in asked(found) if key not in {"columns.carrier", "columns.ban"}] == questions


def test_a_real_bill_stays_a_bill(shared_data: Path) -> None:
    file = shared_data / "usage" / "focus_sample.csv"
    if not file.exists():
        pytest.skip("the sample is not there")
    assert draft(file.read_bytes(), file.name)["kind"] == "bill"


def test_a_file_without_names_is_told_by_its_shape() -> None:
    rows = "81050000,ada,4930650200,88,1776101842\n81050001,bob,4930650201,155,1776113924\n"
    found = draft(rows, "log_202604.csv")["mapping"]
    assert (found["no_header"], found["claims"]) == (True, {"media": "csv", "file": "log_*.csv"})
    assert found["shape"] == {"cells": [5], "digits": ["4", "5"]}
    assert preview("log.csv", rows.encode(), {})["rows"][0] == {"row": 0, "cells": ["1", "2", "3", "4", "5"]}
    answers = {
        "name": "q",
        "carrier": "Q",
        "ban": "9",
        "duration": "seconds",
        "columns": {"tn": "3", "start": "5", "seconds": "4"},
    }
    (importer,) = usage_importers([write_toml(finish_rows(BY_KEY["calls"], open_rows(found | answers)))])
    assert importer.claims(head_of("log_202605.csv", rows.encode()))
    assert not importer.claims(head_of("log_202605.csv", rows.replace(",88,", ",x,").encode()))


FORMS = (
    "%Y-%m-%d %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%Y-%m-%dT%H:%M:%SZ",
    "%m/%d/%y %I:%M %p",
)
MOMENTS = st.integers(946_684_800, 2_200_000_000).map(lambda seconds: seconds // 60 * 60)


@settings(max_examples=150, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=6), st.sampled_from(FORMS))
def test_a_format_of_moments_is_chosen_only_where_it_reads_what_is_printed(moments: list[int], form: str) -> None:
    start = datetime(1970, 1, 1, tzinfo=UTC)
    printed = [(start + timedelta(seconds=one)).strftime(form) for one in moments]
    look = look_for_moments(printed)
    assert look is not None
    readings = [
        [MomentFormat((one,), "UTC", second_of_two=False).read(text) for text in printed] for one in look.formats
    ]
    assert moments in readings, "the true reading is among those that are offered"
    assert not look.sure or readings == [moments], "and where only one is, it is the true one"


NUMBERS = st.decimals(Decimal("-99999.99"), Decimal("99999.99"), places=2)


@settings(max_examples=100, deadline=None)
@given(st.lists(NUMBERS, min_size=2, max_size=6), st.booleans(), st.integers(1, 12))
def test_a_statement_is_read_as_printed_or_asked_about(amounts: list[Decimal], german: bool, month: int) -> None:
    """What a draft without open questions reads are the very figures and days that were printed."""

    def write(value: Decimal) -> str:
        text = f"{value:,.2f}"
        return text.translate(str.maketrans(",.", ".,")) if german else text

    days = [
        f"{number + 1:02}.{month:02}.2026" if german else f"{month:02}/{number + 1:02}/2026"
        for number in range(len(amounts))
    ]
    lines = [f"{day};x;{write(value)};EUR" for day, value in zip(days, amounts, strict=True)]
    text = "\n".join(["Booking date;Description;Amount;Currency", *lines]) + "\n"
    found = draft(text)
    assert found["kind"] == "bank"
    if set(asked(found)) - {"columns.account"}:
        # days before the 13th can be months where a slash parts them, and without a negative amount no sign is told
        assert not german or not any(value < 0 for value in amounts)
        return
    made = finish_rows(BY_KEY["bank"], open_rows(found["mapping"] | {"name": "q", "account": "77"}))
    document = read_with(bank_importers([write_toml(made)])[-1], "f.csv", text)
    (statement,) = document.statements
    assert [line.amount for line in statement.lines] == amounts
    assert [(line.booked.month, line.booked.day) for line in statement.lines if line.booked] == [
        (month, number + 1) for number in range(len(amounts))
    ]
