"""SQLAlchemy tables, a family of nouns per file. Importing this package knows them all."""

from __future__ import annotations

from app.models import (
    bank,
    contracts,
    documents,
    findings,
    intake,
    inventory,
    invoices,
    operations,
    payments,
    workspace,
)
from app.models.base import Base

__all__ = [
    "Base",
    "bank",
    "contracts",
    "documents",
    "findings",
    "intake",
    "inventory",
    "invoices",
    "operations",
    "payments",
    "workspace",
]
