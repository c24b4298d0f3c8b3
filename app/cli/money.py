"""Commands on payments."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.base import (
    Folder,
    Json,
    User,
    actor,
    application,
    open_books,
    show,
)
from app.domain.vocabulary import InvoiceStatus
from app.reports.table import write_json


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

    with open_books(workspace) as opened:
        with opened.database.reading() as session:
            if numbers:
                ids = [pick_bill(session, number) for number in numbers]
            else:
                ids = [row.id for row in query.fetch(session, query.Filter(statuses=(InvoiceStatus.APPROVED,)))]
        if ids:
            schedule_bills(opened, ids, actor(user), opened.today())
        with opened.database.reading() as session:
            scheduled = [row for row in payments_query.fetch(session) if row.invoice_id in ids]
    names = ["carrier", "number", "amount", "currency", "send_on", "pay_on", "status"]
    show(scheduled, names, ["Carrier", "Bill", "Amount", "", "Send on", "Pay on", "Status"], as_json)


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

    with open_books(workspace) as opened:
        today = opened.today()
        wanted = query.Filter(statuses=(PaymentStatus.SCHEDULED,), send_until=None if everything else today)
        with opened.database.reading() as session:
            due = [row.id for row in query.fetch(session, wanted)]
        released = release_each(opened, due, actor(user), today) if due else []
    if as_json:
        typer.echo(write_json([{"batch": batch, "file": path} for batch, path in released]))
    else:
        for _, path in released:
            typer.echo(f"Payment file: {path}")
        if not released:
            typer.echo("Nothing is due to be sent.")
