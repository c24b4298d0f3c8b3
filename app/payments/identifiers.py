"""Bank identifiers are checked by their own check digits before any money follows them."""

from __future__ import annotations

from app.errors import UserError


class BadRouting(UserError):
    """'{text}' is not an ABA routing number: nine digits whose check digit fits; copy it from the bank's own letter."""


class BadIban(UserError):
    """'{text}' is not an IBAN: its check digits do not fit; copy it from the carrier's own letter."""


class BadBic(UserError):
    """'{text}' is not a BIC: eight or eleven letters and digits, such as ABCDFR2MXXX."""


class BadAccount(UserError):
    """'{text}' is not an account number for ACH: one to seventeen letters, digits and hyphens."""


def routing_number(text: str) -> str:
    """The nine digits; raises BadRouting."""
    from stdnum.exceptions import ValidationError
    from stdnum.us import rtn

    try:
        return str(rtn.validate(text.replace(" ", "").replace("-", "")))
    except ValidationError as error:
        raise BadRouting(text=text) from error


def iban(text: str) -> str:
    """The IBAN without spaces, in upper case; raises BadIban."""
    from stdnum import iban as ibans
    from stdnum.exceptions import ValidationError

    try:
        return str(ibans.validate(text))
    except ValidationError as error:
        raise BadIban(text=text) from error


def bic(text: str) -> str:
    """The BIC without spaces, in upper case; raises BadBic."""
    from stdnum import bic as bics
    from stdnum.exceptions import ValidationError

    try:
        return str(bics.validate(text))
    except ValidationError as error:
        raise BadBic(text=text) from error


def ach_account(text: str) -> str:
    """The account number as it stands in a NACHA file, upper case; raises BadAccount."""
    written = text.strip().upper()
    if not (1 <= len(written) <= 17 and written.isascii() and written.replace("-", "").isalnum()):
        raise BadAccount(text=text)
    return written


def masked(account: str) -> str:
    """The last four places, for screens and messages."""
    return "…" + account[-4:] if account else "none"
