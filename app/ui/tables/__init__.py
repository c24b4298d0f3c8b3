"""The one table that every list of the window uses."""

from __future__ import annotations

from app.ui.tables.bar import View
from app.ui.tables.column import Column, Kind
from app.ui.tables.data_table import DataTable

__all__ = ["Column", "DataTable", "Kind", "View"]
