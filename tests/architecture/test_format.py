"""Format and lint, so that the plain test command already says what `dev.py check` would."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT


@pytest.mark.parametrize("step", [["format", "--check"], ["check"]], ids=["format", "lint"])
def test_ruff_has_nothing_to_say(step: list[str]) -> None:
    asked = [sys.executable, "-m", "ruff", *step, "--no-cache", "--output-format", "concise", "."]
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
