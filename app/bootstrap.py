"""The composition root: arguments → settings → command line or window. The only file that knows everyone.

Qt is imported when a window is opened and not before.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.errors import UserError
from app.settings import default_workspace, load_settings, log_file

EXIT_FINE = 0
EXIT_REFUSED = 1
EXIT_BUG = 70  # sysexits.h: an internal software error
_LOG_BYTES = 1_000_000
_log = logging.getLogger("tollbook")


class NoScreen(UserError):
    """There is no screen here to show the window on: set DISPLAY, or use the command line (`main.py --help`)."""


def main(argv: Sequence[str]) -> int:
    """Run the command that `argv` names, or the window where it names none; return the exit code."""
    start_log(log_file())
    try:
        if argv:
            from app.cli import run

            return run(list(argv), open_window if has_screen() else None)
        return open_window(None)
    except UserError as fault:
        print(fault, file=sys.stderr)  # noqa: T201
        return fault.exit_code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)  # noqa: T201
        return 130
    except Exception:
        _log.exception("unexpected failure of %s", " ".join(argv[:1]) or "the window")
        print(  # noqa: T201
            f"Sorry, something went wrong that should not have. What was stored before is safe; details are in "
            f"{log_file()}.",
            file=sys.stderr,
        )
        return EXIT_BUG


def open_window(folder: Path | None) -> int:
    """Show the window, on the workspace in `folder`, else on the one opened last; returns when it is closed."""
    if not has_screen():
        raise NoScreen
    from app.services.workspace import is_workspace
    from app.ui.application import run_window
    from app.ui.launching import WorkspaceLauncher

    if folder is None:
        last = load_settings().workspace
        folder = last if is_workspace(last) else None
    return run_window(WorkspaceLauncher(default_workspace().parent), folder)


def has_screen() -> bool:
    """Whether a window can be shown; Qt itself would end the program where it cannot."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def start_log(file: Path) -> None:
    """Send log records to `file`, which is made with the first record and kept short; a folder that cannot be written
    costs the log, not the work."""
    root = logging.getLogger()
    if any(isinstance(handler, RotatingFileHandler) for handler in root.handlers):
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8", delay=True)
    except OSError as fault:
        _log.warning("no log file: %s", fault)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
