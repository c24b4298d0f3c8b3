"""Proofs and source positions as text, for the columns that keep them: JSON with amounts as digits, never numbers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from app.domain.money import RoundingMode
from app.domain.proof import Proof, ProofStep
from app.domain.source import Box, Source


def proof_to_text(proof: Proof | None) -> str:
    """The JSON text of `proof`; "" for none."""
    if proof is None:
        return ""
    return _text(
        {
            "steps": [
                {
                    "basis": step.basis,
                    "formula": step.formula,
                    "result": f"{step.result:f}",
                    "rounding": None if step.rounding is None else step.rounding.value,
                    "places": step.places,
                }
                for step in proof.steps
            ],
            "contract": proof.contract,
            "clause": proof.clause,
            "page": proof.page,
            "price_version": proof.price_version,
        }
    )


def proof_from_text(text: str) -> Proof | None:
    """The proof that `proof_to_text` wrote; None for ""."""
    if not text:
        return None
    stored = json.loads(text)
    steps = tuple(
        ProofStep(
            basis=step["basis"],
            formula=step["formula"],
            result=Decimal(step["result"]),  # our own digits: an exact quotient may have more places than D takes
            rounding=None if step["rounding"] is None else RoundingMode(step["rounding"]),
            places=step["places"],
        )
        for step in stored["steps"]
    )
    return Proof(steps, stored["contract"], stored["clause"], stored["page"], stored["price_version"])


def source_to_text(source: Source) -> str:
    """The JSON text of a place in a document; what is not known is left out."""
    box = source.box
    elsewhere = source.sheet or source.row is not None or source.path or source.confidence is not None
    if box is not None and source.page is not None and not elsewhere:  # a charge of a page: most are
        return f'{{"box":[{box.x0},{box.top},{box.x1},{box.bottom}],"page":{source.page}}}'
    return _text(_plain(source))


def source_from_text(text: str) -> Source:
    """The place that `source_to_text` wrote; an unknown place for ""."""
    return _source(json.loads(text)) if text else Source()


def sources_to_text(sources: dict[str, Source]) -> str:
    """The JSON text of several fields' places."""
    return _text({name: _plain(source) for name, source in sources.items()})


def sources_from_text(text: str) -> dict[str, Source]:
    """The fields' places that `sources_to_text` wrote."""
    return {name: _source(stored) for name, stored in json.loads(text or "{}").items()}


# made once: json.dumps with options makes an encoder for each call, which bills of 200,000 charges feel
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _text(value: Any) -> str:
    return _ENCODER.encode(value)


def _plain(source: Source) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    if source.page is not None:
        plain["page"] = source.page
    if source.box is not None:
        plain["box"] = [source.box.x0, source.box.top, source.box.x1, source.box.bottom]
    if source.sheet:
        plain["sheet"] = source.sheet
    if source.row is not None:
        plain["row"] = source.row
    if source.path:
        plain["path"] = source.path
    if source.confidence is not None:
        plain["confidence"] = source.confidence
    return plain


def _source(stored: dict[str, Any]) -> Source:
    box = stored.get("box")
    return Source(
        page=stored.get("page"),
        box=None if box is None else Box(*box),
        sheet=stored.get("sheet", ""),
        row=stored.get("row"),
        path=stored.get("path", ""),
        confidence=stored.get("confidence"),
    )
