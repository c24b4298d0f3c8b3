#!/usr/bin/env python3
"""Set Tollbook up and run it, its tests and its checks. Needs nothing but a Python from 3.11 to 3.14.

The first use makes `.venv` and installs what a lock file names, each file checked against its hash. See --help.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from tools.setup.environment import CLUSTER, INSTALLER, ROOT, RUNTIME, TOOLS, set_up, why_remake
from tools.setup.shell import SetupFault, run, say
from tools.setup.system import find_python, is_supported, needed_libraries, python_fault, require_system

ON_A_CLUSTER = "--cluster"
CLUSTER_BENCHES = ("spark",)  # need PySpark, which is 480 MB: run only where they are named


def set_up_cluster() -> str:
    """The tools, and PySpark beside them."""
    set_up(TOOLS)
    return set_up(CLUSTER)


def demo(args: Sequence[str]) -> int:
    return run([set_up(RUNTIME), str(ROOT / "main.py"), "demo", *args])


def start(args: Sequence[str]) -> int:
    return run([set_up(RUNTIME), str(ROOT / "main.py"), *args])


def test(args: Sequence[str]) -> int:
    env = {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    python = set_up_cluster() if ON_A_CLUSTER in args else set_up(TOOLS)
    args = [word for word in args if word != ON_A_CLUSTER]
    return run([python, "-m", "pytest", "-n", "2", "--dist", "loadfile", *args], env, ROOT)


def check(args: Sequence[str]) -> int:
    python = set_up(TOOLS)
    steps = {
        "format": ["-m", "ruff", "format", "--check", "."],
        "lint": ["-m", "ruff", "check", "."],
        "types": ["-m", "mypy"],
        "layers": ["-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-logo"],
    }
    codes = {}
    for name, step in steps.items():
        say(f"== {name}")
        codes[name] = run([python, *step], cwd=ROOT)
    say("== tests")
    codes["tests"] = test(args)
    failed = [name for name, code in codes.items() if code]
    say("All checks passed." if not failed else "Failed: " + ", ".join(failed) + ".")
    return next((codes[name] for name in failed), 0)


def bench(args: Sequence[str]) -> int:
    scripts = [file for file in sorted((ROOT / "bench").glob("*.py")) if not file.name.startswith("_")]
    names = [file.stem for file in scripts]
    if unknown := [name for name in args if name not in names]:
        raise SetupFault(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(names)}.")
    python = set_up_cluster() if set(args) & set(CLUSTER_BENCHES) else set_up(TOOLS)
    codes = []
    for file in scripts:
        if file.stem in (args or set(names) - set(CLUSTER_BENCHES)):
            say(f"== {file.stem}")
            codes.append(run([python, str(file)], {"PYTHONPATH": str(ROOT)}, ROOT))
    return next((code for code in codes if code), 0)


def lock(args: Sequence[str]) -> int:
    head = [set_up(TOOLS), "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    head += ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", *args]
    return (
        run([*head, "pyproject.toml", "-o", RUNTIME], cwd=ROOT)
        or run([*head, "pyproject.toml", "--extra", "dev", "-c", RUNTIME, "-o", TOOLS], cwd=ROOT)
        or run([*head, "pyproject.toml", "--extra", "cluster", "-c", TOOLS, "-o", CLUSTER], cwd=ROOT)
        or run([*head, "--python-version", "3.11", "requirements-setup.in", "-o", INSTALLER], cwd=ROOT)
    )


COMMANDS: dict[str, tuple[Callable[[Sequence[str]], int], str, str]] = {
    "demo": (demo, "[--no-window | --window] [--folder F]", "the main job on the demo company, in a new workspace"),
    "run": (start, "[ARGUMENTS]", "Tollbook itself: the window, or a command of the command line"),
    "test": (test, "[--cluster] [PYTEST ARGUMENTS]", "the tests, window tests included; --cluster: PySpark's too"),
    "check": (check, "[PYTEST ARGUMENTS]", "format, lint, types, layers and tests"),
    "bench": (bench, "[NAME ...]", "the benchmarks of bench/; that of PySpark only by its name, spark"),
    "lock": (lock, "[--upgrade]", "write the lock files again from pyproject.toml"),
}


def usage() -> str:
    """The help text."""
    lines = [f"  {name + ' ' + arguments:44} {text}" for name, (_, arguments, text) in COMMANDS.items()]
    return (
        "usage: python3 dev.py COMMAND [ARGUMENTS]\n\n"
        + "\n".join(lines)
        + "\n\nThe first use sets everything up in .venv; what it lacks of the system it names.\n"
        "Examples:\n  python3 dev.py demo --no-window\n  python3 dev.py test tests/domain -k money\n"
        "  python3 dev.py run findings --help"
    )


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit code to end with."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    name, args = argv[0], argv[1:]
    if name not in COMMANDS:
        say(f"dev.py has no command '{name}'.\n\n{usage()}")
        return 2
    if name not in ("demo", "run", "test") and args[:1] in (["-h"], ["--help"]):
        print(f"usage: python3 dev.py {name} {COMMANDS[name][1]}\n\n{COMMANDS[name][2]}")
        return 0
    try:
        if not is_supported(sys.version_info[:2]):
            other = find_python()
            if other is None:
                raise python_fault(sys.version_info[:2], sys.platform)
            return run([other, str(ROOT / "dev.py"), *argv])
        require_system(needed_libraries(name, args, os.environ, sys.platform), lambda: bool(why_remake()))
        return COMMANDS[name][0](args)
    except SetupFault as fault:
        say(str(fault))
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
