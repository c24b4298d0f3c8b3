"""100,000 recurring charges in a workspace on SQLite: the time of rating them beside the time of loading them.

    python -m bench.recurring [charges]

Goal: rating takes at most three times as long as loading.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert

from app.domain.money import RoundingMode
from app.domain.period import Period, add_months
from app.domain.vocabulary import (
    BillingMode,
    ChargeType,
    DocumentKind,
    InvoiceStatus,
    MatchMethod,
    PriceModel,
    ProrationMethod,
    RatingOutcome,
    RoundingScope,
    ServiceKind,
    ServiceStatus,
)
from app.models.contracts import Contract, RateElement
from app.models.documents import SourceDocument
from app.models.inventory import BillingAccount, Carrier, Service
from app.models.invoices import Charge, ChargeMatch, Invoice
from app.rating.engine import rate_invoice
from app.rating.ratebook import RateBook
from app.services.facts import load_contracts, load_invoices, load_services
from app.services.workspace import create_workspace

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

CHARGES = 100_000
BILLS = 10
CODES = 50
RUNS = 5
MOST_TIMES = 3
MONTHS = [
    Period(add_months(date(2026, 1, 1), month), add_months(date(2026, 1, 1), month + 1)) for month in range(BILLS)
]


def main() -> None:
    """Fill a workspace, then load and rate all its bills in turn."""
    services = (int(sys.argv[1]) if len(sys.argv) > 1 else CHARGES) // BILLS
    with tempfile.TemporaryDirectory(prefix="tollbook-bench-") as folder:
        workspace = create_workspace(Path(folder) / "workspace", "Meridian Foods", "USD")
        try:
            carrier_id, invoice_ids = _fill(workspace, services)
            _measure(workspace, carrier_id, invoice_ids)
        finally:
            workspace.close()


def _measure(workspace: Workspace, carrier_id: int, invoice_ids: list[int]) -> None:
    loading: list[float] = []
    rating: list[float] = []
    proving: list[float] = []
    for _ in range(RUNS):
        with workspace.database.reading() as session:
            start = time.perf_counter()
            invoices = load_invoices(session, invoice_ids)
            loading.append(time.perf_counter() - start)
            inventory = load_services(session, carrier_id)
            book = RateBook(load_contracts(session, carrier_id))
        for seconds, explain in ((rating, False), (proving, True)):
            start = time.perf_counter()
            rated = [rate_invoice(invoice, inventory, book, {}, explain=explain) for invoice in invoices.values()]
            seconds.append(time.perf_counter() - start)
            results = [charge for bill in rated for charge in bill.values()]
            if any(charge.outcome is not RatingOutcome.RATED or charge.variance for charge in results):
                raise AssertionError("every charge was billed as the contract says")
    loaded, amounts, proofs = (statistics.median(seconds) for seconds in (loading, rating, proving))
    count = sum(len(invoice.charges) for invoice in invoices.values())
    print(f"{count:,} recurring charges on {len(invoices)} bills")
    for name, took in (("loading", loaded), ("rating", amounts), ("rating with every proof", proofs)):
        print(f"  {name:<24} {took:7.2f} s  {count / took:10,.0f} a second  {took / loaded:5.2f} × loading")
    met = "met" if amounts <= MOST_TIMES * loaded else "MISSED"
    print(f"  goal: rating takes at most {MOST_TIMES} times as long as loading ({met})")


def _fill(workspace: Workspace, services: int) -> tuple[int, list[int]]:
    """A carrier whose bills charge each service once a month as agreed."""
    with workspace.database.writing() as session:
        carrier = Carrier(name="Calder Fiber", name_key="calderfiber", currency="USD")
        document = SourceDocument(
            sha256="0" * 64,
            name="bills.csv",
            size=1,
            importer="bench",
            received_at=datetime(2026, 1, 1, tzinfo=UTC),
            received_by="bench",
        )
        session.add_all([carrier, document])
        session.flush()
        account = BillingAccount(carrier_id=carrier.id, ban="1", ban_key="1", currency="USD", mode=BillingMode.POSTPAID)
        contract = Contract(
            carrier_id=carrier.id,
            number="MSA-1",
            start=date(2025, 1, 1),
            currency="USD",
            proration=ProrationMethod.ACTUAL,
            rounding=RoundingMode.HALF_UP,
            rounding_scope=RoundingScope.CHARGE,
            rounding_places=2,
            disconnect_day_billed=False,
            payment_days=30,
            dispute_days=60,
            withhold_days=30,
            notice_days=60,
        )
        session.add_all([account, contract])
        session.flush()
        session.execute(insert(RateElement), [_price(contract.id, code) for code in range(CODES)])
        session.execute(insert(Service), [_service(carrier.id, account.id, number) for number in range(services)])
        ids = sorted(load_services(session, carrier.id))
        return carrier.id, [_bill(session, account, document.id, ids, month) for month in MONTHS]


def _price(contract_id: int, code: int) -> dict[str, object]:
    return {
        "contract_id": contract_id,
        "code": f"DIA-{code}",
        "charge_type": ChargeType.MRC,
        "model": PriceModel.FLAT,
        "price": Decimal(100 + code),
        "effective_from": date(2025, 1, 1),
    }


def _service(carrier_id: int, account_id: int, number: int) -> dict[str, object]:
    return {
        "carrier_id": carrier_id,
        "account_id": account_id,
        "kind": ServiceKind.INTERNET,
        "status": ServiceStatus.ACTIVE,
        "circuit_id": f"80/KXGS/{number:06}",
        "circuit_key": f"80KXGS{number:06}",
        "code": f"DIA-{number % CODES}",
        "quantity": Decimal(1),
    }


def _bill(session: Session, account: BillingAccount, document_id: int, services: list[int], month: Period) -> int:
    amounts = [Decimal(100 + number % CODES) for number in range(len(services))]
    total = sum(amounts, Decimal(0))
    bill = Invoice(
        carrier_id=account.carrier_id,
        account_id=account.id,
        document_id=document_id,
        kind=DocumentKind.INVOICE,
        number=f"INV-{month.start}",
        number_key=f"INV{month.start:%Y%m%d}",
        bill_date=month.start,
        period_start=month.start,
        period_end=month.end,
        currency="USD",
        previous_balance=Decimal(0),
        payments_applied=Decimal(0),
        current_charges=total,
        rounding=Decimal(0),
        total_due=total,
        status=InvoiceStatus.MATCHED,
        posted_by="bench",
        posted_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    session.add(bill)
    session.flush()
    rows = [
        {
            "invoice_id": bill.id,
            "seq": number,
            "charge_type": ChargeType.MRC,
            "code": f"DIA-{number % CODES}",
            "description": "Internet access",
            "quantity": Decimal(1),
            "amount": amount,
            "period_start": month.start,
            "period_end": month.end,
            "circuit_id": f"80/KXGS/{number:06}",
            "circuit_key": f"80KXGS{number:06}",
            "source": "{}",
        }
        for number, amount in enumerate(amounts)
    ]
    charges = session.scalars(insert(Charge).returning(Charge.id, sort_by_parameter_order=True), rows).all()
    session.execute(
        insert(ChargeMatch),
        [
            {"charge_id": charge, "service_id": service, "method": MatchMethod.CIRCUIT_ID, "matched_by": "bench"}
            for charge, service in zip(charges, services, strict=True)
        ],
    )
    return bill.id


if __name__ == "__main__":
    main()
