"""The command that compares: what bills would have cost under an offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.base import Carrier, Folder, Json, application, open_books, show
from app.errors import UserError
from app.reports.table import columns_of, write_csv, write_json

if TYPE_CHECKING:
    from app.services.what_if import WhatIf


class PeriodBackwards(UserError):
    """The first day, {first}, comes after the last one, {last}: exchange --from and --to."""


@dataclass(frozen=True, slots=True)
class Line:
    """A service, or "All" of a currency. `without_price` charges are in no sum."""

    carrier: str
    account: str
    service: str
    charges: int
    billed: Decimal
    expected: Decimal
    offer: Decimal
    difference: Decimal
    currency: str
    without_price: int


@application.command(
    name="what-if", epilog="Example: main.py what-if --from 2026-07-01 --to 2026-09-30 --offer NB-OFFER-1"
)
def what_if(
    first: Annotated[datetime, typer.Option("--from", help="Bills dated then or later.", formats=["%Y-%m-%d"])],
    last: Annotated[datetime, typer.Option("--to", help="Bills dated then or earlier.", formats=["%Y-%m-%d"])],
    offer: Annotated[str, typer.Option("--offer", help="The number of the offer.")],
    instead_of: Annotated[
        str, typer.Option("--instead-of", help="The contract that it replaces; else all of its carrier.")
    ] = "",
    carrier: Carrier = "",
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the services to this file.")] = None,
    workspace: Folder = None,
    as_json: Json = False,
) -> None:
    """Say what bills would have cost under an offer, service by service. Nothing is stored."""
    from app.queries import what_if as query
    from app.queries.contracts import pick_contract
    from app.queries.pick import pick_carrier
    from app.services.files import write_file
    from app.services.what_if import Instead, Wanted, compare

    start, end = first.date(), last.date() + timedelta(days=1)
    if start >= end:
        raise PeriodBackwards(first=start, last=last.date())
    with open_books(workspace) as opened:
        with opened.database.reading() as session:
            named = pick_carrier(session, carrier)
            offer_id = pick_contract(session, offer, named)
            choices = query.fetch(session)
            owner = next(each.carrier_id for each in (*choices.offers, *choices.contracts) if each.id == offer_id)
            contract_id = pick_contract(session, instead_of, owner) if instead_of else None
        found = compare(opened, Wanted(start, end, (Instead(offer_id, contract_id),), owner))
    lines = _flatten(found)
    if csv is not None:
        write_file(csv, write_csv(*columns_of(Line, lines)))
        typer.echo(f"{len(lines)} services written to {csv}.")
    elif as_json:
        typer.echo(write_json({"services": lines, "totals": _totals(found), "without_price": found.without_price}))
    else:
        _tell(lines, found)


def _flatten(found: WhatIf) -> list[Line]:
    return [
        Line(
            row.carrier,
            row.ban,
            row.label,
            row.sums.charges,
            row.sums.billed,
            row.sums.expected,
            row.sums.other,
            row.sums.difference,
            row.currency,
            row.left_out,
        )
        for row in found.rows
    ]


def _totals(found: WhatIf) -> list[Line]:
    missing: dict[str, int] = {}
    for row in found.rows:
        missing[row.currency] = missing.get(row.currency, 0) + row.left_out
    return [
        Line("All", "", "", sums.charges, sums.billed, sums.expected, sums.other, sums.difference, currency,
             missing.get(currency, 0))
        for currency, sums in found.totals.items()
    ]  # fmt: skip


def _side(under_other: bool | None) -> str:
    if under_other is None:
        return "not owed"
    return "the offer" if under_other else "today's contracts"


def _tell(lines: list[Line], found: WhatIf) -> None:
    names = ["account", "service", "charges", "billed", "expected", "offer", "difference", "currency", "without_price"]
    heads = ["Account", "Service", "Charges", "Billed", "Contracts", "Offer", "Difference", "", "Not compared"]
    show([*lines, *_totals(found)], ["carrier", *names], ["Carrier", *heads], False)
    if found.without_price:
        typer.echo("\nIn no sum, because one side has no price or nothing is owed:\n")
        rows = [
            {"bill": row.invoice, "charge": row.description, "amount": row.amount, "currency": row.currency,
             "side": _side(row.under_other), "reason": row.reason}
            for row in found.without_price
        ]  # fmt: skip
        titles = ["Bill", "Charge", "Billed", "", "Not priced by", "Why"]
        show(rows, ["bill", "charge", "amount", "currency", "side", "reason"], titles, False)
