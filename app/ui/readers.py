"""Which readers can be offered for a file, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from app.importers.faults import SCANNED

# what reads a kind of file: the part of a reader's name before the colon → its title
_PAGES = {"pdf": "PDF layout", "factur-x": "Factur-X, ZUGFeRD"}
_XML = {
    "ubl": "UBL e-invoice",
    "cii": "CII e-invoice",
    "fatturapa": "FatturaPA e-invoice",
    "camt": "Bank statement, camt",
    "pain001": "Payment file, pain.001",
    "pain002": "Payment answer, pain.002",
}
_JSON = {"tmf678": "Bill, TMF678", "typed": "Bill that was typed in"}
_EDI = {"x12": "X12 810, 811", "edifact": "EDIFACT INVOIC"}
_BANK = {
    "bai2": "Bank statement, BAI2",
    "mt940": "Bank statement, MT940",
    "ofx": "Bank statement, OFX",
    "nacha-returns": "Returns, NACHA",
}
_PACKED = {"zip": "Archive", "email": "E-mail", "mbox": "Mailbox", "outlook": "Outlook message"}
_SHOWN = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
_BY_SUFFIX = {
    **dict.fromkeys(_SHOWN, _PAGES),
    ".xml": _XML,
    ".json": _JSON,
    **dict.fromkeys((".edi", ".x12"), _EDI),
    **dict.fromkeys((".sta", ".940", ".ofx", ".bai", ".ach"), _BANK),
    **dict.fromkeys((".zip", ".eml", ".mbox", ".msg"), _PACKED),
}
_TABLES = frozenset({".csv", ".tsv", ".tab", ".psv", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet"})
_TITLES = {**_PAGES, **_XML, **_JSON, **_EDI, **_BANK, **_PACKED}
_UNREADABLE = frozenset({"image-only", "no-recognition", "no-text"})


def list_readers(names: Iterable[str], file: str) -> dict[str, str]:
    """Of these readers the ones that may read a file of this name, by what they are shown as.

    All of them are listed where the end of the name does not tell its kind.
    """
    suffix = PurePath(file).suffix.lower()
    return {_title(name): name for name in sorted(names) if _fits(name.partition(":")[0], suffix)}


def is_scan(name: str, codes: Iterable[str], message: str) -> bool:
    """Whether a refused file is a picture of a bill, which a person may also type in."""
    told = set(codes)
    recognised = "read-by-ocr" in told or f"this {SCANNED} file" in message
    return bool(told & _UNREADABLE) or (recognised and PurePath(name).suffix.lower() in _BY_SUFFIX)


def is_pointable(name: str, codes: Iterable[str]) -> bool:
    """Whether a refused file is a bill with words, printed or recognised, that no layout knows."""
    return "no-importer" in set(codes) and PurePath(name).suffix.lower() in _SHOWN


def _fits(kind: str, suffix: str) -> bool:
    if suffix in _BY_SUFFIX:
        return kind in _BY_SUFFIX[suffix]
    if suffix not in _TABLES:
        return True
    if kind.endswith("-bill"):
        return kind == f"{'csv' if suffix in {'.csv', '.tsv', '.tab', '.psv'} else suffix[1:]}-bill"
    return kind not in _TITLES


def _title(name: str) -> str:
    kind, _, own = name.partition(":")
    known = _TITLES.get(kind) or kind.replace("-", " ").capitalize()
    return f"{known} {own.replace('_', ' ')}  ({name})" if own else f"{known}  ({name})"
