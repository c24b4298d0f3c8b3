"""Files wrapped in an electronic signature (.p7m), as Italian e-invoices often are: told by name, not opened."""

from __future__ import annotations

import base64
import binascii

from app.importers.faults import DocumentFault

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # the object identifier 1.2.840.113549.1.7.2
_WITHIN = 40


class SignedFile(DocumentFault):
    """'{name}' is wrapped in an electronic signature (.p7m), and nothing of it can be read in that form."""

    code = "signed"
    remedy = "Open it with your signature program, save the invoice out of it (as .xml), and import that file."


def is_signed(content: bytes) -> bool:
    """Whether a file is a CAdES envelope, as bytes or in base64."""
    if content[:1] == b"0":  # a sequence in DER; also how much text begins
        return _SIGNED_DATA in content[:_WITHIN]
    if not content.startswith((b"MI", b"-----BEGIN PKCS7")):
        return False
    lines = content[:400].split()
    body = b"".join(line for line in lines if not line.startswith((b"-", b"PKCS7"))) if lines else b""
    try:
        return _SIGNED_DATA in base64.b64decode(body[:80])[:_WITHIN]
    except (binascii.Error, ValueError):
        return False  # text that begins like it
