"""Write the demo company's files: `python tools/make_demo.py [folder]`, into resources/demo unless told otherwise."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Write the files and say how many."""
    sys.path.insert(0, str(ROOT))  # started as a file, Python looks in tools/ only
    from tools.demo_company.make import make_demo

    target = Path(arguments[0]) if arguments else ROOT / "resources" / "demo"
    print(f"{make_demo(target)} files in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
