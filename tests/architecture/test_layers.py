"""The floor plan: who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib

from tests.architecture.tree import ROOT, name_of, parse, python_files

_LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


def _contracts() -> dict[str, dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def test_every_room_imports_only_what_the_floor_plan_allows() -> None:
    asked = [sys.executable, "-c", _LINT, "--no-logo", "--no-cache"]
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_room_but_the_window_is_told_not_to_know_qt() -> None:
    contract = _contracts()["only-the-window-knows-qt"]
    rooms = {
        f"app.{path.stem}"
        for path in (ROOT / "app").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms - {"app.__init__", "app.ui", "app.bootstrap"} == set(contract["source_modules"])  # type: ignore[call-overload]


def test_the_three_prohibitions_stand() -> None:
    contracts = _contracts()
    assert set(contracts) == {
        "floor-plan",
        "ui-never-names-the-database",
        "pure-rooms",
        "only-the-window-knows-qt",
        "only-the-cluster-knows-spark",
    }
    for contract in contracts.values():
        assert "ignore_imports" not in contract, "an exception to the floor plan is a change of the plan: write an ADR"


def test_the_domain_needs_only_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"app"}
    foreign = {
        f"{name_of(path)}: {module}"
        for path in python_files("app/domain")
        for module in _imported(parse(path))
        if module.split(".")[0] not in allowed
    }
    assert foreign == set()


def _imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found
