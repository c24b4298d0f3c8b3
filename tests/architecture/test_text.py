"""What no committed file may hold: the name of a package registry's host, or a path of somebody's machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import committed_files, name_of

# written so that this file does not match itself
REGISTRY = re.compile(
    r"(?:py[p]i|python[h]osted|npm[j]s|crates|deb\.deb[i]an|archive\.ub[u]ntu|proxy\.gol[a]ng)\.(?:org|com|io)\b", re.I
)
MACHINE = re.compile(r"(?<![\w.~$}-])/(?:h[o]me|U[s]ers|r[o]ot|w[o]rk|o[p]t|m[n]t)/[\w.-]+|\b[A-Z]:\\+U[s]ers\\", re.I)
LOCKS = [path for path in committed_files() if path.suffix == ".lock"]


def text_of(path: Path) -> str | None:
    """A file's text; None for a picture, a PDF, a workbook."""
    content = path.read_bytes()
    if b"\0" in content or content.startswith(b"%PDF"):
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    found = []
    for path in committed_files():
        text = text_of(path)
        if text is None:
            continue
        for pattern in (REGISTRY, MACHINE):
            found += [f"{name_of(path)}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_a_lock_file_names_packages_and_hashes_only(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|-f|--find-links|-e|--trusted-host)\b", text, re.M)
    pins = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
    assert pins
    assert all(re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^ ]+ ", pin) for pin in pins)
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:])


def test_a_host_and_a_machine_would_be_seen() -> None:
    assert REGISTRY.search("--index-url https://py" + "pi.org/simple")
    assert MACHINE.search("see /ho" + "me/dana/tollbook/app.py")
    assert MACHINE.search("C:\\Us" + "ers\\dana")
    assert not MACHINE.search("GET /api/work/items and ~/work/x and docs/root/x")
