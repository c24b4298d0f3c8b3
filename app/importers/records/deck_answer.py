"""Reading a rate deck in the child: its rows go into a file beside the answer, its faults into the answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.domain.vocabulary import DeckKind
from app.importers.records.decks import read_deck
from app.importers.registry import Definitions

DECK_FILE = "deck.parquet"


def answer_deck(name: str, content: bytes, _definitions: Definitions, options: Mapping[str, Any]) -> dict[str, Any]:
    """The deck in a file as `deck.parquet` of the child's folder. The answer has the number of rows, faults as pairs
    of row and message, and how many there are.

    `options` say the kind, and the words that stand for jurisdictions. Raises GridFault where the file is no table.
    """
    deck = read_deck(content, DeckKind(options["kind"]), tuple(options["jurisdictions"]))
    if not deck.faults:
        deck.frame.write_parquet(Path(DECK_FILE), compression="zstd")
    faults = [[fault.row, fault.message] for fault in deck.faults]
    return {"rows": deck.frame.height, "faults": faults, "count": deck.count}
