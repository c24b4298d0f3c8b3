"""Building the demo: once, whole or not at all, and never over somebody else's files."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app.services.demo import AnotherWorkspace, build_demo
from app.services.progress import Progress
from app.services.workspace import FolderNotEmpty, Workspace, create_workspace


def test_a_second_start_opens_the_first_ones_workspace_at_once(demo_copy: Workspace) -> None:
    started, told = time.monotonic(), list[Progress]()
    again = build_demo(demo_copy.folder, told.append)
    again.close()
    assert again.folder == demo_copy.folder
    assert told == []
    assert time.monotonic() - started < 5


def test_another_companys_workspace_is_left_alone(tmp_path: Path) -> None:
    create_workspace(tmp_path / "ours", "Juniper Mills").close()
    before = sorted(path.name for path in (tmp_path / "ours").iterdir())
    with pytest.raises(AnotherWorkspace, match="holds the workspace of Juniper Mills"):
        build_demo(tmp_path / "ours")
    assert sorted(path.name for path in (tmp_path / "ours").iterdir()) == before


def test_a_folder_with_files_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderNotEmpty, match="already holds files"):
        build_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_build_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    def break_off(_progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo(tmp_path / "demo", break_off)
    assert list(tmp_path.iterdir()) == []
