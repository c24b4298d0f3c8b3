"""The command line: the window's services without the window. Each command opens the workspace, does one thing, ends.

Exit codes: 0 done; 1 refused, with the reason on stderr (also where a file of an import was refused, or `check` found
faults); 2 wrong usage; 3 `audit --fail-over` found more to claim; 70 our own fault.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import VERSION
from app.domain.money import ZERO, D
from app.domain.proof import write_proof
from app.domain.vocabulary import FindingStatus, InvoiceStatus, Role
from app.errors import UserError
from app.reports.table import columns_of, write_csv, write_json, write_rows, write_xlsx
from app.settings import default_workspace, load_settings, save_settings

if TYPE_CHECKING:
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


class UnknownForm(UserError):
    """{file} cannot be written: name a file that ends with .xlsx or .csv."""


class NoWindow(UserError):
    """There is no screen here to show the window on. The workspace is in {folder}: open it on a machine with one."""


def run(argv: Sequence[str], open_window: Callable[[Path | None], int] | None) -> int:
    """Run one command; `open_window` shows the window, None where there is no screen. UserErrors go to the caller."""
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
    from app.services.progress import show_progress
    from app.services.reporting import write_reports

    folder = workspace or default_workspace().parent / "demo"
    if fresh:
        folder = _free_folder(folder)
    with show_progress(sys.stderr, quiet=quiet or as_json) as progress:
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
    open_window: Callable[[Path], int] | None = context.obj
    if window and open_window is None:
        raise NoWindow(folder=folder)
    if open_window is not None and window is not False:
        raise typer.Exit(open_window(folder))


@application.command(
    name="new", epilog='Example: main.py new --workspace ~/bills --company "Meridian Foods" --currency USD'
)
def create(
    company: Annotated[str, typer.Option("--company", help="Whose workspace this is.")],
    workspace: Folder = None,
    currency: Annotated[str, typer.Option("--currency", help="The currency of reports.")] = "USD",
    address: Annotated[
        str | None, typer.Option("--address", help="A PostgreSQL database to keep the data in, instead of SQLite.")
    ] = None,
    user: User = None,
) -> None:
    """Make an empty workspace; whoever makes it becomes its first user, as IT manager."""
    from app.services.users import add_user
    from app.services.workspace import create_workspace

    settings = load_settings()
    folder = workspace or settings.workspace
    made = create_workspace(folder, company, currency, address=address)
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
    from app.services.progress import show_progress

    with _opened(workspace) as opened, show_progress(sys.stderr, quiet=quiet or as_json) as progress:
        receipts, _ = take_in(opened, paths, _actor(user), opened.today(), progress=progress)
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

    with _opened(workspace) as opened:
        save_mapping(opened, read_mapping(file), _actor(user))
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
    with _opened(workspace) as opened, show_progress(sys.stderr, quiet=quiet or as_json) as progress:
        day = as_of.date() if as_of else opened.today()
        reprocess(opened, None, _actor(user), day, progress=progress)
        audit_accounts(opened, day, actor=_actor(user))
        with opened.database.reading() as session:
            rows = query.fetch(session, query.Filter(statuses=(FindingStatus.OPEN,)))
    totals = query.add_up(rows)
    names = ["rule", "name", "findings", "claim", "currency"]
    _show(totals, names, ["Rule", "Accusation", "Open findings", "To claim", "Currency"], as_json)
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

    with _opened(workspace) as opened, opened.database.reading() as session:
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
    _show(rows, names, heads, as_json)


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

    with _opened(workspace) as opened, opened.database.reading() as session:
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
    _show(rows, names, heads, as_json)


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

    with _opened(workspace) as opened:
        with opened.database.reading() as session:
            invoice_id = pick_bill(session, number, pick_carrier(session, carrier))
        supersede_bill(opened, invoice_id, _actor(user), reason)
    typer.echo(f"Bill {number} is superseded. Now import the corrected one.")


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
    from app.queries.pick import pick_bill
    from app.services.payments import schedule as schedule_bills

    with _opened(workspace) as opened:
        with opened.database.reading() as session:
            if numbers:
                ids = [pick_bill(session, number) for number in numbers]
            else:
                ids = [row.id for row in query.fetch(session, query.Filter(statuses=(InvoiceStatus.APPROVED,)))]
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
        wanted = query.Filter(statuses=(PaymentStatus.SCHEDULED,), send_until=None if everything else today)
        with opened.database.reading() as session:
            due = [row.id for row in query.fetch(session, wanted)]
        released = release_each(opened, due, _actor(user), today) if due else []
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
    from app.services.progress import show_progress

    with _opened(workspace) as opened, show_progress(sys.stderr, quiet=quiet or as_json) as progress:
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
    from app.services.templates import write_templates

    for file in write_templates(to):
        typer.echo(f"Written: {file}")


@application.command(epilog="Example: main.py backup --to /backups/bills-2026-10.tollbook-backup")
def backup(
    workspace: Folder = None,
    to: Annotated[Path | None, typer.Option("--to", help="The file to write; else one in the workspace.")] = None,
) -> None:
    """Back up database, documents and usage into one file, and read it back before it gets its name."""
    from app.services.backups import back_up

    with _opened(workspace) as opened:
        made = back_up(opened.folder, "by-hand", target=to)
    typer.echo(f"Backup written and verified: {made.file}")


@application.command(epilog="Example: main.py restore bills-2026-10.tollbook-backup --workspace ~/bills")
def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    workspace: Folder = None,
) -> None:
    """Put a backup into a workspace, or into an empty folder. What stood there is backed up first."""
    from app.services.backups import restore as put_back

    folder = workspace or load_settings().workspace
    before = put_back(file, folder)
    typer.echo(f"Restored into {folder}." + (f" What stood there before: {before}" if before else ""))


@contextmanager
def _opened(folder: Path | None) -> Iterator[Workspace]:
    from app.services.workspace import open_workspace

    workspace = open_workspace(folder or load_settings().workspace)
    try:
        yield workspace
    finally:
        workspace.close()


def _show(rows: Sequence[Any], names: Sequence[str], heads: Sequence[str], as_json: bool) -> None:
    typer.echo(write_json(rows) if as_json else write_rows(rows, names, heads))


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
