"""Commands on electronic data interchange."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.base import Folder, Json, User, actor, application, open_books
from app.reports.table import write_json


@application.command(epilog="Example: main.py acknowledge bill-811.edi --to outbox")
def acknowledge(
    file: Annotated[Path, typer.Argument(help="The carrier's X12 file.")],
    workspace: Folder = None,
    user: User = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="The folder to write to; else the workspace's exports.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the 997 that tells a carrier which bills of its X12 file were accepted, and why others were not."""
    from app.services.acknowledgements import acknowledge as write

    with open_books(workspace) as opened:
        made = write(opened, file, actor(user), to)
    if as_json:
        typer.echo(write_json(made))
    else:
        sets = "1 set" if made.accepted == 1 else f"{made.accepted:,} sets"
        typer.echo(f"Written: {made.file} ({sets} accepted, {made.rejected} rejected)")
