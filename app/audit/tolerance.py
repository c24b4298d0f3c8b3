"""How far billed may lie above expected before it is worth a finding."""

from __future__ import annotations

from decimal import Decimal

from app.domain.history import AuditContext


def usage_tolerance(context: AuditContext, expected: Decimal) -> Decimal:
    """The larger of the absolute tolerance and the percentage of the expected amount; never 0 for usage."""
    tolerances = context.tolerances
    return max(tolerances.usage, tolerances.usage_percent * abs(expected) / 100)
