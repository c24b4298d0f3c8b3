"""All importers of what banks send: one per format, and one per bank mapping."""

from __future__ import annotations

from collections.abc import Sequence

from app.importers.bank.bai2 import Bai2Importer
from app.importers.bank.camt import CamtImporter, Pain001Importer
from app.importers.bank.mapping import open_bank_mappings
from app.importers.bank.mt940 import Mt940Importer
from app.importers.bank.nacha_returns import NachaImporter
from app.importers.bank.ofx import OfxImporter
from app.importers.bank.pain002 import Pain002Importer
from app.importers.bank.table import BankTableImporter
from app.importers.registry import Importer


def bank_importers(mappings: Sequence[str] = ()) -> tuple[Importer, ...]:
    """The built-in ones, and one per bank mapping among the TOML texts; raises MappingFault for a faulty one."""
    return (
        Mt940Importer(),
        CamtImporter(),
        Bai2Importer(),
        OfxImporter(),
        Pain001Importer(),
        Pain002Importer(),
        NachaImporter(),
        *(BankTableImporter(mapping) for mapping in open_bank_mappings(mappings)),
    )
