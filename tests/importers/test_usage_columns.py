"""Calls read in columns and calls read row by row are the same calls, and the same rows are left out, whatever is in
the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.parsed import ParsedDocument
from app.importers.registry import DocumentHead
from app.importers.usage import read as usage_read
from app.importers.usage.columnar import CallColumns, Judged
from app.importers.usage.importer import UsageImporter, usage_importers
from tests.importers.tables.table_files import ROOT, documented_mappings

HEADER = "Own,Other,Day,Time,Seconds,Charge,Kind,Account\n"
MAPPING = """
kind = "usage-mapping"
name = "either_way"
carrier = "Quiet Hill"
most_rejected_percent = "100"
{keys}
[claims]
columns = ["Own"]
[time]
{time}
[numbers]
{numbers}
[rows]
skip = {{ Kind = ["missed", ""] }}
{rows}
[columns]
ban = "Account"
tn = "Own"
other_party = "Other"
start = ["Day", "Time"]
seconds = "Seconds"
billed = "Charge"
"""


def make(keys: str = "", time: str = 'zone = "America/New_York"', numbers: str = "", rows: str = "") -> UsageImporter:
    (made,) = usage_importers([MAPPING.format(keys=keys, time=time, numbers=numbers, rows=rows)])
    assert isinstance(made, UsageImporter)
    return made


NORTH = 'country = "1"\ninternational = ["011"]'
BERLIN = 'country = "49"\ninternational = ["00"]\ntrunk = "0"'
READERS = [
    make(),
    make(numbers=NORTH, rows='unanswered = "skip"'),
    make('duration = "minutes"', 'format = "M/D/YYYY h:mm:ss AM"\nzone = "Europe/Berlin"', BERLIN),
    make('duration = "h:m:s"', 'format = "YYYY-MM-DD hh:mm:ssZZ"', NORTH),
    make("[format]\ndecimal = ','\ndelimiter = ';'", 'format = "YY/MM/DD hh:mm:ss"\nzone = "UTC"'),
]

DIGITS = st.text("0123456789", max_size=17)
NUMBERS = st.one_of(
    DIGITS,
    st.sampled_from(
        ["3125550100", "13125550100", "+13125550100", "011493090182", "0309018200", "00442079460000", "", "x"]
    ),
    DIGITS.map(lambda one: "+" + one),
)
DAYS = st.sampled_from(
    [
        "2026-04-01",
        "2026-03-08",
        "2026-11-01",
        "2026-02-30",
        "2026-13-01",
        "4/1/2026",
        "12/31/2026",
        "26/04/01",
        "1969-12-31",
        "2200-01-01",
    ]
)
TIMES = st.sampled_from(
    [
        "12:00:01",
        "02:30:00",
        "01:30:00",
        "24:00:00",
        "23:59:60",
        "1:02:03 PM",
        "13:00:00 AM",
        "12:00:00.123",
        "12:00:00Z",
        "12:00:00-05:00",
        "12:00:00+9:00",
        "",
    ]
)
SECONDS = st.one_of(
    st.integers(0, 700_000).map(str),
    st.sampled_from(["60.0", "1.5", "0", "-1", "1:02:03", "2:03", "99:59", "5:61", "", "1,234", "007"]),
)
CHARGES = st.one_of(
    st.decimals(-100, 100, places=4).map(str),
    st.sampled_from(
        [
            "",
            "0",
            "1",
            "1.2345678",
            "-0.0375",
            ".5",
            "5.",
            "0,0375",
            "1,234.50",
            "$1.50",
            "1.50 CR",
            "1e3",
            "--1",
            "NaN",
            "1234567890.5",
        ]
    ),
)
KINDS = st.sampled_from(["answered", "missed", "Missed", "", " missed ", 'a ""b""'])
ACCOUNTS = st.sampled_from(["A-1", "A-2", "", "a very long account number, longer than two words", "Ä-3"])
CELLS = st.tuples(NUMBERS, NUMBERS, DAYS, TIMES, SECONDS, CHARGES, KINDS, ACCOUNTS)
FORMS = st.sampled_from(["{}", '"{}"', " {}", "{} ", '"{}" ', '{}"', "\u0663{}", "  {}"])
LINE_ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\n\n"])


@st.composite
def rows(draw: st.DrawFn) -> str:
    plain = draw(st.booleans())
    cells = draw(CELLS)
    if not plain:
        cells = tuple(draw(FORMS).replace("{}", cell) if draw(st.integers(0, 9)) == 0 else cell for cell in cells)
    count = draw(st.sampled_from([8, 8, 8, 8, 7, 9, 1]))
    line = draw(st.sampled_from([",", ",", ",", ";"])).join((*cells, "more")[:count])
    return line + (draw(LINE_ENDS) if not plain else "\n")


@pytest.fixture(autouse=True, scope="module")
def from_the_first_byte() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(usage_read, "LEAST_BYTES", 1)
        yield


def read(importer: UsageImporter, content: bytes) -> ParsedDocument:
    return importer.read(content, DocumentHead("calls.csv", len(content), "csv"))


def strictly(importer: UsageImporter, content: bytes) -> ParsedDocument:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(usage_read.UsageReader, "_plan", lambda _self: None)
        return read(importer, content)


def in_order(document: ParsedDocument) -> ParsedDocument:
    """Accounts come in the order in which they are met, which is no part of what was read."""
    return replace(document, usage=tuple(sorted(document.usage, key=lambda batch: (batch.ban, batch.rows))))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(READERS), st.lists(rows(), max_size=12), st.booleans())
@example(READERS[0], ['3125550100,"312\n', '5550199",2026-04-01,12:00:00,60,1,a,A-1\n'], False)
@example(READERS[0], ['3125550100,3125550199,2026-04-01,12:00:00,60,1,"a ""b"" c",A-1\n'] * 3, True)
@example(READERS[0], ['3125550100,5" pipe,2026-04-01,12:00:00,60,1,a,A-1\n'] * 3, False)
def test_columns_and_rows_say_the_same(importer: UsageImporter, lines: list[str], cut_off: bool) -> None:
    header = HEADER.replace(",", importer.mapping.form.delimiter or ",")
    content = (header * 1 + "".join(["\n" * 0 + line for line in lines])).encode()
    # the header's search takes the first rows by itself: more of them let the columns begin
    content = content.replace(header.encode(), header.encode() + b"0\n" * 49, 1)
    content = content[:-1] if cut_off else content
    assert in_order(read(importer, content)) == in_order(strictly(importer, content))


@settings(max_examples=100, deadline=None)
@given(st.text('01235679.,;"\r\n A+-:', max_size=300))
def test_any_text_is_read_alike(text: str) -> None:
    content = (HEADER + "0\n" * 49 + text).encode()
    for importer in READERS[:2]:
        assert in_order(read(importer, content)) == in_order(strictly(importer, content))


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_clocks_that_are_changed_are_read_alike(zone: str) -> None:
    """Each quarter of an hour of the days around the changes."""
    importer = make(time=f'zone = "{zone}"')
    days = ["03-07", "03-08", "03-29", "04-05", "10-04", "10-25", "11-01", "02-15", "03-22"]
    lines = [
        f"3125550100,,2026-{day},{minute // 60:02}:{minute % 60:02}:00,60,1,a,A-1\n"
        for day in days
        for minute in range(0, 1440, 15)
    ]
    content = (HEADER + "0\n" * 49 + "".join(lines)).encode()
    document = read(importer, content)
    assert document == strictly(importer, content)
    assert sum(len(batch.rows) for batch in document.usage) > len(lines) - 6


def test_quoted_cells_and_lines_within_them_are_cut_where_the_strict_reader_cuts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = '"3125550100","",2026-04-01,12:00:00,60,1,"a ""b"",\nc","A-1"\n'
    content = (HEADER + "0\n" * 49 + row * 40).encode()
    cut: list[bool] = []
    whole = CallColumns.read

    def watched(self: CallColumns, piece: bytes, delimiter: str) -> Judged | None:
        found = whole(self, piece, delimiter)
        cut.append(found is not None)
        return found

    monkeypatch.setattr(CallColumns, "read", watched)
    document = read(READERS[0], content)
    assert document == strictly(READERS[0], content)
    assert (cut, document.usage[0].rows[:3]) == ([True], (51, 53, 55))


def test_plain_rows_are_read_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the laws above would compare the strict reader with itself."""
    left: list[int] = []
    whole = CallColumns.read

    def watched(self: CallColumns, piece: bytes, delimiter: str) -> Judged | None:
        found = whole(self, piece, delimiter)
        left.append(-1 if found is None else len(found.left))
        return found

    monkeypatch.setattr(CallColumns, "read", watched)
    plain = [
        '3125550100,,2026-04-01,12:00:01,60,-0.0375,answered,A-1\n3125550100,+442079460000,2026-11-01,00:30:00,0,,"missed",A-2\n',
        "3125550100,011442079460000,2026-04-01,12:00:01,60,1,answered,A-1\n",
        "0309018200,00442079460000,4/1/2026,1:02:03 PM,1.5,1,answered,A-1\n",
        "3125550100,5550199,2026-04-01,12:00:00-05:00,1:02:03,1,answered,A-1\n",
        "3125550100;5550199;26/04/01;12:00:00;60;0,0375;answered;A-1\n",
    ]
    for importer, rows_ in zip(READERS, plain, strict=True):
        header = HEADER.replace(",", importer.mapping.form.delimiter or ",")
        document = read(importer, (header + "0\n" * 49 + rows_ * 50).encode())
        assert sum(len(batch.rows) for batch in document.usage) >= 50
    assert left == [0] * len(READERS)


def test_the_shipped_mappings_of_calls_are_read_in_columns() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "resources" / "carriers").glob("*.toml")]
    texts = [text for text in texts if 'kind = "usage-mapping"' in text] + documented_mappings("call-records.md")
    for importer in usage_importers(texts):
        if isinstance(importer, UsageImporter) and importer.mapping.record == "calls":
            reader = usage_read.UsageReader(importer.mapping, None)
            names = [name for spec in importer.mapping.columns.values() for name in spec.columns]
            columns = [*dict.fromkeys([*names, *importer.mapping.rows.columns])]
            content = (",".join(columns) + "\n1\n").encode()
            reader.read_text(io.BytesIO(content))
            assert reader._plan() is not None, importer.name
