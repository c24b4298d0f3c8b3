"""Compiled decks on disk, by the hash of what they were compiled from: an unchanged deck is not compiled again."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile
from zoneinfo import ZoneInfo

from app.rating.voice.deck import CompiledDeck, compile_source
from app.rating.voice.frames import Source, read_rows

if TYPE_CHECKING:
    from decimal import Decimal

    import polars as pl

    from app.rating.voice.call import DeckRow, PlaceRow
    from app.rating.voice.terms import VoiceTerms

FORMAT = "1"  # raised whenever what is compiled changes its meaning
_ARRAYS = ("bounds", "owner", "moments", "segments")


def open_deck(
    rows: Iterable[DeckRow] | pl.DataFrame,
    terms: VoiceTerms,
    overrides: Mapping[str, Decimal] | None = None,
    places: Sequence[PlaceRow] = (),
    folder: Path | None = None,
) -> CompiledDeck:
    """`compile_deck`, but what is in `folder` for these very rows, days and overrides is loaded instead."""
    source = read_rows(rows, ZoneInfo(terms.time_zone))
    mark = fingerprint(source, terms, overrides or {}, places)
    file = None if folder is None else folder / f"{mark}.npz"
    flat = None if file is None else _load(file)
    deck = replace(compile_source(source, terms, overrides, places, flat), fingerprint=mark)
    if file is not None and flat is None:
        _save(deck, file)
    return deck


def fingerprint(source: Source, terms: VoiceTerms, overrides: Mapping[str, Decimal], places: Sequence[PlaceRow]) -> str:
    """A SHA-256 over all that a compiled deck depends on."""
    digest = hashlib.sha256(f"{FORMAT} {as_text(terms)} {sorted(overrides.items())} {as_text(tuple(places))}".encode())
    for field in fields(source):
        value = getattr(source, field.name)
        digest.update(repr(value).encode() if isinstance(value, tuple) else value.tobytes())
    return digest.hexdigest()


def as_text(value: object) -> str:
    """A value of frozen dataclasses written the same in every process: sets in order."""
    if is_dataclass(value) and not isinstance(value, type):
        return f"{type(value).__name__}({', '.join(as_text(getattr(value, one.name)) for one in fields(value))})"
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(as_text(one) for one in value))}}}"
    if isinstance(value, tuple):
        return f"({', '.join(as_text(one) for one in value)})"
    return repr(value)


def _load(file: Path) -> dict[str, object] | None:
    """The arrays of a saved deck; None where there is none, or it is not whole."""
    import numpy as np

    try:
        with file.open("rb") as handle, np.load(handle, allow_pickle=False) as saved:
            return {name: saved[name] for name in _ARRAYS} | {"depth": int(saved["depth"])}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _save(deck: CompiledDeck, file: Path) -> None:
    import numpy as np

    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.partial")
    with partial.open("wb") as handle:
        np.savez(handle, depth=np.int64(deck.depth), **{name: getattr(deck, name) for name in _ARRAYS})
    partial.replace(file)
