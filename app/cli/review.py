"""Commands on what waits and what was kept out: reviews, quarantine, imports and taking them back."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.base import EXIT_REFUSED, Folder, Json, Quiet, User, actor, application, open_books, show
from app.domain.review import Answer, Deed, QuestionKind
from app.errors import UserError
from app.reports.table import write_json

if TYPE_CHECKING:
    from app.queries.review import HeldDetail
    from app.services.workspace import Workspace

Reason = Annotated[str, typer.Option("--reason", help="Why, in a few words; it stands in the log.")]


class NoAccount(UserError):
    """{ban} is no account of this carrier: there are {known}."""


@application.command(epilog='Example: main.py review 3 --accept "compared with the paper" --post')
def review(
    held_id: Annotated[int | None, typer.Argument(help="The file's number; without it, all that wait.")] = None,
    accept: Annotated[str, typer.Option("--accept", help="What had to be looked at is right: say why.")] = "",
    create_account: Annotated[bool, typer.Option("--create-account", help="Unknown accounts are ours.")] = False,
    map_account: Annotated[str, typer.Option("--map-account", help="Unknown accounts are this one.")] = "",
    currency: Annotated[str, typer.Option("--currency", help="It is in this currency, where it names none.")] = "",
    supersede: Annotated[str, typer.Option("--supersede", help="It corrects the bill that is here: say why.")] = "",
    post: Annotated[bool, typer.Option("--post", help="Post it, once nothing keeps it.")] = False,
    discard: Annotated[str, typer.Option("--discard", help="Do not post it: say why.")] = "",
    workspace: Folder = None,
    user: User = None,
    as_json: Json = False,
) -> None:
    """List what waits for a person, or show, answer, post or discard one file of it."""
    from app.services.holding import discard_held
    from app.services.pipeline import post_reviewed

    with open_books(workspace) as opened:
        if held_id is None:
            _list(opened, as_json)
            return
        detail = _detail(opened, held_id)
        _answer(opened, detail, (accept, supersede, currency), create_account, map_account, actor(user))
        if discard:
            discard_held(opened, held_id, actor(user), discard)
            typer.echo(f"{detail.name}: discarded; the file stands in quarantine.")
        elif post:
            stored, _ = post_reviewed(opened, held_id, actor(user), opened.today())
            typer.echo(f"{detail.name}: {stored.counts} posted.")
        else:
            _show(_detail(opened, held_id), as_json)


def _list(opened: Workspace, as_json: bool) -> None:
    from app.queries.review import fetch_held

    with opened.database.reading() as session:
        rows = fetch_held(session)
    names = ["id", "name", "carrier", "number", "total", "currency", "why"]
    show(rows, names, ["No.", "File", "Carrier", "Bill", "Total", "Currency", "Why it waits"], as_json)


def _detail(opened: Workspace, held_id: int) -> HeldDetail:
    from app.queries.review import fetch_detail
    from app.services.charge_types import guess_charge_type
    from app.services.holding import NotHeld

    with opened.database.reading() as session:
        detail = fetch_detail(session, held_id, guess_charge_type)
    if detail is None:
        raise NotHeld(held_id=held_id)
    return detail


def _show(detail: HeldDetail, as_json: bool) -> None:
    if as_json:
        typer.echo(write_json([detail]))
        return
    typer.echo(f"{detail.name}, read by {detail.importer}")
    for invoice in detail.document.invoices:
        typer.echo(
            f"  bill {invoice.number} of {invoice.carrier}, account {invoice.ban or '(none printed)'}, dated "
            f"{invoice.bill_date}: {len(invoice.charges)} charges, total {invoice.total_due:,.2f} {invoice.currency}"
        )
    for question in detail.questions:
        mark = "answered" if question.answer else ("to answer" if question.blocks else "may stay open")
        typer.echo(f"  [{mark}] {question.text}")


def _answer(
    opened: Workspace,
    detail: HeldDetail,
    said: tuple[str, str, str],
    create_account: bool,
    map_account: str,
    who: str,
) -> None:
    """Give one answer to all questions of a kind."""
    from app.services.holding import answer

    accept, supersede, currency = said
    given: dict[QuestionKind, Answer] = {}
    if currency:
        given[QuestionKind.CURRENCY] = Answer(Deed.TYPE, currency.upper())
    if accept:
        for kind in (QuestionKind.EYES, QuestionKind.FOOTING, QuestionKind.BANK, QuestionKind.TWIN):
            given[kind] = Answer(Deed.SEEN, reason=accept)
    if supersede:
        given[QuestionKind.DUPLICATE] = Answer(Deed.SUPERSEDE, reason=supersede)
    if create_account:
        given[QuestionKind.ACCOUNT] = Answer(Deed.CREATE)
    for question in detail.questions:
        wanted = given.get(question.kind)
        if map_account and question.kind is QuestionKind.ACCOUNT:
            wanted = Answer(Deed.MAP, _account(opened, question.key.split("|")[1], map_account))
        if wanted is not None and question.answer is None:
            answer(opened, detail.id, question.key, wanted, who)


def _account(opened: Workspace, carrier_key: str, ban: str) -> str:
    from app.queries.review import fetch_accounts

    with opened.database.reading() as session:
        choices = fetch_accounts(session, carrier_key)
    for choice in choices:
        if choice.label.partition(" · ")[0] == ban:
            return str(choice.id)
    raise NoAccount(ban=ban, known=", ".join(choice.label for choice in choices) or "none")


@application.command(epilog="Example: main.py quarantine --retry 4 --retry 5")
def quarantine(
    retry: Annotated[list[int] | None, typer.Option("--retry", help="Try this file again; may be repeated.")] = None,
    every: Annotated[bool, typer.Option("--retry-all", help="Try all of them again.")] = False,
    importer: Annotated[str, typer.Option("--importer", help="Have it read by this importer.")] = "",
    discard: Annotated[list[int] | None, typer.Option("--discard", help="Throw this file away.")] = None,
    save: Annotated[Path | None, typer.Option("--save-to", help="Copy the files into this folder.")] = None,
    workspace: Folder = None,
    user: User = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the files that could not be taken in, and why; try them again, save them elsewhere or throw them away."""
    from app.queries.review import fetch_quarantine
    from app.services.pipeline import try_again
    from app.services.progress import show_progress
    from app.services.quarantine import discard as throw_away
    from app.services.quarantine import save_files
    from app.services.receipts import Outcome

    with open_books(workspace) as opened:
        with opened.database.reading() as session:
            rows = fetch_quarantine(session)
        wanted = [row.id for row in rows] if every else retry
        if save is not None:
            for path in save_files(opened, [row.id for row in rows], save):
                typer.echo(str(path))
        elif wanted:
            with show_progress(sys.stderr, quiet=quiet or as_json) as progress:
                receipts, _ = try_again(
                    opened, wanted, actor(user), opened.today(), importer=importer, progress=progress
                )
            for receipt in receipts:
                typer.echo(f"{receipt.outcome.replace('_', ' '):12}  " + f"\n{'':14}".join(receipt.lines()))
            if any(receipt.outcome is Outcome.REFUSED for receipt in receipts):
                raise typer.Exit(EXIT_REFUSED)
        elif discard:
            throw_away(opened, discard, actor(user))
            typer.echo(f"{len(discard)} thrown away.")
        else:
            told = [(f"{row.id}  {row.name}  ({_words(row.code)})", row.message, row.remedy) for row in rows]
            typer.echo(write_json(rows) if as_json else _tell_whole(told))


@application.command(epilog="Example: main.py documents --rows-left-out 7")
def documents(
    left_out: Annotated[int | None, typer.Option("--rows-left-out", help="The rows of this import.")] = None,
    again: Annotated[int | None, typer.Option("--read-rows-again", help="Read those of this import again.")] = None,
    workspace: Folder = None,
    user: User = None,
    as_json: Json = False,
) -> None:
    """List the files that were taken in, what they brought, and the rows of one that were left out."""
    from app.queries.review import fetch_imports, fetch_rejected
    from app.services.pipeline import read_rows_again

    if again is not None:
        with open_books(workspace) as opened:
            receipts, _ = read_rows_again(opened, again, actor(user), opened.today())
        for receipt in receipts:
            typer.echo(f"{receipt.outcome.replace('_', ' '):12}  " + f"\n{'':14}".join(receipt.lines()))
        return
    with open_books(workspace) as opened, opened.database.reading() as session:
        if left_out is not None:
            rejected = fetch_rejected(session, left_out)
            told = [(f"row {row.row:,}  ({_words(row.code)})", row.message, row.text) for row in rejected]
            typer.echo(write_json(rejected) if as_json else _tell_whole(told))
            return
        rows = fetch_imports(session)
    if as_json:
        typer.echo(write_json(rows))
        return
    shown = [asdict(row) | {"received": f"{row.received_at.astimezone():%Y-%m-%d %H:%M}"} for row in rows]
    names = ["id", "name", "importer", "received", "received_by", "bills", "left_out", "within"]
    show(shown, names, ["No.", "File", "Read by", "Received", "By", "Bills", "Rows left out", "Came in"], as_json)


def _words(code: str) -> str:
    return code.replace("-", " ")


def _tell_whole(told: Sequence[tuple[str, str, str]]) -> str:
    """A head and two texts for each, not cut: what is wrong has to be read to the end."""
    lines = []
    for head, *texts in told:
        lines.append(head)
        for text in texts:
            lines += textwrap.wrap(text, 110, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines) or "None."


@application.command(epilog='Example: main.py undo 7 --reason "the wrong month"')
def undo(
    document_id: Annotated[int, typer.Argument(help="The import's number, as `documents` lists it.")],
    reason: Reason,
    workspace: Folder = None,
    user: User = None,
) -> None:
    """Take an import back, with all that it brought, unless something depends on it. The file goes into quarantine."""
    from app.services.pipeline import undo as take_back

    with open_books(workspace) as opened:
        undone, _ = take_back(opened, document_id, actor(user), opened.today(), reason)
    typer.echo(f"Taken back: {', '.join(undone.names)}.")
