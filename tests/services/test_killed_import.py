"""An import that is killed half-way leaves the workspace as it was or complete, and can be repeated.

The importing process is stopped at its first instruction, watched by strace, and killed as it enters its n-th writing
system call, for 50 n spread over all of them. Where strace cannot watch, it is killed after 50 spread delays instead.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models import Base
from app.services.checking import check_workspace
from app.services.intake import receive
from app.services.receipts import Outcome
from app.services.workspace import Workspace, create_workspace, open_workspace

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="the importing process is forked, which this system cannot"
)

ROOT = Path(__file__).resolve().parents[2]
BILL = ROOT / "tests" / "importers" / "data" / "acme-invoice.ubl.xml"
POINTS = 50
WRITES = "write,pwrite64,writev,fsync,fdatasync,ftruncate,truncate,unlink,unlinkat,rename,renameat,renameat2,mkdir"
# `after` of an import change is the row as written, its moments included
MOMENTS = {"at", "digest", "received_at", "posted_at", "created_at", "learned_at", "after"}


class Importer:
    """The importing process; `start` has it begin one import, stopped."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.importing_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._hear() == "ready"

    def start(self, folder: Path, delay: float | None = None) -> int:
        """The id of a process that is about to import and stands still; with a delay, of one to be killed after it."""
        self._tell(f"{folder}\t{BILL}\t{'' if delay is None else delay}\n")
        child = int(self._hear())
        deadline = time.monotonic() + 10
        while delay is None and not _stands_still(child):
            assert time.monotonic() < deadline
            time.sleep(0.001)
        return child

    def wait(self) -> str:
        """How the import that was started ended."""
        return self._hear()

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def _tell(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def _hear(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


def _stands_still(process: int) -> bool:
    if sys.platform != "linux":
        time.sleep(0.05)
        return True
    state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    return state in "Tt"


@contextmanager
def _watched(child: int, *options: str) -> Iterator[bool]:
    """Watch the stopped child by strace, let it go, and say whether strace could."""
    watcher = subprocess.Popen(
        ["strace", "-p", str(child), "-e", f"trace={WRITES}", *options],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert watcher.stderr
    attached = "attached" in watcher.stderr.readline()
    os.kill(child, signal.SIGCONT)
    try:
        yield attached
    finally:
        watcher.stderr.read()
        watcher.wait(30)
        watcher.stderr.close()


def _list_writes(importer: Importer, folder: Path, log: Path) -> list[tuple[str, int]]:
    """The writing system calls of an import, each with how often it has been called so far; none where strace cannot
    watch. The import is carried out."""
    child = importer.start(folder)
    if shutil.which("strace") is None:
        os.kill(child, signal.SIGCONT)
        assert importer.wait() == "exit 0"
        return []
    with _watched(child, "-o", str(log)) as attached:
        assert importer.wait() == "exit 0"
    if not attached:
        return []
    names = [line.partition("(")[0] for line in log.read_text(encoding="utf-8").splitlines() if line[:1].isalpha()]
    return [(name, names[: place + 1].count(name)) for place, name in enumerate(names)]


def _content(workspace: Workspace) -> str:
    """A hash of all rows of all tables, without the moments at which they were written."""
    content = hashlib.sha256()
    with workspace.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in MOMENTS]
            for row in session.execute(select(*columns).order_by(*table.primary_key.columns)):
                content.update(repr((table.name, tuple(row))).encode())
    return content.hexdigest()


def _kill_at(importer: Importer, folder: Path, call: tuple[str, int]) -> str:
    """Kill an import as it enters a system call for the n-th time; how it ended."""
    child = importer.start(folder)
    with _watched(child, "-o", os.devnull, "-e", f"inject={call[0]}:signal=SIGKILL:when={call[1]}"):
        return importer.wait()


def _kill_after(importer: Importer, folder: Path, delay: float) -> str:
    importer.start(folder, delay)
    return importer.wait()


def _retry(folder: Path) -> tuple[str, str, Outcome]:
    """What a killed import left, and what a second one makes of it."""
    workspace = open_workspace(folder)
    try:
        left = _content(workspace)
        (receipt,) = receive(workspace, [BILL], "Dana")
        assert check_workspace(workspace).faults == ()
        return left, _content(workspace), receipt.outcome
    finally:
        workspace.close()


@pytest.mark.timeout(120)
def test_an_import_killed_at_50_points_leaves_all_or_nothing(tmp_path: Path) -> None:
    create_workspace(tmp_path / "before", "Meridian Foods").close()
    shutil.copytree(tmp_path / "before", tmp_path / "complete")
    importer = Importer()
    ends, retries = [], []
    try:
        started = time.monotonic()
        writes = _list_writes(importer, tmp_path / "complete", tmp_path / "strace.log")
        took = time.monotonic() - started
        with ThreadPoolExecutor(1) as pool:  # what is killed first is looked at while the next ones are killed
            for number in range(POINTS):
                folder = tmp_path / f"killed-{number}"
                shutil.copytree(tmp_path / "before", folder)
                if writes:
                    assert len(writes) >= POINTS
                    ends.append(_kill_at(importer, folder, writes[number * (len(writes) - 1) // (POINTS - 1)]))
                else:
                    ends.append(_kill_after(importer, folder, took * number / POINTS))
                retries.append(pool.submit(_retry, folder))
    finally:
        importer.close()
    results = [retry.result() for retry in retries]
    before, complete = (_open_content(tmp_path / name) for name in ("before", "complete"))
    assert before != complete
    expected = {before: Outcome.TAKEN, complete: Outcome.ALREADY_HERE}
    assert [(after == complete, outcome is expected.get(left)) for left, after, outcome in results] == [
        (True, True)
    ] * POINTS
    if writes:
        assert set(ends) == {"signal 9"}
        assert {outcome for _, _, outcome in results} == {Outcome.TAKEN, Outcome.ALREADY_HERE}


def _open_content(folder: Path) -> str:
    workspace = open_workspace(folder)
    try:
        return _content(workspace)
    finally:
        workspace.close()
