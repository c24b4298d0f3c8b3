"""Commands on what charges should cost: why a bill differs, faults of prices, the calls behind a charge."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.base import EXIT_REFUSED, Carrier, Folder, Json, application, open_books, show
from app.domain.proof import write_proof
from app.errors import UserError
from app.rating.voice.totals import Key
from app.reports.table import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.queries.calls import Row
    from app.services.call_totals import TotalRow

Bill = Annotated[str, typer.Argument(help="The bill's number.")]


class NoCalls(UserError):
    """Our records have no calls of {number} behind a usage charge of bill {bill}: import the call records of its
    period, and see that the inventory has the number."""


class NoSuchRow(UserError):
    """No call of {number} on bill {bill} is in row {row} of its file: `main.py calls {bill} {number}` lists them."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """A recorded call as it is printed; `row` is its place in `file`."""

    row: int
    started: datetime
    number: str
    seconds: int
    billed: Decimal | None
    file: str

    @property
    def moment(self) -> str:
        """The start by the contract's clock, without its offset."""
        return f"{self.started:%Y-%m-%d %H:%M:%S}"


@application.command(epilog="Example: main.py why INV-52310")
def why(bill: Bill, carrier: Carrier = "", workspace: Folder = None, as_json: Json = False) -> None:
    """Say which other settings a bill's deviations fit, with the carrier's arithmetic for a charge of each."""
    from app.queries import bill as query
    from app.queries.pick import pick_bill, pick_carrier
    from app.services.reverse_rating import explain_invoice

    with open_books(workspace) as opened, opened.database.reading() as session:
        invoice_id = pick_bill(session, bill, pick_carrier(session, carrier))
        causes = explain_invoice(session, opened, invoice_id)
        detail = query.fetch_one(session, invoice_id)
    if as_json:
        typer.echo(write_json([{"message": cause.message, "cause": cause} for cause in causes]))
        return
    if not causes:
        typer.echo("No other settings of the contract give what this bill bills beyond it.")
    charges = {charge.id: charge for charge in detail.charges} if detail is not None else {}
    for place, cause in enumerate(causes):
        first = charges[cause.charges[0]]
        typer.echo(("\n" if place else "") + cause.message)
        typer.echo(f"The carrier's arithmetic for {first.description}, billed {first.amount:f}:")
        typer.echo(write_proof(cause.proof))


@application.command(name="check-prices", epilog="Example: main.py check-prices --carrier 'Calder Fiber'")
def check_prices(workspace: Folder = None, carrier: Carrier = "", as_json: Json = False) -> None:
    """List what rating would stumble over in contracts and offers. Ends with 1 if a price is in error."""
    from app.domain.vocabulary import Severity
    from app.queries import price_checks as query
    from app.queries.carriers import list_carriers
    from app.queries.pick import pick_carrier
    from app.services.price_checks import run

    with open_books(workspace) as opened:
        with opened.database.reading() as session:
            wanted = pick_carrier(session, carrier)
            name = next((name for name, known in list_carriers(session).items() if known == wanted), "")
        rows = query.arrange(run(opened), query.Filter(carrier=name))
    if as_json:
        typer.echo(write_json(rows))
    else:
        for row in rows:
            place = ", ".join(part for part in (row.carrier, row.contract, row.code) if part)
            typer.echo(f"{row.severity:7}  {place}: {row.message}")
        if not rows:
            typer.echo("No fault: all prices can be read, none overlap, and each can hold for something.")
    if any(row.severity is Severity.ERROR for row in rows):
        raise typer.Exit(EXIT_REFUSED)


@application.command(epilog="Example: main.py calls HV202609-77120 312-555-0150 --prove 17")
def calls(
    bill: Bill,
    number: Annotated[str, typer.Argument(help="The telephone number.")],
    prove: Annotated[
        int | None, typer.Option("--prove", help="Show what the call in this row of its file should cost, and why.")
    ] = None,
    carrier: Carrier = "",
    workspace: Folder = None,
    as_json: Json = False,
) -> None:
    """List the recorded calls of a number that a bill charges, or prove what one of them should cost."""
    from app.queries import calls as query
    from app.queries.pick import pick_bill, pick_carrier
    from app.services.call_proofs import prove_one_call

    with open_books(workspace) as opened, opened.database.reading() as session:
        invoice_id = pick_bill(session, bill, pick_carrier(session, carrier))
        drills = query.find_number(session, opened.usage, invoice_id, number)
        if not drills:
            raise NoCalls(number=number, bill=bill)
        if prove is None:
            periods = list(dict.fromkeys(drill.wanted for drill in drills))
            rows = [_line(row) for wanted in periods for row in query.fetch_all(session, opened.usage, wanted)]
            heads = ["Row", "Started", "Other party", "Seconds", "Billed", "File"]
            show(rows, ["row", "moment", "number", "seconds", "billed", "file"], heads, as_json)
            return
        for drill in drills:
            call = _in_row(query.fetch_all(session, opened.usage, drill.wanted), prove)
            if call is not None:
                break
        else:
            raise NoSuchRow(row=prove, number=number, bill=bill)
        proof = prove_one_call(session, opened.usage, drill.charge_id, call.call)
    line = _line(call)
    told = f"Call of {line.moment} with {line.number}, {line.seconds} seconds:"
    typer.echo(write_json(proof) if as_json else f"{told}\n{write_proof(proof)}")


def _line(row: Row) -> CallLine:
    return CallLine(row.call.row, row.started, row.number or "unknown", row.seconds, row.billed, row.document)


def _in_row(rows: Iterable[Row], place: int) -> Row | None:
    return next((row for row in rows if row.call.row == place), None)


@application.command(
    name="total-calls", epilog="Example: main.py total-calls --carrier 'Halyard Voice' --by zone --by cause"
)
def total_calls(
    carrier: Annotated[str, typer.Option("--carrier", help="Whose calls.")],
    contract: Annotated[str, typer.Option("--contract", help="Its contract, where several price calls.")] = "",
    code: Annotated[str, typer.Option("--code", help="The charge code of the price, where it has several.")] = "",
    by: Annotated[list[Key] | None, typer.Option("--by", help="What to add up by; may be given several times.")] = None,
    write_to: Annotated[
        Path | None,
        typer.Option("--write-to", help="A folder for the rated calls; a later run goes on there."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Let a second engine add up the same calls.")] = False,
    workspace: Folder = None,
    as_json: Json = False,
) -> None:
    """Re-rate every stored call of a carrier by its rate deck, and add up what they cost beside what was charged."""
    from app.queries.pick import pick_carrier
    from app.services.call_totals import total_calls as total

    keys = tuple(by or ())
    with open_books(workspace) as opened:
        with opened.database.reading() as session:
            carrier_id = pick_carrier(session, carrier)
        report = total(opened, carrier_id or 0, contract=contract, code=code, by=keys, write_to=write_to, check=check)
    if as_json:
        typer.echo(write_json(report))
        return
    sums = ["calls", "seconds", "expected", "billed", "differing", "unpriced"]
    columns = ["account", *keys, *sums]
    show([_with_keys(row, keys) for row in report.rows], columns, [name.capitalize() for name in columns], False)
    price = f"contract {report.contract}, {report.code}, in {report.currency}"
    typer.echo(f"By {price}: {report.files} files rated, {report.kept} kept.")
    if check:
        told = "gives the same sums" if report.checked else "does not know terms of this kind: nothing was compared"
        typer.echo(f"The second engine {told}.")


def _with_keys(row: TotalRow, keys: tuple[Key, ...]) -> SimpleNamespace:
    named = {key.value: str(value) for key, value in zip(keys, row.keys, strict=True)}
    return SimpleNamespace(**asdict(row), **named)
