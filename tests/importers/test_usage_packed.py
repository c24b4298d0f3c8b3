"""Usage that comes packed: gzip of one member or several, Parquet with exact types; bombs and fractions are refused."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.domain.parsed import ParsedDocument
from app.importers.identify import read_document
from app.importers.opened import read_opened
from app.importers.registry import Definitions
from app.importers.usage import call_sink, source
from tests.importers.tables.table_files import ROOT, documented_mappings, told

PLAIN = (ROOT / "resources" / "carriers" / "plain_calls.toml").read_text(encoding="utf-8")
DEFINITIONS = Definitions(mappings=(PLAIN, *documented_mappings("bill-mappings.md")))
HEADER = "Carrier,Account number,Number,Other party,Started,Seconds,Billed\n"
ROW = "Quiet Hill,A-1,3125550100,3125550199,2026-04-30T18:05:00-05:00,60,0.02\n"


def opened(name: str, content: bytes, folder: Path | None = None) -> ParsedDocument:
    return read_opened(name, io.BytesIO(content), DEFINITIONS, folder=folder)


def test_a_packed_file_is_read_like_the_one_in_it() -> None:
    plain = (HEADER + ROW * 3).encode()
    packed = gzip.compress(plain[:100]) + gzip.compress(plain[100:])
    assert opened("calls.csv.gz", packed) == opened("calls.csv", plain) == read_document("c.gz", packed, DEFINITIONS)
    assert len(opened("calls.csv.gz", packed).usage[0].rows) == 3


@pytest.mark.parametrize(("cut", "code"), [(-9, "broken"), (40, "broken")])
def test_a_packed_file_that_breaks_off_is_refused(cut: int, code: str) -> None:
    packed = gzip.compress((HEADER + "".join(ROW.replace("60", str(n)) for n in range(3000))).encode())
    document = opened("calls.csv.gz", packed[:cut])
    assert (told(document)[0][0], document.usage) == (code, ())


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_FREE_BYTES", 1 << 20)
    bomb = gzip.compress((HEADER + ROW).encode() + b"\n" * (64 << 20))
    assert told(opened("calls.csv.gz", bomb))[0][0] == "too-large"


def parquet(**changes: pa.Array) -> bytes:
    columns: dict[str, pa.Array] = {
        "Carrier": pa.array(["Quiet Hill"] * 2).dictionary_encode(),
        "Account number": pa.array(["A-1"] * 2),
        "Number": pa.array([3125550100, 3125550101]),
        "Other party": pa.array(["3125550199", None]),
        "Started": pa.array([datetime(2026, 4, 30, 23, 5, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC")),
        "Seconds": pa.array([60, 61], pa.uint16()),
        "Billed": pa.array([Decimal("0.0200000000"), Decimal("0")], pa.decimal128(20, 10)),
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table({**columns, **changes}), buffer, row_group_size=1)
    return buffer.getvalue()


def test_parquet_is_read_by_its_declared_columns_to_the_digit() -> None:
    document = opened("calls.parquet", parquet())
    (batch,) = document.usage
    moment = int(datetime(2026, 4, 30, 23, 5, tzinfo=UTC).timestamp())
    assert (batch.tn, batch.other_party) == (("13125550100", "13125550101"), ("13125550199", ""))
    assert (batch.started, batch.seconds, batch.billed) == ((moment,) * 2, (60, 61), (20_000, 0))
    assert document == read_document("calls.parquet", parquet(), DEFINITIONS)


def test_a_moment_without_an_offset_in_parquet_is_of_the_mappings_zone() -> None:
    text = PLAIN.replace("[time]", '[time]\nzone = "America/Chicago"')
    naive = pa.array([datetime(2026, 4, 30, 18, 5)] * 2, pa.timestamp("ms"))  # noqa: DTZ001
    document = read_document("c.parquet", parquet(Started=naive), Definitions(mappings=(text,)))
    assert document.usage[0].started[0] == int(datetime(2026, 4, 30, 23, 5, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "column",
    [pa.array([0.02, 0.03]), pa.array([[1], [2]]), pa.array([{"a": 1}, {"a": 2}]), pa.array([True, False])],
    ids=["fractions", "lists", "structures", "truths"],
)
def test_parquet_columns_that_are_not_exact_are_refused(column: pa.Array) -> None:
    document = opened("calls.parquet", parquet(Billed=column))
    assert (told(document)[0][0], document.usage) == ("bad-parquet", ())


def test_a_damaged_parquet_is_refused() -> None:
    assert told(opened("calls.parquet", parquet()[:-20]))[0][0] == "no-importer"
    content = bytearray(parquet())
    content[20:200] = bytes(180)
    assert opened("calls.parquet", bytes(content)).refused


def test_many_calls_are_left_beside_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_sink, "ROWS_IN_ANSWER", 10)
    monkeypatch.setattr(call_sink, "RUN_ROWS", 15)
    rows = "".join(ROW.replace("60", str(n)).replace("A-1", f"A-{n % 2}") for n in range(40))
    document = opened("calls.csv", (HEADER + rows).encode(), tmp_path)
    assert document.usage == ()
    assert sum(part.rows for part in document.parts) == 40
    assert {part.ban for part in document.parts} == {"A-0", "A-1"}
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(part.file for part in document.parts)
    assert all((tmp_path / part.file).stat().st_size == part.rows * 48 for part in document.parts)


def test_a_refused_file_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_sink, "ROWS_IN_ANSWER", 10)
    monkeypatch.setattr(call_sink, "RUN_ROWS", 15)
    document = opened("calls.csv", (HEADER + ROW * 40 + "x\n" * 20).encode(), tmp_path)
    assert document.refused
    assert document.parts == ()
    assert list(tmp_path.iterdir()) == []
    assert [one.row for one in document.rejected[:2]] == [42, 43]
