"""The workbooks to fill in."""

from __future__ import annotations

from pathlib import Path

from app.importers.records.templates import contracts_template, inventory_template
from app.services.files import write_file


def write_templates(folder: Path) -> list[Path]:
    """Write the inventory's and the contracts' workbook into `folder`, made if absent; raises FileUnwritable."""
    return [
        write_file(folder / "tollbook-inventory.xlsx", inventory_template()),
        write_file(folder / "tollbook-contracts.xlsx", contracts_template()),
    ]
