"""Reads what the workspace knows of the carriers of a document: services decide with it, queries show it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.identifiers import name_key, number_key
from app.domain.known import Known, KnownBill, Line, bank_key, bill_key, dated_key
from app.domain.parsed import ParsedDocument
from app.domain.period import Period
from app.domain.review import Answer, Deed
from app.domain.vocabulary import ChargeType, InvoiceStatus
from app.models.documents import SourceDocument
from app.models.intake import AccountAlias, ChargeCode
from app.models.inventory import BillingAccount, Carrier, CarrierBankAccount, Service
from app.models.invoices import Charge, Invoice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def load_known(session: Session, document: ParsedDocument) -> Known:
    """What is known of the carriers that the bills of `document` name."""
    wanted = {name_key(invoice.carrier) for invoice in document.invoices}
    rows = session.execute(select(Carrier.id, Carrier.name_key).where(Carrier.name_key.in_(wanted)))
    carriers = {row.id: row.name_key for row in rows}
    return Known(
        accounts=_load_accounts(session, carriers),
        codes=_load_codes(session, carriers),
        services=_load_services(session, carriers),
        bills=_load_bills(session, carriers, document),
        banks=_load_banks(session, carriers),
        twins=_load_twins(session, carriers, document),
    )


def read_answers(text: str) -> dict[str, Answer]:
    """The answers that `answers_to_text` wrote, by the key of their question."""
    return {
        key: Answer(Deed(one["deed"]), one.get("target", ""), one.get("reason", ""), one.get("by", ""))
        for key, one in json.loads(text or "{}").items()
    }


def answers_to_text(answers: Mapping[str, Answer]) -> str:
    """Answers as JSON, for the column that keeps them."""
    plain = {
        key: {"deed": one.deed.value, "target": one.target, "reason": one.reason, "by": one.by}
        for key, one in answers.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def _load_accounts(session: Session, carriers: Mapping[int, str]) -> dict[str, dict[str, int]]:
    accounts: dict[str, dict[str, int]] = defaultdict(dict)
    for table, target in ((AccountAlias, AccountAlias.account_id), (BillingAccount, BillingAccount.id)):
        rows = session.execute(
            select(table.carrier_id, table.ban_key, target.label("account")).where(table.carrier_id.in_(carriers))
        )
        for row in rows:
            accounts[carriers[row.carrier_id]][row.ban_key] = row.account
    return dict(accounts)


def _load_codes(session: Session, carriers: Mapping[int, str]) -> dict[str, dict[tuple[str, str], ChargeType]]:
    codes: dict[str, dict[tuple[str, str], ChargeType]] = defaultdict(dict)
    for row in session.scalars(select(ChargeCode).where(ChargeCode.carrier_id.in_(carriers))):
        codes[carriers[row.carrier_id]][(row.code_key, row.description_key)] = row.charge_type
    return dict(codes)


def _load_services(session: Session, carriers: Mapping[int, str]) -> dict[str, frozenset[str]]:
    services: dict[str, set[str]] = defaultdict(set)
    rows = session.execute(
        select(Service.carrier_id, Service.circuit_key, Service.tn_key).where(Service.carrier_id.in_(carriers))
    )
    for row in rows:
        services[carriers[row.carrier_id]] |= {row.circuit_key, row.tn_key} - {""}
    return {carrier: frozenset(keys) for carrier, keys in services.items()}


def _load_banks(session: Session, carriers: Mapping[int, str]) -> dict[str, frozenset[str]]:
    banks: dict[str, set[str]] = defaultdict(set)
    rows = session.scalars(
        select(CarrierBankAccount).where(
            CarrierBankAccount.carrier_id.in_(carriers), CarrierBankAccount.retired_at.is_(None)
        )
    )
    for row in rows:
        banks[carriers[row.carrier_id]] |= {bank_key(row.iban), bank_key(row.account)} - {""}
    return {carrier: frozenset(keys) for carrier, keys in banks.items()}


def _load_bills(
    session: Session, carriers: Mapping[int, str], document: ParsedDocument
) -> dict[tuple[str, int, str], KnownBill]:
    keys = {key for invoice in document.invoices for key in (bill_key(invoice), dated_key(invoice))}
    rows = session.execute(
        select(Invoice, SourceDocument.name, SourceDocument.importer)
        .join(SourceDocument, SourceDocument.id == Invoice.document_id)
        .where(
            Invoice.carrier_id.in_(carriers),
            Invoice.number_key.in_(keys),
            Invoice.status != InvoiceStatus.SUPERSEDED,
        )
    ).all()
    return {
        (carriers[bill.carrier_id], bill.account_id, bill.number_key): KnownBill(
            bill.id,
            bill.number,
            bill.bill_date,
            bill.currency,
            bill.current_charges,
            bill.total_due,
            file,
            importer,
            bill.kind,
            bill.due_date,
            _period(bill.period_start, bill.period_end),
            (bill.previous_balance, bill.payments_applied),
            _load_lines(session, bill.id),
        )
        for bill, file, importer in rows
    }


def _load_twins(
    session: Session, carriers: Mapping[int, str], document: ParsedDocument
) -> dict[tuple[str, date, Decimal], tuple[str, str]]:
    """Bills of other carriers than those that the document names, with the number, day and total of one of its own."""
    keys = {number_key(invoice.number) for invoice in document.invoices} - {""}
    rows = session.execute(
        select(Invoice.number_key, Invoice.bill_date, Invoice.total_due, Carrier.name, SourceDocument.name)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(SourceDocument, SourceDocument.id == Invoice.document_id)
        .where(
            Invoice.number_key.in_(keys),
            Invoice.carrier_id.not_in(carriers),
            Invoice.status != InvoiceStatus.SUPERSEDED,
        )
    )
    return {(key, day, total): (carrier, file) for key, day, total, carrier, file in rows}


def _load_lines(session: Session, invoice_id: int) -> tuple[Line, ...]:
    rows = session.execute(
        select(
            Charge.description,
            Charge.amount,
            Charge.circuit_key,
            Charge.tn_key,
            Charge.period_start,
            Charge.period_end,
        ).where(Charge.invoice_id == invoice_id)
    )
    lines = []
    for description, amount, circuit, tn, start, end in rows:
        period = _period(start, end)
        written = "" if period is None else f"{period.start}..{period.last}"
        lines.append((description, amount, circuit, tn, written))
    return tuple(sorted(lines))


def _period(start: date | None, end: date | None) -> Period | None:
    return None if start is None or end is None else Period(start, end)
