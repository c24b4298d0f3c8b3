"""An audit test reads as a document: its docstring holds the facts, `audit_doc.findings` what the audit says."""

from __future__ import annotations

import pytest

from tests.audit.documents import AuditDocument


@pytest.fixture
def audit_doc(request: pytest.FixtureRequest) -> AuditDocument:
    """The test's docstring, read and audited; each finding's proof is replayed on the way."""
    return AuditDocument(request.function.__doc__ or "")
