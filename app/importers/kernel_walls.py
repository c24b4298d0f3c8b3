"""What the kernel of Linux keeps the reading child from, machine code included: the network, files, other processes.

Everything here goes on silently where a kernel is older or does not let us; what is missing is said on standard error.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES = 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT = 444, 445, 446  # Landlock's numbers are the same on every processor
_READ_FILE, _READ_FOLDER, _WRITE_FILE, _TRUNCATE, _MOVE, _DEVICES = 4, 8, 2, 1 << 14, 1 << 13, 1 << 15
_MAKE = 16 | 32 | 128 | 256  # remove a folder or file, make a folder or a plain file; no links, pipes, devices
_FIRST_RIGHTS = (1 << 13) - 1  # all that the first version knows, the starting of programs among it
_SYSTEM_FOLDERS = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/proc/self",
    "/sys/devices/system/cpu",
)
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/dev/urandom")


def leave_network() -> None:
    """Go where there is no network at all, and never gain a privilege. To be called before any thread is started."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        _tell("privileges", ctypes.get_errno())
    if libc.unshare(_NEW_USER | _NEW_NET):
        _tell("the network", ctypes.get_errno())


def shut_folders(folders: Sequence[str], own: Path) -> None:
    """Let the process read only `folders` and what the system's libraries need, write only into `own`, start no
    program, and signal no other process (Landlock)."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        _tell("files", ctypes.get_errno())
        return
    rights = _FIRST_RIGHTS | (_MOVE if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    rights |= _DEVICES if version >= 5 else 0
    # connections (two kinds) from version 4 on, sockets without a name and signals (two kinds) from version 6 on
    attributes = struct.pack("=QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.syscall(_CREATE_RULESET, attributes, size, 0)
    if ruleset < 0:
        _tell("files", ctypes.get_errno())
        return
    reading, writing = _READ_FILE | _READ_FOLDER, _READ_FILE | _READ_FOLDER | _WRITE_FILE | _MAKE | _MOVE | _TRUNCATE
    for path in (*folders, *_SYSTEM_FOLDERS, *_SYSTEM_FILES):
        _allow(libc, ruleset, path, reading)
    _allow(libc, ruleset, os.devnull, _READ_FILE | _WRITE_FILE)
    _allow(libc, ruleset, str(own), writing & rights)
    if libc.syscall(_RESTRICT, ruleset, 0):
        _tell("files", ctypes.get_errno())
    os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Allow `rights` for `path` and what is below it; one that is not there is none that is needed."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):
        rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
    if libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, handle), 0):
        _tell(path, ctypes.get_errno())
    os.close(handle)


def _tell(what: str, code: int) -> None:
    sys.stderr.write(f"the kernel does not keep the reader from {what}: {os.strerror(code)}\n")
