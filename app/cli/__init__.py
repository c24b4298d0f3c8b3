"""The command line: the window's services without the window. Each command opens the workspace, does one thing, ends.

Exit codes: 0 done; 1 refused, with the reason on stderr (also where a file of an import was refused, or `check` found
faults, or `check-prices` errors); 2 wrong usage; 3 `audit --fail-over` found more to claim; 70 our own fault.
"""

from __future__ import annotations

from app.cli import bills, contracts, edi, money, prices, review, watching, what_if, workspace
from app.cli.base import application, run

COMMANDS = (workspace, bills, review, contracts, prices, what_if, money, edi, watching)  # each adds its commands

__all__ = ["COMMANDS", "application", "run"]
