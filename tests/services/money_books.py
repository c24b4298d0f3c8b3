"""A small company's books for the tests of disputes, approvals and payments: built through the models, on either
database."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from app.domain.identifiers import ban_key, name_key, number_key
from app.domain.money import RoundingMode
from app.domain.proof import Proof, ProofStep
from app.domain.stored import proof_to_text
from app.domain.vocabulary import (
    BillingMode,
    ChargeType,
    DocumentKind,
    FindingStatus,
    InvoiceStatus,
    Ledger,
    MatchMethod,
    PaymentMethod,
    ProrationMethod,
    Role,
    RoundingScope,
    ServiceKind,
    ServiceStatus,
)
from app.models.contracts import Contract
from app.models.documents import SourceDocument
from app.models.findings import Finding
from app.models.inventory import BillingAccount, Carrier, CarrierBankAccount, Service
from app.models.invoices import Charge, ChargeMatch, Invoice
from app.models.workspace import User, WorkspaceInfo
from app.services.workspace import Workspace

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
TODAY = date(2026, 10, 6)
CLERK, MANAGER, APPROVER, AUDITOR = "Omar Reyes", "Dana Whitfield", "Priya Nair", "Lena Fox"


@dataclass
class Books:
    """Adds rows and returns their ids. Each call is a transaction of its own."""

    workspace: Workspace
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def open(self) -> Books:
        """Users, our own bank details, and the day."""
        with self.workspace.database.writing() as session:
            people = {CLERK: Role.AP_CLERK, MANAGER: Role.IT_MANAGER, APPROVER: Role.APPROVER, AUDITOR: Role.AUDITOR}
            session.add_all(User(name=name, role=role) for name, role in people.items())
            info = session.get_one(WorkspaceInfo, 1)
            info.fixed_day = TODAY
            info.payer_name, info.address = "Meridian Foods", "1200 Orchard Avenue\nDes Moines, IA 50309"
            info.contact = "Accounts Payable · ap@meridian.example"
            info.payer_routing, info.payer_account, info.payer_company_id = "031300012", "778899001", "1234567890"
            info.payer_iban, info.payer_bic = "DE89370400440532013000", "TESTDEFFXXX"
        return self

    def carrier(self, name: str, currency: str = "USD", *, bank: str | None = "verified") -> int:
        """A carrier; `bank` is "verified", "entered" or None."""
        with self.workspace.database.writing() as session:
            carrier = Carrier(
                name=name,
                name_key=name_key(name),
                currency=currency,
                dispute_email="disputes@carrier.example",
                address="Billing Disputes\nPO Box 4410\nMadison, WI 53703",
            )
            session.add(carrier)
            session.flush()
            if bank:
                sepa = currency == "EUR"
                session.add(
                    CarrierBankAccount(
                        carrier_id=carrier.id,
                        currency=currency,
                        method=PaymentMethod.SEPA_CREDIT if sepa else PaymentMethod.ACH_CCD,
                        routing="" if sepa else "231380104",
                        account="" if sepa else "744-5678-99",
                        iban="FR1420041010050500013M02606" if sepa else "",
                        created_by="Someone Else",
                        created_at=NOW,
                        verified_by=APPROVER if bank == "verified" else None,
                    )
                )
            return carrier.id

    def account(self, carrier_id: int, ban: str, currency: str = "USD") -> int:
        """A billing account under a contract with 60 days to dispute and 30 to withhold."""
        with self.workspace.database.writing() as session:
            contract = Contract(
                carrier_id=carrier_id,
                number=f"MSA-{ban}",
                start=date(2025, 1, 1),
                currency=currency,
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
                carrier_id=carrier_id,
                ban=ban,
                ban_key=ban_key(ban),
                currency=currency,
                mode=BillingMode.POSTPAID,
                bill_day=1,
                contract_id=contract.id,
            )
            session.add(account)
            session.flush()
            return account.id

    def bill(
        self,
        account_id: int,
        number: str,
        amounts: list[str],
        *,
        bill_date: date = date(2026, 9, 15),
        due: date | None = date(2026, 10, 15),
        previous: str = "0",
        payments: str = "0",
        status: InvoiceStatus = InvoiceStatus.AUDITED,
        matched: bool = True,
        texts: list[str] | None = None,
        kind: ChargeType = ChargeType.MRC,
    ) -> int:
        """A bill of charges, each matched to a service of its own unless `matched` is False."""
        values = [Decimal(amount) for amount in amounts]
        current = sum(values, Decimal(0))
        with self.workspace.database.writing() as session:
            account = session.get_one(BillingAccount, account_id)
            place = next(self.numbers)
            document = SourceDocument(
                sha256=f"{place:064}",
                name=f"{number}.pdf",
                size=1,
                importer="test",
                received_at=NOW,
                received_by=CLERK,
            )
            session.add(document)
            session.flush()
            invoice = Invoice(
                carrier_id=account.carrier_id,
                account_id=account_id,
                document_id=document.id,
                kind=DocumentKind.INVOICE if current >= 0 else DocumentKind.CREDIT_NOTE,
                number=number,
                number_key=number_key(number),
                bill_date=bill_date,
                due_date=due,
                currency=account.currency,
                previous_balance=Decimal(previous),
                payments_applied=Decimal(payments),
                current_charges=current,
                rounding=Decimal(0),
                total_due=Decimal(previous) + Decimal(payments) + current,
                status=status,
                posted_by=CLERK,
                posted_at=NOW,
            )
            session.add(invoice)
            session.flush()
            for seq, amount in enumerate(values, start=1):
                text = texts[seq - 1] if texts else f"Circuit {number}/{seq}"
                charge = Charge(
                    invoice_id=invoice.id,
                    seq=seq,
                    charge_type=kind if amount >= 0 else ChargeType.CREDIT,
                    description=text,
                    amount=amount,
                    period_start=bill_date.replace(day=1),
                    period_end=bill_date.replace(day=1) + timedelta(days=30),
                    circuit_id=f"80/KXGS/{place:03}{seq:03}",
                    source='{"page":1}',
                )
                session.add(charge)
                if not matched:
                    continue
                service = Service(
                    carrier_id=account.carrier_id,
                    kind=ServiceKind.WAN,
                    status=ServiceStatus.ACTIVE,
                    circuit_id=charge.circuit_id,
                    quantity=Decimal(1),
                )
                session.add(service)
                session.flush()
                session.add(
                    ChargeMatch(
                        charge_id=charge.id, service_id=service.id, method=MatchMethod.CIRCUIT_ID, matched_by="rule"
                    )
                )
            return invoice.id

    def finding(
        self,
        invoice_id: int,
        claim: str,
        *,
        seq: int | None = 1,
        rule: str = "A30",
        name: str = "rate_above_contract",
        message: str = "Billed above the contract's price.",
        ledger: Ledger = Ledger.ERROR,
        status: FindingStatus = FindingStatus.OPEN,
        file_by: date | None = date(2026, 11, 14),
        withhold_by: date | None = date(2026, 10, 15),
    ) -> int:
        """A finding on a charge (or, with seq=None, on the bill) with a proof of one step."""
        with self.workspace.database.writing() as session:
            invoice = session.get_one(Invoice, invoice_id)
            charge = next((charge for charge in invoice.charges if charge.seq == seq), None)
            billed = charge.amount if charge else invoice.current_charges
            expected = billed - Decimal(claim)
            proof = Proof(
                (
                    ProofStep(
                        f"Price in force on {invoice.bill_date}", f"{abs(expected):.2f} × 1", abs(expected),
                        RoundingMode.HALF_UP, 2,
                    ),
                ),
                contract="MSA-1",
                clause="Schedule B, 2.1",
                page=14,
                price_version="DIA-100M from 2025-01-01",
            )  # fmt: skip
            finding = Finding(
                fingerprint=f"{next(self.numbers):064}",
                rule=rule,
                rule_name=name,
                rule_version=1,
                ledger=ledger,
                status=status,
                message=message,
                account_id=invoice.account_id,
                invoice_id=invoice_id,
                charge_id=charge.id if charge else None,
                currency=invoice.currency,
                billed=billed,
                expected=expected,
                claim=Decimal(claim),
                proof=proof_to_text(proof),
                file_by=file_by,
                withhold_by=withhold_by,
                found_at=NOW,
            )
            session.add(finding)
            session.flush()
            return finding.id
