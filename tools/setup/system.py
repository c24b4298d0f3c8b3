"""What has to be on the machine: a Python that Tollbook runs on, and the libraries that Qt loads from the system."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from tools.setup.shell import SetupFault, run_quietly, say

LOWEST, TOO_NEW = (3, 11), (3, 15)

# What Qt loads from the system on Linux, and the Debian package that has it; the rest comes with these as dependencies.
QT = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
QT_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
QT_WAYLAND = {"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0"}


def is_supported(version: tuple[int, int]) -> bool:
    """Whether Tollbook runs on that Python."""
    return LOWEST <= version < TOO_NEW


def find_python() -> str | None:
    """Another Python on this machine that Tollbook runs on, or None."""
    for minor in (13, 12, 11, 14):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    return None


def python_fault(version: tuple[int, int], platform: str) -> SetupFault:
    """The message for a Python that is too old or too new."""
    ways = {
        "darwin": "brew install python@3.13",
        "win32": "winget install Python.Python.3.13",
    }
    linux = {
        "apt-get": "sudo apt-get install python3.11 python3.11-venv",
        "dnf": "sudo dnf install python3.13",
        "zypper": "sudo zypper install python313",
    }
    way = ways.get(platform) or next((linux[name] for name in linux if shutil.which(name)), "your package manager")
    return SetupFault(
        f"Tollbook needs Python 3.11, 3.12, 3.13 or 3.14; this is {version[0]}.{version[1]}.\n"
        f"One comes with: {way}\nThen start dev.py with it."
    )


def needed_libraries(command: str, args: Sequence[str], env: Mapping[str, str], platform: str) -> dict[str, str]:
    """The libraries (soname → Debian package) that `command` loads from the system; only Linux may lack them."""
    if not platform.startswith("linux"):
        return {}
    if command in ("test", "check", "bench"):
        return QT
    screen = "wayland" if env.get("WAYLAND_DISPLAY") else "x11" if env.get("DISPLAY") else ""
    window = (command == "run" and not args) or (command == "demo" and "--no-window" not in args)
    if not window or not (screen or "--window" in args or command == "run"):
        return {}
    if env.get("QT_QPA_PLATFORM") or not screen:
        return QT
    return {**QT, **(QT_WAYLAND if screen == "wayland" else QT_X11)}


def missing_libraries(wanted: Mapping[str, str], load: Callable[[str], object] = ctypes.CDLL) -> dict[str, str]:
    """Those of `wanted` that the system's loader does not find."""
    missing = {}
    for soname, package in wanted.items():
        try:
            load(soname)
        except OSError:
            missing[soname] = package
    return missing


def install_command(libraries: Mapping[str, str], venv_module: bool, manager: str) -> list[str]:
    """The one command that brings `libraries` and, where `venv_module` says so, the module that makes a .venv."""
    python = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if manager == "apt-get":
        packages = [python] * venv_module + list(libraries.values())
        return ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    # RPM finds the package that has a library by the library's own name
    width = "()(64bit)" if sys.maxsize > 2**32 else ""
    return [manager, "install", "-y", *["python3-pip"] * venv_module, *(soname + width for soname in libraries)]


def require_system(wanted: Mapping[str, str], makes_venv: Callable[[], bool]) -> None:
    """Make sure that the system has the `wanted` libraries, and what makes a .venv if one has to be made.

    What is missing is installed where we may (root on Debian or Ubuntu), else a fault names it and its one command.
    """

    def look() -> tuple[dict[str, str], bool]:
        importlib.invalidate_caches()
        no_module = any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip"))
        return missing_libraries(wanted), no_module and makes_venv()

    libraries, venv_module = look()
    if not libraries and not venv_module:
        return
    manager = next((name for name in ("apt-get", "dnf", "zypper") if shutil.which(name)), "")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and manager == "apt-get":
        command = install_command(libraries, venv_module, manager)
        say("This system lacks parts that Tollbook needs; as root we install them (about a minute):")
        say("  apt-get update && " + shlex.join(command))
        for step in (["apt-get", "update"], command):
            run_quietly(step, {"DEBIAN_FRONTEND": "noninteractive"})
        libraries, venv_module = look()
        if not libraries and not venv_module:
            return
    raise system_fault(libraries, venv_module, manager, root)


def system_fault(libraries: Mapping[str, str], venv_module: bool, manager: str, root: bool) -> SetupFault:
    """The message that names what is missing and the one command with which it comes."""
    things = ["the module that makes a .venv (ensurepip)"] * venv_module + list(libraries)
    text = "This system lacks " + ", ".join(things) + ".\n"
    if not manager:
        return SetupFault(text + "Install them with the system's package manager, then start dev.py again.")
    command = shlex.join(install_command(libraries, venv_module, manager))
    return SetupFault(text + "All of it comes with: " + ("" if root else "sudo ") + command)
