"""A folder of files whose reading is played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.parsed import ParsedDocument
from app.services import reading


class Drop:
    """A folder of files whose reading is played: each holds what the test says it holds."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.holds: dict[bytes, ParsedDocument | Callable[[], ParsedDocument]] = {}
        self.read: list[str] = []
        folder.mkdir()
        monkeypatch.setattr(reading, "parse_file", self._parse)

    def add(self, name: str, document: ParsedDocument | Callable[[], ParsedDocument], content: str = "") -> Path:
        path = self.folder / name
        path.write_bytes((content or name).encode())
        self.holds[path.read_bytes()] = document
        return path

    def _parse(self, name: str, content: Path, _definitions: object, **_: object) -> ParsedDocument:
        self.read.append(name)
        held = self.holds[content.read_bytes()]
        return held() if callable(held) else held
