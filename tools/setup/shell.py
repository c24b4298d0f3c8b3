"""Tell the person, run programs, fail with a message."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


class SetupFault(Exception):
    """What is missing and with which command it comes; shown to the person as it is."""


def say(text: str) -> None:
    """Tell the person; on stderr, because stdout belongs to what the application prints."""
    print(text, file=sys.stderr, flush=True)


def run(
    command: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None, talk: bool = False
) -> int:
    """Run a program and return its exit code, 128 + n if signal n ended it. `talk` sends its output to stderr."""
    whole = {**os.environ, **(env or {})}
    process = subprocess.Popen(list(command), env=whole, cwd=cwd, stdout=2 if talk else None)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        try:  # it was interrupted as well: let it put its things away
            process.wait(timeout=10)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            process.kill()
            process.wait()
        raise
    return code if code >= 0 else 128 - code


def run_quietly(command: Sequence[str], env: Mapping[str, str]) -> None:
    """Run a program whose many words interest only when it fails: then they are the fault."""
    answer = subprocess.run(
        list(command), env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if answer.returncode:
        said = answer.stdout.decode(errors="replace")
        raise SetupFault(f"{said[-4000:]}\n{command[0]} failed; what it said stands above.")
