"""Importers of call records and traffic samples: one per usage mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.parsed import ParsedDocument
from app.importers.registry import DocumentHead, Importer
from app.importers.usage.mapping import UsageMapping, open_usage_mappings
from app.importers.usage.read import read_usage


@dataclass(frozen=True, slots=True)
class UsageImporter:
    """Reads the usage of one layout."""

    mapping: UsageMapping

    @property
    def name(self) -> str:
        return self.mapping.importer_name

    def claims(self, head: DocumentHead) -> bool:
        return self.mapping.claims.hold(head)

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        return read_usage(self.mapping, content, head)


def usage_importers(mappings: Sequence[str]) -> tuple[Importer, ...]:
    """One importer per usage mapping among the TOML texts; raises MappingFault for one that is not well-formed."""
    return tuple(UsageImporter(mapping) for mapping in open_usage_mappings(mappings))
