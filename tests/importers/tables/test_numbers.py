"""What is no part of a telephone number is not swallowed, and charges of calls are of the mapping's currency."""

from __future__ import annotations

import pytest

from app.domain.parsed import ParsedDocument
from app.importers.usage import read as usage_read
from app.importers.usage.importer import UsageImporter, usage_importers
from app.importers.usage.moments import MomentFormat
from app.importers.usage.numbers import NumberRules
from app.importers.values import BadValue
from tests.importers.tables.table_files import head_of

MAPPING = """
kind = "usage-mapping"
name = "quiet"
carrier = "Quiet Hill"
ban = "1"
currency = "USD"
most_rejected_percent = "100"
[claims]
columns = ["Own"]
[time]
format = {forms}
zone = "UTC"
[columns]
tn = "Own"
other_party = "Other"
start = "Start"
seconds = "Sec"
billed = "Charge"
"""
HEADER = "Own,Other,Start,Sec,Charge\n"
NORTH, BRITAIN = NumberRules("1", ("011",)), NumberRules("44", ("00",), "0")
STRANGE = [
    "312-555-0100 x5", "312/555/0100 ext. 77", "*67 3125550100", "#31#3125550100", "3.13E+10", "3,13E+10",
    "3125550100,,5", "3125550100;3125550101", "312555010\u0663",
]  # fmt: skip


@pytest.fixture(autouse=True, params=[True, False], ids=["columns", "rows"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage_read, "LEAST_BYTES", 1)
    if not request.param:
        monkeypatch.setattr(usage_read.UsageReader, "_plan", lambda _self: None)


def read(*rows: str, forms: str = '"YYYY-MM-DD hh:mm:ss"') -> ParsedDocument:
    """What is read of these rows; good ones before them let the columns begin."""
    (importer,) = usage_importers([MAPPING.replace("{forms}", forms)])
    assert isinstance(importer, UsageImporter)
    # in its shapes the good one fits every list of formats here, and means the same in all
    good = "3125550100,3125550199,2026-04-04 10:00:00,60,0.1\n" if "YYYY-MM" in forms else ""
    good = good or "3125550100,3125550199,04/04/2026 10:00:00,60,0.1\n"
    content = (HEADER + good * 60 + "".join(f"{row}\n" for row in rows)).encode()
    return importer.read(content, head_of("calls.csv", content))


@pytest.mark.parametrize("printed", STRANGE)
@pytest.mark.parametrize("rules", [NumberRules(), NORTH, BRITAIN])
def test_what_is_no_part_of_a_number_is_refused(printed: str, rules: NumberRules) -> None:
    for normalise in (rules.normalise, rules.normalise_other):
        with pytest.raises(BadValue, match="is no part of a telephone number"):
            normalise(printed)


def test_rows_with_such_numbers_are_left_out_and_told() -> None:
    rows = [f'"{one}",3125550199,2026-04-01 10:00:00,60,0.1' for one in STRANGE]
    rows += [f'3125550100,"{one}",2026-04-01 10:00:00,60,0.1' for one in STRANGE]
    document = read(*rows)
    assert [one.row for one in document.rejected] == list(range(62, 62 + len(rows)))
    assert all("is no part of a telephone number" in one.message for one in document.rejected)
    assert len(document.usage[0].tn) == 60


def test_the_trunk_digit_behind_a_countrys_code_is_left_out() -> None:
    assert BRITAIN.normalise("+44 (0)20 7946 0000") == "442079460000"
    assert BRITAIN.normalise("0044 (0)20 7946 0000") == "442079460000"
    assert BRITAIN.normalise("(0)20 7946 0000") == "442079460000"
    assert NumberRules().normalise("+44 (0)20 7946 0000") == "442079460000"
    assert "442079460000" in read("+44 (0)20 7946 0000,3125550199,2026-04-01 10:00:00,60,0.1").usage[0].tn


@pytest.mark.parametrize(
    "printed", ["(312) 555-0100", "312.555.0100", "+1 312 555 0100", "312/555 0100", "312\u2011555\u20110100"]
)
def test_marks_between_the_digits_do_not_count(printed: str) -> None:
    assert NORTH.normalise(printed) == "13125550100"


@pytest.mark.parametrize("charge", ["EUR 0.10", "€0.10", '"0,100"'])
def test_a_charge_of_another_currency_or_with_two_readings_is_left_out(charge: str) -> None:
    document = read(f"3125550100,3125550199,2026-04-01 10:00:00,60,{charge}")
    assert [one.row for one in document.rejected] == [62]
    assert len(read("3125550100,3125550199,2026-04-01 10:00:00,60,USD 0.10").usage[0].tn) == 61


def test_a_moment_that_two_formats_read_differently_is_left_out() -> None:
    forms = '["DD/MM/YYYY hh:mm:ss", "MM/DD/YYYY hh:mm:ss"]'
    days = ("03/04/2026", "03/14/2026", "14/03/2026", "14/14/2026")
    document = read(*(f"3125550100,3125550199,{day} 10:00:00,60,0.1" for day in days), forms=forms)
    assert [one.row for one in document.rejected] == [62, 65]
    assert "2026-04-03 10:00 UTC (DD/MM/YYYY hh:mm:ss) or as 2026-03-04" in document.rejected[0].message
    assert len(document.usage[0].tn) == 62


def test_formats_that_mean_the_same_moment_are_fine() -> None:
    moment = MomentFormat(("M/D/YYYY h:mm:ss", "MM/DD/YYYY hh:mm:ss"), "UTC", second_of_two=False)
    assert moment.read("03/04/2026 10:00:00") == moment.read("3/4/2026 10:00:00")
