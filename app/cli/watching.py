"""The command that watches a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.base import Folder, User, actor, application, open_books

if TYPE_CHECKING:
    from app.services.receipts import Receipt


@application.command(epilog="Example: main.py watch ~/inbox --move")
def watch(
    folder: Annotated[Path, typer.Argument(help="The folder; its subfolders are left alone.")],
    workspace: Folder = None,
    user: User = None,
    move: Annotated[
        bool, typer.Option("--move", help="Move taken files to its subfolder done, refused ones to refused.")
    ] = False,
    poll: Annotated[
        bool, typer.Option("--poll", help="For network shares: look, instead of waiting to be told.")
    ] = False,
    settle: Annotated[
        float, typer.Option("--settle", min=0, help="Seconds that a file stays unchanged before it is taken.")
    ] = 3.0,
) -> None:
    """Take in whatever is put into a folder, and what lies there already, until Ctrl+C."""
    from app.services.watching import WatchRules
    from app.services.watching import watch as watch_folder

    rules = WatchRules(settle_seconds=settle, move=move, polling=poll)
    with open_books(workspace) as opened:
        watching = watch_folder(opened, folder, actor(user), _tell, trouble=_complain, rules=rules)
        typer.echo(f"Watching {watching.folder}. Ctrl+C ends it.")
        try:
            while watching.is_running:
                watching.wait(0.5)
        except KeyboardInterrupt:
            typer.echo("Ending.")
        finally:
            watching.stop()


def _tell(receipt: Receipt) -> None:
    typer.echo(f"{receipt.outcome.replace('_', ' '):12}  " + f"\n{'':14}".join(receipt.lines()))


def _complain(message: str) -> None:
    typer.echo(message, err=True)
