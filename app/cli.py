"""The command line: the window's services without the window. Each command opens the workspace, does one thing, ends.

Exit codes: 0 done; 1 refused, with the reason on stderr (also where a file of an import was refused, or `check` found
faults); 2 wrong usage; 3 `audit --fail-over` found more to claim; 70 our own fault.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import VERSION
from app.domain.money import ZERO, D
from app.domain.proof import write_proof
from app.domain.vocabulary import FindingStatus, InvoiceStatus, Role
from app.errors import UserError
from app.reports.table import columns_of, write_csv, write_json, write_lines, write_xlsx
from app.settings import default_workspace, load_settings, save_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.queries.bills import Row as BillRow
    from app.services.progress import Progress
    from app.services.workspace import Workspace

EXIT_REFUSED = 1
EXIT_OVER = 3

application = typer.Typer(
    name="tollbook",
    help="Import carriers' bills, re-rate them against contracts, prove overcharges, pay what is owed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Folder = Annotated[
    Path | None, typer.Option("--workspace", "-w", help="The workspace folder; else the one of the settings.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON: amounts as text with all digits, dates as ISO 8601.")]
User = Annotated[str | None, typer.Option("--user", "-u", help="The name to act under; else the settings' or login's.")]
Text = Annotated[str, typer.Option("--text", help="Only those with this text in number, account, carrier or message.")]
Carrier = Annotated[str, typer.Option("--carrier", help="Only those of the carrier of this name.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Do not show progress.")]


class Listed(StrEnum):
    """What can be exported."""

    FINDINGS = "findings"
    BILLS = "bills"
    CHARGES = "charges"


class UnknownCarrier(UserError):
    """There is no carrier {name} in this workspace; there are: {known}."""


class UnknownForm(UserError):
    """{file} cannot be written: name a file that ends with .xlsx or .csv."""


class BillUnknown(UserError):
    """There is no bill {number} in this workspace: `main.py bills` lists their numbers."""


def run(argv: Sequence[str], open_window: Callable[[Path | None], int]) -> int:
    """Run one command; `open_window` shows the window where a command asks for it. UserErrors go to the caller."""
    try:
        application(args=list(argv), prog_name="main.py", obj=open_window)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else EXIT_REFUSED
    return 0


@application.callback(invoke_without_command=True)
def start(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    if version:
        typer.echo(f"Tollbook {VERSION}")
        raise typer.Exit


@application.command(epilog="Example: main.py demo --no-window --workspace ~/tollbook-demo")
def demo(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "--folder", "-w", help="An empty or absent folder, or one with the demo in it."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make a new one, even where the demo has been made.")] = False,
    window: Annotated[
        bool | None,
        typer.Option("--window/--no-window", help="Open the window at the end; else where there is a screen."),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Do the main job on the demo company in a workspace of its own, and say what came of it.

    Where it has been done, that workspace is opened again.
    """
    from app.queries.summary import build_report
    from app.services.demo import build_demo
    from app.services.reporting import write_reports

    folder = workspace or default_workspace().parent / "demo"
    if fresh:
        folder = _free_folder(folder)
    with _reporter(quiet or as_json) as progress:
        opened = build_demo(folder, progress)
    try:
        with opened.database.reading() as session:
            report = build_report(session, opened.today())
        files = write_reports(opened.exports / "reports", report)
    finally:
        opened.close()
    _remember(folder)
    if as_json:
        typer.echo(write_json({"workspace": folder, "reports": files, "summary": report}))
    else:
        from app.reports.summary import write_summary

        typer.echo(write_summary(report))
        typer.echo(f"\nWorkspace: {folder}\n" + "\n".join(f"Report:    {file}" for file in files))
    if _has_screen() if window is None else window:
        raise typer.Exit(context.obj(folder))


@application.command(
    name="new", epilog='Example: main.py new --workspace ~/bills --company "Meridian Foods" --currency USD'
)
def create(
    company: Annotated[str, typer.Option("--company", help="Whose workspace this is.")],
    workspace: Folder = None,
    currency: Annotated[str, typer.Option("--currency", help="The currency of reports.")] = "USD",
    user: User = None,
) -> None:
    """Make an empty workspace; whoever makes it becomes its first user, as IT manager."""
    from app.services.users import add_user
    from app.services.workspace import create_workspace

    settings = load_settings()
    folder = workspace or settings.workspace
    made = create_workspace(folder, company, currency)
    try:
        add_user(made, user or settings.user, Role.IT_MANAGER, user or settings.user)
    finally:
        made.close()
    _remember(folder)
    typer.echo(f"Made the workspace {folder}. Now write the templates: main.py templates")


@application.command(epilog="Example: main.py users --add 'Priya Nair' --role approver")
def users(
    add: Annotated[str, typer.Option("--add", help="The name of a person to add.")] = "",
    role: Annotated[Role, typer.Option("--role", help="What the person may do.")] = Role.IT_MANAGER,
    workspace: Folder = None,
    user: User = None,
    as_json: Json = False,
) -> None:
    """List the people who work in the workspace, or add one."""
    from app.services.users import add_user, list_users

    with _opened(workspace) as opened:
        if add:
            add_user(opened, add, role, _actor(user))
        people = list_users(opened)
    _show(people, ["name", "role"], ["Name", "Role"], as_json)


@application.command(name="import", epilog="Example: main.py import inventory.xlsx contracts.xlsx bills/")
def import_files(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files.")],
    workspace: Folder = None,
    user: User = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Take in bills, usage, inventory and contracts, then match, rate and audit. Ends with 1 if a file was refused."""
    from app.services.intake import Outcome
    from app.services.pipeline import take_in

    with _opened(workspace) as opened, _reporter(quiet or as_json) as progress:
        receipts, _ = take_in(opened, paths, _actor(user), opened.today(), progress=progress)
    if as_json:
        typer.echo(write_json(receipts))
    else:
        for receipt in receipts:
            typer.echo(f"{receipt.outcome.replace('_', ' '):12}  {receipt.message}")
    if any(receipt.outcome is Outcome.REFUSED for receipt in receipts):
        raise typer.Exit(EXIT_REFUSED)


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

    limit = None if fail_over is None else D(fail_over)
    with _opened(workspace) as opened, _reporter(quiet or as_json) as progress:
        day = as_of.date() if as_of else opened.today()
        reprocess(opened, None, _actor(user), day, progress=progress)
        audit_accounts(opened, day, actor=_actor(user))
        with opened.database.reading() as session:
            rows = query.fetch(session, query.Filter(statuses=(FindingStatus.OPEN,)))
    totals: dict[tuple[str, str, str], list[Decimal]] = {}
    for row in rows:
        totals.setdefault((row.currency, row.rule, row.rule_name), []).append(row.claim)
    lines = [
        {"currency": currency, "rule": rule, "name": name, "findings": len(claims), "claim": sum(claims, ZERO)}
        for (currency, rule, name), claims in sorted(totals.items())
    ]
    names = ["rule", "name", "findings", "claim", "currency"]
    _show(lines, names, ["Rule", "Accusation", "Open findings", "To claim", "Currency"], as_json)
    claimed: dict[str, Decimal] = {}
    for row in rows:
        claimed[row.currency] = claimed.get(row.currency, ZERO) + row.claim
    if limit is not None and any(total > limit for total in claimed.values()):
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
    from app.services.findings import FindingMissing

    with _opened(workspace) as opened, opened.database.reading() as session:
        if proof is not None:
            detail = query.fetch_one(session, proof)
            if detail is None:
                raise FindingMissing(finding_id=proof)
            typer.echo(write_json(detail) if as_json else f"{detail.row.message}\n\n{write_proof(detail.proof)}")
            return
        wanted = query.Filter(text, tuple(status or ()), (), rule.upper(), _carrier_id(session, carrier))
        rows = query.fetch(session, wanted)
    names = ["id", "rule", "carrier", "number", "service", "claim", "currency", "status", "file_by", "message"]
    heads = ["Id", "Rule", "Carrier", "Bill", "Service", "Claim", "", "Status", "File by", "What"]
    _show(rows, names, heads, as_json)


@application.command(epilog="Example: main.py bills --status audited --from 2026-09-01")
def bills(
    workspace: Folder = None,
    status: Annotated[list[InvoiceStatus] | None, typer.Option("--status", help="Only these; may be repeated.")] = None,
    carrier: Carrier = "",
    text: Text = "",
    first: Annotated[
        datetime | None, typer.Option("--from", help="Dated on this day or later.", formats=["%Y-%m-%d"])
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", help="Dated on this day or earlier.", formats=["%Y-%m-%d"])
    ] = None,
    as_json: Json = False,
) -> None:
    """List the bills with what is overcharged in each."""
    from app.queries import bills as query

    with _opened(workspace) as opened, opened.database.reading() as session:
        wanted = query.Filter(
            text=text,
            carrier_id=_carrier_id(session, carrier),
            statuses=tuple(status or ()),
            first=first.date() if first else None,
            last=last.date() if last else None,
        )
        rows = query.fetch(session, wanted)
    names = [
        "carrier",
        "ban",
        "number",
        "bill_date",
        "due_date",
        "billed",
        "expected",
        "overcharged",
        "currency",
        "status",
    ]
    heads = ["Carrier", "Account", "Bill", "Date", "Due", "Billed", "Expected", "Overcharged", "", "Status"]
    _show(rows, names, heads, as_json)


@application.command(epilog="Example: main.py schedule --user 'Omar Reyes'")
def schedule(
    numbers: Annotated[list[str] | None, typer.Argument(help="Bill numbers; else all that are approved.")] = None,
    workspace: Folder = None,
    user: User = None,
    as_json: Json = False,
) -> None:
    """Schedule approved bills for payment, each on the last business day that is in time."""
    from app.queries import bills as query
    from app.queries import payments as payments_query
    from app.services.payments import schedule as schedule_bills

    with _opened(workspace) as opened:
        with opened.database.reading() as session:
            rows = query.fetch(session, query.Filter(statuses=() if numbers else (InvoiceStatus.APPROVED,)))
        ids = [row.id for row in rows] if not numbers else [_bill_id(rows, number) for number in numbers]
        if ids:
            schedule_bills(opened, ids, _actor(user), opened.today())
        with opened.database.reading() as session:
            scheduled = [row for row in payments_query.fetch(session) if row.invoice_id in ids]
    names = ["carrier", "number", "amount", "currency", "send_on", "pay_on", "status"]
    _show(scheduled, names, ["Carrier", "Bill", "Amount", "", "Send on", "Pay on", "Status"], as_json)


@application.command(epilog="Example: main.py pay --user 'Priya Nair'")
def pay(
    workspace: Folder = None,
    user: User = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is not due to be sent yet.")] = False,
    as_json: Json = False,
) -> None:
    """Release the scheduled payments that are due to be sent and write their files. Not for whoever scheduled them."""
    from app.domain.vocabulary import PaymentStatus
    from app.queries import payments as query
    from app.services.payments import release_each

    with _opened(workspace) as opened:
        today = opened.today()
        with opened.database.reading() as session:
            due = [
                row
                for row in query.fetch(session)
                if row.status is PaymentStatus.SCHEDULED and (everything or row.send_on <= today)
            ]
        released = release_each(opened, [row.id for row in due], _actor(user), today) if due else []
    if as_json:
        typer.echo(write_json([{"batch": batch, "file": path} for batch, path in released]))
    else:
        for _, path in released:
            typer.echo(f"Payment file: {path}")
        if not released:
            typer.echo("Nothing is due to be sent.")


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
    with _opened(workspace) as opened, opened.database.reading() as session:
        rows = fetch(session)
    write_file(to, writers[to.suffix.lower()](*columns_of(kind, rows)))
    typer.echo(f"{len(rows)} {what} written to {to}.")


@application.command(epilog="Example: main.py check --json")
def check(workspace: Folder = None, as_json: Json = False, quiet: Quiet = False) -> None:
    """Verify that the workspace is whole and adds up. Changes nothing; ends with 1 if something does not hold."""
    from app.services.checking import check_workspace

    with _opened(workspace) as opened, _reporter(quiet or as_json) as progress:
        result = check_workspace(opened, progress=progress)
    if as_json:
        typer.echo(write_json(result))
    else:
        for fault in result.faults:
            typer.echo(f"{fault.check}: {fault.subject} {fault.message}")
        if not result.faults:
            typer.echo(f"All is well: {', '.join(result.checked)}.")
    if result.faults:
        raise typer.Exit(EXIT_REFUSED)


@application.command(epilog="Example: main.py templates --to ~/bills")
def templates(
    to: Annotated[Path, typer.Option("--to", help="The folder to write them to.")] = Path(),
) -> None:
    """Write the workbooks to fill in: inventory and contracts, each column explained."""
    from app.importers.records.templates import contracts_template, inventory_template
    from app.services.files import write_file

    for name, content in (
        ("tollbook-inventory.xlsx", inventory_template()),
        ("tollbook-contracts.xlsx", contracts_template()),
    ):
        typer.echo(f"Written: {write_file(to / name, content)}")


@contextmanager
def _opened(folder: Path | None) -> Iterator[Workspace]:
    from app.services.workspace import open_workspace

    workspace = open_workspace(folder or load_settings().workspace)
    try:
        yield workspace
    finally:
        workspace.close()


@contextmanager
def _reporter(quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Progress on stderr: one line that is written over on a terminal, nothing elsewhere."""
    shown = not quiet and sys.stderr.isatty()

    def show(progress: Progress) -> None:
        if shown:
            typer.echo(f"\r\033[K{progress}"[:120], err=True, nl=False)

    yield show
    if shown:
        typer.echo("\r\033[K", err=True, nl=False)


def _actor(user: str | None) -> str:
    return user or load_settings().user


def _remember(folder: Path) -> None:
    save_settings(load_settings().remember(folder))


def _free_folder(wanted: Path) -> Path:
    """`wanted`, or with the first number behind it under which there is nothing yet."""
    number, folder = 1, wanted
    while folder.exists():
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    return folder


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _carrier_id(session: Session, name: str) -> int | None:
    """The carrier of that name, whatever its case and punctuation; None for no name."""
    from app.queries.carriers import find_carrier, list_carriers

    if not name:
        return None
    found = find_carrier(session, name)
    if found is None:
        raise UnknownCarrier(name=name, known=", ".join(list_carriers(session)) or "none yet")
    return found


def _bill_id(rows: Sequence[BillRow], number: str) -> int:
    for row in rows:
        if row.number == number:
            return row.id
    raise BillUnknown(number=number)


def _show(rows: Sequence[Any], names: Sequence[str], heads: Sequence[str], as_json: bool) -> None:
    """Print rows (dataclasses or mappings): these fields under these heads, or all of them as JSON."""
    if as_json:
        typer.echo(write_json(rows))
        return
    cells = [[row[name] if isinstance(row, dict) else getattr(row, name) for name in names] for row in rows]
    typer.echo(write_lines(heads, cells) if cells else "None.")
