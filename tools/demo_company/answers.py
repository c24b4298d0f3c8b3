"""What carriers answered to disputes within the half-year, and the credit that followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.demo_company.carriers import CALDER, TRILAKES


@dataclass(frozen=True)
class Answer:
    """At the end of `answered` the carrier names its `reference` for the dispute opened for it in `disputed`.

    `granted` is None where it has only acknowledged the claim; else the credit stands on the bill of `credited`,
    under the service `key`.
    """

    carrier: str
    account: str
    disputed: date
    answered: date
    reference: str
    granted: Decimal | None = None
    credited: date | None = None
    key: str = ""


ANSWERS = (
    Answer(
        TRILAKES,
        "tl_brainerd",
        disputed=date(2026, 5, 1),
        answered=date(2026, 6, 1),
        reference="CLM-44719",
        granted=Decimal("36.25"),
        credited=date(2026, 7, 1),
        key="218-555-0190",
    ),
    Answer(CALDER, "cf_wan", disputed=date(2026, 7, 1), answered=date(2026, 8, 1), reference="CF-DSP-0093"),
)


def credited_on(account: str, month: date) -> Answer | None:
    """The answer whose credit stands on an account's bill of `month`."""
    return next((one for one in ANSWERS if (one.account, one.credited) == (account, month)), None)
