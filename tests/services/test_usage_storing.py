"""Usage that a reader left beside its answer gets into the store: sorted, to the last number, or not at all."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from app.domain.parsed import ParsedDocument, ParsedPart
from app.domain.parsed_usage import ParsedUsage
from app.importers.registry import Definitions
from app.importers.usage.runs import COLUMNS, NO_CHARGE, pack_rows, sort_calls, write_run
from app.models.documents import SourceDocument, UsageBatch
from app.services.parsing import parse_file
from app.services.usage_storing import store_usage
from app.services.workspace import Workspace, create_workspace
from app.usage import merging, store
from app.usage.calls import make_frame
from app.usage.merging import BadUsagePart
from tests.services.office import Office

Call = tuple[str, str, int, int, int | None, int]
JANUARY, DAY = 1_767_225_600, 86_400  # 2026-01-01 in UTC
SHA = "ab" * 32


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = create_workspace(tmp_path / "workspace", "Quiet Hill", "USD")
    yield made
    made.close()


def some_calls(number: int, days: int = 70, seed: int = 4) -> list[Call]:
    chance = random.Random(seed)
    lines = ["312", "3125", "31255", "13125550100", "4930901820", "442079460000123"]
    return [
        (
            chance.choice(lines),
            chance.choice(["", "1", "0301", "13125550199"]),
            JANUARY + chance.randrange(days) * DAY + chance.randrange(3),
            chance.randrange(3),
            chance.choice([None, -5, 0, 20_000]),
            row,
        )
        for row in range(1, number + 1)
    ]


def leave(folder: Path, calls: list[Call], size: int) -> ParsedDocument:
    """The document of a reader that left `calls` in runs of `size`."""
    parts = []
    for number, first in enumerate(range(0, len(calls), size), start=1):
        rows = calls[first : first + size]
        write_run(folder / f"calls-{number}.i64", sort_calls(pack_rows(rows)))
        parts.append(ParsedPart("calls", f"calls-{number}.i64", "", "Calder Fiber", "CF-1", "USD", len(rows)))
    return ParsedDocument("call-records:x", parts=tuple(parts))


def save(workspace: Workspace, document: ParsedDocument, folder: Path | None) -> list[Path]:
    with workspace.database.reading() as session:
        before = session.scalars(select(SourceDocument.id)).all()
    document_id = Office(workspace, documents=len(before)).document()
    with workspace.database.writing() as session:
        paths, issues = store_usage(workspace, session, document, folder, document_id, SHA)
        assert [issue.code for issue in issues] in (["carrier-added", "account-added"], [])
    with workspace.database.reading() as session:
        batches = session.scalars(select(UsageBatch).order_by(UsageBatch.id)).all()
        assert [batch.path for batch in batches] == paths
        assert all(workspace.usage.count_rows(batch.path) == batch.rows for batch in batches)
    return workspace.usage.files(paths)


def as_batch(calls: list[Call]) -> ParsedUsage:
    line, other, started, seconds, billed, rows = zip(*calls, strict=True)
    return ParsedUsage("Calder Fiber", "CF-1", "USD", line, other, started, seconds, billed, rows)


@pytest.mark.parametrize(("size", "most"), [(1000, 1000), (7, 1000), (64, 10), (5, 20), (1, 3)])
def test_runs_are_merged_into_the_order_of_the_store(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, most: int
) -> None:
    monkeypatch.setattr(merging, "_SAMPLE_ROWS", 3)
    monkeypatch.setattr(store, "PART_ROWS", most)
    calls = some_calls(300)
    files = save(workspace, leave(tmp_path, calls, size), tmp_path)
    stored = pl.concat([pl.read_parquet(file) for file in files])
    frame = make_frame(as_batch(calls))
    month = pl.from_epoch("started", time_unit="s").dt.strftime("%Y-%m")
    assert stored.equals(frame.sort(month, "line", "started", "row"))
    assert all(len(pl.read_parquet(file)) <= most for file in files)
    assert {file.parent.name for file in files} == {"month=2026-01", "month=2026-02", "month=2026-03"}


def test_calls_in_the_answer_and_calls_beside_it_are_stored_alike(workspace: Workspace, tmp_path: Path) -> None:
    calls = some_calls(200)
    beside = [pl.read_parquet(file) for file in save(workspace, leave(tmp_path, calls, 50), tmp_path)]
    other = create_workspace(tmp_path / "other", "Quiet Hill", "USD")
    inside = [pl.read_parquet(file) for file in save(other, ParsedDocument("x", usage=(as_batch(calls),)), None)]
    other.close()
    assert len(beside) == len(inside)
    assert all(one.equals(another) for one, another in zip(beside, inside, strict=True))


def spoil(folder: Path, column: str, value: int, place: int = 0) -> None:
    """Put `value` into a column of the first run, whose rows keep their number."""
    file = folder / "calls-1.i64"
    rows = file.stat().st_size // (8 * len(COLUMNS))
    content = bytearray(file.read_bytes())
    at = (COLUMNS.index(column) * rows + place) * 8
    content[at : at + 8] = value.to_bytes(8, "little", signed=True)
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("line", -1),
        ("line", 0),
        ("line", (123 << 4) | 3),
        ("line", (10**15 << 4) | 15),
        ("line", (312 * 10**12 << 4) | 2),
        ("number", (5 << 4) | 15 | (1 << 62)),
        ("number", -2),
        ("started", -1),
        ("started", 2**62),
        ("seconds", -1),
        ("seconds", 10**9),
        ("billed", NO_CHARGE + 1),
        ("billed", 2**62),
        ("row", 0),
    ],
)
def test_a_number_that_cannot_be_keeps_all_of_it_out(
    workspace: Workspace, tmp_path: Path, column: str, value: int
) -> None:
    document = leave(tmp_path, some_calls(60), 30)
    spoil(tmp_path, column, value)
    with pytest.raises(BadUsagePart):
        save(workspace, document, tmp_path)
    assert not [file for file in workspace.usage.folder.rglob("*") if file.is_file()]


def test_a_run_that_is_not_sorted_is_refused(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_SAMPLE_ROWS", 3)
    monkeypatch.setattr(store, "PART_ROWS", 10)
    calls = some_calls(60, days=20)
    document = leave(tmp_path, calls, 60)
    (tmp_path / "calls-1.i64").unlink()
    write_run(tmp_path / "calls-1.i64", pack_rows(calls))
    with pytest.raises(BadUsagePart):
        save(workspace, document, tmp_path)


def test_files_that_are_not_what_was_said_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    document = leave(tmp_path, some_calls(40), 40)
    (part,) = document.parts
    secret = tmp_path.parent / "secret.i64"
    secret.write_bytes((tmp_path / part.file).read_bytes())
    (tmp_path / "link.i64").symlink_to(secret)
    os.link(secret, tmp_path / "hard.i64")
    os.mkfifo(tmp_path / "pipe.i64")
    wrong = [
        replace(part, rows=39),
        replace(part, rows=0),
        replace(part, file="link.i64"),
        replace(part, file="hard.i64"),
        replace(part, file="pipe.i64"),
        replace(part, file="../secret.i64"),
        replace(part, file=str(secret)),
        replace(part, file=".."),
        replace(part, file="calls\0.i64"),
        replace(part, kind="samples", name="xe-0"),
        replace(part, kind="readings", name="xe-0"),
        replace(part, kind="readings", name="power:xe-0"),
    ]
    for each in wrong:
        with pytest.raises(BadUsagePart):
            save(workspace, replace(document, parts=(each,)), tmp_path)
    with pytest.raises(BadUsagePart):
        save(workspace, document, None)


def test_samples_and_readings_beside_the_answer_are_stored(workspace: Workspace, tmp_path: Path) -> None:
    def put(name: str, *numbers: int) -> None:
        (tmp_path / name).write_bytes(b"".join(number.to_bytes(8, "little") for number in numbers))

    put("samples-1.i64", JANUARY + 300, 5, 7, 2, JANUARY + 600, 6, 8, 3)
    put("readings-1.i64", JANUARY, 12_345 * 10**8, 2)
    parts = (
        ParsedPart("samples", "samples-1.i64", "xe-0", "Calder Fiber", "CF-1", "", 2),
        ParsedPart("readings", "readings-1.i64", "energy:M-1", "Calder Fiber", "CF-1", "", 1),
    )
    files = save(workspace, ParsedDocument("x", parts=parts), tmp_path)
    samples, readings = (pl.read_parquet(file) for file in files)
    assert samples.rows() == [("xe-0", JANUARY + 300, 5, 7, 2), ("xe-0", JANUARY + 600, 6, 8, 3)]
    assert readings.rows() == [("M-1", "energy", JANUARY, 1_234_500_000_000, 2)]
    assert [file.parent.parent.parent.name for file in files] == ["samples", "readings"]
    put("samples-1.i64", JANUARY + 300, 5, 2**63, 2, JANUARY + 600, 6, 8, 3)
    with pytest.raises(BadUsagePart):
        save(workspace, ParsedDocument("x", parts=parts[:1]), tmp_path)


CSV_MAPPING = """
kind = "usage-mapping"
name = "large"
carrier = "Calder Fiber"
ban = "CF-1"
[claims]
columns = ["Own", "Other", "Started", "Seconds"]
[time]
format = "epoch"
[columns]
tn = "Own"
other_party = "Other"
start = "Started"
seconds = "Seconds"
"""


def test_a_large_file_goes_through_the_reading_process_into_the_store(workspace: Workspace, tmp_path: Path) -> None:
    lines = [f"3125550{n % 300:03d},1312555{n % 9000:04d},{JANUARY + n},{n % 90}\n" for n in range(150_000)]
    lines[77_000] = "a row that is none\n"
    file = tmp_path / "calls.csv"
    file.write_text("Own,Other,Started,Seconds\n" + "".join(lines), encoding="utf-8")
    left = tmp_path / "left"
    left.mkdir()
    told: list[tuple[int, int]] = []
    document = parse_file(
        file.name, file, Definitions(mappings=(CSV_MAPPING,)), folder=left, progress=lambda *one: told.append(one)
    )
    assert [(one.row, one.text) for one in document.rejected] == [(77_002, "a row that is none")]
    assert (document.usage, sum(part.rows for part in document.parts)) == ((), 149_999)
    assert all(total == file.stat().st_size and done <= total for done, total in told)
    frames = [pl.read_parquet(one) for one in save(workspace, document, left)]
    assert [frame.height for frame in frames] == [149_999]
    assert frames[0]["seconds"].sum() == sum(n % 90 for n in range(150_000) if n != 77_000)
    assert frames[0]["row"].n_unique() == 149_999


def test_reading_a_large_file_can_be_given_up(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("Own,Other,Started,Seconds\n" + "3125550100,,1,1\n" * 2_000_000, encoding="utf-8")
    document = parse_file(file.name, file, Definitions(mappings=(CSV_MAPPING,)), cancelled=lambda: True)
    assert [issue.code for issue in document.issues] == ["cancelled"]
