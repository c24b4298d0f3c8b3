"""What all commands share: the application, the common options, the open workspace, and how rows are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import VERSION
from app.reports.table import write_json, write_rows
from app.settings import load_settings, save_settings

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


@contextmanager
def open_books(folder: Path | None) -> Iterator[Workspace]:
    """The workspace in `folder`, else the one of the settings; closed in the end."""
    from app.services.workspace import open_workspace

    workspace = open_workspace(folder or load_settings().workspace)
    try:
        yield workspace
    finally:
        workspace.close()


def show(rows: Sequence[Any], names: Sequence[str], heads: Sequence[str], as_json: bool) -> None:
    """Print rows as a table of the attributes in `names`, or as JSON with all of them."""
    typer.echo(write_json(rows) if as_json else write_rows(rows, names, heads))


def actor(user: str | None) -> str:
    """Who acts: the one named, else the settings' or login's."""
    return user or load_settings().user


def remember(folder: Path) -> None:
    """Make `folder` the workspace of the settings."""
    save_settings(load_settings().remember(folder))
