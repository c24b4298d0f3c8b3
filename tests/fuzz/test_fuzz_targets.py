"""The fuzz targets stand what they are given: their seeds, thousands of fixed changes, and all that was ever found."""

from __future__ import annotations

import subprocess
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest

from tests.fuzz import fuzz_bank, fuzz_csv, fuzz_layout, fuzz_numbers, fuzz_x12, fuzz_xml
from tests.fuzz.running import FOUND, kept, mutations

ROOT = Path(__file__).resolve().parents[2]
TARGETS: dict[str, ModuleType] = {
    "x12": fuzz_x12,
    "csv": fuzz_csv,
    "numbers": fuzz_numbers,
    "xml": fuzz_xml,
    "layout": fuzz_layout,
    "bank": fuzz_bank,
}


def what_raises(target: ModuleType, inputs: Iterable[bytes]) -> list[str]:
    """The traceback of each input that makes the target raise."""
    found = []
    for data in inputs:
        try:
            target.one_input(data)
        except Exception:
            found.append(f"{data!r}\n{traceback.format_exc()}")
    return found


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_found_once_is_never_found_again(name: str) -> None:
    assert what_raises(TARGETS[name], kept(name)) == []


def test_every_file_that_is_kept_belongs_to_a_target() -> None:
    assert {path.name.partition("-")[0] for path in FOUND.iterdir() if not path.name.startswith(".")} <= TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_no_change_of_a_sound_input_makes_a_reader_raise(name: str) -> None:
    target = TARGETS[name]
    assert what_raises(target, mutations(target.SEEDS, target.TOKENS, 400)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="atheris runs on Linux only")
@pytest.mark.parametrize("name", ["numbers", "x12"])
def test_a_target_runs_under_coverage_guidance(name: str) -> None:
    pytest.importorskip("atheris")
    command = [sys.executable, "-m", f"tests.fuzz.fuzz_{name}", "-runs=1500", "-seed=4"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert "Done 1500 runs" in run.stderr
