"""Which files are pictures, told by their first bytes."""

from __future__ import annotations


def is_picture(content: bytes) -> bool:
    """Whether the file begins like an image that `pictures.open_pictures` reads."""
    return (
        content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*"))
        or (content.startswith(b"RIFF") and content[8:12] == b"WEBP")
        or (content.startswith(b"BM") and content[6:10] == b"\x00\x00\x00\x00")
    )
