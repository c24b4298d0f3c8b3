"""An invented carrier's bills and inventory, made in a few words: what the services' tests begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from app.domain.identifiers import ban_key, circuit_key, name_key, tn_key
from app.domain.money import RATE_SCALE, ZERO, D, RoundingMode
from app.domain.parsed import ParsedCharge, ParsedInvoice
from app.domain.period import Period
from app.domain.source import Box, Source
from app.domain.vocabulary import (
    BillingMode,
    ChargeType,
    DocumentKind,
    PriceModel,
    ProrationMethod,
    RoundingScope,
    ServiceKind,
    ServiceStatus,
)
from app.models.contracts import Contract, RateElement
from app.models.documents import SourceDocument
from app.models.inventory import BillingAccount, Carrier, Location, Service
from app.services.posting import post_invoice
from app.services.workspace import Workspace

APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
assert RATE_SCALE == 10  # the quantities below are written for it


def charge(
    amount: str,
    charge_type: ChargeType | None = ChargeType.MRC,
    *,
    code: str = "DIA-100M",
    circuit: str = "",
    tn: str = "",
    location: str = "",
    description: str = "Internet access",
    period: Period | None = APRIL,
    quantity: str | None = "1",
) -> ParsedCharge:
    """One charge of a bill."""
    return ParsedCharge(
        description=description,
        amount=D(amount),
        source=Source(page=1, box=Box(3600, 30000, 55900, 31200)),
        charge_type=charge_type,
        code=code,
        quantity=None if quantity is None else D(quantity),
        period=period,
        circuit_id=circuit,
        tn=tn,
        location=location,
    )


def bill(
    *charges: ParsedCharge,
    number: str = "INV-1",
    carrier: str = "Calder Fiber",
    ban: str = "CF-1001",
    bill_date: date = date(2026, 4, 5),
    period: Period | None = APRIL,
    previous: str = "0",
    payments: str = "0",
    currency: str = "USD",
    kind: DocumentKind = DocumentKind.INVOICE,
) -> ParsedInvoice:
    """A bill that foots."""
    current = sum((one.amount for one in charges), ZERO)
    return ParsedInvoice(
        carrier=carrier,
        number=number,
        bill_date=bill_date,
        currency=currency,
        current_charges=current,
        total_due=current + D(previous) + D(payments),
        charges=charges,
        kind=kind,
        ban=ban,
        billing_period=period,
        due_date=date(2026, 5, 5),
        previous_balance=D(previous),
        payments_applied=D(payments),
        sources={"number": Source(page=1)},
    )


@dataclass
class Office:
    """A workspace with one carrier, filled in by hand."""

    workspace: Workspace
    documents: int = field(default=0)

    def carrier(self, name: str = "Calder Fiber") -> int:
        with self.workspace.database.writing() as session:
            carrier = Carrier(name=name, name_key=name_key(name), currency="USD")
            session.add(carrier)
            session.flush()
            return carrier.id

    def account(self, carrier_id: int, ban: str = "CF-1001", contract_id: int | None = None) -> int:
        with self.workspace.database.writing() as session:
            account = BillingAccount(
                carrier_id=carrier_id,
                ban=ban,
                ban_key=ban_key(ban),
                currency="USD",
                mode=BillingMode.POSTPAID,
                contract_id=contract_id,
            )
            session.add(account)
            session.flush()
            return account.id

    def location(self, code: str, name: str) -> int:
        with self.workspace.database.writing() as session:
            location = Location(code=code, code_key=circuit_key(code), name=name)
            session.add(location)
            session.flush()
            return location.id

    def service(
        self,
        carrier_id: int,
        *,
        circuit: str = "",
        tn: str = "",
        code: str = "DIA-100M",
        account_id: int | None = None,
        location_id: int | None = None,
        disconnected: date | None = None,
    ) -> int:
        with self.workspace.database.writing() as session:
            service = Service(
                carrier_id=carrier_id,
                account_id=account_id,
                kind=ServiceKind.INTERNET,
                status=ServiceStatus.ACTIVE,
                circuit_id=circuit,
                circuit_key=circuit_key(circuit),
                tn=tn,
                tn_key=tn_key(tn),
                code=code,
                location_a_id=location_id,
                quantity=Decimal(1),
                disconnected=disconnected,
            )
            session.add(service)
            session.flush()
            return service.id

    def contract(
        self, carrier_id: int, number: str = "MSA-1", *, dispute_days: int = 60, withhold_days: int = 30
    ) -> int:
        with self.workspace.database.writing() as session:
            contract = Contract(
                carrier_id=carrier_id,
                number=number,
                start=date(2025, 1, 1),
                end=None,
                currency="USD",
                proration=ProrationMethod.ACTUAL,
                disconnect_day_billed=False,
                rounding=RoundingMode.HALF_UP,
                rounding_places=2,
                rounding_scope=RoundingScope.CHARGE,
                payment_days=30,
                dispute_days=dispute_days,
                withhold_days=withhold_days,
                notice_days=60,
            )
            session.add(contract)
            session.flush()
            return contract.id

    def price(
        self,
        contract_id: int,
        price: str,
        code: str = "DIA-100M",
        charge_type: ChargeType = ChargeType.MRC,
        model: PriceModel = PriceModel.FLAT,
    ) -> int:
        with self.workspace.database.writing() as session:
            element = RateElement(
                contract_id=contract_id,
                code=code,
                charge_type=charge_type,
                model=model,
                price=D(price),
                effective_from=date(2025, 1, 1),
                clause="Schedule A",
            )
            session.add(element)
            session.flush()
            return element.id

    def document(self, name: str = "") -> int:
        self.documents += 1
        with self.workspace.database.writing() as session:
            document = SourceDocument(
                sha256=f"{self.documents:064x}",
                name=name or f"bill-{self.documents}.pdf",
                size=1,
                importer="test",
                received_at=datetime(2026, 5, 1, tzinfo=UTC),
                received_by="Dana",
            )
            session.add(document)
            session.flush()
            return document.id

    def post(self, parsed: ParsedInvoice, name: str = "") -> int:
        document_id = self.document(name)
        with self.workspace.database.writing() as session:
            return post_invoice(session, parsed, document_id, "Dana")
