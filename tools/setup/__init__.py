"""What dev.py does before anything is installed. Standard library only, and readable by older Pythons."""

from __future__ import annotations
