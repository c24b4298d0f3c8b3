"""Proofs and places come out of their columns as they went in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.domain.money import RoundingMode
from app.domain.proof import Proof, ProofStep, write_proof
from app.domain.source import Box, Source
from app.domain.stored import (
    proof_from_text,
    proof_to_text,
    source_from_text,
    source_to_text,
    sources_from_text,
    sources_to_text,
)

PROOF = Proof(
    (
        ProofStep("Price in the contract", "500.00", Decimal("500.00")),
        ProofStep("16 of 31 days", "500.00 × 16 ÷ 31", Decimal("258.06"), RoundingMode.HALF_UP, 2),
    ),
    contract="MSA-1",
    clause="Schedule B, 2.1",
    page=14,
    price_version="DIA-100M MRC 500.00 from 2025-01-01",
)
FINE = Proof((ProofStep("a thousandth of a call", "1 ÷ 8192", Decimal("0.0001220703125")),))


@pytest.mark.parametrize("proof", [PROOF, FINE, None])
def test_a_proof_comes_back_and_still_holds(proof: Proof | None) -> None:
    back = proof_from_text(proof_to_text(proof))
    assert back == proof
    assert back is None or back.holds()


@pytest.mark.parametrize(
    "source",
    [
        Source(),
        Source(page=2, box=Box(1, 2, 3, 4)),
        Source(sheet="Charges", row=14),
        Source(path="/Invoice/InvoiceLine[3]", row=0),
    ],
)
def test_a_place_comes_back(source: Source) -> None:
    assert source_from_text(source_to_text(source)) == source
    assert sources_from_text(sources_to_text({"total_due": source})) == {"total_due": source}


def test_an_empty_column_is_no_place() -> None:
    assert (source_from_text(""), sources_from_text("")) == (Source(), {})


def test_a_proof_is_written_for_people() -> None:
    assert write_proof(PROOF).splitlines() == [
        "Contract MSA-1, Schedule B, 2.1, page 14, DIA-100M MRC 500.00 from 2025-01-01",
        "  Price in the contract: 500.00 = 500.00",
        "  16 of 31 days: 500.00 × 16 ÷ 31 = 258.06 (rounded half up to 2 places)",
    ]
    assert write_proof(None) == "There is no proof of an amount here."
