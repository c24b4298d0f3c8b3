"""A throw-away child process for one untrusted file: started, fed, watched, limited, and killed where it must be."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

CHILD = Path(__file__).resolve().parents[1] / "importers" / "child.py"
REQUEST = "request.json"
PROGRESS = "progress"
_KEPT_VARIABLES = ("SYSTEMROOT", "TEMP", "TMP")  # without these Windows starts no Python
_PIECE = 1 << 16
_STDERR_BYTES = 64 * 1024
_PROGRESS_BYTES = 40
_POLL_SECONDS = 0.05
_POLLS_OF_FOLDER = 4  # the folder's size is looked at every so many polls


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reading of one file may cost. Memory is address space: libraries reserve more than they use.

    `file_bytes` is the largest file that the child may write into its folder, `folder_bytes` all of them together.
    """

    memory_bytes: int = 1 << 30
    cpu_seconds: int = 20
    wall_seconds: int = 30
    output_bytes: int = 64 << 20
    file_bytes: int = 64 << 20
    folder_bytes: int = 256 << 20
    open_files: int = 64


@dataclass(slots=True)
class Run:
    """A child at work, and what came of it."""

    process: subprocess.Popen[bytes]
    folder: Path
    output: bytearray = field(default_factory=bytearray)
    complaints: bytearray = field(default_factory=bytearray)
    overflowed: threading.Event = field(default_factory=threading.Event)
    ended: str = ""  # why it was stopped: "time", "output", "cancelled"


def run_child(
    request: Mapping[str, Any],
    content: bytes | Path,
    folder: Path,
    limits: Limits,
    *,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Run:
    """Let a child answer `request` of the file and return how it ended; nothing of it is left alive.

    The request lies in `folder`, which is the child's own, as a file; the document is its standard input: bytes through
    a pipe, a path as the opened file. `progress` hears what the child writes into its file of that name.
    """
    (folder / REQUEST).write_text(json.dumps(dict(request)), encoding="ascii")
    if isinstance(content, Path):
        with content.open("rb") as opened:
            run = Run(_start(folder, limits, opened), folder)
        _watch(run, None, cancelled, progress, limits)
    else:
        run = Run(_start(folder, limits, subprocess.PIPE), folder)
        _watch(run, content, cancelled, progress, limits)
    return run


def _start(folder: Path, limits: Limits, stdin: IO[bytes] | int) -> subprocess.Popen[bytes]:
    environment = {key: os.environ[key] for key in _KEPT_VARIABLES if key in os.environ}
    environment["POLARS_MAX_THREADS"] = "2"  # each thread reserves address space
    environment["OMP_THREAD_LIMIT"] = "1"
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
        [sys.executable, "-I", "-B", str(CHILD), json.dumps(asdict(limits))],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _watch(
    run: Run,
    content: bytes | None,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], None],
    limits: Limits,
) -> None:
    """Feed the child and drain it until it ends or must be ended. Nothing of it is left alive."""
    process = run.process
    if process.stdout is None or process.stderr is None:
        raise RuntimeError("a child without pipes was started")
    helpers = [
        threading.Thread(target=_drain, args=(process.stdout, run.output, limits.output_bytes, run.overflowed)),
        threading.Thread(target=_drain, args=(process.stderr, run.complaints, _STDERR_BYTES, threading.Event())),
    ]
    if content is not None and process.stdin is not None:
        helpers.append(threading.Thread(target=_feed, args=(process.stdin, content), daemon=True))
    deadline = time.monotonic() + limits.wall_seconds
    polls = 0
    try:
        for helper in helpers:
            helper.start()
        while process.poll() is None and not run.ended:
            polls += 1
            if cancelled():
                run.ended = "cancelled"
            elif run.overflowed.is_set():
                run.ended = "output"
            elif time.monotonic() > deadline:
                run.ended = "time"
            elif polls % _POLLS_OF_FOLDER == 0 and _size(run.folder) > limits.folder_bytes:
                run.ended = "output"
            else:
                _tell_progress(run.folder, progress)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL_SECONDS)
    finally:
        _kill(process)
        for helper in helpers:
            helper.join()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
    if not run.ended and (run.overflowed.is_set() or _size(run.folder) > limits.folder_bytes):
        run.ended = "output"


def _size(folder: Path) -> int:
    """What the files in a folder and below it take; one that vanishes meanwhile counts for nothing."""
    total = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total


def _tell_progress(folder: Path, progress: Callable[[int, int], None]) -> None:
    try:
        done, _, total = _read_plain(folder / PROGRESS).decode("ascii").partition(" ")
        progress(int(done), int(total))
    except (OSError, ValueError):
        return  # none written yet, or just being written


def _read_plain(path: Path) -> bytes:
    """The first bytes of a plain file; raises OSError for a link, pipe or device that a child left in its place."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{path.name} is no plain file")
        return os.read(handle, _PROGRESS_BYTES)
    finally:
        os.close(handle)


def _feed(pipe: IO[bytes], content: bytes) -> None:
    with suppress(OSError):  # a child that ended early reads no more
        pipe.write(content)
        pipe.close()


def _drain(pipe: IO[bytes], into: bytearray, most: int, overflowed: threading.Event) -> None:
    """Read to the end; what is beyond `most` is thrown away, so that the child never blocks on a full pipe."""
    with suppress(OSError, ValueError):
        while piece := pipe.read1(_PIECE):  # type: ignore[attr-defined]
            into += piece[: most - len(into)]
            if len(into) >= most:
                overflowed.set()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the child and all that it started; the group is its own, so nobody else is hit."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
    process.wait()
