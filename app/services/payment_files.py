"""The file of a batch: made from the store alone, so that the same batch always gives the same bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.money import ZERO
from app.domain.vocabulary import PaymentMethod
from app.errors import UserError
from app.models.inventory import BillingAccount, Carrier, CarrierBankAccount
from app.models.invoices import Invoice
from app.models.payments import Payment, PaymentBatch
from app.models.workspace import WorkspaceInfo
from app.payments import nacha, pain001
from app.payments.order import BatchOrder, Payer, PaymentOrder
from app.services.bills import name_bill
from app.services.duties import others_for, refuse_same_person
from app.services.files import write_file

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.workspace import Workspace

_PREFIX = {PaymentMethod.ACH_CCD: "ACH", PaymentMethod.SEPA_CREDIT: "SEPA"}
_SUFFIX = {PaymentMethod.ACH_CCD: ".ach", PaymentMethod.SEPA_CREDIT: ".xml"}


class NoVerifiedAccount(UserError):
    """{carrier} has no verified bank account for {method} in {currency}, so {bill} cannot be paid: {remedy}. Bank
    details that stand on a bill are never used."""


class PayerIncomplete(UserError):
    """Our own bank details lack {missing}: enter them in the settings before releasing payments by {method}."""


class BatchUnknown(UserError):
    """There is no payment batch number {batch_id} in this workspace: list the payments to see which there are."""


class FileChanged(UserError):
    """{file} is not the file that was released as batch {batch}: somebody has changed it. Do not send it; delete it and
    export the batch again."""


class BatchNotReproducible(UserError):
    """Batch {batch} no longer gives the file that was released: our own bank details have changed since. Use the file
    that was written then, or have the bank stop it."""


def pay_to(session: Session, bill: Invoice, payment: Payment, actor: str) -> CarrierBankAccount:
    """The newest verified bank account of the bill's carrier; raises NoVerifiedAccount, and SamePerson where `actor`
    entered it."""
    accounts = session.scalars(
        select(CarrierBankAccount)
        .where(
            CarrierBankAccount.carrier_id == bill.carrier_id,
            CarrierBankAccount.currency == bill.currency,
            CarrierBankAccount.method == payment.method,
            CarrierBankAccount.retired_at.is_(None),
        )
        .order_by(CarrierBankAccount.id.desc())
    ).all()
    found = next((account for account in accounts if account.verified_by is not None), None)
    carrier = session.scalars(select(Carrier.name).where(Carrier.id == bill.carrier_id)).one()
    if found is None:
        remedy = "enter one and have a second person verify it"
        if accounts:
            others = others_for(session, "verify bank details", accounts[0].created_by)
            remedy = f"{accounts[0].created_by} has entered one, and {others} can verify it"
        method = payment.method.replace("_", " ").upper()
        raise NoVerifiedAccount(
            carrier=carrier, method=method, currency=bill.currency, bill=name_bill(session, bill), remedy=remedy
        )
    did = f"entered the bank account of {carrier}"
    refuse_same_person(session, actor, found.created_by, did, "release payments to it", "release payments")
    return found


def new_batch(session: Session, payments: Sequence[Payment], actor: str, today: date) -> PaymentBatch:
    """A batch of `payments`, without its file. The caller holds the workspace's lock: numbers have no gaps."""
    first = payments[0]
    earlier = _batches_of_day(session, first.method, today)
    batch = PaymentBatch(
        number=f"{_PREFIX[first.method]}-{today:%Y%m%d}-{earlier + 1}",
        method=first.method,
        currency=first.currency,
        created_by=first.scheduled_by,
        released_by=actor,
        released_at=datetime.now(UTC),
        released_on=today,
        file_name=f"{_PREFIX[first.method]}-{today:%Y%m%d}-{earlier + 1}{_SUFFIX[first.method]}",
        file_sha256="",
        payment_count=len(payments),
        total=sum((payment.amount for payment in payments), ZERO),
    )
    session.add(batch)
    session.flush()
    for payment in payments:
        payment.batch_id = batch.id
    return batch


def build_file(session: Session, batch: PaymentBatch, payments: Sequence[Payment]) -> bytes:
    """The batch's file, read back and compared; sets the batch's hash where it has none yet."""
    info = session.get_one(WorkspaceInfo, 1)
    payer = _payer(info, batch.method)
    modifier = int(batch.number.rpartition("-")[2]) - 1
    created = datetime.combine(batch.released_on, batch.released_at.time().replace(microsecond=0))
    orders = tuple(_order(session, payment) for payment in sorted(payments, key=lambda payment: payment.id))
    order = BatchOrder(batch.number, created, payer, orders, modifier)
    write = nacha.write_verified if batch.method is PaymentMethod.ACH_CCD else pain001.write_verified
    content = write(order)
    digest = hashlib.sha256(content).hexdigest()
    if not batch.file_sha256:
        batch.file_sha256 = digest
    elif batch.file_sha256 != digest:
        raise BatchNotReproducible(batch=batch.number)
    return content


def write_payment_file(workspace: Workspace, file_name: str, content: bytes) -> Path:
    """Put the file where only its owner reads it."""
    folder = workspace.exports / "payments"
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)
    return write_file(folder / file_name, content, private=True)


def export_file(workspace: Workspace, batch_id: int) -> Path:
    """The file of a released batch, written again where it is missing; raises FileChanged where it is another one."""
    with workspace.database.reading() as session:
        batch = session.get(PaymentBatch, batch_id)
        if batch is None:
            raise BatchUnknown(batch_id=batch_id)
        path = workspace.exports / "payments" / batch.file_name
        if path.is_file():
            if hashlib.sha256(path.read_bytes()).hexdigest() != batch.file_sha256:
                raise FileChanged(file=path, batch=batch.number)
            return path
        payments = session.scalars(select(Payment).where(Payment.batch_id == batch_id)).all()
        content = build_file(session, batch, payments)
    return write_payment_file(workspace, path.name, content)


def _batches_of_day(session: Session, method: PaymentMethod, day: date) -> int:
    statement = select(func.count()).select_from(PaymentBatch)
    counted = session.scalar(statement.where(PaymentBatch.method == method, PaymentBatch.released_on == day))
    return counted or 0


def _payer(info: WorkspaceInfo, method: PaymentMethod) -> Payer:
    payer = Payer(
        name=info.payer_name or info.company,
        routing=info.payer_routing,
        account=info.payer_account,
        iban=info.payer_iban,
        bic=info.payer_bic,
        company_id=info.payer_company_id,
    )
    needed = {"an IBAN": payer.iban}
    if method is PaymentMethod.ACH_CCD:
        needed = {"a routing number": payer.routing, "the company id for ACH": payer.company_id}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise PayerIncomplete(missing=" and ".join(missing), method=method.replace("_", " ").upper())
    return payer


def _order(session: Session, payment: Payment) -> PaymentOrder:
    row = session.execute(
        select(Invoice.number, Invoice.bill_date, BillingAccount.ban, Carrier.name, CarrierBankAccount)
        .join(BillingAccount, BillingAccount.id == Invoice.account_id)
        .join(Carrier, Carrier.id == Invoice.carrier_id)
        .join(CarrierBankAccount, CarrierBankAccount.id == payment.bank_account_id)
        .where(Invoice.id == payment.invoice_id)
    ).one()
    account = row.CarrierBankAccount
    return PaymentOrder(
        reference=f"TB-{payment.id}",
        payee=account.holder or row.name,
        amount=payment.amount,
        currency=payment.currency,
        invoice_number=row.number,
        invoice_date=row.bill_date,
        ban=row.ban,
        send_on=payment.send_on,
        pay_on=payment.pay_on,
        routing=account.routing,
        account=account.account,
        iban=account.iban,
        bic=account.bic,
    )
