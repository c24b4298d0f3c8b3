"""A small workspace: two carriers, a PDF bill with findings, a CSV bill in approval, prices, users. Invented names."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from app.domain.identifiers import ban_key, circuit_key, name_key, number_key
from app.domain.money import RoundingMode
from app.domain.proof import Proof, ProofStep
from app.domain.source import Box, Source
from app.domain.stored import proof_to_text, source_to_text
from app.domain.vocabulary import (
    BillingMode,
    ChargeType,
    DocumentKind,
    FindingStatus,
    InvoiceStatus,
    Ledger,
    MatchMethod,
    PriceModel,
    ProrationMethod,
    RatingOutcome,
    Role,
    RoundingScope,
    ServiceKind,
    ServiceStatus,
)
from app.models.contracts import Contract, RateElement
from app.models.documents import SourceDocument
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier, Location, Service
from app.models.invoices import Charge, ChargeMatch, ChargeRating, Invoice
from app.models.workspace import User
from app.services.workspace import Workspace

D = Decimal
NOW = datetime(2026, 10, 2, 9, tzinfo=UTC)


def proof(formula: str, result: str) -> Proof:
    """A proof of one step."""
    step = ProofStep("Contract price for one month", formula, D(result), RoundingMode.HALF_UP, 2)
    return Proof(
        (step,), contract="NB-2024-7", clause="Schedule A 3", page=12, price_version="DIA-100M, from 2024-01-01"
    )


def pdf(lines: list[str]) -> tuple[bytes, list[Source]]:
    """A PDF with a line per charge on two pages, and where each stands."""
    from reportlab.pdfgen import canvas

    file, places, height = io.BytesIO(), [], 792
    page = canvas.Canvas(file, pagesize=(612, height))
    for number, text in enumerate(lines):
        if number == 2:
            page.showPage()
        top = 100 + 40 * number
        page.drawString(60, height - top - 10, text)
        places.append(Source(page=1 if number < 2 else 2, box=Box(5800, top * 100, 40000, (top + 14) * 100)))
    page.save()
    return file.getvalue(), places


DAY = date(2026, 10, 6)


def store(workspace: Workspace) -> None:
    """Put the sample into an empty workspace."""
    with workspace.database.writing() as session:
        session.add_all([User(name="Ada Lund", role=Role.IT_MANAGER), User(name="Ben Ortiz", role=Role.APPROVER)])
        _northbeam(workspace, session)
        _calder(workspace, session)


def _account(session: Session, name: str, ban: str) -> tuple[Carrier, BillingAccount, Contract]:
    carrier = Carrier(name=name, name_key=name_key(name), currency="USD")
    session.add(carrier)
    session.flush()
    contract = Contract(
        carrier_id=carrier.id,
        number=f"{ban[:2]}-2024-7",
        start=date(2024, 1, 1),
        end=date(2027, 1, 1),
        currency="USD",
        proration=ProrationMethod.ACTUAL,
        disconnect_day_billed=False,
        rounding=RoundingMode.HALF_UP,
        rounding_places=2,
        rounding_scope=RoundingScope.CHARGE,
        payment_days=30,
        dispute_days=60,
        withhold_days=30,
        notice_days=60,
    )
    session.add(contract)
    session.flush()
    account = BillingAccount(
        carrier_id=carrier.id,
        ban=ban,
        ban_key=ban_key(ban),
        currency="USD",
        mode=BillingMode.POSTPAID,
        bill_day=1,
        contract_id=contract.id,
    )
    session.add(account)
    session.flush()
    return carrier, account, contract


def _invoice(
    session: Session,
    account: BillingAccount,
    number: str,
    document: SourceDocument,
    current: Decimal,
    status: InvoiceStatus,
    submitted_by: str | None = None,
) -> Invoice:
    invoice = Invoice(
        carrier_id=account.carrier_id,
        account_id=account.id,
        document_id=document.id,
        kind=DocumentKind.INVOICE,
        number=number,
        number_key=number_key(number),
        bill_date=date(2026, 9, 11),
        period_start=date(2026, 9, 1),
        period_end=date(2026, 10, 1),
        due_date=date(2026, 10, 11),
        currency="USD",
        previous_balance=D(0),
        payments_applied=D(0),
        current_charges=current,
        rounding=D(0),
        total_due=current,
        status=status,
        submitted_by=submitted_by,
        posted_by="Ada Lund",
        posted_at=NOW,
    )
    session.add(invoice)
    session.flush()
    return invoice


def _document(workspace: Workspace, session: Session, name: str, content: bytes) -> SourceDocument:
    document = SourceDocument(
        sha256=workspace.documents.put(content),
        name=name,
        size=len(content),
        importer="sample",
        received_at=NOW,
        received_by="Ada Lund",
    )
    session.add(document)
    session.flush()
    return document


def _charge(
    session: Session,
    invoice: Invoice,
    seq: int,
    text: str,
    amount: str,
    source: Source,
    expected: str | None = None,
    service: Service | None = None,
    charge_type: ChargeType = ChargeType.MRC,
    location: str = "",
) -> Charge:
    charge = Charge(
        invoice_id=invoice.id,
        seq=seq,
        charge_type=charge_type,
        code="DIA-100M",
        description=text,
        quantity=D(1),
        unit_price=D(amount),
        amount=D(amount),
        period_start=date(2026, 9, 1),
        period_end=date(2026, 10, 1),
        location=location,
        source=source_to_text(source),
    )
    session.add(charge)
    session.flush()
    session.add(
        ChargeMatch(
            charge_id=charge.id,
            service_id=service.id if service else None,
            method=MatchMethod.CIRCUIT_ID,
            matched_by="Tollbook",
        )
    )
    known = expected is not None
    session.add(
        ChargeRating(
            charge_id=charge.id,
            outcome=RatingOutcome.RATED if known else RatingOutcome.NOT_PRICED,
            expected=D(expected) if known else None,
            variance=D(amount) - D(expected) if known else None,
            proof=proof_to_text(proof(f"{expected} × 1", expected)) if known else "",
            rated_at=NOW,
        )
    )
    return charge


def _finding(
    session: Session,
    invoice: Invoice,
    charge: Charge | None,
    rule: str,
    name: str,
    message: str,
    claim: str,
    ledger: Ledger = Ledger.ERROR,
    shown: Proof | None = None,
) -> None:
    session.add(
        Finding(
            fingerprint=uuid.uuid4().hex,
            rule=rule,
            rule_name=name,
            rule_version=1,
            ledger=ledger,
            status=FindingStatus.OPEN,
            message=message,
            account_id=invoice.account_id,
            invoice_id=invoice.id,
            charge_id=charge.id if charge else None,
            currency="USD",
            billed=charge.amount if charge else None,
            expected=charge.amount - D(claim) if charge else None,
            claim=D(claim),
            proof=proof_to_text(shown),
            file_by=date(2026, 11, 10),
            withhold_by=date(2026, 10, 11),
            found_at=NOW,
        )
    )


def _northbeam(workspace: Workspace, session: Session) -> None:
    carrier, account, contract = _account(session, "Northbeam Communications", "NB-7781")
    session.add(
        RateElement(
            contract_id=contract.id,
            code="DIA-100M",
            charge_type=ChargeType.MRC,
            model=PriceModel.FLAT,
            price=D("500"),
            effective_from=date(2024, 1, 1),
            clause="Schedule A 3",
            page=12,
        )
    )
    site = Location(code="DUL1", code_key="DUL1", name="Duluth plant")
    session.add(site)
    session.flush()
    circuit = "80/KXGS/000123//NB"
    service = Service(
        carrier_id=carrier.id,
        account_id=account.id,
        kind=ServiceKind.INTERNET,
        status=ServiceStatus.ACTIVE,
        circuit_id=circuit,
        circuit_key=circuit_key(circuit),
        code="DIA-100M",
        location_a_id=site.id,
        quantity=D(1),
        bandwidth_kbps=100_000,
        installed=date(2024, 1, 15),
    )
    session.add(service)
    session.flush()
    texts = ["Internet access 100 Mbit/s", "Internet access, again", "Installation", "State tax"]
    content, places = pdf(texts)
    document = _document(workspace, session, "northbeam_2026-09.pdf", content)
    invoice = _invoice(session, account, "NB-4471", document, D("1412.50"), InvoiceStatus.AUDITED)
    first = _charge(session, invoice, 1, texts[0], "575.00", places[0], "500.00", service, location="DUL1")
    _charge(session, invoice, 2, texts[1], "500.00", places[1], "500.00", service, location="DUL1")
    third = _charge(session, invoice, 3, texts[2], "250.00", places[2], charge_type=ChargeType.NRC)
    _charge(session, invoice, 4, texts[3], "87.50", places[3], charge_type=ChargeType.TAX)
    _finding(
        session,
        invoice,
        first,
        "A30",
        "rate_above_contract",
        "Billed 575.00, the contract says 500.00.",
        "75.00",
        shown=proof("500.00 × 1", "500.00"),
    )
    _finding(session, invoice, third, "A36", "one_time_charge_repeated", "Installation was billed in May.", "250.00")
    _finding(session, invoice, None, "A04", "bill_missing", "No bill since August.", "0", Ledger.CHECK)


def _calder(workspace: Workspace, session: Session) -> None:
    _carrier, account, _contract = _account(session, "Calder Fiber", "CF-2044")
    rows = ["Circuit,Site,Amount", "CF-1,Duluth,848.75", "CF-2,Superior,848.75"]
    document = _document(workspace, session, "calder.csv", "\n".join(rows).encode())
    invoice = _invoice(session, account, "CF-99812", document, D("1697.50"), InvoiceStatus.IN_APPROVAL, "Ada Lund")
    for place in (2, 3):
        source = Source(row=place)
        _charge(session, invoice, place - 1, f"Ethernet line CF-{place - 1}", "848.75", source, "848.75")
