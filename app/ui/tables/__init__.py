"""The one table that every list of the window uses."""

from __future__ import annotations

from app.ui.tables.column import Column, Kind
from app.ui.tables.data_table import DataTable, View

__all__ = ["Column", "DataTable", "Kind", "View"]
