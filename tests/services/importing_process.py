"""A process that imports one file whenever it is told to, each time in a child that can be killed.

Run by test_killed_import.py. Says it is ready, then reads lines "workspace<TAB>file<TAB>seconds". For each it forks
a child, prints the child's id, and prints how it ended ("exit 0", "signal 9"). Without seconds the child stops itself
before it begins, so that it can be watched; with them it is killed after them.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from app.services.intake import receive
from app.services.workspace import open_workspace

PR_SET_PTRACER = 0x59616D61


def main() -> None:
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        folder, file, delay = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            _import(Path(folder), Path(file), stop_first=not delay)
        print(child, flush=True)  # noqa: T201
        if delay:
            time.sleep(float(delay))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        ended = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"
        print(ended, flush=True)  # noqa: T201


def _import(folder: Path, file: Path, *, stop_first: bool) -> None:
    """Import in this process, which ends with it."""
    sys.stdin.close()
    if sys.platform == "linux":  # where only a parent may watch, let whoever wants to
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    if stop_first:
        os.kill(os.getpid(), signal.SIGSTOP)
    workspace = open_workspace(folder)
    receive(workspace, [file], "Dana")
    workspace.close()
    os._exit(0)


if __name__ == "__main__":
    main()
