"""All hostile files of our own, written into a folder: by format in sub-folders, so that no two share a name."""

from __future__ import annotations

from pathlib import Path

from tests.importers.hostile import packages, pdf_bombs, pdf_meanings, texts


def write_corpus(folder: Path) -> list[Path]:
    """Make every file; returns their paths."""
    groups = {
        "pdf-meaning": dict(pdf_meanings.FILES),
        "pdf-bomb": dict(pdf_bombs.FILES),
        "pdf-honest": dict(pdf_meanings.HONEST),
        "text": {name: make() for name, make in texts.FILES.items()},
        "package": {name: make() for name, make in packages.FILES.items()},
    }
    paths = []
    for group, files in groups.items():
        (folder / group).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / group / name
            path.write_bytes(content)
            paths.append(path)
    return paths
