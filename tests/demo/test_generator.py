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
from tools.demo_company.estate import BY_KEY
from tools.demo_company.prices import price_for
from tools.demo_company.rate_deck import row_for
from tools.demo_company.rate_deck import rows as deck_rows
from tools.demo_company.traffic import BURSTABLE, burst_of, samples_of
from tools.demo_company.usage_charges import burst_amount, power_amount
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
    assert len(rows) == 51
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


def test_a_percentile_is_the_sample_that_as_many_per_cent_do_not_exceed() -> None:
    circuit, month = BURSTABLE, date(2026, 7, 1)
    octets = sorted(inward for _, inward, _ in samples_of(circuit, month))
    assert len(octets) == 31 * 288
    for percentile in (95, 98):
        mbps = burst_of(circuit, month, percentile)
        rates = [cents(Fraction(8 * each, 300_000_000)) for each in octets]
        below, not_above = sum(rate < mbps for rate in rates), sum(rate <= mbps for rate in rates)
        assert below * 100 < percentile * len(rates) <= not_above * 100


def test_the_longest_prefix_in_force_prices_a_call() -> None:
    june, july = date(2026, 6, 30), date(2026, 7, 1)
    assert row_for("498955500123", july).zone == "Germany cities"
    assert row_for("491515550012", june).price == Decimal("0.1860")
    assert row_for("491515550012", july).price == Decimal("0.2040")
    assert row_for("525555500123", june).steps == (1, 1)
    assert row_for("443355500123", june).zone == "United Kingdom"
    assert len({(row.prefix, row.start) for row in deck_rows()}) == len(deck_rows()) > 300


def test_power_above_the_commitment_costs_the_premium() -> None:
    assert power_amount(Decimal("3.9"), 25) == power_amount(Decimal("4"), 50) == Decimal("672.00")
    assert power_amount(Decimal("5.5"), 25) == Decimal("987.00")
    assert burst_amount(Decimal("180")) == Decimal("80.00")
    assert burst_amount(Decimal("270.50")) == Decimal("125.83")


def test_a_yearly_rise_is_rounded_to_cents_each_year() -> None:
    wave = BY_KEY["CF/WAV/31007/CHI-DFW"]
    days = (date(2026, 5, 31), date(2026, 6, 1), date(2027, 6, 1))
    amounts = [price_for("CF-2025-044", "WAVE-10G", "MRC", wave, day).amount for day in days]
    assert amounts == [Decimal("2150.00"), Decimal("2214.50"), Decimal("2280.94")]


def test_calls_are_counted_in_steps_and_cents_rounded_half_up() -> None:
    assert [billable_seconds(seconds, 6, 6) for seconds in (0, 5, 31, 61, 205)] == [0, 6, 36, 66, 210]
    assert [billable_seconds(seconds, 60, 60) for seconds in (5, 60, 61, 205)] == [60, 60, 120, 240]
    assert [cents(Fraction(numerator, 1000)) for numerator in (1005, 1004, -1005)] == [
        Decimal("1.01"),
        Decimal("1.00"),
        Decimal("-1.01"),
    ]
