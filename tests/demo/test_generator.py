"""The generator writes the same files each time, and works its amounts out by itself."""

from __future__ import annotations

import ast
import csv
import io
import re
import subprocess
import sys
import zlib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from app.services.demo import MATERIAL
from tests.conftest import ROOT
from tools.demo_company.arithmetic import billable_seconds, cents, part_of_month
from tools.demo_company.values import ZERO

MEGABYTE = 1024 * 1024


def make(folder: Path) -> Path:
    subprocess.run([sys.executable, "tools/make_demo.py", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("made"))


def files(folder: Path) -> dict[str, bytes]:
    """What the generator writes there: all but the pages that people write."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name not in ("README.md", ".gitattributes")}


def parts(name: str, content: bytes) -> object:
    """What a file says, however it is compressed: libraries of other machines compress otherwise."""
    if name.endswith(".pdf"):
        streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S)
        return [zlib.decompress(stream) for stream in streams]
    if name.endswith(".xlsx"):
        return cells(content)
    return content


def cells(content: bytes) -> list[tuple[str, str, object]]:
    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return [
        (sheet.title, cell.coordinate, cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row
    ]


def test_two_runs_write_the_same_bytes(made: Path, tmp_path: Path) -> None:
    assert files(make(tmp_path / "again")) == files(made)


def test_what_is_committed_is_what_the_generator_writes(made: Path) -> None:
    fresh, committed = files(made), files(MATERIAL)
    assert sorted(fresh) == sorted(committed)
    assert [name for name in fresh if parts(name, fresh[name]) != parts(name, committed[name])] == []


def test_the_demo_is_small() -> None:
    assert sum(len(content) for content in files(MATERIAL).values()) < 4 * MEGABYTE


def test_the_generator_imports_nothing_of_the_application() -> None:
    sources = sorted((ROOT / "tools" / "demo_company").glob("*.py"))
    assert len(sources) > 20
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "app"], path.name


def test_a_claim_that_can_be_made_is_above_nothing() -> None:
    rows = list(csv.DictReader((MATERIAL / "truth.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 42
    for row in rows:
        assert (Decimal(row["amount"]) > ZERO) == (row["rule"] not in ("A04", "A31")), row


@pytest.mark.parametrize(
    ("start", "end", "method", "part"),
    [
        ("2026-01-16", "2026-02-01", "actual", Fraction(16, 31)),
        ("2026-01-16", "2026-02-01", "actual_30", Fraction(16, 30)),
        ("2026-01-16", "2026-02-01", "strict_30_360", Fraction(15, 30)),
        ("2026-08-25", "2026-09-14", "actual", Fraction(7, 31) + Fraction(13, 30)),
        ("2026-06-09", "2026-07-01", "months_and_days", Fraction(22, 30)),
        ("2026-08-03", "2026-09-01", "none", Fraction(1)),
    ],
)
def test_parts_of_months_are_what_the_methods_say(start: str, end: str, method: str, part: Fraction) -> None:
    assert part_of_month(date.fromisoformat(start), date.fromisoformat(end), method) == part


def test_calls_are_counted_in_steps_and_cents_rounded_half_up() -> None:
    assert [billable_seconds(seconds, 6, 6) for seconds in (0, 5, 31, 61, 205)] == [0, 6, 36, 66, 210]
    assert [billable_seconds(seconds, 60, 60) for seconds in (5, 60, 61, 205)] == [60, 60, 120, 240]
    assert [cents(Fraction(numerator, 1000)) for numerator in (1005, 1004, -1005)] == [
        Decimal("1.01"),
        Decimal("1.00"),
        Decimal("-1.01"),
    ]
