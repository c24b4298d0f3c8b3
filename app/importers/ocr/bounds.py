"""What the recognition of one file may cost. Whoever starts the reading process takes its limits from here."""

from __future__ import annotations

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 50
MOST_PIXELS = 20_000_000  # of a page as it is recognised: A3 at 300 dots an inch
MOST_PICTURE_PIXELS = 60_000_000  # of an image file before it is brought to size
DOTS_PER_INCH = 300
SECONDS_A_PAGE = 15
SECONDS_AT_LEAST = 60
MEMORY_BYTES = 3 << 30  # address space; numpy, pdfium and the recogniser reserve more than they use


def seconds_for(pages: int) -> int:
    """How long the recognition of so many pages may take; `pages` may be unknown (0): then as many as are read."""
    return max(SECONDS_AT_LEAST, SECONDS_A_PAGE * min(pages or MOST_PAGES, MOST_PAGES))
