"""Commands on contracts: list and export them, copy one as an offer, load and list rate decks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.base import Carrier, Folder, Json, Text, User, actor, application, open_books, show
from app.domain.money import D
from app.domain.vocabulary import DeckKind
from app.reports.table import write_json

Owner = Annotated[str, typer.Option("--carrier", help="The carrier whose deck it is.")]
Where = Annotated[str, typer.Option("--carrier", help="The carrier, where two number their contracts alike.")]


@application.command(epilog="Example: main.py contracts --carrier 'Calder Fiber' --export contracts.xlsx")
def contracts(
    workspace: Folder = None,
    carrier: Carrier = "",
    text: Text = "",
    export: Annotated[
        Path | None, typer.Option("--export", help="Write them with their prices to this workbook, to edit and import.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List contracts and offers, or write them to the workbook that they are imported from."""
    from app.queries import contracts as query
    from app.queries.pick import pick_carrier
    from app.services.contract_export import export_contracts
    from app.services.files import write_file

    with open_books(workspace) as opened, opened.database.reading() as session:
        rows = query.fetch(session, query.Filter(text=text, carrier_id=pick_carrier(session, carrier)))
        content = export_contracts(session, {row.id for row in rows}) if export is not None else b""
    if export is None:
        names = ["carrier", "number", "kind", "title", "start", "last_day", "prices", "currency"]
        heads = ["Carrier", "Number", "Kind", "Title", "From", "Until", "Prices", ""]
        show(rows, names, heads, as_json)
        return
    write_file(export, content)
    typer.echo(f"{_counted(len(rows), 'contract')} written to {export}. Edit it, then: main.py import {export}")


@application.command(epilog="Example: main.py offer NB-2025-01 --number NB-OFFER-1 --percent -10")
def offer(
    contract: Annotated[str, typer.Argument(help="The contract's number; with --discard the offer's.")],
    number: Annotated[str, typer.Option("--number", help="The offer's number.")] = "",
    percent: Annotated[
        str | None, typer.Option("--percent", help="By how many per cent its prices differ; -10: a tenth less.")
    ] = None,
    discard: Annotated[bool, typer.Option("--discard", help="Delete this offer instead.")] = False,
    carrier: Where = "",
    workspace: Folder = None,
    user: User = None,
) -> None:
    """Copy a contract as an offer, for comparing: it never prices a bill. Edit it by `contracts --export`."""
    from app.queries.contracts import pick_contract
    from app.queries.pick import pick_carrier
    from app.services.offers import copy_as_offer, discard_offer

    with open_books(workspace) as opened:
        with opened.database.reading() as session:
            contract_id = pick_contract(session, contract, pick_carrier(session, carrier))
        if discard:
            discard_offer(opened, contract_id, actor=actor(user))
            typer.echo(f"The offer {contract} is discarded.")
            return
        changed = None if percent is None else D(percent)
        copy_as_offer(opened, contract_id, number, percent=changed, actor=actor(user))
    typer.echo(f"Contract {contract} is copied as offer {number}. Edit it: main.py contracts --export FILE.xlsx")


@application.command(epilog="Example: main.py deck prefixes.csv --carrier 'Quiet Hill' --name voice")
def deck(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX as docs/formats/rate-decks.md describes it.")],
    carrier: Owner,
    name: Annotated[str, typer.Option("--name", help="The name by which prices refer to it.")],
    kind: Annotated[DeckKind, typer.Option("--kind", help="Prices of calls, or places of numbers.")] = DeckKind.PRICES,
    workspace: Folder = None,
    user: User = None,
    as_json: Json = False,
) -> None:
    """Load a carrier's rate deck; another content is a new version, in force from now on."""
    from app.queries.pick import UnknownCarrier, pick_carrier
    from app.services.decks import import_deck

    with open_books(workspace) as opened:
        with opened.database.reading() as session:
            carrier_id = pick_carrier(session, carrier)
        if carrier_id is None:
            raise UnknownCarrier(name="''", known="name one")
        stored = import_deck(opened, file, carrier_id, name, kind, actor(user))
    if as_json:
        typer.echo(write_json(stored))
    else:
        told = "loaded and in force" if stored.new else "here already, and in force"
        typer.echo(f"Rate deck {stored.name}: {_counted(stored.rows, 'row')}, {told}.")


@application.command(epilog="Example: main.py decks --json")
def decks(workspace: Folder = None, carrier: Carrier = "", as_json: Json = False) -> None:
    """List the rate decks with their versions, the one in force first."""
    from app.queries import decks as query
    from app.queries.pick import pick_carrier

    with open_books(workspace) as opened, opened.database.reading() as session:
        rows = query.fetch(session, pick_carrier(session, carrier))
    names = ["carrier", "name", "kind", "rows", "loaded_at", "in_force", "document"]
    show(rows, names, ["Carrier", "Deck", "Kind", "Rows", "Loaded", "In force", "File"], as_json)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)
