"""Importers of call records, traffic samples, meter readings and tickets: one per usage mapping."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from app.domain.parsed import ParsedDocument
from app.importers.registry import DocumentHead, Importer
from app.importers.tabular.sheets import GridFault
from app.importers.tabular.workbook import read_workbook
from app.importers.usage.mapping import UsageMapping, open_usage_mappings
from app.importers.usage.parquet import ParquetText, adapt
from app.importers.usage.read import UsageReader
from app.importers.usage.source import unpack
from app.importers.usage.tickets import TicketImporter

_WORKBOOKS = ("xlsx", "xls", "ods")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class UsageImporter:
    """Reads the usage of one layout."""

    mapping: UsageMapping

    @property
    def name(self) -> str:
        return self.mapping.importer_name

    def claims(self, head: DocumentHead) -> bool:
        """Whether the file is of this layout; a table is one in Parquet as well."""
        claims = self.mapping.claims
        seen = replace(head, media="csv") if head.media == "parquet" else head
        shape = self.mapping.shape
        return claims.hold(seen) and (shape is None or (head.media == "csv" and shape.fits(head.text)))

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        return self.read_file(io.BytesIO(content), head)

    def read_file(
        self,
        file: IO[bytes],
        head: DocumentHead,
        folder: Path | None = None,
        progress: Progress = lambda _done, _total: None,
    ) -> ParsedDocument:
        """Read a file that can be sought in, piece by piece. What is much is written into `folder` where one is given;
        `progress` hears how many bytes of how many have been read."""
        mapping = self.mapping
        reader = UsageReader(mapping, folder)
        try:
            if head.media in _WORKBOOKS:
                sheets = read_workbook(file.read()).sheets
                reader.read_rows(sheets[0].rows if sheets else ())
            elif head.media == "parquet":
                reader = UsageReader(adapt(mapping, file), folder)
                reader.read_text(ParquetText(mapping, file), lambda: progress(file.tell(), head.size))
            else:
                reader.read_text(unpack(file, head.name), lambda: progress(file.tell(), head.size))
        except GridFault as fault:
            reader.outcome.issues.add(fault.issue)
        return reader.finish()


def usage_importers(mappings: Sequence[str]) -> tuple[Importer, ...]:
    """One importer per usage mapping among the TOML texts; raises MappingFault for one that is not well-formed."""
    return tuple(
        UsageImporter(mapping) if isinstance(mapping, UsageMapping) else TicketImporter(mapping)
        for mapping in open_usage_mappings(mappings)
    )
