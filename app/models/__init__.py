"""SQLAlchemy tables, a family of nouns per file. Importing this package knows them all."""

from __future__ import annotations

from app.models import contracts, documents, findings, inventory, invoices, payments, workspace
from app.models.base import Base

__all__ = ["Base", "contracts", "documents", "findings", "inventory", "invoices", "payments", "workspace"]
