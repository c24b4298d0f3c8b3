"""Call records and traffic samples: numbers, moments and durations made exact, each row taken in or told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identifiers import tn_key
from app.domain.parsed import ParsedDocument
from app.domain.vocabulary import Severity
from app.importers.registry import Importer
from app.importers.tabular.definition import MappingFault
from app.importers.usage import call_sink
from app.importers.usage.importer import usage_importers
from app.importers.usage.moments import MomentFormat
from app.importers.usage.numbers import NumberRules
from app.importers.values import BadValue
from tests.importers.tables.table_files import ROOT, documented_mappings, head_of, make_workbook, read_with, told

(CALLS,) = usage_importers(documented_mappings("call-records.md"))
(GRAPHS,) = usage_importers(documented_mappings("traffic-samples.md"))
CARRIERS = ROOT / "resources" / "carriers"
PLAIN_CALLS, PLAIN_SAMPLES = usage_importers(
    [(CARRIERS / name).read_text(encoding="utf-8") for name in ("plain_calls.toml", "plain_samples.toml")]
)
MAPPING = documented_mappings("call-records.md")[0]
HEADER = "Calling Number,Called Number,Answer Date,Answer Time,Duration,Charge\n"


def seconds(text: str) -> int:
    """UTC seconds of an ISO moment."""
    return int(datetime.fromisoformat(text).timestamp())


def calls(*rows: str) -> str:
    """A file of calls; 300 good ones go before, so that a few bad ones do not refuse it."""
    good = ["3125550100,3125550199,04/01/2026,12:00:00,60,0.02"] * 300
    return HEADER + "\n".join([*good, *rows]) + "\n"


def one_call(row: str) -> tuple[str, str, int, int, int | None]:
    """The only call of a file."""
    document = read_with(CALLS, "calls.csv", HEADER + row + "\n")
    assert not document.refused, document.issues
    ((batch,)) = document.usage
    return batch.tn[0], batch.other_party[0], batch.started[0], batch.seconds[0], batch.billed[0]


def test_a_call_is_read_into_exact_numbers() -> None:
    row = '"(312) 555-0100",011442079460000,04/01/2026,12:00:01,75,0.0375'
    document = read_with(CALLS, "calls.csv", f"{HEADER}{row}\n")
    assert document.importer == "call-records:brightwater_calls"
    (batch,) = document.usage
    assert (batch.carrier, batch.ban, batch.currency) == ("Brightwater Voice", "900-2", "USD")
    assert (batch.tn, batch.other_party) == (("13125550100",), ("442079460000",))
    assert batch.started == (seconds("2026-04-01T12:00:01-04:00"),)
    assert (batch.seconds, batch.billed, batch.rows) == ((75,), (37_500,), (2,))


def test_every_row_is_taken_in_or_told() -> None:
    document = read_with(CALLS, "calls.csv", calls("x,1,04/01/2026,12:00:00,60,1"))
    (batch,) = document.usage
    assert len(batch.rows) == 300
    assert told(document) == [("row-rejected", "", 302), ("rows-counted", "", None)]
    assert document.issues[-1].message == "301 rows read: 300 taken in, 1 left out."


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",3125550199,04/01/2026,12:00:00,60,1", "telephone number"),
        ("ALICE5550100,3125550199,04/01/2026,12:00:00,60,1", "telephone number"),
        ("3125550100,3125550199,13/01/2026,12:00:00,60,1", "month must be in 1..12"),
        ("3125550100,3125550199,02/30/2026,12:00:00,60,1", "day is out of range"),
        ("3125550100,3125550199,04/01/26,12:00:00,60,1", "MM/DD/YYYY hh:mm:ss"),
        ("3125550100,3125550199,03/08/2026,02:30:00,60,1", "no clock in America/New_York showed this time"),
        ("3125550100,3125550199,04/01/2026,12:00:00,-1,1", "0 seconds to a week"),
        ("3125550100,3125550199,04/01/2026,12:00:00,60.5,1", "no whole number of seconds"),
        ("3125550100,3125550199,04/01/2026,12:00:00,,1", "it is empty"),
        ("3125550100,3125550199,04/01/2026,12:00:00,999999,1", "0 seconds to a week"),
        ("3125550100,3125550199,04/01/2026,12:00:00,60,NaN", "digits with at most one sign"),
        ("3125550100,3125550199,04/01/2026,12:00:00,60,0.0000001", "at most 12 digits before and 6 after"),
    ],
)
def test_a_bad_row_is_left_out_with_its_reason(row: str, why: str) -> None:
    document = read_with(CALLS, "calls.csv", calls(row))
    assert told(document)[0] == ("row-rejected", "", 302)
    assert why in document.issues[0].message
    assert len(document.usage[0].rows) == 300


def test_too_many_bad_rows_refuse_the_whole_file() -> None:
    document = read_with(CALLS, "calls.csv", calls("x,1,,,,", "y,1,,,,"))
    assert document.usage == ()
    (refusal,) = [issue for issue in document.issues if issue.severity is Severity.ERROR]
    assert refusal.message == "2 of 302 rows cannot be read, and at most 0.5 per cent may be left out."
    assert "most_rejected_percent" in refusal.remedy


def test_rows_beyond_a_batch_go_into_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_sink, "BATCH_ROWS", 128)
    document = read_with(CALLS, "calls.csv", calls())
    assert [len(batch.tn) for batch in document.usage] == [128, 128, 44]
    assert [row for batch in document.usage for row in batch.rows] == list(range(2, 302))


def test_a_renamed_column_is_named() -> None:
    content = calls().replace("Duration", "Durat.").encode()
    document = CALLS.read(content, head_of("calls.csv", content))
    assert told(document) == [("column-missing", "", 1)]
    assert "Rename 'Durat.' to 'Duration'" in document.issues[0].remedy


def test_an_hour_that_comes_twice_is_the_first_unless_the_mapping_says_otherwise() -> None:
    row = "3125550100,3125550199,11/01/2026,01:30:00,60,1"
    assert one_call(row)[2] == seconds("2026-11-01T01:30:00-04:00")
    zone = 'zone = "America/New_York"'
    (second,) = usage_importers([MAPPING.replace(zone, f'{zone}\nambiguous = "second"')])
    document = read_with(second, "calls.csv", HEADER + row + "\n")
    assert document.usage[0].started == (seconds("2026-11-01T01:30:00-05:00"),)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),  # noqa: DTZ001
    st.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia", "UTC"]),
)
def test_a_moment_is_the_one_that_the_clock_shows_or_none(moment: datetime, zone: str) -> None:
    clock = ZoneInfo(zone)
    form = MomentFormat(("YYYY-MM-DD hh:mm:ss",), zone, second_of_two=False)
    back = moment.replace(tzinfo=clock).astimezone(UTC).astimezone(clock)
    if back.replace(tzinfo=None) != moment:
        with pytest.raises(BadValue):
            form.read(moment.isoformat(" "))
    else:
        found = form.read(moment.isoformat(" "))
        assert datetime.fromtimestamp(found, clock).replace(tzinfo=None) == moment
        later = MomentFormat(form.forms, zone, second_of_two=True).read(moment.isoformat(" "))
        assert later - found in (0, 1800, 3600, 7200)


@pytest.mark.parametrize(
    ("form", "text", "moment"),
    [
        ("M/D/YY h:mm:ss AM", "4/1/26 12:05:00 a.m.", "2026-04-01T00:05:00+00:00"),
        ("M/D/YY h:mm:ss AM", "4/1/26 12:05:00 PM", "2026-04-01T12:05:00+00:00"),
        ("YYYY-MM-DDThh:mm:ssZZ", "2026-04-01T18:05:00.123-05:00", "2026-04-01T23:05:00+00:00"),
        ("YYYY-MM-DDThh:mm:ssZZ", "2026-04-01T18:05:00Z", "2026-04-01T18:05:00+00:00"),
        ("YYYYMMDDhhmmss", "20260401180500", "2026-04-01T18:05:00+00:00"),
        ("epoch", "1775066700", "2026-04-01T18:05:00+00:00"),
        ("epoch_ms", "1775066700999", "2026-04-01T18:05:00+00:00"),
    ],
)
def test_moments_are_read_in_the_declared_form(form: str, text: str, moment: str) -> None:
    assert MomentFormat((form,), "UTC", second_of_two=False).read(text) == seconds(moment)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("epoch", "1e9"),
        ("epoch", "-1"),
        ("epoch", "99999999999"),
        ("YYYY-MM-DD hh:mm:ss", "2024-06-30 23:59:60"),
        ("YYYY-MM-DD hh:mm:ss", "٢٠٢٦-04-01 12:00:00"),
        ("M/D/YY h:mm:ss AM", "4/1/26 13:05:00 PM"),
    ],
)
def test_what_is_no_moment_is_refused(form: str, text: str) -> None:
    with pytest.raises(BadValue):
        MomentFormat((form,), "UTC", second_of_two=False).read(text)


@pytest.mark.parametrize(
    ("rules", "printed", "digits"),
    [
        (NumberRules(), "312-555-0100", "13125550100"),
        (NumberRules("1", ("011",)), "1 312 555 0100", "13125550100"),
        (NumberRules("1", ("011",)), "011 49 30 901820", "4930901820"),
        (NumberRules("49", ("00",), "0"), "030 901820", "4930901820"),
        (NumberRules("49", ("00",), "0"), "0044 20 7946 0000", "442079460000"),
        (NumberRules("49", ("00",), "0"), "+1 312 555 0100", "13125550100"),
        (NumberRules("49", ("00",), "0"), "49 30 901820", "4930901820"),
    ],
)
def test_numbers_become_the_digits_of_e164(rules: NumberRules, printed: str, digits: str) -> None:
    assert rules.normalise(printed) == digits


@given(st.from_regex(r"[2-9][0-9]{2}[ .-]?[2-9][0-9]{2}[ .-]?[0-9]{4}", fullmatch=True))
def test_a_north_american_number_is_the_same_in_calls_and_in_the_inventory(printed: str) -> None:
    assert NumberRules().normalise(printed) == NumberRules("1", ("011",)).normalise(printed) == tn_key(printed)


def test_a_caller_who_withholds_the_number_is_kept_as_unknown() -> None:
    assert one_call("3125550100,Anonymous,04/01/2026,12:00:00,60,1")[1] == ""


@pytest.mark.parametrize(
    ("duration", "cell", "answered"),
    [
        ("minutes", "1.5", 90),
        ("minutes", "12", 720),
        ("h:m:s", "1:02:03", 3723),
        ("h:m:s", "2:03", 123),
        ("seconds", "1,234", 1234),
    ],
)
def test_durations_are_whole_seconds(duration: str, cell: str, answered: int) -> None:
    (importer,) = usage_importers([MAPPING.replace('record = "calls"', f'duration = "{duration}"')])
    row = f'3125550100,3125550199,04/01/2026,12:00:00,"{cell}",1'
    document = read_with(importer, "calls.csv", f"{HEADER}{row}\n")
    assert document.usage[0].seconds == (answered,)


def test_calls_of_several_accounts_are_batched_by_account() -> None:
    content = (
        "Carrier,Account number,Number,Other party,Started,Seconds\n"
        "Quiet Hill,A-1,3125550100,,2026-04-30T18:05:00-05:00,60\n"
        "Quiet Hill,A-2,3125550101,3125550102,2026-04-30T18:05:00Z,61\n"
        "Quiet Hill,A-1,3125550100,,2026-05-01 00:00:00+00:00,62\n"
    )
    document = read_with(PLAIN_CALLS, "calls.csv", content)
    assert [(batch.ban, batch.seconds, batch.billed, batch.rows) for batch in document.usage] == [
        ("A-1", (60, 62), (None, None), (2, 4)),
        ("A-2", (61,), (None,), (3,)),
    ]
    assert document.usage[0].started[0] == seconds("2026-04-30T23:05:00+00:00")


def test_a_workbook_of_calls_is_read_from_its_first_sheet() -> None:
    moment = datetime(2026, 4, 1, 12, 0, 1)  # noqa: DTZ001
    rows = [
        ("Calling Number", "Called Number", "Answer Time", "Duration", "Charge"),
        (3125550100, 3125550199, moment, timedelta(minutes=2, seconds=3), 0.0375),
    ]
    text = MAPPING.replace('["Answer Date", "Answer Time"] ', '"Answer Time"')
    text = text.replace("[claims]", '[claims]\nmedia = "xlsx"').replace('record = "calls"', 'duration = "h:m:s"')
    (importer,) = usage_importers([text])
    document = read_with(importer, "calls.xlsx", make_workbook({"Calls": rows}))
    (batch,) = document.usage
    assert (batch.tn, batch.started, batch.seconds, batch.billed) == (
        ("13125550100",),
        (seconds("2026-04-01T12:00:01-04:00"),),
        (123,),
        (37_500,),
    )


def test_samples_of_octets_are_read_as_they_are() -> None:
    content = (
        "Carrier,Account number,Circuit ID,Bin end,Octets in,Octets out\n"
        "Quiet Hill,A-1,80/KXGS/000123,2026-04-30T18:05:00Z,1234567890123,0\n"
    )
    document = read_with(PLAIN_SAMPLES, "samples.csv", content)
    assert document.importer == "traffic-samples:plain_samples"
    (batch,) = document.samples
    assert (batch.circuit_id, batch.ended) == (("80/KXGS/000123",), (seconds("2026-04-30T18:05:00+00:00"),))
    assert (batch.octets_in, batch.octets_out, batch.rows) == ((1234567890123,), (0,), (2,))


def test_average_rates_become_octets_of_their_bin() -> None:
    document = read_with(GRAPHS, "g.csv", "Interface,Timestamp,Avg In,Avg Out\nxe-0/1,1775066400,94.5,0.000001\n")
    (batch,) = document.samples
    assert batch.octets_in == (94_500_000 * 300 // 8,)
    assert batch.octets_out == (37,)  # 1 bit a second for 300 seconds is 37.5 octets
    assert batch.ended == (1775066400 + 300,)


CDR_STATS = """
kind = "usage-mapping"
name = "cdr_stats"
carrier = "Quiet Hill Telephone"
ban = "PBX"
no_header = true
[claims]
file = "cdr-stats*.txt"
[time]
format = "epoch"
[columns]
tn = "3"
start = "8"
seconds = "5"
"""


def test_the_sample_of_a_telephone_system_is_read_through_a_mapping(shared_data: Path) -> None:
    path = shared_data / "usage" / "cdr-stats_import_cdr_100.txt"
    (importer,) = usage_importers([CDR_STATS])
    document = read_with(importer, path.name, path.read_bytes())
    (batch,) = document.usage
    fields = [line.split(", ") for line in path.read_text(encoding="utf-8").splitlines()]
    durations = [int(cells[4]) for cells in fields]
    assert durations[36] == -6  # what the telephone system wrote: no call lasts so long
    assert batch.seconds == tuple(answered for answered in durations if answered >= 0)
    assert (batch.tn[0], batch.started[0], batch.rows[-1]) == ("650200000", 1336101842, 100)
    assert told(document) == [("row-rejected", "", 37), ("rows-counted", "", None)]
    assert document.issues[-1].message == "100 rows read: 99 taken in, 1 left out."


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('zone = "America/New_York"', "", "time.zone"),
        ('format = "MM/DD/YYYY hh:mm:ss"', 'format = "MM/DD/YYYY"', "time.format"),
        ('format = "MM/DD/YYYY hh:mm:ss"', 'format = "DD-MMM-YYYY hh:mm"', "time.format"),
        ('ban = "900-2"', "", "ban"),
        ('tn = "Calling Number"', "", "columns.tn"),
        ('country = "1"', "", "numbers.country"),
        ('most_rejected_percent = "0.5"', "most_rejected_percent = 0.5", "most_rejected_percent"),
        ('record = "calls"', 'record = "letters"', "record"),
    ],
)
def test_a_faulty_usage_mapping_is_refused_with_its_key(old: str, new: str, key: str) -> None:
    assert old in MAPPING
    with pytest.raises(MappingFault) as caught:
        usage_importers([MAPPING.replace(old, new)])
    assert caught.value.key == key


def test_an_empty_file_of_calls_is_told() -> None:
    document: ParsedDocument = read_with(CALLS, "calls.csv", HEADER)
    assert told(document) == [("no-rows", "", None)]


def test_importers_keep_the_promise_of_their_protocol() -> None:
    assert all(isinstance(importer, Importer) for importer in (CALLS, GRAPHS, PLAIN_CALLS))
