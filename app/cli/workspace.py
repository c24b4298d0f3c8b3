"""Commands on the workspace as a whole: make it, fill it with the demo, people, checks, backups."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from app.cli.base import (
    EXIT_REFUSED,
    Folder,
    Json,
    Quiet,
    User,
    actor,
    application,
    open_books,
    remember,
    show,
)
from app.domain.vocabulary import Role
from app.errors import UserError
from app.reports.table import write_json
from app.settings import default_workspace, load_settings


class NoWindow(UserError):
    """There is no screen here to show the window on. The workspace is in {folder}: open it on a machine with one."""


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
        folder = free_folder(folder)
    with show_progress(sys.stderr, quiet=quiet or as_json) as progress:
        opened = build_demo(folder, progress)
    try:
        with opened.database.reading() as session:
            report = build_report(session, opened.today())
        files = write_reports(opened.exports / "reports", report)
    finally:
        opened.close()
    remember(folder)
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
    remember(folder)
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

    with open_books(workspace) as opened:
        if add:
            add_user(opened, add, role, actor(user))
        people = list_users(opened)
    show(people, ["name", "role"], ["Name", "Role"], as_json)


@application.command(epilog="Example: main.py check --json")
def check(workspace: Folder = None, as_json: Json = False, quiet: Quiet = False) -> None:
    """Verify that the workspace is whole and adds up. Changes nothing; ends with 1 if something does not hold."""
    from app.services.checking import check_workspace
    from app.services.progress import show_progress

    with open_books(workspace) as opened, show_progress(sys.stderr, quiet=quiet or as_json) as progress:
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

    with open_books(workspace) as opened:
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


def free_folder(wanted: Path) -> Path:
    """`wanted`, or with the first number behind it under which there is nothing yet."""
    number, folder = 1, wanted
    while folder.exists():
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    return folder
