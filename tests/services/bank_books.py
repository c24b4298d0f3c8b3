"""Released payments and what a bank says of them: the start of the tests of storing and matching."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import select

from app.domain.parsed import ParsedDocument
from app.domain.parsed_bank import ParsedBankLine, ParsedPaymentAnswer, ParsedStatement
from app.domain.source import ParseIssue, Source
from app.domain.vocabulary import AnswerKind, InvoiceStatus, PaymentStatus, StatementKind
from app.models.bank import BankLine
from app.models.documents import SourceDocument
from app.models.invoices import Invoice
from app.models.payments import Payment, PaymentBatch
from app.services import approvals, payments
from app.services.bank_storing import store_bank
from app.services.log import lock_workspace
from tests.services.money_books import APPROVER, CLERK, MANAGER, TODAY, Books

DAY = date(2026, 10, 9)  # on which carriers have the money
OURS = "DE89370400440532013000"


def line(amount: str, reference: str = "", *, booked: date | None = DAY, **more: str) -> ParsedBankLine:
    """A movement."""
    return ParsedBankLine(Decimal(amount), Source(row=1), booked, booked or DAY, reference, **more)


def statement(*lines: ParsedBankLine, currency: str = "USD", account: str = OURS, **more: object) -> ParsedStatement:
    """A statement of our account without balances."""
    kind = more.pop("kind", StatementKind.STATEMENT)
    return ParsedStatement(kind, account, currency, lines, Source(row=1), **more)  # type: ignore[arg-type]


def answer(kind: AnswerKind, **more: object) -> ParsedPaymentAnswer:
    """An answer."""
    return ParsedPaymentAnswer(kind, Source(row=1), **more)  # type: ignore[arg-type]


class Bank:
    """Books with released payments, and a bank that tells of them."""

    def __init__(self, books: Books) -> None:
        self.books, self.documents = books, 0

    def pay(self, *amounts: str, carrier: str = "Calder Fiber", due: date = date(2026, 10, 12)) -> list[int]:
        """Bills of these amounts, paid in one file; returns the payments."""
        account = self.books.account(self.books.carrier(carrier), f"{carrier[:2]}-1")
        bills = []
        for number, amount in enumerate(amounts, start=1):
            bill = self.books.bill(account, f"{carrier[:3].upper()}-{number}", [amount], due=due)
            approvals.submit(self.books.workspace, bill, MANAGER)
            approvals.approve(self.books.workspace, bill, APPROVER)
            bills.append(bill)
        payments.schedule(self.books.workspace, bills, CLERK, TODAY)
        with self.books.workspace.database.reading() as session:
            ids = list(session.scalars(select(Payment.id).where(Payment.invoice_id.in_(bills)).order_by(Payment.id)))
        payments.release(self.books.workspace, ids, APPROVER, TODAY)
        return ids

    def tell(self, *parts: ParsedStatement | ParsedPaymentAnswer, actor: str = CLERK) -> list[ParseIssue]:
        """Store what the bank says in one document; returns what is said of it."""
        self.documents += 1
        statements = tuple(one for one in parts if isinstance(one, ParsedStatement))
        answers = tuple(one for one in parts if isinstance(one, ParsedPaymentAnswer))
        with self.books.workspace.database.writing() as session:
            lock_workspace(session)
            row = SourceDocument(
                sha256=f"b{self.documents:063}",
                name=f"bank-{self.documents}",
                size=1,
                importer="test",
                received_at=datetime.now(UTC),
                received_by=actor,
            )
            session.add(row)
            session.flush()
            return store_bank(session, ParsedDocument("test", statements=statements, answers=answers), row.id)

    def lines(self) -> list[BankLine]:
        """All movements that are stored."""
        with self.books.workspace.database.reading() as session:
            found = list(session.scalars(select(BankLine).order_by(BankLine.id)))
            session.expunge_all()
            return found

    def state(self, payment: int) -> tuple[PaymentStatus, InvoiceStatus]:
        """Where a payment and its bill stand."""
        with self.books.workspace.database.reading() as session:
            row = session.get_one(Payment, payment)
            return row.status, session.get_one(Invoice, row.invoice_id).status

    def batch(self, payment: int) -> str:
        """The number of the file in which a payment left."""
        with self.books.workspace.database.reading() as session:
            found = session.get_one(Payment, payment).batch_id
            return session.get_one(PaymentBatch, found).number


def told(issues: list[ParseIssue]) -> list[str]:
    """The codes of issues."""
    return [issue.code for issue in issues]
