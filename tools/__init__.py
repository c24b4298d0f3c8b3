"""Tools of the house: set-up, the demo company's generator, migrations."""

from __future__ import annotations
