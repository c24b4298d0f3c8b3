"""The text by which a PDF's carrier is recognised: pypdfium2's first page against pdfplumber's."""

from __future__ import annotations

import io
from pathlib import Path

from app.importers.identify import look
from bench._timing import compare

BILLS = Path(__file__).resolve().parent.parent / "resources" / "demo" / "bills"


def main() -> None:
    """Look at every PDF bill of the demo company's September both ways."""
    import pdfplumber

    files = [(path.name, path.read_bytes()) for path in sorted(BILLS.glob("2026-09/*.pdf"))]

    def by_pdfplumber() -> list[bool]:
        found = []
        for _, content in files:
            with pdfplumber.open(io.BytesIO(content)) as document:
                found.append(bool(document.pages[0].extract_text()))
        return found

    compare(
        f"recognising {len(files)} PDF bills",
        ("pdfplumber's first page", by_pdfplumber),
        ("identify.look", lambda: [bool(look(name, content).text) for name, content in files]),
    )


if __name__ == "__main__":
    main()
