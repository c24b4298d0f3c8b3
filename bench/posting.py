"""Posting a bill of 200,000 charges against a bare executemany of the same rows into the same table.

The baseline writes rows that are ready; posting makes them of what was read (types, keys, sources) and writes them.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import delete, select

from app.domain.money import D
from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.period import Period
from app.domain.source import Box, Source
from app.domain.vocabulary import ChargeType
from app.models.documents import SourceDocument
from app.models.invoices import Charge, Invoice
from app.services.posting import post_invoice
from app.services.workspace import create_workspace
from bench._timing import compare

CHARGES = 200_000
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))


def main() -> None:
    """Post the bill and write its rows, in turns, into one workspace."""
    bill = _make_bill()
    with tempfile.TemporaryDirectory() as name:
        workspace = create_workspace(Path(name) / "workspace", "Meridian Foods")
        with workspace.database.writing() as session:
            document = SourceDocument(
                sha256="0" * 64, name="bill", size=1, importer="x", received_at=datetime.now(UTC), received_by="bench"
            )
            session.add(document)
            session.flush()
            document_id = document.id

        def post() -> int:
            with workspace.database.writing() as session:
                _empty(session)
                post_invoice(session, bill, document_id, "bench")
            return CHARGES

        def _empty(session) -> None:  # type: ignore[no-untyped-def]  # a session, as `writing` gives it
            session.execute(delete(Charge))
            session.execute(delete(Invoice))

        post()
        with workspace.database.reading() as session:
            table = Charge.__table__
            names = [column.name for column in table.columns if column.name != "id"]
            statement = select(*(table.c[one] for one in names)).order_by(table.c.seq)
            plain = str(statement.compile(session.connection()))
            rows = [tuple(row) for row in session.connection().exec_driver_sql(plain)]
        wanted = f"INSERT INTO charges ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608

        def bare() -> int:
            with workspace.database.writing() as session:
                session.execute(delete(Charge))
                driver = session.connection().connection.driver_connection
                assert driver is not None  # noqa: S101 - an open connection has one
                driver.executemany(wanted, rows)
            return len(rows)

        compare(f"{CHARGES:,} charges posted", ("bare executemany", bare), ("post_invoice", post), 3)


def _make_bill() -> ParsedInvoice:
    charges = tuple(
        ParsedCharge(
            description=f"Line {number % 5_000} monthly service",
            amount=D(f"{number % 90}.{number % 100:02d}"),
            source=Source(page=number // 60 + 1, box=Box(3600, 100 * (number % 60), 55_000, 100 * (number % 60) + 90)),
            charge_type=ChargeType.MRC,
            code=f"MRC-{number % 40}",
            quantity=Decimal(1),
            period=SEPTEMBER,
            tn=f"1217555{number % 10_000:04d}",
        )
        for number in range(CHARGES)
    )
    total = sum((charge.amount for charge in charges), D("0"))
    return ParsedInvoice("Quiet Hill", "B-1", date(2026, 9, 5), "USD", total, total, charges, ban="1")


if __name__ == "__main__":
    main()
