"""Files made to harm: each gets its verdict within its limits, and what is not seen on a page is never posted unseen.

The verdicts are kept in hostile/verdicts.toml, by collection and file; `python -m bench.hostile FOLDER` prints them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.importers.hostile.corpus import write_corpus

ROOT = Path(__file__).resolve().parents[2]
VERDICTS = Path(__file__).parent / "hostile" / "verdicts.toml"
SLOW = "TOLLBOOK_SLOW_TESTS"
MOST_WORK = 2.0  # seconds of a processor that is not shared; a busy one takes up to twice as long
MOST_MEMORY = 256  # MB
COLLECTIONS = ("own", "sample", "generated")
needs_forks = pytest.mark.skipif(sys.platform != "linux", reason="the quick way to judge files needs Linux")


@dataclass(frozen=True)
class Folders:
    """Where the hostile files lie: our own, those of the sample data, those of the generators beside it."""

    own: Path
    sample: Path | None
    generated: Path | None
    tools: Path


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    root = tmp_path_factory.mktemp("hostile")
    write_corpus(root / "own")
    shared = ROOT.parent / "shared"
    sample, tools = shared / "data" / "hostile", shared / "tools" / "hostile"
    generated = root / "generated"
    if tools.is_dir():
        for kind in ("pdf", "tab"):
            command = [sys.executable, str(tools / f"gen_{kind}.py"), str(generated / kind)]
            subprocess.run(command, check=True, capture_output=True)
    return Folders(root / "own", sample if sample.is_dir() else None, generated if tools.is_dir() else None, tools)


def judge(*options: str) -> dict[str, dict[str, Any]]:
    """The verdicts of bench.hostile, by file name."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.hostile", "--json", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(run.stdout)
    return {one["name"]: one for one in found}


@pytest.fixture(scope="module")
def judged(folders: Folders) -> dict[str, dict[str, dict[str, Any]]]:
    """The verdicts on each collection that is there."""
    paths = {name: getattr(folders, name) for name in COLLECTIONS}
    return {name: judge("--together", str(path)) for name, path in paths.items() if path is not None}


@needs_forks
@pytest.mark.timeout(900)
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_hostile_file_gets_the_verdict_that_it_always_got(
    judged: dict[str, dict[str, dict[str, Any]]], collection: str
) -> None:
    if collection not in judged:
        pytest.skip(f"the {collection} files are absent")
    expected = tomllib.loads(VERDICTS.read_text(encoding="utf-8"))[collection]
    assert {name: one["code"] for name, one in judged[collection].items()} == expected


@needs_forks
@pytest.mark.timeout(900)
def test_none_of_them_takes_more_than_its_limits(judged: dict[str, dict[str, dict[str, Any]]]) -> None:
    verdicts = [one for collection in judged.values() for one in collection.values()]
    assert len(verdicts) >= 200
    assert [one["name"] for one in verdicts if one["work"] > 2 * MOST_WORK or one["peak"] > MOST_MEMORY] == []
    assert [one["name"] for one in verdicts if one["code"] in {"parser-died", "parser-limit"}] == []


@needs_forks
@pytest.mark.timeout(900)
def test_what_is_not_seen_on_a_page_is_never_posted_by_itself(
    judged: dict[str, dict[str, dict[str, Any]]], folders: Folders
) -> None:
    names = [path.name for path in (folders.own / "pdf-meaning").iterdir()]
    assert len(names) >= 35
    unflagged = [name for name in names if judged["own"][name]["bills"] and not judged["own"][name]["needs_eyes"]]
    assert unflagged == []


@needs_forks
@pytest.mark.timeout(900)
def test_an_honest_page_with_boxes_clips_layers_and_links_is_read(
    judged: dict[str, dict[str, dict[str, Any]]], folders: Folders
) -> None:
    for path in (folders.own / "pdf-honest").iterdir():
        verdict = judged["own"][path.name]
        assert (verdict["code"], verdict["bills"], verdict["needs_eyes"]) == ("read", 1, False), path.name


@pytest.mark.timeout(1800)
def test_each_file_gets_the_same_verdict_in_a_child_of_its_own(folders: Folders) -> None:
    if os.environ.get(SLOW) != "1":
        pytest.skip(f"slow: set {SLOW}=1 to read each hostile file in a child of its own")
    expected = tomllib.loads(VERDICTS.read_text(encoding="utf-8"))
    for collection in COLLECTIONS:
        path = getattr(folders, collection)
        if path is not None:
            verdicts = judge(str(path))
            assert {name: one["code"] for name, one in verdicts.items()} == expected[collection]
            assert max(one["peak"] for one in verdicts.values()) <= MOST_MEMORY


@pytest.mark.timeout(1800)
def test_a_gigabyte_in_one_line_is_refused_and_ten_million_rows_are_not_a_bomb(
    folders: Folders, tmp_path: Path
) -> None:
    if os.environ.get(SLOW) != "1" or folders.generated is None:
        pytest.skip(f"slow: set {SLOW}=1 (and have the generators) to read files of a gigabyte")
    command = [sys.executable, str(folders.tools / "gen_tab.py"), str(tmp_path / "tab"), str(tmp_path / "big")]
    subprocess.run(command, check=True, capture_output=True)
    for name, verdict in judge(str(tmp_path / "big")).items():
        assert verdict["bills"] == 0, name
        assert verdict["code"] not in {"parser-died", "parser-limit"}, name
