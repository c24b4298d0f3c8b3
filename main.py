"""The door: arguments → app.bootstrap → window or command line."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

if __name__ == "__main__":
    if sys.prefix == sys.base_prefix and find_spec("PySide6") is None:  # not yet in .venv: dev.py makes it, and runs us
        dev = Path(__file__).resolve().with_name("dev.py")
        sys.exit(subprocess.call([sys.executable, str(dev), "run", *sys.argv[1:]]))

    from app.bootstrap import main

    sys.exit(main(sys.argv[1:]))
