"""The details of a movement (:86:) in the three ways in which banks write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.importers.bank.common import clean_reference
from app.importers.values import clean_text

# "105?00Basislastschrift?20EREF+…?32Name": a code of three digits, then two-digit fields behind one and the same mark
_GERMAN = re.compile(r"([0-9]{3})([?<>~^|])(?=[0-9]{2})")
_KEYS = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|RTRN)\+")
# "/EREF/TB-7//NAME/Calder Fiber/REMI/…": code words between slashes
_SLASHES = re.compile(
    r"/(TRTP|TRCD|EREF|PREF|KREF|IREF|MARF|CSID|IBAN|BIC|NAME|CNTP|ORDP|BENM|REMI|USTD|STRD|RTRN|RTYP|EXCH|CHGS|OCMT|"
    r"ULTD|ULTC|PURP|SVCL|ISDT|ADDR|ID)/"
)
_PURPOSE = (*(f"{number}" for number in range(20, 30)), *(f"{number}" for number in range(60, 64)))
_RETURNS = frozenset({"108", "109", "158", "159", "184"})  # German business codes of returned debits and credits


@dataclass(frozen=True, slots=True)
class Details:
    """What the details say; all of it may be empty."""

    text: str = ""
    code: str = ""
    reference: str = ""
    party: str = ""
    party_account: str = ""
    returned: str = ""


def read_details(written: str) -> Details:
    """The details in the text of one field, or of several that follow each other."""
    german = _GERMAN.match(written)
    if german is not None:
        return _read_german(german, written)
    if _SLASHES.search(written.replace("\n", "")):
        return _read_slashes(written.replace("\n", ""))
    return Details(text=clean_text(written))


def _read_german(head: re.Match[str], written: str) -> Details:
    mark = re.escape(head[2])
    parts = re.split(rf"\n?{mark}([0-9]{{2}})", written.rstrip()[head.end(1) :])
    fields: dict[str, str] = {}
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        fields[number] = fields.get(number, "") + text.replace("\n", "")
    purpose = "".join(fields.get(number, "") for number in _PURPOSE)
    keyed = _split_keys(purpose)
    returned = keyed.get("RTRN", "") or (head[1] if head[1] in _RETURNS else "")
    title = fields.get("00", "")
    return Details(
        text=clean_text(" ".join(filter(None, (title, purpose)))),
        code=head[1],
        reference=clean_reference(keyed.get("EREF", "")),
        party=clean_text(fields.get("32", "") + fields.get("33", ""), 200),
        party_account=clean_text(fields.get("31", ""), 60),
        returned=clean_text(returned, 35),
    )


def _split_keys(purpose: str) -> Mapping[str, str]:
    """The purpose by its key words: "EREF+123SVWZ+Rent" → EREF 123, SVWZ Rent; the first of each counts."""
    parts = _KEYS.split(purpose)
    keyed: dict[str, str] = {}
    for key, text in zip(parts[1::2], parts[2::2], strict=True):
        keyed.setdefault(key, text.strip())
    return keyed


def _read_slashes(written: str) -> Details:
    parts = _SLASHES.split(written)
    keyed: dict[str, str] = {}
    for key, text in zip(parts[1::2], parts[2::2], strict=True):
        keyed.setdefault(key, text.strip("/ "))
    account, name = keyed.get("IBAN", ""), keyed.get("NAME", "")
    if "CNTP" in keyed:  # account/BIC/name/place
        pieces = [*keyed["CNTP"].split("/"), "", "", ""]
        account, name = account or pieces[0], name or pieces[2]
    said = [keyed[key] for key in ("REMI", "USTD", "STRD") if keyed.get(key)]
    return Details(
        text=clean_text(" ".join(said) or written),
        code=clean_text(keyed.get("TRTP", "") or keyed.get("TRCD", ""), 35),
        reference=clean_reference(keyed.get("EREF", "")),
        party=clean_text(name, 200),
        party_account=clean_text(account, 60),
        returned=clean_text(keyed.get("RTRN", "") or keyed.get("RTYP", ""), 35),
    )
