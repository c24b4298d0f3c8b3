"""Reading untrusted files: one throw-away child process per file, watched, limited, and not believed."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from app.domain.parsed import ParsedDocument, ParseIssue
from app.domain.vocabulary import Severity
from app.importers.registry import Definitions
from app.importers.wire import WireFault, from_json

CHILD = Path(__file__).resolve().parents[1] / "importers" / "child.py"
_KEPT_VARIABLES = ("SYSTEMROOT", "TEMP", "TMP")  # without these Windows starts no Python
_LOG = logging.getLogger(__name__)
_PIECE = 1 << 16
_STDERR_BYTES = 64 * 1024
_POLL_SECONDS = 0.05
# how the kernel ends a process that has had its seconds; -9 is also how it ends one when memory runs out
_TIME_SIGNALS = {-int(number) for name in ("SIGXCPU", "SIGKILL") if (number := getattr(signal, name, None))}


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reading of one file may cost. Memory is address space: libraries reserve more than they use."""

    memory_bytes: int = 1 << 30
    cpu_seconds: int = 20
    wall_seconds: int = 30
    output_bytes: int = 64 << 20
    file_bytes: int = 1 << 20
    open_files: int = 64


@dataclass(slots=True)
class _Run:
    """A child at work, and what came of it."""

    process: subprocess.Popen[bytes]
    output: bytearray = field(default_factory=bytearray)
    complaints: bytearray = field(default_factory=bytearray)
    overflowed: threading.Event = field(default_factory=threading.Event)
    ended: str = ""  # why it was stopped: "time", "output", "cancelled"


def parse_file(
    name: str,
    content: bytes,
    definitions: Definitions,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    limits: Limits = Limits(),
) -> ParsedDocument:
    """Return what the file holds. A child that dies, hangs or answers nonsense becomes an ERROR issue.

    `cancelled` is asked about every twentieth of a second; once it says yes, the child is killed.
    """
    request = {"name": name, "layouts": definitions.layouts, "mappings": definitions.mappings}
    message = json.dumps(request).encode("ascii") + b"\n"
    with tempfile.TemporaryDirectory(prefix="tollbook-read-") as folder:
        run = _Run(_start(Path(folder), limits))
        _watch(run, (message, content), cancelled, limits)
    if run.complaints:
        _LOG.info("reading %s: %s", name, run.complaints.decode("utf-8", "replace"))
    return _conclude(name, run, limits)


def _start(folder: Path, limits: Limits) -> subprocess.Popen[bytes]:
    environment = {key: os.environ[key] for key in _KEPT_VARIABLES if key in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
        [sys.executable, "-I", "-B", str(CHILD), json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _watch(run: _Run, message: tuple[bytes, ...], cancelled: Callable[[], bool], limits: Limits) -> None:
    """Feed the child and drain it until it ends or must be ended. Nothing of it is left alive."""
    process = run.process
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise RuntimeError("a child without pipes was started")
    helpers = [
        threading.Thread(target=_feed, args=(process.stdin, message), daemon=True),
        threading.Thread(target=_drain, args=(process.stdout, run.output, limits.output_bytes, run.overflowed)),
        threading.Thread(target=_drain, args=(process.stderr, run.complaints, _STDERR_BYTES, threading.Event())),
    ]
    deadline = time.monotonic() + limits.wall_seconds
    try:
        for helper in helpers:
            helper.start()
        while process.poll() is None and not run.ended:
            if cancelled():
                run.ended = "cancelled"
            elif run.overflowed.is_set():
                run.ended = "output"
            elif time.monotonic() > deadline:
                run.ended = "time"
            else:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL_SECONDS)
    finally:
        _kill(process)
        for helper in helpers:
            helper.join()
        for pipe in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError):
                pipe.close()
    if run.overflowed.is_set() and not run.ended:
        run.ended = "output"


def _feed(pipe: IO[bytes], message: tuple[bytes, ...]) -> None:
    with suppress(OSError):  # a child that ended early reads no more
        for part in message:
            pipe.write(part)
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


def _conclude(name: str, run: _Run, limits: Limits) -> ParsedDocument:
    code = run.process.returncode
    if run.ended == "cancelled":
        return _refuse("cancelled", f"Reading '{name}' was cancelled.", "Import it again when you want it.")
    if run.ended or code in _TIME_SIGNALS:
        spent = {"output": f"more than {limits.output_bytes >> 20} MB of results"}
        what = spent.get(run.ended, f"more than {limits.cpu_seconds} seconds of work")
        message = f"Reading '{name}' was stopped: it took {what}."
        remedy = "The file is broken or made to harm; ask the carrier for it again, in smaller files if it is large."
        return _refuse("parser-limit", message, remedy)
    if code == 0:
        try:
            return from_json(run.output.decode("utf-8"))
        except (WireFault, UnicodeDecodeError) as fault:
            _LOG.warning("reading %s: %s", name, fault)
    elif b"MemoryError" in run.complaints:
        message = f"Reading '{name}' was stopped: it took more than {limits.memory_bytes >> 20} MB of memory."
        return _refuse("parser-limit", message, "Ask the carrier for the bill in smaller files, or as CSV.")
    message = f"'{name}' could not be read: its reader stopped half-way."
    remedy = "The file is damaged or of a kind that is not known; ask the carrier for it again, or in another form."
    return _refuse("parser-died", message, remedy)


def _refuse(code: str, message: str, remedy: str) -> ParsedDocument:
    return ParsedDocument("", issues=(ParseIssue(Severity.ERROR, code, message, remedy),))
