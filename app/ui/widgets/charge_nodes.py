"""The charges of a bill grouped by location and service, with billed, expected and variance summed upwards.

Expected is what is owed of a charge: its billed amount less what its findings claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.vocabulary import RatingOutcome
from app.queries.bill import ChargeRow
from app.ui.tokens import Tone
from app.ui.wording import number, span, word


@dataclass(eq=False)
class Node:
    """A location, a service or a charge."""

    title: str
    detail: str = ""
    charge: ChargeRow | None = None
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    def charges(self) -> list[ChargeRow]:
        """All charges below, or itself."""
        if self.charge is not None:
            return [self.charge]
        return [charge for child in self.children for charge in child.charges()]

    @property
    def billed(self) -> Decimal:
        return sum((charge.amount for charge in self.charges()), ZERO)

    @property
    def expected(self) -> Decimal | None:
        known = [charge.owed for charge in self.charges() if charge.owed is not None]
        return sum(known, ZERO) if known else None

    @property
    def variance(self) -> Decimal | None:
        known = [charge.excess for charge in self.charges() if charge.excess is not None]
        return sum(known, ZERO) if known else None

    @property
    def marks(self) -> list[tuple[str, Tone]]:
        """Chips: the rules that accuse, or why nothing can be said."""
        if self.charge is None:
            rules = sorted({rule for charge in self.charges() for rule in charge.rules})
            return [(f"{len(rules)} findings" if len(rules) > 1 else rules[0], Tone.DANGER)] if rules else []
        return marks_of(self.charge)


def marks_of(charge: ChargeRow) -> list[tuple[str, Tone]]:
    """A charge's chips."""
    if charge.rules:
        return [(rule, Tone.DANGER if charge.claim else Tone.WARNING) for rule in charge.rules]
    if charge.match is None and charge.outcome is RatingOutcome.UNMATCHED:
        return [("No service", Tone.WARNING)]
    if charge.outcome in (RatingOutcome.NO_PRICE, RatingOutcome.AMBIGUOUS):
        return [(word(charge.outcome), Tone.WARNING)]
    return []


def is_exception(charge: ChargeRow) -> bool:
    """Whether somebody has to look at the charge."""
    return bool(marks_of(charge)) or bool(charge.variance)


def group(charges: Sequence[ChargeRow], sites: Mapping[str, str], *, exceptions_only: bool) -> Node:
    """The tree: locations in the order of the bill, services within; a service with one charge is that charge.

    `sites` are the names of our locations by their codes in lower case, for bills that print only the code.
    """
    root = Node("")
    places: dict[str, Node] = {}
    services: dict[tuple[str, str], Node] = {}
    for charge in charges:
        if exceptions_only and not is_exception(charge):
            continue
        where = charge.location.strip() or "The account as a whole"
        place = places.setdefault(where, Node(where, sites.get(where.casefold(), "")))
        name = charge.service or charge.printed_service
        services.setdefault((where, name), Node(name)).children.append(
            Node(charge.description, _detail(charge), charge)
        )
        if services[where, name] not in place.children:
            place.children.append(services[where, name])
    for place in places.values():
        flat: list[Node] = []
        for service in place.children:
            if not service.title:
                flat += service.children
            elif len(service.children) == 1:
                only = service.children[0]
                only.detail = f"{service.title}  {only.detail}".strip()
                flat.append(only)
            else:
                flat.append(service)
        place.children = flat
        root.children.append(place)
    _adopt(root)
    return root


def _adopt(node: Node) -> None:
    for child in node.children:
        child.parent = node
        _adopt(child)


def _detail(charge: ChargeRow) -> str:
    parts = []
    if charge.quantity is not None and charge.quantity != 1:
        parts.append(f"{number(charge.quantity)} {charge.unit}".strip())
    if charge.period is not None:
        parts.append(span(charge.period.start, charge.period.end))
    return "  ".join(parts)
