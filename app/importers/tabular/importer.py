"""Importers of bills that come as tables: one per mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.parsed import ParsedDocument
from app.importers.registry import DocumentHead, Importer
from app.importers.tabular.claims import Claims, tell_near
from app.importers.tabular.fixed_shape import fits_layout
from app.importers.tabular.grid import blank_out, read_grid
from app.importers.tabular.mapping import BillMapping, open_bill_mappings
from app.importers.tabular.read import read_bills
from app.importers.tabular.sheets import GridFault


@dataclass(frozen=True, slots=True)
class TabularImporter:
    """Reads the bills of one carrier that come in one table layout."""

    mapping: BillMapping

    @property
    def name(self) -> str:
        return f"{self.mapping.claims.media}-bill:{self.mapping.name}"

    def claims(self, head: DocumentHead) -> bool:
        claims, fixed = self.mapping.claims, self.mapping.fixed
        return claims.hold(head) and (fixed is None or fits_layout(head.text, fixed, claims.length, claims.digits))

    def read(self, content: bytes, head: DocumentHead) -> ParsedDocument:
        form = self.mapping.form
        try:
            grid = read_grid(
                content, head.media, encoding=form.encoding, delimiter=form.delimiter, fixed=self.mapping.fixed
            )
        except GridFault as fault:
            return ParsedDocument(self.name, issues=(fault.issue,))
        invoices, issues = read_bills(self.mapping, blank_out(grid, form.empty))
        return ParsedDocument(self.name, invoices=invoices, issues=issues)


def tabular_importers(mappings: Sequence[str]) -> tuple[Importer, ...]:
    """One importer per bill mapping among the TOML texts; raises MappingFault for one that is not well-formed."""
    return tuple(TabularImporter(mapping) for mapping in open_bill_mappings(mappings))


def tell_near_tables(head: DocumentHead, importers: Sequence[Importer]) -> str:
    """By what the header of a file that nobody claims differs from that of the nearest mapping of bills, usage or
    statements; "" where none is near."""
    mappings = [mapping for one in importers if (mapping := getattr(one, "mapping", None)) is not None]
    known = [(mapping.name, mapping.claims) for mapping in mappings if isinstance(mapping.claims, Claims)]
    return tell_near(head, known)
