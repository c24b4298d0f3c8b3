"""The files of the project as the architecture tests see them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PURE = ("domain", "importers", "rating", "audit", "payments", "reports")
_NOT_OURS = {".git", ".venv", ".hypothesis", "__pycache__", "dist", "build", "demo-workspace"}


@cache
def committed_files() -> tuple[Path, ...]:
    """What is or will be committed: git's word for it, or without git every file outside the usual caches."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        names = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [path for path in ROOT.rglob("*") if not _is_cache(path.relative_to(ROOT))]
    return tuple(sorted(path for path in names if path.is_file()))


def _is_cache(path: Path) -> bool:
    return any(part in _NOT_OURS or part.endswith("_cache") for part in path.parts) or path.name == "uv.lock"


def python_files(*rooms: str) -> list[Path]:
    """The Python files below the folders (or the files) that are named."""
    files = [path for path in committed_files() if path.suffix == ".py"]
    return [path for path in files if any((ROOT / room) == path or (ROOT / room) in path.parents for room in rooms)]


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name_of(path: Path) -> str:
    """A file's path inside the project, the same on every system."""
    return path.relative_to(ROOT).as_posix()
