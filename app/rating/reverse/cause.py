"""Why a bill differs from its contract: the settings that reproduce the carrier's amounts."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.proof import Proof


@dataclass(frozen=True, slots=True)
class Cause:
    """Settings under which the contract's prices give what was billed.

    `name` is the kind of change, two joined by " + " where only both together fit. `says` is what the bill fits,
    `contract_says` what was agreed on. `charges` are those that it explains to the cent, by id, the dearest first;
    `fits` says that they are at least two and that no charge speaks against it: else it only may be the cause, and
    `against` counts the charges on which it would give another amount than was billed. `proof` is of the carrier's
    amount of the first charge, under the changed terms; it replays.
    """

    name: str
    says: str
    contract_says: str
    charges: tuple[int, ...]
    fits: bool
    proof: Proof
    against: int = 0
    changes: int = 1

    @property
    def message(self) -> str:
        """The cause as a sentence."""
        if self.fits:
            return f"This bill fits {self.says}; the contract says {self.contract_says}. {self._many} show it."
        which = "One charge" if len(self.charges) == 1 else self._many
        return f"{which} may have been billed with {self.says}; the contract says {self.contract_says}."

    @property
    def _many(self) -> str:
        return f"{len(self.charges)} charges"
