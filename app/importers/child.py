"""The throw-away process in which one untrusted file is read.

Run as `python -I -B child.py LIMITS`, with LIMITS as JSON. The limits of the operating system are set before the
readers are imported; then the process is shut in (sandbox.py, kernel_walls.py), all before anything of the file is
looked at. What standard input and output carry, answer.py says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

system: Any = None
try:
    import resource

    system = resource
except ImportError:  # Windows has none of these limits; there the parent watches the clock and the output alone
    sys.stderr.write("no limits of the operating system here\n")


def set_limits(limits: dict[str, Any]) -> None:
    """Set what the operating system can enforce."""
    if system is None:
        return
    wanted = {
        "RLIMIT_AS": limits["memory_bytes"],
        "RLIMIT_CPU": limits["cpu_seconds"],
        "RLIMIT_FSIZE": limits["file_bytes"],
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_CORE": 0,
    }
    for name, most in wanted.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            hard = system.getrlimit(kind)[1]
            allowed = most if hard == system.RLIM_INFINITY else min(most, hard)
            # beyond the hard limit of time the kernel kills without a word; a second before, its signal tells why
            top = allowed + 1 if name == "RLIMIT_CPU" and hard == system.RLIM_INFINITY else allowed
            try:
                system.setrlimit(kind, (allowed, top))
            except (ValueError, OSError) as fault:  # macOS refuses some: the clock and the output limit remain
                sys.stderr.write(f"{name} could not be set: {fault}\n")


def main() -> None:
    """Limit the process, shut it in, and answer the request that lies in its folder."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from app.importers.kernel_walls import leave_network, shut_folders
    from app.importers.sandbox import close_off, readable_folders

    leave_network()
    set_limits(json.loads(sys.argv[1]))
    from app.importers.answer import answer

    own = Path.cwd()
    shut_folders(readable_folders(own), own)
    close_off(own)
    answer()


if __name__ == "__main__":
    main()
