"""The folder .venv: made on first use, filled from a lock file with hashes required, made again when it is broken.

A stamp says which lock files are in it, so that the next run starts at once; the mark `unfinished` stands in it while
it is being changed, so that an interrupted set-up is done again from the start.
"""

from __future__ import annotations

import compileall
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.setup.shell import SetupFault, run, say

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
RUNTIME, TOOLS, INSTALLER = "requirements.lock", "requirements-dev.lock", "requirements-setup.lock"
CLUSTER = "requirements-cluster.lock"


def python_of(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(lock: str) -> str:
    """The SHA-256 of a lock file."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def read_stamp() -> dict[str, str]:
    """Which lock files are installed in .venv: name → SHA-256. Empty where nothing trustworthy is written."""
    try:
        stamp = json.loads((VENV / "installed.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_installed(lock: str) -> bool:
    """Whether .venv has exactly what this lock file names."""
    return read_stamp().get(lock) == fingerprint(lock)


def why_remake() -> str:
    """Why .venv cannot be used as it is, in words; empty where it can."""
    if (VENV / "unfinished").exists():
        return "an earlier set-up was interrupted"
    if not python_of(VENV).exists():
        return "its Python is gone" if (VENV / "pyvenv.cfg").exists() else "there is none yet"
    asked = [str(python_of(VENV)), "-c", "import sys, pip; print('%d.%d' % sys.version_info[:2])"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    except OSError:
        return "its Python does not start"
    ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if answer.returncode:
        return "its Python does not start or has no pip"
    return "" if answer.stdout.strip() == ours else f"it has Python {answer.stdout.strip()}, you started {ours}"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold .venv for ourselves: of two first runs at the same moment the second one waits."""
    VENV.mkdir(exist_ok=True)
    with open(VENV / "setup.lock", "a", encoding="utf-8") as handle:
        if sys.platform == "win32":
            while True:
                try:
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:  # ten seconds are over, the other one is still at it
                    continue
        else:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def make_venv(reason: str) -> None:
    """Empty .venv and make it anew."""
    if (VENV / "pyvenv.cfg").exists():
        say(f"Making .venv again: {reason}.")
    for child in VENV.iterdir():
        if child.name != "setup.lock":
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
    (VENV / "unfinished").touch()
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    base = getattr(sys, "_base_executable", None) or sys.executable  # not the .venv that may have started us
    if run([base, "-m", "venv", str(VENV)], talk=True):
        raise SetupFault("Python could not make .venv; what it said stands above.")


def install(lock: str) -> None:
    """Install what a lock file names, hashes required: with uv, or with pip where uv cannot be had."""
    python = str(python_of(VENV))
    (VENV / "unfinished").touch()
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--require-hashes"]
    say("Fetching the installer (uv) ...")
    uv = not run([*pip, "--quiet", "--only-binary", ":all:", "-r", str(ROOT / INSTALLER)], talk=True)
    count = sum(1 for line in (ROOT / lock).read_text(encoding="utf-8").splitlines() if "==" in line.split(" ")[0])
    say(f"Installing up to {count} packages from {lock} ...")
    options = ["--only-binary", ":all:", "-r", str(ROOT / lock)]
    if lock == CLUSTER:  # PySpark has no wheel; what builds it is locked as well, and only uv checks that
        options += ["--no-binary", "pyspark", "--build-constraints", str(ROOT / lock)]
    fast = [python, "-m", "uv", "pip", "install", "--python", python, "--require-hashes", "--compile-bytecode"]
    if not sys.stderr.isatty():
        fast, pip = [*fast, "--quiet"], [*pip, "--quiet"]
    if uv and run([*fast, *options], talk=True) == 0:
        return
    if lock == CLUSTER:
        raise SetupFault(
            "PySpark could not be installed; what uv said stands above. Everything but the cluster works without it."
        )
    say("uv could not do it; installing with pip, which takes a few minutes ...")
    if run([*pip, *options], talk=True):
        raise SetupFault(
            "The packages could not be installed; what pip said stands above.\n"
            "Mend the cause (mostly the network, a proxy or a full disk) and start the same command again."
        )


def set_up(lock: str) -> str:
    """Make sure that .venv has what `lock` names, and return its Python."""
    started = time.monotonic()
    with one_at_a_time():
        if reason := why_remake():
            make_venv(reason)
        if not is_installed(lock):
            stamp = read_stamp()
            install(lock)
            stamp[lock] = fingerprint(lock)
            if lock == TOOLS:  # it names everything that the other one does (a test holds that)
                stamp[RUNTIME] = fingerprint(RUNTIME)
            (VENV / "installed.json").write_text(json.dumps(stamp), encoding="utf-8")
            (VENV / "unfinished").unlink(missing_ok=True)
            say(f"Ready after {time.monotonic() - started:.0f} s.\n")
        # the processes that read untrusted files may write no bytecode: each would compile every module again
        compileall.compile_dir(ROOT / "app", quiet=2)
    return str(python_of(VENV))
