"""Commands on bills: take them in, audit them, list and export what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.base import (
    EXIT_OVER,
    EXIT_REFUSED,
    Carrier,
    Folder,
    Json,
    Quiet,
    Text,
    User,
    actor,
    application,
    open_books,
    show,
)
from app.domain.money import ZERO, D
from app.domain.proof import write_proof
from app.domain.vocabulary import FindingStatus, InvoiceStatus
from app.errors import UserError
from app.reports.table import columns_of, write_csv, write_json, write_xlsx


class Listed(StrEnum):
    """What can be exported."""

    FINDINGS = "findings"
    BILLS = "bills"
    CHARGES = "charges"


class UnknownForm(UserError):
    """{file} cannot be written: name a file that ends with .xlsx or .csv."""


@application.command(name="import", epilog="Example: main.py import inventory.xlsx contracts.xlsx bills/")
def import_files(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files.")],
    workspace: Folder = None,
    user: User = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Take in bills, usage, inventory and contracts, then match, rate and audit. Ends with 1 if a file was refused."""
    from app.services.pipeline import take_in
    from app.services.progress import show_progress
    from app.services.receipts import Outcome

    with open_books(workspace) as opened, show_progress(sys.stderr, quiet=quiet or as_json) as progress:
        receipts, _ = take_in(opened, paths, actor(user), opened.today(), progress=progress)
    if as_json:
        typer.echo(write_json(receipts))
    else:
        for receipt in receipts:
            typer.echo(f"{receipt.outcome.replace('_', ' '):12}  " + f"\n{'':14}".join(receipt.lines()))
    if any(receipt.outcome is Outcome.REFUSED for receipt in receipts):
        raise typer.Exit(EXIT_REFUSED)


@application.command(epilog="Example: main.py mapping brightwater.toml")
def mapping(
    file: Annotated[Path, typer.Argument(help="The layout or mapping, a TOML file as docs/formats describes it.")],
    workspace: Folder = None,
    user: User = None,
) -> None:
    """Save a carrier's PDF layout or column mapping, so that its files can be imported."""
    from app.services.mappings import read_mapping, save_mapping

    with open_books(workspace) as opened:
        save_mapping(opened, read_mapping(file), actor(user))
    typer.echo(f"Saved: {file.name}. Now import the carrier's files.")


@application.command(epilog="Example: main.py audit --as-of 2026-10-06 --fail-over 100")
def audit(
    workspace: Folder = None,
    user: User = None,
    as_of: Annotated[datetime | None, typer.Option(help="The day it is; else today.", formats=["%Y-%m-%d"])] = None,
    fail_over: Annotated[
        str | None,
        typer.Option("--fail-over", help="End with 3 if more than this is open to be claimed in a currency."),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Match, rate and audit all bills that nobody has submitted yet, and say what is overcharged."""
    from app.queries import findings as query
    from app.services.auditing import audit_accounts
    from app.services.pipeline import reprocess
    from app.services.progress import show_progress

    limit = None if fail_over is None else D(fail_over)
    with open_books(workspace) as opened, show_progress(sys.stderr, quiet=quiet or as_json) as progress:
        day = as_of.date() if as_of else opened.today()
        reprocess(opened, None, actor(user), day, progress=progress)
        audit_accounts(opened, day, actor=actor(user))
        with opened.database.reading() as session:
            rows = query.fetch(session, query.Filter(statuses=(FindingStatus.OPEN,)))
    totals = query.add_up(rows)
    names = ["rule", "name", "findings", "claim", "currency"]
    show(totals, names, ["Rule", "Accusation", "Open findings", "To claim", "Currency"], as_json)
    claimed = {total.currency: ZERO for total in totals}
    for total in totals:
        claimed[total.currency] += total.claim
    if limit is not None and any(claim > limit for claim in claimed.values()):
        raise typer.Exit(EXIT_OVER)


@application.command(epilog="Example: main.py findings --status open --carrier 'Calder Fiber' --json")
def findings(
    workspace: Folder = None,
    status: Annotated[list[FindingStatus] | None, typer.Option("--status", help="Only these; may be repeated.")] = None,
    rule: Annotated[str, typer.Option("--rule", help="Only those of this rule, such as A30.")] = "",
    carrier: Carrier = "",
    text: Text = "",
    proof: Annotated[
        int | None, typer.Option("--proof", help="Show this finding with the proof of its amount.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what is overcharged and what needs a look, or show one finding's proof."""
    from app.queries import findings as query
    from app.queries.pick import pick_carrier
    from app.services.findings import FindingMissing

    with open_books(workspace) as opened, opened.database.reading() as session:
        if proof is not None:
            detail = query.fetch_one(session, proof)
            if detail is None:
                raise FindingMissing(finding_id=proof)
            typer.echo(write_json(detail) if as_json else f"{detail.row.message}\n\n{write_proof(detail.proof)}")
            return
        wanted = query.Filter(text, tuple(status or ()), (), rule.upper(), pick_carrier(session, carrier))
        rows = query.fetch(session, wanted)
    names = ["id", "rule", "carrier", "number", "service", "claim", "currency", "status", "file_by", "message"]
    heads = ["Id", "Rule", "Carrier", "Bill", "Service", "Claim", "", "Status", "File by", "What"]
    show(rows, names, heads, as_json)


@application.command(epilog="Example: main.py bills --status audited --from 2026-09-01")
def bills(
    workspace: Folder = None,
    status: Annotated[list[InvoiceStatus] | None, typer.Option("--status", help="Only these; may be repeated.")] = None,
    carrier: Carrier = "",
    text: Text = "",
    first: Annotated[datetime | None, typer.Option("--from", help="Dated then or later.", formats=["%Y-%m-%d"])] = None,
    last: Annotated[datetime | None, typer.Option("--to", help="Dated then or earlier.", formats=["%Y-%m-%d"])] = None,
    as_json: Json = False,
) -> None:
    """List the bills with what is overcharged in each."""
    from app.queries import bills as query
    from app.queries.pick import pick_carrier

    with open_books(workspace) as opened, opened.database.reading() as session:
        wanted = query.Filter(
            text=text,
            carrier_id=pick_carrier(session, carrier),
            statuses=tuple(status or ()),
            first=first.date() if first else None,
            last=last.date() if last else None,
        )
        rows = query.fetch(session, wanted)
    names = ["carrier", "ban", "number", "bill_date", "due_date", "billed", "expected", "overcharged"]
    heads = ["Carrier", "Account", "Bill", "Date", "Due", "Billed", "Expected", "Overcharged", "", "Status"]
    names += ["currency", "status"]
    show(rows, names, heads, as_json)


@application.command(epilog="Example: main.py supersede INV-52310 --reason 'sent again without the installation'")
def supersede(
    number: Annotated[str, typer.Argument(help="The bill's number.")],
    reason: Annotated[str, typer.Option("--reason", help="Why the carrier corrected it.")],
    carrier: Carrier = "",
    workspace: Folder = None,
    user: User = None,
) -> None:
    """Take a bill out of the books, so that the carrier's corrected one can be imported under its number."""
    from app.queries.pick import pick_bill, pick_carrier
    from app.services.superseding import supersede as supersede_bill

    with open_books(workspace) as opened:
        with opened.database.reading() as session:
            invoice_id = pick_bill(session, number, pick_carrier(session, carrier))
        supersede_bill(opened, invoice_id, actor(user), reason)
    typer.echo(f"Bill {number} is superseded. Now import the corrected one.")


@application.command(epilog="Example: main.py export findings --to overcharges.xlsx")
def export(
    what: Annotated[Listed, typer.Argument(help="What to export.")],
    to: Annotated[Path, typer.Option("--to", help="The file to write; its ending, .xlsx or .csv, says how.")],
    workspace: Folder = None,
) -> None:
    """Write findings, bills or charges to a workbook or CSV whose cells cannot become formulas."""
    from app.queries import bills as bills_query
    from app.queries import charges as charges_query
    from app.queries import findings as findings_query
    from app.services.files import write_file

    writers = {".xlsx": write_xlsx, ".csv": write_csv}
    if to.suffix.lower() not in writers:
        raise UnknownForm(file=to)
    sources: dict[Listed, tuple[type, Callable[[Any], Sequence[Any]]]] = {
        Listed.FINDINGS: (findings_query.Row, findings_query.fetch),
        Listed.BILLS: (bills_query.Row, bills_query.fetch),
        Listed.CHARGES: (charges_query.Row, charges_query.fetch),
    }
    kind, fetch = sources[what]
    with open_books(workspace) as opened, opened.database.reading() as session:
        rows = fetch(session)
    write_file(to, writers[to.suffix.lower()](*columns_of(kind, rows)))
    typer.echo(f"{len(rows)} {what} written to {to}.")
