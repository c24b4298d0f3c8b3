"""Posting: a parsed invoice becomes an immutable Invoice with its Charges, inside the caller's transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.db.bulk import insert_rows
from app.domain.identifiers import ban_key, circuit_key, name_key, tn_key
from app.domain.known import bill_key, dated_key
from app.domain.money import MONEY_SCALE, RATE_SCALE, fits
from app.domain.source import ParseIssue
from app.domain.stored import source_to_text, sources_to_text
from app.domain.vocabulary import BillingMode, ChargeType, InvoiceStatus, Severity
from app.domain.workflow import INVOICE_FLOW, check
from app.errors import BugError, UserError
from app.models.base import Base
from app.models.documents import DocumentIssue, SourceDocument
from app.models.intake import AccountAlias
from app.models.inventory import BillingAccount, Carrier
from app.models.invoices import Charge, Invoice
from app.services.charge_types import guess_charge_type
from app.services.code_book import CodeBook

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.parsed import ParsedCharge, ParsedInvoice


CHARGES = Base.metadata.tables[Charge.__tablename__]
_COLUMNS = (
    "invoice_id",
    "seq",
    "charge_type",
    "code",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "period_start",
    "period_end",
    "circuit_id",
    "circuit_key",
    "tn",
    "tn_key",
    "location",
    "source",
)


class DuplicateBill(UserError):
    """Bill {number} of {carrier}, account {ban}, is already here, from {file} dated {bill_date}: nothing was posted
    again. If the carrier sent a corrected bill under the same number, supersede the first one (`main.py supersede
    {number} --reason "…"`) before importing it."""


class TooManyPlaces(UserError):
    """Bill {number}: {what}, {value}, has more than {places} decimal places or is too large to be kept exactly. Correct
    the number format of the carrier's mapping or layout, or ask the carrier what is meant."""


def post_invoice(session: Session, parsed: ParsedInvoice, document_id: int, actor: str, *, dated: bool = False) -> int:
    """Store `parsed` and return the invoice's id.

    A carrier or account that is not known is made, with a warning among the document's issues; so is what a person
    should look at in the charges. `dated`: another bill of the same file has the number, so that only number and date
    together tell it. Raises DuplicateBill if a live invoice of the account has the number.
    """
    issues: list[ParseIssue] = []
    carrier = find_or_add_carrier(session, parsed.carrier, parsed.currency, issues)
    account = find_or_add_account(session, carrier, parsed.ban, parsed.currency, issues)
    key = dated_key(parsed) if dated else bill_key(parsed)
    _refuse_duplicate(session, carrier, account, key, parsed.number)
    _refuse_inexact(parsed)
    if account.currency != parsed.currency:
        issues.append(
            _warning(
                "other-currency",
                f"Bill {parsed.number} is in {parsed.currency}, account {account.ban} is kept in {account.currency}.",
                "Check the account's currency in the inventory; amounts of different currencies are never added.",
            )
        )
    invoice = Invoice(
        carrier_id=carrier.id,
        account_id=account.id,
        document_id=document_id,
        kind=parsed.kind,
        number=parsed.number,
        number_key=key,
        bill_date=parsed.bill_date,
        period_start=parsed.billing_period.start if parsed.billing_period else None,
        period_end=parsed.billing_period.end if parsed.billing_period else None,
        due_date=parsed.due_date,
        currency=parsed.currency,
        previous_balance=parsed.previous_balance,
        payments_applied=parsed.payments_applied,
        current_charges=parsed.current_charges,
        net_total=parsed.net_total,
        tax_total=parsed.tax_total,
        rounding=parsed.rounding,
        total_due=parsed.total_due,
        field_sources=sources_to_text(dict(parsed.sources)),
        corrects=parsed.corrects,
        supersedes_id=_superseded(session, account, key),
        status=check(INVOICE_FLOW, InvoiceStatus.RECEIVED, InvoiceStatus.POSTED, f"Bill {parsed.number}"),
        posted_by=actor,
        posted_at=datetime.now(UTC),
    )
    session.add(invoice)
    session.flush()
    dictionary = CodeBook(session, carrier.id)
    rows = (_charge(invoice.id, seq, one, dictionary, issues) for seq, one in enumerate(parsed.charges, start=1))
    try:
        insert_rows(session, CHARGES, _COLUMNS, rows)
    except BugError as fault:  # looked for only now: of 200,000 charges each figure would be scaled twice
        raise _find_inexact(parsed) or fault from fault
    dictionary.learn(parsed.charges, actor)
    store_issues(session, document_id, issues)
    session.flush()
    return invoice.id


def store_issues(session: Session, document_id: int, issues: list[ParseIssue] | tuple[ParseIssue, ...]) -> None:
    """Keep what was said about a document that was taken in."""
    session.add_all(
        DocumentIssue(
            document_id=document_id,
            severity=issue.severity,
            code=issue.code,
            message=issue.message,
            remedy=issue.remedy,
            place=issue.source.describe(),
        )
        for issue in issues
    )


def find_or_add_carrier(session: Session, name: str, currency: str, issues: list[ParseIssue]) -> Carrier:
    """The carrier of that name, made with a warning if nobody has named it before."""
    key = name_key(name)
    carrier = session.scalar(select(Carrier).where(Carrier.name_key == key))
    if carrier is None:
        carrier = Carrier(name=name.strip(), name_key=key, currency=currency)
        session.add(carrier)
        session.flush()
        issues.append(
            _warning(
                "carrier-added",
                f"Carrier {name} was not known and has been added.",
                "Load its accounts, services and contract prices, then its bills are matched and rated again.",
            )
        )
    return carrier


def find_or_add_account(
    session: Session, carrier: Carrier, ban: str, currency: str, issues: list[ParseIssue]
) -> BillingAccount:
    """The carrier's account of that number, or the one of which a person has said that it is written so too; where no
    number is printed, the only account that the carrier has."""
    accounts = session.scalars(select(BillingAccount).where(BillingAccount.carrier_id == carrier.id)).all()
    key = ban_key(ban)
    for account in accounts:
        if account.ban_key == key:
            return account
    if not key and len(accounts) == 1:
        return accounts[0]
    alias = session.scalar(
        select(AccountAlias.account_id).where(AccountAlias.carrier_id == carrier.id, AccountAlias.ban_key == key)
    )
    if alias is not None:
        return session.get_one(BillingAccount, alias)
    account = BillingAccount(
        carrier_id=carrier.id, ban=ban.strip(), ban_key=key, currency=currency, mode=BillingMode.POSTPAID
    )
    session.add(account)
    session.flush()
    issues.append(
        _warning(
            "account-added",
            f"Account {ban or '(no number printed)'} of {carrier.name} was not known and has been added.",
            "Check the number; if it is ours, complete the account in the inventory.",
        )
    )
    return account


def _refuse_duplicate(session: Session, carrier: Carrier, account: BillingAccount, key: str, number: str) -> None:
    first = session.execute(
        select(Invoice.number, Invoice.bill_date, SourceDocument.name)
        .join(SourceDocument, SourceDocument.id == Invoice.document_id)
        .where(
            Invoice.carrier_id == carrier.id,
            Invoice.account_id == account.id,
            Invoice.number_key == key,
            Invoice.status != InvoiceStatus.SUPERSEDED,
        )
    ).first()
    if first is not None:
        raise DuplicateBill(
            number=number, carrier=carrier.name, ban=account.ban, file=first.name, bill_date=first.bill_date
        )


def _superseded(session: Session, account: BillingAccount, key: str) -> int | None:
    """The bill of that number that this one stands in for, the last of several."""
    return session.scalar(
        select(func.max(Invoice.id)).where(
            Invoice.account_id == account.id,
            Invoice.number_key == key,
            Invoice.status == InvoiceStatus.SUPERSEDED,
        )
    )


def _refuse_inexact(parsed: ParsedInvoice) -> None:
    """Raise TooManyPlaces for a figure of the header that the store could not keep digit by digit."""
    for what, value in (
        ("its previous balance", parsed.previous_balance),
        ("its payments", parsed.payments_applied),
        ("its current charges", parsed.current_charges),
        ("its net total", parsed.net_total),
        ("its tax total", parsed.tax_total),
        ("its rounding", parsed.rounding),
        ("its total", parsed.total_due),
    ):
        if value is not None and not fits(value, MONEY_SCALE):
            fault = TooManyPlaces(number=parsed.number, what=what, value=f"{value:f}", places=MONEY_SCALE)
            raise _find_inexact(parsed) or fault  # a charge says better where to look


def _find_inexact(parsed: ParsedInvoice) -> TooManyPlaces | None:
    """The fault of the first charge that could not be kept digit by digit, with the place to look at."""
    for charge in parsed.charges:
        for what, value, places in (
            ("amount", charge.amount, MONEY_SCALE),
            ("quantity", charge.quantity, RATE_SCALE),
            ("unit price", charge.unit_price, RATE_SCALE),
        ):
            if value is not None and not fits(value, places):
                place = f"of '{charge.description}' ({charge.source.describe()})"
                return TooManyPlaces(
                    number=parsed.number, what=f"the {what} {place}", value=f"{value:f}", places=places
                )
    return None


def _charge(
    invoice_id: int, seq: int, parsed: ParsedCharge, dictionary: CodeBook, issues: list[ParseIssue]
) -> tuple[object, ...]:
    """The values of _COLUMNS: written in bulk, since a bill may have a hundred thousand charges."""
    known = parsed.charge_type or dictionary.find(parsed.code, parsed.description)
    charge_type = known or guess_charge_type(parsed.code, parsed.description)
    if charge_type is None:
        charge_type = ChargeType.OCC
        issues.append(
            _warning(
                "charge-type-unknown",
                f"Nothing tells what kind of charge '{parsed.description}' is; it is kept as OCC (other charges and "
                "credits).",
                "Say what it is when a bill with it waits in the review: from then on it is known of the carrier.",
                parsed,
            )
        )
    period = parsed.period
    return (
        invoice_id,
        seq,
        charge_type,
        parsed.code,
        parsed.description,
        parsed.quantity,
        parsed.unit,
        parsed.unit_price,
        parsed.amount,
        None if period is None else period.start,
        None if period is None else period.end,
        parsed.circuit_id,
        circuit_key(parsed.circuit_id) if parsed.circuit_id else "",
        parsed.tn,
        tn_key(parsed.tn) if parsed.tn else "",
        parsed.location,
        source_to_text(parsed.source),
    )


def _warning(code: str, message: str, remedy: str, charge: ParsedCharge | None = None) -> ParseIssue:
    if charge is None:
        return ParseIssue(Severity.WARNING, code, message, remedy)
    return ParseIssue(Severity.WARNING, code, message, remedy, charge.source)
